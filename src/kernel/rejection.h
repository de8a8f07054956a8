/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * rejection.h: why the kernel refused a program.
 *
 * A log of the verifier is as long as its work was, and the reason stands near the end of it. A message has what of it
 * is worth reading first:
 *
 *	file.c:12: the line of C
 *	7: (79) the instruction
 *	the verifier's reason
 *	what the instruction would have been, if this kernel had what it asks for
 */
#ifndef KERNEL_REJECTION_H
#define KERNEL_REJECTION_H

#include "kernel/bpf.h"
#include "kernel/load.h"

/*
 * Sets live->error for a program that BPF_PROG_LOAD refused with `errnum`. `log` is the verifier's, or NULL if it said
 * nothing: then the cause is looked for elsewhere. Returns -errnum.
 */
int rejection_explain(struct live *live, const struct bpf_prog_load_args *args, int errnum, const char *log);

#endif
