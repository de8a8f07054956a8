/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * tracefs.c: the kernel's tracing directory, and the probes defined in it. See tracefs.h.
 */
#include <linux/errno.h>
#include "base/file.h"
#include "base/string.h"
#include "base/sys.h"
#include "base/text.h"
#include "kernel/call.h"
#include "kernel/hints.h"
#include "kernel/tracefs.h"

#define USUAL_PLACE "/sys/kernel/tracing"

static char tracefs[256]; /* "" until it is found */
static char path[512];    /* of one file below it at a time */

/* The path of a file below tracefs, once that is found. */
static const char *path_of(const char *folder, const char *name, const char *file)
{
	str_printf(path, sizeof(path), "%s/%s%s%s", tracefs, folder, name, file);
	return path;
}

/*
 * A line of /proc/self/mounts: "SOURCE PLACE TYPE OPTIONS 0 0". One that another mount hides is passed over, and so is
 * a folder of tracefs that is mounted alone, and a PLACE with blanks in it, which are written as \040.
 */
static int check_mount(void *context, char *line)
{
	const char *place = (next_word(&line), next_word(&line));

	(void)context;
	if (!str_equal(next_word(&line), "tracefs"))
		return 0;
	str_copy(tracefs, sizeof(tracefs), place);
	if (sys_access(path_of("", "trace", "")) != -ENOENT)
		return 1;
	tracefs[0] = '\0';
	return 0;
}

static int find_tracefs(struct error *error)
{
	int err;

	if (tracefs[0] || file_each_line("/proc/self/mounts", check_mount, NULL) == 1)
		return 0;
	/* Without proc there may still be a mount; a file in it is proof enough. */
	err = sys_access(USUAL_PLACE "/kprobe_events") ? sys_mount("tracefs", USUAL_PLACE, "tracefs", 0, NULL) : 0;
	if (!err) {
		str_copy(tracefs, sizeof(tracefs), USUAL_PLACE);
		return 0;
	}
	error_set(error, -err, "tracefs is not mounted, and mounting it at " USUAL_PLACE " failed");
	if (sys_access(USUAL_PLACE))
		error_hint(error, "there is no " USUAL_PLACE ": %s",
			sys_access("/sys/kernel") ? "is sysfs mounted on /sys?"
						  : "this kernel has no tracing (CONFIG_FTRACE)");
	return hint_cause(error, TRIED_TRACEFS);
}

int tracefs_open_kprobe_events(struct error *error)
{
	int fd;

	if (find_tracefs(error))
		return -error->errnum;
	path_of("", "kprobe_events", "");
	fd = (int)kernel_report(sys_open(path, O_WRONLY | O_APPEND), "open(\"%s\", O_WRONLY | O_APPEND)", path);
	if (fd >= 0) {
		sys_flock(fd, LOCK_EX);
		return fd;
	}
	error_set(error, -fd, "%s cannot be opened", path);
	if (fd == -ENOENT)
		return error_hint(error, "this kernel was built without CONFIG_KPROBE_EVENTS");
	return hint_cause(error, TRIED_TRACEFS);
}

int tracefs_write(int kprobe_events_fd, const char *command)
{
	return (int)kernel_report(
		file_write_once(kprobe_events_fd, command, str_len(command)), "write(kprobe_events, \"%s\")", command);
}

int tracefs_event_id(const char *event)
{
	char text[32];
	u64 id;
	long n;

	n = file_read_line(path_of("events/", event, "/id"), text, sizeof(text));
	kernel_report(n, "read(\"%s\") \"%s\"", path, text);
	if (n < 0)
		return (int)n;
	return parse_whole_u64(text, 10, &id) && id <= 0x7fffffff ? (int)id : -EINVAL;
}

bool tracefs_event_exists(const char *event)
{
	return !sys_access(path_of("events/", event, ""));
}

int tracefs_each_line(const char *file, int (*visit)(void *context, char *line), void *context)
{
	return file_each_line(path_of("", file, ""), visit, context);
}

/* Looks for the last refusal of one command; others' refusals stand in the same file. */
struct error_search {
	const char *command;
	char words[128]; /* of the refusal whose command has not come yet */
	char *buf;
	size_t size;
};

/*
 * For each refusal (kernel/trace/trace.c:tracing_log_err()):
 *
 *	[  12.345] trace_kprobe: error: Probe point is not an instruction boundary
 *	  Command: p:group/event do_exit+1
 *	                         ^
 */
static int search_error(void *context, char *line)
{
	struct error_search *search = context;
	const char *words = str_behind(line, "error: "), *command = str_behind(line, "  Command: ");

	if (command && str_equal(command, search->command)) {
		str_copy(search->buf, search->size, search->words);
	} else if (words) {
		str_copy(search->words, sizeof(search->words), words);
	}
	return 0;
}

void tracefs_explain(const char *command, char *buf, size_t size)
{
	struct error_search search = {.command = command, .buf = buf, .size = size};

	buf[0] = '\0';
	tracefs_each_line("error_log", search_error, &search);
}
