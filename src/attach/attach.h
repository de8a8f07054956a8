/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * attach.h: programs to where they run.
 *
 * One file for each family of hooks. A program's hook (hooks.h) says which; attach_program() finds the
 * file. What is attached stands on live->held and comes off with it.
 */
#ifndef ATTACH_ATTACH_H
#define ATTACH_ATTACH_H

#include "kernel/load.h"

/* Whether this loader can attach a program: its hook is known here and its section names a target. */
bool attach_possible(const struct prog_spec *prog);

/*
 * Attaches program `index`, which is loaded. 0 or -errno with a message that names file, section and target.
 */
int attach_program(struct live *live, u32 index);

/* Whether an attached program's section names a module that is not loaded: so long, the kernel has the probe wait. */
bool attach_waits(const struct prog_spec *prog);

/* How often the kernel could not run attached probes though they were hit (nested, or no return slot free). */
u64 attach_missed(void);

#endif
