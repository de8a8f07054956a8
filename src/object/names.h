/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * names.h: what bears a name, in order, so that looking up each of many names takes no walk through all of them.
 *
 * A file may have any number of symbols, sections and types. If each of many were looked for in a walk through as many
 * others, the steps would be the product of the two, and a file of 10 MB would keep a loader busy for hours.
 */
#ifndef OBJECT_NAMES_H
#define OBJECT_NAMES_H

#include "base/arena.h"
#include "base/error.h"

struct named {
	const char *name;
	u32 of;    /* names are told apart within it: a section's index, or whatever the caller likes */
	u32 index; /* of what bears the name */
};

struct names {
	struct named *list; /* by `of`, name and index */
	u32 count;
};

/* Room for that many. -ENOMEM with a message. */
int names_make_room(struct arena *arena, struct error *error, struct names *names, u32 count);

void names_add(struct names *names, u32 of, const char *name, u32 index);

/* To be called when all have been added. */
void names_sort(struct names *names);

/* The one with the lowest index that bears the name, or NULL. Others of the name follow it in the list. */
const struct named *names_find(const struct names *names, u32 of, const char *name);

#endif
