/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * congestion.bpf.c: a struct of functions for the kernel to call (struct_ops), as an algorithm against congestion.
 * Its struct is cut down to what is set here, so every member stands elsewhere in the kernel's.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct tcp_congestion_ops {
	char name[16];
	void *no_kernel_has_this;
	__u32 (*undo_cwnd)(void *sk);
	__u32 (*ssthresh)(void *sk);
	void (*cong_avoid)(void *sk, __u32 ack, __u32 acked);
};

SEC("struct_ops/ssthresh")
__u32 ssthresh(__u64 *ctx)
{
	return 2;
}

SEC("struct_ops/undo_cwnd")
__u32 undo_cwnd(__u64 *ctx)
{
	return 3;
}

SEC("struct_ops/cong_avoid")
void cong_avoid(__u64 *ctx)
{
}

SEC("struct_ops")
__u32 never(__u64 *ctx)
{
	return 4;
}

SEC(".struct_ops")
struct tcp_congestion_ops mine = {
	.name = "mine",
	.ssthresh = (void *)ssthresh,
	.undo_cwnd = (void *)undo_cwnd,
	.cong_avoid = (void *)cong_avoid,
};

SEC("?.struct_ops.link")
struct tcp_congestion_ops optional = {
	.name = "optional",
	.ssthresh = (void *)never,
};

char LICENSE[] SEC("license") = "GPL";
