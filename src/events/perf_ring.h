/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * perf_ring.h: what bpf_perf_event_output() wrote, read back in the order of time.
 *
 * Each CPU has a ring of its own, so that writers never wait for each other. The kernel maps it as one page of
 * positions and 2^n pages of data; head and tail only ever grow, and their low bits say where in the data they are:
 *
 *	page->data_tail              page->data_head
 *	      v                            v
 *	| ....|record|record|record|record|..... |	tail: ours, all before it was read
 *	0                                  size		head: the kernel's, all before it was written
 *
 *	| cord|..............................|re |	a record may wrap: it is put together in a buffer
 *
 * Two kinds of record matter here (include/uapi/linux/perf_event.h:enum perf_event_type). All are multiples of 8
 * bytes, at positions that are multiples of 8, so only what is longer than 8 bytes can wrap:
 *
 *	0      4      6      8      12     16       24     28     32       36
 *	| type | misc | size | pid  | tid  | time   | cpu  | 0    | length | data, padding …	PERF_RECORD_SAMPLE
 *	| type | misc | size | id          | lost   |						PERF_RECORD_LOST
 *
 * The first is what this choice of perf_event_attr.sample_type asks for, with sample_id_all off; PERF_RING_SAMPLE_TYPE
 * is the contract between this file and whoever opens the ring.
 *
 * Nothing here calls the kernel. A ring is memory, and memory of our own serves for tests as well.
 */
#ifndef EVENTS_PERF_RING_H
#define EVENTS_PERF_RING_H

#include <linux/perf_event.h>
#include "base/arena.h"

#define PERF_RING_SAMPLE_TYPE (PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU | PERF_SAMPLE_RAW)

/* One event as its reader gets it. */
struct perf_sample {
	const u8 *data;  /* what the program sent; aligned to 4; good until the visitor returns */
	u32 size;        /* of data, with up to 7 bytes of the kernel's padding, whose content is undefined */
	bool has_origin; /* the next four are known (a BPF ring buffer tells none of them) */
	u32 cpu;
	u32 pid, tid; /* as user space calls them: process and thread, 0 and 0 while idle */
	u64 time_ns;  /* of the clock that perf_event_attr.clockid names */
	void *owner;  /* the ring's */
};

struct perf_ring {
	struct perf_event_mmap_page *page;
	const u8 *data;
	u32 size; /* of data in bytes, a power of two, at least a page */
	u32 cpu;
	void *owner; /* the caller's: which map this ring belongs to … */
	int fd;      /* … and the perf event it hangs on */

	u64 lost;   /* events that found the ring full, as far as the kernel has said so */
	u64 broken; /* records that made no sense, and were passed over */

	/* Private. */
	u64 tail;        /* all before it is done with … */
	u64 published;   /* … and all before that the kernel knows to be free */
	u32 head;        /* where this pass ends; positions are compared in 32 bits, see perf_ring.c */
	u32 record_size; /* of the sample at tail */
	u64 time;        /* of the sample at tail */
};

/* All rings that are read together. */
struct perf_rings {
	struct perf_ring *rings;
	u32 count, capacity;
	struct perf_ring **heap; /* private: rings with something to read, the earliest first */
	u8 *bounce;              /* private: where a record that wraps is put together */
};

/* Makes room for `capacity` rings (CPUs times maps) in the arena; -ENOMEM. */
int perf_rings_init(struct perf_rings *rings, struct arena *arena, u32 capacity);

/*
 * Adds a ring: its first page, its `size` bytes of data (a power of two), its CPU. Returns it (it stays where it
 * is), or NULL if there are `capacity` already or the size is no power of two.
 */
struct perf_ring *perf_rings_add(
	struct perf_rings *rings, struct perf_event_mmap_page *page, const void *data, u32 size, u32 cpu, void *owner);

/* Has a ring begin where its first page says: the memory behind it is another one. */
void perf_ring_begin(struct perf_ring *ring);

/*
 * Hands everything that stands in the rings at this moment to `visit`, in the order of time; samples of one CPU
 * keep the order they were written in, whatever their times say. When `visit` returns false the pass ends:
 * what was not visited stays in the rings. Returns how many samples were visited.
 */
u64 perf_rings_drain(
	struct perf_rings *rings, bool (*visit)(void *context, const struct perf_sample *sample), void *context);

/*
 * Sums over all rings. The kernel reports a loss with the next event that finds room (kernel/events/ring_buffer.c:
 * __perf_output_begin()), so events lost after the last one are not in it: since 6.0 read(2) of the perf
 * descriptor with PERF_FORMAT_LOST gives the total, these included.
 */
u64 perf_rings_lost(const struct perf_rings *rings);
u64 perf_rings_broken(const struct perf_rings *rings);

#endif
