/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * few.bpf.c: a map of events that has a place for the first CPU alone.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
	__uint(max_entries, 1);
} few SEC(".maps");

SEC("kprobe/write_null")
int send(void *ctx)
{
	char comm[16];

	bpf_get_current_comm(comm, sizeof(comm));
	if (comm[0] == 'd' && comm[1] == 'd' && !comm[2])
		bpf_perf_event_output(ctx, &few, BPF_F_CURRENT_CPU, comm, 4);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
