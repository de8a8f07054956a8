/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Each register of an architecture, where compat.bats can see its offset: compiled with `-include asm/ptrace.h` and,
 * for the architectures it knows, with `-include ptregs.h`, which have to agree.
 *
 * -DEIGHT: eight registers for arguments; -DFIVE: five or more; -DFRAME: a frame pointer.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

__u64 sink[32];

SEC("kprobe/registers")
int registers(struct pt_regs *ctx)
{
	sink[1] = PT_REGS_PARM1(ctx);
	sink[2] = PT_REGS_PARM2(ctx);
	sink[3] = PT_REGS_PARM3(ctx);
	sink[4] = PT_REGS_PARM4(ctx);
#if defined(FIVE) || defined(EIGHT)
	sink[5] = PT_REGS_PARM5(ctx);
#endif
#ifdef EIGHT
	sink[6] = PT_REGS_PARM6(ctx);
	sink[7] = PT_REGS_PARM7(ctx);
	sink[8] = PT_REGS_PARM8(ctx);
#endif
	sink[9] = PT_REGS_RET(ctx);
	sink[10] = PT_REGS_RC(ctx);
	sink[11] = PT_REGS_SP(ctx);
	sink[12] = PT_REGS_IP(ctx);
#ifdef FRAME
	sink[13] = PT_REGS_FP(ctx);
#endif
	return 0;
}

SEC("kprobe/registers_syscall")
int registers_syscall(struct pt_regs *ctx)
{
	sink[1] = PT_REGS_PARM1_CORE_SYSCALL(ctx);
	sink[2] = PT_REGS_PARM2_SYSCALL(ctx);
	sink[3] = PT_REGS_PARM3_SYSCALL(ctx);
	sink[4] = PT_REGS_PARM4_SYSCALL(ctx);
	sink[5] = PT_REGS_PARM5_SYSCALL(ctx);
	sink[6] = PT_REGS_PARM6_SYSCALL(ctx);
	return 0;
}

SEC("ksyscall/six")
int BPF_KSYSCALL(six, int a, int b, int c, int d, int e, int f)
{
	sink[0] = a + b + c + d + e + f;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
