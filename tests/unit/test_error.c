/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_error.c: one message from the place that knows, with places in front and a hint behind.
 */
#include "unit.h"

static void words_in_front(void **state)
{
	struct error e = {0};

	(void)state;
	assert_int_equal(error_set(&e, EINVAL, "max_entries is %u, expected a power of two", 1000u), -EINVAL);
	assert_int_equal(error_in(&e, "map '%s'", "events"), -EINVAL);
	assert_int_equal(error_in(&e, "%s: .maps", "exec.bpf.o"), -EINVAL);
	assert_int_equal(error_hint(&e, "use %d", 4096), -EINVAL);
	assert_string_equal(
		e.message, "exec.bpf.o: .maps: map 'events': max_entries is 1000, expected a power of two; use 4096");
}

static void first_word_counts(void **state)
{
	struct error e = {0};

	(void)state;
	error_set(&e, ENOENT, "first");
	assert_int_equal(error_set(&e, EINVAL, "second"), -ENOENT);
	assert_string_equal(e.message, "first");
	error_clear(&e);
	assert_int_equal(e.errnum, 0);
	assert_string_equal(e.message, "");
	assert_int_equal(error_set(&e, EINVAL, "second"), -EINVAL);
	assert_string_equal(e.message, "second");
}

/* However long the parts, the message ends, and its front survives. */
static void too_long(void **state)
{
	struct error *e = calloc(1, sizeof(*e));
	char words[3000];

	(void)state;
	memset(words, 'w', sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	error_set(e, EINVAL, "%s", words);
	assert_int_equal(strlen(e->message), sizeof(e->message) - 1);
	error_in(e, "front %d", 1);
	assert_int_equal(strlen(e->message), sizeof(e->message) - 1);
	assert_memory_equal(e->message, "front 1: www", 12);
	error_hint(e, "%s", words);
	assert_int_equal(strlen(e->message), sizeof(e->message) - 1);
	for (int i = 0; i < 1000; i++)
		error_in(e, "%d", i);
	assert_memory_equal(e->message, "999: 998: ", 10);
	error_clear(e);
	error_set(e, EINVAL, "short");
	error_hint(e, "%s", words);
	assert_memory_equal(e->message, "short; www", 10);
	free(e);
}

/* What an earlier, longer message left behind it is not to be read. */
static void shorter_than_before(void **state)
{
	struct error e = {0};

	(void)state;
	memset(e.message, 'x', sizeof(e.message) - 1);
	e.errnum = EINVAL;
	e.message[0] = '\0';
	error_in(&e, "front");
	assert_string_equal(e.message, "front: ");
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(errno_name(EINVAL), "EINVAL");
	assert_string_equal(errno_name(-EINVAL), "EINVAL");
	assert_string_equal(errno_name(EAGAIN), "EAGAIN");
	assert_string_equal(errno_name(524), "ENOTSUPP");
	assert_string_equal(errno_name(4000), "errno 4000");
	assert_string_equal(errno_name(-7777), "errno 7777");
	assert_string_equal(errno_name(0), "errno 0");
	/* Every name is its number's: the C library knows them, too. */
	assert_string_equal(errno_name(EUCLEAN), "EUCLEAN");
	assert_string_equal(errno_name(ENOKEY), "ENOKEY");
}

int main(void)
{
	return RUN(
		TEST(words_in_front), TEST(first_word_counts), TEST(too_long), TEST(shorter_than_before), TEST(names));
}
