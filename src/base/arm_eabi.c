/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * arm_eabi.c: what clang calls on 32-bit ARM in place of a C runtime.
 *
 * ARMv7-A need not have a divide instruction, and never has a 64-bit one. The names and the register
 * conventions are those of "Run-time ABI for the Arm Architecture", sections 4.2 and 4.3.
 */
#if defined(__arm__)

#include "base/memory.h"

unsigned int __aeabi_uidiv(unsigned int numerator, unsigned int divisor);
u64 __aeabi_uidivmod(unsigned int numerator, unsigned int divisor);
int __aeabi_idiv(int numerator, int divisor);
u64 arm_divide(u64 numerator, u64 divisor, u64 *remainder);
u64 __aeabi_llsl(u64 value, int bits);
u64 __aeabi_llsr(u64 value, int bits);
s64 __aeabi_lasr(s64 value, int bits);
void __aeabi_memcpy(void *to, const void *from, size_t n);
void __aeabi_memmove(void *to, const void *from, size_t n);
void __aeabi_memset(void *to, size_t n, int byte);
void __aeabi_memclr(void *to, size_t n);

/* Schoolbook division in base 2: one quotient bit a step, from the highest bit of the numerator down. */
__attribute__((used)) u64 arm_divide(u64 numerator, u64 divisor, u64 *remainder)
{
	u64 quotient = 0, rest = 0;

	for (int bit = numerator ? 63 - __builtin_clzll(numerator) : -1; bit >= 0; bit--) {
		rest = rest << 1 | (numerator >> bit & 1);
		if (rest >= divisor) {
			rest -= divisor;
			quotient |= 1ULL << bit;
		}
	}
	*remainder = rest;
	return quotient;
}

unsigned int __aeabi_uidiv(unsigned int numerator, unsigned int divisor)
{
	u64 rest;

	return (unsigned int)arm_divide(numerator, divisor, &rest);
}

/* Quotient in r0, remainder in r1: as one 64-bit value, little-endian, low word first. */
u64 __aeabi_uidivmod(unsigned int numerator, unsigned int divisor)
{
	u64 rest, quotient = arm_divide(numerator, divisor, &rest);

	return quotient | rest << 32;
}

int __aeabi_idiv(int numerator, int divisor)
{
	bool negative = (numerator < 0) != (divisor < 0);
	unsigned int n = numerator < 0 ? 0U - (unsigned int)numerator : (unsigned int)numerator;
	unsigned int d = divisor < 0 ? 0U - (unsigned int)divisor : (unsigned int)divisor;
	unsigned int quotient = __aeabi_uidiv(n, d);

	return (int)(negative ? 0U - quotient : quotient);
}

/* Quotient in r0:r1, remainder in r2:r3, which C cannot say: make room, call, and load the remainder. */
__asm__(".text\n.globl __aeabi_uldivmod\n.type __aeabi_uldivmod, %function\n"
	"__aeabi_uldivmod:\n"
	"push {r11, lr}\n"
	"sub sp, sp, #16\n" /* remainder at sp + 8, its address as fifth argument word at sp */
	"add r12, sp, #8\n"
	"str r12, [sp]\n"
	"bl arm_divide\n"
	"ldrd r2, r3, [sp, #8]\n"
	"add sp, sp, #16\n"
	"pop {r11, pc}\n");

/* Shifts by 0 to 63, put together from shifts of 32-bit words: a shift of 64 bits would call itself. */
static u64 from_words(u32 low, u32 high)
{
	return low | (u64)high << 32;
}

u64 __aeabi_llsl(u64 value, int bits)
{
	u32 low = (u32)value, high = (u32)(value >> 32);

	if (bits >= 32)
		return from_words(0, low << (bits - 32));
	return bits ? from_words(low << bits, high << bits | low >> (32 - bits)) : value;
}

u64 __aeabi_llsr(u64 value, int bits)
{
	u32 low = (u32)value, high = (u32)(value >> 32);

	if (bits >= 32)
		return from_words(high >> (bits - 32), 0);
	return bits ? from_words(low >> bits | high << (32 - bits), high >> bits) : value;
}

/* The sign comes in from above: the bits of a negative number are shifted as the complement's are. */
s64 __aeabi_lasr(s64 value, int bits)
{
	u64 sign = value < 0 ? U64_MAX : 0;

	return (s64)(__aeabi_llsr((u64)value ^ sign, bits) ^ sign);
}

void __aeabi_memcpy(void *to, const void *from, size_t n)
{
	memcpy(to, from, n);
}

void __aeabi_memmove(void *to, const void *from, size_t n)
{
	memmove(to, from, n);
}

void __aeabi_memset(void *to, size_t n, int byte)
{
	memset(to, byte, n);
}

void __aeabi_memclr(void *to, size_t n)
{
	memset(to, 0, n);
}

/* The variants that promise alignment need nothing more. */
#define ALIAS(name, of) __asm__(".globl " #name "\n.set " #name ", " #of "\n")
ALIAS(__aeabi_memcpy4, __aeabi_memcpy);
ALIAS(__aeabi_memcpy8, __aeabi_memcpy);
ALIAS(__aeabi_memmove4, __aeabi_memmove);
ALIAS(__aeabi_memmove8, __aeabi_memmove);
ALIAS(__aeabi_memset4, __aeabi_memset);
ALIAS(__aeabi_memset8, __aeabi_memset);
ALIAS(__aeabi_memclr4, __aeabi_memclr);
ALIAS(__aeabi_memclr8, __aeabi_memclr);

#endif
