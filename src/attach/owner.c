/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * owner.c: who a probe belongs to, written in its group's name. See owner.h.
 */
#include <linux/errno.h>
#include "attach/owner.h"
#include "base/file.h"
#include "base/string.h"
#include "base/sys.h"
#include "base/text.h"

#define START_FIELD 22 /* of /proc/PID/stat, counted from 1 */

/* The inode behind /proc/self/ns/pid, "pid:[4026531836]"; 0 if there is no proc. */
static u64 pid_namespace(void)
{
	char link[64] = "";
	const char *p = link + sizeof("pid:[") - 1;
	u64 inode;

	sys_readlink("/proc/self/ns/pid", link, sizeof(link) - 1);
	return parse_u64(&p, 10, &inode) ? inode : 0;
}

/* When a process started. 1: found; 0: there is no such process; -errno: nobody knows. */
static int start_time(u64 pid, u64 *start)
{
	char path[40], stat[1024], *rest;
	const char *word;
	long n;

	str_printf(path, sizeof(path), "/proc/%llu/stat", pid);
	n = file_read_line(path, stat, sizeof(stat));
	if (n < 0)
		return n == -ENOENT || n == -ESRCH ? 0 : (int)n;
	/* The second field is a name in parentheses, which may hold blanks and parentheses itself. */
	word = str_find_last(stat, ')');
	rest = word ? stat + (word - stat) : stat;
	for (int field = 1; field < START_FIELD; field++)
		word = next_word(&rest);
	return parse_whole_u64(word, 10, start) ? 1 : -EINVAL;
}

void owner_group(char *buf, size_t size)
{
	static u64 start;
	u64 pid = (u64)sys_getpid(), namespace = pid_namespace();

	if (!start && start_time(pid, &start) != 1)
		start = sys_monotonic_ns();
	str_printf(buf, size, OWNER_PREFIX "%llu_%llu_%llu", namespace, pid, start);
}

bool owner_is_gone(const char *group)
{
	u64 namespace, pid, start, now;
	const char *p = group + sizeof(OWNER_PREFIX) - 1;
	int found;

	if (!str_starts(group, OWNER_PREFIX) || !parse_u64(&p, 10, &namespace) || *p++ != '_' ||
		!parse_u64(&p, 10, &pid) || *p++ != '_' || !parse_u64(&p, 10, &start) || (*p && *p != '/'))
		return false;
	if (!namespace || namespace != pid_namespace())
		return false;
	found = start_time(pid, &now);
	return found == 0 || (found == 1 && now != start);
}
