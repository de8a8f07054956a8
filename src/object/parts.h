/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * parts.h: the steps of object_open(), one file each; for src/object/ alone.
 *
 * Each step fills in its part of `object` and may rely on those listed before it. All return 0 or -errno with a
 * message that names section and offset, but not the file, which object_open() puts in front.
 */
#ifndef OBJECT_PARTS_H
#define OBJECT_PARTS_H

#include "object/object.h"

struct builder {
	struct arena *arena;
	struct error *error;
	struct object *object;
};

int read_programs(struct builder *b);    /* programs.c: prog_spec, from code sections and their symbols */
int read_maps(struct builder *b);        /* maps.c: map_spec, from .maps and its BTF */
int read_legacy_maps(struct builder *b); /* maps_legacy.c: map_spec, from `maps` */
int read_data(struct builder *b);        /* data.c: map_spec, from .rodata, .data, .bss and their variants */
int read_externs(struct builder *b);     /* externs.c: extern_spec, from undefined symbols; the .kconfig map */
int read_references(struct builder *b);  /* references.c: reference, from the relocations of code sections */

/* How many maps each of the readers above will add at most; the array is allocated once for all of them. */
u32 count_maps(const struct builder *b);
u32 count_legacy_maps(const struct builder *b);
u32 count_data(const struct builder *b);

/* A new, empty map_spec at the end of object->maps. */
struct map_spec *add_map(struct builder *b, const char *name, enum map_origin origin);

/* The defined symbol of that name in a section, or NULL. */
const struct elf_symbol *find_symbol(const struct elf *elf, const char *name, u32 section);

/* The BTF id of the VAR of that name in a DATASEC, or 0. */
u32 find_var(const struct btf *btf, u32 datasec_id, const char *name);

#endif
