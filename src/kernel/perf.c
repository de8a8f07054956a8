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

int perf_open_bpf_output(u32 cpu, u64 sample_type, u32 wakeup_bytes)
{
	struct perf_event_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.size = PERF_ATTR_SIZE_VER5;
	attr.type = PERF_TYPE_SOFTWARE;
	attr.config = PERF_COUNT_SW_BPF_OUTPUT;
	attr.sample_type = sample_type;
	attr.sample_period = 1;
	attr.watermark = 1;
	attr.wakeup_watermark = wakeup_bytes;
	attr.use_clockid = 1;
	attr.clockid = CLOCK_MONOTONIC;
	return (int)kernel_report(sys_perf_event_open(&attr, EVERY_PROCESS, (int)cpu, NO_GROUP, PERF_FLAG_FD_CLOEXEC),
		"perf_event_open({type=software, config=bpf_output, sample_type=0x%llx, wakeup_watermark=%u}, cpu=%u)",
		sample_type, wakeup_bytes, cpu);
}

int perf_open_tracepoint(u32 id, u32 cpu)
{
	struct perf_event_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.size = PERF_ATTR_SIZE_VER5;
	attr.type = PERF_TYPE_TRACEPOINT;
	attr.config = id;
	return (int)kernel_report(sys_perf_event_open(&attr, EVERY_PROCESS, (int)cpu, NO_GROUP, PERF_FLAG_FD_CLOEXEC),
		"perf_event_open({type=tracepoint, config=%u}, cpu=%u)", id, cpu);
}

int perf_attach_program(int perf_fd, int prog_fd)
{
	long result = kernel_report(sys_ioctl(perf_fd, PERF_EVENT_IOC_SET_BPF, (unsigned long)prog_fd),
		"ioctl(%d, PERF_EVENT_IOC_SET_BPF, prog_fd=%d)", perf_fd, prog_fd);

	return result < 0 ? (int)result : perf_enable(perf_fd);
}

int perf_enable(int perf_fd)
{
	return (int)kernel_report(
		sys_ioctl(perf_fd, PERF_EVENT_IOC_ENABLE, 0), "ioctl(%d, PERF_EVENT_IOC_ENABLE)", perf_fd);
}
