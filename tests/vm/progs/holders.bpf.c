/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * holders.bpf.c: a map of maps and an array of programs that are filled from the start, and a map pinned by name.
 * Each byte that `dd` writes to /dev/null is told of twice: by `tell`, and by `called`, which it calls.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u32 program;  /* 1 tell, 2 called */
	__u32 is_empty; /* nothing is in slot 1 of `outer` */
	__u32 a, b;     /* numbers from the maps in slots 0 and 2 */
	__u32 shared;   /* and from the pinned one */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
} events SEC(".maps");

const struct event *unused __attribute__((unused));

struct numbers {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} first SEC(".maps"), second SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 3);
	__type(key, __u32);
	__array(values, struct numbers);
} outer SEC(".maps") = {.values = {[0] = &first, [2] = &second}};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
} shared SEC(".maps");

int called(void *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__array(values, int(void *));
} calls SEC(".maps") = {.values = {[1] = (void *)&called}};

/* Adds to the number in the map in that slot, and returns it; 0 if there is no map. */
static __attribute__((always_inline)) __u32 add(__u32 slot, __u32 what)
{
	__u32 key = 0;
	void *map = bpf_map_lookup_elem(&outer, &slot);
	__u32 *number = map ? bpf_map_lookup_elem(map, &key) : 0;

	if (!number)
		return 0;
	*number += what;
	return *number;
}

static __attribute__((always_inline)) void fill(struct event *event)
{
	__u32 key = 0, *number = bpf_map_lookup_elem(&shared, &key);

	event->is_empty = !add(1, 1);
	event->a = add(0, 1);
	event->b = add(2, 10);
	if (number)
		event->shared = ++*number;
}

SEC("kprobe/write_null")
int tell(void *ctx)
{
	struct event event = {.program = 1};
	char comm[16];

	bpf_get_current_comm(comm, sizeof(comm));
	if (comm[0] != 'd' || comm[1] != 'd' || comm[2])
		return 0;
	fill(&event);
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	bpf_tail_call(ctx, &calls, 1);
	return 0;
}

SEC("kprobe")
int called(void *ctx)
{
	struct event event = {.program = 2};

	fill(&event);
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
