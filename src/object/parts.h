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

/* What the steps share. */
struct builder {
	struct arena *arena;
	struct error *error;
	struct object *object;
	const struct map_spec **map_order; /* by section and offset; of read_relocations() */
	struct map_slot *slots;            /* room for those of a section; all share one array */
	const struct map_spec *arena_map;  /* the one with variables in it, or NULL */
	u32 variable_count;                /* that read_variables() has seen */
};

int read_programs(struct builder *b);    /* programs.c: prog_spec, from code sections and their symbols */
int read_maps(struct builder *b);        /* maps.c: map_spec, from .maps and its BTF */
int read_legacy_maps(struct builder *b); /* maps_legacy.c: map_spec, from `maps` */
int read_ops(struct builder *b);         /* maps_struct_ops.c: map_spec, from .struct_ops and its BTF */
int read_data(struct builder *b);        /* data.c: map_spec, from .rodata, .data, .bss and their variants; arenas */
int read_externs(struct builder *b);     /* externs.c: extern_spec, from undefined symbols; the .kconfig map */
int read_relocations(struct builder *b); /* relocations.c: reference and map_slot, from relocations */

/* Relocations of code, and of the sections that has_slots() tells, one by one in the order of their places. */
int read_reference(struct builder *b, const struct elf_section *code, const struct elf_relocation *relocation);
int read_slot(struct builder *b, const struct elf_section *section, const struct elf_relocation *relocation);
bool has_slots(const struct elf_section *section);
bool is_ops_section(const struct elf_section *section);

/*
 * A program that is in structs of functions is loaded if one of those is made, whatever its own section says
 * (tools/lib/bpf/libbpf.c:bpf_object_adjust_struct_ops_autoload()).
 */
void choose_programs(struct object *object);

/*
 * A DATASEC of variables: calls `read` for each, with its symbol in the section. What is wrong with it gets the name
 * of the variable, which is a `what`, and of the section in front.
 */
int read_variables(struct builder *b, const struct elf_section *section, const char *what,
	int (*read)(struct builder *b, const struct elf_section *section, const struct elf_symbol *symbol, u32 var_id));

/* A new, empty map_spec at the end of object->maps. */
struct map_spec *add_map(struct builder *b, const char *name, enum map_origin origin);

/*
 * Makes an array of one element of it: `size` bytes of the section, from `offset` on; for .kconfig, where `section` is
 * NULL, zeros. A section without bytes gives no first value.
 */
int fill_map(struct builder *b, struct map_spec *map, const struct elf_section *section, u64 offset, u64 size);

/* The first map that is defined exactly there, or NULL; once read_relocations() has put them in order. */
const struct map_spec *map_exactly_at(const struct builder *b, u32 section, u64 offset);

/* The map whose bytes that place is among, or NULL; the same holds. */
struct map_spec *map_around(const struct builder *b, u32 section, u64 offset);

#endif
