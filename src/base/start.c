/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * start.c: from the kernel's first jump to main().
 *
 * The kernel starts a program with a stack pointer and nothing else (the drawing is in syscall.h). There is no
 * C library to set up; two things are still to do before main(): choose the stack protector's guard, and note
 * the page size. Both stand in the auxiliary vector behind the environment (man 3 getauxval).
 */
#include "base/memory.h"
#include "base/sys.h"
#include "base/syscall.h"

#define AT_NULL   0
#define AT_PAGESZ 6
#define AT_RANDOM 25

int main(int argc, char **argv, char **envp);
NORETURN void start_c(unsigned long *stack);
NORETURN void __stack_chk_fail(void);
extern unsigned long __stack_chk_guard;

__asm__(".text\n.globl _start\n.type _start, %function\n_start:\n" START);

/* The compiler compares this word, copied to each guarded frame, with the copy when the function returns. */
unsigned long __stack_chk_guard;

NORETURN __attribute__((used)) void __stack_chk_fail(void)
{
	static const char message[] = "loader: a stack buffer overflowed; this is a bug in the loader\n";

	sys_write(2, message, sizeof(message) - 1);
	for (;;)
		__builtin_trap();
}

/* Not guarded itself: the guard changes while it runs. */
__attribute__((no_stack_protector, used)) NORETURN void start_c(unsigned long *stack)
{
	int argc = (int)stack[0];
	char **argv = (char **)(stack + 1);
	char **envp = argv + argc + 1;
	unsigned long *auxv;

	for (auxv = (unsigned long *)envp; *auxv; auxv++)
		;
	for (auxv++; auxv[0] != AT_NULL; auxv += 2) {
		if (auxv[0] == AT_RANDOM)
			__builtin_memcpy(&__stack_chk_guard, (void *)auxv[1], sizeof(__stack_chk_guard));
		else if (auxv[0] == AT_PAGESZ)
			sys_set_page_size(auxv[1]);
	}
	/* A NUL as lowest byte in memory stops a string from carrying the guard out or writing it back. */
	*(u8 *)&__stack_chk_guard = 0;
	sys_exit(main(argc, argv, envp));
}
