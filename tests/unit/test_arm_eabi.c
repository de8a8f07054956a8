/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_arm_eabi.c: the division that stands in for the missing instruction on 32-bit ARM, on any machine: the source
 * is included with __arm__ set and its assembly left out.
 */
#include "unit.h"
#include "base/memory.h"

#if !defined(__arm__)
#define __arm__ 1
#define PRETENDED
#endif
#define __asm__(...) _Static_assert(1, "assembly left out")
#include "base/arm_eabi.c"
#undef __asm__
#ifdef PRETENDED
#undef __arm__
#endif

static const u64 numbers[] = {0, 1, 2, 3, 7, 9, 10, 12, 255, 256, 1000, 0x7fffffff, 0x80000000u, 0x80000001u,
	0xffffffffu, 0x100000000ULL, 0x100000001ULL, 1000000000, 0x123456789abcdefULL, 0x7fffffffffffffffULL,
	0x8000000000000000ULL, 0xfffffffffffffffeULL, 0xffffffffffffffffULL};

static void divides_64(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		for (size_t j = 1; j < ARRAY_SIZE(numbers); j++) {
			u64 rest = 0;

			assert_int_equal(arm_divide(numbers[i], numbers[j], &rest), numbers[i] / numbers[j]);
			assert_int_equal(rest, numbers[i] % numbers[j]);
		}
}

static void divides_32(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		for (size_t j = 1; j < ARRAY_SIZE(numbers); j++) {
			unsigned int n = (unsigned int)numbers[i], d = (unsigned int)numbers[j];
			u64 both;

			if (!d)
				continue;
			both = __aeabi_uidivmod(n, d);
			assert_int_equal(__aeabi_uidiv(n, d), n / d);
			assert_int_equal((unsigned int)both, n / d);
			assert_int_equal((unsigned int)(both >> 32), n % d);
			if ((int)n != -0x7fffffff - 1 || (int)d != -1)
				assert_int_equal(__aeabi_idiv((int)n, (int)d), (int)n / (int)d);
		}
}

/* Many numbers of every length. */
static void divides_at_random(void **state)
{
	u64 seed = 88172645463325252ULL;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		u64 n, d, rest;

		seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
		n = seed >> (seed & 63);
		seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
		d = seed >> (seed & 63);
		d = d ? d : 1;
		assert_true(arm_divide(n, d, &rest) == n / d && rest == n % d);
	}
}

static void shifts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		for (int bits = 0; bits < 64; bits++) {
			assert_int_equal(__aeabi_llsl(numbers[i], bits), numbers[i] << bits);
			assert_int_equal(__aeabi_llsr(numbers[i], bits), numbers[i] >> bits);
			assert_int_equal(__aeabi_lasr((s64)numbers[i], bits), (s64)numbers[i] >> bits);
		}
}

static void moves_bytes(void **state)
{
	char buf[8] = "abcdefg";

	(void)state;
	__aeabi_memset(buf, 2, 'x'); /* size before byte: not memset()'s order */
	assert_string_equal(buf, "xxcdefg");
	__aeabi_memmove(buf + 1, buf, 4);
	assert_string_equal(buf, "xxxcdfg");
	__aeabi_memcpy(buf, "123", 3);
	__aeabi_memclr(buf + 3, 5);
	assert_string_equal(buf, "123");
}

int main(void)
{
	return RUN(TEST(divides_64), TEST(divides_32), TEST(divides_at_random), TEST(shifts), TEST(moves_bytes));
}
