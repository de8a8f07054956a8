/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kernel_names.h: names that the kernel gives to numbers: helpers, types of programs and of maps.
 */
#ifndef OBJECT_KERNEL_NAMES_H
#define OBJECT_KERNEL_NAMES_H

#include "base/types.h"

/*
 * The name of a helper function, without "bpf_": helper_name(1) is "map_lookup_elem". 0 is "unspec", which is none;
 * NULL for an id no kernel has: there will be no more of them (kfuncs took over in 6.2).
 */
const char *helper_name(u32 id);

/* "kprobe", "xdp", … as bpftool prints it; "type 99" for one unknown, until the next such call. */
const char *prog_type_name(u32 type);
/* "hash", "perf_event_array", … */
const char *map_type_name(u32 type);

#endif
