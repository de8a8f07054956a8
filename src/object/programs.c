/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * programs.c: which functions an object holds. See parts.h.
 *
 * A program is a function symbol, not a section: several may share one.
 *
 *	section "kprobe/do_exit"	+-------------+ 0	symbol first:  value 0,   size 0x40
 *					| first       |
 *					+-------------+ 0x40	symbol second: value 0x40, size 0x20
 *					| second      |
 *					+-------------+
 *
 * Global functions outside .text are entry points, named by their section. All others (.text; static ones) are
 * subprograms: code that programs call. Linked objects have gaps where a weak function was overridden; what lies
 * in them belongs to nobody.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/sort.h"
#include "base/string.h"
#include "object/check.h"
#include "object/parts.h"

/*
 * Old compilers give functions no type. Then a local symbol is a function unless it is named like a jump label, LBB0_2;
 * in newer objects what has no type is a label in any case, also a global one, as assembly may have.
 */
static bool is_function(const struct elf *elf, const struct elf_symbol *symbol, bool typed)
{
	const struct elf_section *section;

	if (!symbol->section || symbol->section >= elf->section_count)
		return false;
	section = &elf->sections[symbol->section];
	if (!elf_is_code(section) || !section->size)
		return false;
	if (typed)
		return symbol->type == STT_FUNC;
	return symbol->type == STT_NOTYPE && (symbol->binding != STB_LOCAL || !str_starts(symbol->name, "LBB"));
}

static OUT_OF_LINE void describe_function(struct builder *b, u32 index, struct prog_spec *prog)
{
	const struct elf_symbol *symbol = &b->object->elf.symbols[index];
	const char *section_name = b->object->elf.sections[symbol->section].name;
	bool optional = section_name[0] == '?';

	prog->name = symbol->name;
	prog->section_name = section_name + optional;
	prog->section = symbol->section;
	prog->offset = symbol->value;
	prog->symbol = index;
	prog->is_subprogram = symbol->binding == STB_LOCAL || str_equal(section_name, ".text");
	prog->is_hidden = symbol->binding == STB_LOCAL || symbol->is_hidden;
	prog->autoload = !prog->is_subprogram && !optional;
}

static int compare_progs(const void *a, const void *b)
{
	const struct prog_spec *x = a, *y = b;
	int order = compare_u64(x->section, y->section);

	return order ? order : compare_u64(x->offset, y->offset);
}

/*
 * The bytes of a function: what its symbol says or, without a size, all up to `end`, where the next one begins. (Two
 * may begin at one place: one is another name for the other.)
 */
static int bound_function(struct builder *b, struct prog_spec *prog, u64 end)
{
	u64 size = b->object->elf.symbols[prog->symbol].size;

	size = size ? size : end - prog->offset;
	if (check_range(b->error, prog->offset, size, end))
		return -EINVAL;
	if (!size || (size | prog->offset) % sizeof(struct bpf_insn))
		return error_invalid(b->error, "%llu bytes at %llu, expected whole instructions of %zu", size,
			prog->offset, sizeof(struct bpf_insn));
	prog->insn_count = (u32)(size / sizeof(struct bpf_insn));
	return 0;
}

static int bound_functions(struct builder *b)
{
	struct object *object = b->object;
	u64 end = 0;

	for (u32 i = object->prog_count; i--;) {
		struct prog_spec *prog = &object->progs[i], *next = prog + 1;
		const struct elf_section *section = &object->elf.sections[prog->section];

		if (i + 1 == object->prog_count || next->section != prog->section)
			end = section->size;
		else if (next->offset != prog->offset)
			end = next->offset;
		if (bound_function(b, prog, end)) {
			error_in(b->error, "function '%s'", prog->name);
			return elf_error_in(b->error, section);
		}
	}
	return 0;
}

/* What all functions of a section share: one aligned copy of its code, and what its name says. */
static int share_section(struct builder *b)
{
	struct object *object = b->object;
	const struct hook *hook = NULL;
	const char *target = NULL;
	u32 flags = 0;
	struct bpf_insn *code = NULL;

	for (u32 i = 0; i < object->prog_count; i++) {
		struct prog_spec *prog = &object->progs[i];
		const struct elf_section *section = &object->elf.sections[prog->section];

		if (!i || prog[-1].section != prog->section) {
			code = arena_copy(b->arena, section->data, section->size);
			hook = hook_find(prog->section_name, &target, &flags);
		}
		if (!code)
			return error_no_memory(b->error);
		prog->insns = code + prog->offset / sizeof(*code);
		if (!prog->is_subprogram)
			prog->hook = hook, prog->target = target, prog->flags = flags;
	}
	return 0;
}

/* The functions' names: `of` 1 those of subprograms. */
static int name_functions(struct builder *b, struct names *names)
{
	const struct object *object = b->object;

	if (names_make_room(b->arena, b->error, names, object->prog_count))
		return -ENOMEM;
	for (u32 i = 0; i < object->prog_count; i++)
		names_add(names, object->progs[i].is_subprogram, object->progs[i].name, i);
	names_sort(names);
	return 0;
}

/* A declaration tag on the program says so (kernel/bpf/btf.c:btf_find_decl_tag_value(), since 6.7). */
static int find_exception_callbacks(struct builder *b)
{
	static const char tag[] = "exception_callback:";
	struct object *object = b->object;
	struct names names = {0};

	for (u32 id = 1; id < object->btf.type_count; id++) {
		const struct btf_type *t = btf_type(&object->btf, id);
		const struct named *prog, *callback;

		if (btf_kind(t) != KIND_DECL_TAG || !str_starts(btf_name(&object->btf, id), tag))
			continue;
		if (!names.list && name_functions(b, &names))
			return -ENOMEM;
		prog = names_find(&names, false, btf_name(&object->btf, t->type));
		callback = names_find(&names, true, btf_name(&object->btf, id) + sizeof(tag) - 1);
		if (prog)
			object->progs[prog->index].exception_callback =
				callback ? &object->progs[callback->index] : NULL;
	}
	return 0;
}

int read_programs(struct builder *b)
{
	struct object *object = b->object;
	const struct elf *elf = &object->elf;
	bool typed = false;

	for (u32 i = 0; i < elf->symbol_count; i++)
		typed |= elf->symbols[i].type == STT_FUNC;
	object->progs = arena_alloc_array(b->arena, elf->symbol_count, sizeof(*object->progs));
	if (!object->progs)
		return error_no_memory(b->error);
	for (u32 i = 0; i < elf->symbol_count; i++)
		if (is_function(elf, &elf->symbols[i], typed))
			describe_function(b, i, &object->progs[object->prog_count++]);
	sort(object->progs, object->prog_count, sizeof(*object->progs), compare_progs);
	if (bound_functions(b))
		return -b->error->errnum;
	return share_section(b) ? -b->error->errnum : find_exception_callbacks(b);
}

const struct prog_spec *object_prog_around(const struct object *object, u32 section, u64 offset)
{
	const struct prog_spec behind = {.section = section, .offset = offset + 1};
	size_t i = sort_find(object->progs, object->prog_count, sizeof(*object->progs), &behind, compare_progs);
	const struct prog_spec *prog = i ? &object->progs[i - 1] : NULL;

	return prog && prog->section == section && (offset - prog->offset) / sizeof(*prog->insns) < prog->insn_count
		       ? prog
		       : NULL;
}

const struct prog_spec *object_prog_at(const struct object *object, u32 section, u64 offset)
{
	const struct prog_spec *prog = object_prog_around(object, section, offset);

	return prog && prog->offset == offset ? prog : NULL;
}

const struct prog_spec *object_find_prog(const struct object *object, const char *name)
{
	for (u32 i = 0; i < object->prog_count; i++)
		if (!object->progs[i].is_subprogram && str_equal(object->progs[i].name, name))
			return &object->progs[i];
	return NULL;
}
