/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lesson 2: arguments and return values. Who runs which program, and did it work?
 *
 * Two probes share one map: the first at the entry of the system call execve(), the second at its return. In between
 * the kernel has replaced the program of the task, so the same task tells two different names:
 *
 *	entry	comm is the old program (a shell, mostly)	filename is what it asks for
 *	return	comm is the new one, if ret is 0		the old memory is gone, and the file name with it
 *
 * A system call's arguments lie in different registers on each architecture, and since about 2018 most kernels hand
 * the function that a probe sits on not the arguments but a pointer to the user's registers. BPF_KSYSCALL hides all
 * of that and even works where it is decided only at load time: look at it in bpf/bpf_tracing.h.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include "ptregs.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

enum comm_event_type {
	ENTER,
	RETURN,
};

/*
 * The event. Members of fixed width, each aligned to its own size, the longest string last: so the struct is the
 * same on 32 and 64 bits and has no holes, which would carry stray bytes of the stack to user space.
 */
struct comm_event {
	__u32 pid;
	enum comm_event_type type;
	__s32 ret;
	char comm[16];
	char filename[132];
};

_Static_assert(sizeof(struct comm_event) == 160, "comm_event has padding: say which bytes they are");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} comm_events SEC(".maps");

/* Puts the struct into the object's BTF; nobody reads the pointer. */
const struct comm_event *unused __attribute__((unused));

SEC("ksyscall/execve")
int BPF_KSYSCALL(execve_enter, const char *filename)
{
	struct comm_event event = {};

	event.pid = bpf_get_current_pid_tgid() >> 32;
	event.type = ENTER;
	bpf_get_current_comm(event.comm, sizeof(event.comm));

	/*
	 * The pointer is the caller's, into the caller's memory: a helper has to fetch what it points to. If that page
	 * is not in memory just now the helper fails, since a probe must not wait for a disk, and filename stays "".
	 */
	bpf_probe_read_user_str(event.filename, sizeof(event.filename), filename);

	bpf_perf_event_output(ctx, &comm_events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

SEC("kretsyscall/execve")
int BPF_KRETPROBE(execve_return, int ret)
{
	struct comm_event event = {};

	event.pid = bpf_get_current_pid_tgid() >> 32;
	event.type = RETURN;
	event.ret = ret;
	bpf_get_current_comm(event.comm, sizeof(event.comm));

	bpf_perf_event_output(ctx, &comm_events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
