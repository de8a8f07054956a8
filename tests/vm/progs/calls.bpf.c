/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * calls.bpf.c: functions that call functions, and several programs in one section.
 *
 *	first  (kprobe/write_null)  ->  add_up (global)  ->  square (static)  ->  plus_base (static, reads .data)
 *	second (kprobe/write_null)  ->  square, plus_base, add_up
 *
 * The two programs need different sets of subprograms, in different orders; each gets copies of its own.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u32 program;
	__u32 result;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

const struct event *unused __attribute__((unused));

volatile __u32 base = 1000;

static __attribute__((noinline)) __u32 plus_base(__u32 n)
{
	return n + base;
}

static __attribute__((noinline)) __u32 square(__u32 n)
{
	return plus_base(n * n);
}

__attribute__((noinline)) int add_up(int a, int b)
{
	return square(a) + b;
}

static __attribute__((noinline)) int is_dd(void)
{
	char comm[16];

	bpf_get_current_comm(comm, sizeof(comm));
	return comm[0] == 'd' && comm[1] == 'd' && !comm[2];
}

SEC("kprobe/write_null")
int first(void *ctx)
{
	struct event event = {.program = 1};

	if (!is_dd())
		return 0;
	event.result = add_up(7, 5); /* 7 * 7 + 1000 + 5 */
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

SEC("kprobe/write_null")
int second(void *ctx)
{
	struct event event = {.program = 2};

	if (!is_dd())
		return 0;
	event.result = square(3) + plus_base(add_up(2, 1)); /* 9 + 1000 + 2 * 2 + 1000 + 1 + 1000 */
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
