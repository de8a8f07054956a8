/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * other_shared.bpf.c: a map pinned by the name of one in holders.bpf.c, but not as that one is.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
} shared SEC(".maps");

SEC("socket")
int look(void *ctx)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&shared, &key) != 0;
}

char LICENSE[] SEC("license") = "GPL";
