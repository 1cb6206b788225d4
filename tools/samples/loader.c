/*
 * A stand-in for the dynamic loader: it cannot load, but holds what a reader looks for in one: the compiled-in folders
 * of the system and the version. FOLDERS and RELEASE are string literals.
 */
const char system_dirs[] = FOLDERS;
const char banner[] = "ld.so (Airtight sample) stable release version " RELEASE ".\n";

int __tls_get_addr(void) { return system_dirs[0]; }
int _dl_find_object(void) { return banner[0]; }
int _rtld_global(void) { return 0; }
