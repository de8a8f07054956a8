/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * rings.h: a map's perf rings, opened and mapped; and what they lost, to the last event.
 *
 * A perf event array has a slot for each CPU. For each CPU that is online, a perf event is opened, its ring
 * mapped, and its descriptor put in the slot; bpf_perf_event_output() finds it there.
 *
 * CPUs come and go. One that goes leaves its ring, and what is in it is read. One that comes, or comes back, gets a
 * ring when rings_follow() looks next; what it sends until then finds none, and the kernel does not count it. One that
 * goes and comes back between two looks is not noticed: it has no ring until it goes again. And what a ring lost after
 * the last event it took, the kernel does not tell once its CPU is gone.
 *
 * The kernel tells how many events found no room in a record that it writes in front of the next event that does
 * (kernel/events/ring_buffer.c:__perf_output_begin()). If no event follows, it never tells. So at the end, when the
 * rings are empty, rings_flush() has one more event written into each: by a program of ten instructions, run once on
 * each CPU, whose only purpose is to have the losses before it reported. Its event is known by a mark nobody else has.
 */
#ifndef EVENTS_RINGS_H
#define EVENTS_RINGS_H

#include "events/perf_ring.h"
#include "kernel/cpus.h"
#include "kernel/held.h"

/* A map whose events are read. */
struct ring_map {
	const int *map_fd; /* once the map is created */
	void *owner;       /* handed on with each sample */
	const char *name;
};

struct rings {
	struct perf_rings perf;
	struct error *error;
	int epoll_fd; /* becomes readable when a ring is half full */
	struct ring_map *maps;
	u32 map_count;
	u64 pages;        /* of a ring */
	u64 mark;         /* what rings_flush() writes */
	u32 without_slot; /* CPUs whose number is beyond a map's max_entries: the kernel drops what they send */

	/* Private. */
	struct held held; /* the rings: a stack of their own, as they come at any time, and go when programs are gone */
	u32 looks, *seen; /* [CPU]: the number of the last look that found it online */
	u64 next_look_ns;
	struct arena scratch; /* for one look */
};

/*
 * Opens a ring of `pages` pages (a power of two) for each online CPU of each map. Everything is held by `held`.
 * 0 or -errno with a message.
 */
int rings_open(
	struct rings *rings, struct held *held, struct error *error, struct ring_map *maps, u32 map_count, u64 pages);

/*
 * Opens rings for the CPUs that have come online. To be called at every wake-up: it looks only every 50 ms. The rings
 * must have been drained since the last time. 0 or -errno with a message.
 */
int rings_follow(struct rings *rings);

/*
 * Has the losses reported that no event came after. Programs must be detached and the rings drained before; drain
 * once more after. On a kernel that cannot run the program this does nothing.
 */
void rings_flush(struct rings *rings);

/* Whether a sample is one of rings_flush()'s, and not an event. */
bool rings_is_mark(const struct rings *rings, const struct perf_sample *sample);

#endif
