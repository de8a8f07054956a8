/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * walk_object.h: looks at everything that object_open() promises to be good.
 */
#ifndef FUZZ_WALK_OBJECT_H
#define FUZZ_WALK_OBJECT_H

#include "object/object.h"
#include "walk_btf.h"

static inline void walk_maps(const struct object *object)
{
	for (u32 i = 0; i < object->map_count; i++) {
		const struct map_spec *map = &object->maps[i];

		fuzz_string(map->name);
		MUST(map->section < object->elf.section_count);
		MUST(object_find_map(object, map->name) >= 0);
		MUST(!object->has_btf || map->btf_key_type_id < object->btf.type_count);
		MUST(!object->has_btf || map->btf_value_type_id < object->btf.type_count);
		if (map->initial)
			fuzz_read(map->initial, map->value_size);
		MUST(map->data_section < object->elf.section_count);
		if (map->inner)
			MUST(map->inner >= object->maps && map->inner < object->maps + object->map_count &&
				map->inner != map);
		for (u32 s = 0; s < map->slot_count; s++) {
			fuzz_string(map->slots[s].name);
			MUST(map->slots[s].index < (map_holds_maps(map) ? object->map_count : object->prog_count));
			if (map->origin == MAP_FROM_OPS)
				MUST(map->slots[s].at < btf_vlen(btf_type(&object->btf, map->btf_value_type_id)));
		}
		fuzz_string(map_type_name(map->type));
	}
}

static inline void walk_programs(const struct object *object)
{
	for (u32 i = 0; i < object->prog_count; i++) {
		const struct prog_spec *prog = &object->progs[i];

		fuzz_string(prog->name);
		fuzz_string(prog->section_name);
		if (prog->target)
			fuzz_string(prog->target);
		MUST(prog->insn_count && prog->section < object->elf.section_count);
		MUST(object_prog_at(object, prog->section, prog->offset));
		MUST(prog->is_subprogram || object_find_prog(object, prog->name));
		fuzz_read(prog->insns, (u64)prog->insn_count * sizeof(*prog->insns));
		if (prog->hook)
			fuzz_string(prog_type_name(prog->hook->prog_type));
	}
}

static inline void walk_references(const struct object *object)
{
	for (u32 s = 0; s < object->elf.section_count; s++)
		for (u32 i = 0; i < object->references[s].count; i++) {
			const struct reference *ref = &object->references[s].refs[i];

			MUST(range_ok(ref->insn_offset, 8, object->elf.sections[s].size) && ref->insn_offset % 8 == 0);
			MUST(!i || ref[-1].insn_offset < ref->insn_offset);
			MUST(ref->symbol < object->elf.symbol_count);
			if (ref->kind == REFERENCE_EXTERN)
				MUST(ref->external < object->extern_count);
			else if (ref->kind == REFERENCE_MAP || ref->kind == REFERENCE_DATA)
				MUST(ref->map < object->map_count);
			else
				MUST(elf_is_code(&object->elf.sections[ref->section]));
		}
}

static inline void walk_externs(const struct object *object)
{
	for (u32 i = 0; i < object->extern_count; i++) {
		const struct extern_spec *external = &object->externs[i];

		fuzz_string(external->name);
		MUST(!object->has_btf || external->btf_id < object->btf.type_count);
		if (external->kind == EXTERN_KCONFIG) {
			int map = object_find_map(object, ".kconfig");

			MUST(map >= 0 && range_ok(external->offset, external->size, object->maps[map].value_size));
		}
	}
}

static inline void walk_object(const struct object *object)
{
	struct variable variable;

	if (object->has_btf) {
		walk_btf(&object->btf);
		walk_btf_ext(&object->btf, &object->btf_ext);
	}
	fuzz_string(object->license);
	fuzz_string(object->name);
	walk_maps(object);
	walk_programs(object);
	walk_references(object);
	walk_externs(object);
	for (u32 i = 0; i < object->elf.symbol_count && i < 256; i++)
		if (object_find_variable(object, object->elf.symbols[i].name, &variable))
			MUST(range_ok(variable.offset, variable.size, object->maps[variable.map].value_size));
}

#endif
