/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * maps_struct_ops.c: structs of functions that the kernel calls, each of which is a map. See parts.h.
 *
 *	SEC(".struct_ops.link")				a map of type struct_ops, named `mine`, one value
 *	struct tcp_congestion_ops mine = {
 *		.init = (void *)my_init,		a program, by a relocation (maps_slots.c)
 *		.name = "mine",				bytes of the value
 *	};
 *
 * The value here is laid out by the compiler's idea of the struct; the kernel's own may differ (struct_ops.h). What
 * is attached by a link has flag BPF_F_LINK (since 6.4), and a map from a '?' section is made only on request.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "object/parts.h"

#define FLAG_LINK (1u << 13) /* include/uapi/linux/bpf.h: BPF_F_LINK */

static const char sections[] = ".struct_ops\0.struct_ops.link\0?.struct_ops\0?.struct_ops.link";

static bool is_ops_section(const struct elf_section *section)
{
	const char *name;

	for (u32 i = 0; section->size && (name = list_entry(sections, sizeof(sections), i)); i++)
		if (str_equal(section->name, name))
			return true;
	return false;
}

/* The DATASEC of a section of such structs; 0 if it is another kind of section, or BTF does not know it. */
static u32 ops_datasec(const struct builder *b, const struct elf_section *section)
{
	return b->object->has_btf && is_ops_section(section)
		       ? btf_find(&b->object->btf, BTF_KIND_DATASEC, section->name)
		       : 0;
}

u32 count_ops(const struct builder *b)
{
	const struct object *object = b->object;
	u32 count = 0;

	for (u32 i = 1; i < object->elf.section_count; i++) {
		u32 id = ops_datasec(b, &object->elf.sections[i]);

		count += id ? btf_vlen(btf_type(&object->btf, id)) : 0;
	}
	return count;
}

static int read_variable(struct builder *b, const struct elf_section *section, u32 var_id)
{
	const struct btf *btf = &b->object->btf;
	const char *name = btf_name(btf, var_id);
	const struct elf_symbol *symbol = find_symbol(&b->object->elf, name, section->index);
	u32 id = btf_resolve(btf, btf_type(btf, var_id)->type);
	const struct btf_type *type = btf_type(btf, id);
	struct map_spec *map = add_map(b, name, MAP_FROM_OPS);

	if (!symbol)
		return error_set(b->error, EINVAL, "has no symbol in the section");
	if (btf_kind(type) != BTF_KIND_STRUCT || !*btf_name(btf, id))
		return error_set(
			b->error, EINVAL, "is a %s, expected a struct with a name", btf_kind_name(btf_kind(type)));
	if (!range_ok(symbol->value, type->size, section->size))
		return error_set(b->error, EINVAL, "%u bytes at %llu reach beyond the section's %llu", type->size,
			symbol->value, section->size);
	map->section = section->index;
	map->offset = symbol->value;
	map->size = type->size;
	map->type = BPF_MAP_TYPE_STRUCT_OPS;
	map->key_size = sizeof(u32);
	map->value_size = type->size;
	map->max_entries = 1;
	map->map_flags = str_ends(section->name, ".link") ? FLAG_LINK : 0;
	map->autocreate = section->name[0] != '?';
	map->btf_value_type_id = id;
	map->initial = arena_alloc(b->arena, type->size);
	if (!map->initial)
		return error_no_memory(b->error);
	if (section->data)
		memcpy(map->initial, section->data + symbol->value, type->size);
	return 0;
}

int read_ops(struct builder *b)
{
	const struct object *object = b->object;

	for (u32 i = 1; i < object->elf.section_count; i++) {
		const struct elf_section *section = &object->elf.sections[i];
		u32 id = ops_datasec(b, section);

		if (!id && is_ops_section(section)) {
			error_set(b->error, EINVAL, "no BTF describes the structs in it; compile with -g");
			return elf_error_in(b->error, section);
		}
		for (u32 v = 0; id && v < btf_vlen(btf_type(&object->btf, id)); v++) {
			u32 var_id = btf_secinfos(btf_type(&object->btf, id))[v].type;

			if (!read_variable(b, section, var_id))
				continue;
			error_in(b->error, "variable '%s'", btf_name(&object->btf, var_id));
			return elf_error_in(b->error, section);
		}
	}
	return 0;
}
