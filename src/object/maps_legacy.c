/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * maps_legacy.c: maps as they were before BTF, structs in section `maps`, or each in one of its own, `maps/NAME`.
 * See parts.h.
 *
 *			samples/bpf, libbpf	iproute2		gobpf
 *	unsigned int	struct bpf_map_def	struct bpf_elf_map	struct bpf_map_def
 *	-------------------------------------------------------------------------------------------
 *	+0		type			type			type
 *	+4		key_size		size_key		key_size
 *	+8		value_size		size_value		value_size
 *	+12		max_entries		max_elem		max_entries
 *	+16		map_flags		flags			map_flags	missing in the oldest
 *	+20		inner_map_idx		id			pinning
 *	+24		numa_node		pinning			namespace[256]
 *	+28					inner_id
 *	+32					inner_idx
 *
 * The struct's size differs from project to project, so it is measured: the section's size divided by the number of
 * symbols in it. It tells whose struct it is, too: iproute2's has 36 bytes, gobpf's 280. Maps are pinned by none of
 * these: where to, and what for, was those loaders' own affair. Other bytes must be zero; nobody knows what they mean.
 *
 * What a map of maps holds is another map of the section. samples/bpf count them from 0; in iproute2 `inner_id` is
 * that map's `id`, whose own `inner_idx` is its key in the outer map, or -1.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "object/check.h"
#include "object/parts.h"

#define DEFINITION_MIN   16 /* up to max_entries */
#define OFFSET_INNER     20
#define OFFSET_ID        20
#define OFFSET_NUMA      24
#define OFFSET_INNER_ID  28
#define OFFSET_INNER_IDX 32
#define SIZE_SAMPLES     28
#define SIZE_IPROUTE2    36
#define SIZE_GOBPF       280
#define NESTED_MAX       1024 /* maps of a section with maps of maps, each of which is held against each */

static bool is_legacy_section(const struct elf_section *section)
{
	return str_equal(section->name, "maps") || str_starts(section->name, "maps/") ||
	       str_ends(section->name, "/maps");
}

static bool is_map_symbol(const struct elf *elf, const struct elf_symbol *symbol)
{
	return symbol->section < elf->section_count && symbol->type != STT_SECTION && symbol->name[0] &&
	       is_legacy_section(&elf->sections[symbol->section]);
}

/* A field of the definition, 0 if the definition is too short to have it. */
static u32 field(const u8 *definition, u64 size, u64 offset)
{
	return range_ok(offset, sizeof(u32), size) ? load_u32(definition + offset) : 0;
}

static int read_definition(struct builder *b, const u8 *definition, u64 size, struct map_spec *map)
{
	/* A map_spec has the fields that all have in common in the same order. */
	memcpy(&map->type, definition, MIN((size_t)size & ~(sizeof(u32) - 1), OFFSET_INNER));
	if (map->map_flags & BPF_F_NUMA_NODE && size != SIZE_IPROUTE2 && size != SIZE_GOBPF)
		map->numa_node = field(definition, size, OFFSET_NUMA);
	for (u64 i = size == SIZE_IPROUTE2 || size == SIZE_GOBPF ? size : SIZE_SAMPLES; i < size; i++)
		if (definition[i])
			return error_invalid(b->error, "byte %llu of %llu is %u, expected 0", i, size, definition[i]);
	/* What .maps is for stands in `maps` as pointers, all 0. */
	return map->type ? 0 : error_invalid(b->error, "its type is 0; is it meant for '.maps'?");
}

/* Finds the model of what a map of maps holds, and gives it the key that iproute2 would. */
static int read_inner(
	struct builder *b, const struct elf_section *section, struct map_spec *first, struct map_spec *map)
{
	const struct map_spec *end = b->object->maps + b->object->map_count;
	u64 size = map->size;
	bool by_id = size == SIZE_IPROUTE2;
	u32 wanted = field(section->data + map->offset, size, by_id ? OFFSET_INNER_ID : OFFSET_INNER);

	if (size == SIZE_GOBPF || size < OFFSET_INNER + sizeof(u32) || (by_id && !wanted))
		return 0; /* it is not said */
	if (check_count(b->error, "maps beside it", (u64)(end - first), NESTED_MAX))
		return -EINVAL;
	map->slots = arena_alloc_array(b->arena, (size_t)(end - first), sizeof(*map->slots));
	if (!map->slots)
		return error_no_memory(b->error);
	for (const struct map_spec *other = first; other < end; other++) {
		const u8 *definition = section->data + other->offset;
		u32 key = field(definition, size, OFFSET_INNER_IDX);

		if (other == map || wanted != (by_id ? field(definition, size, OFFSET_ID) : other->offset / size))
			continue;
		map->inner = other;
		if (by_id && key != U32_MAX)
			map->slots[map->slot_count++] =
				(struct map_slot){other->name, key, (u32)(other - b->object->maps)};
	}
	if (map->inner && !map_holds_maps(map->inner))
		return 0;
	return error_invalid(b->error, "holds maps like number %u, which is %s", wanted,
		map->inner ? "a map of maps itself" : "no other map of the section");
}

/* The maps of one section: `count` symbols from `symbols` on. */
static OUT_OF_LINE int read_section(
	struct builder *b, const struct elf_section *section, const struct named *symbols, u32 count)
{
	struct map_spec *first = b->object->maps + b->object->map_count;
	u64 size = section->size / count;

	if (!section->data || section->size % count || size < DEFINITION_MIN)
		return error_invalid(b->error, "%llu bytes for %u maps, expected %u or more for each", section->size,
			count, DEFINITION_MIN);
	for (u32 i = 0; i < count; i++) {
		const struct elf_symbol *symbol = &b->object->elf.symbols[symbols[i].index];
		struct map_spec *map = add_map(b, symbol->name, MAP_FROM_STRUCT);

		map->section = section->index;
		map->offset = symbol->value;
		map->size = size;
		if (!range_ok(symbol->value, size, section->size) || symbol->value % size)
			error_invalid(b->error, "lies at %llu, expected a multiple of %llu below %llu", symbol->value,
				size, section->size);
		else if (!read_definition(b, section->data + symbol->value, size, map))
			continue;
		return error_in(b->error, "map '%s'", symbol->name);
	}
	for (struct map_spec *map = first; map < first + count; map++)
		if (map_holds_maps(map) && read_inner(b, section, first, map))
			return error_in(b->error, "map '%s'", map->name);
	return 0;
}

int read_legacy_maps(struct builder *b)
{
	const struct elf *elf = &b->object->elf;
	struct names symbols; /* by section, then in the order of the file */

	if (names_make_room(b->arena, b->error, &symbols, elf->symbol_count))
		return -ENOMEM;
	for (u32 i = 0; i < elf->symbol_count; i++)
		if (is_map_symbol(elf, &elf->symbols[i]))
			names_add(&symbols, elf->symbols[i].section, "", i);
	names_sort(&symbols);
	for (u32 from = 0, to; from < symbols.count; from = to) {
		const struct elf_section *section = &elf->sections[symbols.list[from].of];

		for (to = from + 1; to < symbols.count && symbols.list[to].of == section->index;)
			to++;
		if (read_section(b, section, &symbols.list[from], to - from))
			return elf_error_in(b->error, section);
	}
	return 0;
}
