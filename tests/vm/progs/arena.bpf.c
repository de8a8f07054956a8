/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * arena.bpf.c: variables in an arena (Linux 6.9). A newer compiler places them there and converts pointers by itself
 * (`__arena`); here both are done by hand, so that any compiler will do.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u32 counter, second;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
} events SEC(".maps");

const struct event *unused __attribute__((unused));

struct {
	__uint(type, 33 /* BPF_MAP_TYPE_ARENA */);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 10); /* pages */
} arena SEC(".maps");

__u32 counter SEC(".addr_space.1") = 7;
__u32 second SEC(".addr_space.1") = 40;

/* BPF_MOV64_REG with BPF_ADDR_SPACE_CAST, from address space 1 to 0: r1 = addr_space_cast(r1, 0, 1) */
#define FROM_ARENA(pointer)                                                             \
	({                                                                              \
		register __u32 *p asm("r1") = (pointer);                                \
		asm volatile(".byte 0xbf, 0x11, 1, 0, 1, 0, 0, 0" : "+r"(p)::"memory"); \
		p;                                                                      \
	})

SEC("kprobe/write_null")
int tell(void *ctx)
{
	struct event event = {};
	char comm[16];

	bpf_get_current_comm(comm, sizeof(comm));
	if (comm[0] != 'd' || comm[1] != 'd' || comm[2])
		return 0;
	event.counter = ++*FROM_ARENA(&counter);
	event.second = *FROM_ARENA(&second);
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
