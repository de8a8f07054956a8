/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * value.h: one value, from the bytes of an event to text.
 *
 * A bit field is found by its first bit and its width. Bits count in the order of memory: from the lowest of each
 * byte on a little-endian machine, from the highest on a big-endian one (BTF_MEMBER_BIT_OFFSET, and what the C
 * compilers do).
 *
 *	struct { __u8 a:3, b:7; };	little-endian, b is at 3, 7 bits wide
 *
 *	  byte 0	 byte 1
 *	| bbbbbaaa |	| ......bb |	(byte 0 >> 3 | byte 1 << 5) & 0x7f
 */
#ifndef EVENTS_VALUE_H
#define EVENTS_VALUE_H

#include "base/types.h"

enum value_kind {
	/* A value: `size` bytes. */
	VALUE_UNSIGNED,
	VALUE_SIGNED,
	VALUE_BOOL,
	VALUE_CHAR,
	VALUE_ENUM,
	VALUE_FLOAT,
	VALUE_POINTER,
	/* `count` bytes, or as many as there are. */
	VALUE_STRING,
	VALUE_BYTES,
	/* What encloses others: see decode.h. */
	STRUCT_BEGIN,
	STRUCT_END,
	ARRAY_BEGIN,
	ARRAY_END,
};

/* A name of an enum's value, as JSON wants it; between the quotes it is fit for a terminal, too. */
struct enum_name {
	u64 value;
	u32 order; /* in the declaration: of several names for a value the first one counts */
	u32 len;   /* of `quoted`, quotes included */
	const char *quoted;
};

struct enum_names {
	u32 type_id;
	u32 width; /* the longest of all, quotes included */
	u32 count;
	struct enum_name *names; /* by value */
};

struct decode_step {
	u8 kind;        /* enum value_kind */
	u8 size;        /* of a value; of a bit field the bytes it has a share in, up to 9 */
	u8 shift, bits; /* of a bit field: its first bit in these bytes, and its width; 0: no bit field */
	bool is_signed;
	u16 partner;     /* STRUCT_BEGIN and ARRAY_BEGIN: the index of the end; ARRAY_END: that of the beginning */
	u32 offset;      /* bytes from the start of the event, or of the innermost array's element */
	u32 count;       /* elements of an array, bytes of a string or struct; COUNT_OPEN: as many as there are */
	u32 stride;      /* ARRAY_BEGIN, ARRAY_END: bytes from one element to the next */
	u32 room;        /* characters, at most, for comma, key and what else has a limit */
	u32 key_len;     /* 0 for an array's elements */
	const char *key; /* "name": with quotes and colon, escaped for JSON; can be read in units of 8 bytes */
	const struct enum_names *names;
};

#define COUNT_OPEN U32_MAX

#define VALUE_ROOM 64 /* no value but an enum's name takes more characters */

/*
 * The integer, bit field, enum or pointer at `at`, where all of step->size bytes are. A signed one is extended to 64
 * bits; of 16 bytes the low half is returned.
 */
u64 value_load(const struct decode_step *step, const u8 *at);

/*
 * Writes the value at `at`, where all of step->size bytes are, to `p`, and returns the end. With `json` as JSON (quoted
 * where that needs quotes), else for people. Up to step->room characters, and a NUL at times. Not for VALUE_STRING and
 * what follows it.
 */
char *value_write(char *p, const struct decode_step *step, const u8 *at, bool json);

/* A number in decimal, up to 20 digits. Returns the end. */
char *decimal_write(char *p, u64 value);
/* The same with zeros in front, so that there are `width` digits at least (up to 10); for numbers below 2^32. */
char *decimal_write_u32(char *p, u32 value, u32 width);

/* Copies a string without its NUL; returns the end. */
char *string_write(char *p, const char *s);

/* Copies `len` characters in units of 8, so that up to 7 more are read and written. */
static inline char *copy_units(char *to, const char *from, u32 len)
{
	for (u32 i = 0; i < len; i += 8)
		__builtin_memcpy(to + i, from + i, 8);
	return to + len;
}

#endif
