/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_sort.c: arrays of every length and order come out sorted, whole, and in n log n steps.
 */
#include "unit.h"
#include "base/sort.h"

struct element {
	u32 key;
	u8 body[7];
} __attribute__((packed));

static long comparisons;

static int compare(const void *a, const void *b)
{
	const struct element *x = a, *y = b;

	comparisons++;
	return compare_u64(x->key, y->key);
}

static u32 key_of(int order, u32 i, u32 n)
{
	const u32 keys[] = {i, n - i, 5, i * 2654435761u, i % 3, i ^ 1, i < n / 2 ? i : n - i};

	return keys[order];
}

static void sorts(void **state)
{
	static const u32 lengths[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 17, 100, 1000};

	(void)state;
	for (size_t l = 0; l < ARRAY_SIZE(lengths); l++)
		for (int order = 0; order < 7; order++) {
			u32 n = lengths[l], sum = 0, sum_after = 0;
			struct element *array = malloc(n * sizeof(*array));

			for (u32 i = 0; i < n; i++) {
				array[i] = (struct element){.key = key_of(order, i, n)};
				memset(array[i].body, (int)array[i].key, sizeof(array[i].body));
				sum += array[i].key;
			}
			comparisons = 0;
			sort(array, n, sizeof(*array), compare);
			assert_true(comparisons <= 30 * (long)n);
			for (u32 i = 0; i < n; i++) {
				sum_after += array[i].key;
				assert_int_equal(array[i].body[6], (u8)array[i].key);
				assert_true(!i || array[i - 1].key <= array[i].key);
			}
			assert_int_equal(sum, sum_after);
			free(array);
		}
}

int main(void)
{
	return RUN(TEST(sorts));
}
