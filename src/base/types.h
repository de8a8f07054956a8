/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * types.h: the words every file here is written in.
 *
 * The integer names are the kernel's. They are made from the UAPI's own __u64 and friends, so that one
 * format string fits on 32-bit and 64-bit machines: a u64 is always `unsigned long long`, printed with %llu.
 */
#ifndef BASE_TYPES_H
#define BASE_TYPES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;

#define U32_MAX (~(u32)0)
#define U64_MAX (~(u64)0)

#define ARRAY_SIZE(a)      (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b)          ((a) < (b) ? (a) : (b))
#define MAX(a, b)          ((a) > (b) ? (a) : (b))
#define CHECK_FORMAT(f, v) __attribute__((format(printf, f, v)))
#define UNUSED             __attribute__((unused))
#define NORETURN           __attribute__((noreturn))
/* Not copied into its callers, where the compiler would: so it takes fewer bytes in all, as measured. */
#define OUT_OF_LINE __attribute__((noinline))
/* Part of a loop that every byte or type passes through, also where small code counts more than speed. */
#define IN_LINE inline __attribute__((always_inline))

/*
 * The one bounds check. True if `len` bytes from `off` lie within `size` bytes.
 * Never write `off + len <= size`: the sum wraps (CVE-2025-29481 in libbpf was such a sum).
 */
static inline bool range_ok(u64 off, u64 len, u64 size)
{
	return off <= size && len <= size - off;
}

/* `value` rounded up to a multiple of `unit`, a power of two; the caller has checked that it cannot wrap. */
static inline u64 round_up(u64 value, u64 unit)
{
	return (value + unit - 1) & ~(unit - 1);
}

/* What bpf_attr and its like carry: a pointer widened to 64 bits without sign extension. */
static inline u64 ptr_to_u64(const void *p)
{
	return (u64)(unsigned long)p;
}

#endif
