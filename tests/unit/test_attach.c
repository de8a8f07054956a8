/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_attach.c: what of attaching needs no privilege: which places a section may name, and whose probe a group's name
 * says it is.
 */
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "unit.h"
#include "attach/kprobe.h"
#include "attach/owner.h"

static struct error error;
static struct kprobe_target target;

static int parse(const char *text)
{
	return kprobe_parse(&error, text, false, &target);
}

static void targets(void **state)
{
	(void)state;
	assert_no_error(&error, parse("do_exit"));
	assert_string_equal(target.function, "do_exit");
	assert_true(!target.offset && !target.is_return);
	assert_no_error(&error, parse("xfs:xfs_$read.isra.0+0x10"));
	assert_string_equal(target.function, "xfs:xfs_$read.isra.0");
	assert_int_equal(target.offset, 16);
	assert_no_error(&error, kprobe_parse(&error, "_a", true, &target));
	assert_true(target.is_return);
}

/* Nothing reaches the kernel that it would take for a second word, a second command or an address. */
static void no_targets(void **state)
{
	static const char *const texts[] = {
		"", "+8", ":f", "1f", ".f", "f g", "f\tg", "f\ng", "f/g", "f-1", "f\xff", "f,g"};
	char name[sizeof(target.function) + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_error(&error, parse(texts[i]), EINVAL, "is no function's name");
	assert_error(&error, parse("f+1+2"), EINVAL, "'f+1+2' is no function's name");
	assert_error(&error, parse("f+8x"), EINVAL, "'+8x' is no offset; expected FUNCTION+BYTES");
	assert_error(&error, parse("f+"), EINVAL, "'+' is no offset");
	assert_error(&error, kprobe_parse(&error, "f+0", true, &target), EINVAL,
		"a return probe has no offset, this one has '+0'");
	memset(name, 'n', sizeof(name));
	name[sizeof(target.function) - 1] = '\0';
	assert_no_error(&error, parse(name));
	assert_string_equal(target.function, name);
	name[sizeof(target.function) - 1] = 'n';
	name[sizeof(target.function)] = '\0';
	assert_error(&error, parse(name), EINVAL, "is no function's name");
}

/* This process's pid namespace and, as proc(5) has it, its start. */
static void own(unsigned long long *namespace, unsigned long long *start)
{
	char link[64] = "", stat[1024], *p;
	FILE *file = fopen("/proc/self/stat", "r");

	assert_true(file && readlink("/proc/self/ns/pid", link, sizeof(link) - 1) > 0);
	assert_int_equal(sscanf(link, "pid:[%llu]", namespace), 1);
	stat[fread(stat, 1, sizeof(stat) - 1, file)] = '\0';
	fclose(file);
	p = strrchr(stat, ')') + 2;
	for (int field = 3; field < 22; field++)
		p = strchr(p, ' ') + 1;
	*start = strtoull(p, NULL, 10);
}

static bool is_gone(const char *format, unsigned long long a, unsigned long long b, unsigned long long c)
{
	char group[128];

	snprintf(group, sizeof(group), format, a, b, c);
	return owner_is_gone(group);
}

static void owners(void **state)
{
	unsigned long long namespace, start, pid = (unsigned long long)getpid();
	char group[64], expected[64];
	pid_t dead;

	(void)state;
	/* The name stands before what is looked for, and may hold anything. */
	prctl(PR_SET_NAME, "a) b (c 1 2");
	own(&namespace, &start);
	owner_group(group, sizeof(group));
	snprintf(expected, sizeof(expected), "loader_%llu_%llu_%llu", namespace, pid, start);
	assert_string_equal(group, expected);
	assert_false(owner_is_gone(group));
	assert_false(is_gone("loader_%llu_%llu_%llu/p0_do_exit", namespace, pid, start));
	/* The same pid, but another process. */
	assert_true(is_gone("loader_%llu_%llu_%llu", namespace, pid, start - 1));
	assert_true(is_gone("loader_%llu_%llu_%llu/p0_do_exit", namespace, pid, start + 1));
	/* No process, as far as this namespace knows, but not of another one, nor of none. */
	dead = fork();
	if (!dead)
		_exit(0);
	waitpid(dead, NULL, 0);
	assert_true(is_gone("loader_%llu_%llu_%llu/p0_do_exit", namespace, (unsigned long long)dead, start));
	assert_false(is_gone("loader_%llu_%llu_%llu/p0_do_exit", namespace + 1, (unsigned long long)dead, start));
	assert_false(is_gone("loader_%llu_%llu_%llu/p0_do_exit", 0, (unsigned long long)dead, start));
	/* Names that are none of ours. */
	assert_false(is_gone("loader_%llu_%llu_%llux/p0_do_exit", namespace, (unsigned long long)dead, start));
	assert_false(is_gone("loader_%llu_%llu_%llu_1", namespace, (unsigned long long)dead, start));
	assert_false(is_gone("Loader_%llu_%llu_%llu", namespace, (unsigned long long)dead, start));
	assert_false(is_gone("loader_%llu_%llu", namespace, (unsigned long long)dead, 0));
	assert_false(is_gone("loader_%llu-%llu_%llu", namespace, (unsigned long long)dead, start));
	assert_false(owner_is_gone("loader_x/event"));
	assert_false(owner_is_gone(""));
}

int main(void)
{
	return RUN(TEST(targets), TEST(no_targets), TEST(owners));
}
