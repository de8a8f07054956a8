/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_string.c: strings and the numbers in them, at their limits.
 */
#include "unit.h"
#include "base/string.h"
#include "base/types.h"

static void comparing(void **state)
{
	(void)state;
	assert_int_equal(str_len(""), 0);
	assert_int_equal(str_len("abc"), 3);
	assert_true(str_equal("", "") && str_equal("abc", "abc"));
	assert_false(str_equal("abc", "ab") || str_equal("ab", "abc") || str_equal("abc", "abd") || str_equal("", "a"));
	assert_true(str_starts("kprobe/x", "kprobe") && str_starts("a", "") && str_starts("", ""));
	assert_false(str_starts("kp", "kprobe") || str_starts("xkprobe", "kprobe"));
	assert_true(str_ends("events.rodata", ".rodata") && str_ends("abc", "") && str_ends("abc", "abc"));
	assert_false(str_ends("data", ".rodata") || str_ends("abcd", "abc"));
}

static void finding(void **state)
{
	static const char path[] = "usr/lib/x.o";

	(void)state;
	assert_ptr_equal(str_find(path, '/'), path + 3);
	assert_ptr_equal(str_find_last(path, '/'), path + 7);
	assert_null(str_find(path, 'z'));
	assert_null(str_find_last("", '/'));
	assert_ptr_equal(str_behind(path, "/"), path + 4);
	assert_ptr_equal(str_behind(path, "x.o"), path + 11);
	assert_ptr_equal(str_behind(path + 3, "/l"), path + 5);
	assert_null(str_behind(path, "x.o."));
	assert_null(str_behind("", "a"));
	assert_string_equal(path_basename(path), "x.o");
	assert_string_equal(path_basename("x.o"), "x.o");
	assert_string_equal(path_basename("dir/"), "");
}

static void characters(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		bool digit = c >= '0' && c <= '9', letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		assert_int_equal(char_is_digit((char)c), digit);
		assert_int_equal(char_is_alnum((char)c), digit || letter);
		assert_int_equal(char_is_space((char)c), c == ' ' || (c >= 9 && c <= 13));
	}
}

static void numbers(void **state)
{
	static const struct {
		const char *text;
		unsigned int base;
		bool ok;
		u64 value;
		const char *rest;
	} cases[] = {
		{"0", 0, true, 0, ""},
		{"42", 0, true, 42, ""},
		{"42abc", 0, true, 42, "abc"},
		{"0x2a", 0, true, 42, ""},
		{"0X2Ag", 0, true, 42, "g"},
		{"052", 0, true, 42, ""},
		{"08", 0, true, 0, "8"},
		{"0x", 0, true, 0, "x"},
		{"0xg", 0, true, 0, "xg"},
		{"2a", 16, true, 42, ""},
		{"0x2a", 16, true, 42, ""},
		{"101", 2, true, 5, ""},
		{"012", 10, true, 12, ""},
		{"18446744073709551615", 0, true, U64_MAX, ""},
		{"18446744073709551616", 0, false, 0, NULL},
		{"99999999999999999999999", 0, false, 0, NULL},
		{"0xffffffffffffffff", 0, true, U64_MAX, ""},
		{"0x10000000000000000", 0, false, 0, NULL},
		{"0000000000000000000000000000000001", 0, true, 1, ""},
		{"01777777777777777777777", 0, true, U64_MAX, ""},
		{"02000000000000000000000", 0, false, 0, NULL},
		{"", 0, false, 0, NULL},
		{" 1", 0, false, 0, NULL},
		{"-1", 0, false, 0, NULL},
		{"+1", 0, false, 0, NULL},
		{"x", 0, false, 0, NULL},
		{"g", 16, false, 0, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *at = cases[i].text;
		u64 value = 77;

		if (parse_u64(&at, cases[i].base, &value) != cases[i].ok)
			fail_msg("'%s' in base %u", cases[i].text, cases[i].base);
		assert_int_equal(value, cases[i].ok ? cases[i].value : 77);
		assert_string_equal(at, cases[i].ok ? cases[i].rest : cases[i].text);
	}
}

static void whole_numbers(void **state)
{
	u64 u = 7;
	s64 s = 7;

	(void)state;
	assert_true(parse_whole_u64("123", 0, &u) && u == 123);
	assert_false(parse_whole_u64("123 ", 0, &u) || parse_whole_u64("", 0, &u) || parse_whole_u64("0x", 0, &u));
	assert_int_equal(u, 123);
	assert_true(parse_whole_s64("-1", &s) && s == -1);
	assert_true(parse_whole_s64("0x7fffffffffffffff", &s) && s == 0x7fffffffffffffffLL);
	assert_true(parse_whole_s64("-9223372036854775808", &s) && s == -0x7fffffffffffffffLL - 1);
	assert_true(parse_whole_s64("-0", &s) && s == 0);
	assert_false(parse_whole_s64("9223372036854775808", &s) || parse_whole_s64("-9223372036854775809", &s));
	assert_false(parse_whole_s64("--1", &s) || parse_whole_s64("-", &s) || parse_whole_s64("", &s));
	assert_int_equal(s, 0);
}

static void copying(void **state)
{
	(void)state;
	for (size_t size = 1; size < 8; size++) {
		char *buf = malloc(size);

		str_copy(buf, size, "abcd");
		assert_int_equal(strlen(buf), MIN(size - 1, (size_t)4));
		assert_memory_equal(buf, "abcd", strlen(buf));
		free(buf);
	}
}

/* The textbook table, for comparison. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int table[64][64];

	for (size_t i = 0; i <= strlen(a); i++)
		for (size_t j = 0; j <= strlen(b); j++) {
			unsigned int best = (unsigned int)(i ? j ? 1000 : i : j);

			if (i && j) {
				best = MIN(table[i - 1][j], table[i][j - 1]) + 1;
				best = MIN(best, table[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			}
			table[i][j] = best;
		}
	return table[strlen(a)][strlen(b)];
}

/* The line is cut at its blanks, and no further: behind the last word is its end, however often one asks. */
static void words(void **state)
{
	static const char *const expected[] = {"-:by/one", "two", "3", "", ""};
	char line[] = "  -:by/one two\t 3", *rest = line;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
		assert_string_equal(next_word(&rest), expected[i]);
	assert_ptr_equal(rest, line + sizeof(line) - 1);
}

static void distances(void **state)
{
	static const char *const words[] = {"", "a", "b", "ab", "ba", "abc", "tcp_connect", "tcp_conect",
		"tcp_v4_connect", "do_exit", "kitten", "sitting"};
	char length_63[64], length_64[65];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		for (size_t j = 0; j < ARRAY_SIZE(words); j++)
			for (unsigned int limit = 0; limit < 16; limit++)
				assert_int_equal(str_distance(words[i], words[j], limit),
					MIN(distance(words[i], words[j]), limit + 1));
	memset(length_63, 'a', sizeof(length_63));
	memset(length_64, 'a', sizeof(length_64));
	length_63[63] = length_64[64] = '\0';
	assert_int_equal(str_distance(length_63, length_63, 3), 0);
	assert_int_equal(str_distance(length_64, length_64, 3), 4);
	length_63[62] = 'b';
	assert_int_equal(str_distance("", length_63, 100), 63);
}

int main(void)
{
	return RUN(TEST(comparing), TEST(finding), TEST(characters), TEST(numbers), TEST(whole_numbers), TEST(copying),
		TEST(words), TEST(distances));
}
