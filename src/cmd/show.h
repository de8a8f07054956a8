/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * show.h: the lists that an object is shown as; for src/cmd/show*.c alone.
 *
 * For each list there is one function that writes row i, cell by cell (cells.h), or leaves it out.
 */
#ifndef CMD_SHOW_H
#define CMD_SHOW_H

#include "cmd/cells.h"
#include "object/object.h"

struct show {
	struct cells *cells;
	const struct object *object;
	bool all;         /* what no loader looks at, too */
	u8 *marks;        /* [type id]: what show_mark_types() says of it */
	char *definition; /* room for what show_type() writes first */
};

/* Cells of a row that are written first are cut at 1023 characters. Text i (0 to 2) of this row, empty. */
struct text show_text(u32 i);
/* A type as C writes it, as text i; "" for 0. */
const char *show_declaration(struct show *s, u32 i, u32 id, const char *name);

/* show_sections.c: a section of the file. */
void show_section(struct show *s, u32 i);

/* show_maps.c */
void show_map(struct show *s, u32 i);

/*
 * show_open.c: what the compiler left open: externs; all references in section i; all CO-RE relocations of block i of
 * .BTF.ext.
 */
void show_extern(struct show *s, u32 i);
void show_references(struct show *s, u32 i);
void show_core_relocations(struct show *s, u32 i);

/*
 * show_types.c: type i, if it is marked. The types of map keys, map values and events, and what they hold, are; `all`:
 * each struct, union, enum and typedef that has a name. False without memory.
 */
bool show_mark_types(struct show *s, struct arena *arena, bool all);
void show_type(struct show *s, u32 i);

#endif
