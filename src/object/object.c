/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * object.c: reading an object from end to end, in the order of the steps. See object.h.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "object/check.h"
#include "object/parts.h"

#define LICENSE_MAX 128 /* BPF_OBJ_LICENSE in the kernel: kernel/bpf/syscall.c copies at most this */

/* Whether BTF alone says what some of it means. */
static bool needs_btf(const struct object *object)
{
	for (u32 i = 0; i < object->elf.section_count; i++)
		if (has_slots(&object->elf.sections[i]))
			return true;
	return false;
}

/* Broken BTF, that an object could as well have been compiled without, is none, as for libbpf. */
static int do_without(struct builder *b)
{
	struct object *object = b->object;

	object->btf_problem = arena_string(b->arena, b->error->message, str_len(b->error->message));
	if (!object->btf_problem)
		return -ENOMEM;
	object->btf = (struct btf){0};
	object->btf_ext = (struct btf_ext){0};
	error_clear(b->error);
	return 0;
}

static int note_datasecs(struct builder *b)
{
	struct object *object = b->object;

	object->datasecs = arena_alloc_array(b->arena, object->elf.section_count, sizeof(u32));
	if (!object->datasecs)
		return error_no_memory(b->error);
	for (u32 id = object->btf.type_count; id-- > 1;) {
		bool is_datasec = btf_kind(btf_type(&object->btf, id)) == BTF_KIND_DATASEC;
		const struct elf_section *section =
			is_datasec ? elf_find_section(&object->elf, btf_name(&object->btf, id)) : NULL;

		if (section)
			object->datasecs[section->index] = id;
	}
	return 0;
}

/* The symbols that the variables of a DATASEC may go by. */
static int note_variables(struct builder *b)
{
	struct object *object = b->object;
	const struct elf *elf = &object->elf;

	if (names_make_room(b->arena, b->error, &object->variables, elf->symbol_count))
		return -ENOMEM;
	for (u32 i = 0; i < elf->symbol_count; i++) {
		const struct elf_symbol *symbol = &elf->symbols[i];
		bool is_local = symbol->binding == STB_LOCAL;

		if (symbol->section < elf->section_count && object->datasecs[symbol->section] &&
			(!is_local || symbol->type == STT_OBJECT))
			names_add(&object->variables, symbol->section + is_local * elf->section_count, symbol->name, i);
	}
	names_sort(&object->variables);
	return 0;
}

/* Which section each block of a table belongs to: sections of one name have blocks of one name, in the same order. */
static int place_blocks(struct builder *b, struct btf_ext_table *table)
{
	const struct elf *elf = &b->object->elf;
	const struct names *names = &elf->names;
	u32 *taken; /* [first section of a name] */

	table->of_section = arena_alloc_array(b->arena, 2 * (size_t)elf->section_count, sizeof(u32));
	if (!table->of_section)
		return error_no_memory(b->error);
	taken = table->of_section + elf->section_count;
	for (u32 i = 0; i < table->block_count; i++) {
		const char *name = table->blocks[i].section_name;
		const struct named *first = names_find(names, 0, name), *place;

		if (!first)
			continue;
		place = first + taken[first->index];
		if (place == names->list + names->count || !str_equal(place->name, name))
			return error_invalid(b->error, ".BTF.ext: two blocks of '%s'", name);
		taken[first->index]++;
		table->of_section[place->index] = i + 1;
	}
	return 0;
}

static int note_names(struct builder *b)
{
	struct btf_ext *ext = &b->object->btf_ext;
	struct btf_ext_table *tables[] = {&ext->func_info, &ext->line_info, &ext->core_relo};
	int err = note_datasecs(b);

	if (!err)
		err = note_variables(b);
	for (u32 i = 0; !err && i < ARRAY_SIZE(tables); i++)
		if (tables[i]->block_count)
			err = place_blocks(b, tables[i]);
	return err;
}

static int read_btf(struct builder *b)
{
	struct object *object = b->object;
	const struct elf_section *btf = elf_find_section(&object->elf, ".BTF");
	const struct elf_section *ext = elf_find_section(&object->elf, ".BTF.ext");
	int err;

	if (!btf)
		return 0;
	if (!btf->data || (ext && !ext->data)) {
		error_invalid(b->error, NO_BYTES);
		return elf_error_in(b->error, btf->data ? ext : btf);
	}
	err = btf_open(b->arena, b->error, (struct bytes){btf->data, btf->size}, &object->btf);
	if (!err && ext)
		err = btf_ext_open(
			b->arena, b->error, (struct bytes){ext->data, ext->size}, &object->btf, &object->btf_ext);
	object->has_btf = !err;
	if (!err)
		return note_names(b);
	return err != -ENOMEM && !needs_btf(object) ? do_without(b) : err;
}

/* license: a string, with or without a NUL, of which the kernel looks at so much. version: one u32. */
static int read_license(struct builder *b)
{
	struct object *object = b->object;
	const struct elf_section *license = elf_find_section(&object->elf, "license");
	const struct elf_section *version = elf_find_section(&object->elf, "version");

	object->license = "";
	if (license && license->data)
		object->license = arena_string(
			b->arena, (const char *)license->data, (size_t)MIN(license->size, LICENSE_MAX - 1));
	if (!object->license)
		return error_no_memory(b->error);
	if (version) {
		if (!version->data || version->size != sizeof(u32))
			return error_invalid(b->error, "section 'version' has %llu bytes, expected 4", version->size);
		object->version = load_u32(version->data);
	}
	return 0;
}

/* libbpf names an object after its file, up to the first '.', and data maps after the object. */
static void name_object(struct object *object)
{
	char *dot;

	str_copy(object->name, sizeof(object->name), path_basename(object->path));
	for (dot = object->name; *dot && *dot != '.'; dot++)
		;
	*dot = '\0';
}

/* A map may be a section, a symbol or .kconfig; or a variable, of which each may bring the model of another. */
static int make_room_for_maps(struct builder *b)
{
	const struct elf *elf = &b->object->elf;
	size_t count = (size_t)elf->section_count + 3 * (size_t)elf->symbol_count + 1;

	b->object->maps = arena_alloc_array(b->arena, count, sizeof(struct map_spec));
	return b->object->maps ? 0 : error_no_memory(b->error);
}

int object_open(struct arena *arena, struct error *error, const char *path, struct bytes file, struct object *object)
{
	static int (*const steps[])(struct builder *) = {read_btf, read_license, read_programs, make_room_for_maps,
		read_maps, read_legacy_maps, read_data, read_ops, read_externs, read_relocations};
	struct builder b = {.arena = arena, .error = error, .object = object};
	int err;

	*object = (struct object){.path = path, .size = (u32)file.size};
	name_object(object);
	err = file.size ? elf_open(arena, error, file, &object->elf) : error_set(error, ENOEXEC, "the file is empty");
	for (size_t i = 0; !err && i < ARRAY_SIZE(steps); i++)
		err = steps[i](&b);
	return err ? error_in(error, "%s", path) : 0;
}

struct map_spec *add_map(struct builder *b, const char *name, enum map_origin origin)
{
	struct map_spec *map = &b->object->maps[b->object->map_count++];

	map->name = name;
	map->origin = origin;
	map->autocreate = origin != MAP_INNER;
	return map;
}

const struct elf_symbol *object_find_symbol(const struct object *object, u32 of, const char *name)
{
	const struct named *found = names_find(&object->variables, of, name);

	return found ? &object->elf.symbols[found->index] : NULL;
}

int read_variables(struct builder *b, const struct elf_section *section, const char *what,
	int (*read)(struct builder *b, const struct elf_section *section, const struct elf_symbol *symbol, u32 var_id))
{
	const struct elf *elf = &b->object->elf;
	const struct btf *btf = &b->object->btf;
	u32 id = b->object->has_btf ? b->object->datasecs[section->index] : 0;
	int err = id ? 0 : error_invalid(b->error, NO_BTF);

	for (u32 i = 0; !err && i < btf_vlen(btf_type(btf, id)); i++) {
		u32 var_id = btf_secinfos(btf_type(btf, id))[i].type;
		const char *name = btf_name(btf, var_id);
		const struct elf_symbol *symbol = object_find_symbol(b->object, section->index, name);

		if (!symbol)
			symbol = object_find_symbol(b->object, section->index + elf->section_count, name);
		if (!symbol || b->variable_count++ == elf->symbol_count)
			err = error_invalid(b->error, "has no symbol in the section");
		else
			err = read(b, section, symbol, var_id);
		if (err)
			error_in(b->error, "%s '%s'", what, name);
	}
	return err ? elf_error_in(b->error, section) : 0;
}

int fill_map(struct builder *b, struct map_spec *map, const struct elf_section *section, u64 offset, u64 size)
{
	if (check_count(b->error, "bytes", size, U32_MAX))
		return error_in(b->error, "%s", map->name);
	map->section = section ? section->index : 0;
	map->offset = offset;
	map->size = size;
	map->type = BPF_MAP_TYPE_ARRAY;
	map->key_size = sizeof(u32);
	map->value_size = (u32)size;
	map->max_entries = 1;
	if (section && !section->data)
		return 0;
	map->initial = section ? arena_copy(b->arena, section->data + offset, size) : arena_alloc(b->arena, size);
	return map->initial ? 0 : error_no_memory(b->error);
}

struct record_run object_records(const struct btf_ext_table *table, const struct prog_spec *prog)
{
	const struct btf_ext_block *block = btf_ext_block_of(table, prog->section);

	if (!block)
		return (struct record_run){0};
	return (struct record_run){block, btf_ext_first(block, prog->offset),
		btf_ext_first(block, prog->offset + prog->insn_count * sizeof(struct bpf_insn))};
}

int object_find_map(const struct object *object, const char *name)
{
	for (u32 i = 0; i < object->map_count; i++)
		if (str_equal(object->maps[i].name, name))
			return (int)i;
	return -1;
}

static int data_map_of_section(const struct object *object, u32 section)
{
	for (u32 i = 0; i < object->map_count; i++)
		if (object->maps[i].origin == MAP_FROM_DATA && object->maps[i].section == section)
			return (int)i;
	return -1;
}

bool object_find_variable(const struct object *object, const char *name, struct variable *variable)
{
	const struct elf *elf = &object->elf;

	for (u32 i = 0; i < elf->symbol_count; i++) {
		const struct elf_symbol *symbol = &elf->symbols[i];
		int map;
		u32 var;

		if (symbol->type != STT_OBJECT || !str_equal(symbol->name, name))
			continue;
		map = data_map_of_section(object, symbol->section);
		if (map < 0)
			continue;
		var = btf_find(&object->btf, BTF_KIND_VAR, name);
		*variable = (struct variable){.map = (u32)map,
			.offset = symbol->value,
			.size = symbol->size,
			.type_id = var ? btf_type(&object->btf, var)->type : 0};
		return true;
	}
	return false;
}
