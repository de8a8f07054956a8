/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * arena_copy.c: copies in an arena, made from arena_alloc() alone. See arena.h.
 *
 * So the unit tests can put an arena of malloc()ed pieces under it, and have the sanitizers watch every one.
 */
#include "base/arena.h"
#include "base/memory.h"
#include "base/text.h"

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return NULL;
	return arena_alloc(arena, bytes);
}

void *arena_copy(struct arena *arena, const void *data, size_t len)
{
	void *copy = arena_alloc(arena, len);

	if (copy && len)
		memcpy(copy, data, len);
	return copy;
}

char *arena_string(struct arena *arena, const char *s, size_t len)
{
	char *copy = len == (size_t)-1 ? NULL : arena_alloc(arena, len + 1);

	if (copy && len)
		memcpy(copy, s, len);
	return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	char buffer[4096];
	struct text text = text_in(buffer, sizeof(buffer));
	va_list args;

	va_start(args, format);
	text_vprintf(&text, format, args);
	va_end(args);
	return arena_string(arena, buffer, text.len);
}
