/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * references.c: what a relocation of a code section points at. See parts.h.
 *
 * The type of a relocation says little (R_BPF_64_64 on a 16-byte load, R_BPF_64_32 on a call, and older compilers
 * used others), so the instruction and the symbol decide, as in libbpf:
 *
 *	instruction	symbol in		becomes			at
 *	ld_imm64	.maps, maps		REFERENCE_MAP		symbol's value + imm, exactly a map's place
 *	ld_imm64	.data .rodata .bss	REFERENCE_DATA		symbol's value + imm
 *	ld_imm64	code			REFERENCE_FUNCTION	symbol's value + imm
 *	ld_imm64, call	nowhere (undefined)	REFERENCE_EXTERN
 *	call		code			REFERENCE_CALL		symbol's value + (imm + 1) * 8
 *
 * A global symbol's value is the target and imm is 0 (-1 in a call); a static one is known by its section's symbol,
 * and imm carries the distance.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "bpf_insn.h"
#include "object/check.h"
#include "object/parts.h"

/* The map a place in a section belongs to: one defined exactly there, or the data section as a whole. */
static const struct map_spec *map_at(const struct builder *b, u32 section, u64 offset)
{
	const struct map_spec *map = map_exactly_at(b, section, offset);

	if (map)
		return map;
	map = map_exactly_at(b, section, 0);
	if (map && map->origin == MAP_FROM_DATA)
		return map;
	return b->arena_map && b->arena_map->data_section == section ? b->arena_map : NULL;
}

static int to_extern(struct builder *b, const struct elf_symbol *symbol, struct reference *ref)
{
	int external = object_find_extern(b->object, symbol->name, (size_t)-1);

	if (external < 0)
		return error_invalid(b->error, "undefined symbol [%u] '%s' is no extern", ref->symbol, symbol->name);
	ref->kind = REFERENCE_EXTERN;
	ref->external = (u32)external;
	return 0;
}

/* What is there is not what the instruction needs. */
static int refuse(struct builder *b, const struct reference *ref, const char *what)
{
	return error_invalid(b->error, "refers to %lld in section '%s' (symbol '%s'), %s", (s64)ref->offset,
		b->object->elf.sections[ref->section].name, b->object->elf.symbols[ref->symbol].name, what);
}

static int to_function(struct builder *b, struct reference *ref, enum reference_kind kind)
{
	/* Where no function begins the linker complains, if that program is wanted: a stripped one may not be. */
	ref->kind = kind;
	return elf_is_code(&b->object->elf.sections[ref->section]) ? 0 : refuse(b, ref, "where no function begins");
}

static int to_map(struct builder *b, struct reference *ref)
{
	const struct map_spec *map = map_at(b, ref->section, ref->offset);

	if (!map || ref->offset > b->object->elf.sections[ref->section].size)
		return refuse(b, ref, "which is neither map, data nor function");
	ref->map = (u32)(map - b->object->maps);
	ref->kind = map->origin == MAP_FROM_DATA || map->data_section == ref->section ? REFERENCE_DATA : REFERENCE_MAP;
	return 0;
}

static int resolve(struct builder *b, const struct bpf_insn *insn, bool is_last, struct reference *ref)
{
	const struct elf *elf = &b->object->elf;
	const struct elf_symbol *symbol = &elf->symbols[ref->symbol];

	if (insn->code != CODE_CALL && insn->code != CODE_LD_IMM64)
		return error_invalid(b->error,
			"instruction code is 0x%02x, expected a 16-byte load (0x18) or a call (0x85)", insn->code);
	if (insn->code == CODE_LD_IMM64 && is_last)
		return error_invalid(b->error, NO_SECOND_HALF);
	if (symbol->section == SHN_UNDEF)
		return to_extern(b, symbol, ref);
	if (symbol->section >= elf->section_count)
		return error_invalid(b->error, "'%s' is in no section; was it compiled with -fcommon?", symbol->name);
	ref->section = symbol->section;
	ref->offset = symbol->value + (u64)(s64)insn->imm;
	if (insn->code == CODE_CALL) {
		ref->offset = symbol->value + (u64)((s64)insn->imm + 1) * sizeof(*insn);
		return to_function(b, ref, REFERENCE_CALL);
	}
	if (elf_is_code(&elf->sections[ref->section]))
		return to_function(b, ref, REFERENCE_FUNCTION);
	return to_map(b, ref);
}

int read_reference(struct builder *b, const struct elf_section *code, const struct elf_relocation *relocation)
{
	struct reference_list *list = &b->object->references[code->index];
	struct reference *ref = &list->refs[list->count];
	struct bpf_insn insn;

	ref->insn_offset = relocation->offset;
	ref->symbol = relocation->symbol;
	if (relocation->offset % sizeof(insn))
		return error_invalid(b->error, "it lies inside an instruction");
	if (check_range(b->error, relocation->offset, sizeof(insn), code->size))
		return -EINVAL;
	if (list->count++ && ref[-1].insn_offset == ref->insn_offset)
		return error_invalid(b->error, "the instruction has two relocations");
	memcpy(&insn, code->data + relocation->offset, sizeof(insn));
	return resolve(b, &insn, !range_ok(relocation->offset, 2 * sizeof(insn), code->size), ref);
}
