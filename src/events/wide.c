/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * wide.c: numbers that are no integers of 64 bits: of 16 bytes, and floating point. See wide.h.
 *
 * They go through a number of any length in base 10^9, where a digit of that base is nine digits to print:
 *
 *	16 bytes	n = ((chunk * 65536 + chunk) * 65536 + …)	from the highest 16 bits to the lowest
 *	float, double	m * 2^e, e >= 0		m doubled e times
 *			m * 2^e, e < 0		m * 5^-e, and then the point -e places to the left
 *
 * This is exact, needs no floating-point instruction, and is short; it is not fast.
 */
#include "base/memory.h"
#include "events/value.h"
#include "events/wide.h"

#define BILLION   1000000000u
#define BIG_WORDS 88 /* 53 bits times 5^1074, the smallest double, have 767 digits */

struct big {
	u32 words[BIG_WORDS]; /* lowest first, each below 10^9 */
	u32 count;
};

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

/* To 0: adds high * 2^64 + low. */
static void big_add(struct big *big, u64 high, u64 low)
{
	for (int shift = 112; shift >= 0; shift -= 16)
		big_multiply_add(big, 1 << 16, (u16)((shift < 64 ? low : high) >> (shift & 63)));
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

char *wide_write_integer(char *p, const u8 *at, bool is_signed)
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
	big_add(&big, high, low);
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

	big_add(&big, 0, mantissa);
	for (int i = exponent; i > 0; i--)
		big_multiply_add(&big, 2, 0);
	for (int i = places; i > 0; i--)
		big_multiply_add(&big, 5, 0);
	count = (u32)(big_write(digits, &big) - digits);
	exponent = (int)count - 1 - places;
	count = round_digits(digits, count, keep, &exponent);
	return place_point(p, digits, count, exponent);
}

/* IEEE 754: sign, exponent, fraction. 17 and 9 digits tell any two of them apart. */
char *wide_write_float(char *p, const u8 *at, bool wide, bool json)
{
	int fraction_bits = wide ? 52 : 23, exponent_max = wide ? 2047 : 255;
	u64 raw = wide ? load_u64(at) : load_u32(at);
	u64 mantissa = raw & ((1ULL << fraction_bits) - 1);
	int exponent = (int)(raw >> fraction_bits) & exponent_max;
	bool finite = exponent < exponent_max;

	if (raw >> (wide ? 63 : 31) && (finite || !json))
		*p++ = '-';
	if (!finite || !(exponent | mantissa))
		return string_write(p, finite ? "0" : json ? "null" : mantissa ? "nan" : "inf");
	if (exponent)
		mantissa |= 1ULL << fraction_bits;
	else
		exponent = 1;
	return write_binary(p, mantissa, exponent - exponent_max / 2 - fraction_bits, wide ? 17 : 9);
}
