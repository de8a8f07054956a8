/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * nearest.h: "did you mean": of all names there are, the few that come nearest to one that is not among them.
 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include "base/error.h"

#define NEAREST_COUNT 3

/* At first all zeros but `wanted`. */
struct nearest {
	const char *wanted; /* the name that is not among them */
	struct near {
		char name[96];
		unsigned int distance;
	} names[NEAREST_COUNT]; /* nearest first */
	u32 count;
};

/* Looks at one of the names there are, and keeps a copy if it is near. */
void nearest_look(struct nearest *nearest, const char *name);

/* Adds "nearest: 'event', 'events'" to an error that is set, if there are any. Returns -errnum. */
int nearest_hint(struct error *error, const struct nearest *nearest);

#endif
