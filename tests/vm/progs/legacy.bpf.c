/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * legacy.bpf.c: maps as they were described before BTF, by a struct in a section called `maps`. With no type for
 * its events known, they come out as hexadecimal, or with --event.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct legacy_map_def {
	unsigned int type;
	unsigned int key_size;
	unsigned int value_size;
	unsigned int max_entries;
	unsigned int map_flags;
};

struct legacy_map_def SEC("maps") output = {
	.type = BPF_MAP_TYPE_PERF_EVENT_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u32),
};

struct legacy_map_def SEC("maps") counts = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u32),
	.max_entries = 2,
};

struct count {
	__u32 magic;
	__u32 count;
};

struct count last; /* it puts the type into the object, but says nothing of `output` */

SEC("kprobe/write_null")
int count(void *ctx)
{
	struct count event = {.magic = 0x11223344};
	__u32 key = 1, *found;
	char comm[16];

	bpf_get_current_comm(comm, sizeof(comm));
	found = bpf_map_lookup_elem(&counts, &key);
	if (!found || comm[0] != 'd' || comm[1] != 'd' || comm[2])
		return 0;
	event.count = ++*found;
	last = event;
	bpf_perf_event_output(ctx, &output, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
