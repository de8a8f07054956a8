/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * memory.c: the four functions a compiler takes for granted, and two searches. See memory.h.
 *
 * They move eight bytes at a time through __builtin_memcpy of a constant size, which the compiler turns into
 * one load or store where the machine allows unaligned access, and into smaller ones where it does not.
 */
#include "base/memory.h"

#if !__STDC_HOSTED__

/* no_builtin: without it the compiler recognises the loop and replaces it by a call to the function itself. */
#define SELF(name) __attribute__((no_builtin(#name), used))

SELF(memcpy) void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	u8 *d = to;
	const u8 *s = from;
	u64 word;

	for (; n >= sizeof(word); n -= sizeof(word), d += sizeof(word), s += sizeof(word)) {
		__builtin_memcpy(&word, s, sizeof(word));
		__builtin_memcpy(d, &word, sizeof(word));
	}
	while (n--)
		*d++ = *s++;
	return to;
}

SELF(memmove) void *memmove(void *to, const void *from, size_t n)
{
	u8 *d = to;
	const u8 *s = from;

	/* memcpy goes upwards, a word read before it is written: right whenever the target lies below. */
	if (d <= s || d >= s + n)
		return memcpy(to, from, n);
	while (n--)
		d[n] = s[n];
	return to;
}

SELF(memset) void *memset(void *to, int byte, size_t n)
{
	u8 *d = to;
	u64 word = 0x0101010101010101ULL * (u8)byte;

	for (; n >= sizeof(word); n -= sizeof(word), d += sizeof(word))
		__builtin_memcpy(d, &word, sizeof(word));
	while (n--)
		*d++ = (u8)byte;
	return to;
}

SELF(memcmp) int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a, *y = b;

	for (; n && *x == *y; n--)
		x++, y++;
	return n ? *x - *y : 0;
}

#endif

const void *byte_find(const void *hay, size_t len, u8 byte)
{
	const u8 *p = hay, *end = p + len;

	for (; p < end; p++)
		if (*p == byte)
			return p;
	return NULL;
}
