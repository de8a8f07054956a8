/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * cpus.h: which CPUs there are.
 *
 * The kernel writes sets of CPUs as ranges, "0-3,8,10-11": numbers may have holes, and a machine can have more CPUs
 * than are online. Per-CPU maps have a place for every possible CPU; a perf ring can only be opened on one online.
 */
#ifndef KERNEL_CPUS_H
#define KERNEL_CPUS_H

#include "base/arena.h"
#include "base/error.h"

struct cpu_list {
	u32 *cpus; /* ascending */
	u32 count;
};

/* Reads a list such as "0-3,8\n". -EINVAL if it is none (ranges that fall, numbers above 65535), -ENOMEM. */
int cpu_list_parse(struct arena *arena, struct error *error, const char *text, struct cpu_list *list);

/* The CPUs that are online now (/sys/devices/system/cpu/online). -errno with a message, also without sysfs. */
int cpus_online(struct arena *arena, struct error *error, struct cpu_list *list);

/* The highest number a CPU may ever have, plus one (/sys/devices/system/cpu/possible). -errno as above. */
int cpus_possible(struct arena *arena, struct error *error, u32 *count);

#endif
