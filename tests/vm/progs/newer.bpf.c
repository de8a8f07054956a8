/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * newer.bpf.c: kinds of BTF that Linux 5.10 has not heard of, and later kernels have learned one by one.
 *
 *	FLOAT		5.13
 *	DECL_TAG	5.16
 *	TYPE_TAG	5.17
 *	ENUM64		6.0	and signed enums
 *
 * It is compiled by the newest clang there is: 14 writes the first three, 15 and later the fourth.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

enum wide {
	NARROW = 1,
	WIDE = 0x123456789aULL,
};

enum with_sign {
	MINUS = -3,
	PLUS = 3,
};

struct event {
	enum wide wide;
	__u32 number;
	enum with_sign with_sign;
	float ratio;
	__u32 pad;
	double precise;
} __attribute__((btf_decl_tag("an event")));

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

/* A map's value that refers to all of them: so its types reach the kernel. */
struct value {
	enum wide wide;
	float ratio;
	int __attribute__((btf_type_tag("user"))) * tagged;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct value);
} values SEC(".maps");

const struct event *unused __attribute__((unused));

const volatile enum wide chosen = WIDE;
int tagged_variable __attribute__((btf_decl_tag("a variable"))) = 3;

static __attribute__((noinline, btf_decl_tag("a function"))) int subprogram(
	int argument __attribute__((btf_decl_tag("an argument"))))
{
	return argument + tagged_variable;
}

SEC("kprobe/write_null")
int tell(void *ctx)
{
	struct event event = {};
	struct value value = {};
	__u32 key = 1;
	char comm[16];

	bpf_get_current_comm(comm, sizeof(comm));
	if (comm[0] != 'd' || comm[1] != 'd' || comm[2])
		return 0;
	bpf_map_update_elem(&values, &key, &value, BPF_ANY);
	event.wide = chosen;
	event.number = subprogram(4);
	event.with_sign = MINUS;
	event.ratio = 0.5f;
	event.precise = -2.25;
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
