/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * relocations.c: lists of relocations, of code and of maps. See parts.h.
 *
 * Each is read in the order of the places that it is for: what a relocation of code is, references.c says, and
 * maps_slots.c what one of maps is.
 */
#include <linux/errno.h>
#include "base/sort.h"
#include "object/parts.h"

/* .kconfig is in section 0, where nothing else can be. */
static int compare_maps(const void *a, const void *b)
{
	const struct map_spec *const *x = a, *const *y = b;
	int order = compare_u64((*x)->section, (*y)->section);

	if (!order)
		order = compare_u64((*x)->offset, (*y)->offset);
	return order ? order : compare_u64(ptr_to_u64(*x), ptr_to_u64(*y));
}

static int order_maps(struct builder *b)
{
	const struct object *object = b->object;

	b->map_order = arena_alloc_array(b->arena, object->map_count, sizeof(*b->map_order));
	if (!b->map_order)
		return error_no_memory(b->error);
	for (u32 i = 0; i < object->map_count; i++)
		b->map_order[i] = &object->maps[i];
	sort(b->map_order, object->map_count, sizeof(*b->map_order), compare_maps);
	return 0;
}

struct place {
	u32 section;
	u64 offset;
};

static int compare_place(const void *element, const void *key)
{
	const struct map_spec *const *map = element;
	const struct place *place = key;
	int order = compare_u64((*map)->section, place->section);

	return order ? order : compare_u64((*map)->offset, place->offset);
}

/* How many maps stand before that place. */
static size_t maps_before(const struct builder *b, u32 section, u64 offset)
{
	const struct place place = {section, offset};

	return sort_find(b->map_order, b->object->map_count, sizeof(*b->map_order), &place, compare_place);
}

const struct map_spec *map_exactly_at(const struct builder *b, u32 section, u64 offset)
{
	size_t i = maps_before(b, section, offset);
	const struct map_spec *map = i < b->object->map_count ? b->map_order[i] : NULL;

	return map && map->section == section && map->offset == offset ? map : NULL;
}

struct map_spec *map_around(const struct builder *b, u32 section, u64 offset)
{
	size_t i = maps_before(b, section, offset + 1);
	const struct map_spec *map = i ? map_exactly_at(b, section, b->map_order[i - 1]->offset) : NULL;

	return map && offset >= map->offset && offset - map->offset < map->size
		       ? &b->object->maps[map - b->object->maps]
		       : NULL;
}

static int compare_offsets(const void *a, const void *b)
{
	const struct elf_relocation *x = a, *y = b;

	return compare_u64(x->offset, y->offset);
}

static OUT_OF_LINE int read_list(struct builder *b, const struct elf_section *list, const struct elf_section *target)
{
	bool is_code = elf_is_code(target);
	u32 count = elf_relocation_count(list);
	struct elf_relocation *relocations = arena_alloc_array(b->arena, count, sizeof(*relocations));
	struct reference *refs = arena_alloc_array(b->arena, is_code ? count : 0, sizeof(*refs));

	b->slots = arena_alloc_array(b->arena, is_code ? 0 : count, sizeof(*b->slots));
	if (!relocations || !refs || !b->slots)
		return error_no_memory(b->error);
	if (list->type == SHT_RELA)
		return error_invalid(b->error, "is SHT_RELA, with addends, expected SHT_REL");
	if (b->object->references[target->index].refs)
		return error_invalid(b->error, "a second list of relocations for one section");
	b->object->references[target->index].refs = refs;
	for (u32 i = 0; i < count; i++)
		relocations[i] = elf_relocation(list, i);
	sort(relocations, count, sizeof(*relocations), compare_offsets);
	for (u32 i = 0; i < count; i++)
		if (is_code ? read_reference(b, target, &relocations[i]) : read_slot(b, target, &relocations[i]))
			return error_in(b->error, "relocation at %llu", relocations[i].offset);
	return 0;
}

int read_relocations(struct builder *b)
{
	const struct elf *elf = &b->object->elf;

	b->object->references = arena_alloc_array(b->arena, elf->section_count, sizeof(*b->object->references));
	if (!b->object->references)
		return error_no_memory(b->error);
	if (order_maps(b))
		return -ENOMEM;
	for (u32 i = 1; i < elf->section_count; i++) {
		const struct elf_section *list = &elf->sections[i], *target;

		if ((list->type != SHT_REL && list->type != SHT_RELA) || list->info >= elf->section_count)
			continue;
		target = &elf->sections[list->info];
		if ((elf_is_code(target) || has_slots(target)) && read_list(b, list, target))
			return elf_error_in(b->error, list);
	}
	choose_programs(b->object);
	return 0;
}
