/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * arena.h: memory that is given back all at once.
 *
 * A parser that frees nothing cannot free twice. Everything one load needs comes from one arena; when the load
 * is over the arena goes, and with it every structure, string and table. Pointers into an arena stay valid
 * until then: nothing is ever moved or grown in place.
 *
 *	chunk                       chunk
 *	+--------+-----------+      +--------+------------------+
 *	| header | used |free| <--- | header | used      | free |
 *	+--------+-----------+      +--------+------------------+
 *	                              ^ arena->newest
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/types.h"

struct arena_chunk;

/* An arena of zero bytes ({0}) is empty and ready. */
struct arena {
	struct arena_chunk *newest;
	size_t total; /* bytes obtained from the kernel, for the curious */
};

/* `size` zeroed bytes, aligned for any type; NULL when the kernel has none left. Size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);

/* `count` elements of `size` bytes, zeroed; NULL also when the product does not fit a size_t. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);

/* A copy of `len` bytes; NULL as above. */
void *arena_copy(struct arena *arena, const void *data, size_t len);

/* A copy of `len` characters with a NUL behind them; NULL as above. */
char *arena_string(struct arena *arena, const char *s, size_t len);

/* Formats into a new string; NULL as above. At most 4095 characters. */
char *arena_printf(struct arena *arena, const char *format, ...) CHECK_FORMAT(2, 3);

/* Empties the arena for the next round of work that repeats: one chunk of usual size is kept, and cleared. */
void arena_reset(struct arena *arena);

/* Gives everything back; the arena is empty and ready again. */
void arena_release(struct arena *arena);

#endif
