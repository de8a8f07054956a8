/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * mutate_elf.h: changes that know where an object's fields are. Bits flipped anywhere mostly hit code and names; a
 * field of a section header, a symbol, a relocation or a type is where readers go wrong, and two of them at once more
 * so.
 */
#ifndef FUZZ_MUTATE_ELF_H
#define FUZZ_MUTATE_ELF_H

#include <linux/elf.h>
#include "base/memory.h"
#include "fuzz.h"

size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max_size, unsigned int seed);

static u64 mutate_state;

/* A number below `n` (> 0). */
static u64 mutate_pick(u64 n)
{
	mutate_state ^= mutate_state << 13;
	mutate_state ^= mutate_state >> 7;
	mutate_state ^= mutate_state << 17;
	return mutate_state % n;
}

static void mutate_number(u8 *at, u32 width, u64 file_size, u64 sections)
{
	u64 was = 0, value;

	memcpy(&was, at, width);
	switch (mutate_pick(8)) {
	case 0:
		value = mutate_pick(2) ? 0 : ~0ull;
		break;
	case 1:
		value = was + mutate_pick(17) - 8;
		break;
	case 2:
		value = file_size + mutate_pick(17) - 8;
		break;
	case 3:
		value = mutate_pick(sections + 2);
		break;
	case 4:
		value = 0 - was;
		break;
	case 5:
		value = was ^ 1ull << mutate_pick(width * 8);
		break;
	case 6:
		value = 1ull << mutate_pick(64);
		break;
	default:
		value = mutate_pick(256) * 8;
	}
	memcpy(at, &value, width);
}

/* Row `count` of a table whose fields have these widths, one of them changed. */
static void mutate_row(u8 *row, const u8 *widths, u64 file_size, u64 sections)
{
	u64 fields = str_len((const char *)widths), field = mutate_pick(fields);

	for (u64 i = 0; i < field; i++)
		row += widths[i];
	mutate_number(row, widths[field], file_size, sections);
}

/* One field somewhere; false if the file's own tables lie outside the file. */
static bool mutate_field(u8 *data, size_t size)
{
	static const u8 ehdr_widths[] = {8, 8, 2, 2, 4, 8, 8, 8, 4, 2, 2, 2, 2, 2, 2, 0},
			shdr_widths[] = {4, 4, 8, 8, 8, 8, 4, 4, 8, 8, 0}, sym_widths[] = {4, 1, 1, 2, 8, 8, 0},
			rel_widths[] = {8, 4, 4, 0};
	Elf64_Ehdr ehdr;
	Elf64_Shdr shdr;
	u8 *header;

	memcpy(&ehdr, data, sizeof(ehdr));
	if (!ehdr.e_shnum || !range_ok(ehdr.e_shoff, ehdr.e_shnum * sizeof(shdr), size))
		return false;
	header = data + ehdr.e_shoff + mutate_pick(ehdr.e_shnum) * sizeof(shdr);
	memcpy(&shdr, header, sizeof(shdr));
	if (!mutate_pick(20))
		mutate_row(data, ehdr_widths, size, ehdr.e_shnum);
	else if (!mutate_pick(3) || shdr.sh_size < 24 || !range_ok(shdr.sh_offset, shdr.sh_size, size))
		mutate_row(header, shdr_widths, size, ehdr.e_shnum);
	else if (shdr.sh_type == SHT_SYMTAB)
		mutate_row(data + shdr.sh_offset + mutate_pick(shdr.sh_size / 24) * 24, sym_widths, size, ehdr.e_shnum);
	else if (shdr.sh_type == SHT_REL)
		mutate_row(data + shdr.sh_offset + mutate_pick(shdr.sh_size / 16) * 16, rel_widths, size, ehdr.e_shnum);
	else
		mutate_number(data + shdr.sh_offset + mutate_pick(shdr.sh_size / 4) * 4, 4, size, ehdr.e_shnum);
	return true;
}

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max_size, unsigned int seed)
{
	mutate_state = seed * 0x9e3779b97f4a7c15ull | 1;
	mutate_pick(2);
	if (size < sizeof(Elf64_Ehdr) || !mutate_pick(3))
		return LLVMFuzzerMutate(data, size, max_size);
	for (u64 changes = 1 + mutate_pick(3); changes; changes--)
		if (!mutate_field(data, size))
			return LLVMFuzzerMutate(data, size, max_size);
	return size;
}

#endif
