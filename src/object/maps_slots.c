/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * maps_slots.c: first values of maps that are maps or programs. See parts.h.
 *
 * In C they are pointers in the map's variable, so the compiler leaves a relocation for each:
 *
 *	.maps: outer, a map of maps			.rel.maps
 *	+--------------------------+
 *	| __uint(…), __type(…) …   |
 *	| values[0]                | +slots_offset	<- relocation, symbol `inner_a`: slot 0 is map inner_a
 *	| values[1]                | +slots_offset + 8
 *	| values[2]                | +slots_offset + 16	<- relocation, symbol `inner_b`: slot 2 is map inner_b
 *	+--------------------------+
 *
 * For a program array the symbols are programs; for a struct of functions (.struct_ops) each stands at a member.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "object/parts.h"

#define POINTER 8 /* bytes of one in a BPF object, whatever machine reads it */

bool has_slots(const struct elf_section *section)
{
	return str_equal(section->name, ".maps") || is_ops_section(section);
}

/* The map or program that a slot names, by a symbol and what stands in the slot: 0, but for static functions. */
static int find_value(struct builder *b, const struct map_spec *map, u32 section, u64 offset, struct map_slot *slot)
{
	const struct object *object = b->object;
	const struct map_spec *inner;
	const struct prog_spec *prog;

	if (map_holds_maps(map)) {
		inner = map_exactly_at(b, section, offset);
		if (!inner || inner->origin != MAP_FROM_BTF)
			return error_invalid(b->error, "which is no map");
		slot->index = (u32)(inner - object->maps);
		slot->name = inner->name;
		return 0;
	}
	prog = object_prog_at(object, section, offset);
	if (prog)
		slot->name = prog->name;
	if (!prog || prog->is_subprogram)
		return error_invalid(b->error, "expected a program, a global function outside .text");
	if (map->origin == MAP_FROM_OPS && (!prog->hook || prog->hook->prog_type != BPF_PROG_TYPE_STRUCT_OPS))
		return error_invalid(
			b->error, "a program of section '%s', expected SEC(\"struct_ops\")", prog->section_name);
	slot->index = (u32)(prog - object->progs);
	return 0;
}

/* The member of a struct at `offset`, which must be a pointer to a function. */
static int find_member(struct builder *b, const struct map_spec *map, u64 offset, struct map_slot *slot)
{
	const struct btf *btf = &b->object->btf;
	const struct btf_type *owner = btf_type(btf, map->btf_value_type_id), *t;
	const struct btf_member *members = btf_members(owner);
	u32 i = 0;

	while (i < btf_vlen(owner) && btf_member_bit_offset(owner, &members[i]) != offset * 8)
		i++;
	t = btf_type(btf, i < btf_vlen(owner) ? btf_resolve(btf, members[i].type) : 0);
	if (btf_kind(btf_inside(btf, t, BTF_KIND_PTR)) != BTF_KIND_FUNC_PROTO)
		return error_invalid(b->error, "struct '%s' has no pointer to a function at %llu",
			btf_name(btf, map->btf_value_type_id), offset);
	slot->at = i;
	return 0;
}

static int fill_slot(struct builder *b, const struct elf_section *section, struct map_spec *map, u64 offset,
	const struct elf_symbol *symbol)
{
	u64 first = map->slots_offset, at = offset - map->offset, addend = 0;
	struct map_slot *slot = b->slots++;

	if (map->origin != MAP_FROM_OPS && (!first || at < first || (at - first) % POINTER))
		return error_invalid(b->error, "expected at one of its `values`");
	if (map->type == BPF_MAP_TYPE_HASH_OF_MAPS && map->key_size != sizeof(u32))
		return error_invalid(b->error, "has keys of %u bytes, expected 4 for `values`", map->key_size);
	if (section->data)
		addend = load_u64(section->data + offset);
	slot->name = symbol->name;
	if (find_value(b, map, symbol->section, symbol->value + addend, slot))
		return error_in(b->error, "names '%s'", slot->name);
	slot->at = (u32)((at - first) / POINTER);
	map->slots = map->slots ? map->slots : slot;
	map->slot_count++;
	return map->origin == MAP_FROM_OPS ? find_member(b, map, at, slot) : 0;
}

int read_slot(struct builder *b, const struct elf_section *section, const struct elf_relocation *relocation)
{
	u64 at = relocation->offset;
	struct map_spec *map = map_around(b, section->index, at);

	if (!map || !range_ok(at, POINTER, section->size))
		return error_invalid(b->error, "no map is there");
	if (fill_slot(b, section, map, at, &b->object->elf.symbols[relocation->symbol]))
		return error_in(b->error, "map '%s'", map->name);
	return 0;
}

void choose_programs(struct object *object)
{
	for (int made = 0; made < 2; made++)
		for (u32 i = 0; i < object->map_count; i++) {
			const struct map_spec *map = &object->maps[i];

			for (u32 s = 0; map->origin == MAP_FROM_OPS && s < map->slot_count; s++)
				if (map->autocreate == made)
					object->progs[map->slots[s].index].autoload = made;
		}
}
