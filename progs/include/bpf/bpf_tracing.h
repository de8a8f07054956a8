/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The arguments of a traced function, by number or by name.
 *
 * A tracing program gets one pointer, ctx, and what it points to depends on the kind of hook:
 *
 *	kprobe, uprobe		struct pt_regs: the CPU's registers, different on each architecture
 *	kprobe on a syscall	struct pt_regs whose first argument may be a pointer to another struct pt_regs
 *	fentry, tp_btf, lsm	an array of 64-bit values, one an argument
 *
 * The first half of this file is a table of registers per architecture and PT_REGS_PARM1() and its kin, which look
 * there. The second half wraps all that in function definitions that look like ordinary ones:
 *
 *	SEC("kprobe/do_exit") int BPF_KPROBE(on_exit, long code) { ... }		ctx and code are in scope
 *
 * Which architecture: -D__TARGET_ARCH_x86 (arm64, arm, riscv, s390, powerpc, mips, loongarch), or else the machine the
 * compiler says it compiles for. `-target bpf` says nothing, so the option is needed there.
 *
 * struct pt_regs itself comes from <asm/ptrace.h>, a vmlinux.h or this project's ptregs.h, included before. The
 * _CORE macros and BPF_KSYSCALL need bpf_core_read.h as well.
 *
 * Names and meanings are libbpf's. Where its table is wrong about a register (PT_REGS_IP on arm, PT_REGS_RET and
 * PT_REGS_SP on powerpc, ...), this one is not.
 */
#ifndef LOADER_BPF_TRACING_H
#define LOADER_BPF_TRACING_H

#include "bpf_helpers.h"

/* ---- Which architecture ---- */

#define bpf_target_defined
#if defined(__TARGET_ARCH_x86)
#define bpf_target_x86
#elif defined(__TARGET_ARCH_arm64)
#define bpf_target_arm64
#elif defined(__TARGET_ARCH_arm)
#define bpf_target_arm
#elif defined(__TARGET_ARCH_riscv)
#define bpf_target_riscv
#elif defined(__TARGET_ARCH_s390)
#define bpf_target_s390
#elif defined(__TARGET_ARCH_powerpc)
#define bpf_target_powerpc
#elif defined(__TARGET_ARCH_mips)
#define bpf_target_mips
#elif defined(__TARGET_ARCH_loongarch)
#define bpf_target_loongarch
#elif defined(__x86_64__)
#define bpf_target_x86
#elif defined(__aarch64__)
#define bpf_target_arm64
#elif defined(__arm__)
#define bpf_target_arm
#elif defined(__riscv) && __riscv_xlen == 64
#define bpf_target_riscv
#elif defined(__s390__)
#define bpf_target_s390
#elif defined(__powerpc__)
#define bpf_target_powerpc
#elif defined(__mips__)
#define bpf_target_mips
#elif defined(__loongarch__)
#define bpf_target_loongarch
#else
#undef bpf_target_defined
#endif

/* ---- The table ----
 *
 * ___regs(x)		x as a pointer to the type that has the registers below; not struct pt_regs itself where that
 *			is the kernel's alone
 * ___reg_argN		the Nth argument of a C function
 * ___reg_sysN		the Nth argument of a system call, in the registers as user space left them; unless said
 *			otherwise that is argN
 * ___regs_sys1(x)	x as a pointer to the type that has sys1, if another: a system call's return value overwrites
 *			its first argument, so several architectures save a copy, in a part of pt_regs users never see
 * ___reg_lr		defined if a call leaves the return address in a register, ret; else it is on the stack
 * ___syscalls_get_regs	defined if kernels of today pass a syscall's function nothing but a pointer to such registers
 */

#if defined(bpf_target_x86)

#if defined(__VMLINUX_H__) || defined(__KERNEL__)
#define ___reg_arg1	di
#define ___reg_arg2	si
#define ___reg_arg3	dx
#define ___reg_arg4	cx
#define ___reg_rc	ax
#define ___reg_fp	bp
#define ___reg_sp	sp
#define ___reg_ret	sp
#define ___reg_ip	ip
#else
#define ___reg_arg1	rdi
#define ___reg_arg2	rsi
#define ___reg_arg3	rdx
#define ___reg_arg4	rcx
#define ___reg_rc	rax
#define ___reg_fp	rbp
#define ___reg_sp	rsp
#define ___reg_ret	rsp
#define ___reg_ip	rip
#endif
#define ___regs(x)	(x)
#define ___reg_arg5	r8
#define ___reg_arg6	r9
#define ___reg_sys4	r10	/* the syscall instruction puts the return address into rcx */
#define ___syscalls_get_regs

#elif defined(bpf_target_arm64)

struct pt_regs___arm64 {
	unsigned long orig_x0;
} __attribute__((preserve_access_index));

#define ___regs(x)	((const struct user_pt_regs *)(x))
#define ___reg_arg1	regs[0]
#define ___reg_arg2	regs[1]
#define ___reg_arg3	regs[2]
#define ___reg_arg4	regs[3]
#define ___reg_arg5	regs[4]
#define ___reg_arg6	regs[5]
#define ___reg_arg7	regs[6]
#define ___reg_arg8	regs[7]
#define ___reg_rc	regs[0]
#define ___reg_fp	regs[29]
#define ___reg_ret	regs[30]
#define ___reg_lr
#define ___reg_sp	sp
#define ___reg_ip	pc
#define ___regs_sys1(x)	((const struct pt_regs___arm64 *)(x))
#define ___reg_sys1	orig_x0
#define ___syscalls_get_regs

#elif defined(bpf_target_arm)

#define ___regs(x)	(x)
#define ___reg_arg1	uregs[0]
#define ___reg_arg2	uregs[1]
#define ___reg_arg3	uregs[2]
#define ___reg_arg4	uregs[3]
#define ___reg_sys5	uregs[4]	/* a C function would get its fifth argument on the stack */
#define ___reg_sys6	uregs[5]
#define ___reg_sys7	uregs[6]
#define ___reg_rc	uregs[0]
#define ___reg_fp	uregs[11]
#define ___reg_sp	uregs[13]
#define ___reg_ret	uregs[14]
#define ___reg_lr
#define ___reg_ip	uregs[15]

#elif defined(bpf_target_riscv)

struct pt_regs___riscv {
	unsigned long orig_a0;
} __attribute__((preserve_access_index));

#define ___regs(x)	((const struct user_regs_struct *)(x))
#define ___reg_arg1	a0
#define ___reg_arg2	a1
#define ___reg_arg3	a2
#define ___reg_arg4	a3
#define ___reg_arg5	a4
#define ___reg_arg6	a5
#define ___reg_arg7	a6
#define ___reg_arg8	a7
#define ___reg_rc	a0
#define ___reg_fp	s0
#define ___reg_sp	sp
#define ___reg_ret	ra
#define ___reg_lr
#define ___reg_ip	pc
#define ___regs_sys1(x)	((const struct pt_regs___riscv *)(x))
#define ___reg_sys1	orig_a0
#define ___syscalls_get_regs	/* since 6.6 */

#elif defined(bpf_target_s390)

struct pt_regs___s390 {
	unsigned long orig_gpr2;
} __attribute__((preserve_access_index));

#define ___regs(x)	((const user_pt_regs *)(x))
#define ___reg_arg1	gprs[2]
#define ___reg_arg2	gprs[3]
#define ___reg_arg3	gprs[4]
#define ___reg_arg4	gprs[5]
#define ___reg_arg5	gprs[6]
#define ___reg_sys6	gprs[7]
#define ___reg_rc	gprs[2]
#define ___reg_fp	gprs[11]
#define ___reg_sp	gprs[15]
#define ___reg_ret	gprs[14]
#define ___reg_lr
#define ___reg_ip	psw.addr
#define ___regs_sys1(x)	((const struct pt_regs___s390 *)(x))
#define ___reg_sys1	orig_gpr2
#define ___syscalls_get_regs

#elif defined(bpf_target_powerpc)

#define ___regs(x)	(x)
#define ___reg_arg1	gpr[3]
#define ___reg_arg2	gpr[4]
#define ___reg_arg3	gpr[5]
#define ___reg_arg4	gpr[6]
#define ___reg_arg5	gpr[7]
#define ___reg_arg6	gpr[8]
#define ___reg_arg7	gpr[9]
#define ___reg_arg8	gpr[10]
#define ___reg_sys1	orig_gpr3
#define ___reg_rc	gpr[3]
#define ___reg_sp	gpr[1]
#define ___reg_ret	link
#define ___reg_lr
#define ___reg_ip	nip

#elif defined(bpf_target_mips)

/* The calling convention of 64-bit programs (N64). */
#define ___regs(x)	(x)
#define ___reg_arg1	regs[4]
#define ___reg_arg2	regs[5]
#define ___reg_arg3	regs[6]
#define ___reg_arg4	regs[7]
#define ___reg_arg5	regs[8]
#define ___reg_arg6	regs[9]
#define ___reg_arg7	regs[10]
#define ___reg_arg8	regs[11]
#define ___reg_rc	regs[2]
#define ___reg_fp	regs[30]
#define ___reg_sp	regs[29]
#define ___reg_ret	regs[31]
#define ___reg_lr
#define ___reg_ip	cp0_epc

#elif defined(bpf_target_loongarch)

#define ___regs(x)	((const struct user_pt_regs *)(x))
#define ___reg_arg1	regs[4]
#define ___reg_arg2	regs[5]
#define ___reg_arg3	regs[6]
#define ___reg_arg4	regs[7]
#define ___reg_arg5	regs[8]
#define ___reg_arg6	regs[9]
#define ___reg_arg7	regs[10]
#define ___reg_arg8	regs[11]
#define ___reg_sys1	orig_a0
#define ___reg_rc	regs[4]
#define ___reg_fp	regs[22]
#define ___reg_sp	regs[3]
#define ___reg_ret	regs[1]
#define ___reg_lr
#define ___reg_ip	csr_era

#endif

/* What the table leaves out. A register that is not there ends up in the compiler's error message by this name. */
#ifndef ___reg_arg5
#define ___reg_arg5	this_architecture_has_no_register_for_it
#endif
#ifndef ___reg_arg6
#define ___reg_arg6	this_architecture_has_no_register_for_it
#endif
#ifndef ___reg_arg7
#define ___reg_arg7	this_architecture_has_no_register_for_it
#endif
#ifndef ___reg_arg8
#define ___reg_arg8	this_architecture_has_no_register_for_it
#endif
#ifndef ___reg_fp
#define ___reg_fp	this_architecture_has_no_register_for_it
#endif
#ifndef ___reg_sys1
#define ___reg_sys1	___reg_arg1
#endif
#ifndef ___reg_sys4
#define ___reg_sys4	___reg_arg4
#endif
#ifndef ___reg_sys5
#define ___reg_sys5	___reg_arg5
#endif
#ifndef ___reg_sys6
#define ___reg_sys6	___reg_arg6
#endif
#ifndef ___reg_sys7
#define ___reg_sys7	___reg_arg7
#endif
#define ___reg_sys2	___reg_arg2
#define ___reg_sys3	___reg_arg3

/* ---- Looking there ----
 *
 * Three ways to the same value:
 *	___get		x is memory that the program may read directly: ctx, above all
 *	___get_core	x is anywhere in kernel memory: copied by bpf_probe_read_kernel(), and from the place where the
 *			running kernel's BTF says the register is
 *	___get_core	with BPF_REGS_CORE 0: copied from where the program's own struct pt_regs (ptregs.h) has it
 */

#ifndef BPF_REGS_CORE
#define BPF_REGS_CORE 1
#endif

#if BPF_REGS_CORE
#define ___reg_read		BPF_CORE_READ
#else
#define ___reg_read		BPF_PROBE_READ
#endif

#if !defined(___regs_sys1)
#define ___regs_sys1(x)		___regs(x)
#elif !BPF_REGS_CORE
#undef ___regs_sys1
#define ___regs_sys1(x)		((const struct pt_regs *)(x))
#endif

struct pt_regs;

#if defined(bpf_target_defined)
#define ___get(x, name)		(___regs(x)->___reg_##name)
#define ___get_core(x, name)	___reg_read(___regs(x), ___reg_##name)
#define ___saved(x)		(___regs_sys1(x)->___reg_sys1)
#define ___saved_core(x)	___reg_read(___regs_sys1(x), ___reg_sys1)
#else
#define ___get(x, name)		({ _Pragma("GCC error \"compile with -D__TARGET_ARCH_x86, or arm64, arm, ...\""); 0l; })
#define ___get_core(x, name)	___get(x, name)
#define ___saved(x)		___get(x, sys1)
#define ___saved_core(x)	___get(x, sys1)
#endif

/* Arguments of a C function, at its first instruction. */
#define PT_REGS_PARM1(x)		___get(x, arg1)
#define PT_REGS_PARM2(x)		___get(x, arg2)
#define PT_REGS_PARM3(x)		___get(x, arg3)
#define PT_REGS_PARM4(x)		___get(x, arg4)
#define PT_REGS_PARM5(x)		___get(x, arg5)
#define PT_REGS_PARM6(x)		___get(x, arg6)
#define PT_REGS_PARM7(x)		___get(x, arg7)
#define PT_REGS_PARM8(x)		___get(x, arg8)

#define PT_REGS_PARM1_CORE(x)		___get_core(x, arg1)
#define PT_REGS_PARM2_CORE(x)		___get_core(x, arg2)
#define PT_REGS_PARM3_CORE(x)		___get_core(x, arg3)
#define PT_REGS_PARM4_CORE(x)		___get_core(x, arg4)
#define PT_REGS_PARM5_CORE(x)		___get_core(x, arg5)
#define PT_REGS_PARM6_CORE(x)		___get_core(x, arg6)
#define PT_REGS_PARM7_CORE(x)		___get_core(x, arg7)
#define PT_REGS_PARM8_CORE(x)		___get_core(x, arg8)

/* The return address (where to find it: ___reg_lr), frame pointer, return value, stack and instruction pointer. */
#define PT_REGS_RET(x)			___get(x, ret)
#define PT_REGS_FP(x)			___get(x, fp)
#define PT_REGS_RC(x)			___get(x, rc)
#define PT_REGS_SP(x)			___get(x, sp)
#define PT_REGS_IP(x)			___get(x, ip)

#define PT_REGS_RET_CORE(x)		___get_core(x, ret)
#define PT_REGS_FP_CORE(x)		___get_core(x, fp)
#define PT_REGS_RC_CORE(x)		___get_core(x, rc)
#define PT_REGS_SP_CORE(x)		___get_core(x, sp)
#define PT_REGS_IP_CORE(x)		___get_core(x, ip)

/*
 * Arguments of a system call, from the user's registers: those that PT_REGS_SYSCALL_REGS() finds, that the
 * tracepoint sys_enter passes on. Without _CORE, only where they may be read directly, as in a tp_btf program.
 */
#define PT_REGS_PARM1_SYSCALL(x)	___saved(x)
#define PT_REGS_PARM2_SYSCALL(x)	___get(x, sys2)
#define PT_REGS_PARM3_SYSCALL(x)	___get(x, sys3)
#define PT_REGS_PARM4_SYSCALL(x)	___get(x, sys4)
#define PT_REGS_PARM5_SYSCALL(x)	___get(x, sys5)
#define PT_REGS_PARM6_SYSCALL(x)	___get(x, sys6)
#define PT_REGS_PARM7_SYSCALL(x)	___get(x, sys7)

#define PT_REGS_PARM1_CORE_SYSCALL(x)	___saved_core(x)
#define PT_REGS_PARM2_CORE_SYSCALL(x)	___get_core(x, sys2)
#define PT_REGS_PARM3_CORE_SYSCALL(x)	___get_core(x, sys3)
#define PT_REGS_PARM4_CORE_SYSCALL(x)	___get_core(x, sys4)
#define PT_REGS_PARM5_CORE_SYSCALL(x)	___get_core(x, sys5)
#define PT_REGS_PARM6_CORE_SYSCALL(x)	___get_core(x, sys6)
#define PT_REGS_PARM7_CORE_SYSCALL(x)	___get_core(x, sys7)

/*
 * In a kprobe on a syscall's function: the registers with the syscall's arguments, as kernels of today pass them.
 * BPF_KSYSCALL, below, is the better way: it asks the running kernel.
 */
#if defined(___syscalls_get_regs) || !defined(bpf_target_defined)
#define PT_REGS_SYSCALL_REGS(ctx)	((struct pt_regs *)(unsigned long)PT_REGS_PARM1(ctx))
#else
#define PT_REGS_SYSCALL_REGS(ctx)	(ctx)
#endif

/* Where a function will return to, or, in a kretprobe, has returned to. x86 has it on the stack. */
#if defined(___reg_lr)
#define BPF_KPROBE_READ_RET_IP(ip, ctx)		({ (ip) = PT_REGS_RET(ctx); })
#define BPF_KRETPROBE_READ_RET_IP(ip, ctx)	({ (ip) = PT_REGS_RET(ctx); })
#else
#define BPF_KPROBE_READ_RET_IP(ip, ctx)							\
	({ bpf_probe_read_kernel(&(ip), sizeof(ip), (void *)PT_REGS_RET(ctx)); })
#define BPF_KRETPROBE_READ_RET_IP(ip, ctx)						\
	({ bpf_probe_read_kernel(&(ip), sizeof(ip), (void *)(PT_REGS_FP(ctx) + sizeof(ip))); })
#endif

/* ---- Programs that look like the functions they trace ----
 *
 * `int BPF_KPROBE(on_exit, long code) { body }` becomes three things:
 *
 *	int on_exit(struct pt_regs *ctx);				takes up SEC() and the return type
 *	int on_exit(struct pt_regs *ctx)				what the kernel calls
 *	{ return ____on_exit(ctx, (void *)PT_REGS_PARM1(ctx)); }
 *	static inline int ____on_exit(struct pt_regs *ctx, long code) { body }
 *
 * Arguments are passed on as void *, which converts to pointers silently; that it converts to integers, too, the
 * compiler is asked not to mention.
 */
#define ___bpf_program(name, context, statements, params...)				\
	name(context *ctx);								\
	static __always_inline typeof(name(0)) ____##name(context *ctx, ##params);	\
	typeof(name(0)) name(context *ctx)						\
	{										\
		_Pragma("GCC diagnostic push")						\
		_Pragma("GCC diagnostic ignored \"-Wint-conversion\"")			\
		statements								\
		_Pragma("GCC diagnostic pop")						\
	}										\
	static __always_inline typeof(name(0))						\
	____##name(context *ctx __attribute__((unused)), ##params)

/* fentry, fexit, tp_btf, lsm, struct_ops and others: ctx[0], ctx[1], ... */
#define ___bpf_slots0
#define ___bpf_slots1	, (void *)ctx[0]
#define ___bpf_slots2	___bpf_slots1, (void *)ctx[1]
#define ___bpf_slots3	___bpf_slots2, (void *)ctx[2]
#define ___bpf_slots4	___bpf_slots3, (void *)ctx[3]
#define ___bpf_slots5	___bpf_slots4, (void *)ctx[4]
#define ___bpf_slots6	___bpf_slots5, (void *)ctx[5]
#define ___bpf_slots7	___bpf_slots6, (void *)ctx[6]
#define ___bpf_slots8	___bpf_slots7, (void *)ctx[7]
#define ___bpf_slots9	___bpf_slots8, (void *)ctx[8]
#define ___bpf_slots10	___bpf_slots9, (void *)ctx[9]
#define ___bpf_slots11	___bpf_slots10, (void *)ctx[10]
#define ___bpf_slots12	___bpf_slots11, (void *)ctx[11]

#define BPF_PROG(name, args...)								\
	___bpf_program(name, unsigned long long,					\
		return ____##name(ctx ___bpf_apply(___bpf_slots, ___bpf_narg(args)));, ##args)

/* kprobe, uprobe: registers. ___bpf_argsN(get, x) is ", get1(x), get2(x), ..., getN(x)", each dressed as a pointer. */
#define ___bpf_arg(get, n, x)	(void *)(unsigned long)___bpf_apply(get, n)(x)
#define ___bpf_args0(get, x)
#define ___bpf_args1(get, x)	, ___bpf_arg(get, 1, x)
#define ___bpf_args2(get, x)	___bpf_args1(get, x), ___bpf_arg(get, 2, x)
#define ___bpf_args3(get, x)	___bpf_args2(get, x), ___bpf_arg(get, 3, x)
#define ___bpf_args4(get, x)	___bpf_args3(get, x), ___bpf_arg(get, 4, x)
#define ___bpf_args5(get, x)	___bpf_args4(get, x), ___bpf_arg(get, 5, x)
#define ___bpf_args6(get, x)	___bpf_args5(get, x), ___bpf_arg(get, 6, x)
#define ___bpf_args7(get, x)	___bpf_args6(get, x), ___bpf_arg(get, 7, x)
#define ___bpf_args8(get, x)	___bpf_args7(get, x), ___bpf_arg(get, 8, x)

#define BPF_KPROBE(name, args...)							\
	___bpf_program(name, struct pt_regs,						\
		return ____##name(ctx ___bpf_apply(___bpf_args, ___bpf_narg(args))(PT_REGS_PARM, ctx));, ##args)

/* kretprobe, uretprobe: the return value or nothing. The arguments are gone by then. */
#define ___bpf_result0
#define ___bpf_result1	, (void *)(unsigned long)PT_REGS_RC(ctx)

#define BPF_KRETPROBE(name, args...)							\
	___bpf_program(name, struct pt_regs,						\
		return ____##name(ctx ___bpf_apply(___bpf_result, ___bpf_narg(args)));, ##args)

#define BPF_UPROBE(name, args...)	BPF_KPROBE(name, ##args)
#define BPF_URETPROBE(name, args...)	BPF_KRETPROBE(name, ##args)

/*
 * A kprobe on a system call: SEC("ksyscall/openat") int BPF_KSYSCALL(on_openat, int dfd, const char *path)
 *
 * Where the kernel has syscall wrappers (x86 since 4.17, arm64 since 4.19, riscv since 6.6), the function that is
 * probed, __x64_sys_openat() for instance, gets one argument: a pointer to the user's registers. Elsewhere it is an
 * ordinary C function of the syscall's own arguments. LINUX_HAS_SYSCALL_WRAPPER is no kconfig option; the loader finds
 * out and writes it where options go, and the verifier removes the branch that is not taken.
 *
 * Not handled: a syscall whose argument order varies by architecture (clone), and 32-bit calls on a 64-bit kernel,
 * which enter through functions of their own.
 */
#define ___bpf_user_arg1(x)	PT_REGS_PARM1_CORE_SYSCALL(x)
#define ___bpf_user_arg2(x)	PT_REGS_PARM2_CORE_SYSCALL(x)
#define ___bpf_user_arg3(x)	PT_REGS_PARM3_CORE_SYSCALL(x)
#define ___bpf_user_arg4(x)	PT_REGS_PARM4_CORE_SYSCALL(x)
#define ___bpf_user_arg5(x)	PT_REGS_PARM5_CORE_SYSCALL(x)
#define ___bpf_user_arg6(x)	PT_REGS_PARM6_CORE_SYSCALL(x)
#define ___bpf_user_arg7(x)	PT_REGS_PARM7_CORE_SYSCALL(x)

/* From the fifth on a C function may get them on the stack; they are still in the user's registers as well. */
#define ___bpf_own_arg1(x)	PT_REGS_PARM1(x)
#define ___bpf_own_arg2(x)	PT_REGS_PARM2(x)
#define ___bpf_own_arg3(x)	PT_REGS_PARM3(x)
#define ___bpf_own_arg4(x)	PT_REGS_PARM4(x)
#define ___bpf_own_arg5(x)	PT_REGS_PARM5_SYSCALL(x)
#define ___bpf_own_arg6(x)	PT_REGS_PARM6_SYSCALL(x)
#define ___bpf_own_arg7(x)	PT_REGS_PARM7_SYSCALL(x)

#define BPF_KSYSCALL(name, args...)							\
	name(struct pt_regs *ctx);							\
	extern _Bool LINUX_HAS_SYSCALL_WRAPPER __kconfig;				\
	typeof(name(0)) ___bpf_program(name, struct pt_regs,				\
		struct pt_regs *regs __attribute__((unused)) =				\
			LINUX_HAS_SYSCALL_WRAPPER ? (struct pt_regs *)(unsigned long)PT_REGS_PARM1(ctx) : ctx;	\
		if (LINUX_HAS_SYSCALL_WRAPPER)						\
			return ____##name(ctx						\
				___bpf_apply(___bpf_args, ___bpf_narg(args))(___bpf_user_arg, regs));	\
		else									\
			return ____##name(ctx						\
				___bpf_apply(___bpf_args, ___bpf_narg(args))(___bpf_own_arg, regs));, ##args)

#define BPF_KPROBE_SYSCALL	BPF_KSYSCALL

/*
 * BPF_PROG for functions that take structs by value, which come as one or two slots of ctx according to their size:
 * the macro has to know the types, so they are separated from the names by commas.
 *
 *	int BPF_PROG2(on_call, struct pair, p, int, n)
 */
#define ___bpf_2nth(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16,	\
		    _17, _18, _19, _20, _21, _22, _23, _24, n, ...) n
#define ___bpf_pairs(...)	___bpf_2nth(_, ##__VA_ARGS__, 12, X, 11, X, 10, X, 9, X, 8, X, 7, X,	\
					    6, X, 5, X, 4, X, 3, X, 2, X, 1, X, 0)

#define ___bpf_params0()
#define ___bpf_params1(t, x)		, t x
#define ___bpf_params2(t, x, rest...)	, t x ___bpf_params1(rest)
#define ___bpf_params3(t, x, rest...)	, t x ___bpf_params2(rest)
#define ___bpf_params4(t, x, rest...)	, t x ___bpf_params3(rest)
#define ___bpf_params5(t, x, rest...)	, t x ___bpf_params4(rest)
#define ___bpf_params6(t, x, rest...)	, t x ___bpf_params5(rest)
#define ___bpf_params7(t, x, rest...)	, t x ___bpf_params6(rest)
#define ___bpf_params8(t, x, rest...)	, t x ___bpf_params7(rest)
#define ___bpf_params9(t, x, rest...)	, t x ___bpf_params8(rest)
#define ___bpf_params10(t, x, rest...)	, t x ___bpf_params9(rest)
#define ___bpf_params11(t, x, rest...)	, t x ___bpf_params10(rest)
#define ___bpf_params12(t, x, rest...)	, t x ___bpf_params11(rest)

/* An integer type as wide as t, so that a small value is taken from the right end of its slot in either byte order. */
#define ___bpf_uint_like(t)								\
	typeof(__builtin_choose_expr(sizeof(t) == 1, (__u8)0,				\
	       __builtin_choose_expr(sizeof(t) == 2, (__u16)0,				\
	       __builtin_choose_expr(sizeof(t) == 4, (__u32)0, (__u64)0))))

#define ___bpf_value(t, n)								\
	__builtin_choose_expr(sizeof(t) <= 8,						\
		({ union { ___bpf_uint_like(t) slot; t value; } ___v = { .slot = ctx[n] }; ___v.value; }),	\
		({ union { __u64 slot[2]; t value; } ___v = { .slot = { ctx[n], ctx[(n) + 1] } }; ___v.value; }))

/* n: the first slot of this argument; the next argument's follows as many as this one's type takes */
#define ___bpf_values0(n)
#define ___bpf_values1(n, t, x)		, ___bpf_value(t, n)
#define ___bpf_values2(n, t, x, rest...)	, ___bpf_value(t, n) ___bpf_values1(n + (sizeof(t) + 7) / 8, rest)
#define ___bpf_values3(n, t, x, rest...)	, ___bpf_value(t, n) ___bpf_values2(n + (sizeof(t) + 7) / 8, rest)
#define ___bpf_values4(n, t, x, rest...)	, ___bpf_value(t, n) ___bpf_values3(n + (sizeof(t) + 7) / 8, rest)
#define ___bpf_values5(n, t, x, rest...)	, ___bpf_value(t, n) ___bpf_values4(n + (sizeof(t) + 7) / 8, rest)
#define ___bpf_values6(n, t, x, rest...)	, ___bpf_value(t, n) ___bpf_values5(n + (sizeof(t) + 7) / 8, rest)
#define ___bpf_values7(n, t, x, rest...)	, ___bpf_value(t, n) ___bpf_values6(n + (sizeof(t) + 7) / 8, rest)
#define ___bpf_values8(n, t, x, rest...)	, ___bpf_value(t, n) ___bpf_values7(n + (sizeof(t) + 7) / 8, rest)
#define ___bpf_values9(n, t, x, rest...)	, ___bpf_value(t, n) ___bpf_values8(n + (sizeof(t) + 7) / 8, rest)
#define ___bpf_values10(n, t, x, rest...)	, ___bpf_value(t, n) ___bpf_values9(n + (sizeof(t) + 7) / 8, rest)
#define ___bpf_values11(n, t, x, rest...)	, ___bpf_value(t, n) ___bpf_values10(n + (sizeof(t) + 7) / 8, rest)
#define ___bpf_values12(n, t, x, rest...)	, ___bpf_value(t, n) ___bpf_values11(n + (sizeof(t) + 7) / 8, rest)

#define BPF_PROG2(name, args...)							\
	name(unsigned long long *ctx);							\
	static __always_inline typeof(name(0))						\
	____##name(unsigned long long *ctx ___bpf_apply(___bpf_params, ___bpf_pairs(args))(args));	\
	typeof(name(0)) name(unsigned long long *ctx)					\
	{										\
		return ____##name(ctx ___bpf_apply(___bpf_values, ___bpf_pairs(args))(0, ##args));	\
	}										\
	static __always_inline typeof(name(0))						\
	____##name(unsigned long long *ctx __attribute__((unused))			\
		       ___bpf_apply(___bpf_params, ___bpf_pairs(args))(args))

#endif
