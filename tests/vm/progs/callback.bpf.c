/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * callback.bpf.c: a function whose address is passed to a helper, bpf_for_each_map_elem(), since Linux 5.13.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u32 elements;
	__u32 sum;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 5);
	__type(key, __u32);
	__type(value, __u32);
} values SEC(".maps");

const struct event *unused __attribute__((unused));

static long add_element(void *map, __u32 *key, __u32 *value, struct event *event)
{
	event->elements++;
	event->sum += *key + *value;
	return 0;
}

SEC("kprobe/write_null")
int each(void *ctx)
{
	struct event event = {};
	char comm[16];
	__u32 key = 2, value = 100;

	bpf_get_current_comm(comm, sizeof(comm));
	if (comm[0] != 'd' || comm[1] != 'd' || comm[2])
		return 0;
	bpf_map_update_elem(&values, &key, &value, BPF_ANY);
	bpf_for_each_map_elem(&values, add_element, &event, 0);
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
