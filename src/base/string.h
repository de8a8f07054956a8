/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * string.h: strings that end in NUL, and the numbers in them.
 */
#ifndef BASE_STRING_H
#define BASE_STRING_H

#include "base/types.h"

size_t str_len(const char *s);
bool str_equal(const char *a, const char *b);
/* The order of the first `len` characters of `a`, or of all if it ends before, and `b`: below 0, 0, or above. */
int str_order(const char *a, size_t len, const char *b);
/* Whether `s` begins with `prefix`. */
bool str_starts(const char *s, const char *prefix);
/* Whether `s` ends with `suffix`. */
bool str_ends(const char *s, const char *suffix);
/* The first `c` in `s`, or NULL. */
const char *str_find(const char *s, char c);
/* The last `c` in `s`, or NULL. */
const char *str_find_last(const char *s, char c);
/* What stands behind the first `words` in `s`, or NULL. */
const char *str_behind(const char *s, const char *words);
/*
 * Entry `n` of a list of strings that lie end to end, "red\0green\0blue", in an array of `size` bytes; NULL behind the
 * last. Tables of names are written so, as a pointer to each name would cost eight bytes more.
 */
const char *list_entry(const char *list, size_t size, u32 n);
/* The part of a path after its last '/'. */
const char *path_basename(const char *path);

bool char_is_digit(char c);
bool char_is_alnum(char c);
bool char_is_space(char c);
/* `s` behind the blanks it begins with. */
const char *skip_blanks(const char *s);
/* Cuts the next word off a line: words end at blanks, and *line moves behind it. "" at the end. */
char *next_word(char **line);

/*
 * Reads an unsigned number at *s: decimal, 0x… hexadecimal or 0… octal if `base` is 0, else in that base.
 * On success stores it and moves *s behind it. False, with nothing changed, if there is no digit or if the
 * number needs more than 64 bits. Signs and leading blanks are not numbers.
 */
bool parse_u64(const char **s, unsigned int base, u64 *value);

/* The same for a whole string: nothing may follow the number. */
bool parse_whole_u64(const char *s, unsigned int base, u64 *value);

/* Like parse_whole_u64(s, 0, …), with an optional '-'. False outside -2^63 … 2^63-1. */
bool parse_whole_s64(const char *s, s64 *value);

/*
 * Copies `src` into a buffer of `size` bytes, cut to fit, always NUL-terminated (size > 0).
 */
void str_copy(char *dst, size_t size, const char *src);

/*
 * How many single-character edits (insert, delete, replace) make `a` into `b`: Levenshtein's distance, for
 * "did you mean". Names longer than 63 characters, or distances above `limit`, give limit + 1.
 */
unsigned int str_distance(const char *a, const char *b, unsigned int limit);

#endif
