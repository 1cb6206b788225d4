/*
 * One stand-in library: what matters to a loader is its dynamic section, so the code is as small as it can be.
 *
 * DEFINES lists the functions it exports as F(name) F(name)..., USES those it takes from others as U(name)....
 */
#ifndef USES
#define USES
#endif

#define U(name) extern int name();
USES
#undef U

/* The address is enough to make a reference with its symbol version; calling would need real code behind it. */
#define U(name) +(int)(long)&name
#define F(name) int name(void) { return 1 USES; }
DEFINES
