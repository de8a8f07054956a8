/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_memory.c: the freestanding memcpy() and its like (built under the names own_…) against the C library's, at
 * every alignment and size up to a few words.
 */
#include "unit.h"
#include "base/types.h"

void *own_memcpy(void *restrict to, const void *restrict from, size_t n);
void *own_memmove(void *to, const void *from, size_t n);
void *own_memset(void *to, int byte, size_t n);
int own_memcmp(const void *a, const void *b, size_t n);
const void *own_byte_find(const void *hay, size_t len, u8 byte);

#define ROOM 128
#define MOST 40

static void fill(u8 *buf)
{
	for (int i = 0; i < ROOM; i++)
		buf[i] = (u8)(i * 7 + 3);
}

static void copies(void **state)
{
	u8 from[ROOM], got[ROOM], expected[ROOM];

	(void)state;
	fill(from);
	for (size_t to = 0; to < 9; to++)
		for (size_t at = 0; at < 9; at++)
			for (size_t n = 0; n < MOST; n++) {
				memset(got, 0xee, ROOM);
				memset(expected, 0xee, ROOM);
				memcpy(expected + to, from + at, n);
				assert_ptr_equal(own_memcpy(got + to, from + at, n), got + to);
				assert_memory_equal(got, expected, ROOM);
			}
}

static void moves_over_itself(void **state)
{
	u8 got[ROOM], expected[ROOM];

	(void)state;
	for (size_t to = 0; to < 24; to++)
		for (size_t at = 0; at < 24; at++)
			for (size_t n = 0; n < MOST; n++) {
				fill(got);
				fill(expected);
				memmove(expected + to, expected + at, n);
				assert_ptr_equal(own_memmove(got + to, got + at, n), got + to);
				assert_memory_equal(got, expected, ROOM);
			}
}

static void sets(void **state)
{
	u8 got[ROOM], expected[ROOM];

	(void)state;
	for (size_t to = 0; to < 9; to++)
		for (size_t n = 0; n < MOST; n++)
			for (int byte = -1; byte < 300; byte += 100) {
				fill(got);
				fill(expected);
				memset(expected + to, byte, n);
				assert_ptr_equal(own_memset(got + to, byte, n), got + to);
				assert_memory_equal(got, expected, ROOM);
			}
}

static void compares(void **state)
{
	u8 a[ROOM], b[ROOM];

	(void)state;
	for (size_t n = 0; n < MOST; n++)
		for (size_t at = 0; at < MOST; at++) {
			fill(a);
			fill(b);
			assert_int_equal(own_memcmp(a, b, n), 0);
			b[at] ^= 0x80; /* must compare as unsigned bytes */
			if (at >= n)
				assert_int_equal(own_memcmp(a, b, n), 0);
			else
				assert_int_equal(own_memcmp(a, b, n) < 0, a[at] < b[at]);
			if (at < n)
				assert_int_not_equal(own_memcmp(a, b, n), 0);
		}
}

/* Each byte lies in memory of exactly that size. */
static void finds_bytes(void **state)
{
	(void)state;
	for (size_t n = 0; n < MOST; n++) {
		u8 *hay = exact_copy("abcabcabcabcabcabcabcabcabcabcabcabcabcabcabc", n);

		for (int c = 'a'; c < 'e'; c++)
			assert_ptr_equal(own_byte_find(hay, n, (u8)c), memchr(hay, c, n));
		free(hay);
	}
}

int main(void)
{
	return RUN(TEST(copies), TEST(moves_over_itself), TEST(sets), TEST(compares), TEST(finds_bytes));
}
