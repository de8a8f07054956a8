/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * unit.h: what all unit tests share: cmocka, an arena that counts and can fail, and one way to ask for an error.
 *
 * A test binary is one file, test_NAME.c, with a main() that runs a list of functions:
 *
 *	static void adds(void **state) { … assert_int_equal(…); }
 *	int main(void) { return RUN(TEST(adds)); }
 */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#undef WNOHANG /* <stdlib.h> brings it, base/sys.h has its own */
#include <linux/errno.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"

#define TEST(function) cmocka_unit_test(function)
#define RUN(...)                                                          \
	({                                                                \
		const struct CMUnitTest tests[] = {__VA_ARGS__};          \
		cmocka_run_group_tests_name(__FILE__, tests, NULL, NULL); \
	})

/* arena_malloc.c: the arena of the tests. The allocation after `left` more fails, and all after it; -1: none. */
void arena_fail_after(long left);
/* How many allocations live, in all arenas. */
long arena_live(void);

/* Fails the test unless the error is `errnum` and its message holds `part`. Clears it. */
static inline void assert_error(struct error *error, int result, int errnum, const char *part)
{
	if (result == -errnum && error->errnum == errnum && strstr(error->message, part)) {
		error_clear(error);
		return;
	}
	fail_msg("got %d, \"%s\" (%s)\nexpected %d, \"… %s …\"", result, error->message, errno_name(error->errnum),
		-errnum, part);
}

/* Fails the test with the message of the error, if there is one. */
static inline void assert_no_error(const struct error *error, int result)
{
	if (result || error->errnum)
		fail_msg("got %d, \"%s\" (%s)", result, error->message, errno_name(error->errnum));
}

/* A file's bytes, in memory of exactly that size, so that a read behind the end is seen. The caller frees them. */
static inline struct bytes read_whole(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct bytes bytes = {0};
	u8 *data;

	if (!file)
		fail_msg("%s cannot be opened", path);
	fseek(file, 0, SEEK_END);
	bytes.size = (size_t)ftell(file);
	rewind(file);
	data = malloc(bytes.size);
	if (fread(data, 1, bytes.size, file) != bytes.size)
		fail_msg("%s cannot be read", path);
	fclose(file);
	bytes.data = data;
	return bytes;
}

/* The same bytes again, exactly `size` of them, to be changed and freed. */
static inline u8 *exact_copy(const void *data, size_t size)
{
	u8 *copy = malloc(size ? size : 1);

	memcpy(copy, data, size);
	return copy;
}

static inline void bytes_free(struct bytes bytes)
{
	free((void *)(uintptr_t)bytes.data);
}

#endif
