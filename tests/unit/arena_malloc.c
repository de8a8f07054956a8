/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * arena_malloc.c: the arena of src/base/arena.h for tests: every allocation is a malloc() of its own.
 *
 *	arena->newest --> chunk --> chunk --> NULL
 *			    |	      |
 *			    v	      v
 *			  memory    memory	each with the sanitizer's red zones around it
 *
 * And it can run out of memory on demand, so that every path that handles it is walked.
 */
#include <stdint.h>
#include <stdlib.h>
#include "base/arena.h"

void arena_fail_after(long left);
long arena_live(void);

struct arena_chunk {
	struct arena_chunk *older;
	void *memory;
};

static long allocations_left = -1;
static long live;

void arena_fail_after(long left)
{
	allocations_left = left;
}

long arena_live(void)
{
	return live;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk;

	if (!allocations_left || size > 1u << 30)
		return NULL;
	if (allocations_left > 0)
		allocations_left--;
	chunk = malloc(sizeof(*chunk));
	if (!chunk)
		abort();
	/* No byte for size 0: whoever reads one is wrong. */
	*chunk = (struct arena_chunk){arena->newest, calloc(1, size)};
	if (!chunk->memory) {
		free(chunk);
		return NULL;
	}
	arena->newest = chunk;
	arena->total += size;
	live++;
	return chunk->memory;
}

void arena_release(struct arena *arena)
{
	while (arena->newest) {
		struct arena_chunk *chunk = arena->newest;

		arena->newest = chunk->older;
		free(chunk->memory);
		free(chunk);
		live--;
	}
	arena->total = 0;
}

/* Nothing is kept here: whoever looks at what was there before is caught. */
void arena_reset(struct arena *arena)
{
	arena_release(arena);
}
