/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_hints.c: what a refusal is put down to: capabilities, limits, lockdown, configuration.
 */
#include <linux/capability.h>
#include "made_up_kernel.h"
#include "kernel/hints.h"

#define BPF     39
#define PERFMON 38

/* The hint for a refusal; "" if there is none. */
static const char *hint_for(int errnum, enum attempt attempt)
{
	static char hint[300];

	error_clear(&error);
	error_set(&error, errnum, "no");
	assert_int_equal(hint_cause(&error, attempt), -errnum);
	assert_int_equal(open_fds(), 0);
	strcpy(hint, error.message + strlen("no"));
	error_clear(&error);
	return hint;
}

static void causes(void **state)
{
	(void)state;
	assert_string_equal(hint_for(EPERM, TRIED_BPF), "; this process lacks CAP_BPF and CAP_PERFMON; try as root");
	assert_string_equal(hint_for(EACCES, TRIED_NET), "; this process lacks CAP_BPF and CAP_NET_ADMIN; try as root");
	kernel.capabilities = CAP(BPF);
	assert_string_equal(hint_for(EPERM, TRIED_BPF), "; this process lacks CAP_PERFMON; try as root");
	kernel.capabilities = CAP(PERFMON) | CAP(CAP_NET_ADMIN);
	assert_string_equal(hint_for(EPERM, TRIED_NET), "; this process lacks CAP_BPF; try as root");
	kernel.capabilities = CAP(CAP_SYS_ADMIN);
	kernel.limit.cur = ~0ULL;
	assert_string_equal(hint_for(EPERM, TRIED_NET), ""); /* without /proc nobody knows */
	put_file("/proc/self/uid_map", "");                  /* one that maps nobody yet */
	assert_string_equal(hint_for(EPERM, TRIED_BPF), "; this process is root only within a user namespace");
	put_file("/proc/self/uid_map", "         0       1000          1\n");
	assert_string_equal(hint_for(EPERM, TRIED_BPF), "; this process is root only within a user namespace");
	put_file("/proc/self/uid_map", "         0          0 4294967295\n");
	assert_string_equal(hint_for(EPERM, TRIED_BPF), "");
	put_file("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	assert_string_equal(hint_for(EPERM, TRIED_BPF), "");
	put_file("/sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
	assert_non_null(strstr(hint_for(EPERM, TRIED_BPF), "the kernel is locked down"));
	assert_string_equal(hint_for(ENOSYS, TRIED_BPF), "; this kernel was built without CONFIG_BPF_SYSCALL");
	assert_string_equal(hint_for(ENOSYS, TRIED_PERF), "");
	assert_non_null(strstr(hint_for(EMFILE, TRIED_PERF), "too many descriptors"));
	assert_non_null(strstr(hint_for(ENFILE, TRIED_BPF), "too many descriptors"));
}

static void limit_as_cause(void **state)
{
	const union bpf_attr *tiny;

	(void)state;
	kernel.capabilities = CAP(CAP_SYS_ADMIN);
	kernel.may_raise = false;
	assert_string_equal(hint_for(EPERM, TRIED_BPF), ""); /* this kernel does not count */
	kernel.answer = counts_memory;
	assert_string_equal(hint_for(EPERM, TRIED_NET),
		"; RLIMIT_MEMLOCK is 65536 bytes, and could not be raised (CAP_SYS_RESOURCE)");
	assert_true(kernel.limit.cur == 65536 && kernel.limit.max == 65536);
	tiny = &nth(BPF_MAP_CREATE, 0)->attr; /* nothing else is wrong with it */
	assert_true(tiny->map_type == BPF_MAP_TYPE_ARRAY && tiny->key_size == 4);
	assert_true(tiny->value_size == 4 && tiny->max_entries == 1);
	assert_string_equal(hint_for(EACCES, TRIED_BPF), "");
	assert_string_equal(hint_for(EPERM, TRIED_PERF), "");
}

static void paranoia_as_cause(void **state)
{
	(void)state;
	kernel.capabilities = CAP(BPF) | CAP(PERFMON);
	put_file("/proc/sys/kernel/perf_event_paranoid", "3\n");
	assert_string_equal(hint_for(EACCES, TRIED_PERF), "; /proc/sys/kernel/perf_event_paranoid is 3");
	assert_string_equal(hint_for(EACCES, TRIED_TRACEFS), "");
	kernel.capabilities = CAP(CAP_SYS_ADMIN);
	assert_string_equal(hint_for(EACCES, TRIED_PERF), "");
	kernel.capabilities = CAP(BPF) | CAP(PERFMON);
	put_file("/proc/sys/kernel/perf_event_paranoid", "2\n");
	assert_string_equal(hint_for(EACCES, TRIED_PERF), "");
}

int main(void)
{
	return RUN(EACH(causes), EACH(limit_as_cause), EACH(paranoia_as_cause));
}
