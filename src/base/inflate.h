/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * inflate.h: what gzip has packed.
 *
 *	+-------+----+-------+-------+-----+----+- - - - - - - - -+-------+-------+
 *	| 1f 8b | 08 | flags | mtime | xfl | os | name, … by flag | blocks … | CRC | size |	RFC 1952
 *	+-------+----+-------+-------+-----+----+- - - - - - - - -+-------+-------+
 *
 *	block	1 bit: the last one?	2 bits: stored, fixed codes or codes of its own					RFC 1951
 *		stored: two lengths and bytes. Else a run of codes: a byte; end; or "copy N bytes from D bytes back".
 *
 * D is at most 32 KiB, so this much of the output is kept, in a window that goes round; each time it is full, it is
 * handed on. Input is read in small pieces. So a file of any size needs the memory of a struct inflate, and no more.
 */
#ifndef BASE_INFLATE_H
#define BASE_INFLATE_H

#include "base/types.h"

struct inflate {
	/* Fills `to` with up to `size` bytes: how many (0: there are no more), or -errno. */
	long (*read)(void *context, void *to, size_t size);
	/* Takes the next bytes. What it returns, if not 0, ends it all and is the result. */
	int (*write)(void *context, const void *data, size_t len);
	void *context;
	/* The rest is inflate.c's. */
	int result;
	u32 bits, bit_count; /* read, and not used yet */
	u32 in_pos, in_len;
	u32 crc, total; /* of what was handed on */
	u32 filled;     /* of the window, since then */
	bool is_full;   /* once all of the window holds output */
	u8 in[1024];
	u8 window[32768];
};

/*
 * Unpacks one gzip member; what follows it is not looked at. 0; what read() or write() ended it with; -EINVAL for
 * what is no gzip, broken, cut short, or has a wrong checksum. It is handed on piece by piece all the same,
 * so that only the result says whether all of it was good.
 */
int inflate_gzip(struct inflate *stream);

#endif
