/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kprobe_explain.h: why the kernel refused a probe.
 */
#ifndef ATTACH_KPROBE_EXPLAIN_H
#define ATTACH_KPROBE_EXPLAIN_H

#include "attach/kprobe.h"

/*
 * Sets the message for a definition (`command`) that was refused with `errnum`. Looks for the cause: how
 * many functions have that name, which names come near, whether it is blacklisted; and adds the kernel's own words.
 * Returns -errno.
 */
int kprobe_explain(struct error *error, const struct kprobe_target *target, int errnum, const char *command);

#endif
