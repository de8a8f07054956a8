/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * call.h: the one place through which every question to the kernel passes.
 *
 * The wrappers of this part (bpf.h, perf.h, tracefs.h) end with kernel_report(), which hands the call and its result to
 * whoever listens: nobody, `-v`, or a narrator. Words are made only if someone does.
 */
#ifndef KERNEL_CALL_H
#define KERNEL_CALL_H

#include "base/types.h"

/* Someone who wants to know of every call: `call` is what was asked, `result` what came back (-errno if negative). */
struct kernel_listener {
	void (*hear)(void *context, const char *call, long result);
	void *context;
};

/* From now on `listener` hears; NULL: nobody does. There is one at a time. It must outlive its use. */
void kernel_listen(const struct kernel_listener *listener);

/* Tells the listener of a call, in printf's words. The first returns `result`. */
long kernel_report(long result, const char *format, ...) CHECK_FORMAT(2, 3);
void kernel_vreport(long result, const char *format, va_list args) CHECK_FORMAT(2, 0);

#endif
