/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * error.h: what failed, told once, by the place that knows.
 *
 * A function that fails returns -errno and fills in the message with error_set(); the functions it returns
 * through may say where with error_in(), which puts words in front. Nothing below the command layer prints.
 *
 *	error_invalid(e, "max_entries is 1000, expected a power of two")
 *	error_in(e, "map '%s'", name)
 *	error_in(e, "%s: .maps", file)
 *
 *	exec.bpf.o: .maps: map 'events': max_entries is 1000, expected a power of two (EINVAL)
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/types.h"

#define ENOTSUPP 524 /* of include/linux/errno.h, from which it leaks out */

struct error {
	int errnum;         /* the positive errno, or 0: nothing has failed */
	char message[1536]; /* without the errno's name */
};

/* Says what failed, unless something is said already: the first word counts. Returns -errnum. */
int error_set(struct error *e, int errnum, const char *format, ...) CHECK_FORMAT(3, 4);

/* The same with EINVAL: a file makes no sense. */
int error_invalid(struct error *e, const char *format, ...) CHECK_FORMAT(2, 3);

/* Says that memory has run out: what for is seen from where, and matters little. Returns -ENOMEM, or as above. */
int error_no_memory(struct error *e);

/* Says where: "WHERE: " goes in front of the message. Returns -errnum of the error. */
int error_in(struct error *e, const char *format, ...) CHECK_FORMAT(2, 3);

/* Adds to the end, after "; ": a hint whose cause was tested. Returns -errnum of the error. */
int error_hint(struct error *e, const char *format, ...) CHECK_FORMAT(2, 3);

/* Nothing has failed (any more). */
void error_clear(struct error *e);

/* The name of an errno, e.g. "EINVAL"; the number in digits if it has none. Takes either sign. */
const char *errno_name(int errnum);

/* What clang-tidy cannot see from a declaration: none of these ever returns 0. */
#ifdef __clang_analyzer__
/* clang-format off */
#define error_set(e, errnum, ...) ((void)(error_set)(e, errnum, __VA_ARGS__), -(errnum))
#define error_invalid(e, ...)	  ((void)(error_invalid)(e, __VA_ARGS__), -EINVAL)
#define error_in(e, ...)	  ((void)(error_in)(e, __VA_ARGS__), -1)
#define error_hint(e, ...)	  ((void)(error_hint)(e, __VA_ARGS__), -1)
#define error_no_memory(e)	  ((void)(error_no_memory)(e), -1)
/* clang-format on */
#endif

#endif
