/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * hints.h: why the kernel said no, as far as that can be found out.
 *
 * An errno alone says little: EPERM may mean a missing capability, a locked-down kernel or a limit on memory.
 * Each cause is tested for before it is named; if none is found, none is named.
 */
#ifndef KERNEL_HINTS_H
#define KERNEL_HINTS_H

#include "base/error.h"

/* What was tried when the errno came. */
enum attempt {
	TRIED_BPF,     /* any bpf(2) command */
	TRIED_NET,     /* to load a program that is not for tracing */
	TRIED_PERF,    /* perf_event_open(2), or binding a program to its event */
	TRIED_TRACEFS, /* a file of tracefs */
};

/* Adds a hint to an error that is set, if a cause for its errnum is found. Returns -errnum. */
int hint_cause(struct error *error, enum attempt attempt);

#endif
