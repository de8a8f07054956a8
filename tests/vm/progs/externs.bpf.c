/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * externs.bpf.c: what a program can expect from the kernel it is loaded into, and an event that tells what it got:
 * lines of the configuration as each type that can hold one, facts, the address of a symbol, a variable known by its
 * type, and functions of the kernel and of a module, some of which are not there.
 *
 * The test writes the configuration.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <linux/version.h>
#include <bpf/bpf_helpers.h>

/* <linux/bpf.h> has it since 6.4. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
struct bpf_iter_num {
	__u64 __opaque[1];
} __attribute__((aligned(8)));
#endif

struct event {
	__s32 hz;
	__u32 version;
	__u64 wide;
	__s64 below;
	__u8 smp, kasan, not_set, letter;
	__u32 ext4, none;
	char host[8];
	_Bool wrapper, younger, cookie;
	__u8 exists, loops, absent, module, pad;
	__u64 address;
	__u32 queue;
	__u32 nothing;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

const struct event *unused __attribute__((unused));

extern int CONFIG_HZ __kconfig;
extern __u64 CONFIG_WIDE __kconfig;
extern __s64 CONFIG_BELOW __kconfig;
extern _Bool CONFIG_SMP __kconfig;
extern _Bool CONFIG_KASAN __kconfig __weak;
extern _Bool CONFIG_NOT_SET __kconfig __weak;
extern char CONFIG_LETTER __kconfig;
extern enum libbpf_tristate CONFIG_EXT4_FS __kconfig;
extern enum libbpf_tristate CONFIG_NONE __kconfig __weak;
extern char CONFIG_DEFAULT_HOSTNAME[8] __kconfig;
extern __u32 LINUX_KERNEL_VERSION __kconfig;
extern _Bool LINUX_HAS_SYSCALL_WRAPPER __kconfig;
extern _Bool LINUX_HAS_BPF_COOKIE __kconfig;
extern _Bool LINUX_HAS_WHAT_IS_YET_TO_COME __kconfig __weak;

extern const void _stext __ksym;
extern const void no_such_symbol __ksym __weak;
struct rq {
	int any; /* whatever is in it */
};
extern const struct rq runqueues __ksym __weak; /* a variable per CPU */
extern const int no_such_variable __ksym __weak;
extern int no_such_function(int n) __ksym __weak;
struct nf_conn {
	int any;
};
extern void bpf_ct_release(struct nf_conn *ct) __ksym __weak; /* of nf_conntrack, since 5.18 */

SEC("kprobe/write_null")
int tell(void *ctx)
{
	struct event event = {};
	int i;

	event.hz = CONFIG_HZ;
	event.version = LINUX_KERNEL_VERSION;
	event.wide = CONFIG_WIDE;
	event.below = CONFIG_BELOW;
	event.smp = CONFIG_SMP;
	event.kasan = CONFIG_KASAN;
	event.not_set = CONFIG_NOT_SET;
	event.letter = CONFIG_LETTER;
	event.ext4 = CONFIG_EXT4_FS;
	event.none = CONFIG_NONE;
	for (i = 0; i < 8; i++)
		event.host[i] = CONFIG_DEFAULT_HOSTNAME[i];
	event.wrapper = LINUX_HAS_SYSCALL_WRAPPER;
	event.cookie = LINUX_HAS_BPF_COOKIE;
	event.younger = LINUX_HAS_WHAT_IS_YET_TO_COME;
	event.address = (__u64)&_stext;
	event.exists = bpf_ksym_exists(bpf_iter_num_new);
	if (event.exists) {
		bpf_for(i, 0, 7) event.loops++;
	}
	event.absent = &no_such_symbol || &no_such_variable || no_such_function;
	if (no_such_function)
		event.nothing = no_such_function(1);
	if (&runqueues)
		event.queue = bpf_this_cpu_ptr(&runqueues) != NULL;
	event.module = bpf_ksym_exists(bpf_ct_release);
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

/* Reaches a function that is not there. */
SEC("?kprobe/write_null")
int reaches(void *ctx)
{
	return no_such_function(1);
}

char LICENSE[] SEC("license") = "GPL";
