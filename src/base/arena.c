/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * arena.c: memory that is given back all at once, from mmap(2). See arena.h.
 */
#include <linux/errno.h>
#include "base/arena.h"
#include "base/memory.h"
#include "base/sys.h"

#define ARENA_CHUNK 65536 /* bytes asked for at a time; untouched pages cost nothing */
#define ARENA_ALIGN 16

struct arena_chunk {
	struct arena_chunk *older;
	size_t size, used; /* both count this header */
};

static struct arena_chunk *chunk_new(size_t size)
{
	struct arena_chunk *chunk = sys_mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (sys_is_error(chunk))
		return NULL;
	chunk->size = size;
	chunk->used = round_up(sizeof(*chunk), ARENA_ALIGN);
	return chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk = arena->newest;
	u8 *memory;

	if (size > (size_t)-1 / 2)
		return NULL;
	size = round_up(size, ARENA_ALIGN);
	if (!chunk || size > chunk->size - chunk->used) {
		size_t need = MAX(round_up(size + sizeof(*chunk) + ARENA_ALIGN, 4096), (size_t)ARENA_CHUNK);

		chunk = chunk_new(need);
		if (!chunk)
			return NULL;
		chunk->older = arena->newest;
		arena->newest = chunk;
		arena->total += need;
	}
	memory = (u8 *)chunk + chunk->used;
	chunk->used += size;
	return memory;
}

static void drop_newest(struct arena *arena)
{
	struct arena_chunk *chunk = arena->newest;

	arena->newest = chunk->older;
	arena->total -= chunk->size;
	sys_munmap(chunk, chunk->size);
}

void arena_reset(struct arena *arena)
{
	size_t head = round_up(sizeof(struct arena_chunk), ARENA_ALIGN);

	while (arena->newest && (arena->newest->older || arena->newest->size > ARENA_CHUNK))
		drop_newest(arena);
	if (!arena->newest)
		return;
	memset((u8 *)arena->newest + head, 0, arena->newest->used - head);
	arena->newest->used = head;
}

void arena_release(struct arena *arena)
{
	while (arena->newest)
		drop_newest(arena);
}
