/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * burst.bpf.c: numbered events, as many as wanted, to count what arrives.
 *
 * Each one-byte write of a process called `dd` to /dev/null sends `burst` events. On each CPU they are numbered 0, 1,
 * 2, …, whether they find room in the ring or not. So N writes produce N * burst events; a reader sees what arrived
 * twice, in the wrong order, or not at all.
 *
 * Each CPU's queue has a name, drawn by lot. The CPU's number would do as well, but with Linux 6.12 on riscv64
 * bpf_get_smp_processor_id() is 0 everywhere while the BPF compiler is off, as it is there by default.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct queue {
	__u64 next;
	__u32 name;
	__u32 pad;
};

struct event {
	__u64 number; /* in this queue */
	__u32 queue;
	__u32 pid;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct queue);
} queues SEC(".maps");

const struct event *unused __attribute__((unused));

const volatile __u32 burst = 64;

SEC("kprobe/write_null")
int send_burst(void *ctx)
{
	struct event event = {};
	__u32 zero = 0;
	struct queue *queue = bpf_map_lookup_elem(&queues, &zero);
	char comm[16];

	bpf_get_current_comm(comm, sizeof(comm));
	if (!queue || comm[0] != 'd' || comm[1] != 'd' || comm[2])
		return 0;
	if (!queue->name)
		queue->name = bpf_get_prandom_u32() | 1;
	event.queue = queue->name;
	event.pid = bpf_get_current_pid_tgid() >> 32;
	for (__u32 i = 0; i < burst; i++) {
		event.number = queue->next++;
		bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
