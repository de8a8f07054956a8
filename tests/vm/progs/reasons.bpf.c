/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * reasons.bpf.c: programs that are refused for reasons of which the kernel says more than one line, and one that takes
 * CAP_NET_ADMIN. None loads by itself; --only chooses one. The map is large: 800,000 bytes.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 100000);
	__type(key, __u32);
	__type(value, __u64);
} large SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

SEC("?kprobe/do_exit")
int endless(void *ctx)
{
	volatile int i = 0;

	for (;;)
		i++;
	return 0;
}

SEC("?kprobe/do_exit")
int keeps(void *ctx)
{
	__u64 *kept = bpf_ringbuf_reserve(&ring, sizeof(*kept), 0);

	if (kept)
		*kept = 1;
	return 0; /* neither submitted nor discarded */
}

SEC("?xdp")
int packets(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("?kprobe/do_exit")
int fine(void *ctx)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&large, &key) != 0;
}

char LICENSE[] SEC("license") = "GPL";
