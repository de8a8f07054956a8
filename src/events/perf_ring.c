/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * perf_ring.c: what bpf_perf_event_output() wrote, read back in the order of time. See perf_ring.h.
 *
 * A pass notes all heads, and then reads no further than these: events that arrive meanwhile wait for the next
 * pass, so a pass ends, however busy the machine. Within a ring nothing is sorted. The rings are merged: a heap holds
 * them by the time of their first unread sample, as a hand of cards is played from several sorted stacks.
 *
 *	CPU 0:  [12] 17  30		heap:  12 (CPU 0)
 *	CPU 1:  [15] 16				 /      \
 *	CPU 2:  [21] 22 29		15 (CPU 1)  21 (CPU 2)
 *
 * Positions. On a 64-bit kernel head and tail are 64 bits wide; on a 32-bit one they are `unsigned long`, widened,
 * so head goes from 0xffffffff to 0 (kernel/events/internal.h:struct perf_buffer). And a 32-bit program may not
 * be able to load 64 bits in one piece. The low 32 bits are right in all cases, and a ring is always smaller than
 * 2^32 bytes: so head is read, and compared, as 32 bits. The kernel in turn looks only at the low bits of the tail
 * (ring_buffer.c: CIRC_SPACE()), and it does not matter when its high half arrives.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "events/perf_ring.h"

#define RECORD_MAX 65536 /* perf_event_header.size is 16 bits wide */

/* What stands where in a record: see the drawing in perf_ring.h. */
enum {
	SAMPLE_PID = 8,
	SAMPLE_TID = 12,
	SAMPLE_TIME = 16,
	SAMPLE_CPU = 24,
	SAMPLE_LENGTH = 32,
	SAMPLE_DATA = 36,
	LOST_COUNT = 16,
	LOST_SIZE = 24,
};

/* A half of a u64 in memory, accessed in one piece. Half 0 is the low one. */
typedef u32 __attribute__((may_alias)) u32_half;

static u32_half *half_of(__u64 *value, int half)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	half = !half;
#endif
	return (u32_half *)value + half;
}

/* Load-acquire: no byte of a record is read before the head that covers it. It pairs with the write barrier
 * between data and head in kernel/events/ring_buffer.c:perf_output_put_handle(). */
static u32 load_head(struct perf_event_mmap_page *page)
{
	return __atomic_load_n(half_of(&page->data_head, 0), __ATOMIC_ACQUIRE);
}

/* Store-release: no byte of a record is read after the kernel may write over it. Same place, barrier (D). */
static void publish_tail(struct perf_ring *ring)
{
	if (ring->published == ring->tail)
		return;
	ring->published = ring->tail;
	__atomic_store_n(half_of(&ring->page->data_tail, 1), (u32)(ring->tail >> 32), __ATOMIC_RELAXED);
	__atomic_store_n(half_of(&ring->page->data_tail, 0), (u32)ring->tail, __ATOMIC_RELEASE);
}

/* Writing the tail takes its cache line away from the CPU that is being traced, so it is done once a quarter
 * of the ring, and at the end of a pass. */
static void consume(struct perf_ring *ring, u32 bytes)
{
	ring->tail += bytes;
	if (ring->tail - ring->published >= ring->size / 4)
		publish_tail(ring);
}

/* The 8-byte unit at `offset` in the record at the tail. It never wraps. */
static const u8 *unit_at(const struct perf_ring *ring, u32 offset)
{
	return ring->data + (((u32)ring->tail + offset) & (ring->size - 1) & ~7u);
}

/* Where records begin can only be known from the one before: after nonsense all up to the head is given up. */
static void resynchronise(struct perf_ring *ring)
{
	ring->broken++;
	consume(ring, ring->head - (u32)ring->tail);
}

/* Whether the sample at the tail holds its payload. The length is the ring's memory, if not the record's. */
static bool is_whole(const struct perf_ring *ring)
{
	return range_ok(SAMPLE_DATA, load_u32(unit_at(ring, SAMPLE_LENGTH)), ring->record_size);
}

/* Moves the tail to the next sample; false if there is none before the head. */
static bool find_sample(struct perf_ring *ring)
{
	struct perf_event_header header;
	u32 left;

	while ((left = ring->head - (u32)ring->tail)) {
		memcpy(&header, unit_at(ring, 0), sizeof(header));
		if (left > ring->size || header.size < sizeof(header) || header.size % 8 || header.size > left) {
			resynchronise(ring);
			return false;
		}
		ring->record_size = header.size;
		if (header.type == PERF_RECORD_SAMPLE && is_whole(ring)) {
			ring->time = load_u64(unit_at(ring, SAMPLE_TIME));
			return true;
		}
		/* Others (PERF_RECORD_THROTTLE and such) say nothing about our events. */
		if (header.type == PERF_RECORD_LOST && header.size >= LOST_SIZE)
			ring->lost += load_u64(unit_at(ring, LOST_COUNT));
		else if (header.type == PERF_RECORD_LOST || header.type == PERF_RECORD_SAMPLE)
			ring->broken++;
		consume(ring, header.size);
	}
	return false;
}

/* The whole record at the tail, in one piece. */
static const u8 *record_at_tail(const struct perf_ring *ring, u8 *bounce)
{
	const u8 *start = unit_at(ring, 0);
	u32 until_end = ring->size - (u32)(start - ring->data);

	if (ring->record_size <= until_end)
		return start;
	memcpy(bounce, start, until_end);
	memcpy(bounce + until_end, ring->data, ring->record_size - until_end);
	return bounce;
}

static struct perf_sample sample_at_tail(const struct perf_ring *ring, u8 *bounce)
{
	const u8 *record = record_at_tail(ring, bounce);

	return (struct perf_sample){
		.data = record + SAMPLE_DATA,
		.size = load_u32(record + SAMPLE_LENGTH),
		.has_origin = true,
		.cpu = load_u32(record + SAMPLE_CPU),
		.pid = load_u32(record + SAMPLE_PID),
		.tid = load_u32(record + SAMPLE_TID),
		.time_ns = ring->time,
		.owner = ring->owner,
	};
}

/* At equal times the ring that was added first goes first, so that one input has one output. */
static bool is_before(const struct perf_ring *a, const struct perf_ring *b)
{
	return a->time != b->time ? a->time < b->time : a < b;
}

/* Puts the ring at `i` where it belongs among those below it. */
static void sift_down(struct perf_ring **heap, u32 count, u32 i)
{
	struct perf_ring *ring = heap[i];

	for (u32 child = 2 * i + 1; child < count; child = 2 * i + 1) {
		if (child + 1 < count && is_before(heap[child + 1], heap[child]))
			child++;
		if (is_before(ring, heap[child]))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = ring;
}

/* All heads first, one right after the other: what is seen of all CPUs then ends at about one moment. */
static u32 begin_pass(struct perf_rings *rings)
{
	u32 count = 0;

	for (u32 i = 0; i < rings->count; i++)
		rings->rings[i].head = load_head(rings->rings[i].page);
	for (u32 i = 0; i < rings->count; i++)
		if (find_sample(&rings->rings[i]))
			rings->heap[count++] = &rings->rings[i];
	for (u32 i = count / 2; i-- > 0;)
		sift_down(rings->heap, count, i);
	return count;
}

u64 perf_rings_drain(
	struct perf_rings *rings, bool (*visit)(void *context, const struct perf_sample *sample), void *context)
{
	u32 count = begin_pass(rings);
	bool more = true;
	u64 visited = 0;

	for (; count && more; visited++) {
		struct perf_ring *ring = rings->heap[0];
		struct perf_sample sample = sample_at_tail(ring, rings->bounce);

		more = visit(context, &sample);
		consume(ring, ring->record_size);
		if (!find_sample(ring))
			rings->heap[0] = rings->heap[--count];
		if (count)
			sift_down(rings->heap, count, 0);
	}
	for (u32 i = 0; i < rings->count; i++)
		publish_tail(&rings->rings[i]);
	return visited;
}

int perf_rings_init(struct perf_rings *rings, struct arena *arena, u32 capacity)
{
	*rings = (struct perf_rings){
		.rings = arena_alloc_array(arena, capacity, sizeof(*rings->rings)),
		.heap = arena_alloc_array(arena, capacity, sizeof(*rings->heap)),
		.bounce = arena_alloc(arena, RECORD_MAX),
		.capacity = capacity,
	};
	return rings->rings && rings->heap && rings->bounce ? 0 : -ENOMEM;
}

/* A new ring begins at 0; one that somebody read before goes on where they stopped. */
void perf_ring_begin(struct perf_ring *ring)
{
	ring->tail = ring->published = ring->page->data_tail;
}

struct perf_ring *perf_rings_add(
	struct perf_rings *rings, struct perf_event_mmap_page *page, const void *data, u32 size, u32 cpu, void *owner)
{
	struct perf_ring *ring = &rings->rings[rings->count];

	if (rings->count == rings->capacity || size < 8 || size & (size - 1))
		return NULL;
	*ring = (struct perf_ring){.page = page, .data = data, .size = size, .cpu = cpu, .owner = owner};
	perf_ring_begin(ring);
	rings->count++;
	return ring;
}

u64 perf_rings_lost(const struct perf_rings *rings)
{
	u64 sum = 0;

	for (u32 i = 0; i < rings->count; i++)
		sum += rings->rings[i].lost;
	return sum;
}

u64 perf_rings_broken(const struct perf_rings *rings)
{
	u64 sum = 0;

	for (u32 i = 0; i < rings->count; i++)
		sum += rings->rings[i].broken;
	return sum;
}
