/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * held.c: everything live that the loader holds, in one place. See held.h.
 */
#include <linux/errno.h>
#include "base/sys.h"
#include "kernel/held.h"

struct held_item *held_push(struct held *held, void (*give_back)(struct held_item *item))
{
	struct held_item *item = arena_alloc(held->arena, sizeof(*item));

	if (!item)
		return NULL;
	item->give_back = give_back;
	item->below = held->top;
	held->top = item;
	return item;
}

static void close_fd(struct held_item *item)
{
	sys_close(item->fd);
}

int held_fd(struct held *held, int fd)
{
	struct held_item *item;

	if (fd < 0)
		return fd;
	item = held_push(held, close_fd);
	if (!item) {
		sys_close(fd);
		return -ENOMEM;
	}
	item->fd = fd;
	return fd;
}

static void unmap(struct held_item *item)
{
	sys_munmap(item->address, item->length);
}

void *held_map(struct held *held, void *where, size_t length, int protection, int flags, int fd)
{
	struct held_item *item = held_push(held, unmap);

	if (!item)
		return (void *)-ENOMEM;
	item->address = sys_mmap(where, length, protection, flags, fd, 0);
	/* What could not be mapped is nothing to give back: unmapping no bytes does nothing. */
	item->length = sys_is_error(item->address) ? 0 : length;
	return item->address;
}

void held_release_to(struct held *held, const struct held_item *mark)
{
	while (held->top && held->top != mark) {
		struct held_item *item = held->top;

		held->top = item->below;
		item->give_back(item);
	}
}

void held_release(struct held *held)
{
	held_release_to(held, NULL);
}
