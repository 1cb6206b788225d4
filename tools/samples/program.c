/*
 * One stand-in program: USES lists the functions it takes from libraries as U(name), DEFINES those it exports to
 * plugins as F(name). It prints TITLE where a real C library stands behind it.
 */
#ifndef USES
#define USES
#endif
#ifndef DEFINES
#define DEFINES
#endif

extern int puts(const char *);

#define U(name) extern int name();
USES
#undef U

#define U(name) +(int)(long)&name
#define F(name) int name(void) { return 1; }
DEFINES

volatile int airtight_sample_links;

__attribute__((visibility("hidden"))) int airtight_sample_main(void)
{
  airtight_sample_links = 0 USES;
  puts(TITLE);
  return 0;
}

/* The start of a process (System V ABI, x86-64, 3.4.1): arguments to the C library, stack aligned to 16 bytes. */
__asm__(".globl _start\n"
        "_start:\n"
        "  xor %ebp, %ebp\n"
        "  mov %rdx, %r9\n"
        "  pop %rsi\n"
        "  mov %rsp, %rdx\n"
        "  and $-16, %rsp\n"
        "  push %rax\n"
        "  push %rsp\n"
        "  xor %r8d, %r8d\n"
        "  xor %ecx, %ecx\n"
        "  lea airtight_sample_main(%rip), %rdi\n"
        "  call *__libc_start_main@GOTPCREL(%rip)\n"
        "  hlt\n");
