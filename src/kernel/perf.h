/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * perf.h: perf_event_open(2), for the two things a loader needs it for.
 *
 * Source: include/uapi/linux/perf_event.h, man 2 perf_event_open. All return a descriptor or 0, or -errno.
 */
#ifndef KERNEL_PERF_H
#define KERNEL_PERF_H

#include "base/types.h"

/*
 * A perf event that programs can send samples to, on one CPU. `sample_type` is a mask of PERF_SAMPLE_*. The reader is
 * woken when `wakeup_bytes` have been written, not for every event. Times are CLOCK_MONOTONIC's, as in
 * bpf_ktime_get_ns().
 */
int perf_open_bpf_output(u32 cpu, u64 sample_type, u32 wakeup_bytes);

/* An event for a tracepoint, known by the number in its `id` file; on every CPU, though opened through one of them. */
int perf_open_tracepoint(u32 id, u32 cpu);

/* Has the program run whenever the event happens. (An event is on from the start, as its attr.disabled is 0.) */
int perf_attach_program(int perf_fd, int prog_fd);

#endif
