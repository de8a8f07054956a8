/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * check.h: the questions that are asked of nearly every number in a file, and the words for a wrong one.
 */
#ifndef OBJECT_CHECK_H
#define OBJECT_CHECK_H

#include "base/error.h"

/* What several files have to say. */
#define NO_BTF         "no BTF says what it is; compile with -g"
#define NO_BYTES       "it has no bytes (SHT_NOBITS)"
#define NO_SECOND_HALF "the second half of the 16-byte load is missing"

/* range_ok(), or -EINVAL: "LEN bytes at OFFSET reach beyond SIZE". */
int check_range(struct error *error, u64 offset, u64 len, u64 size);

/* 0 if `count` <= `most`, or -EINVAL: "COUNT WHAT, expected at most MOST". */
int check_count(struct error *error, const char *what, u64 count, u64 most);

/* 0 if `index` < `count`, or -EINVAL: "WHAT INDEX, but there are COUNT". */
int check_index(struct error *error, const char *what, u64 index, u64 count);

#endif
