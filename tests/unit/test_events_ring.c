/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_events_ring.c: rings in memory, written here as the kernel writes them: wrapped everywhere, full, interleaved,
 * beyond 2^32, and full of nonsense.
 */
#include "unit.h"
#include "base/memory.h"
#include "events/perf_ring.h"

#define RINGS 5
#define SEEN  4096

static struct arena arena;
static struct perf_rings rings;
static struct perf_event_mmap_page pages[RINGS];

/* What the visitor saw. */
static struct perf_sample seen[SEEN];
static u8 first_byte[SEEN];
static u32 seen_count, stop_after;

static int set_up(void **state)
{
	(void)state;
	assert_int_equal(perf_rings_init(&rings, &arena, RINGS), 0);
	memset(pages, 0, sizeof(pages));
	stop_after = SEEN;
	seen_count = 0;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (u32 i = 0; i < rings.count; i++)
		free((void *)(uintptr_t)rings.rings[i].data);
	arena_release(&arena);
	return arena_live() ? -1 : 0;
}

/* Adds a ring that begins at `position`; its data is exactly as long as it says. */
static struct perf_ring *add(u32 size, u64 position)
{
	u32 cpu = rings.count;

	pages[cpu].data_head = pages[cpu].data_tail = position;
	return perf_rings_add(&rings, &pages[cpu], calloc(1, size), size, cpu, &pages[cpu]);
}

/* As the kernel does: byte for byte, behind the head. */
static void put(struct perf_ring *ring, const void *bytes, u32 len)
{
	u8 *data = (u8 *)(uintptr_t)ring->data;

	for (u32 i = 0; i < len; i++)
		data[(ring->page->data_head + i) & (ring->size - 1)] = ((const u8 *)bytes)[i];
	ring->page->data_head += len;
}

static u32 room(const struct perf_ring *ring)
{
	return ring->size - (u32)(ring->page->data_head - ring->page->data_tail);
}

/* A sample of `len` bytes of payload, all of them `fill`, padded as perf_prepare_sample() does. */
static void put_sample(struct perf_ring *ring, u64 time, u32 len, u8 fill)
{
	u32 padded = (u32)round_up(len + 4, 8) - 4, size = 36 + padded;
	u8 record[65536] = {0};

	memcpy(record, &(struct perf_event_header){PERF_RECORD_SAMPLE, 0, (u16)size}, 8);
	memcpy(record + 8, &(u32[]){1000 + ring->cpu, 2000 + ring->cpu}, 8);
	memcpy(record + 16, &time, 8);
	memcpy(record + 24, &(u32[]){ring->cpu, 0, padded}, 12);
	memset(record + 36, fill, len);
	put(ring, record, size);
}

static void put_lost(struct perf_ring *ring, u64 count)
{
	struct {
		struct perf_event_header header;
		u64 id, lost;
	} record = {{PERF_RECORD_LOST, 0, sizeof(record)}, 1, count};

	put(ring, &record, sizeof(record));
}

static bool visit(void *context, const struct perf_sample *sample)
{
	assert_ptr_equal(context, &rings);
	assert_true(seen_count < SEEN);
	assert_true(sample->has_origin);
	/* Every byte is looked at, so that the sanitizer sees one that is not ours. */
	for (u32 i = 1; i < sample->size; i++)
		assert_true(sample->data[i] == sample->data[0] || (!sample->data[i] && i + 8 > sample->size));
	first_byte[seen_count] = sample->size ? sample->data[0] : 0;
	seen[seen_count++] = *sample;
	return seen_count < stop_after;
}

static u64 drain(void)
{
	u64 before = seen_count, visited = perf_rings_drain(&rings, visit, &rings);

	assert_int_equal(seen_count - before, visited);
	return visited;
}

static void one_sample(void **state)
{
	struct perf_ring *ring;

	(void)state;
	add(4096, 0);
	ring = add(4096, 0);
	assert_int_equal(drain(), 0);
	put_sample(ring, 77ull << 32 | 7, 20, 5);
	assert_int_equal(drain(), 1);
	assert_int_equal(seen[0].size, 20);
	assert_int_equal(seen[0].cpu, 1);
	assert_int_equal(seen[0].pid, 1001);
	assert_int_equal(seen[0].tid, 2001);
	assert_true(seen[0].time_ns == (77ull << 32 | 7));
	assert_ptr_equal(seen[0].owner, &pages[1]);
	assert_int_equal(pages[1].data_tail, pages[1].data_head);
	assert_int_equal(pages[0].data_tail, 0);
	assert_int_equal(drain(), 0);
}

/* A record of every length at every place: it wraps within every field, and is whole. */
static void wraps_everywhere(void **state)
{
	struct perf_ring *ring;

	(void)state;
	ring = add(256, 0);
	for (u32 offset = 0; offset < 256; offset += 8)
		for (u32 len = 0; len <= 216; len += 3) {
			pages[0].data_head = offset;
			pages[0].data_tail = offset;
			ring->tail = ring->published = offset;
			put_sample(ring, offset, len, (u8)(len + 1));
			seen_count = 0;
			assert_int_equal(drain(), 1);
			assert_int_equal(seen[0].size, round_up(len + 4, 8) - 4);
			assert_int_equal(first_byte[0], len ? (u8)(len + 1) : 0);
			assert_int_equal(seen[0].time_ns, offset);
			assert_int_equal(pages[0].data_tail, pages[0].data_head);
		}
	assert_int_equal(perf_rings_broken(&rings), 0);
}

static void largest_record(void **state)
{
	struct perf_ring *ring;

	(void)state;
	ring = add(131072, 131072 - 40000);
	put_sample(ring, 1, 65528 - 36, 9);
	assert_int_equal(drain(), 1);
	assert_int_equal(seen[0].size, 65528 - 36);
}

/* Full to the last byte, again and again: size and nothing are not taken for each other. */
static void full_ring(void **state)
{
	struct perf_ring *ring;

	(void)state;
	ring = add(1024, 0);
	for (int round = 0; round < 50; round++) {
		u32 count = 0;

		for (; room(ring) >= 64; count++)
			put_sample(ring, count, 28, 1);
		assert_int_equal(room(ring), 0);
		seen_count = 0;
		assert_int_equal(drain(), 16);
		put_sample(ring, 1, 4, 1); /* so that the next round begins elsewhere */
		put_sample(ring, 1, 12, 1);
		assert_int_equal(drain(), 2);
		put_sample(ring, 1, 4, 1);
		put_sample(ring, 1, 60, 1);
		put_sample(ring, 1, 0, 1);
		assert_int_equal(drain(), 3);
		while (ring->page->data_head % 1024 % 64)
			put_sample(ring, 1, 4, 1), drain(), seen_count = 0;
	}
}

/* Positions of a 32-bit kernel: the head comes back to 0. Ours go on, and the kernel sees only the low half. */
static void beyond_32_bits(void **state)
{
	struct perf_ring *ring;
	u64 total = 0;

	(void)state;
	ring = add(4096, 0xffffe000u);
	for (int i = 0; i < 1000; i++) {
		put_sample(ring, (u64)i, 100, (u8)i | 1);
		pages[0].data_head = (u32)pages[0].data_head;
		seen_count = 0;
		assert_int_equal(drain(), 1);
		assert_int_equal(first_byte[0], (u8)i | 1);
		assert_int_equal((u32)pages[0].data_tail, (u32)pages[0].data_head);
		total += 136;
		assert_true(pages[0].data_tail == 0xffffe000u + total);
	}
	assert_int_equal(perf_rings_broken(&rings), 0);
}

/* The same on a 64-bit kernel, whose head goes on. */
static void beyond_32_bits_wide(void **state)
{
	struct perf_ring *ring;

	(void)state;
	ring = add(4096, 0x1fffff000ull);
	for (int i = 0; i < 100; i++) {
		put_sample(ring, (u64)i, 100, 1);
		assert_int_equal(drain(), 1);
		assert_true(pages[0].data_tail == pages[0].data_head);
	}
	assert_true(pages[0].data_tail > 0x200000000ull);
}

static void lost(void **state)
{
	struct perf_ring *a, *b;

	(void)state;
	a = add(4096, 4096 - 8);
	b = add(4096, 4096 - 16);
	put_lost(a, 5);
	put_sample(a, 1, 8, 1);
	put_lost(b, 0x100000000ull);
	put_lost(b, 1);
	put_sample(b, 2, 8, 2);
	put_lost(b, 2);
	assert_int_equal(drain(), 2);
	assert_true(perf_rings_lost(&rings) == 0x100000008ull);
	assert_true(a->lost == 5);
	assert_int_equal(drain(), 0);
	assert_true(perf_rings_lost(&rings) == 0x100000008ull);
	assert_int_equal(pages[1].data_tail, pages[1].data_head);
}

static void time_order(void **state)
{
	u32 written = 0;

	(void)state;
	for (u32 i = 0; i < RINGS; i++)
		add(32768, i * 8);
	srand(1);
	for (u64 time = 1; written < 2000; time++) {
		struct perf_ring *ring = &rings.rings[(u32)rand() % RINGS];

		if (room(ring) >= 64)
			put_sample(ring, time / 3, 12, 1), written++;
	}
	assert_int_equal(drain(), written);
	for (u32 i = 1; i < seen_count; i++) {
		assert_true(seen[i - 1].time_ns <= seen[i].time_ns);
		if (seen[i - 1].time_ns == seen[i].time_ns)
			assert_true(seen[i - 1].cpu <= seen[i].cpu);
	}
}

/* A clock that steps back must not put one CPU's events in another order. */
static void order_within_a_cpu(void **state)
{
	static const u64 times[] = {50, 10, 60, 5, 5, 70};
	struct perf_ring *a, *b;
	u32 next = 0;

	(void)state;
	a = add(4096, 0);
	b = add(4096, 0);
	for (u32 i = 0; i < ARRAY_SIZE(times); i++) {
		put_sample(a, times[i], 4, (u8)i);
		put_sample(b, 10 * i, 4, 100);
	}
	assert_int_equal(drain(), 2 * ARRAY_SIZE(times));
	for (u32 i = 0; i < seen_count; i++)
		if (seen[i].cpu == 0)
			assert_int_equal(first_byte[i], next++);
	assert_int_equal(next, ARRAY_SIZE(times));
}

/* --count: exactly as many are taken as were wanted, and the rest is still there. */
static void stopped(void **state)
{
	struct perf_ring *a, *b;

	(void)state;
	a = add(4096, 0);
	b = add(4096, 0);
	for (u32 i = 0; i < 10; i++) {
		put_sample(a, 2 * i, 4, (u8)(2 * i));
		put_sample(b, 2 * i + 1, 4, (u8)(2 * i + 1));
	}
	for (u32 n = 1; seen_count < 20; n++) {
		u32 before = seen_count;

		stop_after = before + n;
		drain();
		assert_int_equal(seen_count, before + MIN(n, 20 - before));
		assert_int_equal(pages[0].data_tail + pages[1].data_tail, seen_count * 40);
	}
	for (u32 i = 0; i < 20; i++)
		assert_int_equal(first_byte[i], i);
}

/* What arrives during a pass is not part of it: a pass ends. */
static bool visit_and_write(void *context, const struct perf_sample *sample)
{
	(void)sample;
	put_sample(context, 100, 4, 1);
	seen_count++;
	return true;
}

static void arrivals(void **state)
{
	struct perf_ring *ring;

	(void)state;
	ring = add(4096, 0);
	put_sample(ring, 1, 4, 1);
	put_sample(ring, 2, 4, 1);
	assert_int_equal(perf_rings_drain(&rings, visit_and_write, ring), 2);
	assert_int_equal(drain(), 2);
}

/* The tail moves on while a long pass goes on, but not for every record. */
static u32 publications;
static u64 last_tail;

static bool watch_tail(void *context, const struct perf_sample *sample)
{
	struct perf_ring *ring = context;

	(void)sample;
	publications += ring->page->data_tail != last_tail;
	last_tail = ring->page->data_tail;
	return true;
}

static void batches(void **state)
{
	struct perf_ring *ring;

	(void)state;
	ring = add(4096, 0);
	while (room(ring) >= 40)
		put_sample(ring, 1, 4, 1);
	assert_int_equal(perf_rings_drain(&rings, watch_tail, ring), 102);
	assert_int_equal(publications, 3);
	assert_int_equal(ring->page->data_tail, ring->page->data_head);
}

/* A record whose header lies ends the ring's part of the pass; the next one is fine. */
static void nonsense(void **state)
{
	static const u16 sizes[] = {0, 1, 7, 9, 12, 4096, 65535, 65528, 2048};
	struct perf_ring *ring;

	(void)state;
	ring = add(1024, 1000);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		put_sample(ring, 1, 4, 1);
		put(ring, &(struct perf_event_header){PERF_RECORD_SAMPLE, 0, sizes[i]}, 8);
		put_sample(ring, 2, 4, 2);
		seen_count = 0;
		assert_int_equal(drain(), 1);
		assert_int_equal(perf_rings_broken(&rings), i + 1);
		assert_int_equal(pages[0].data_tail, pages[0].data_head);
		put_sample(ring, 3, 4, 3);
		assert_int_equal(drain(), 1);
		assert_int_equal(first_byte[1], 3);
	}
}

/* A record that is well-formed, but not what it says, is passed over alone. */
static void bad_records(void **state)
{
	struct {
		struct perf_event_header header;
		u64 words[3];
		u32 raw, tail;
	} record = {.header = {PERF_RECORD_SAMPLE, 0, sizeof(record)}, .raw = 5};
	struct perf_ring *ring;
	u32 n = 0;

	(void)state;
	ring = add(1024, 1000);
	put(ring, &record, sizeof(record)), n++; /* raw size 5, where 4 bytes are */
	record.raw = 0xffffffff;
	put(ring, &record, sizeof(record)), n++;
	record.header.size = 32;
	put(ring, &record, 32), n++; /* no room for a raw size */
	record.header.size = 8;
	put(ring, &record, 8), n++;
	record.header = (struct perf_event_header){PERF_RECORD_LOST, 0, 16};
	put(ring, &record, 16), n++;
	record.header = (struct perf_event_header){PERF_RECORD_THROTTLE, 0, 16};
	put(ring, &record, 16); /* none of ours, and none of our business */
	put_sample(ring, 1, 4, 7);
	assert_int_equal(drain(), 1);
	assert_int_equal(first_byte[0], 7);
	assert_int_equal(perf_rings_broken(&rings), n);
	assert_int_equal(perf_rings_lost(&rings), 0);
}

/* A head that runs wild, or stands between two records. */
static void bad_heads(void **state)
{
	static const u64 heads[] = {1, 4, 7, 1025, 5000, 0x7fffffff, 0xfffffff8, 0xffffffff};
	struct perf_ring *ring;

	(void)state;
	ring = add(1024, 0);
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		pages[0].data_head += heads[i];
		drain();
		assert_int_equal((u32)pages[0].data_tail, (u32)pages[0].data_head);
		assert_int_equal(drain(), 0);
	}
	assert_true(ring->broken >= ARRAY_SIZE(heads));
}

static bool read_all(void *context, const struct perf_sample *sample)
{
	for (u32 i = 0; i < sample->size; i++)
		*(u32 *)context += sample->data[i];
	return true;
}

/* Random bytes, with headers here and there that look right. */
static void random_bytes(void **state)
{
	u32 sum = 0;

	(void)state;
	for (u32 i = 0; i < RINGS; i++)
		add(i ? 256u << i : 8, i);
	srand(7);
	for (int round = 0; round < 20000; round++) {
		struct perf_ring *ring = &rings.rings[(u32)round % RINGS];
		u8 *data = (u8 *)(uintptr_t)ring->data;

		for (u32 i = 0; i < ring->size; i += 8) {
			struct perf_event_header header = {rand() & 1 ? 9 : 2, 0, (u16)(rand() % 64 * (rand() % 9))};

			memcpy(data + i, &header, 8);
		}
		ring->page->data_head += (u32)rand() % (ring->size * 2);
		perf_rings_drain(&rings, read_all, &sum);
		assert_int_equal((u32)ring->page->data_tail, (u32)ring->page->data_head);
	}
}

static void limits(void **state)
{
	static u8 data[64];

	(void)state;
	assert_null(perf_rings_add(&rings, &pages[0], data, 0, 0, NULL));
	assert_null(perf_rings_add(&rings, &pages[0], data, 4, 0, NULL));
	assert_null(perf_rings_add(&rings, &pages[0], data, 48, 0, NULL));
	for (u32 i = 0; i < RINGS; i++)
		assert_non_null(add(64, 0));
	assert_null(perf_rings_add(&rings, &pages[0], data, 64, 0, NULL));
	for (long n = 0; n < 3; n++) {
		struct perf_rings none;

		arena_fail_after(n);
		assert_int_equal(perf_rings_init(&none, &arena, 4), -ENOMEM);
		arena_fail_after(-1);
	}
}

#define RING_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	return RUN(RING_TEST(one_sample), RING_TEST(wraps_everywhere), RING_TEST(largest_record), RING_TEST(full_ring),
		RING_TEST(beyond_32_bits), RING_TEST(beyond_32_bits_wide), RING_TEST(lost), RING_TEST(time_order),
		RING_TEST(order_within_a_cpu), RING_TEST(stopped), RING_TEST(arrivals), RING_TEST(batches),
		RING_TEST(nonsense), RING_TEST(bad_records), RING_TEST(bad_heads), RING_TEST(random_bytes),
		RING_TEST(limits));
}
