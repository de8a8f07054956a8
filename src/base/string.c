/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * string.c: strings that end in NUL, and the numbers in them. See string.h.
 */
#include "base/string.h"
#include "base/memory.h"

size_t str_len(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

bool str_equal(const char *a, const char *b)
{
	for (; *a && *a == *b; a++)
		b++;
	return *a == *b;
}

int str_order(const char *a, size_t len, const char *b)
{
	for (; len && *a && *a == *b; len--)
		a++, b++;
	return (len ? (u8)*a : 0) - (u8)*b;
}

bool str_starts(const char *s, const char *prefix)
{
	for (; *prefix; s++, prefix++)
		if (*s != *prefix)
			return false;
	return true;
}

bool str_ends(const char *s, const char *suffix)
{
	size_t n = str_len(s), m = str_len(suffix);

	return m <= n && str_equal(s + n - m, suffix);
}

const char *str_find(const char *s, char c)
{
	for (; *s; s++)
		if (*s == c)
			return s;
	return NULL;
}

const char *str_find_last(const char *s, char c)
{
	const char *last = NULL;

	for (; *s; s++)
		if (*s == c)
			last = s;
	return last;
}

const char *str_behind(const char *s, const char *words)
{
	for (; *s; s++)
		if (str_starts(s, words))
			return s + str_len(words);
	return NULL;
}

const char *list_entry(const char *list, size_t size, u32 n)
{
	const char *end = list + size;

	for (; n && list < end; n--)
		list += str_len(list) + 1;
	return list < end ? list : NULL;
}

const char *path_basename(const char *path)
{
	const char *slash = str_find_last(path, '/');

	return slash ? slash + 1 : path;
}

bool char_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool char_is_alnum(char c)
{
	return char_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool char_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

const char *skip_blanks(const char *s)
{
	while (char_is_space(*s))
		s++;
	return s;
}

char *next_word(char **line)
{
	char *word = *line, *end;

	while (char_is_space(*word))
		word++;
	for (end = word; *end && !char_is_space(*end); end++)
		;
	*line = end + (*end != '\0');
	*end = '\0';
	return word;
}

static unsigned int digit_value(char c)
{
	if (char_is_digit(c))
		return (unsigned int)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned int)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned int)(c - 'A') + 10;
	return ~0U;
}

bool parse_u64(const char **s, unsigned int base, u64 *value)
{
	const char *p = *s, *first;
	u64 v = 0;

	if ((base == 0 || base == 16) && p[0] == '0' && (p[1] | 0x20) == 'x' && digit_value(p[2]) < 16) {
		p += 2;
		base = 16;
	} else if (base == 0) {
		base = p[0] == '0' ? 8 : 10;
	}
	for (first = p; digit_value(*p) < base; p++) {
		if (v > (U64_MAX - digit_value(*p)) / base)
			return false;
		v = v * base + digit_value(*p);
	}
	if (p == first)
		return false;
	*s = p;
	*value = v;
	return true;
}

bool parse_whole_u64(const char *s, unsigned int base, u64 *value)
{
	u64 v;

	if (!parse_u64(&s, base, &v) || *s)
		return false;
	*value = v;
	return true;
}

bool parse_whole_s64(const char *s, s64 *value)
{
	bool negative = *s == '-';
	u64 v;

	if (!parse_whole_u64(s + negative, 0, &v) || v > (1ULL << 63) - !negative)
		return false;
	*value = (s64)(negative ? 0 - v : v);
	return true;
}

void str_copy(char *dst, size_t size, const char *src)
{
	size_t n = MIN(str_len(src), size - 1);

	memcpy(dst, src, n);
	dst[n] = '\0';
}

unsigned int str_distance(const char *a, const char *b, unsigned int limit)
{
	size_t a_len = str_len(a), b_len = str_len(b);
	u8 row[64];

	if (a_len >= sizeof(row) || b_len >= sizeof(row))
		return limit + 1;
	if ((a_len > b_len ? a_len - b_len : b_len - a_len) > limit)
		return limit + 1;
	/* row[j] is the distance from the first i characters of a to the first j of b. */
	for (size_t j = 0; j <= b_len; j++)
		row[j] = (u8)j;
	for (size_t i = 1; i <= a_len; i++) {
		u8 diagonal = row[0];

		row[0] = (u8)i;
		for (size_t j = 1; j <= b_len; j++) {
			u8 replace = (u8)(diagonal + (a[i - 1] != b[j - 1]));
			u8 shorter = (u8)(MIN(row[j], row[j - 1]) + 1);

			diagonal = row[j];
			row[j] = MIN(replace, shorter);
		}
	}
	return MIN(row[b_len], limit + 1);
}
