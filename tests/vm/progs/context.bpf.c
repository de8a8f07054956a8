/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * context.bpf.c: global functions that are handed the context as a `void *`, tagged as such; programs of two types
 * share one. Kernels before 6.8 do not know the tag.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

__attribute__((noinline)) int tell(void *ctx __arg_ctx, int number)
{
	__u64 record = (__u64)number;

	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &record, sizeof(record));
	return 0;
}

SEC("kprobe/write_null")
int from_kprobe(void *ctx)
{
	return tell(ctx, 1);
}

SEC("perf_event")
int from_perf_event(void *ctx)
{
	return tell(ctx, 2);
}

SEC("raw_tp/sys_enter")
int from_raw_tp(void *ctx)
{
	return tell(ctx, 3);
}

SEC("xdp")
int from_xdp(struct xdp_md *ctx)
{
	return tell(ctx, 4) ? 1 : 2;
}

SEC("tc")
int from_tc(struct __sk_buff *ctx)
{
	return tell(ctx, 5);
}

char LICENSE[] SEC("license") = "GPL";
