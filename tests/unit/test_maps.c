/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_maps.c: maps that hold maps, programs or functions, the maps of old loaders, and what can be wrong with them.
 */
#define MAPS   FIXTURES "maps.bpf.o"
#define EDITED MAPS

#include "edited.h"
#include "base/memory.h"
#include "base/string.h"
#include "object/object.h"

#define OLD FIXTURES "old_maps.bpf.o"

#define R_BPF_64_ABS64 2

static struct object object;

static void open_fixture(const char *path)
{
	edit_anew(path);
	assert_no_error(&error, object_open(&arena, &error, "x.bpf.o", e.file, &object));
}

/* What was broken in `e` is refused so; then it is whole again. */
static void refuse(const char *path, int errnum, const char *message)
{
	assert_error(&error, object_open(&arena, &error, "x.bpf.o", e.file, &object), errnum, message);
	edit_anew(path);
}

static const struct map_spec *map_named(const char *name)
{
	int i = object_find_map(&object, name);

	if (i < 0)
		fail_msg("no map '%s'", name);
	return &object.maps[i];
}

static bool autoload(const char *name)
{
	return object_find_prog(&object, name)->autoload;
}

static void assert_slot(const struct map_spec *map, u32 at, const char *target)
{
	for (u32 i = 0; i < map->slot_count; i++)
		if (map->slots[i].at == at) {
			const struct map_slot *slot = &map->slots[i];

			assert_string_equal(slot->name, target);
			assert_string_equal(
				map_holds_maps(map) ? object.maps[slot->index].name : object.progs[slot->index].name,
				target);
			return;
		}
	fail_msg("map '%s' has nothing in slot %u", map->name, at);
}

/* The bytes of the first BTF member of that name, to be broken in the file. */
static struct btf_member *edit_member(const char *owner, const char *name)
{
	struct btf_header *header = (struct btf_header *)edit_bytes(&e, ".BTF");
	const char *strings = (const char *)header + header->hdr_len + header->str_off;
	u8 *p = (u8 *)header + header->hdr_len + header->type_off, *end = p + header->type_len;

	for (; p < end; p += btf_type_bytes((struct btf_type *)p)) {
		struct btf_type *t = (struct btf_type *)p;

		if (btf_kind(t) != BTF_KIND_STRUCT || strcmp(strings + t->name_off, owner))
			continue;
		for (u32 i = 0; i < btf_vlen(t); i++)
			if (!strcmp(strings + btf_members(t)[i].name_off, name))
				return &btf_members(t)[i];
	}
	fail_msg("no struct '%s' with a member '%s'", owner, name);
	return NULL;
}

static void maps_of_maps(void **state)
{
	const struct map_spec *map, *inner;

	(void)state;
	open_fixture(MAPS);
	map = map_named("outer");
	inner = map_named("outer.inner");
	assert_ptr_equal(map->inner, inner);
	assert_true(map->value_size == 4 && map->autocreate && map->slot_count == 2);
	assert_slot(map, 0, "inner_a");
	assert_slot(map, 3, "inner_b");
	assert_int_equal(inner->origin, MAP_INNER);
	assert_false(inner->autocreate);
	assert_true(inner->type == BPF_MAP_TYPE_ARRAY && inner->key_size == 4 && inner->value_size == 8);
	assert_int_equal(inner->max_entries, 3);
	map = map_named("hash_of_maps");
	assert_int_equal(map->slot_count, 0);
	assert_true(map->inner->map_flags == BPF_F_NO_PREALLOC && map->inner->max_entries == 5);
	assert_true(map_named("pinned")->pin_by_name);
}

static void arrays_of_programs(void **state)
{
	const struct map_spec *map;

	(void)state;
	open_fixture(MAPS);
	map = map_named("calls");
	assert_true(map->value_size == 4 && map->slot_count == 2 && !map->inner);
	assert_slot(map, 1, "first");
	assert_slot(map, 2, "second");
}

static void structs_of_functions(void **state)
{
	const struct map_spec *map;

	(void)state;
	open_fixture(MAPS);
	map = map_named("mine");
	assert_int_equal(map->origin, MAP_FROM_OPS);
	assert_true(map->type == BPF_MAP_TYPE_STRUCT_OPS && map->key_size == 4 && map->max_entries == 1);
	assert_true(map->value_size == 48 && map->map_flags == 0 && map->autocreate && map->slot_count == 2);
	assert_string_equal(btf_name(&object.btf, map->btf_value_type_id), "tcp_congestion_ops");
	assert_slot(map, 2, "ssthresh");
	assert_slot(map, 3, "cong_avoid");
	assert_string_equal((const char *)map->initial, "mine");
	assert_int_equal(load_u32(map->initial + 40), 5);
	map = map_named("linked");
	assert_true(map->map_flags == 1 << 13 && map->autocreate && map->slot_count == 1);
	assert_slot(map, 2, "only_linked");
	map = map_named("optional");
	assert_true(map->map_flags == 1 << 13 && !map->autocreate && map->slot_count == 2);
}

/* Whether a map that is made names it decides, not the '?' of its own section. */
static void programs_of_structs(void **state)
{
	(void)state;
	open_fixture(MAPS);
	assert_true(autoload("ssthresh"));
	assert_true(autoload("cong_avoid"));  /* in `optional`, too */
	assert_true(autoload("only_linked")); /* though its section has a '?' */
	assert_false(autoload("never"));      /* in `optional` alone */
}

static void slot_rules(void **state)
{
	Elf64_Rel *relocation;

	(void)state;
	relocation = edit_relocation(&e, ".rel.maps", "inner_a");
	relocation->r_info = (u64)edit_symbol_index(&e, "first") << 32 | R_BPF_64_ABS64;
	refuse(MAPS, EINVAL, "section '.rel.maps' at offset ");
	relocation = edit_relocation(&e, ".rel.maps", "inner_a");
	relocation->r_info = (u64)edit_symbol_index(&e, "first") << 32 | R_BPF_64_ABS64;
	refuse(MAPS, EINVAL, "map 'outer': names 'first': which is no map");
	relocation = edit_relocation(&e, ".rel.maps", "first");
	relocation->r_info = (u64)edit_symbol_index(&e, "inner_a") << 32 | R_BPF_64_ABS64;
	refuse(MAPS, EINVAL, "map 'calls': names 'inner_a': expected a program, a global function outside .text");
	edit_symbol(&e, "first")->st_info = STB_LOCAL << 4 | STT_FUNC;
	relocation = edit_relocation(&e, ".rel.maps", "first");
	relocation->r_info = (u64)edit_symbol_index(&e, "xdp") << 32 | R_BPF_64_ABS64;
	refuse(MAPS, EINVAL, "map 'calls': names 'first': expected a program");
	relocation = edit_relocation(&e, ".rel.maps", "inner_a");
	relocation->r_offset += 4;
	refuse(MAPS, EINVAL, "map 'outer': expected at one of its `values`");
	relocation = edit_relocation(&e, ".rel.maps", "inner_a");
	relocation->r_offset -= 8;
	refuse(MAPS, EINVAL, "map 'outer': expected at one of its `values`");
	relocation = edit_relocation(&e, ".rel.maps", "inner_a");
	relocation->r_offset = edit_symbol(&e, "pinned")->st_value;
	refuse(MAPS, EINVAL, "map 'pinned': expected at one of its `values`");
	relocation = edit_relocation(&e, ".rel.maps", "inner_a");
	relocation->r_offset = ~0ull;
	refuse(MAPS, EINVAL, "at 18446744073709551615: no map is there");
	relocation = edit_relocation(&e, ".rel.maps", "inner_a");
	relocation->r_offset = edit_section(&e, ".maps")->sh_size - 4;
	refuse(MAPS, EINVAL, "no map is there");
	edit_section(&e, ".rel.struct_ops")->sh_info = edit_index(&e, ".maps");
	refuse(MAPS, EINVAL, "a second list of relocations");
}

static void member_rules(void **state)
{
	Elf64_Rel *relocation;

	(void)state;
	relocation = edit_relocation(&e, ".rel.struct_ops", "ssthresh");
	relocation->r_offset -= 8;
	refuse(MAPS, EINVAL, "map 'mine': struct 'tcp_congestion_ops' has no pointer to a function at 16");
	relocation = edit_relocation(&e, ".rel.struct_ops", "ssthresh");
	relocation->r_offset += 1;
	refuse(MAPS, EINVAL, "has no pointer to a function at 25");
	relocation = edit_relocation(&e, ".rel.struct_ops", "ssthresh");
	relocation->r_info = (u64)edit_symbol_index(&e, "first") << 32 | R_BPF_64_ABS64;
	refuse(MAPS, EINVAL, "names 'first': a program of section 'xdp', expected SEC(\"struct_ops\")");
	edit_symbol(&e, "mine")->st_name = edit_symbol(&e, "linked")->st_name;
	refuse(MAPS, EINVAL, "variable 'mine': has no symbol in the section");
	edit_section(&e, ".struct_ops")->sh_size -= 1;
	edit_symbol(&e, "mine")->st_size = 0;
	refuse(MAPS, EINVAL, "variable 'mine': 48 bytes at 0 reach beyond 47");
	edit_rename(&e, ".BTF", "xdp");
	edit_rename(&e, ".BTF.ext", "xdp");
	edit_rename(&e, ".maps", "xdp");
	refuse(MAPS, EINVAL, "section '.struct_ops' at offset ");
	edit_rename(&e, "xdp", ".struct_ops");
	refuse(MAPS, EINVAL, "variable 'mine': has no symbol in the section");
}

static void definition_rules(void **state)
{
	(void)state;
	/* The maps in it have a `values` of their own. */
	edit_member("inner_map", "value")->name_off = edit_member("", "values")->name_off;
	refuse(MAPS, EOPNOTSUPP, "values: expected behind a type that holds maps or programs, not array");
	edit_member("", "values")->type = edit_member("inner_map", "max_entries")->type;
	refuse(MAPS, EINVAL, "map 'outer': values: expected an array of pointers to a struct that describes a map");
	edit_member("inner_map", "type")->name_off = edit_member("", "pinning")->name_off;
	refuse(MAPS, EINVAL, "pinning: is 2, expected LIBBPF_PIN_NONE or LIBBPF_PIN_BY_NAME");
}

static void old_maps(void **state)
{
	const struct map_spec *map;

	(void)state;
	open_fixture(OLD);
	map = map_named("tc_outer");
	assert_true(map->type == BPF_MAP_TYPE_ARRAY_OF_MAPS && map->max_entries == 4 && map->size == 36);
	assert_true(map->inner == map_named("tc_inner") || map->inner == map_named("tc_other"));
	assert_int_equal(map->slot_count, 1);
	assert_slot(map, 1, "tc_inner");
	map = map_named("tc_pinned");
	assert_true(map->max_entries == 3 && !map->pin_by_name && map->autocreate);
	map = map_named("sample_outer");
	assert_ptr_equal(map->inner, map_named("sample_inner"));
	assert_int_equal(map->slot_count, 0);
	map = map_named("gobpf_one");
	assert_true(map->size == 280 && map->max_entries == 64 && !map->pin_by_name);
}

static void old_map_rules(void **state)
{
	u32 *definitions;

	(void)state;
	edit_anew(OLD);
	definitions = (u32 *)edit_bytes(&e, "maps/samples");
	definitions[5] = 0; /* itself */
	refuse(OLD, EINVAL, "section 'maps/samples' at offset ");
	definitions = (u32 *)edit_bytes(&e, "maps/samples");
	definitions[7] = BPF_MAP_TYPE_ARRAY_OF_MAPS;
	refuse(OLD, EINVAL, "map 'sample_outer': holds maps like number 1, which is a map of maps itself");
	definitions = (u32 *)edit_bytes(&e, "maps");
	definitions[2 * 9 + 7] = 8;
	refuse(OLD, EINVAL, "map 'tc_outer': holds maps like number 8, which is no other map of the section");
}

/* However little memory there is, the end is a message, and nothing leaks. */
static void without_memory(void **state)
{
	static const char *const fixtures[] = {MAPS, OLD};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(fixtures); i++) {
		int err = -ENOMEM;

		edit_anew(fixtures[i]);
		for (long n = 0; err; n++) {
			arena_fail_after(n);
			err = object_open(&arena, &error, "x.bpf.o", e.file, &object);
			arena_fail_after(-1);
			assert_true(!err || (err == -ENOMEM && error.errnum == ENOMEM));
			error_clear(&error);
			arena_release(&arena);
		}
	}
}

int main(void)
{
	return RUN(EACH(maps_of_maps), EACH(arrays_of_programs), EACH(structs_of_functions), EACH(programs_of_structs),
		EACH(slot_rules), EACH(member_rules), EACH(definition_rules), EACH(old_maps), EACH(old_map_rules),
		EACH(without_memory));
}
