/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_elf.c: an ELF object that is right, and the same object with each rule broken by itself.
 */
#define EDITED FIXTURES "object.bpf.o"

#include "edited.h"
#include "base/memory.h"
#include "base/string.h"

static struct elf elf;

static int open_edited(void)
{
	return elf_open(&arena, &error, e.file, &elf);
}

/* As edited it is refused; then it is taken back to what it was. */
static void refuse(int errnum, const char *message)
{
	assert_error(&error, open_edited(), errnum, message);
	edit_anew(EDITED);
}

static void reads_sections(void **state)
{
	const struct elf_section *section;

	(void)state;
	assert_no_error(&error, open_edited());
	assert_int_equal(elf.machine, EM_BPF);
	assert_int_equal(elf.section_count, e.section_count);
	for (u32 i = 0; i < elf.section_count; i++) {
		assert_int_equal(elf.sections[i].index, i);
		assert_string_equal(elf.sections[i].name, edit_section_name(&e, i));
	}
	assert_int_equal(elf.sections[0].size, 0);
	section = elf_find_section(&elf, ".rodata");
	assert_int_equal(section->size, 24);
	assert_int_equal(load_u32(section->data), 100);
	assert_int_equal(section->offset, edit_section(&e, ".rodata")->sh_offset);
	section = elf_find_section(&elf, ".bss");
	assert_int_equal(section->type, SHT_NOBITS);
	assert_int_equal(section->size, 20);
	assert_null(section->data);
	assert_null(elf_find_section(&elf, ".nothing"));
	assert_true(elf_is_code(elf_find_section(&elf, ".text")));
	assert_true(elf_is_code(elf_find_section(&elf, "xdp")));
	assert_false(elf_is_code(elf_find_section(&elf, ".rodata")));
	assert_false(elf_is_code(elf_find_section(&elf, ".bss")));
}

static const struct elf_symbol *symbol_named(const char *name)
{
	for (u32 i = 0; i < elf.symbol_count; i++)
		if (str_equal(elf.symbols[i].name, name))
			return &elf.symbols[i];
	fail_msg("no symbol '%s'", name);
	return NULL;
}

static void reads_symbols(void **state)
{
	const struct elf_symbol *symbol;

	(void)state;
	assert_no_error(&error, open_edited());
	symbol = symbol_named("second");
	assert_true(symbol->type == STT_FUNC && symbol->binding == STB_GLOBAL && !symbol->is_hidden);
	assert_true(symbol->value == 152 && symbol->size == 232);
	assert_string_equal(elf.sections[symbol->section].name, "kprobe/do_exit+4");
	assert_true(symbol_named("hidden_helper")->is_hidden);
	assert_int_equal(symbol_named("local_helper")->binding, STB_LOCAL);
	symbol = symbol_named("CONFIG_SMP");
	assert_true(symbol->binding == STB_WEAK && symbol->section == SHN_UNDEF);
	assert_int_equal(symbol_named("object.bpf.c")->section, SHN_ABS);
	assert_int_equal(elf.symbols[0].section, SHN_UNDEF);
}

static void reads_relocations(void **state)
{
	const struct elf_section *section;
	struct elf_relocation relocation;

	(void)state;
	assert_no_error(&error, open_edited());
	section = elf_find_section(&elf, ".relkprobe/do_exit+4");
	assert_int_equal(elf_relocation_count(section), 9);
	assert_string_equal(elf.sections[section->info].name, "kprobe/do_exit+4");
	relocation = elf_relocation(section, 2);
	assert_true(relocation.offset == 0x60);
	assert_string_equal(elf.symbols[relocation.symbol].name, "twice");
}

/* Nothing is assumed about alignment: the same file one byte further. */
static void at_any_address(void **state)
{
	u8 *moved = malloc(e.file.size + 1);

	(void)state;
	memcpy(moved + 1, e.data, e.file.size);
	assert_no_error(&error, elf_open(&arena, &error, (struct bytes){moved + 1, e.file.size}, &elf));
	assert_int_equal(load_u32(elf_find_section(&elf, ".rodata")->data), 100);
	free(moved);
}

static void header_rules(void **state)
{
	(void)state;
	e.data[1] = 'e';
	refuse(ENOEXEC, "not an ELF file");
	e.file.size = 63;
	refuse(ENOEXEC, "not an ELF file: expected 64 bytes or more");
	e.file.size = 4;
	refuse(ENOEXEC, "not an ELF file");
	e.file.size = 3;
	refuse(ENOEXEC, "not an ELF file");
	e.file.size = 0;
	refuse(ENOEXEC, "not an ELF file");
	e.ehdr->e_ident[EI_CLASS] = ELFCLASS32;
	refuse(ENOEXEC, "ELF class at offset 4 is 1, expected 2 (64-bit)");
	e.ehdr->e_ident[EI_DATA] = ELFDATA2MSB;
	refuse(ENOEXEC, "ELF endianness at offset 5 is 2, expected 1 (this machine's)");
	e.ehdr->e_ident[EI_DATA] = 7;
	refuse(ENOEXEC, "ELF endianness at offset 5 is 7, expected 1");
	e.ehdr->e_machine = 62;
	refuse(ENOEXEC, "ELF machine at offset 18 is 62, expected 247 (BPF: compile with -target bpf)");
	e.ehdr->e_type = ET_EXEC;
	refuse(ENOEXEC, "ELF type at offset 16 is 2, expected 1 (relocatable)");
	/* gcc of old wrote no machine. */
	e.ehdr->e_machine = EM_NONE;
	assert_no_error(&error, open_edited());
	assert_int_equal(elf.machine, EM_NONE);
}

static void section_table_rules(void **state)
{
	static const u16 entry_sizes[] = {0, 63, 65, 65535}; /* ebpf-for-windows #1193: 65535 hung */
	char message[100];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(entry_sizes); i++) {
		snprintf(message, sizeof(message), "ELF e_shentsize at offset 58 is %u, expected 64", entry_sizes[i]);
		e.ehdr->e_shentsize = entry_sizes[i];
		refuse(ENOEXEC, message);
	}
	e.ehdr->e_shnum = 0; /* CVE-2021-45940: "look elsewhere", where an attacker wrote something */
	refuse(EINVAL, "section headers: e_shnum is 0, expected 1 to 65279");
	e.ehdr->e_shnum = 0xff00;
	refuse(EINVAL, "section headers: e_shnum is 65280, expected 1 to 65279");
	e.ehdr->e_shnum = 0xfeff;
	refuse(EINVAL, "section headers: 4177856 bytes at");
	e.ehdr->e_shnum++;
	refuse(EINVAL, "section headers: ");
	e.ehdr->e_shoff = ~0ull - 63;
	refuse(EINVAL, "bytes at 18446744073709551552 reach beyond");
	e.ehdr->e_shoff = ~0ull;
	refuse(EINVAL, "bytes at 18446744073709551615 reach beyond");
	e.ehdr->e_shstrndx = 0;
	refuse(EINVAL, "ELF header: section [0] is to be its string table, and is none");
	e.ehdr->e_shstrndx = 0xffff;
	refuse(EINVAL, "ELF header: section [65535] is to be its string table, and is none");
	e.ehdr->e_shstrndx = (u16)edit_index(&e, ".rodata");
	refuse(EINVAL, "is to be its string table, and is none");
}

static void section_ranges(void **state)
{
	char message[100];

	(void)state;
	snprintf(message, sizeof(message),
		"section [%u] at offset 18446744073709551615: 8 bytes at 18446744073709551615 reach beyond",
		edit_index(&e, "xdp"));
	edit_section(&e, "xdp")->sh_offset = ~0ull;
	edit_section(&e, "xdp")->sh_size = 8;
	refuse(EINVAL, message);
	edit_section(&e, "xdp")->sh_size = ~0ull;
	refuse(EINVAL, ": 18446744073709551615 bytes at");
	edit_section(&e, "xdp")->sh_size = 0ull - edit_section(&e, "xdp")->sh_offset; /* the sum is 0 */
	refuse(EINVAL, "reach beyond");
	edit_section(&e, "xdp")->sh_offset = e.file.size - 15;
	refuse(EINVAL, ": 16 bytes at");
	/* A section without bytes may claim any place. */
	edit_section(&e, ".bss")->sh_offset = ~0ull;
	assert_no_error(&error, open_edited());
	edit_section(&e, ".maps")->sh_flags |= SHF_COMPRESSED;
	refuse(EINVAL, "is compressed; expected plain bytes");
	/* Debug information may be: nobody reads it. */
	edit_section(&e, ".maps")->sh_flags = SHF_COMPRESSED;
	assert_no_error(&error, open_edited());
	assert_null(elf_find_section(&elf, ".maps")->data);
}

/* A small file whose many sections are all as long as the file would take all memory when they are copied. */
static void sections_that_overlap(void **state)
{
	(void)state;
	for (u32 i = 1; i < e.section_count; i++)
		if (!strncmp(edit_section_name(&e, i), ".debug", 6)) {
			e.sections[i].sh_offset = 0;
			e.sections[i].sh_size = e.file.size;
		}
	refuse(EINVAL, "sections overlap: together they are larger than the file");
	/* Some do, harmlessly: linkers let string tables share their bytes. */
	*edit_section(&e, ".llvm_addrsig") = *edit_section(&e, "xdp");
	assert_no_error(&error, open_edited());
}

/* Entry sizes divide: cilium 765fc1db and libbpf 738277b7 divided by 0. */
static void entry_sizes(void **state)
{
	static const u64 sizes[] = {0, 1, 23, 25, ~0ull};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		edit_section(&e, ".symtab")->sh_entsize = sizes[i];
		refuse(EINVAL, "expected whole entries of 24");
		edit_section(&e, ".rel.text")->sh_entsize = sizes[i];
		refuse(EINVAL, "expected whole entries of 16");
	}
	edit_section(&e, ".symtab")->sh_size--;
	refuse(EINVAL, "expected whole entries of 24");
	edit_section(&e, ".rel.text")->sh_size -= 8;
	refuse(EINVAL, "expected whole entries of 16");
}

static void string_tables(void **state)
{
	(void)state;
	edit_section(&e, ".strtab")->sh_size--;
	refuse(EINVAL, "do not begin and end with NUL");
	edit_bytes(&e, ".strtab")[0] = 'x';
	refuse(EINVAL, "do not begin and end with NUL");
	edit_section(&e, ".strtab")->sh_size = 0;
	refuse(EINVAL, "strings do not begin and end with NUL");
	edit_section(&e, ".strtab")->sh_type = SHT_NOBITS;
	refuse(EINVAL, "is to be its string table, and is none");
	edit_section(&e, ".maps")->sh_name = (u32)edit_section(&e, ".strtab")->sh_size;
	refuse(EINVAL, "but there are");
	edit_section(&e, ".maps")->sh_name = 0xffffffff;
	refuse(EINVAL, ": name at 4294967295, but there are");
	edit_section(&e, ".symtab")->sh_link = 0xffffffff;
	refuse(EINVAL, "section [4294967295] is to be its string table, and is none");
	edit_section(&e, ".symtab")->sh_link = edit_index(&e, ".data");
	refuse(EINVAL, "is to be its string table, and is none");
}

static void symbol_rules(void **state)
{
	(void)state;
	edit_section(&e, ".symtab")->sh_type = SHT_PROGBITS;
	refuse(EINVAL, "no symbol table; was it stripped?");
	edit_section(&e, ".rel.text")->sh_type = SHT_SYMTAB;
	edit_section(&e, ".rel.text")->sh_entsize = 24;
	refuse(EINVAL, "a second one of its kind, expected one");
	edit_symbol(&e, "first")->st_name = 0xffffffff;
	refuse(EINVAL, "name at 4294967295, but there are");
	edit_symbol(&e, "first")->st_shndx = (u16)e.section_count;
	refuse(EINVAL, "'first': lies in section");
	edit_symbol(&e, "first")->st_shndx = SHN_XINDEX;
	refuse(EINVAL, "'first': lies in section 65535, but there are");
	edit_symbol(&e, "first")->st_shndx = SHN_LORESERVE;
	refuse(EINVAL, "'first': lies in section 65280, but there are");
	/* CVE-2025-29481: value and size whose sum wraps; cilium fdda6df2: a symbol longer than its section. */
	edit_symbol(&e, "first")->st_size = ~0ull;
	refuse(EINVAL,
		"'first': section 'kprobe/do_exit+4' at offset 360: 18446744073709551615 bytes at 0 reach beyond");
	edit_symbol(&e, "second")->st_size = 0ull - 152;
	refuse(EINVAL, ": 18446744073709551464 bytes at 152 reach beyond 384");
	edit_symbol(&e, "second")->st_value = ~0ull;
	refuse(EINVAL, "232 bytes at 18446744073709551615 reach beyond");
	edit_symbol(&e, "zeros")->st_value = 5;
	refuse(EINVAL, "section '.symtab' at offset");
	edit_symbol(&e, "zeros")->st_value = 5;
	refuse(EINVAL, "16 bytes at 5 reach beyond 20");
}

static void relocation_rules(void **state)
{
	(void)state;
	edit_section(&e, ".rel.text")->sh_info = e.section_count;
	refuse(EINVAL, "section '.rel.text' at offset");
	edit_section(&e, ".rel.text")->sh_info = 0xffffffff;
	refuse(EINVAL, "applies to section 4294967295, but there are");
	edit_section(&e, ".rel.text")->sh_link = 0xffffffff;
	refuse(EINVAL, "section [4294967295] is to be its symbol table, and is none");
	edit_section(&e, ".rel.text")->sh_link = edit_index(&e, ".maps");
	refuse(EINVAL, "is to be its symbol table, and is none");
	edit_relocation(&e, ".rel.text", "twice")->r_info = ELF64_R_TYPE(10) | (u64)0xffffffff << 32;
	refuse(EINVAL, "names symbol 4294967295, but there are");
	edit_relocation(&e, ".rel.text", "twice")->r_info |= (u64)1 << 62;
	refuse(EINVAL, "section '.rel.text' at offset");
}

/* A file has these once; libbpf leaked or overwrote the first when a second came. */
static void singletons(void **state)
{
	static const char *const names[] = {".BTF", ".BTF.ext", "license", "version", ".maps"};
	char message[100];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(message, sizeof(message), "section '%s' at offset", names[i]);
		edit_rename(&e, ".llvm_addrsig", names[i]);
		refuse(EINVAL, message);
	}
	/* Others may share a name: linkers make several sections of one. */
	edit_rename(&e, "unheard/of", "xdp");
	assert_no_error(&error, open_edited());
	assert_int_equal(elf_find_section(&elf, "xdp")->size, 16);
}

/* What is read in parts lacks debug information and nothing else. */
static void in_parts(void **state)
{
	u8 *copy = calloc(1, e.file.size);
	const struct bytes file = {copy, e.file.size};
	struct file_part part;
	struct elf other;

	(void)state;
	for (u32 i = 0; elf_next_part(file, i, &part); i++) {
		assert_true(range_ok(part.offset, part.size, file.size));
		memcpy(copy + part.offset, e.data + part.offset, part.size);
	}
	assert_no_error(&error, open_edited());
	assert_no_error(&error, elf_open(&arena, &error, file, &other));
	assert_int_equal(other.section_count, elf.section_count);
	assert_int_equal(other.symbol_count, elf.symbol_count);
	for (u32 i = 0; i < elf.section_count; i++) {
		const struct elf_section *section = &elf.sections[i];

		assert_string_equal(other.sections[i].name, section->name);
		if (section->data)
			assert_memory_equal(other.sections[i].data, section->data, section->size);
		else
			assert_null(other.sections[i].data);
	}
	assert_null(elf_find_section(&elf, ".debug_info")->data);
	assert_int_equal(load_u32(copy + edit_section(&e, ".debug_info")->sh_offset), 0);
	assert_int_not_equal(edit_section(&e, ".rel.debug_info")->sh_size, 0);
	assert_int_equal(elf_relocation_count(elf_find_section(&elf, ".rel.debug_info")), 0);
	free(copy);
}

/* Programs are no debug information, whatever their section is called; and a symbol table is needed. */
static void named_like_debug_information(void **state)
{
	u32 code = edit_index(&e, "unheard/of");

	(void)state;
	edit_rename(&e, "unheard/of", ".debug_info");
	edit_rename(&e, ".symtab", ".debug_info");
	assert_no_error(&error, open_edited());
	assert_string_equal(elf.sections[code].name, ".debug_info");
	assert_non_null(elf.sections[code].data);
	assert_true(elf.symbol_count > 1);
}

static void without_memory(void **state)
{
	long n;

	(void)state;
	for (n = 0;; n++) {
		int err;

		arena_fail_after(n);
		err = open_edited();
		if (!err)
			break;
		assert_error(&error, err, ENOMEM, "no memory");
		arena_release(&arena);
	}
	assert_int_equal(n, 3); /* sections, their names, and symbols */
}

int main(void)
{
	return RUN(EACH(reads_sections), EACH(reads_symbols), EACH(reads_relocations), EACH(at_any_address),
		EACH(header_rules), EACH(section_table_rules), EACH(section_ranges), EACH(sections_that_overlap),
		EACH(entry_sizes), EACH(string_tables), EACH(symbol_rules), EACH(relocation_rules), EACH(singletons),
		EACH(in_parts), EACH(named_like_debug_information), EACH(without_memory));
}
