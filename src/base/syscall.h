/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * syscall.h: the lowest step, one instruction into the kernel.
 *
 * Three levels stand on each other:
 *
 *	syscall6(nr, …)		this file: registers in, register out
 *	sys_write(fd, …)	sys.h: one function a system call, -errno on failure
 *	text_flush(…)		everything else
 *
 * What a machine passes where (man 2 syscall):
 *
 *			number	arguments			result	also lost
 *	x86_64		rax	rdi rsi rdx r10 r8 r9		rax	rcx r11
 *	arm64		x8	x0 x1 x2 x3 x4 x5		x0
 *	arm (EABI)	r7	r0 r1 r2 r3 r4 r5		r0
 *	riscv64		a7	a0 a1 a2 a3 a4 a5		a0
 *
 * And the process begins with nothing but a stack pointer (fs/binfmt_elf.c:create_elf_tables()):
 *
 *	sp -> argc, argv[0] … argv[argc-1], NULL, envp[0] …, NULL, auxv pairs …, AT_NULL
 *
 * START is the first instruction of the program: it hands that pointer to start_c() with the stack aligned.
 */
#ifndef BASE_SYSCALL_H
#define BASE_SYSCALL_H

#include "base/types.h"

#if defined(__x86_64__)

#define START "xor %ebp, %ebp\n mov %rsp, %rdi\n and $-16, %rsp\n call start_c\n"

static inline long syscall6(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

#elif defined(__aarch64__)

#define START "mov x29, xzr\n mov x30, xzr\n mov x0, sp\n and sp, x0, -16\n b start_c\n"

static inline long syscall6(long nr, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	return x0;
}

#elif defined(__arm__)

#define START "mov r11, #0\n mov lr, #0\n mov r0, sp\n bic r1, r0, #7\n mov sp, r1\n b start_c\n"

static inline long syscall6(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r7 __asm__("r7") = nr;
	register long r0 __asm__("r0") = a;
	register long r1 __asm__("r1") = b;
	register long r2 __asm__("r2") = c;
	register long r3 __asm__("r3") = d;
	register long r4 __asm__("r4") = e;
	register long r5 __asm__("r5") = f;

	__asm__ volatile("svc 0" : "+r"(r0) : "r"(r7), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5) : "memory");
	return r0;
}

#elif defined(__riscv) && __riscv_xlen == 64

/* gp first: the linker may address data relative to it, and nothing else ever sets it. */
#define START                                                                        \
	".option push\n .option norelax\n lla gp, __global_pointer$\n .option pop\n" \
	"mv a0, sp\n andi sp, sp, -16\n tail start_c\n"

static inline long syscall6(long nr, long a, long b, long c, long d, long e, long f)
{
	register long a7 __asm__("a7") = nr;
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;
	register long a3 __asm__("a3") = d;
	register long a4 __asm__("a4") = e;
	register long a5 __asm__("a5") = f;

	__asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5) : "memory");
	return a0;
}

#else
#error "no system call convention for this machine: add it here, and a column to syscall_numbers.h"
#endif

#endif
