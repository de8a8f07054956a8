/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * references.c: what the relocations of code sections point at. See parts.h.
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
#include "base/sort.h"
#include "base/memory.h"
#include "base/string.h"
#include "object/check.h"
#include "object/parts.h"

#define CODE_LD_IMM64 (BPF_LD | BPF_IMM | BPF_DW)
#define CODE_CALL     (BPF_JMP | BPF_CALL)

/* .kconfig is in section 0, of which no place in the file is. */
static int compare_maps(const void *a, const void *b)
{
	const struct map_spec *const *x = a, *const *y = b;
	int order = compare_u64((*x)->section, (*y)->section);

	if (!order)
		order = compare_u64((*x)->offset, (*y)->offset);
	return order ? order : compare_u64(ptr_to_u64(*x), ptr_to_u64(*y));
}

static int order_maps(struct builder *b)
{
	const struct object *object = b->object;

	b->map_order = arena_alloc_array(b->arena, object->map_count, sizeof(*b->map_order));
	if (!b->map_order)
		return error_no_memory(b->error);
	for (u32 i = 0; i < object->map_count; i++)
		b->map_order[i] = &object->maps[i];
	sort(b->map_order, object->map_count, sizeof(*b->map_order), compare_maps);
	return 0;
}

struct place {
	u32 section;
	u64 offset;
};

static int compare_place(const void *element, const void *key)
{
	const struct map_spec *const *map = element;
	const struct place *place = key;
	int order = compare_u64((*map)->section, place->section);

	return order ? order : compare_u64((*map)->offset, place->offset);
}

/* How many maps stand before that place. */
static size_t maps_before(const struct builder *b, u32 section, u64 offset)
{
	const struct place place = {section, offset};

	return sort_find(b->map_order, b->object->map_count, sizeof(*b->map_order), &place, compare_place);
}

const struct map_spec *map_exactly_at(const struct builder *b, u32 section, u64 offset)
{
	size_t i = maps_before(b, section, offset);
	const struct map_spec *map = i < b->object->map_count ? b->map_order[i] : NULL;

	return map && map->section == section && map->offset == offset ? map : NULL;
}

struct map_spec *map_around(const struct builder *b, u32 section, u64 offset)
{
	size_t i = maps_before(b, section, offset + 1);
	const struct map_spec *map = i ? map_exactly_at(b, section, b->map_order[i - 1]->offset) : NULL;

	return map && offset >= map->offset && offset - map->offset < map->size
		       ? &b->object->maps[map - b->object->maps]
		       : NULL;
}

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
	u32 external = b->extern_of ? b->extern_of[ref->symbol] : 0;

	if (!external)
		return error_invalid(b->error, "undefined symbol [%u] '%s' is no extern", ref->symbol, symbol->name);
	ref->kind = REFERENCE_EXTERN;
	ref->external = external - 1;
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

static OUT_OF_LINE int resolve(struct builder *b, const struct bpf_insn *insn, bool is_last, struct reference *ref)
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
	if (check_index(b->error, "refers to section", symbol->section, elf->section_count))
		return -EINVAL;
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

static int compare_references(const void *a, const void *b)
{
	const struct reference *x = a, *y = b;

	return compare_u64(x->insn_offset, y->insn_offset);
}

static int read_relocation(
	struct builder *b, const struct elf_section *code, struct elf_relocation relocation, struct reference *ref)
{
	struct bpf_insn insn;
	bool is_last;
	int err;

	ref->insn_offset = relocation.offset;
	ref->symbol = relocation.symbol;
	if (relocation.offset % sizeof(insn))
		return error_invalid(b->error, "lies at %llu, inside an instruction", relocation.offset);
	if (check_range(b->error, relocation.offset, sizeof(insn), code->size))
		return -EINVAL;
	memcpy(&insn, code->data + relocation.offset, sizeof(insn));
	is_last = !range_ok(relocation.offset, 2 * sizeof(insn), code->size);
	err = resolve(b, &insn, is_last, ref);
	return err ? error_in(b->error, "instruction %llu", relocation.offset / sizeof(insn)) : 0;
}

static int read_list(struct builder *b, const struct elf_section *code, const struct elf_section *section,
	struct reference_list *list)
{
	u32 count = elf_relocation_count(section);

	if (list->refs)
		return error_invalid(b->error, SECOND_LIST);
	list->refs = arena_alloc_array(b->arena, count, sizeof(*list->refs));
	if (!list->refs)
		return error_no_memory(b->error);
	for (list->count = 0; list->count < count; list->count++) {
		struct elf_relocation relocation = elf_relocation(section, list->count);

		if (read_relocation(b, code, relocation, &list->refs[list->count]))
			return error_in(b->error, "relocation %u", list->count);
	}
	sort(list->refs, count, sizeof(*list->refs), compare_references);
	for (u32 i = 1; i < count; i++)
		if (list->refs[i - 1].insn_offset == list->refs[i].insn_offset)
			return error_invalid(
				b->error, "two relocations for the instruction at %llu", list->refs[i].insn_offset);
	return 0;
}

int read_references(struct builder *b)
{
	struct object *object = b->object;
	const struct elf *elf = &object->elf;

	object->references = arena_alloc_array(b->arena, elf->section_count, sizeof(*object->references));
	if (!object->references)
		return error_no_memory(b->error);
	if (order_maps(b))
		return -b->error->errnum;
	for (u32 i = 1; i < elf->section_count; i++) {
		const struct elf_section *section = &elf->sections[i];
		bool is_list = section->type == SHT_REL || section->type == SHT_RELA;
		const struct elf_section *code = is_list && section->info < elf->section_count
							 ? &elf->sections[section->info]
							 : &elf->sections[0];
		int err = 0;

		if (!elf_is_code(code))
			continue;
		if (section->type == SHT_RELA)
			err = error_invalid(b->error, "is SHT_RELA, with addends, expected SHT_REL");
		else
			err = read_list(b, code, section, &object->references[code->index]);
		if (err)
			return elf_error_in(b->error, section);
	}
	return 0;
}
