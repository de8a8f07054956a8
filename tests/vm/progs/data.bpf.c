/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * data.bpf.c: global variables of all kinds, in .data, .rodata and .bss, and an event that tells their values.
 *
 * Addresses of variables are known only when the program loads: here by name, through a section's start (static
 * variables), and through an array's start and an offset.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

enum level {
	LOW = -1,
	MIDDLE,
	HIGH,
};

struct event {
	__s32 small;
	__u32 number;
	__u64 large;
	__s64 below;
	_Bool flag;
	__u8 byte;
	__s16 half;
	enum level level;
	char text[16];
	__u32 static_data, static_rodata, static_bss;
	__u32 second, custom;
	__u32 hits;
	__u32 pad;
};

_Static_assert(sizeof(struct event) == 80, "no holes");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

const struct event *unused __attribute__((unused));

/* .rodata, known to the verifier as constants */
const volatile __s32 small = -5;
const volatile __u64 large = 0x123456789abcdef0;
const volatile _Bool flag;
const volatile enum level level = LOW;
const volatile char text[16] = "as compiled";
static const volatile __u32 static_rodata = 31;

/* .data */
__u32 number = 7;
__s64 below = -1;
static volatile __u32 static_data = 11;
volatile __u32 array[4] = {1, 22, 3, 4};

/* .bss */
__u32 hits;
__u8 byte;
__s16 half;
static volatile __u32 static_bss;

/* a section of its own */
__u32 custom SEC(".data.custom") = 44;

SEC("kprobe/write_null")
int tell(void *ctx)
{
	struct event event = {};
	char comm[16];

	bpf_get_current_comm(comm, sizeof(comm));
	if (comm[0] != 'd' || comm[1] != 'd' || comm[2])
		return 0;
	event.small = small;
	event.number = number;
	event.large = large;
	event.below = below;
	event.flag = flag;
	event.byte = byte;
	event.half = half;
	event.level = level;
	for (int i = 0; i < (int)sizeof(event.text); i++)
		event.text[i] = text[i];
	event.static_data = static_data++;
	event.static_rodata = static_rodata;
	event.static_bss = static_bss += 2;
	event.second = array[1];
	event.custom = custom;
	event.hits = ++hits;
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
