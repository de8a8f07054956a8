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
#include "base/sort.h"
#include "base/string.h"
#include "object/check.h"
#include "object/parts.h"

#define POINTER 8 /* bytes of one in a BPF object, whatever machine reads it */

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
	if (!prog || prog->is_subprogram)
		return error_invalid(b->error, "which is no program");
	if (map->origin == MAP_FROM_OPS && (!prog->hook || prog->hook->prog_type != BPF_PROG_TYPE_STRUCT_OPS))
		return error_invalid(
			b->error, "a program of section '%s', expected SEC(\"struct_ops\")", prog->section_name);
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
		return error_invalid(b->error, "struct '%s' has no pointer to a function at %llu",
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
		return error_invalid(b->error, "expected at one of its `values`");
	if (map->type == BPF_MAP_TYPE_HASH_OF_MAPS && map->key_size != sizeof(u32))
		return error_invalid(b->error, "has keys of %u bytes, expected 4 for `values`", map->key_size);
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

static int compare_offsets(const void *a, const void *b)
{
	const struct elf_relocation *x = a, *y = b;

	return compare_u64(x->offset, y->offset);
}

/* In the order of their places, so that a map's slots come one after another, and share one array with all others. */
static int read_list(struct builder *b, const struct elf_section *list)
{
	const struct elf_section *section = &b->object->elf.sections[list->info];
	u32 count = elf_relocation_count(list);
	struct elf_relocation *relocations = arena_alloc_array(b->arena, count, sizeof(*relocations));
	struct map_slot *slots = arena_alloc_array(b->arena, count, sizeof(*slots));

	if (!relocations || !slots)
		return error_no_memory(b->error);
	for (u32 i = 0; i < count; i++)
		relocations[i] = elf_relocation(list, i);
	sort(relocations, count, sizeof(*relocations), compare_offsets);
	for (u32 i = 0; i < count; i++) {
		u64 at = relocations[i].offset;
		struct map_spec *map = map_around(b, section->index, at);

		if (!map || !range_ok(at - map->offset, POINTER, map->size) || !range_ok(at, POINTER, section->size))
			error_invalid(b->error, "no map is there");
		else {
			map->slots = map->slots ? map->slots : &slots[i];
			if (!read_slot(
				    b, section, map, at - map->offset, &b->object->elf.symbols[relocations[i].symbol]))
				continue;
			error_in(b->error, "map '%s'", map->name);
		}
		return error_in(b->error, "relocation %u at %llu", i, at);
	}
	return 0;
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
	bool *listed = arena_alloc_array(b->arena, elf->section_count, sizeof(*listed));

	if (!listed)
		return error_no_memory(b->error);
	for (u32 i = 1; i < elf->section_count; i++) {
		const struct elf_section *list = &elf->sections[i];
		const char *name;

		if (list->type != SHT_REL || list->info >= elf->section_count)
			continue;
		name = elf->sections[list->info].name;
		name += name[0] == '?';
		if (!str_equal(name, ".maps") && !str_starts(name, ".struct_ops"))
			continue;
		if (listed[list->info] ? error_invalid(b->error, SECOND_LIST) : read_list(b, list))
			return elf_error_in(b->error, list);
		listed[list->info] = true;
	}
	choose_programs(b->object);
	return 0;
}
