/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * module_type.bpf.c: CO-RE relocations against a type that only a module has (tcp_dctcp), and an event that tells what
 * they came to.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct dctcp___seen_here {
	__u32 dctcp_alpha;
	__u32 old_delivered;
	int no_such_member;
} __attribute__((preserve_access_index));

struct event {
	__u32 exists, size, alpha, delivered, member;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

const struct event *unused __attribute__((unused));

SEC("kprobe/write_null")
int tell(void *ctx)
{
	struct event event = {.exists = bpf_core_type_exists(struct dctcp___seen_here)};

	if (event.exists) {
		event.size = bpf_core_type_size(struct dctcp___seen_here);
		event.alpha = bpf_core_field_offset(struct dctcp___seen_here, dctcp_alpha);
		event.delivered = bpf_core_field_offset(struct dctcp___seen_here, old_delivered);
		event.member = bpf_core_field_exists(struct dctcp___seen_here, no_such_member);
	}
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
