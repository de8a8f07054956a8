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
#include "object/elf.h"

#define EI_MAG      "\177ELF"
#define NATIVE_DATA (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB)

static const char *byte_order_name(u8 data)
{
	return data == ELFDATA2LSB ? "little-endian" : data == ELFDATA2MSB ? "big-endian" : "of no known byte order";
}

static int read_header(struct error *error, struct bytes file, Elf64_Ehdr *ehdr)
{
	if (file.size < 4 || memcmp(file.data, EI_MAG, 4) != 0)
		return error_set(error, ENOEXEC, "not an ELF file: it begins with other bytes than 7f 45 4c 46");
	if (file.size < sizeof(*ehdr))
		return error_set(
			error, ENOEXEC, "cut short: %zu bytes, an ELF header alone has %zu", file.size, sizeof(*ehdr));
	memcpy(ehdr, file.data, sizeof(*ehdr));
	if (ehdr->e_ident[EI_CLASS] != ELFCLASS64)
		return error_set(error, ENOEXEC, "ELF class is %u, expected 2 (64-bit)", ehdr->e_ident[EI_CLASS]);
	if (ehdr->e_ident[EI_DATA] != NATIVE_DATA)
		return error_set(error, ENOEXEC, "the object is %s, this machine is %s",
			byte_order_name(ehdr->e_ident[EI_DATA]), byte_order_name(NATIVE_DATA));
	if (ehdr->e_machine != EM_BPF && ehdr->e_machine != EM_NONE)
		return error_set(error, ENOEXEC, "made for machine %u, expected %u (BPF): compile with -target bpf",
			ehdr->e_machine, EM_BPF);
	if (ehdr->e_type != ET_REL)
		return error_set(error, ENOEXEC, "ELF type is %u, expected 1 (relocatable)", ehdr->e_type);
	return 0;
}

/* Counts of 0xff00 and more stand elsewhere in ELF, and 0 may mean that; no BPF object has them (CVE-2021-45940). */
static int check_section_table(struct error *error, struct bytes file, const Elf64_Ehdr *ehdr)
{
	if (ehdr->e_shentsize != sizeof(Elf64_Shdr))
		return error_set(error, EINVAL, "ELF header: e_shentsize at offset %zu is %u, expected %zu",
			offsetof(Elf64_Ehdr, e_shentsize), ehdr->e_shentsize, sizeof(Elf64_Shdr));
	if (!ehdr->e_shnum || ehdr->e_shnum >= SHN_LORESERVE)
		return error_set(error, EINVAL, "ELF header: e_shnum at offset %zu is %u, expected 1 to %u",
			offsetof(Elf64_Ehdr, e_shnum), ehdr->e_shnum, SHN_LORESERVE - 1);
	if (!range_ok(ehdr->e_shoff, (u64)ehdr->e_shnum * sizeof(Elf64_Shdr), file.size))
		return error_set(error, EINVAL,
			"cut short: %u section headers at offset %llu reach beyond the file's %zu bytes", ehdr->e_shnum,
			ehdr->e_shoff, file.size);
	if (!ehdr->e_shstrndx || ehdr->e_shstrndx >= ehdr->e_shnum)
		return error_set(error, EINVAL, "ELF header: e_shstrndx at offset %zu is %u, but there are %u sections",
			offsetof(Elf64_Ehdr, e_shstrndx), ehdr->e_shstrndx, ehdr->e_shnum);
	return 0;
}

/* What each kind of table must have as entry size; sections of other types may say what they like. */
static u64 expected_entry_size(u32 type)
{
	return type == SHT_SYMTAB ? sizeof(Elf64_Sym) : type == SHT_REL ? sizeof(Elf64_Rel) : 0;
}

static int read_section(
	struct error *error, struct bytes file, const Elf64_Shdr *shdr, u32 index, struct elf_section *section)
{
	u64 entry = expected_entry_size(shdr->sh_type);

	*section = (struct elf_section){.name = "",
		.index = index,
		.type = shdr->sh_type,
		.link = shdr->sh_link,
		.info = shdr->sh_info,
		.flags = shdr->sh_flags,
		.offset = shdr->sh_offset,
		.size = shdr->sh_size};
	if (shdr->sh_type == SHT_NULL)
		section->size = 0;
	else if (shdr->sh_type != SHT_NOBITS && !range_ok(shdr->sh_offset, shdr->sh_size, file.size))
		return error_set(error, EINVAL, "%llu bytes reach beyond the file's %zu bytes; it may be cut short",
			shdr->sh_size, file.size);
	else if (shdr->sh_type != SHT_NOBITS)
		section->data = file.data + shdr->sh_offset;
	if (shdr->sh_flags & SHF_COMPRESSED && shdr->sh_flags & SHF_ALLOC)
		return error_set(error, EINVAL, "it is compressed; expected plain bytes");
	/* Debug information, as `clang -gz` packs it, is nothing that a loader reads. */
	if (shdr->sh_flags & SHF_COMPRESSED)
		section->type = SHT_NOBITS, section->data = NULL;
	if (entry && (shdr->sh_entsize != entry || shdr->sh_size % entry))
		return error_set(error, EINVAL, "entries of %llu bytes in %llu, expected whole entries of %llu",
			shdr->sh_entsize, shdr->sh_size, entry);
	return 0;
}

/* A string table whose first and last byte are NUL: then any offset inside begins a string that ends inside. */
static int check_strings(struct error *error, const struct elf *elf, u32 index, const char *what)
{
	const struct elf_section *section = index < elf->section_count ? &elf->sections[index] : NULL;

	if (!section || section->type != SHT_STRTAB)
		return error_set(
			error, EINVAL, "%s names section [%u] as its string table, which is none", what, index);
	if (!section->data || !section->size || section->data[0] || section->data[section->size - 1])
		return error_set(error, EINVAL,
			"string table [%u] at offset %llu (%llu bytes) does not begin and end with NUL", index,
			section->offset, section->size);
	return 0;
}

static int name_sections(struct error *error, const struct elf *elf, struct bytes file, const Elf64_Ehdr *ehdr)
{
	const struct elf_section *names = &elf->sections[ehdr->e_shstrndx];
	int err = check_strings(error, elf, ehdr->e_shstrndx, "the ELF header");

	for (u32 i = 0; !err && i < elf->section_count; i++) {
		u32 name = load_u32(file.data + ehdr->e_shoff + i * sizeof(Elf64_Shdr));

		if (name >= names->size)
			return error_set(error, EINVAL, "section [%u]: name at %u, but the names end at %llu", i, name,
				names->size);
		elf->sections[i].name = (const char *)names->data + name;
	}
	return err;
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
		Elf64_Shdr shdr;

		memcpy(&shdr, file.data + ehdr.e_shoff + i * sizeof(shdr), sizeof(shdr));
		err = read_section(error, file, &shdr, i, &elf->sections[i]);
		/* Sections are copied. If a thousand of them may share their bytes, a small file takes all memory. */
		if (!err && elf->sections[i].data && shdr.sh_size > left)
			err = error_set(error, EINVAL,
				"sections overlap; together they are larger than the file (%zu bytes)", file.size);
		if (err)
			return error_in(error, "section [%u] at offset %llu", i, shdr.sh_offset);
		left -= elf->sections[i].data ? shdr.sh_size : 0;
	}
	return name_sections(error, elf, file, &ehdr);
}

/* Sections a file has once or not at all; a second one would leave the reader guessing which counts. */
static int check_singletons(struct error *error, const struct elf *elf)
{
	static const char *const names[] = {".BTF", ".BTF.ext", "license", "version", ".maps", "maps"};

	for (u32 i = 1; i < elf->section_count; i++) {
		const struct elf_section *section = &elf->sections[i];

		for (size_t n = 0; n < ARRAY_SIZE(names); n++)
			if (str_equal(section->name, names[n]) && elf_find_section(elf, names[n]) != section)
				return error_set(error, EINVAL,
					"section [%u] at offset %llu is a second '%s'; expected one", i,
					section->offset, section->name);
	}
	return 0;
}

static int check_symbol(struct error *error, const struct elf *elf, u32 i, const struct elf_symbol *symbol)
{
	const struct elf_section *section;

	if (symbol->section == SHN_ABS || symbol->section == SHN_COMMON || symbol->section == SHN_UNDEF)
		return 0;
	if (symbol->section >= elf->section_count)
		return error_set(error, EINVAL, "symbol [%u] '%s' lies in section %u, but there are %u", i,
			symbol->name, symbol->section, elf->section_count);
	section = &elf->sections[symbol->section];
	if ((symbol->type == STT_FUNC || symbol->type == STT_OBJECT) &&
		!range_ok(symbol->value, symbol->size, section->size))
		return error_set(error, EINVAL,
			"symbol [%u] '%s': %llu bytes at %llu reach beyond section '%s' at offset %llu (%llu bytes)", i,
			symbol->name, symbol->size, symbol->value, section->name, section->offset, section->size);
	return 0;
}

static int read_symbols(struct arena *arena, struct error *error, struct elf *elf, const struct elf_section *table)
{
	const struct elf_section *names;
	int err = check_strings(error, elf, table->link, "the symbol table");

	if (err)
		return err;
	names = &elf->sections[table->link];
	elf->symbol_count = (u32)(table->size / sizeof(Elf64_Sym));
	elf->symbols = arena_alloc_array(arena, elf->symbol_count, sizeof(*elf->symbols));
	if (!elf->symbols)
		return error_no_memory(error);
	for (u32 i = 0; !err && i < elf->symbol_count; i++) {
		Elf64_Sym sym;

		memcpy(&sym, table->data + i * sizeof(sym), sizeof(sym));
		if (sym.st_name >= names->size) {
			err = error_set(error, EINVAL, "symbol [%u]: name at %u, but the names end at %llu", i,
				sym.st_name, names->size);
			break;
		}
		elf->symbols[i] = (struct elf_symbol){
			.name = (const char *)names->data + sym.st_name,
			.value = sym.st_value,
			.size = sym.st_size,
			.section = sym.st_shndx,
			.type = sym.st_info & 0xf,
			.binding = sym.st_info >> 4,
			.visibility = sym.st_other & 3,
		};
		err = check_symbol(error, elf, i, &elf->symbols[i]);
	}
	return err ? elf_error_in(error, table) : 0;
}

static int find_symbols(struct arena *arena, struct error *error, struct elf *elf)
{
	const struct elf_section *table = NULL;

	for (u32 i = 1; i < elf->section_count; i++) {
		if (elf->sections[i].type != SHT_SYMTAB)
			continue;
		if (table)
			return error_set(error, EINVAL,
				"section [%u] at offset %llu is a second symbol table; expected one", i,
				elf->sections[i].offset);
		table = &elf->sections[i];
	}
	if (!table)
		return error_set(error, EINVAL, "no symbol table: nothing tells programs apart; was it stripped?");
	return read_symbols(arena, error, elf, table);
}

static int check_relocations(struct error *error, const struct elf *elf, const struct elf_section *section)
{
	if (section->info >= elf->section_count)
		return error_set(
			error, EINVAL, "it applies to section %u, but there are %u", section->info, elf->section_count);
	if (section->link >= elf->section_count || elf->sections[section->link].type != SHT_SYMTAB)
		return error_set(
			error, EINVAL, "it names section [%u] as its symbol table, which is none", section->link);
	for (u32 i = 0; i < elf_relocation_count(section); i++) {
		u32 symbol = elf_relocation(section, i).symbol;

		if (symbol >= elf->symbol_count)
			return error_set(error, EINVAL, "relocation %u names symbol %u, but there are %u", i, symbol,
				elf->symbol_count);
	}
	return 0;
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
	for (u32 i = 1; i < elf->section_count; i++)
		if (str_equal(elf->sections[i].name, name))
			return &elf->sections[i];
	return NULL;
}

u32 elf_relocation_count(const struct elf_section *section)
{
	return (u32)(section->size / sizeof(Elf64_Rel));
}

struct elf_relocation elf_relocation(const struct elf_section *section, u32 i)
{
	Elf64_Rel rel;

	memcpy(&rel, section->data + i * sizeof(rel), sizeof(rel));
	return (struct elf_relocation){
		.offset = rel.r_offset, .type = ELF64_R_TYPE(rel.r_info), .symbol = ELF64_R_SYM(rel.r_info)};
}

bool elf_is_code(const struct elf_section *section)
{
	return section->type == SHT_PROGBITS && (section->flags & SHF_EXECINSTR);
}
