/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * value.c: one value, from the bytes of an event to text. See value.h.
 *
 * Most values are integers of at most 64 bits, and these are fast. The rest (16 bytes, floating point) goes through
 * a number of any length in base 10^9, where a digit of that base is nine digits to print:
 *
 *	16 bytes	n = ((chunk * 65536 + chunk) * 65536 + …)	from the highest 16 bits to the lowest
 *	float, double	m * 2^e, e >= 0		m doubled e times
 *			m * 2^e, e < 0		m * 5^-e, and then the point -e places to the left
 *
 * This is exact, needs no floating-point instruction, and is short; it is not fast.
 */
#include "base/memory.h"
#include "base/text.h"
#include "events/value.h"

#define BILLION   1000000000u
#define BIG_WORDS 88 /* 53 bits times 5^1074, the smallest double, have 767 digits */

struct big {
	u32 words[BIG_WORDS]; /* lowest first, each below 10^9 */
	u32 count;
};

/* Two digits a division: a quarter of the time of an event in JSON is spent here. */
static char *decimal_fixed(char *p, u32 value, u32 digits)
{
	static const char pairs[] = "0001020304050607080910111213141516171819202122232425262728293031323334353637383940"
				    "4142434445464748495051525354555657585960616263646566676869707172737475767778798081"
				    "828384858687888990919293949596979899";
	u32 left = digits;

	for (; left >= 2; left -= 2, value /= 100)
		__builtin_memcpy(p + left - 2, pairs + 2 * (value % 100), 2);
	if (left)
		*p = (char)('0' + value % 10);
	return p + digits;
}

char *decimal_write_u32(char *p, u32 value, u32 width)
{
	static const u32 powers[] = {0, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, BILLION};
	/* 1233 / 4096 is log10(2): the number of bits gives that of digits, or one too few. */
	u32 guess = (32 - (u32)__builtin_clz(value | 1)) * 1233 >> 12;
	u32 digits = guess + (value >= powers[guess]);

	return decimal_fixed(p, value, MAX(digits, width));
}

char *decimal_write(char *p, u64 value)
{
	if (value <= U32_MAX)
		return decimal_write_u32(p, (u32)value, 0);
	/* Divides 64 bits once or twice, not once a digit: that is a loop in software on a 32-bit machine. */
	p = decimal_write(p, value / BILLION);
	return decimal_fixed(p, (u32)(value % BILLION), 9);
}

/* big = big * factor + add; factor is at most 10^9. */
static void big_multiply_add(struct big *big, u32 factor, u32 add)
{
	u64 carry = add;

	for (u32 i = 0; i < big->count; i++) {
		carry += (u64)big->words[i] * factor;
		big->words[i] = (u32)(carry % BILLION);
		carry /= BILLION;
	}
	if (carry && big->count < BIG_WORDS)
		big->words[big->count++] = (u32)carry;
}

/* Writes all digits, 9 * BIG_WORDS at most; returns the end. */
static char *big_write(char *p, const struct big *big)
{
	u32 i = big->count;

	p = decimal_write_u32(p, i ? big->words[i - 1] : 0, 0);
	while (i-- > 1)
		p = decimal_write_u32(p, big->words[i - 1], 9);
	return p;
}

static char *write_u128(char *p, const u8 *at, bool is_signed)
{
	struct big big = {.count = 0};
	u64 low = load_u64(at), high = load_u64(at + 8);

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	low = load_u64(at + 8);
	high = load_u64(at);
#endif
	if (is_signed && high >> 63) {
		*p++ = '-';
		low = 0 - low;
		high = ~high + !low;
	}
	for (int shift = 112; shift >= 0; shift -= 16)
		big_multiply_add(&big, 1 << 16, (u16)((shift < 64 ? low : high) >> (shift & 63)));
	return big_write(p, &big);
}

/* Rounds `count` digits to `keep`; returns how many are left when zeros at the end are gone. *exponent is that of
 * the first digit, and grows by one when 9.99 becomes 10. */
static u32 round_digits(char *digits, u32 count, u32 keep, int *exponent)
{
	bool up = count > keep && digits[keep] >= '5';

	count = MIN(count, keep);
	while (up && count && digits[count - 1] == '9')
		count--;
	if (up && count) {
		digits[count - 1]++;
	} else if (up) {
		digits[count++] = '1';
		++*exponent;
	}
	while (count > 1 && digits[count - 1] == '0')
		count--;
	return count;
}

/* `count` digits, the first of which stands for 10^exponent: 0.00012, 1200, 1.2e+30. */
static char *place_point(char *p, const char *digits, u32 count, int exponent)
{
	bool scientific = exponent < -5 || exponent > 16;
	u32 before = scientific ? 1 : (u32)(exponent + 1); /* digits before the point */

	if (!scientific && exponent < 0) {
		*p++ = '0';
		*p++ = '.';
		while (++exponent < 0)
			*p++ = '0';
		before = count;
	}
	for (u32 i = 0; i < count || i < before; i++) {
		if (i == before)
			*p++ = '.';
		*p++ = i < count ? digits[i] : '0';
	}
	if (!scientific)
		return p;
	*p++ = 'e';
	*p++ = exponent < 0 ? '-' : '+';
	return decimal_write_u32(p, (u32)(exponent < 0 ? -exponent : exponent), 2);
}

/* mantissa * 2^exponent, rounded to `keep` digits. */
static char *write_binary(char *p, u64 mantissa, int exponent, u32 keep)
{
	int places = exponent < 0 ? -exponent : 0;
	struct big big = {.count = 0};
	char digits[9 * BIG_WORDS];
	u32 count;

	big_multiply_add(&big, 1, (u32)(mantissa >> 32)); /* a mantissa has 53 bits at most */
	big_multiply_add(&big, 1 << 16, (u16)(mantissa >> 16));
	big_multiply_add(&big, 1 << 16, (u16)mantissa);
	for (int i = exponent; i > 0; i--)
		big_multiply_add(&big, 2, 0);
	for (int i = places; i > 0; i--)
		big_multiply_add(&big, 5, 0);
	count = (u32)(big_write(digits, &big) - digits);
	exponent = (int)count - 1 - places;
	count = round_digits(digits, count, keep, &exponent);
	return place_point(p, digits, count, exponent);
}

static char *write_text(char *p, const char *s)
{
	while (*s)
		*p++ = *s++;
	return p;
}

/* IEEE 754: sign, exponent, fraction. 17 and 9 digits tell any two of them apart. */
static char *write_float(char *p, const u8 *at, bool wide, bool json)
{
	int fraction_bits = wide ? 52 : 23, exponent_max = wide ? 2047 : 255;
	u64 raw = wide ? load_u64(at) : load_u32(at);
	u64 mantissa = raw & ((1ULL << fraction_bits) - 1);
	int exponent = (int)(raw >> fraction_bits) & exponent_max;

	if (exponent == exponent_max && json)
		return write_text(p, "null");
	if (raw >> (wide ? 63 : 31))
		*p++ = '-';
	if (exponent == exponent_max)
		return write_text(p, mantissa ? "nan" : "inf");
	if (!(exponent | mantissa))
		return write_text(p, "0");
	if (exponent)
		mantissa |= 1ULL << fraction_bits;
	else
		exponent = 1;
	return write_binary(p, mantissa, exponent - exponent_max / 2 - fraction_bits, wide ? 17 : 9);
}

/* Byte by byte from the first bit on; 64 bits may lie in 9 bytes, and no step here shifts one out. */
static u64 load_bits(const struct decode_step *step, const u8 *at)
{
	u32 last = step->size - 1u;
	u64 value;

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	u32 behind = 8u * step->size - step->shift - step->bits; /* bits of the last byte that are not ours */

	value = at[0] & (0xffu >> step->shift);
	for (u32 i = 1; i < last; i++)
		value = value << 8 | at[i];
	return last ? value << (8 - behind) | at[last] >> behind : value >> behind;
#else
	value = at[0] >> step->shift;
	for (u32 i = 1; i <= last; i++)
		value |= (u64)at[i] << (8 * i - step->shift);
	return step->bits < 64 ? value & ((1ULL << step->bits) - 1) : value;
#endif
}

static u64 load_bytes(const struct decode_step *step, const u8 *at)
{
	switch (step->size) {
	case 1:
		return *at;
	case 2:
		return load_u16(at);
	case 4:
		return load_u32(at);
	case 8:
		return load_u64(at);
	}
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return load_u64(at + 8);
#else
	return load_u64(at);
#endif
}

u64 value_load(const struct decode_step *step, const u8 *at)
{
	u64 value = step->bits ? load_bits(step, at) : load_bytes(step, at);
	u32 unused = 64 - (step->bits ? step->bits : 8u * step->size);

	if (!step->is_signed || step->size == 16)
		return value;
	return (u64)((s64)(value << unused) >> unused);
}

static char *write_integer(char *p, const struct decode_step *step, const u8 *at)
{
	u64 value;

	if (step->size == 16)
		return write_u128(p, at, step->is_signed);
	value = value_load(step, at);
	if (step->is_signed && (s64)value < 0) {
		*p++ = '-';
		value = 0 - value;
	}
	return decimal_write(p, value);
}

static char *write_pointer(char *p, u64 value)
{
	int shift = 60;

	p = write_text(p, "0x");
	while (shift && !(value >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*p++ = "0123456789abcdef"[value >> shift & 15];
	return p;
}

static char *write_char(char *p, const char *at, bool json)
{
	struct text text = text_in(p, VALUE_ROOM);

	if (json)
		text_json(&text, at, *at != 0);
	else
		text_visible(&text, at, *at != 0);
	return p + text.len;
}

/* Binary search for the first name of that value. */
static const struct enum_name *find_name(const struct enum_names *names, u64 value)
{
	u32 from = 0, to = names->count;

	while (from < to) {
		u32 middle = from + (to - from) / 2;

		if (names->names[middle].value < value)
			from = middle + 1;
		else
			to = middle;
	}
	return from < names->count && names->names[from].value == value ? &names->names[from] : NULL;
}

static char *write_enum(char *p, const struct decode_step *step, const u8 *at, bool json)
{
	const struct enum_name *name = find_name(step->names, value_load(step, at));

	if (!name)
		return write_integer(p, step, at);
	return json ? copy_units(p, name->quoted, name->len) : copy_units(p, name->quoted + 1, name->len - 2);
}

char *value_write(char *p, const struct decode_step *step, const u8 *at, bool json)
{
	if (step->kind <= VALUE_SIGNED)
		return write_integer(p, step, at);
	switch (step->kind) {
	case VALUE_BOOL:
		return write_text(p, value_load(step, at) ? "true" : "false");
	case VALUE_CHAR:
		return write_char(p, (const char *)at, json);
	case VALUE_ENUM:
		return write_enum(p, step, at, json);
	case VALUE_FLOAT:
		return write_float(p, at, step->size == 8, json);
	}
	*p = '"';
	p = write_pointer(p + json, value_load(step, at));
	*p = '"';
	return p + json;
}
