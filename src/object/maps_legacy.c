/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * maps_legacy.c: maps as they were before BTF, an array of structs in section `maps`. See parts.h.
 *
 *	struct bpf_map_def {		what samples/bpf, iproute2's and libbpf's early users agreed on
 *		unsigned int type;		+0
 *		unsigned int key_size;		+4
 *		unsigned int value_size;	+8
 *		unsigned int max_entries;	+12
 *		unsigned int map_flags;		+16	missing in the oldest
 *		unsigned int inner_map_idx;	+20	samples/bpf 4.13 to 5.4
 *		unsigned int numa_node;		+24	the same
 *	};
 *
 * The struct's size differs from project to project, so it is measured: the section's size divided by the number of
 * symbols in it. Bytes beyond the known fields must be zero; nobody knows what they would mean.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "object/parts.h"

#define DEFINITION_MIN      16 /* up to max_entries */
#define OFFSET_FLAGS        16
#define OFFSET_INNER        20
#define OFFSET_NUMA         24
#define DEFINITION_KNOWN    28
#define BPF_F_NUMA_NODE_BIT 4 /* include/uapi/linux/bpf.h: BPF_F_NUMA_NODE */

static bool is_map_symbol(const struct elf_section *section, const struct elf_symbol *symbol)
{
	return symbol->section == section->index && symbol->type != STT_SECTION && symbol->name[0];
}

u32 count_legacy_maps(const struct builder *b)
{
	const struct elf *elf = &b->object->elf;
	const struct elf_section *section = elf_find_section(elf, "maps");
	u32 count = 0;

	for (u32 i = 0; section && i < elf->symbol_count; i++)
		count += is_map_symbol(section, &elf->symbols[i]);
	return count;
}

/* A field of the definition, 0 if the definition is too short to have it. */
static u32 field(const u8 *definition, u64 size, u64 offset)
{
	return range_ok(offset, sizeof(u32), size) ? load_u32(definition + offset) : 0;
}

static int read_definition(struct builder *b, const u8 *definition, u64 size, struct map_spec *map)
{
	map->type = field(definition, size, 0);
	map->key_size = field(definition, size, 4);
	map->value_size = field(definition, size, 8);
	map->max_entries = field(definition, size, 12);
	map->map_flags = field(definition, size, OFFSET_FLAGS);
	if (map->map_flags & BPF_F_NUMA_NODE_BIT)
		map->numa_node = field(definition, size, OFFSET_NUMA);
	if (field(definition, size, OFFSET_INNER))
		return error_set(b->error, EOPNOTSUPP, "maps of maps cannot be made yet");
	for (u64 i = DEFINITION_KNOWN; i < size; i++)
		if (definition[i])
			return error_set(b->error, EINVAL,
				"byte %llu of the %llu-byte definition is %u; nobody knows what it means, expected 0",
				i, size, definition[i]);
	return 0;
}

int read_legacy_maps(struct builder *b)
{
	const struct elf *elf = &b->object->elf;
	const struct elf_section *section = elf_find_section(elf, "maps");
	u32 count = count_legacy_maps(b);
	u64 size = count ? section->size / count : 0;

	if (!count)
		return 0;
	if (!section->data || section->size % count || size < DEFINITION_MIN) {
		error_set(b->error, EINVAL, "%llu bytes for %u maps, expected the same number, at least %u, for each",
			section->size, count, DEFINITION_MIN);
		return elf_error_in(b->error, section);
	}
	for (u32 i = 0; i < elf->symbol_count; i++) {
		const struct elf_symbol *symbol = &elf->symbols[i];
		struct map_spec *map;

		if (!is_map_symbol(section, symbol))
			continue;
		map = add_map(b, symbol->name, MAP_FROM_STRUCT);
		map->section = section->index;
		map->offset = symbol->value;
		map->size = size;
		if (!range_ok(symbol->value, size, section->size) || symbol->value % size)
			error_set(b->error, EINVAL, "lies at %llu, expected a multiple of %llu below %llu",
				symbol->value, size, section->size);
		else if (!read_definition(b, section->data + symbol->value, size, map))
			continue;
		error_in(b->error, "map '%s'", symbol->name);
		return elf_error_in(b->error, section);
	}
	return 0;
}
