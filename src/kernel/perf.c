/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * perf.c: perf_event_open(2), for the two things a loader needs it for. See perf.h.
 */
#include <linux/perf_event.h>
#include "base/memory.h"
#include "base/sys.h"
#include "kernel/call.h"
#include "kernel/perf.h"

#define EVERY_PROCESS (-1)
#define NO_GROUP      (-1)

static int open_event(struct perf_event_attr *attr, u32 cpu)
{
	attr->size = PERF_ATTR_SIZE_VER5;
	return (int)kernel_report(sys_perf_event_open(attr, EVERY_PROCESS, (int)cpu, NO_GROUP, PERF_FLAG_FD_CLOEXEC),
		"perf_event_open({type=%s, config=%llu, sample_type=0x%llx, wakeup_watermark=%u}, cpu=%u)",
		attr->type == PERF_TYPE_TRACEPOINT ? "tracepoint" : "software", attr->config, attr->sample_type,
		attr->wakeup_watermark, cpu);
}

int perf_open_bpf_output(u32 cpu, u64 sample_type, u32 wakeup_bytes)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_type = sample_type,
		.sample_period = 1,
		.watermark = 1,
		.wakeup_watermark = wakeup_bytes,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
	};

	return open_event(&attr, cpu);
}

int perf_open_tracepoint(u32 id, u32 cpu)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_TRACEPOINT, .config = id};

	return open_event(&attr, cpu);
}

int perf_attach_program(int perf_fd, int prog_fd)
{
	return (int)kernel_report(sys_ioctl(perf_fd, PERF_EVENT_IOC_SET_BPF, (unsigned long)prog_fd),
		"ioctl(%d, PERF_EVENT_IOC_SET_BPF, prog_fd=%d)", perf_fd, prog_fd);
}
