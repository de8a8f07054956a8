/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * words.c: what a relocation refers to, in words. See words.h.
 */
#include "base/string.h"
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

/* The names the kernel gives to enum bpf_core_relo_kind (tools/lib/bpf/relo_core.c:core_relo_kind_str()). */
static const char core_kinds[] =
	"byte_off\0byte_sz\0field_exists\0signed\0lshift_u64\0rshift_u64\0local_type_id\0target_type_id\0"
	"type_exists\0type_size\0enumval_exists\0enumval_value\0type_matches";

void core_relo_print(struct text *t, const struct btf *btf, const struct bpf_core_relo *relo)
{
	const char *kind = list_entry(core_kinds, sizeof(core_kinds), relo->kind);

	text_printf(t, "%s ", kind ? kind : "unknown");
	btf_print_declaration(t, btf, relo->type_id, "");
	core_access_print(t, btf, relo);
}
