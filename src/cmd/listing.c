/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * listing.c: a program's instructions with the C between them. See listing.h.
 *
 * Four lists run side by side, all in the order of the code: instructions, references (relocations), source lines
 * and CO-RE relocations.
 */
#include "base/string.h"
#include "bpf_insn.h"
#include "cmd/listing.h"
#include "cmd/words.h"
#include "object/disasm.h"

#define SYMBOL_MAX 512 /* names longer than that are cut */
#define TEXT_MAX   (2 * SYMBOL_MAX)

struct listing {
	const struct object *object;
	const struct prog_spec *prog;
	const struct btf_ext_block *lines, *core; /* or NULL */
	const struct reference *ref, *refs_end;   /* the next one */
	const struct bpf_line_info *last_line;    /* the one that was printed */
};

/* The record for the instruction at `offset`, or NULL. Every record begins with its instruction's offset. */
static const void *record_at(const struct btf_ext_block *block, u64 offset)
{
	u32 i = block ? btf_ext_first(block, offset) : 0;
	const u32 *record;

	if (!block || i == block->count)
		return NULL;
	record = btf_ext_record(block, i);
	return *record == offset ? record : NULL;
}

/* The record of a source line that begins with this instruction, or NULL; once for several columns of one line. */
static const struct bpf_line_info *line_at(struct listing *l, u64 offset)
{
	const struct bpf_line_info *line = record_at(l->lines, offset), *last = l->last_line;

	/* Line 0 stands for what the compiler added on its own. */
	if (!line || !BPF_LINE_INFO_LINE_NUM(line->line_col) ||
		(last && last->file_name_off == line->file_name_off &&
			BPF_LINE_INFO_LINE_NUM(last->line_col) == BPF_LINE_INFO_LINE_NUM(line->line_col)))
		return NULL;
	return l->last_line = line;
}

/* What an instruction refers to, by name; empty if it says all by itself. */
static void put_symbol(struct text *t, struct listing *l, const struct bpf_insn *insn, u64 offset)
{
	const struct prog_spec *callee = NULL;

	while (l->ref < l->refs_end && l->ref->insn_offset < offset)
		l->ref++;
	if (l->ref < l->refs_end && l->ref->insn_offset == offset)
		reference_print(t, l->object, l->ref);
	/* Calls within a section need no relocation: the compiler knows the distance. */
	else if (insn->code == CODE_CALL && insn->src_reg == BPF_PSEUDO_CALL)
		callee =
			object_prog_at(l->object, l->prog->section, offset + ((u64)(s64)insn->imm + 1) * sizeof(*insn));
	if (callee)
		text_string(t, callee->name);
}

/* Instruction i, and what there is to say of it. Returns how many it is. */
static u32 put_insn(struct cells *c, struct listing *l, u32 i)
{
	static char symbol_buf[SYMBOL_MAX], text_buf[TEXT_MAX], core_buf[TEXT_MAX];
	struct text symbol = text_in(symbol_buf, sizeof(symbol_buf)), text = text_in(text_buf, sizeof(text_buf)),
		    core = text_in(core_buf, sizeof(core_buf));
	const struct bpf_insn *insn = &l->prog->insns[i];
	const struct btf *btf = &l->object->btf;
	u64 offset = l->prog->offset + i * sizeof(*insn);
	const struct bpf_core_relo *relo = record_at(l->core, offset);
	const struct bpf_line_info *line = line_at(l, offset);
	const char *file = line ? btf_string(btf, line->file_name_off) : NULL;
	const char *source = line ? skip_blanks(btf_string(btf, line->line_off)) : NULL;
	u32 number = line ? BPF_LINE_INFO_LINE_NUM(line->line_col) : 0, used;

	put_symbol(&symbol, l, insn, offset);
	used = insn_print(&text, insn, l->prog->insn_count - i, symbol.len ? symbol_buf : NULL);
	if (relo)
		core_relo_print(&core, btf, relo);
	if (c->mode != CELLS_JSON) {
		if (line)
			text_printf(c->out, "  ; %s @ %s:%u\n", source, path_basename(file), number);
		text_printf(c->out, "  %4u: %s%s%s\n", i, text_buf, core.len ? "  ; CO-RE " : "", core_buf);
		return used;
	}
	cells(c, "insn %u text %s", i, text_buf);
	if (line)
		cells(c, "file %-s line %u source %-s", file, number, source);
	if (core.len)
		cells(c, "core %s", core_buf);
	cells_end_row(c);
	return used;
}

void listing_print(struct cells *c, const struct object *object, const struct prog_spec *prog)
{
	const struct reference_list *list = &object->references[prog->section];
	struct listing l = {.object = object,
		.prog = prog,
		.lines = btf_ext_block_of(&object->btf_ext.line_info, prog->section),
		.core = btf_ext_block_of(&object->btf_ext.core_relo, prog->section),
		.ref = list->refs,
		.refs_end = list->refs + list->count};

	for (u32 i = 0; i < prog->insn_count;)
		i += put_insn(c, &l, i);
}
