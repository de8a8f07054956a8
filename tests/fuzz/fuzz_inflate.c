/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fuzz_inflate.c: gzip from anywhere: memory stays what it is, and every input comes to its end. The first byte says
 * how much is read at a time.
 */
#include "base/inflate.h"
#include "base/memory.h"
#include "fuzz.h"

FUZZ_MAIN

struct feed {
	const u8 *in;
	u8 *copy;
	size_t left, piece;
	u64 out;
};

static long feed_read(void *context, const u8 **from)
{
	struct feed *feed = context;
	size_t n = MIN(feed->left, feed->piece);

	/* Each piece in memory of its own, so that its end is watched. */
	free(feed->copy);
	feed->copy = malloc(n + 1);
	*from = memcpy(feed->copy + 1, feed->in, n);
	feed->in += n;
	feed->left -= n;
	return (long)n;
}

static int feed_write(void *context, const void *data, size_t len)
{
	struct feed *feed = context;

	MUST(len && len <= INFLATE_WINDOW);
	fuzz_read(data, len);
	feed->out += len;
	return 0;
}

void fuzz(struct arena *arena, struct error *error, struct bytes input)
{
	struct feed feed = {.in = input.data};
	struct inflate *stream = arena_alloc(arena, sizeof(*stream));
	int result;

	(void)error;
	if (!input.size)
		return;
	feed.piece = 1u + *feed.in++;
	feed.left = input.size - 1;
	stream->read = feed_read;
	stream->write = feed_write;
	stream->context = &feed;
	stream->window_size = INFLATE_WINDOW;
	stream->window = arena_alloc(arena, stream->window_size);
	result = inflate_gzip(stream);
	free(feed.copy);
	MUST(result == 0 || result == -22 /* EINVAL */);
	/* A bit gives at most 258 bytes. */
	MUST(feed.out <= (u64)input.size * 8 * 258);
}
