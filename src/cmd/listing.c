/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * listing.c: a program's instructions with the C between them. See listing.h.
 *
 * Four lists run side by side, all in the order of the code: instructions, references (relocations), source lines
 * and CO-RE relocations. A cursor stands in each of the latter two and moves on with the instructions.
 */
#include "base/string.h"
#include "cmd/cmd.h"
#include "cmd/listing.h"
#include "object/btf_print.h"
#include "object/disasm.h"

#define SYMBOL_MAX 512 /* names longer than that are cut */

/* A place in one section's records of .BTF.ext; `block` is NULL if there are none. */
struct cursor {
	const struct btf_ext_block *block;
	u32 next;
};

struct listing {
	const struct object *object;
	const struct prog_spec *prog;
	struct cursor lines, core;
	const struct reference_list *refs;
	u32 next_ref;
	const struct bpf_line_info *last_line; /* the one that was printed */
};

/* The record for the instruction at `offset`, or NULL. Every record begins with its instruction's offset. */
static const void *cursor_move(struct cursor *cursor, u64 offset)
{
	for (; cursor->block && cursor->next < cursor->block->count; cursor->next++) {
		const u32 *record = btf_ext_record(cursor->block, cursor->next);

		if (*record >= offset)
			return *record == offset ? record : NULL;
	}
	return NULL;
}

static const struct reference *reference_at(struct listing *l, u64 offset)
{
	const struct reference_list *list = l->refs;

	while (l->next_ref < list->count && list->refs[l->next_ref].insn_offset < offset)
		l->next_ref++;
	if (l->next_ref == list->count || list->refs[l->next_ref].insn_offset != offset)
		return NULL;
	return &list->refs[l->next_ref];
}

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
static const char core_kinds[][15] = {"byte_off", "byte_sz", "field_exists", "signed", "lshift_u64", "rshift_u64",
	"local_type_id", "target_type_id", "type_exists", "type_size", "enumval_exists", "enumval_value",
	"type_matches"};

/* One step of an access string: into a member, an element or an enumerator. Returns the type it leads to, or 0. */
static u32 put_step(struct text *t, const struct btf *btf, u32 id, u64 index)
{
	const struct btf_type *type = btf_type(btf, btf_resolve(btf, id));
	u32 kind = btf_kind(type), name_off;

	if (kind == BTF_KIND_ARRAY) {
		text_printf(t, "[%llu]", index);
		return btf_array(type)->type;
	}
	if (index >= btf_vlen(type) || (kind != BTF_KIND_STRUCT && kind != BTF_KIND_UNION)) {
		text_printf(t, ":%llu", index);
		return 0;
	}
	name_off = btf_members(type)[index].name_off;
	if (name_off)
		text_printf(t, ".%s", btf_string(btf, name_off));
	return btf_members(type)[index].type;
}

/* An access string is a list of numbers, "0:57:2": an index as if into an array of that type, then members. */
static void put_access(struct text *t, const struct btf *btf, u32 id, const char *access)
{
	const struct btf_type *type = btf_type(btf, btf_resolve(btf, id));
	const char *name;
	u64 index = 0;

	if (!parse_u64(&access, 10, &index))
		return;
	if ((btf_kind(type) == BTF_KIND_ENUM || btf_kind(type) == KIND_ENUM64) && index < btf_vlen(type)) {
		btf_enumerator(btf, type, (u32)index, &name);
		text_printf(t, " %s", name);
	} else if (index) {
		text_printf(t, "[%llu]", index);
	}
	while (*access++ == ':' && parse_u64(&access, 10, &index))
		id = put_step(t, btf, id, index);
}

void core_relo_print(struct text *t, const struct btf *btf, const struct bpf_core_relo *relo)
{
	u32 kind = (u32)relo->kind;

	text_printf(t, "%s ", kind < ARRAY_SIZE(core_kinds) ? core_kinds[kind] : "unknown");
	btf_print_declaration(t, btf, relo->type_id, "");
	put_access(t, btf, relo->type_id, btf_string(btf, relo->access_str_off));
}

/* The record of a source line that begins with this instruction, or NULL; once for several columns of one line. */
static const struct bpf_line_info *line_at(struct listing *l, u64 offset)
{
	const struct bpf_line_info *line = cursor_move(&l->lines, offset), *last = l->last_line;

	/* Line 0 stands for what the compiler added on its own. */
	if (!line || !LINE_NUMBER(line->line_col) ||
		(last && last->file_name_off == line->file_name_off &&
			LINE_NUMBER(last->line_col) == LINE_NUMBER(line->line_col)))
		return NULL;
	return l->last_line = line;
}

/* What an instruction refers to, by name; empty if it says all by itself. */
static void put_symbol(struct text *t, struct listing *l, u32 i)
{
	u64 offset = l->prog->offset + i * sizeof(struct bpf_insn);
	const struct bpf_insn *insn = &l->prog->insns[i];
	const struct reference *ref = reference_at(l, offset);
	const struct prog_spec *callee;

	if (ref) {
		reference_print(t, l->object, ref);
		return;
	}
	/* Calls within a section need no relocation: the compiler knows the distance. */
	if (insn->code != (BPF_JMP | BPF_CALL) || insn->src_reg != BPF_PSEUDO_CALL)
		return;
	offset += ((u64)(s64)insn->imm + 1) * sizeof(*insn);
	callee = object_prog_at(l->object, l->prog->section, offset);
	if (callee)
		text_string(t, callee->name);
}

/* Instruction i as text. Returns how many it is. */
static u32 put_insn(struct text *t, struct listing *l, u32 i)
{
	char buf[SYMBOL_MAX];
	struct text symbol = text_in(buf, sizeof(buf));

	put_symbol(&symbol, l, i);
	return insn_print(t, &l->prog->insns[i], l->prog->insn_count - i, symbol.len ? symbol.buf : NULL);
}

/* Instruction i as text; the line of C that begins with it, or NULL; its CO-RE relocation, or "". */
static void print_text(struct text *t, const struct btf *btf, u32 i, const char *insn, const struct bpf_line_info *line,
	const char *core)
{
	if (line)
		text_printf(t, "  ; %s @ %s:%u\n", skip_blanks(btf_string(btf, line->line_off)),
			path_basename(btf_string(btf, line->file_name_off)), LINE_NUMBER(line->line_col));
	text_printf(t, "  %4u: %s%s%s\n", i, insn, *core ? "  ; CO-RE " : "", core);
}

static void print_json(struct text *t, const struct btf *btf, u32 i, const char *insn, const struct bpf_line_info *line,
	const char *core)
{
	cmd_json(t, i ? ",{'insn':%u,'text':%s" : "{'insn':%u,'text':%s", i, insn);
	if (line)
		cmd_json(t, ",'file':%s,'line':%u,'source':%s", btf_string(btf, line->file_name_off),
			LINE_NUMBER(line->line_col), skip_blanks(btf_string(btf, line->line_off)));
	if (*core)
		cmd_json(t, ",'core':%s", core);
	text_char(t, '}');
}

void listing_print(struct text *t, const struct object *object, const struct prog_spec *prog, bool json)
{
	struct listing l = {.object = object,
		.prog = prog,
		.lines.block = object_block(object, &object->btf_ext.line_info, prog),
		.core.block = object_block(object, &object->btf_ext.core_relo, prog),
		.refs = &object->references[prog->section]};

	for (u32 i = 0, used; i < prog->insn_count; i += used) {
		char insn_buf[2 * SYMBOL_MAX], core_buf[2 * SYMBOL_MAX];
		struct text insn = text_in(insn_buf, sizeof(insn_buf)), core = text_in(core_buf, sizeof(core_buf));
		u64 offset = prog->offset + i * sizeof(struct bpf_insn);
		const struct bpf_core_relo *relo = cursor_move(&l.core, offset);
		const struct bpf_line_info *line = line_at(&l, offset);

		used = put_insn(&insn, &l, i);
		if (relo)
			core_relo_print(&core, &object->btf, relo);
		(json ? print_json : print_text)(t, &object->btf, i, insn_buf, line, core_buf);
	}
}
