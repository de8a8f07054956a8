/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * sort.c: putting an array in order, by heapsort, and finding a place in it. See sort.h.
 *
 * The array is seen as a tree: the children of element i are 2i+1 and 2i+2. In a heap no child is larger than its
 * parent, so the largest stands first; it is swapped to the end, and the rest made a heap again.
 */
#include "base/sort.h"

static void swap(u8 *a, u8 *b, size_t size)
{
	while (size--) {
		u8 byte = *a;

		*a++ = *b;
		*b++ = byte;
	}
}

/* Lets the element at `i` sink until none of its children is larger. */
static void sink(u8 *base, size_t i, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	for (size_t child; (child = 2 * i + 1) < count; i = child) {
		if (child + 1 < count && compare(base + child * size, base + (child + 1) * size) < 0)
			child++;
		if (compare(base + i * size, base + child * size) >= 0)
			return;
		swap(base + i * size, base + child * size, size);
	}
}

void sort(void *base, size_t count, size_t size, int (*compare)(const void *a, const void *b))
{
	bool sorted = true;

	/* What compilers and kernels write is nearly always in order already. */
	for (size_t i = 1; i < count && sorted; i++)
		sorted = compare((u8 *)base + (i - 1) * size, (u8 *)base + i * size) <= 0;
	if (sorted)
		return;
	for (size_t i = count / 2; i-- > 0;)
		sink(base, i, count, size, compare);
	for (size_t end = count; end-- > 1;) {
		swap(base, (u8 *)base + end * size, size);
		sink(base, 0, end, size, compare);
	}
}

size_t sort_find(const void *base, size_t count, size_t size, const void *key,
	int (*compare)(const void *element, const void *key))
{
	size_t low = 0;

	while (low < count) {
		size_t middle = low + (count - low) / 2;

		if (compare((const u8 *)base + middle * size, key) < 0)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}
