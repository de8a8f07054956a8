/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * rejected.bpf.c: two programs that load, one that the verifier rejects, and one that nobody asked for.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

SEC("kprobe/do_exit")
int good(void *ctx)
{
	return 0;
}

SEC("kprobe/do_exit")
int bad(void *ctx)
{
	__u32 key = bpf_get_smp_processor_id();
	__u64 *count = bpf_map_lookup_elem(&counts, &key);

	*count += 1; /* no check for NULL */
	return 0;
}

SEC("?kprobe/do_exit")
int optional(void *ctx)
{
	return 0;
}

SEC("socket")
int filter(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
