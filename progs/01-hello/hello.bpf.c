/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lesson 1: the smallest program that has something to tell.
 *
 * Every task, at the end of its life, calls the kernel function do_exit(). This program is attached to its first
 * instruction (a kprobe) and sends one small struct to user space: who is it that ends?
 *
 *	task -> do_exit() -> kprobe -> hello() -> ring of this CPU, in the map `events` -> loader -> a line of text
 *
 * It reads no argument of do_exit(), hence no register, hence the same object file serves every little-endian
 * machine. Lesson 2 reads arguments.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

/* The event. Its members stand in the object's type information (BTF), and from there the loader knows them. */
struct event {
	__u32 pid;
	char comm[16];
};

/*
 * A perf event array: one ring buffer a CPU. Key and value are for the loader, which puts a ring's descriptor into
 * each slot; with no max_entries given it makes as many slots as there may be CPUs.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

/* Nobody reads this pointer. It is here because the compiler describes in BTF only the types of what it exports. */
const struct event *unused __attribute__((unused));

SEC("kprobe/do_exit")
int hello(void *ctx)
{
	struct event event = {};

	/* The upper half is what user space calls the process id, the lower one the thread's. */
	event.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(event.comm, sizeof(event.comm));

	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

/* The kernel lends some of its helpers, bpf_perf_event_output() among them, to programs under the GPL only. */
char LICENSE[] SEC("license") = "Dual BSD/GPL";
