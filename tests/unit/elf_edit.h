/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * elf_edit.h: a compiled object in memory of its own, to be broken in one place.
 *
 *	struct edit e = edit_open(FIXTURES "object.bpf.o");
 *	edit_section(&e, ".maps")->sh_size = ~0ull;
 *	err = elf_open(…, e.file, …);
 *	edit_close(&e);
 */
#ifndef UNIT_ELF_EDIT_H
#define UNIT_ELF_EDIT_H

#include "unit.h"
#include "object/elf.h"

struct edit {
	struct bytes file; /* the bytes as they are now */
	u8 *data;          /* the same, to be changed */
	Elf64_Ehdr *ehdr;
	Elf64_Shdr *sections;
	u32 section_count;
};

static inline struct edit edit_open(const char *path)
{
	struct edit e = {.file = read_whole(path)};

	e.data = (u8 *)(uintptr_t)e.file.data;
	e.ehdr = (Elf64_Ehdr *)e.data;
	e.sections = (Elf64_Shdr *)(e.data + e.ehdr->e_shoff);
	e.section_count = e.ehdr->e_shnum;
	return e;
}

static inline void edit_close(struct edit *e)
{
	bytes_free(e->file);
	*e = (struct edit){0};
}

static inline const char *edit_section_name(const struct edit *e, u32 i)
{
	return (const char *)e->data + e->sections[e->ehdr->e_shstrndx].sh_offset + e->sections[i].sh_name;
}

static inline u32 edit_index(const struct edit *e, const char *name)
{
	for (u32 i = 1; i < e->section_count; i++)
		if (!strcmp(edit_section_name(e, i), name))
			return i;
	fail_msg("the fixture has no section '%s'", name);
	return 0;
}

static inline Elf64_Shdr *edit_section(const struct edit *e, const char *name)
{
	return &e->sections[edit_index(e, name)];
}

static inline u8 *edit_bytes(const struct edit *e, const char *section)
{
	return e->data + edit_section(e, section)->sh_offset;
}

/* The first symbol of that name; a section's symbol has the section's name. */
static inline Elf64_Sym *edit_symbol(const struct edit *e, const char *name)
{
	const Elf64_Shdr *table = edit_section(e, ".symtab");
	const char *names = (const char *)e->data + e->sections[table->sh_link].sh_offset;
	Elf64_Sym *symbols = (Elf64_Sym *)(e->data + table->sh_offset);

	for (u64 i = 0; i < table->sh_size / sizeof(*symbols); i++) {
		bool is_section = (symbols[i].st_info & 0xf) == STT_SECTION;

		if (!strcmp(is_section ? edit_section_name(e, symbols[i].st_shndx) : names + symbols[i].st_name, name))
			return &symbols[i];
	}
	fail_msg("the fixture has no symbol '%s'", name);
	return NULL;
}

static inline u32 edit_symbol_index(const struct edit *e, const char *name)
{
	return (u32)(edit_symbol(e, name) - (Elf64_Sym *)edit_bytes(e, ".symtab"));
}

/* The first relocation in that section against that symbol. */
static inline Elf64_Rel *edit_relocation(const struct edit *e, const char *section, const char *symbol)
{
	Elf64_Rel *relocations = (Elf64_Rel *)edit_bytes(e, section);

	for (u64 i = 0; i < edit_section(e, section)->sh_size / sizeof(*relocations); i++)
		if (ELF64_R_SYM(relocations[i].r_info) == edit_symbol_index(e, symbol))
			return &relocations[i];
	fail_msg("section '%s' has no relocation against '%s'", section, symbol);
	return NULL;
}

/* Gives a section the name of another, whose name must be part of the string table already. */
static inline void edit_rename(const struct edit *e, const char *section, const char *name)
{
	edit_section(e, section)->sh_name = edit_section(e, name)->sh_name;
}

#endif
