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

#define START     "xor %ebp, %ebp\n mov %rsp, %rdi\n and $-16, %rsp\n call start_c\n"
#define SYSCALL   "syscall"
#define NUMBER_IN "rax"
#define ARG_1     "rdi"
#define ARG_2     "rsi"
#define ARG_3     "rdx"
#define ARG_4     "r10"
#define ARG_5     "r8"
#define ARG_6     "r9"
#define RESULT_IN NUMBER_IN
#define LOST      "rcx", "r11", "memory"

#elif defined(__aarch64__)

#define START     "mov x29, xzr\n mov x30, xzr\n mov x0, sp\n and sp, x0, -16\n b start_c\n"
#define SYSCALL   "svc 0"
#define NUMBER_IN "x8"
#define ARG_1     "x0"
#define ARG_2     "x1"
#define ARG_3     "x2"
#define ARG_4     "x3"
#define ARG_5     "x4"
#define ARG_6     "x5"
#define RESULT_IN ARG_1
#define LOST      "memory"

#elif defined(__arm__)

#define START     "mov r11, #0\n mov lr, #0\n mov r0, sp\n bic r1, r0, #7\n mov sp, r1\n b start_c\n"
#define SYSCALL   "svc 0"
#define NUMBER_IN "r7"
#define ARG_1     "r0"
#define ARG_2     "r1"
#define ARG_3     "r2"
#define ARG_4     "r3"
#define ARG_5     "r4"
#define ARG_6     "r5"
#define RESULT_IN ARG_1
#define LOST      "memory"

#elif defined(__riscv) && __riscv_xlen == 64

/* gp first: the linker may address data relative to it, and nothing else ever sets it. */
#define START                                                                        \
	".option push\n .option norelax\n lla gp, __global_pointer$\n .option pop\n" \
	"mv a0, sp\n andi sp, sp, -16\n tail start_c\n"
#define SYSCALL   "ecall"
#define NUMBER_IN "a7"
#define ARG_1     "a0"
#define ARG_2     "a1"
#define ARG_3     "a2"
#define ARG_4     "a3"
#define ARG_5     "a4"
#define ARG_6     "a5"
#define RESULT_IN ARG_1
#define LOST      "memory"

#else
#error "no system call convention for this machine: add it here, and a column to syscall_numbers.h"
#endif

/* A value that stands in a register of its own while the kernel is called. */
#define IN_REGISTER(name, place, value) register long name __asm__(place) = value

/* Most calls take three arguments at most: what the registers of the others hold does not matter then. */
static inline long syscall3(long nr, long a, long b, long c)
{
	IN_REGISTER(number, NUMBER_IN, nr);
	IN_REGISTER(arg1, ARG_1, a);
	IN_REGISTER(arg2, ARG_2, b);
	IN_REGISTER(arg3, ARG_3, c);
	register long result __asm__(RESULT_IN);

	__asm__ volatile(SYSCALL : "=r"(result) : "r"(number), "r"(arg1), "r"(arg2), "r"(arg3) : LOST);
	return result;
}

static inline long syscall6(long nr, long a, long b, long c, long d, long e, long f)
{
	IN_REGISTER(number, NUMBER_IN, nr);
	IN_REGISTER(arg1, ARG_1, a);
	IN_REGISTER(arg2, ARG_2, b);
	IN_REGISTER(arg3, ARG_3, c);
	IN_REGISTER(arg4, ARG_4, d);
	IN_REGISTER(arg5, ARG_5, e);
	IN_REGISTER(arg6, ARG_6, f);
	register long result __asm__(RESULT_IN);

	__asm__ volatile(SYSCALL
			 : "=r"(result)
			 : "r"(number), "r"(arg1), "r"(arg2), "r"(arg3), "r"(arg4), "r"(arg5), "r"(arg6)
			 : LOST);
	return result;
}

#endif
