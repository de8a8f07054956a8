/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fuzz_perf_ring.c: rings in memory of our own, with whatever the input has in the place of records.
 *
 *	byte 0: 1 to 4 rings, and their size	then for each: u64 tail, u32 head - tail
 *	the rest: data of the rings, over and over
 *
 * The kernel's side can be anything: heads before tails, sizes of records beyond the ring, lengths beyond the record.
 * Whatever it is, a pass ends, every sample lies where it may be read, and the tail ends at the head.
 */
#include "base/memory.h"
#include "events/perf_ring.h"
#include "fuzz.h"

FUZZ_MAIN

struct reader {
	const struct perf_rings *rings;
	u64 samples, limit;
};

static bool visit(void *context, const struct perf_sample *sample)
{
	struct reader *reader = context;

	MUST(sample->has_origin && (unsigned long)sample->data % 4 == 0);
	fuzz_read(sample->data, sample->size);
	return ++reader->samples != reader->limit;
}

static void fill(u8 *to, u32 size, struct bytes from)
{
	for (u32 i = 0; i < size && from.size; i++)
		to[i] = from.data[i % from.size];
}

void fuzz(struct arena *arena, struct error *error, struct bytes input)
{
	u32 count = input.size ? 1 + input.data[0] % 4 : 0, size = input.size ? 4096u << (input.data[0] >> 2 & 1) : 0;
	struct reader reader = {.limit = input.size ? input.data[0] >> 3 : 0};
	struct perf_event_mmap_page *pages;
	struct perf_rings rings;

	(void)error;
	if (input.size < 1 + count * 12 || !count)
		return;
	pages = arena_alloc_array(arena, count, sizeof(*pages));
	MUST(!perf_rings_init(&rings, arena, count));
	reader.rings = &rings;
	for (u32 i = 0; i < count; i++) {
		const u8 *position = input.data + 1 + i * 12;
		u32 skip = 1 + count * 12 + i * 31;
		u8 *data = arena_alloc(arena, size);

		/* Tails are multiples of 8, as the kernel leaves them and as ours are. */
		pages[i].data_tail = load_u64(position) & ~7ull;
		pages[i].data_head = pages[i].data_tail + load_u32(position + 8);
		skip = MIN(skip, (u32)input.size);
		fill(data, size, (struct bytes){input.data + skip, input.size - skip});
		MUST(perf_rings_add(&rings, &pages[i], data, size, i, NULL));
	}
	for (int pass = 0; pass < 3; pass++) {
		u64 before = reader.samples;

		MUST(perf_rings_drain(&rings, visit, &reader) == reader.samples - before);
		for (u32 i = 0; i < count; i++) {
			MUST(pages[i].data_tail == rings.rings[i].tail);
			MUST(reader.samples == reader.limit || (u32)pages[i].data_tail == (u32)pages[i].data_head);
			pages[i].data_head += 8 * (u32)pass;
		}
		reader.limit = 0;
	}
	fuzz_sum += perf_rings_lost(&rings) + perf_rings_broken(&rings);
}
