/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * wide.h: numbers that are no integers of 64 bits: of 16 bytes, and floating point. Used by value.c alone.
 */
#ifndef EVENTS_WIDE_H
#define EVENTS_WIDE_H

#include "base/types.h"

/* Each writes at most VALUE_ROOM characters to `p`, and returns the end. */
char *wide_write_integer(char *p, const u8 *at, bool is_signed);
/* A float, or a `wide` one: a double. What is not finite is null in JSON. */
char *wide_write_float(char *p, const u8 *at, bool wide, bool json);

#endif
