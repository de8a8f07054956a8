/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * check.c: the questions that are asked of nearly every number in a file. See check.h.
 */
#include <linux/errno.h>
#include "object/check.h"

int check_range(struct error *error, u64 offset, u64 len, u64 size)
{
	if (range_ok(offset, len, size))
		return 0;
	return error_invalid(error, "%llu bytes at %llu reach beyond %llu", len, offset, size);
}

int check_count(struct error *error, const char *what, u64 count, u64 most)
{
	return count <= most ? 0 : error_invalid(error, "%llu %s, expected at most %llu", count, what, most);
}

int check_index(struct error *error, const char *what, u64 index, u64 count)
{
	return index < count ? 0 : error_invalid(error, "%s %llu, but there are %llu", what, index, count);
}
