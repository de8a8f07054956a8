/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The names that libbpf's headers got after version 1.1, used once each: the rest of all_macros.bpf.c.
 *
 * Compiled against this project's headers always, and against libbpf's, for comparison, if they are new enough.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <linux/version.h>
#include "ptregs.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

/* <linux/bpf.h> has it since 6.4. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
struct bpf_iter_num {
	__u64 __opaque[1];
} __attribute__((aligned(8)));
#endif

__u64 sink[32];

/* ---- Maps and tags ---- */

struct task_struct {
	int pid;
	struct task_struct *real_parent;
	unsigned in_execve : 1;
	signed personality : 5;
	unsigned long long wide : 33;
} __attribute__((preserve_access_index));

struct value {
	__u32 number;
	struct task_struct __kptr_untrusted *seen;
	struct task_struct __percpu_kptr *spread;
	struct task_struct __uptr *shared;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__ulong(map_extra, 0x100000000ULL);
	__type(key, __u64);
	__type(value, struct value);
} hash SEC(".maps");

__weak int tagged(void *ctx __arg_ctx, struct value *value __arg_nonnull, struct task_struct *task __arg_trusted,
		  struct value *other __arg_nullable)
{
	sink[0] = value->number + (other ? other->number : 0);
	return ctx == NULL && task == NULL;
}

__weak int tagged_memory(void *arena __arg_arena, struct task_struct *task __arg_untrusted)
{
	return arena == NULL && task == NULL;
}

extern void bpf_rcu_read_lock(void) __ksym __weak;
extern int bpf_stream_vprintk(int stream_id, const char *fmt, const void *args, __u32 len) __ksym __weak;

SEC("raw_tp/tags")
int tags(void *ctx)
{
	struct value value = {};

	if (bpf_ksym_exists(bpf_rcu_read_lock))
		bpf_rcu_read_lock();
	if (unlikely(tagged(ctx, &value, NULL, NULL)) && likely(tagged_memory(ctx, NULL)))
		bpf_stream_printk(1, "%d %s\n", 1, "two");
	sink[1] = (unsigned long)&hash;
	return 0;
}

/* ---- Loops ---- */

SEC("raw_tp/loops")
int loops(void *ctx)
{
	int i, *number;

	bpf_for(i, 0, 100) {
		if (i == (long)ctx)
			break;
		sink[i & 7] += i;
	}
	bpf_repeat(5) {
		if (sink[1] == 3)
			continue;
		sink[0]++;
	}
	bpf_for_each(num, number, 10, 20) {
		if (*number == 11)
			return 1;
		bpf_for(i, 0, *number)
			sink[2] += i;
	}
	return 0;
}

/* ---- Registers and programs ---- */

#if !defined(bpf_target_arm) && !defined(bpf_target_s390)
SEC("kprobe/register_six")
int register_six(struct pt_regs *ctx)
{
	sink[0] = PT_REGS_PARM6(ctx);
	sink[1] = PT_REGS_PARM6_CORE(ctx);
	return 0;
}

SEC("uprobe/six")
int BPF_UPROBE(uprobe_six, int a, int b, int c, int d, int e, int f)
{
	sink[0] = a + b + c + d + e + f;
	return ctx == NULL;
}
#endif

#if defined(bpf_target_arm64) || defined(bpf_target_riscv)
SEC("kprobe/registers_eight")
int registers_eight(struct pt_regs *ctx)
{
	sink[0] = PT_REGS_PARM7(ctx) + PT_REGS_PARM8(ctx);
	sink[1] = PT_REGS_PARM7_CORE(ctx) + PT_REGS_PARM8_CORE(ctx);
	return 0;
}

SEC("uprobe/eight")
int BPF_UPROBE(uprobe_eight, int a, int b, int c, int d, int e, int f, int g, int h)
{
	sink[0] = a + b + c + d + e + f + g + h;
	return ctx == NULL;
}
#endif

SEC("kprobe/register_six_syscall")
int register_six_syscall(struct pt_regs *ctx)
{
	sink[0] = PT_REGS_PARM6_SYSCALL(ctx);
	sink[1] = PT_REGS_PARM6_CORE_SYSCALL(ctx);
	return 0;
}

#ifdef bpf_target_arm
SEC("kprobe/register_seven_syscall")
int register_seven_syscall(struct pt_regs *ctx)
{
	sink[0] = PT_REGS_PARM7_SYSCALL(ctx);
	sink[1] = PT_REGS_PARM7_CORE_SYSCALL(ctx);
	return 0;
}
#endif

SEC("uretprobe/uretprobe")
int BPF_URETPROBE(uretprobe, int ret)
{
	sink[0] = ret;
	return ctx == NULL;
}

SEC("ksyscall/six")
int BPF_KSYSCALL(ksyscall_six, int a, int b, int c, int d, int e, int f)
{
	sink[0] = a + b + c + d + e + f;
	return ctx == NULL;
}

/* ---- CO-RE ---- */

SEC("fentry/core")
int BPF_PROG(core, struct task_struct *task)
{
	struct task_struct *parent = bpf_core_cast(BPF_CORE_READ(task, real_parent), struct task_struct);

	sink[0] = parent->pid;
	BPF_CORE_WRITE_BITFIELD(task, in_execve, 1);
	BPF_CORE_WRITE_BITFIELD(task, personality, sink[1]);
	BPF_CORE_WRITE_BITFIELD(task, wide, -1);
	return ctx == NULL;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
