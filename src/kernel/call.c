/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * call.c: the one place through which every question to the kernel passes. See call.h.
 */
#include "base/text.h"
#include "kernel/call.h"

static const struct kernel_listener *listener;

void kernel_listen(const struct kernel_listener *new_listener)
{
	listener = new_listener;
}

void kernel_vreport(long result, const char *format, va_list args)
{
	static char words[512];
	struct text text = text_in(words, sizeof(words));

	if (!listener)
		return;
	text_vprintf(&text, format, args);
	listener->hear(listener->context, words, result);
}

long kernel_report(long result, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	kernel_vreport(result, format, args);
	va_end(args);
	return result;
}
