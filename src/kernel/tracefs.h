/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * tracefs.h: the kernel's tracing directory, and the probes defined in it.
 *
 *	TRACEFS/kprobe_events			one definition a line: "p:GROUP/EVENT FUNC+OFF"; everybody's
 *	TRACEFS/events/GROUP/EVENT/id		the number perf_event_open(2) knows an event by
 *	TRACEFS/kprobe_profile			a line for each, "EVENT HITS MISSED"
 *	TRACEFS/error_log			the kernel's own words for the last definition it refused
 *
 * kprobe_events belongs to everybody. It is only ever opened with O_APPEND: O_TRUNC would remove every probe on the
 * system. Source: kernel/trace/trace_kprobe.c, Documentation/trace/kprobetrace.rst.
 */
#ifndef KERNEL_TRACEFS_H
#define KERNEL_TRACEFS_H

#include "base/arena.h"
#include "base/error.h"

/*
 * To be called before the functions below. Finds tracefs among the mounts of this process, wherever that may be, or
 * else mounts it at /sys/kernel/tracing if that can be done. Opens TRACEFS/kprobe_events for appending, and waits for
 * the lock that this loader's runs put on it among themselves; closing it gives up the lock. A descriptor, or -errno
 * with a message.
 */
int tracefs_open_kprobe_events(struct error *error);

/* Appends one command in one write(2): "p:GROUP/EVENT FUNC" or "-:GROUP/EVENT". 0 or -errno. */
int tracefs_write(int kprobe_events_fd, const char *command);

/* The id of an event, "GROUP/EVENT", or -errno. */
int tracefs_event_id(const char *event);

/* Whether the event exists. */
bool tracefs_event_exists(const char *event);

/* The kernel's own words on why it refused `command`, which was just written; "" if it said nothing. */
void tracefs_explain(const char *command, char *buf, size_t size);

/* Calls `visit` with each line of a file below TRACEFS; as file_each_line(). */
int tracefs_each_line(const char *file, int (*visit)(void *context, char *line), void *context);

#endif
