/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * memory.h: bytes, copied, filled, compared and searched; and numbers loaded from any address.
 *
 * The first four are the ones a compiler may call behind our back even in a freestanding program. They behave
 * as in ISO C. In hosted builds (unit tests, fuzzers) the C library provides them.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include "base/types.h"

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);

/* The first byte equal to `byte`, or NULL. */
const void *byte_find(const void *hay, size_t len, u8 byte);

static inline bool bytes_are_zero(const u8 *data, u64 size)
{
	while (size && !*data)
		data++, size--;
	return !size;
}

/* Loads from anywhere: data in a file is aligned to nothing in particular. */
static inline u16 load_u16(const void *p)
{
	u16 v;

	__builtin_memcpy(&v, p, sizeof(v));
	return v;
}

static inline u32 load_u32(const void *p)
{
	u32 v;

	__builtin_memcpy(&v, p, sizeof(v));
	return v;
}

static inline u64 load_u64(const void *p)
{
	u64 v;

	__builtin_memcpy(&v, p, sizeof(v));
	return v;
}

#endif
