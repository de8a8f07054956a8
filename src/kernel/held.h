/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * held.h: everything live that the loader holds, in one place.
 *
 * A descriptor, a mapping, a probe in tracefs: whatever the kernel gave stands on this one stack, in the order in which
 * it was got, and held_release() gives all of it back in reverse: the perf ring unmapped before its descriptor is
 * closed, the perf event closed before the probe it hangs on is removed (else EBUSY), programs before maps.
 */
#ifndef KERNEL_HELD_H
#define KERNEL_HELD_H

#include "base/arena.h"

struct held_item {
	struct held_item *below;
	void (*give_back)(struct held_item *item);
	/* What give_back() needs of these. */
	int fd;
	void *address;
	size_t length;
	const char *name;
};

struct held {
	struct arena *arena; /* where the items themselves live */
	struct held_item *top;
};

/*
 * Holds a descriptor and returns it. A negative `fd` is passed through; if there is no memory the descriptor is closed
 * and -ENOMEM returned.
 */
int held_fd(struct held *held, int fd);

/* mmap(2) from the file's start, unmapped when given back. An address, or -errno (sys_is_error()). */
void *held_map(struct held *held, void *where, size_t length, int protection, int flags, int fd);

/* Holds anything: the item is filled in by the caller. NULL if there is no memory. */
struct held_item *held_push(struct held *held, void (*give_back)(struct held_item *item));

/* Gives everything back, the latest first, down to (not including) `mark`, an earlier value of held->top. */
void held_release_to(struct held *held, const struct held_item *mark);

/* Gives everything back. */
void held_release(struct held *held);

#endif
