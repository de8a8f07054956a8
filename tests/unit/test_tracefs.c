/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_tracefs.c: where tracefs is, or why it is not; probes' commands, numbers, and what the kernel says of them.
 */
#include <unistd.h>
#include "made_up_kernel.h"
#include "kernel/tracefs.h"

#define USUAL "/sys/kernel/tracing"

/* Whether that is what comes of it, in a process that has not looked for tracefs yet. */
static bool says(const char *message)
{
	int child = sys_fork(), status = -1;

	if (!child)
		_exit(tracefs_open_kprobe_events(&error) >= 0 || !strstr(error.message, message));
	assert_int_equal(sys_wait(child, &status, 0), child);
	return status == 0;
}

static void places(void **state)
{
	static const struct {
		const char *mounts, *there;
		bool may_mount;
		const char *message;
	} cases[] = {
		{NULL, NULL, false, USUAL " failed; there is no " USUAL ": is sysfs mounted on /sys?"},
		{NULL, "/sys/kernel", false,
			USUAL " failed; there is no " USUAL ": this kernel has no tracing (CONFIG_F"},
		{NULL, USUAL, false, "tracefs is not mounted, and mounting it at " USUAL " failed; this process lacks"},
		{NULL, NULL, true,
			USUAL "/kprobe_events cannot be opened; this kernel was built without CONFIG_KPROBE"},
		{"tracefs /a tracefs rw 0 0\nx /b tracefs rw 0 0\n", "/b/trace", true, "/b/kprobe_events cannot be"},
		{"tracefs /a tracefs rw 0 0\nx /b tracefs rw 0 0\n", "/c/trace", true, USUAL "/kprobe_events cannot"},
		{"x /a debugfs rw 0 0\n", "/a/trace", true, USUAL "/kprobe_events cannot be opened"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (cases[i].mounts)
			put_file("/proc/self/mounts", cases[i].mounts);
		if (cases[i].there)
			put_file(cases[i].there, "");
		kernel.may_mount = cases[i].may_mount;
		if (!says(cases[i].message))
			fail_msg("not '%s'", cases[i].message);
		start_over();
	}
	/* Without proc, but mounted all the same. */
	put_copy(USUAL "/kprobe_events", "/there/is/none");
	assert_true(says(USUAL "/kprobe_events cannot be opened"));
}

/* From here on it is found at /t. */
static void put_tracefs(void)
{
	put_file("/proc/self/mounts", "tracefs /t tracefs rw 0 0\n");
	put_file("/t/trace", "");
}

static void commands(void **state)
{
	char path[] = "/tmp/test_tracefs-XXXXXX", text[64];
	int temporary = mkstemp(path), fd, other;

	(void)state;
	assert_int_equal(write(temporary, "others\n", 7), 7);
	put_tracefs();
	put_copy("/t/kprobe_events", path);
	fd = tracefs_open_kprobe_events(&error);
	assert_no_error(&error, fd < 0);
	assert_int_equal(kernel.mounts, 0);
	/* Nobody else has the lock. */
	other = sys_open("/t/kprobe_events", O_RDONLY);
	assert_true(sys_flock(other, LOCK_EX | 4 /* LOCK_NB */) < 0);
	assert_int_equal(tracefs_write(fd, "p:g/e f"), 0);
	assert_int_equal(pread(temporary, text, sizeof(text), 0), 14);
	assert_memory_equal(text, "others\np:g/e f", 14);
	assert_int_equal(tracefs_write(other, "p:g/e f"), -EBADF);
	sys_close(other);
	sys_close(fd);
	close(temporary);
	unlink(path);
	assert_error(
		&error, tracefs_open_kprobe_events(&error), ENOENT, "; this kernel was built without CONFIG_KPROBE");
	put_copy("/t/kprobe_events", "/dev/null/none");
	assert_int_equal(tracefs_open_kprobe_events(&error), -ENOTDIR);
	assert_string_equal(error.message, "/t/kprobe_events cannot be opened");
	error_clear(&error);
}

static int count_lines(void *context, char *line)
{
	return ++*(int *)context == 2 ? 7 : !*line;
}

static void events(void **state)
{
	static const struct {
		const char *text;
		int id;
	} ids[] = {
		{"1234\n", 1234}, {"2147483647", 2147483647}, {"2147483648", -EINVAL}, {"", -EINVAL}, {"1x", -EINVAL}};
	int count = 0;

	(void)state;
	assert_int_equal(tracefs_event_id("g/e"), -ENOENT);
	assert_false(tracefs_event_exists("g/e"));
	put_file("/t/events/g/e", "");
	assert_true(tracefs_event_exists("g/e"));
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		put_file("/t/events/g/e/id", ids[i].text);
		assert_int_equal(tracefs_event_id("g/e"), ids[i].id);
	}
	put_file("/t/kprobe_profile", "a\nb\nc\n");
	assert_int_equal(tracefs_each_line("kprobe_profile", count_lines, &count), 7);
	assert_int_equal(count, 2);
}

/* The last refusal of this very command, however often others were refused. */
static void explanations(void **state)
{
	static const char log[] = "[ 1.2] trace_kprobe: error: Old words\n  Command: p:g/e f+1\n            ^\n"
				  "[ 1.3] trace_kprobe: error: Probe point is not on a boundary\n  Command: p:g/e f+1\n"
				  "[ 1.4] trace_kprobe: error: Other words\n  Command: p:g/e f+12\n";
	char words[64];

	(void)state;
	tracefs_explain("p:g/e f+1", words, sizeof(words));
	assert_string_equal(words, "");
	put_file("/t/error_log", log);
	tracefs_explain("p:g/e f+1", words, sizeof(words));
	assert_string_equal(words, "Probe point is not on a boundary");
	tracefs_explain("p:g/e f", words, sizeof(words));
	assert_string_equal(words, "");
	tracefs_explain("p:g/e f+1", words, 6);
	assert_string_equal(words, "Probe");
}

int main(void)
{
	return RUN(EACH(places), EACH(commands), EACH(events), EACH(explanations));
}
