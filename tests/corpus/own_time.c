/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * own_time.c: the loader, every byte of it, but for one function that stands before sys_bpf() (ld's --wrap) and writes
 * to descriptor 3 how long each bpf(2) took: a line for each, with the command's number and nanoseconds.
 */
#include "base/sys.h"
#include "base/text.h"

long __real_sys_bpf(int command, void *attr, size_t size);
long __wrap_sys_bpf(int command, void *attr, size_t size);

long __wrap_sys_bpf(int command, void *attr, size_t size)
{
	u64 start = sys_monotonic_ns(), ns;
	long result = __real_sys_bpf(command, attr, size);
	char buf[64];
	struct text out = text_to(3, buf, sizeof(buf));

	ns = sys_monotonic_ns() - start;
	text_printf(&out, "%d %llu\n", command, (unsigned long long)ns);
	text_flush(&out);
	return result;
}
