/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * inflate.c: what gzip has packed. See inflate.h.
 *
 * The first thing that goes wrong stays in `result`, and from then on bits are zeros: those who read them need to
 * look only where a loop could go on.
 */
#include <linux/errno.h>
#include "base/inflate.h"

#define WINDOW  sizeof(((struct inflate *)0)->window)
#define LONGEST 15 /* bits of a code */

enum { LITERALS = 288, DISTANCES = 32, LENGTHS = 19 }; /* codes of each alphabet */
enum {
	END_OF_BLOCK = 256,
	FIRST_SPAN = 257,
	LAST_SPAN = 285,
	LAST_DISTANCE = 29,
	SHORTEST_SPAN = 3,
	LONGEST_SPAN = 258
};
enum { FLAG_CRC = 2, FLAG_EXTRA = 4, FLAG_NAME = 8, FLAG_COMMENT = 16 };

static void fail(struct inflate *s, int result)
{
	if (!s->result)
		s->result = result;
}

static u32 next_byte(struct inflate *s)
{
	if (s->in_pos == s->in_len && !s->result) {
		long n = s->read(s->context, s->in, sizeof(s->in));

		s->in_pos = 0;
		s->in_len = n > 0 ? (u32)n : 0;
		if (n <= 0)
			fail(s, n ? (int)n : -EINVAL);
	}
	return s->in_pos < s->in_len ? s->in[s->in_pos++] : 0;
}

/* The next `count` bits (at most 16), the first one lowest. */
static u32 next_bits(struct inflate *s, u32 count)
{
	u32 bits;

	for (; s->bit_count < count; s->bit_count += 8)
		s->bits |= next_byte(s) << s->bit_count;
	bits = s->bits & ((1u << count) - 1);
	s->bits >>= count;
	s->bit_count -= count;
	return bits;
}

static u32 next_u32(struct inflate *s)
{
	u32 low = next_bits(s, 16);

	return low | next_bits(s, 16) << 16;
}

static void drop_to_byte(struct inflate *s)
{
	next_bits(s, s->bit_count % 8);
}

/* CRC-32, a nibble at a time: RFC 1952, 8. */
static u32 crc32(u32 crc, const u8 *data, size_t len)
{
	static const u32 nibbles[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
		0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4,
		0xa00ae278, 0xbdbdf21c};

	crc = ~crc;
	while (len--) {
		crc ^= *data++;
		crc = crc >> 4 ^ nibbles[crc & 15];
		crc = crc >> 4 ^ nibbles[crc & 15];
	}
	return ~crc;
}

static void hand_on(struct inflate *s)
{
	s->crc = crc32(s->crc, s->window, s->filled);
	s->total += s->filled;
	if (!s->result && s->filled)
		s->result = s->write(s->context, s->window, s->filled);
	s->is_full |= s->filled == WINDOW;
	s->filled = 0;
}

static void put(struct inflate *s, u32 byte)
{
	s->window[s->filled++] = (u8)byte;
	if (s->filled == WINDOW)
		hand_on(s);
}

static void copy(struct inflate *s, u32 distance, u32 len)
{
	if (!s->is_full && distance > s->filled)
		fail(s, -EINVAL);
	while (!s->result && len--)
		put(s, s->window[(s->filled - distance) % WINDOW]);
}

static void stored_block(struct inflate *s)
{
	u32 len;

	drop_to_byte(s);
	len = next_bits(s, 16);
	if (next_bits(s, 16) != (len ^ 0xffff))
		fail(s, -EINVAL);
	while (len-- && !s->result)
		put(s, next_bits(s, 8));
}

/*
 * A canonical Huffman code is known by the lengths of its codes alone (RFC 1951, 3.2.2): counted upwards, and for
 * each length from where the shorter ones ended.
 */
struct code {
	u16 counts[LONGEST + 1]; /* codes of each length */
	u16 symbols[LITERALS];   /* in the order of their codes */
};

static void make_code(struct inflate *s, struct code *code, const u8 *lengths, u32 count)
{
	u16 places[LONGEST + 2] = {0};
	s32 room = 1;

	*code = (struct code){0};
	for (u32 i = 0; i < count; i++)
		code->counts[lengths[i]]++;
	code->counts[0] = 0;
	for (u32 len = 1; len <= LONGEST; len++) {
		room = room * 2 - code->counts[len];
		if (room < 0)
			fail(s, -EINVAL); /* more codes than so many bits can tell apart */
		places[len + 1] = places[len] + code->counts[len];
	}
	for (u32 i = 0; i < count; i++)
		if (lengths[i])
			code->symbols[places[lengths[i]]++] = (u16)i;
}

static u32 next_symbol(struct inflate *s, const struct code *code)
{
	u32 bits = 0, first = 0, place = 0;

	for (u32 len = 1; len <= LONGEST; len++) {
		u32 count = code->counts[len];

		bits |= next_bits(s, 1);
		if (bits - first < count)
			return code->symbols[place + bits - first];
		place += count;
		first = (first + count) * 2;
		bits *= 2;
	}
	fail(s, -EINVAL);
	return END_OF_BLOCK;
}

/*
 * Lengths and distances grow like floating-point numbers: a symbol is an exponent with `mantissa` bits behind it, and
 * what the mantissa does not hold follows as that many more bits (the tables of RFC 1951, 3.2.5).
 */
static u32 next_number(struct inflate *s, u32 symbol, u32 mantissa)
{
	u32 one = 1u << mantissa, more;

	if (symbol < 2 * one)
		return symbol;
	more = (symbol >> mantissa) - 1;
	return ((one + symbol % one) << more) + next_bits(s, more);
}

static void compressed_block(struct inflate *s, const struct code *literals, const struct code *distances)
{
	while (!s->result) {
		u32 symbol = next_symbol(s, literals), len;

		if (symbol < END_OF_BLOCK) {
			put(s, symbol);
			continue;
		}
		if (symbol == END_OF_BLOCK)
			return;
		len = symbol == LAST_SPAN ? LONGEST_SPAN : SHORTEST_SPAN + next_number(s, symbol - FIRST_SPAN, 2);
		if (symbol <= LAST_SPAN && (symbol = next_symbol(s, distances)) <= LAST_DISTANCE)
			copy(s, 1 + next_number(s, symbol, 1), len);
		else
			fail(s, -EINVAL);
	}
}

/* The lengths of both codes, packed once more: symbols 16 to 18 repeat the last one, or zero. */
static void read_lengths(struct inflate *s, u8 *lengths, u32 count)
{
	static const u8 order[LENGTHS] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
	u8 packed[LENGTHS] = {0};
	struct code code;

	for (u32 i = 0, n = next_bits(s, 4) + 4; i < n; i++)
		packed[order[i % LENGTHS]] = (u8)next_bits(s, 3);
	make_code(s, &code, packed, LENGTHS);
	for (u32 i = 0; i < count && !s->result;) {
		u32 symbol = next_symbol(s, &code), repeat = 1, value = symbol;

		if (symbol == 16)
			value = i ? lengths[i - 1] : 0, repeat = 3 + next_bits(s, 2);
		else if (symbol > 16)
			value = 0, repeat = symbol == 17 ? 3 + next_bits(s, 3) : 11 + next_bits(s, 7);
		if ((symbol == 16 && !i) || repeat > count - i)
			fail(s, -EINVAL);
		for (; repeat && i < count; repeat--)
			lengths[i++] = (u8)value;
	}
}

/* With codes of its own, or with the fixed ones of RFC 1951, 3.2.6. */
static void coded_block(struct inflate *s, bool is_fixed)
{
	u8 lengths[LITERALS + DISTANCES] = {0};
	u32 literal_count = LITERALS, distance_count = DISTANCES;
	struct code literals, distances;

	if (is_fixed) {
		for (u32 i = 0; i < ARRAY_SIZE(lengths); i++)
			lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : i < LITERALS ? 8 : 5;
	} else {
		literal_count = FIRST_SPAN + next_bits(s, 5);
		distance_count = 1 + next_bits(s, 5);
		read_lengths(s, lengths, literal_count + distance_count);
	}
	make_code(s, &literals, lengths, literal_count);
	make_code(s, &distances, lengths + literal_count, distance_count);
	compressed_block(s, &literals, &distances);
}

static void skip_string(struct inflate *s)
{
	while (!s->result && next_bits(s, 8))
		;
}

static void read_header(struct inflate *s)
{
	u32 magic = next_bits(s, 16), method = next_bits(s, 8), flags = next_bits(s, 8);

	if (magic != 0x8b1f || method != 8)
		fail(s, -EINVAL);
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
	bool is_last = false;

	s->result = 0;
	s->bits = s->bit_count = s->in_pos = s->in_len = s->crc = s->total = s->filled = 0;
	s->is_full = false;
	read_header(s);
	while (!s->result && !is_last) {
		u32 type;

		is_last = next_bits(s, 1);
		type = next_bits(s, 2);
		if (type == 0)
			stored_block(s);
		else if (type < 3)
			coded_block(s, type == 1);
		else
			fail(s, -EINVAL);
	}
	hand_on(s);
	drop_to_byte(s);
	if (next_u32(s) != s->crc || next_u32(s) != s->total)
		fail(s, -EINVAL);
	return s->result;
}
