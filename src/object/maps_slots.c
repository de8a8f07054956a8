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
#include "object/check.h"
#include "object/parts.h"

#define POINTER 8 /* bytes of one in a BPF object, whatever machine reads it */

static struct map_spec *map_around(const struct object *object, u32 section, u64 offset)
{
	for (u32 i = 0; i < object->map_count; i++) {
		struct map_spec *map = &object->maps[i];

		if (map->section == section && offset >= map->offset && offset - map->offset < map->size)
			return map;
	}
	return NULL;
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
			return error_set(b->error, EINVAL, "which is no map");
		slot->index = (u32)(inner - object->maps);
		slot->name = inner->name;
		return 0;
	}
	prog = object_prog_at(object, section, offset);
	if (!prog || prog->is_subprogram)
		return error_set(b->error, EINVAL, "which is no program");
	if (map->origin == MAP_FROM_OPS && (!prog->hook || prog->hook->prog_type != BPF_PROG_TYPE_STRUCT_OPS))
		return error_set(b->error, EINVAL, "a program of section '%s', expected SEC(\"struct_ops\")",
			prog->section_name);
	slot->index = (u32)(prog - object->progs);
	slot->name = prog->name;
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
	t = btf_type(btf, btf_kind(t) == BTF_KIND_PTR ? btf_resolve(btf, t->type) : 0);
	if (btf_kind(t) != BTF_KIND_FUNC_PROTO)
		return error_set(b->error, EINVAL, "struct '%s' has no pointer to a function at %llu",
			btf_name(btf, map->btf_value_type_id), offset);
	slot->at = i;
	return 0;
}

/* `offset` is counted from the map's first byte. */
static int read_slot(struct builder *b, const struct elf_section *section, struct map_spec *map, u64 offset,
	const struct elf_symbol *symbol)
{
	u64 first = map->slots_offset, addend = 0;
	struct map_slot *slot;

	if (map->origin != MAP_FROM_OPS && (!first || offset < first || (offset - first) % POINTER))
		return error_set(b->error, EINVAL, "expected at one of its `values`");
	if (map->type == BPF_MAP_TYPE_HASH_OF_MAPS && map->key_size != sizeof(u32))
		return error_set(b->error, EINVAL, "has keys of %u bytes, expected 4 for `values`", map->key_size);
	if (check_index(b->error, "slot", map->slot_count, map->size / POINTER))
		return -EINVAL;
	slot = &map->slots[map->slot_count];
	slot->at = (u32)((offset - first) / POINTER);
	if (section->data)
		addend = load_u64(section->data + map->offset + offset);
	if (find_value(b, map, symbol->section, symbol->value + addend, slot))
		return error_in(b->error, "names '%s'", symbol->name);
	if (map->origin == MAP_FROM_OPS && find_member(b, map, offset, slot))
		return -EINVAL;
	map->slot_count++;
	return 0;
}

/* Every map of the section gets room for as many slots as its bytes and the relocations allow. */
static int make_room(struct builder *b, u32 section, u32 count)
{
	for (u32 i = 0; i < b->object->map_count; i++) {
		struct map_spec *map = &b->object->maps[i];

		if (map->section != section)
			continue;
		if (map->slots)
			return error_set(b->error, EINVAL, SECOND_LIST);
		map->slots = arena_alloc_array(b->arena, MIN(map->size / POINTER, count), sizeof(*map->slots));
		if (!map->slots)
			return error_no_memory(b->error);
	}
	return 0;
}

static int read_list(struct builder *b, const struct elf_section *list)
{
	const struct elf_section *section = &b->object->elf.sections[list->info];
	u32 count = elf_relocation_count(list);
	int err = make_room(b, section->index, count);

	for (u32 i = 0; !err && i < count; i++) {
		struct elf_relocation relocation = elf_relocation(list, i);
		struct map_spec *map = map_around(b->object, section->index, relocation.offset);
		u64 offset = relocation.offset - (map ? map->offset : 0);

		if (!map || !range_ok(offset, POINTER, map->size) ||
			!range_ok(relocation.offset, POINTER, section->size))
			err = error_set(b->error, EINVAL, "no map is there");
		else if (read_slot(b, section, map, offset, &b->object->elf.symbols[relocation.symbol]))
			err = error_in(b->error, "map '%s'", map->name);
		if (err)
			error_in(b->error, "relocation %u at %llu", i, relocation.offset);
	}
	return err;
}

/*
 * A program that is in structs of functions is loaded if one of those is made, whatever its own section says
 * (tools/lib/bpf/libbpf.c:bpf_object_adjust_struct_ops_autoload()).
 */
static void choose_programs(struct object *object)
{
	for (int made = 0; made < 2; made++)
		for (u32 i = 0; i < object->map_count; i++) {
			const struct map_spec *map = &object->maps[i];

			for (u32 s = 0; map->origin == MAP_FROM_OPS && s < map->slot_count; s++)
				if (map->autocreate == made)
					object->progs[map->slots[s].index].autoload = made;
		}
}

int read_slots(struct builder *b)
{
	const struct elf *elf = &b->object->elf;

	for (u32 i = 1; i < elf->section_count; i++) {
		const struct elf_section *list = &elf->sections[i];
		const char *name;

		if (list->type != SHT_REL || list->info >= elf->section_count)
			continue;
		name = elf->sections[list->info].name;
		name += name[0] == '?';
		if ((str_equal(name, ".maps") || str_starts(name, ".struct_ops")) && read_list(b, list))
			return elf_error_in(b->error, list);
	}
	choose_programs(b->object);
	return 0;
}
