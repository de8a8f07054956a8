/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * inflate.h: what gzip has packed.
 *
 *	+-------+----+-------+-------+-----+----+- - - - - - - - -+- - - - - +-----+------+
 *	| 1f 8b | 08 | flags | mtime | xfl | os | name, … by flag | blocks … | CRC | size |	RFC 1952
 *	+-------+----+-------+-------+-----+----+- - - - - - - - -+- - - - - +-----+------+
 *
 *	block	1 bit: the last one?	2 bits: stored, fixed codes or codes of its own				RFC 1951
 *		stored: two lengths and bytes. Else a run of codes: a byte; end; or "copy N bytes from D bytes back".
 *
 * D is at most 32 KiB. So this much of the output stays in the window when the output is handed on to make room for
 * more, and a file of any size needs no more memory than the window. Or the window has room for all of the output.
 */
#ifndef BASE_INFLATE_H
#define BASE_INFLATE_H

#include "base/types.h"

enum {
	INFLATE_REACH = 32768, /* the largest D */
	INFLATE_SLACK = 272,   /* beyond the output: the longest copy, and the rest of the last word that it writes */
	INFLATE_WINDOW = 2 * INFLATE_REACH + INFLATE_SLACK
};

struct inflate {
	/*
	 * Sets *from, where the last bytes ended (NULL: there were none), to the next ones, which stay until it is
	 * called again. Returns how many they are (0: there are no more), or -errno.
	 */
	long (*read)(void *context, const u8 **from);
	/* Takes the next bytes. What it returns, if not 0, ends it all and is the result. */
	int (*write)(void *context, const void *data, size_t len);
	void *context;
	u8 *window; /* if all of the output and INFLATE_SLACK have room there, write() is called once, at the end */
	size_t window_size; /* INFLATE_WINDOW at least */
	/* The rest is inflate.c's. */
	int result;
	struct inflate_place {
		u64 bits; /* read, and not used yet, the first one lowest: `count` of them, and then bits of *next */
		size_t count; /* at most 63 */
		const u8 *next;
		u8 *out;
	} at;
	const u8 *end;  /* of what read() gave */
	const u8 *full; /* where in the window there is no room for INFLATE_SLACK any more */
	u8 *done;       /* up to here, what stands in the window has been handed on */
	u32 crc, total; /* of what has been handed on */
	u8 lengths[288 + 32];
	struct inflate_code {
		u16 fast[1024];   /* by the next ten bits */
		u16 counts[16];   /* codes of each length */
		u16 symbols[288]; /* in the order of their codes */
	} literals, distances;
	u32 crc_table[8 * 256];
};

/*
 * Unpacks one gzip member; what follows it is not looked at. 0; what read() or write() ended it with; -EINVAL for
 * what is no gzip, broken, cut short, or has a wrong checksum. It is handed on piece by piece all the same,
 * so that only the result says whether all of it was good.
 */
int inflate_gzip(struct inflate *stream);

#endif
