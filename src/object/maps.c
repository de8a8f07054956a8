/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * maps.c: maps that a variable in .maps describes by its type. See parts.h.
 *
 *	struct {
 *		__uint(type, BPF_MAP_TYPE_HASH);	int (*type)[1];		a pointer to an array: its length
 *		__type(key, int);			typeof(int) *key;	a pointer: what it points to
 *		__ulong(map_extra, 5);			enum { x = 5 } map_extra;
 *		__array(values, struct inner);		struct inner *values[];	described as this one is; or functions
 *	} counts SEC(".maps");
 *
 * Of the section's bytes none counts but those of `values`, and of them the relocations alone (maps_slots.c). libbpf
 * gave the fields their names (tools/lib/bpf/libbpf.c:parse_btf_map_def()).
 */
#include <linux/errno.h>
#include "base/string.h"
#include "object/check.h"
#include "object/parts.h"

#define FIELDS_MAX 64 /* of a definition; there are eleven to know, some of which may be said twice */

/* The fields that are plain numbers, and where they go. */
static const struct {
	char name[12];
	u8 offset, size;
} number_fields[] = {
#define FIELD(name, member)                                                                     \
	{                                                                                       \
		name, offsetof(struct map_spec, member), sizeof(((struct map_spec *)0)->member) \
	}
	FIELD("type", type),
	FIELD("key_size", key_size),
	FIELD("value_size", value_size),
	FIELD("max_entries", max_entries),
	FIELD("map_flags", map_flags),
	FIELD("numa_node", numa_node),
	FIELD("map_extra", map_extra),
#undef FIELD
};

/* __uint: PTR to an ARRAY whose length is the number; __ulong: an ENUM with one value. */
static bool read_number(const struct btf *btf, u32 type_id, u64 *value)
{
	const struct btf_type *t = btf_resolved(btf, type_id);
	const char *name;

	if ((btf_kind(t) == BTF_KIND_ENUM || btf_kind(t) == KIND_ENUM64) && btf_vlen(t) == 1) {
		*value = btf_enumerator(btf, t, 0, &name);
		if (btf_kind(t) == BTF_KIND_ENUM)
			*value = (u32)*value;
		return true;
	}
	t = btf_inside(btf, t, BTF_KIND_PTR);
	if (btf_kind(t) != BTF_KIND_ARRAY)
		return false;
	*value = btf_array(t)->nelems;
	return true;
}

/* A number may be said twice, as by key and key_size, if it is the same. */
static int set_number(struct builder *b, u32 *to, u64 value)
{
	if (value > U32_MAX || (*to && *to != value))
		return error_invalid(b->error, "is %llu, expected %u%s", value, *to ? *to : U32_MAX,
			*to ? ", as before" : " at most");
	*to = (u32)value;
	return 0;
}

/* key and value: PTR to a type, whose size counts unless key_size says the same already. */
static int read_type(struct builder *b, u32 type_id, u32 *btf_type_id, u32 *size)
{
	const struct btf *btf = &b->object->btf;
	const struct btf_type *t = btf_resolved(btf, type_id);
	u64 bytes;

	if (btf_kind(t) != BTF_KIND_PTR || !btf_size_of(btf, t->type, &bytes))
		return btf_refuse(b->error, btf, t, "a pointer to a type with a size");
	*btf_type_id = t->type;
	return set_number(b, size, bytes);
}

static int read_value(struct builder *b, u32 type_id, u64 *value)
{
	if (!read_number(&b->object->btf, type_id, value))
		return error_invalid(b->error, "is no number, expected __uint() or __ulong()");
	return 0;
}

static int read_pinning(struct builder *b, u32 type_id, struct map_spec *map)
{
	u64 value;

	if (read_value(b, type_id, &value))
		return -EINVAL;
	if (value > 1)
		return error_invalid(b->error, "is %llu, expected LIBBPF_PIN_NONE or LIBBPF_PIN_BY_NAME", value);
	if (value && map->origin == MAP_INNER)
		return error_invalid(b->error, "a map in a map cannot be pinned");
	map->pin_by_name = value == 1;
	return 0;
}

static int read_number_field(struct builder *b, size_t row, u32 type_id, struct map_spec *map)
{
	u8 *at = (u8 *)map + number_fields[row].offset;
	u64 value;

	if (read_value(b, type_id, &value))
		return -EINVAL;
	if (number_fields[row].size == sizeof(u32))
		return set_number(b, (u32 *)at, value);
	*(u64 *)at = value;
	return 0;
}

static int read_definition(struct builder *b, const struct btf_type *definition, struct map_spec *map);

/* values: an ARRAY of PTR to a STRUCT, for a map of maps, or to a FUNC_PROTO, for programs to call. */
static int read_values(struct builder *b, const struct btf_type *definition, u32 i, struct map_spec *map)
{
	const struct btf *btf = &b->object->btf;
	const struct btf_member *member = &btf_members(definition)[i];
	const struct btf_type *t = btf_resolved(btf, member->type);
	bool is_map = map_holds_maps(map);
	struct map_spec *inner;

	if (map->inner)
		return error_invalid(b->error, "are said already");
	if (map->origin == MAP_INNER)
		return error_set(b->error, EOPNOTSUPP, "maps in maps go one level deep, not two");
	if (!is_map && map->type != BPF_MAP_TYPE_PROG_ARRAY)
		return error_set(b->error, EOPNOTSUPP, "expected behind a type that holds maps or programs, not %s",
			map_type_name(map->type));
	if (map->value_size && map->value_size != sizeof(u32))
		return error_invalid(b->error, "have 4 bytes in the kernel, value_size is %u", map->value_size);
	t = btf_inside(btf, btf_inside(btf, t, BTF_KIND_ARRAY), BTF_KIND_PTR);
	if (btf_kind(t) != (is_map ? BTF_KIND_STRUCT : BTF_KIND_FUNC_PROTO))
		return error_invalid(b->error, "expected an array of pointers to %s",
			is_map ? "a struct that describes a map" : "functions");
	map->value_size = sizeof(u32);
	map->slots_offset = btf_member_bit_offset(definition, member) / 8;
	if (!is_map)
		return 0;
	inner = add_map(b, arena_printf(b->arena, "%s.inner", map->name), MAP_INNER);
	map->inner = inner;
	return inner->name ? read_definition(b, t, inner) : error_no_memory(b->error);
}

static int read_field(struct builder *b, const char *name, u32 type_id, struct map_spec *map)
{
	for (size_t i = 0; i < ARRAY_SIZE(number_fields); i++)
		if (str_equal(name, number_fields[i].name))
			return read_number_field(b, i, type_id, map);
	if (str_equal(name, "key"))
		return read_type(b, type_id, &map->btf_key_type_id, &map->key_size);
	if (str_equal(name, "value"))
		return read_type(b, type_id, &map->btf_value_type_id, &map->value_size);
	if (str_equal(name, "pinning"))
		return read_pinning(b, type_id, map);
	return error_invalid(b->error, "no map has such a field");
}

static int read_definition(struct builder *b, const struct btf_type *definition, struct map_spec *map)
{
	const struct btf_member *members = btf_members(definition);

	if (check_count(b->error, "fields", btf_vlen(definition), FIELDS_MAX))
		return -EINVAL;
	for (u32 i = 0; i < btf_vlen(definition); i++) {
		const char *name = btf_string(&b->object->btf, members[i].name_off);

		if (str_equal(name, "values") ? read_values(b, definition, i, map)
					      : read_field(b, name, members[i].type, map))
			return error_in(b->error, "%s", *name ? name : "a field without a name");
	}
	if (!map->type)
		return error_invalid(b->error, "it has no type");
	return 0;
}

static int read_map(struct builder *b, const struct elf_section *section, const struct elf_symbol *symbol, u32 var_id)
{
	const struct btf *btf = &b->object->btf;
	const struct btf_type *var = btf_type(btf, var_id);
	const struct btf_type *definition = btf_resolved(btf, var->type);
	struct map_spec *map = add_map(b, symbol->name, MAP_FROM_BTF);

	if (symbol->binding == STB_LOCAL || btf_var(var)->linkage == BTF_VAR_STATIC)
		return error_set(b->error, EOPNOTSUPP, "is static, expected global");
	if (btf_kind(definition) != BTF_KIND_STRUCT)
		return btf_refuse(b->error, btf, definition, "a struct that describes a map");
	map->section = section->index;
	map->offset = symbol->value;
	map->size = symbol->size;
	return read_definition(b, definition, map);
}

int read_maps(struct builder *b)
{
	const struct elf_section *section = elf_find_section(&b->object->elf, ".maps");

	return section && section->size ? read_variables(b, section, "map", read_map) : 0;
}
