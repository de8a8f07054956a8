/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fuzz_elf.c: elf_open(), and everything it says about sections, symbols and relocations; and what of the file it would
 * read, if it may choose.
 */
#include "fuzz.h"
#include "mutate_elf.h"
#include "object/elf.h"

FUZZ_MAIN

void fuzz(struct arena *arena, struct error *error, struct bytes input)
{
	struct file_part part;
	struct elf elf;
	u32 parts = 0;

	while (elf_next_part(input, parts, &part))
		parts++;
	MUST(parts <= 2 + SHN_XINDEX);
	if (!fuzz_ok(error, elf_open(arena, error, input, &elf)))
		return;
	for (u32 i = 0; i < elf.section_count; i++) {
		const struct elf_section *section = &elf.sections[i];

		MUST(section->index == i);
		fuzz_string(section->name);
		MUST(elf_find_section(&elf, section->name) || !i);
		/* Sections may overlap, and a thousand of them may all be as long as the file. */
		if (section->data)
			fuzz_read(section->data + section->size - MIN(section->size, 8ull), MIN(section->size, 8ull));
		for (u32 r = 0; section->type == SHT_REL && r < elf_relocation_count(section); r++)
			MUST(elf_relocation(section, r).symbol < elf.symbol_count);
		fuzz_sum += elf_is_code(section);
	}
	for (u32 i = 0; i < elf.symbol_count; i++) {
		const struct elf_symbol *symbol = &elf.symbols[i];

		fuzz_string(symbol->name);
		MUST(symbol->section < elf.section_count || symbol->section == SHN_ABS ||
			symbol->section == SHN_COMMON);
		if (symbol->type == STT_FUNC && symbol->section && symbol->section < elf.section_count)
			MUST(range_ok(symbol->value, symbol->size, elf.sections[symbol->section].size));
	}
}
