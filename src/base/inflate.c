/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * inflate.c: what gzip has packed. See inflate.h.
 *
 * The first thing that goes wrong stays in `result`, and from then on bits are zeros: those who read them need to
 * look only where a loop could go on.
 */
#include <linux/errno.h>
#include "base/inflate.h"
#include "base/memory.h"

enum { LITERALS = 288, DISTANCES = 32, LENGTHS = 19 }; /* codes of each alphabet */
enum { LONGEST = 15, FAST = 10 };                      /* bits of a code; and of one that is looked up at once */
enum {
	END_OF_BLOCK = 256,
	FIRST_SPAN = 257,
	LAST_SPAN = 285,
	LAST_DISTANCE = 29,
	SHORTEST_SPAN = 3,
	LONGEST_SPAN = 258
};
enum { FLAG_CRC = 2, FLAG_EXTRA = 4, FLAG_NAME = 8, FLAG_COMMENT = 16 };

static OUT_OF_LINE void fail(struct inflate *s)
{
	if (!s->result)
		s->result = -EINVAL;
}

/* Byte by byte, `count` bits at least (at most 56). */
static OUT_OF_LINE void load(struct inflate *s, u32 count)
{
	for (; s->at.count < count; s->at.count += 8) {
		if (s->at.next == s->end) {
			long n = s->result ? 0 : s->read(s->context, &s->at.next);

			s->end = s->at.next;
			if (n <= 0) {
				if (n)
					s->result = (int)n;
				fail(s);
				s->at.count = 56;
				return;
			}
			s->end += n;
		}
		s->at.bits |= (u64)*s->at.next++ << s->at.count;
	}
}

static IN_LINE u64 load_little(const u8 *from)
{
	u64 word = load_u64(from);

	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(word) : word;
}

/* The same from what was read in one piece: what does not fit as a whole byte is read again, to the same place. */
static IN_LINE void load_word(struct inflate_place *at)
{
	at->bits |= load_little(at->next) << at->count;
	at->next += (63 - at->count) / 8;
	at->count |= 56;
}

static IN_LINE u32 take(struct inflate_place *at, u32 count)
{
	u32 bits = (u32)at->bits & ((1u << count) - 1);

	at->bits >>= count;
	at->count -= count;
	return bits;
}

/* The next `count` bits (at most 16). */
static OUT_OF_LINE u32 next_bits(struct inflate *s, u32 count)
{
	load(s, count);
	return take(&s->at, count);
}

static u32 next_u32(struct inflate *s)
{
	u32 word;

	load(s, 32);
	word = (u32)s->at.bits;
	s->at.bits >>= 32;
	s->at.count -= 32;
	return word;
}

static void drop_to_byte(struct inflate *s)
{
	next_bits(s, s->at.count % 8);
}

/*
 * CRC-32 (RFC 1952, 8), eight bytes at a time: what a byte comes to with 0 to 7 more behind it. The remainder of a sum
 * is the sum of the remainders, so that none of the eight has to wait for another.
 */
static void make_crc_table(u32 *table)
{
	for (u32 i = 0; i < 256; i++) {
		table[i] = i;
		for (u32 bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^ (0xedb88320 & -(table[i] & 1));
	}
	for (u32 i = 256; i < 8 * 256; i++)
		table[i] = table[i - 256] >> 8 ^ table[table[i - 256] & 255];
}

static u32 crc32(const u32 *table, u32 crc, const u8 *data, size_t len)
{
	crc = ~crc;
	for (; len >= 8; len -= 8, data += 8) {
		u64 word = load_little(data) ^ crc;
		const u32 *by_rest = table + 8 * 256;

		crc = 0;
		do
			crc ^= (by_rest -= 256)[word & 255];
		while (word >>= 8, by_rest != table);
	}
	while (len--)
		crc = crc >> 8 ^ table[(crc ^ *data++) & 255];
	return ~crc;
}

static OUT_OF_LINE void hand_on(struct inflate *s)
{
	size_t len = (size_t)(s->at.out - s->done);

	s->crc = crc32(s->crc_table, s->crc, s->done, len);
	s->total += (u32)len;
	if (len && !s->result)
		s->result = s->write(s->context, s->done, len);
	s->done = s->at.out;
}

/*
 * Before each symbol: room for what it may write, and at least 56 bits: more than a span and its distance have
 * together. Those are there, as behind the last symbol stand 64 bits of checksum and size.
 */
static OUT_OF_LINE void prepare(struct inflate *s)
{
	load(s, 56);
	if (s->at.out > s->full) {
		hand_on(s);
		memcpy(s->window, s->at.out - INFLATE_REACH, INFLATE_REACH);
		s->done = s->at.out = s->window + INFLATE_REACH;
	}
}

static void stored_block(struct inflate *s)
{
	u32 lengths;

	drop_to_byte(s);
	lengths = next_u32(s); /* the upper half is the complement of the lower one */
	if (~lengths >> 16 != (lengths & 0xffff))
		fail(s);
	for (u32 left = lengths & 0xffff; left && !s->result; left--) {
		prepare(s);
		*s->at.out++ = (u8)next_bits(s, 8);
	}
}

/*
 * A canonical Huffman code is known by the lengths of its codes alone (RFC 1951, 3.2.2): counted upwards, and for
 * each length from where the shorter ones ended. The first bit of a code is its highest, and the lowest in a file.
 * A short code, with whatever follows it, stands in `fast` as often as there are bits that may follow:
 *
 *	code 110 as it is read		? ? ? ? ? ? ? 0 1 1	fast[any of these] = symbol << 4 | 3
 *
 * 0 is a longer code, or none. Few symbols have one: those are found by counting, a bit at a time.
 */
static OUT_OF_LINE void make_code(struct inflate *s, struct inflate_code *code, const u8 *lengths, u32 count)
{
	u16 *symbol = code->symbols;
	u32 next = 0; /* code, its first bit lowest, so that a carry goes downwards */
	u32 used = 0; /* of all the codes that LONGEST bits can tell apart */

	memset(code, 0, sizeof(*code));
	for (u32 len = 1; len <= LONGEST; len++) {
		for (u32 i = 0; i < count; i++) {
			u32 bit = 1u << (len - 1);

			if (lengths[i] != len)
				continue;
			code->counts[len]++;
			*symbol++ = (u16)i;
			for (u32 at = next; len <= FAST && at < 1 << FAST; at += 2 * bit)
				code->fast[at] = (u16)(i << 4 | len);
			for (; next & bit; bit /= 2)
				next -= bit;
			next += bit;
			used += 1u << (LONGEST - len);
		}
	}
	/* Too many, or codes that stand for nothing; but there may be none at all, or a single one, of one bit. */
	if (used != 1u << LONGEST && used != (code->counts[1] & 1u) << (LONGEST - 1))
		fail(s);
}

#define NONE 0xfff0 /* no symbol of any alphabet, and no bits */

static OUT_OF_LINE u32 find_slowly(const struct inflate_code *code, u32 all)
{
	const u16 *symbols = code->symbols;
	u32 bits = 0; /* beyond the first code of this length */

	for (u32 len = 1; len <= LONGEST; len++, all >>= 1) {
		u32 count = code->counts[len];

		bits |= all & 1;
		if (bits < count)
			return (u32)symbols[bits] << 4 | len;
		symbols += count;
		bits = (bits - count) * 2;
	}
	return NONE;
}

static IN_LINE u32 take_symbol(struct inflate_place *at, const struct inflate_code *code)
{
	u32 found = code->fast[at->bits % (1 << FAST)];

	if (!found)
		found = find_slowly(code, (u32)at->bits);
	take(at, found % 16);
	return found / 16;
}

/*
 * Lengths and distances grow like floating-point numbers: a symbol is an exponent with `mantissa` bits behind it, and
 * what the mantissa does not hold follows as that many more bits (the tables of RFC 1951, 3.2.5).
 */
static IN_LINE u32 take_number(struct inflate_place *at, u32 symbol, u32 mantissa)
{
	u32 one = 1u << mantissa, more;

	if (symbol < one)
		return symbol;
	more = (symbol >> mantissa) - 1;
	return ((one + symbol % one) << more) + take(at, more);
}

/*
 * Word by word, up to seven bytes too many. From less than a word back, only the first `distance` bytes of a word are
 * right; the next word begins behind those.
 */
static IN_LINE void copy(u8 *to, u32 distance, u32 len)
{
	const u8 *from = to - distance, *end = to + len;
	u32 step = MIN(distance, 8);

	do
		__builtin_memcpy(to, from, 8);
	while (to += step, from += step, to < end);
}

static OUT_OF_LINE void compressed_block(struct inflate *s)
{
	struct inflate_place at = s->at;

	while (!s->result) {
		u32 symbol, len, distance;

		if (s->end - at.next >= 8 && at.out <= s->full) {
			load_word(&at);
		} else {
			s->at = at;
			prepare(s);
			at = s->at;
		}
		symbol = take_symbol(&at, &s->literals);
		if (symbol < END_OF_BLOCK) {
			*at.out++ = (u8)symbol;
			continue;
		}
		if (symbol == END_OF_BLOCK)
			break;
		if (symbol > LAST_SPAN) {
			fail(s);
			break;
		}
		len = symbol == LAST_SPAN ? LONGEST_SPAN : SHORTEST_SPAN + take_number(&at, symbol - FIRST_SPAN, 2);
		symbol = take_symbol(&at, &s->distances);
		if (symbol > LAST_DISTANCE ||
			(distance = 1 + take_number(&at, symbol, 1)) > (size_t)(at.out - s->window)) {
			fail(s);
			break;
		}
		copy(at.out, distance, len);
		at.out += len;
	}
	s->at = at;
}

/* The lengths of both codes, packed once more, by a code whose lengths stand there before them. */
static void read_lengths(struct inflate *s, u32 count)
{
	static const u8 order[LENGTHS] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
	/* Symbols from 16 on repeat the last length, or zero, so often and as often as that many more bits say. */
	static const u8 least[] = {3, 3, 11}, bits[] = {2, 3, 7};
	u8 *lengths = s->lengths;

	for (u32 i = 0, n = next_bits(s, 4) + 4; i < LENGTHS; i++)
		lengths[order[i]] = i < n ? (u8)next_bits(s, 3) : 0;
	make_code(s, &s->literals, lengths, LENGTHS);
	for (u32 i = 0, last = LENGTHS; i < count && !s->result;) {
		u32 symbol, repeat = 1;

		prepare(s);
		symbol = take_symbol(&s->at, &s->literals);
		if (symbol > LONGEST && symbol < LENGTHS) {
			repeat = least[symbol - 16] + next_bits(s, bits[symbol - 16]);
			symbol = symbol > 16 ? 0 : last;
		}
		last = symbol;
		if (symbol > LONGEST || repeat > count - i)
			fail(s);
		else
			memset(lengths + i, (int)symbol, repeat);
		i += repeat;
	}
}

/* With codes of its own, or with the fixed ones of RFC 1951, 3.2.6. */
static OUT_OF_LINE void coded_block(struct inflate *s, bool is_fixed)
{
	static const u8 fixed[][2] = {{144, 8}, {112, 9}, {24, 7}, {8, 8}, {DISTANCES, 5}}; /* so many of that length */
	u32 literals = LITERALS, distances = DISTANCES;
	u8 *lengths = s->lengths;

	if (is_fixed) {
		for (u32 i = 0; i < ARRAY_SIZE(fixed); lengths += fixed[i++][0])
			memset(lengths, fixed[i][1], fixed[i][0]);
	} else {
		literals = FIRST_SPAN + next_bits(s, 5);
		distances = 1 + next_bits(s, 5);
		if (literals > LAST_SPAN + 1 || distances > LAST_DISTANCE + 1)
			fail(s);
		read_lengths(s, literals + distances);
	}
	make_code(s, &s->literals, s->lengths, literals);
	make_code(s, &s->distances, s->lengths + literals, distances);
	compressed_block(s);
}

static void skip_string(struct inflate *s)
{
	while (!s->result && next_bits(s, 8))
		;
}

static void read_header(struct inflate *s)
{
	u32 magic = next_u32(s), flags = magic >> 24;

	if ((magic & 0xffffff) != 0x088b1f)
		fail(s);
	next_u32(s);
	next_bits(s, 16);
	if (flags & FLAG_EXTRA)
		for (u32 len = next_bits(s, 16); len; len--)
			next_bits(s, 8);
	if (flags & FLAG_NAME)
		skip_string(s);
	if (flags & FLAG_COMMENT)
		skip_string(s);
	if (flags & FLAG_CRC)
		next_bits(s, 16);
}

int inflate_gzip(struct inflate *s)
{
	u32 block = 0;

	s->result = 0;
	s->at = (struct inflate_place){.out = s->window};
	s->end = NULL;
	s->done = s->window;
	s->full = s->window + s->window_size - INFLATE_SLACK;
	s->crc = s->total = 0;
	make_crc_table(s->crc_table);
	read_header(s);
	while (!s->result && !(block & 1)) {
		block = next_bits(s, 3); /* 1: the last one; 2 and 4: its type */
		if (block < 2)
			stored_block(s);
		else if (block < 6)
			coded_block(s, block < 4);
		else
			fail(s);
	}
	hand_on(s);
	drop_to_byte(s);
	if (next_u32(s) != s->crc || next_u32(s) != s->total)
		fail(s);
	return s->result;
}
