/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_arena.c: the real arena (the other tests use arena_malloc.c): pieces are zeroed, aligned, apart and stay put.
 */
#include "unit.h"
#include "base/arena.c"

static void pieces_stay_apart(void **state)
{
	struct arena arena = {0};
	u8 *pieces[500];
	size_t sizes[500];

	(void)state;
	for (size_t i = 0; i < 500; i++) {
		sizes[i] = i % 50 == 49 ? 100000 + i : i * 7 % 513;
		pieces[i] = arena_alloc(&arena, sizes[i]);
		assert_non_null(pieces[i]);
		assert_int_equal((uintptr_t)pieces[i] % 16, 0);
		for (size_t j = 0; j < sizes[i]; j++)
			assert_int_equal(pieces[i][j], 0);
		memset(pieces[i], (int)i, sizes[i]);
	}
	for (size_t i = 0; i < 500; i++)
		for (size_t j = 0; j < sizes[i]; j++)
			assert_int_equal(pieces[i][j], (u8)i);
	assert_true(arena.total >= 10 * 100000);
	arena_release(&arena);
	assert_null(arena.newest);
	assert_int_equal(arena.total, 0);
	/* And it is ready again. */
	assert_non_null(arena_alloc(&arena, 1));
	arena_release(&arena);
}

static void impossible_sizes(void **state)
{
	struct arena arena = {0};

	(void)state;
	assert_null(arena_alloc(&arena, SIZE_MAX));
	assert_null(arena_alloc(&arena, SIZE_MAX - 15));
	assert_null(arena_alloc(&arena, SIZE_MAX / 2 + 1));
	assert_null(arena_alloc(&arena, SIZE_MAX / 2));
	assert_null(arena_alloc_array(&arena, SIZE_MAX / 8 + 2, 8));
	assert_null(arena_alloc_array(&arena, 8, SIZE_MAX / 8 + 2));
	assert_null(arena_string(&arena, "", SIZE_MAX));
	assert_non_null(arena_alloc(&arena, 0));
	assert_non_null(arena_alloc_array(&arena, 0, 8));
	arena_release(&arena);
}

static void copies(void **state)
{
	struct arena arena = {0};
	char *s;

	(void)state;
	s = arena_copy(&arena, "abc", 2);
	assert_memory_equal(s, "ab", 3); /* zeroed behind */
	assert_string_equal(arena_string(&arena, "abcdef", 3), "abc");
	assert_string_equal(arena_string(&arena, NULL, 0), "");
	assert_string_equal(arena_printf(&arena, "%s/%d", "dir", 7), "dir/7");
	s = arena_printf(&arena, "%5000d", 1);
	assert_int_equal(strlen(s), 4095);
	arena_release(&arena);
}

int main(void)
{
	return RUN(TEST(pieces_stay_apart), TEST(impossible_sizes), TEST(copies));
}
