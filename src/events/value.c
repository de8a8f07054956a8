/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * value.c: one value, from the bytes of an event to text. See value.h.
 *
 * Integers of at most 64 bits are most of what there is, and these are fast. For the rest see wide.h.
 */
#include "base/memory.h"
#include "base/text.h"
#include "events/value.h"
#include "events/wide.h"

#define BILLION 1000000000u

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

char *string_write(char *p, const char *s)
{
	while (*s)
		*p++ = *s++;
	return p;
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
		return wide_write_integer(p, at, step->is_signed);
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

	p = string_write(p, "0x");
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
		return string_write(p, value_load(step, at) ? "true" : "false");
	case VALUE_CHAR:
		return write_char(p, (const char *)at, json);
	case VALUE_ENUM:
		return write_enum(p, step, at, json);
	case VALUE_FLOAT:
		return wide_write_float(p, at, step->size == 8, json);
	}
	*p = '"';
	p = write_pointer(p + json, value_load(step, at));
	*p = '"';
	return p + json;
}
