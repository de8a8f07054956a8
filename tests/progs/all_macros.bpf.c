/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Every name of bpf_helpers.h, bpf_tracing.h, bpf_core_read.h and bpf_endian.h, used once.
 *
 * compat.bats compiles this file twice, against this project's headers and against libbpf's, and compares the two
 * objects: same sections, same types, same instructions. It is never loaded; a program here does not make sense, it
 * makes the compiler expand a macro. Results go to sink[], so that the optimizer cannot drop what nobody uses.
 *
 * Names that libbpf 1.1 does not have yet are in newer_macros.bpf.c.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include "ptregs.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

__u64 sink[32];

/* ---- Maps: each member macro, each kind of initial contents, pinning ---- */

struct value {
	__u32 number;
	struct task_struct __kptr *task;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u64);
	__type(value, struct value);
} hash SEC(".maps");

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
	__uint(pinning, LIBBPF_PIN_NONE);
} inner SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__uint(key_size, sizeof(__u32));
	__array(values, struct inner);
} outer SEC(".maps") = {
	.values = { [1] = &inner },
};

int called_by_tail(struct __sk_buff *skb);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, sizeof(__u32));
	__array(values, int (struct __sk_buff *));
} programs SEC(".maps") = {
	.values = { [1] = called_by_tail },
};

/* ---- Externs ---- */

extern int LINUX_KERNEL_VERSION __kconfig;
extern enum libbpf_tristate CONFIG_BPF_SYSCALL __kconfig __weak;
extern const void jiffies __ksym __weak;

SEC("raw_tp/externs")
int externs(void *ctx)
{
	(void)ctx;
	sink[0] = LINUX_KERNEL_VERSION >= KERNEL_VERSION(5, 10, 300);
	sink[1] = CONFIG_BPF_SYSCALL == TRI_MODULE;
	sink[2] = CONFIG_BPF_SYSCALL == TRI_YES || CONFIG_BPF_SYSCALL == TRI_NO;
	sink[3] = (unsigned long)&jiffies;
	return 0;
}

/* ---- Functions, barriers, pointers ---- */

struct pair {
	__u32 first;
	__u32 second;
};

static __noinline int subprogram(struct pair *pair)
{
	barrier();
	return pair->first;
}

__weak int weak_subprogram(__u32 n)
{
	barrier_var(n);
	return n & 7;
}

__hidden int hidden_subprogram(__u32 n)
{
	barrier_var(n);
	return n | 1;
}

static __always_inline __u64 inlined(struct pair *pair)
{
	switch (pair->second & 1) {
	case 0:
		return 10;
	case 1:
		return 20;
	default:
		__bpf_unreachable();
	}
}

SEC("raw_tp/functions")
int functions(void *ctx)
{
	struct pair pair = { bpf_get_prandom_u32(), bpf_get_prandom_u32() };
	__u32 *second = &pair.second;

	sink[0] = subprogram(&pair) + weak_subprogram(pair.first) + hidden_subprogram(pair.second);
	sink[1] = inlined(container_of(second, struct pair, second));
	sink[2] = offsetof(struct pair, second);
	sink[3] = ctx == NULL;
	return 0;
}

/* ---- Printing ---- */

SEC("raw_tp/printing")
int printing(void *ctx)
{
	char text[16];
	int n = -1;

	bpf_printk("none");
	bpf_printk("one %d", n);
	bpf_printk("two %d %s", n, "s");
	bpf_printk("three %d %d %p", n, 2, ctx);
	bpf_printk("four %d %d %p %llx", n, 2, ctx, 4ULL);
	bpf_printk("twelve %d %d %d %d %d %d %d %d %d %d %d %d", n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
	sink[0] = BPF_SNPRINTF(text, sizeof(text), "%d %s", n, (char *)ctx);
	sink[1] = text[0];
	return 0;
}

struct iter_context {
	struct seq_file *seq;
};

SEC("iter/task")
int iterator(struct iter_context *ctx)
{
	BPF_SEQ_PRINTF(ctx->seq, "no value\n");
	BPF_SEQ_PRINTF(ctx->seq, "%d %d %s\n", 1, 2, "three");
	return 0;
}

/* ---- Tail calls and byte order ---- */

SEC("tc")
int called_by_tail(struct __sk_buff *skb)
{
	return skb->len;
}

SEC("tc")
int calls_by_tail(struct __sk_buff *skb)
{
	__u16 protocol = skb->protocol;
	__u32 mark = skb->mark;
	__u64 both = ((__u64)mark << 32) | skb->len;

	switch (protocol) {
	case bpf_htons(0x0800):
		sink[0] = bpf_ntohs(protocol);
		break;
	case bpf_ntohs(0x86dd):
		sink[0] = bpf_htons(protocol + 1);
		break;
	}
	sink[1] = bpf_ntohl(mark);
	sink[2] = bpf_htonl(mark + 1);
	sink[3] = bpf_htonl(0x7f000001) ^ bpf_ntohl(0x01020304);
	sink[4] = bpf_cpu_to_be64(both);
	sink[5] = bpf_be64_to_cpu(both + 1);
	sink[6] = bpf_cpu_to_be64(0x0102030405060708ULL) ^ bpf_be64_to_cpu(1ULL);
	sink[7] = __bpf_htons(protocol) + __bpf_ntohs(protocol) + __bpf_htonl(mark) + __bpf_ntohl(mark);
	sink[8] = __bpf_cpu_to_be64(both) + __bpf_be64_to_cpu(both);
	sink[9] = __bpf_constant_htons(1) + __bpf_constant_ntohs(2) + __bpf_constant_htonl(3) + __bpf_constant_ntohl(4);
	sink[10] = __bpf_constant_cpu_to_be64(5ULL) + __bpf_constant_be64_to_cpu(6ULL);

	bpf_tail_call_static(skb, &programs, 1);
	return 0;
}

/* ---- Registers ---- */

SEC("kprobe/registers")
int registers(struct pt_regs *ctx)
{
	sink[1] = PT_REGS_PARM1(ctx);
	sink[2] = PT_REGS_PARM2(ctx);
	sink[3] = PT_REGS_PARM3(ctx);
	sink[4] = PT_REGS_PARM4(ctx);
#ifndef bpf_target_arm	/* four registers, then the stack */
	sink[5] = PT_REGS_PARM5(ctx);
#endif
	sink[6] = PT_REGS_RET(ctx);
	sink[7] = PT_REGS_FP(ctx);
	sink[8] = PT_REGS_RC(ctx);
	sink[9] = PT_REGS_SP(ctx);
	return 0;
}

SEC("kprobe/registers_core")
int registers_core(struct pt_regs *ctx)
{
	sink[1] = PT_REGS_PARM1_CORE(ctx);
	sink[2] = PT_REGS_PARM2_CORE(ctx);
	sink[3] = PT_REGS_PARM3_CORE(ctx);
	sink[4] = PT_REGS_PARM4_CORE(ctx);
#ifndef bpf_target_arm
	sink[5] = PT_REGS_PARM5_CORE(ctx);
#endif
	sink[6] = PT_REGS_RET_CORE(ctx);
	sink[7] = PT_REGS_FP_CORE(ctx);
	sink[8] = PT_REGS_RC_CORE(ctx);
	sink[9] = PT_REGS_SP_CORE(ctx);
	return 0;
}

SEC("kprobe/registers_syscall")
int registers_syscall(struct pt_regs *ctx)
{
	sink[2] = PT_REGS_PARM2_SYSCALL(ctx);
	sink[3] = PT_REGS_PARM3_SYSCALL(ctx);
	sink[4] = PT_REGS_PARM4_SYSCALL(ctx);
	sink[5] = PT_REGS_PARM5_SYSCALL(ctx);
	sink[6] = PT_REGS_PARM2_CORE_SYSCALL(ctx);
	sink[7] = PT_REGS_PARM3_CORE_SYSCALL(ctx);
	sink[8] = PT_REGS_PARM4_CORE_SYSCALL(ctx);
	sink[9] = PT_REGS_PARM5_CORE_SYSCALL(ctx);
	return 0;
}

/* From here to "Programs": where the two header sets are known to differ on some architecture, see compat.bats. */

SEC("kprobe/register_ip")
int register_ip(struct pt_regs *ctx)
{
	sink[0] = PT_REGS_IP(ctx);
	sink[1] = PT_REGS_IP_CORE(ctx);
	return 0;
}

SEC("kprobe/first_syscall_argument")
int first_syscall_argument(struct pt_regs *ctx)
{
	sink[0] = PT_REGS_PARM1_SYSCALL(ctx);
	sink[1] = PT_REGS_PARM1_CORE_SYSCALL(ctx);
	return 0;
}

SEC("kprobe/syscall_registers")
int syscall_registers(struct pt_regs *ctx)
{
	sink[0] = (unsigned long)PT_REGS_SYSCALL_REGS(ctx);
	return 0;
}

SEC("kprobe/return_address")
int return_address(struct pt_regs *ctx)
{
	unsigned long ip = 0;

	BPF_KPROBE_READ_RET_IP(ip, ctx);
	sink[0] = ip;
	return 0;
}

SEC("kretprobe/return_address")
int return_address_after(struct pt_regs *ctx)
{
	unsigned long ip = 0;

	BPF_KRETPROBE_READ_RET_IP(ip, ctx);
	sink[0] = ip;
	return 0;
}

SEC("ksyscall/three")
int BPF_KSYSCALL(ksyscall_three, int a, const char *b, unsigned long c)
{
	sink[1] = a;
	sink[2] = (unsigned long)b;
	sink[3] = c;
	return ctx == NULL;
}

SEC("ksyscall/five")
int BPF_KSYSCALL(ksyscall_five, int a, const char *b, unsigned long c, short d, void *e)
{
	sink[1] = a;
	sink[2] = (unsigned long)b;
	sink[3] = c;
	sink[4] = d;
	sink[5] = (unsigned long)e;
	return ctx == NULL;
}

SEC("kprobe/kprobe_syscall")
int BPF_KPROBE_SYSCALL(kprobe_syscall, int a)
{
	sink[1] = a;
	return ctx == NULL;
}

/* ---- Programs ---- */

SEC("kprobe/kprobe_none")
int BPF_KPROBE(kprobe_none)
{
	sink[0] = (unsigned long)ctx;
	return 0;
}

SEC("kprobe/kprobe_four")
int BPF_KPROBE(kprobe_four, int a, const char *b, unsigned long c, signed char d)
{
	sink[1] = a;
	sink[2] = (unsigned long)b;
	sink[3] = c;
	sink[4] = d;
	return ctx == NULL;
}

#ifndef bpf_target_arm
SEC("kprobe/kprobe_five")
int BPF_KPROBE(kprobe_five, int a, const char *b, unsigned long c, signed char d, struct pair *e)
{
	sink[1] = a;
	sink[2] = (unsigned long)b;
	sink[3] = c;
	sink[4] = d;
	sink[5] = (unsigned long)e;
	return ctx == NULL;
}
#endif

SEC("kretprobe/kretprobe_none")
int BPF_KRETPROBE(kretprobe_none)
{
	return ctx == NULL;
}

SEC("kretprobe/kretprobe_all")
int BPF_KRETPROBE(kretprobe_all, int ret)
{
	sink[0] = ret;
	return ctx == NULL;
}

SEC("fentry/prog_none")
int BPF_PROG(prog_none)
{
	return ctx == NULL;
}

SEC("fentry/prog_all")
int BPF_PROG(prog_all, int a, void *b, char c, __u64 d, int e, int f, int g, int h, int i, int j, int k, short l)
{
	sink[0] = a + c + d + e + f + g + h + i + j + k + l + (unsigned long)b;
	return ctx == NULL;
}

/* One slot and two, integers of each width, and what comes behind a struct of two. */
struct two_slots {
	__u64 low;
	__u64 high;
};

SEC("fexit/prog2")
int BPF_PROG2(prog2, struct pair, a, struct two_slots, b, char, c, short, d, int, e, void *, f, long, g)
{
	sink[0] = a.first;
	sink[1] = a.second;
	sink[2] = b.low;
	sink[3] = b.high;
	sink[4] = c;
	sink[5] = d;
	sink[6] = e;
	sink[7] = (unsigned long)f;
	sink[8] = g;
	return ctx == NULL;
}

SEC("fexit/prog2_none")
int BPF_PROG2(prog2_none)
{
	return ctx == NULL;
}

/* ---- CO-RE ---- */

struct mm_struct {
	unsigned long arg_start;
	const struct task_struct *const owner;
} __attribute__((preserve_access_index));

struct sched_entity {
	__u64 vruntime;
};

struct task_struct {
	int pid;
	char comm[16];
	struct mm_struct *mm;
	struct sched_entity se;
	const struct task_struct *real_parent;
	unsigned in_execve : 1;
	signed personality : 5;
	unsigned long long wide : 33;
} __attribute__((preserve_access_index));

enum zone_type {
	ZONE_NORMAL = 1,
	ZONE_MOVABLE,
};

typedef struct {
	int counter;
} atomic_t;

SEC("raw_tp/core_questions")
int core_questions(void *ctx)
{
	struct task_struct *task = ctx;

	sink[0] = bpf_core_field_exists(task->mm) + bpf_core_field_exists(struct task_struct, se.vruntime);
	sink[1] = bpf_core_field_size(task->comm) + bpf_core_field_size(struct task_struct, pid);
	sink[2] = bpf_core_field_offset(task->comm) + bpf_core_field_offset(struct task_struct, pid);
	sink[3] = bpf_core_type_exists(struct task_struct) + bpf_core_type_exists(atomic_t);
	sink[4] = bpf_core_type_size(struct mm_struct);
	sink[5] = bpf_core_type_id_local(struct pair);
	sink[6] = bpf_core_type_id_kernel(struct task_struct);
	sink[7] = bpf_core_enum_value_exists(enum zone_type, ZONE_MOVABLE);
	sink[8] = bpf_core_enum_value(enum zone_type, ZONE_MOVABLE);
#if __clang_major__ >= 15
	sink[9] = bpf_core_type_matches(struct mm_struct);
#endif
	return 0;
}

SEC("raw_tp/core_reads")
int core_reads(void *ctx)
{
	struct task_struct *task = ctx;
	unsigned long address = 0;
	char text[16] = {};

	sink[0] = BPF_CORE_READ(task, pid);
	sink[1] = BPF_CORE_READ(task, mm, arg_start);
	sink[2] = BPF_CORE_READ(task, real_parent, real_parent, mm, owner, se.vruntime);
	sink[3] = BPF_CORE_READ(task, mm, owner, mm, owner, mm, owner, mm, owner, pid);
	sink[4] = BPF_CORE_READ_USER(task, mm, arg_start);
	sink[5] = BPF_CORE_READ_INTO(&address, task, mm, arg_start);
	sink[6] = BPF_CORE_READ_USER_INTO(&address, task, mm, arg_start) + address;
	sink[7] = BPF_CORE_READ_STR_INTO(&text, task, real_parent, comm) + text[1];
	sink[8] = BPF_CORE_READ_USER_STR_INTO(&text, task, comm) + text[2];
	sink[9] = bpf_core_read(&address, sizeof(address), &task->mm) + address;
	sink[10] = bpf_core_read_user(&address, sizeof(address), &task->mm) + address;
	sink[11] = bpf_core_read_str(text, sizeof(text), &task->comm) + text[3];
	sink[12] = bpf_core_read_user_str(text, sizeof(text), &task->comm) + text[4];
	return 0;
}

/* Types as compiled. libbpf 1.1 calls bpf_probe_read(), which was for kernel and user memory alike. */
struct list {
	struct list *next;
	char name[8];
	int n;
};

SEC("raw_tp/probe_reads")
int probe_reads(void *ctx)
{
	struct list *list = ctx;
	char text[8] = {};
	int n = 0;

	sink[0] = BPF_PROBE_READ(list, n);
	sink[1] = BPF_PROBE_READ(list, next, next, n);
	sink[2] = BPF_PROBE_READ_INTO(&n, list, next, n) + n;
	sink[3] = BPF_PROBE_READ_STR_INTO(&text, list, next, name) + text[1];
	return 0;
}

SEC("raw_tp/probe_reads_user")
int probe_reads_user(void *ctx)
{
	struct list *list = ctx;
	char text[8] = {};
	int n = 0;

	sink[0] = BPF_PROBE_READ_USER(list, n);
	sink[1] = BPF_PROBE_READ_USER(list, next, next, n);
	sink[2] = BPF_PROBE_READ_USER_INTO(&n, list, next, n) + n;
	sink[3] = BPF_PROBE_READ_USER_STR_INTO(&text, list, next, name) + text[1];
	return 0;
}

SEC("fentry/bit_fields")
int BPF_PROG(bit_fields, struct task_struct *task)
{
	sink[0] = BPF_CORE_READ_BITFIELD(task, in_execve);
	sink[1] = BPF_CORE_READ_BITFIELD(task, personality);
	sink[2] = BPF_CORE_READ_BITFIELD(task, wide);
	return ctx == NULL;
}

SEC("raw_tp/bit_fields_probed")
int bit_fields_probed(void *ctx)
{
	struct task_struct *task = ctx;

	sink[0] = BPF_CORE_READ_BITFIELD_PROBED(task, in_execve);
	sink[1] = BPF_CORE_READ_BITFIELD_PROBED(task, personality);
	sink[2] = BPF_CORE_READ_BITFIELD_PROBED(task, wide);
	return 0;
}

/* ---- Helpers: a sample of prototypes, of each shape ---- */

static long visit(void *map, __u64 *key, struct value *value, void *ctx)
{
	(void)map, (void)key, (void)ctx;
	return value->number == 0;
}

SEC("raw_tp/helpers")
int helpers(void *ctx)
{
	__u64 key = bpf_get_current_pid_tgid();
	struct value fresh = { .number = 1 };
	struct value *value = bpf_map_lookup_elem(&hash, &key);
	struct task_struct *task = bpf_get_current_task_btf();
	char text[16];

	if (value)
		value->number++;
	sink[0] = bpf_map_update_elem(&hash, &key, &fresh, BPF_NOEXIST);
	sink[1] = bpf_map_delete_elem(&hash, &key);
	sink[2] = bpf_ktime_get_ns() + bpf_ktime_get_boot_ns();
	sink[3] = bpf_get_smp_processor_id() + bpf_get_numa_node_id();
	sink[4] = bpf_get_current_uid_gid() + bpf_get_current_cgroup_id() + bpf_get_current_task();
	sink[5] = bpf_get_current_comm(text, sizeof(text)) + text[0];
	sink[6] = bpf_probe_read_kernel(text, sizeof(text), ctx) + bpf_probe_read_user(text, sizeof(text), ctx);
	sink[7] = bpf_for_each_map_elem(&hash, visit, NULL, 0);
	sink[8] = bpf_strncmp(text, sizeof(text), "fixed");
	sink[9] = bpf_task_pt_regs(task);
	sink[10] = bpf_jiffies64() + bpf_get_stack(ctx, text, sizeof(text), 0);
	sink[11] = (unsigned long)bpf_map_lookup_percpu_elem(&hash, &key, 0);
	return 0;
}

/* libbpf dropped it in 1.2, so this variable is not compared. */
#ifdef __kptr_ref
struct owner {
	struct task_struct __kptr_ref *task;
} not_compared;
#endif

char LICENSE[] SEC("license") = "Dual BSD/GPL";
