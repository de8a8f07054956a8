/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * sort.h: putting an array in order, and finding a place in it.
 */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include "base/types.h"

/*
 * Sorts `count` elements of `size` bytes so that compare(a, b) <= 0 for neighbours. Not stable; no recursion, no
 * memory, and n log n steps whatever the input: inputs may be hostile.
 */
void sort(void *base, size_t count, size_t size, int (*compare)(const void *a, const void *b));

/*
 * How many elements of a sorted array come before `key`, those for which compare(element, key) < 0: the first that does
 * not has this index.
 */
size_t sort_find(const void *base, size_t count, size_t size, const void *key,
	int (*compare)(const void *element, const void *key));

/* -1, 0 or 1, as compare functions return it. */
static inline int compare_u64(u64 a, u64 b)
{
	return (a > b) - (a < b);
}

#endif
