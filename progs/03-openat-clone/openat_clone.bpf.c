/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lesson 3: one event for a call and its result. Which files are opened, which processes born?
 *
 * At a system call's entry its arguments are known, at its return its result, and never both at once: the registers
 * that held the arguments have been used for other things since. A hash map carries them over:
 *
 *	openat_enter	calls[this thread] = { time, dfd, flags, address of the file name }
 *	openat_return	call = calls[this thread]; send { call, ret, now - call.time }; forget calls[this thread]
 *
 * A thread is in one system call at a time, so its id (bpf_get_current_pid_tgid(), 64 bits) is key enough, and two
 * pairs of probes can share one map.
 *
 * Two kinds of event leave through two perf maps, each with a type of its own.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include "ptregs.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

/* The events. No holes, and the same bytes on 32 and 64 bits. */
struct openat_event {
	__u32 pid;
	__s32 ret; /* a file descriptor, or -errno */
	__s32 dfd; /* where a relative name starts: a descriptor, or AT_FDCWD (-100) */
	__u32 flags;
	__u64 duration_ns;
	char comm[16];
	char filename[128];
};

struct clone_event {
	__u32 pid;
	__s32 ret; /* the child's pid, or -errno */
	__u64 flags;
	__u64 duration_ns;
	char comm[16];
};

_Static_assert(sizeof(struct openat_event) == 168, "openat_event has padding: say which bytes they are");
_Static_assert(sizeof(struct clone_event) == 40, "clone_event has padding: say which bytes they are");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} openat_events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} clone_events SEC(".maps");

/* Put the two structs into the object's BTF; nobody reads the pointers. */
const struct openat_event *unused_openat __attribute__((unused));
const struct clone_event *unused_clone __attribute__((unused));

/* A call that has begun. A pointer into user memory is kept as a number: on a 32-bit machine it has 32 bits. */
struct call {
	__u64 time_ns;
	__u64 filename;
	__u64 flags;
	__s32 dfd;
	__u32 zero;
};

/* Room for as many threads as may be inside openat() or clone() at one moment. When it is full, calls go unseen. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, struct call);
} calls SEC(".maps");

static __always_inline void remember(struct call *call)
{
	__u64 thread = bpf_get_current_pid_tgid();

	call->time_ns = bpf_ktime_get_ns();
	bpf_map_update_elem(&calls, &thread, call, BPF_ANY);
}

/* 0, and the call that this thread returns from; or -1 if it began before the probes were there. */
static __always_inline int recall(struct call *call)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct call *found = bpf_map_lookup_elem(&calls, &thread);

	if (!found)
		return -1;
	*call = *found;
	bpf_map_delete_elem(&calls, &thread);
	return 0;
}

SEC("ksyscall/openat")
int BPF_KSYSCALL(openat_enter, int dfd, const char *filename, int flags)
{
	struct call call = {
		.filename = (unsigned long)filename,
		.flags = (__u32)flags,
		.dfd = dfd,
	};

	remember(&call);
	return 0;
}

SEC("kretsyscall/openat")
int BPF_KRETPROBE(openat_return, int ret)
{
	struct openat_event event = {};
	struct call call;

	if (recall(&call))
		return 0;

	event.pid = bpf_get_current_pid_tgid() >> 32;
	event.ret = ret;
	event.dfd = call.dfd;
	event.flags = call.flags;
	event.duration_ns = bpf_ktime_get_ns() - call.time_ns;
	bpf_get_current_comm(event.comm, sizeof(event.comm));

	/* At the entry this page may not have been in memory. Now it is: the kernel itself has read the name. */
	bpf_probe_read_user_str(event.filename, sizeof(event.filename), (void *)(unsigned long)call.filename);

	bpf_perf_event_output(ctx, &openat_events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

SEC("ksyscall/clone")
int BPF_KSYSCALL(clone_enter, unsigned long flags)
{
	struct call call = {
		.flags = flags,
	};

	remember(&call);
	return 0;
}

/* One call, one return, in the parent: the child starts its life behind this point (ret_from_fork). */
SEC("kretsyscall/clone")
int BPF_KRETPROBE(clone_return, int ret)
{
	struct clone_event event = {};
	struct call call;

	if (recall(&call))
		return 0;

	event.pid = bpf_get_current_pid_tgid() >> 32;
	event.ret = ret;
	event.flags = call.flags;
	event.duration_ns = bpf_ktime_get_ns() - call.time_ns;
	bpf_get_current_comm(event.comm, sizeof(event.comm));

	bpf_perf_event_output(ctx, &clone_events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
