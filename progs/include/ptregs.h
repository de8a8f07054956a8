/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The registers of an interrupted kernel function, as a kprobe finds them.
 *
 * A program on a kprobe gets a pointer to struct pt_regs: the registers as they were when the probed instruction was
 * reached. At a function's first instruction that is where its arguments are, and after it the return value; which
 * register holds which is the calling convention's business (bpf/bpf_tracing.h knows it). This file says where in
 * struct pt_regs a register is. It stands in for the two usual sources:
 *
 *	<asm/ptrace.h>	belongs to the C headers of one architecture, and calls x86's registers rdi, rsi, ... where the
 *			kernel itself has di, si, ...
 *	vmlinux.h	3 MB that `bpftool btf dump file /sys/kernel/btf/vmlinux format c` makes of the running kernel
 *
 * With this file a program can be compiled for any of these architectures on any machine. The layouts are the
 * kernel's, little of it though: as far as the registers that carry arguments. They have been the same for as long as
 * BPF has existed, since debuggers (ptrace) see them too, so reading them needs no CO-RE relocation, and a kernel
 * without BTF will do. BPF_REGS_CORE says so to this project's bpf_tracing.h; define it as 1 to relocate
 * nevertheless, as libbpf's header always does.
 *
 * Mind the width: on the BPF target `long` has 64 bits, so a 32-bit architecture's registers must be __u32 here.
 */
#ifndef LOADER_PTREGS_H
#define LOADER_PTREGS_H

#include <linux/types.h>

#ifndef __VMLINUX_H__
/* The names below are the kernel's own: bpf_tracing.h takes this for a sign of it. */
#define __VMLINUX_H__

#ifndef BPF_REGS_CORE
#define BPF_REGS_CORE 0
#endif

#if defined(__TARGET_ARCH_x86)

/* arch/x86/include/asm/ptrace.h */
struct pt_regs {
	__u64 r15, r14, r13, r12, bp, bx;
	__u64 r11, r10, r9, r8, ax, cx, dx, si, di;
	__u64 orig_ax;
	__u64 ip, cs, flags, sp, ss;
};

#elif defined(__TARGET_ARCH_arm64)

/* arch/arm64/include/uapi/asm/ptrace.h: what user space sees is also how the kernel's struct begins */
struct user_pt_regs {
	__u64 regs[31];
	__u64 sp, pc, pstate;
};

/* arch/arm64/include/asm/ptrace.h: x0 is also the return value, so a system call keeps its first argument apart */
struct pt_regs {
	struct user_pt_regs user_regs;
	__u64 orig_x0;
};

#elif defined(__TARGET_ARCH_arm)

/* arch/arm/include/uapi/asm/ptrace.h: r0 to r15, CPSR, and r0 as it was when a system call began */
struct pt_regs {
	__u32 uregs[18];
};

#elif defined(__TARGET_ARCH_riscv)

/* arch/riscv/include/uapi/asm/ptrace.h */
struct user_regs_struct {
	__u64 pc, ra, sp, gp, tp;
	__u64 t0, t1, t2, s0, s1;
	__u64 a0, a1, a2, a3, a4, a5, a6, a7;
	__u64 s2, s3, s4, s5, s6, s7, s8, s9, s10, s11;
	__u64 t3, t4, t5, t6;
};

/* arch/riscv/include/asm/ptrace.h: the same, and what only the kernel needs */
struct pt_regs {
	struct user_regs_struct user_regs;
	__u64 status, badaddr, cause;
	__u64 orig_a0;
};

#elif defined(__TARGET_ARCH_s390)

/* arch/s390/include/uapi/asm/ptrace.h */
typedef struct {
	__u64 args[1];
	struct {
		__u64 mask, addr;
	} psw;
	__u64 gprs[16];
} user_pt_regs;

/* arch/s390/include/asm/ptrace.h */
struct pt_regs {
	user_pt_regs user_regs;
	__u64 orig_gpr2;
};

#else
#error "ptregs.h: compile with -D__TARGET_ARCH_ followed by x86, arm64, arm, riscv or s390"
#endif

#endif /* __VMLINUX_H__ */

#endif
