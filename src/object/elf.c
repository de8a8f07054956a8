/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * elf.c: an ELF object file, read once and checked once. See elf.h for the drawing.
 *
 * The order: the file's header, the table of section headers, each section's range, their names, the symbol
 * table, the relocations. Each step relies only on what an earlier one has checked.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "object/check.h"
#include "object/elf.h"

#define LONGEST_NAME 4095 /* characters: kernels know names of 511, mangled ones have been seen with more */
#define NATIVE_DATA  (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB)

/* What the header must say, and what that means. gcc of old wrote no machine. */
static const struct header_rule {
	char field[12], meaning[32];
	u8 offset, size;
	u16 expected;
} header_rules[] = {
	{"class", "64-bit", EI_CLASS, 1, ELFCLASS64},
	{"endianness", "this machine's", EI_DATA, 1, NATIVE_DATA},
	{"machine", "BPF: compile with -target bpf", offsetof(Elf64_Ehdr, e_machine), 2, EM_BPF},
	{"type", "relocatable", offsetof(Elf64_Ehdr, e_type), 2, ET_REL},
	{"e_shentsize", "Elf64_Shdr", offsetof(Elf64_Ehdr, e_shentsize), 2, sizeof(Elf64_Shdr)},
};

static int read_header(struct error *error, struct bytes file, Elf64_Ehdr *ehdr)
{
	if (file.size < sizeof(*ehdr) || memcmp(file.data, ELFMAG, SELFMAG) != 0)
		return error_set(error, ENOEXEC,
			"not an ELF file: expected %zu bytes or more that begin with 7f 45 4c 46", sizeof(*ehdr));
	memcpy(ehdr, file.data, sizeof(*ehdr));
	for (size_t i = 0; i < ARRAY_SIZE(header_rules); i++) {
		const struct header_rule *rule = &header_rules[i];
		u16 value = file.data[rule->offset];

		if (rule->size == sizeof(value))
			memcpy(&value, file.data + rule->offset, sizeof(value));
		if (value != rule->expected && (rule->expected != EM_BPF || value != EM_NONE))
			return error_set(error, ENOEXEC, "ELF %s at offset %u is %u, expected %u (%s)", rule->field,
				rule->offset, value, rule->expected, rule->meaning);
	}
	return 0;
}

/* Counts of 0xff00 and more stand elsewhere in ELF, and 0 may mean that; no BPF object has them (CVE-2021-45940). */
static int check_section_table(struct error *error, struct bytes file, const Elf64_Ehdr *ehdr)
{
	int err;

	if (!ehdr->e_shnum || ehdr->e_shnum >= SHN_LORESERVE)
		err = error_invalid(error, "e_shnum is %u, expected 1 to %u", ehdr->e_shnum, SHN_LORESERVE - 1);
	else
		err = check_range(error, ehdr->e_shoff, (u64)ehdr->e_shnum * sizeof(Elf64_Shdr), file.size);
	return err ? error_in(error, "section headers") : 0;
}

/* What each kind of table must have as entry size; sections of other types may say what they like. */
static u64 expected_entry_size(u32 type)
{
	return type == SHT_SYMTAB ? sizeof(Elf64_Sym) : type == SHT_REL ? sizeof(Elf64_Rel) : 0;
}

_Static_assert(offsetof(struct elf_section, name) == sizeof(Elf64_Shdr), "what is read in one piece");
_Static_assert(offsetof(struct elf_symbol, name) == sizeof(Elf64_Sym), "what is read in one piece");

static int read_section(struct error *error, struct bytes file, struct elf_section *section)
{
	u64 entry = expected_entry_size(section->type);

	section->name = "";
	if (section->type == SHT_NULL)
		section->size = 0;
	else if (section->type != SHT_NOBITS) {
		if (check_range(error, section->offset, section->size, file.size))
			return -EINVAL;
		section->data = file.data + section->offset;
	}
	if (section->flags & SHF_COMPRESSED) {
		if (section->flags & SHF_ALLOC)
			return error_invalid(error, "it is compressed; expected plain bytes");
		/* Debug information, as `clang -gz` packs it, is nothing that a loader reads. */
		section->type = SHT_NOBITS;
		section->data = NULL;
	}
	if (entry && (section->entry_size != entry || section->size % entry))
		return error_invalid(error, "entries of %llu bytes in %llu, expected whole entries of %llu",
			section->entry_size, section->size, entry);
	return 0;
}

/* The section of that type with that index, which another part of the file names. NULL with a message. */
static const struct elf_section *find_linked(
	struct error *error, const struct elf *elf, u32 index, u32 type, const char *what)
{
	if (index < elf->section_count && elf->sections[index].type == type)
		return &elf->sections[index];
	error_invalid(error, "section [%u] is to be its %s table, and is none", index, what);
	return NULL;
}

/* A string table whose first and last byte are NUL: then any offset inside begins a string that ends inside. */
static const struct elf_section *find_strings(struct error *error, const struct elf *elf, u32 index)
{
	const struct elf_section *section = find_linked(error, elf, index, SHT_STRTAB, "string");

	if (!section || (section->size && section->data && !section->data[0] && !section->data[section->size - 1]))
		return section;
	error_invalid(error, "strings do not begin and end with NUL");
	error_in(error, "section [%u] at offset %llu", index, section->offset);
	return NULL;
}

/* Names may share their bytes, so each is short: else it takes all day to compare many that begin alike. */
static const char *name_at(struct error *error, const struct elf_section *names, u32 offset)
{
	if (check_index(error, "name at", offset, names->size))
		return NULL;
	if (byte_find(names->data + offset, (size_t)MIN(names->size - offset, LONGEST_NAME + 1), 0))
		return (const char *)names->data + offset;
	error_invalid(error, "name at %u is longer than %u characters", offset, LONGEST_NAME);
	return NULL;
}

/* Debug information, which nobody reads here. */
static bool is_for_debuggers(u32 type, u64 flags, const char *name)
{
	if (flags & (SHF_ALLOC | SHF_EXECINSTR))
		return false;
	return (type == SHT_PROGBITS && str_starts(name, ".debug_")) ||
	       (type == SHT_REL && str_starts(name, ".rel.debug_"));
}

static int name_sections(struct arena *arena, struct error *error, struct elf *elf, u32 table)
{
	const struct elf_section *names = find_strings(error, elf, table);

	if (!names)
		return error_in(error, "ELF header");
	if (names_make_room(arena, error, &elf->names, elf->section_count))
		return -ENOMEM;
	for (u32 i = 0; i < elf->section_count; i++) {
		struct elf_section *section = &elf->sections[i];

		section->name = name_at(error, names, section->name_offset);
		if (!section->name)
			return error_in(error, "section [%u]", i);
		if (i)
			names_add(&elf->names, 0, section->name, i);
		if (is_for_debuggers(section->type, section->flags, section->name))
			section->data = NULL;
	}
	names_sort(&elf->names);
	return 0;
}

static int read_sections(struct arena *arena, struct error *error, struct bytes file, struct elf *elf)
{
	Elf64_Ehdr ehdr;
	u64 left = file.size;
	int err = read_header(error, file, &ehdr);

	if (!err)
		err = check_section_table(error, file, &ehdr);
	if (err)
		return err;
	elf->machine = ehdr.e_machine;
	elf->section_count = ehdr.e_shnum;
	elf->sections = arena_alloc_array(arena, ehdr.e_shnum, sizeof(*elf->sections));
	if (!elf->sections)
		return error_no_memory(error);
	for (u32 i = 0; i < elf->section_count; i++) {
		struct elf_section *section = &elf->sections[i];

		memcpy(section, file.data + ehdr.e_shoff + i * sizeof(Elf64_Shdr), sizeof(Elf64_Shdr));
		section->index = i;
		err = read_section(error, file, section);
		/* Sections are copied. If a thousand of them may share their bytes, a small file takes all memory. */
		if (!err && section->data && section->size > left)
			err = error_invalid(error, "sections overlap: together they are larger than the file");
		if (err)
			return error_in(error, "section [%u] at offset %llu", i, section->offset);
		left -= section->data ? section->size : 0;
	}
	return name_sections(arena, error, elf, ehdr.e_shstrndx);
}

/* Some sections a file has once or not at all; a second one would leave the reader guessing which counts. */
static int refuse_second(struct error *error, const struct elf_section *section)
{
	error_invalid(error, "a second one of its kind, expected one");
	return elf_error_in(error, section);
}

static int check_singletons(struct error *error, const struct elf *elf)
{
	static const char names[] = ".BTF\0.BTF.ext\0license\0version\0.maps\0maps";
	const struct named *end = elf->names.list + elf->names.count;
	const char *name;

	for (u32 i = 0; (name = list_entry(names, sizeof(names), i)); i++) {
		const struct named *first = names_find(&elf->names, 0, name);

		if (first && first + 1 < end && str_equal(first[1].name, name))
			return refuse_second(error, &elf->sections[first[1].index]);
	}
	return 0;
}

static int check_symbol(struct error *error, const struct elf *elf, const struct elf_symbol *symbol)
{
	const struct elf_section *section;

	if (symbol->section == SHN_ABS || symbol->section == SHN_COMMON || symbol->section == SHN_UNDEF)
		return 0;
	if (check_index(error, "lies in section", symbol->section, elf->section_count))
		return -EINVAL;
	section = &elf->sections[symbol->section];
	if ((symbol->type == STT_FUNC || symbol->type == STT_OBJECT) &&
		check_range(error, symbol->value, symbol->size, section->size))
		return elf_error_in(error, section);
	return 0;
}

static int read_symbols(struct arena *arena, struct error *error, struct elf *elf, const struct elf_section *table)
{
	const struct elf_section *names = find_strings(error, elf, table->link);

	if (!names)
		return -EINVAL;
	elf->symbol_count = (u32)(table->size / sizeof(Elf64_Sym));
	elf->symbols = arena_alloc_array(arena, elf->symbol_count, sizeof(*elf->symbols));
	if (!elf->symbols)
		return error_no_memory(error);
	for (u32 i = 0; i < elf->symbol_count; i++) {
		struct elf_symbol *symbol = &elf->symbols[i];

		memcpy(symbol, table->data + i * sizeof(Elf64_Sym), sizeof(Elf64_Sym));
		symbol->name = name_at(error, names, symbol->name_offset);
		symbol->type = symbol->info & 0xf;
		symbol->binding = symbol->info >> 4;
		symbol->is_hidden = (symbol->other & 3) == STV_HIDDEN || (symbol->other & 3) == STV_INTERNAL;
		if (!symbol->name || check_symbol(error, elf, symbol))
			return error_in(error, "symbol [%u] '%s'", i, symbol->name ? symbol->name : "");
	}
	return 0;
}

static int find_symbols(struct arena *arena, struct error *error, struct elf *elf)
{
	const struct elf_section *table = NULL;

	for (u32 i = 1; i < elf->section_count; i++) {
		if (elf->sections[i].type != SHT_SYMTAB)
			continue;
		if (table)
			return refuse_second(error, &elf->sections[i]);
		table = &elf->sections[i];
	}
	if (!table)
		return error_invalid(error, "no symbol table; was it stripped?");
	return read_symbols(arena, error, elf, table) ? elf_error_in(error, table) : 0;
}

static int check_relocations(struct error *error, const struct elf *elf, const struct elf_section *section)
{
	int err = check_index(error, "applies to section", section->info, elf->section_count);

	if (err || !find_linked(error, elf, section->link, SHT_SYMTAB, "symbol"))
		return -EINVAL;
	for (u32 i = 0; !err && i < elf_relocation_count(section); i++) {
		err = check_index(error, "names symbol", elf_relocation(section, i).symbol, elf->symbol_count);
		if (err)
			error_in(error, "relocation %u", i);
	}
	return err;
}

static bool copy_out(struct bytes file, u64 offset, void *to, size_t size)
{
	if (!range_ok(offset, size, file.size))
		return false;
	memcpy(to, file.data + offset, size);
	return true;
}

/* First the header, the section headers and the sections' names, then each section. */
bool elf_next_part(struct bytes file, u32 index, struct file_part *part)
{
	char name[sizeof(".rel.debug_")] = "";
	Elf64_Shdr names, section;
	Elf64_Ehdr ehdr;

	*part = (struct file_part){0, sizeof(ehdr)};
	if (index == 0 || !copy_out(file, 0, &ehdr, sizeof(ehdr)))
		return index == 0;
	*part = (struct file_part){ehdr.e_shoff, ehdr.e_shnum * sizeof(section)};
	if (index == 1 || !copy_out(file, ehdr.e_shoff + ehdr.e_shstrndx * sizeof(names), &names, sizeof(names)))
		return index == 1;
	*part = (struct file_part){names.sh_offset, names.sh_size};
	if (index == 2)
		return true;
	index -= 2; /* section 0 is the empty one */
	if (index >= ehdr.e_shnum || !copy_out(file, ehdr.e_shoff + index * sizeof(section), &section, sizeof(section)))
		return false;
	copy_out(file, names.sh_offset + section.sh_name, name, sizeof(name) - 1);
	*part = (struct file_part){section.sh_offset, section.sh_size};
	if (section.sh_type == SHT_NOBITS || is_for_debuggers(section.sh_type, section.sh_flags, name))
		part->size = 0;
	return true;
}

int elf_open(struct arena *arena, struct error *error, struct bytes file, struct elf *elf)
{
	int err;

	*elf = (struct elf){0};
	err = read_sections(arena, error, file, elf);
	if (!err)
		err = check_singletons(error, elf);
	if (!err)
		err = find_symbols(arena, error, elf);
	for (u32 i = 1; !err && i < elf->section_count; i++) {
		const struct elf_section *section = &elf->sections[i];

		if (section->type == SHT_REL && check_relocations(error, elf, section))
			err = elf_error_in(error, section);
	}
	return err;
}

int elf_error_in(struct error *error, const struct elf_section *section)
{
	return error_in(error, "section '%s' at offset %llu", section->name, section->offset);
}

const struct elf_section *elf_find_section(const struct elf *elf, const char *name)
{
	const struct named *found = names_find(&elf->names, 0, name);

	return found ? &elf->sections[found->index] : NULL;
}

u32 elf_relocation_count(const struct elf_section *section)
{
	return section->data ? (u32)(section->size / sizeof(Elf64_Rel)) : 0;
}

struct elf_relocation elf_relocation(const struct elf_section *section, u32 i)
{
	Elf64_Rel rel;

	memcpy(&rel, section->data + i * sizeof(rel), sizeof(rel));
	return (struct elf_relocation){rel.r_offset, ELF64_R_SYM(rel.r_info)};
}

bool elf_is_code(const struct elf_section *section)
{
	return section->type == SHT_PROGBITS && (section->flags & SHF_EXECINSTR);
}
