/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_nearest.c: which names are near, and in which order they are told.
 */
#include "base/nearest.h"
#include "unit.h"

/* The message of an error with a hint at what is near `wanted` of names that lie end to end. */
static const char *hint(const char *wanted, const char *const *names)
{
	static struct error error;
	struct nearest nearest = {.wanted = wanted};

	for (; *names; names++)
		nearest_look(&nearest, *names);
	error_clear(&error);
	error_set(&error, ENOENT, "none");
	assert_int_equal(nearest_hint(&error, &nearest), -ENOENT);
	return error.message;
}

#define HINT(wanted, ...) hint(wanted, (const char *const[]){__VA_ARGS__, NULL})

static void order(void **state)
{
	(void)state;
	assert_string_equal(HINT("tcp_conect", "tcp_connects", "vfs_read", "tcp_connect"),
		"none; nearest: 'tcp_connect', 'tcp_connects'");
	/* No more than three, each once; of those that are equally near the first. */
	assert_string_equal(HINT("event", "eventA", "eventB", "eventB", "eventC", "eventD"),
		"none; nearest: 'eventA', 'eventB', 'eventC'");
	/* One that is nearer pushes the last one out, also when the list is full. */
	assert_string_equal(
		HINT("abcdef", "abcd", "abcdefXX", "bcde", "abcdeX"), "none; nearest: 'abcdeX', 'abcd', 'abcdefXX'");
}

static void distance(void **state)
{
	(void)state;
	assert_string_equal(HINT("tcp_connect", "vfs_read", "", "t"), "none");
	/* A third of a name's letters may differ, and four at most. */
	assert_string_equal(HINT("ab", "ac"), "none");
	assert_string_equal(HINT("abc", "abd"), "none; nearest: 'abd'");
	assert_string_equal(HINT("abcdefghijklmnopqrstuvwx", "abcdefghijklmnopqrstXXXX"),
		"none; nearest: 'abcdefghijklmnopqrstXXXX'");
	assert_string_equal(HINT("abcdefghijklmnopqrstuvwx", "abcdefghijklmnopqrsXXXXX"), "none");
}

static void variants(void **state)
{
	(void)state;
	assert_string_equal(HINT("ab", "ac", "ab.constprop.0", "abc.isra.0"), "none; nearest: 'ab.constprop.0'");
	assert_string_equal(
		HINT("do_exit", "do_exits", "do_exit.part.0"), "none; nearest: 'do_exit.part.0', 'do_exits'");
}

static void long_names(void **state)
{
	char wanted[200], name[200];

	(void)state;
	memset(wanted, 'x', sizeof(wanted));
	wanted[150] = '\0';
	memcpy(name, wanted, sizeof(name));
	memcpy(name + 150, ".cold", 6);
	assert_non_null(strstr(HINT(wanted, name), "nearest: 'xxx"));
	/* Of names longer than 63 characters no distance is known. */
	assert_string_equal(HINT("x", wanted), "none");
}

int main(void)
{
	return RUN(cmocka_unit_test(order), cmocka_unit_test(distance), cmocka_unit_test(variants),
		cmocka_unit_test(long_names));
}
