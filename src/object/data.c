/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * data.c: global variables, which reach a program as maps. See parts.h.
 *
 * Each section of variables becomes an array map of one element, the section's image its value; a program's
 * reference to a variable becomes a pointer into that value.
 *
 *	section			user may write	program may write	first value
 *	.rodata, .rodata.*	until frozen	no			the section's bytes
 *	.data, .data.*		yes		yes			the section's bytes
 *	.bss, .bss.*		yes		yes			zero
 *	.addr_space.1		yes		yes			the section's bytes
 *
 * The last holds variables of address space 1 (`__arena`): they live in the object's arena, from its first byte on.
 */
#include <linux/errno.h>
#include "base/string.h"
#include "object/parts.h"

static const struct {
	char name[8];
	bool read_only;
} data_kinds[] = {{".rodata", true}, {".data", false}, {".bss", false}};

/* The row for a section, or -1. ".data.rel.ro" and the like of other languages count as .data.* here as in libbpf. */
static OUT_OF_LINE int data_kind(const struct elf_section *section)
{
	if (!section->size || (section->type != SHT_PROGBITS && section->type != SHT_NOBITS))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(data_kinds); i++) {
		size_t len = str_len(data_kinds[i].name);

		if (str_starts(section->name, data_kinds[i].name) && (!section->name[len] || section->name[len] == '.'))
			return (int)i;
	}
	return -1;
}

/* A variable of the section that other files may know: one that is neither static nor hidden. */
static bool has_globals(const struct object *object, u32 section)
{
	const struct btf *btf = &object->btf;
	const struct btf_type *datasec = btf_type(btf, object->datasecs[section]);

	for (u32 i = 0; i < btf_vlen(datasec); i++) {
		const char *name = btf_name(btf, btf_secinfos(datasec)[i].type);
		const struct elf_symbol *symbol = object_find_symbol(object, section, name);

		if (symbol && !symbol->is_hidden)
			return true;
	}
	return false;
}

static OUT_OF_LINE int read_section(struct builder *b, const struct elf_section *section, bool read_only)
{
	const struct object *object = b->object;
	struct map_spec *map = add_map(b, section->name, MAP_FROM_DATA);

	map->map_flags = read_only ? BPF_F_RDONLY_PROG : 0;
	map->read_only = read_only;
	if (object->has_btf) {
		map->btf_value_type_id = object->datasecs[section->index];
		map->has_globals = has_globals(object, section->index);
	}
	return fill_map(b, map, section, 0, section->size);
}

/* Variables of an arena are no map of their own. */
static int find_arena(struct builder *b)
{
	struct object *object = b->object;
	const struct elf_section *section = elf_find_section(&object->elf, ".addr_space.1");

	if (!section || !section->size)
		return 0;
	for (u32 i = 0; i < object->map_count; i++)
		if (object->maps[i].type == MAP_TYPE_ARENA && object->maps[i].autocreate) {
			object->maps[i].data_section = section->index;
			b->arena_map = &object->maps[i];
			return 0;
		}
	error_set(b->error, ENOENT, "its variables live in an arena, but no map is one");
	return elf_error_in(b->error, section);
}

int read_data(struct builder *b)
{
	int err = find_arena(b);

	for (u32 i = 1; !err && i < b->object->elf.section_count; i++) {
		const struct elf_section *section = &b->object->elf.sections[i];
		int kind = data_kind(section);

		if (kind >= 0)
			err = read_section(b, section, data_kinds[kind].read_only);
	}
	return err;
}
