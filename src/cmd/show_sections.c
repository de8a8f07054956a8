/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * show_sections.c: the sections of an object, and what each is for.
 */
#include "base/string.h"
#include "cmd/show.h"

/* What names tell; with '*' at its end one is all that begin so. From FIRST_OTHER on for debuggers and linkers. */
static const char names[] =
	".text\0.maps\0maps*\0.addr_space.1\0.rodata*\0.data*\0.bss*\0.struct_ops*\0license\0version\0"
	".BTF\0.BTF.ext\0.debug_*\0.eh_frame*\0.llvm_addrsig";
static const char kinds[] = "functions that programs call\0"
			    "maps, described by their types\0"
			    "maps, in the old style\0"
			    "variables: the first values in an arena\0"
			    "constants: a map that no program may write\0"
			    "variables: a map with these first values\0"
			    "variables: a map of zeros\0"
			    "tables of functions for the kernel\0"
			    "the license that the kernel is told\0"
			    "the kernel version it was made for\0"
			    "types\0"
			    "source lines, functions, CO-RE\0"
			    "for debuggers and linkers";
#define FIRST_OTHER 12

static bool name_matches(const char *pattern, const char *name)
{
	for (; *pattern && *pattern != '*'; pattern++, name++)
		if (*pattern != *name)
			return false;
	return *pattern || !*name;
}

/* Which of the kinds a section of that name is, or U32_MAX. */
static u32 kind_of(const char *name)
{
	const char *pattern;

	for (u32 i = 0; (pattern = list_entry(names, sizeof(names), i)); i++)
		if (name_matches(pattern, name))
			return MIN(i, FIRST_OTHER);
	return U32_MAX;
}

/* In two parts, of which the first goes to *before. */
static const char *describe(const struct elf *elf, const struct elf_section *section, const char **before)
{
	const char *name = section->name + (section->name[0] == '?'), *target, *kind;
	u32 flags;
	const struct hook *hook = elf_is_code(section) ? hook_find(name, &target, &flags) : NULL;

	*before = hook ? "programs: " : section->type == SHT_REL ? "relocations of " : "";
	if (hook)
		return prog_type_name(hook->prog_type);
	if (section->type == SHT_REL)
		return elf->sections[section->info].name;
	kind = list_entry(kinds, sizeof(kinds), kind_of(name));
	if (kind)
		return kind;
	if (section->type == SHT_SYMTAB)
		return "symbols";
	if (section->type == SHT_STRTAB)
		return "names of symbols and sections";
	return elf_is_code(section) ? "programs of an unknown kind" : "";
}

/* Whether a section, or what it relocates, is something that a loader looks at. */
static bool is_ours(const struct elf *elf, const struct elf_section *section)
{
	const char *name = section->type == SHT_REL ? elf->sections[section->info].name : section->name;

	return kind_of(name) != FIRST_OTHER && (section->type != SHT_REL || !str_starts(name, ".BTF"));
}

void show_section(struct show *s, u32 i)
{
	/* SHF_WRITE is 1, SHF_ALLOC 2, SHF_EXECINSTR 4. */
	static const char letters[][4] = {"", "W", "A", "WA", "X", "WX", "AX", "WAX"};
	const struct elf *elf = &s->object->elf;
	const struct elf_section *section = &elf->sections[i];
	struct text kind = show_text(0);
	const char *what, *before;

	if (!i || (!s->all && !is_ours(elf, section)))
		return;
	what = describe(elf, section, &before);
	text_printf(&kind, "%s%s", before, what);
	cells(s->cells, "index %u name %s size %llu flags %s kind %s", section->index, section->name, section->size,
		letters[section->flags & (SHF_WRITE | SHF_ALLOC | SHF_EXECINSTR)], kind.buf);
	cells_end_row(s->cells);
}
