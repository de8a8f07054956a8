/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * hints.c: why the kernel said no, as far as that can be found out. See hints.h.
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include "base/file.h"
#include "base/string.h"
#include "base/sys.h"
#include "kernel/bpf.h"
#include "kernel/hints.h"

#define CAP_PERFMON_BIT 38
#define CAP_BPF_BIT     39
#define PARANOID        "/proc/sys/kernel/perf_event_paranoid"

/* The effective capabilities of this process, bit by number. */
static u64 capabilities(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{0}};

	sys_capget(&header, data);
	/* CAP_SYS_ADMIN includes the two split off from it in 5.8 (include/linux/capability.h:bpf_capable()). */
	return data[0].effective >> CAP_SYS_ADMIN & 1 ? U64_MAX : data[0].effective | (u64)data[1].effective << 32;
}

/* Whether the words stand in a file's first line: 1 or 0; -1: nobody knows. */
static int file_says(const char *path, const char *words)
{
	char line[128];

	if (file_read_line(path, line, sizeof(line)) < 0)
		return -1;
	return str_behind(line, words) != NULL;
}

/* Whether the kernel counts maps as locked memory, as it did before 5.11: then with a limit of 0 none is made. */
static bool charges_locked_memory(const struct sys_rlimit64 *limit)
{
	const struct bpf_map_create_args tiny = {
		.map = {.type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1}};
	const struct sys_rlimit64 none = {0, limit->max};
	int fd;

	if (sys_prlimit(RLIMIT_MEMLOCK, &none, NULL))
		return false;
	fd = bpf_map_create(&tiny);
	sys_prlimit(RLIMIT_MEMLOCK, limit, NULL);
	if (fd >= 0)
		sys_close(fd);
	return fd == -EPERM;
}

static OUT_OF_LINE int hint_permission(struct error *error, enum attempt attempt)
{
	u64 all = capabilities();
	bool net = attempt == TRIED_NET;
	bool bpf = all >> CAP_BPF_BIT & 1, other = all >> (net ? CAP_NET_ADMIN : CAP_PERFMON_BIT) & 1;
	struct sys_rlimit64 limit;
	char paranoid[8];

	if (!bpf || !other)
		return error_hint(error, "this process lacks %s%s%s; try as root", bpf ? "" : "CAP_BPF",
			!bpf && !other ? " and " : "",
			other ? ""
			: net ? "CAP_NET_ADMIN"
			      : "CAP_PERFMON");
	if (!file_says("/proc/self/uid_map", "4294967295"))
		return error_hint(error, "this process is root only within a user namespace");
	if (file_says("/sys/kernel/security/lockdown", "[confidentiality]") > 0)
		return error_hint(
			error, "the kernel is locked down (confidentiality), which forbids probes and tracing");
	if (attempt <= TRIED_NET && error->errnum == EPERM && !sys_prlimit(RLIMIT_MEMLOCK, NULL, &limit) &&
		limit.cur != ~0ULL && charges_locked_memory(&limit))
		return error_hint(
			error, "RLIMIT_MEMLOCK is %llu bytes, and could not be raised (CAP_SYS_RESOURCE)", limit.cur);
	/* What is above 2 are the distributions' own: Debian's 3 and Ubuntu's 4. */
	file_read_line(PARANOID, paranoid, sizeof(paranoid));
	if (attempt == TRIED_PERF && all != U64_MAX && *paranoid > '2')
		return error_hint(error, "%s is %s", PARANOID, paranoid);
	return -error->errnum;
}

int hint_cause(struct error *error, enum attempt attempt)
{
	if (error->errnum == EPERM || error->errnum == EACCES)
		return hint_permission(error, attempt);
	if (error->errnum == ENOSYS && attempt == TRIED_BPF)
		return error_hint(error, "this kernel was built without CONFIG_BPF_SYSCALL");
	if (error->errnum == EMFILE || error->errnum == ENFILE)
		return error_hint(error, "too many descriptors are open (ulimit -n, fs.file-max)");
	return -error->errnum;
}
