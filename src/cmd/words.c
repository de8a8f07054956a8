/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * words.c: what a relocation refers to, in words. See words.h.
 */
#include "cmd/words.h"
#include "object/btf_print.h"
#include "relocate/core.h"

/* The variable at a place in a section of data, as objdump writes it: " <counter>", " <buffer+0x10>". */
static void put_variable(struct text *t, const struct object *object, const struct reference *ref)
{
	for (u32 i = 0; i < object->elf.symbol_count; i++) {
		const struct elf_symbol *symbol = &object->elf.symbols[i];

		if (symbol->section != ref->section || symbol->type != STT_OBJECT || ref->offset < symbol->value ||
			ref->offset - symbol->value >= symbol->size)
			continue;
		text_printf(t, " <%s", symbol->name);
		if (ref->offset > symbol->value)
			text_printf(t, "+0x%llx", ref->offset - symbol->value);
		text_char(t, '>');
		return;
	}
}

void reference_print(struct text *t, const struct object *object, const struct reference *ref)
{
	const struct prog_spec *prog;
	const struct extern_spec *external;

	switch (ref->kind) {
	case REFERENCE_MAP:
		text_printf(t, "map[%s]", object->maps[ref->map].name);
		break;
	case REFERENCE_DATA:
		text_printf(t, "map[%s][0]+%llu", object->maps[ref->map].name, ref->offset);
		put_variable(t, object, ref);
		break;
	case REFERENCE_CALL:
	case REFERENCE_FUNCTION:
		prog = object_prog_at(object, ref->section, ref->offset);
		text_printf(t, ref->kind == REFERENCE_CALL ? "%s" : "subprog[%s]", prog ? prog->name : "?");
		break;
	case REFERENCE_EXTERN:
		external = &object->externs[ref->external];
		text_printf(t, external->kind == EXTERN_KFUNC ? "%s" : "extern[%s]", external->name);
		break;
	}
}

void core_relo_print(struct text *t, const struct btf *btf, const struct bpf_core_relo *relo)
{
	text_printf(t, "%s ", core_kind_name(relo->kind));
	btf_print_declaration(t, btf, relo->type_id, "");
	core_access_print(t, btf, relo);
}
