/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * show_open.c: what the compiler left open (references, CO-RE relocations, externs), for loader and kernel to fill in.
 */
#include "cmd/show.h"
#include "cmd/words.h"

/* Both kinds of relocations name an instruction by section and offset. */
static void place_cells(struct show *s, const struct elf_section *section, u64 offset)
{
	const struct prog_spec *prog = section ? object_prog_around(s->object, section->index, offset) : NULL;

	cells(s->cells, "{section %s insn %llu} function %s [insn %llu]", section ? section->name : "", offset / 8,
		prog ? prog->name : "", (prog ? offset - prog->offset : offset) / 8);
}

void show_references(struct show *s, u32 i)
{
	static const char kinds[][9] = {"map", "data", "call", "function", "extern"};
	const struct elf *elf = &s->object->elf;
	const struct reference_list *list = &s->object->references[i];

	for (const struct reference *ref = list->refs; ref < list->refs + list->count; ref++) {
		struct text target = show_text(0);

		reference_print(&target, s->object, ref);
		place_cells(s, &elf->sections[i], ref->insn_offset);
		cells(s->cells, "kind %s target %s {symbol %s}", kinds[ref->kind], target.buf,
			elf->symbols[ref->symbol].name);
		cells_end_row(s->cells);
	}
}

void show_core_relocations(struct show *s, u32 i)
{
	const struct btf_ext_block *block = &s->object->btf_ext.core_relo.blocks[i];
	const struct elf_section *section = elf_find_section(&s->object->elf, block->section_name);

	for (u32 n = 0; n < block->count; n++) {
		const struct bpf_core_relo *relo = btf_ext_record(block, n);
		struct text kind = show_text(0);

		core_relo_print(&kind, &s->object->btf, relo);
		place_cells(s, section, relo->insn_off);
		cells(s->cells, "kind %s", kind.buf);
		cells_end_row(s->cells);
	}
}

void show_extern(struct show *s, u32 i)
{
	static const char kinds[][8] = {"kconfig", "ksym", "kfunc", "unknown"};
	const struct extern_spec *external = &s->object->externs[i];

	cells(s->cells, "name %s kind %s weak %d declaration %s", external->name, kinds[external->kind],
		external->is_weak, show_declaration(s, 0, external->type_id, external->name));
	cells_end_row(s->cells);
}
