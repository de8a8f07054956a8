/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_large.c: objects of many thousand pieces, each of which is looked for among as many others. What is found must
 * be right, and found without a walk through all of them: such a walk for each would take this test from a second to
 * minutes.
 */
#include "unit.h"
#include "object/object.h"
#include "relocate/btf_fix.h"
#include "relocate/link.h"

#define MANY     20000
#define SECTIONS 3000 /* of which one file has at most 65,279 */

/* Bytes that grow. */
struct piece {
	u8 *data;
	size_t size, room;
};

static struct arena arena;
static struct error error;
static struct object object;
static struct piece headers, body, symbols, names, types, strings, file;

static u32 put(struct piece *p, const void *data, size_t len)
{
	size_t at = p->size;

	if (p->size + len > p->room) {
		p->room = 2 * (p->room + len);
		p->data = realloc(p->data, p->room);
	}
	if (len)
		memcpy(p->data + at, data, len);
	p->size += len;
	return (u32)at;
}

static u32 put_name(struct piece *p, const char *name)
{
	return p->size && !*name ? 0 : put(p, name, strlen(name) + 1);
}

static u32 numbered(struct piece *p, const char *format, u32 i)
{
	char name[32];

	snprintf(name, sizeof(name), format, i);
	return put_name(p, name);
}

#define PUT_WORDS(p, ...) put(p, (const u32[]){__VA_ARGS__}, sizeof((const u32[]){__VA_ARGS__}))
#define INFO(kind, vlen)  ((u32)(kind) << 24 | (vlen))

/* Section names and symbol names share one table, section 1; the symbols are section 2. */
static u32 section(const char *name, u32 type, u64 flags, const void *data, size_t size)
{
	Elf64_Shdr header = {
		.sh_name = put_name(&names, name), .sh_type = type, .sh_flags = flags, .sh_size = size, .sh_link = 2};

	header.sh_offset = sizeof(Elf64_Ehdr) + put(&body, data, size);
	header.sh_entsize = type == SHT_REL ? sizeof(Elf64_Rel) : 0;
	return put(&headers, &header, sizeof(header)) / (u32)sizeof(header);
}

static u32 code(const char *name, u32 insns)
{
	const struct bpf_insn exit = {.code = BPF_JMP | BPF_EXIT};
	struct piece text = {0};
	u32 index;

	while (insns--)
		put(&text, &exit, sizeof(exit));
	index = section(name, SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, text.data, text.size);
	free(text.data);
	return index;
}

static void symbol(u32 name, u8 type, u32 in, u64 value, u64 size)
{
	Elf64_Sym sym = {.st_name = name, .st_info = (u8)(STB_GLOBAL << 4 | type), .st_shndx = (u16)in};

	sym.st_value = value;
	sym.st_size = size;
	put(&symbols, &sym, sizeof(sym));
}

static int set_up(void **state)
{
	const Elf64_Shdr none[3] = {0};
	const Elf64_Sym no_symbol = {0};

	(void)state;
	headers.size = body.size = symbols.size = names.size = types.size = strings.size = file.size = 0;
	put_name(&names, "");
	put_name(&strings, "");
	put(&headers, none, sizeof(none));
	put(&symbols, &no_symbol, sizeof(no_symbol));
	return 0;
}

static int tear_down(void **state)
{
	struct piece *pieces[] = {&headers, &body, &symbols, &names, &types, &strings, &file};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		free(pieces[i]->data);
		*pieces[i] = (struct piece){0};
	}
	arena_release(&arena);
	error_clear(&error);
	return arena_live() ? -1 : 0;
}

static void add_btf(void)
{
	struct btf_header header = {.magic = BTF_MAGIC, .version = BTF_VERSION, .hdr_len = sizeof(header)};
	struct piece blob = {0};

	header.type_len = header.str_off = (u32)types.size;
	header.str_len = (u32)strings.size;
	put(&blob, &header, sizeof(header));
	put(&blob, types.data, types.size);
	put(&blob, strings.data, strings.size);
	section(".BTF", SHT_PROGBITS, 0, blob.data, blob.size);
	free(blob.data);
}

static int open_made(void)
{
	Elf64_Ehdr ehdr = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
		.e_type = ET_REL,
		.e_machine = EM_BPF,
		.e_ehsize = sizeof(ehdr),
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shstrndx = 1};
	Elf64_Shdr *tables = (Elf64_Shdr *)headers.data;

	tables[1] = (Elf64_Shdr){.sh_type = SHT_STRTAB, .sh_size = names.size};
	tables[1].sh_offset = sizeof(ehdr) + put(&body, names.data, names.size);
	tables[2] = (Elf64_Shdr){
		.sh_type = SHT_SYMTAB, .sh_size = symbols.size, .sh_link = 1, .sh_entsize = sizeof(Elf64_Sym)};
	tables[2].sh_offset = sizeof(ehdr) + put(&body, symbols.data, symbols.size);
	ehdr.e_shoff = sizeof(ehdr) + body.size;
	ehdr.e_shnum = (u16)(headers.size / sizeof(Elf64_Shdr));
	put(&file, &ehdr, sizeof(ehdr));
	put(&file, body.data, body.size);
	put(&file, headers.data, headers.size);
	return object_open(&arena, &error, "made.o", (struct bytes){file.data, file.size}, &object);
}

static void variables_find_their_symbols(void **state)
{
	static const u8 data[4 * MANY] = {1};
	u32 in = section(".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, data, sizeof(data));
	const struct btf_type *datasec;

	(void)state;
	PUT_WORDS(&types, put_name(&strings, "int"), INFO(BTF_KIND_INT, 0), 4, 32);
	for (u32 i = 0; i < MANY; i++)
		PUT_WORDS(&types, numbered(&strings, "v%u", i), INFO(BTF_KIND_VAR, 0), 1, BTF_VAR_GLOBAL_ALLOCATED);
	PUT_WORDS(&types, put_name(&strings, ".data"), INFO(BTF_KIND_DATASEC, MANY), 0);
	for (u32 i = 0; i < MANY; i++)
		PUT_WORDS(&types, 2 + i, 0, 4);
	for (u32 i = MANY; i--;)
		symbol(numbered(&names, "v%u", i), STT_OBJECT, in, 4 * (MANY - 1 - i), 4);
	add_btf();
	assert_no_error(&error, open_made());
	assert_no_error(&error, btf_fix(&arena, &error, &object));
	datasec = btf_type(&object.btf, MANY + 2);
	assert_int_equal(datasec->size, sizeof(data));
	for (u32 i = 0; i < MANY; i++) {
		assert_int_equal(btf_secinfos(datasec)[i].offset, 4 * i);
		assert_int_equal(btf_secinfos(datasec)[i].type, 2 + MANY - 1 - i);
	}
}

/* Sections of one name have blocks of one name, in the same order. */
static void sections_of_one_name_have_their_own_lines(void **state)
{
	struct piece ext = {0};
	u32 name, len;

	(void)state;
	name = put_name(&strings, "xdp");
	PUT_WORDS(&ext, 1 << 16 | BTF_MAGIC, 32, 0, 0, 0, 4 + SECTIONS * 24, 0, 0);
	PUT_WORDS(&ext, sizeof(struct bpf_line_info));
	for (u32 i = 0; i < SECTIONS; i++) {
		symbol(numbered(&names, "f%u", i), STT_FUNC, code("xdp", 1), 0, 8);
		PUT_WORDS(&ext, name, 1, 0, name, name, (i + 1) << 10);
	}
	add_btf();
	len = (u32)ext.size;
	section(".BTF.ext", SHT_PROGBITS, 0, ext.data, len);
	free(ext.data);
	assert_no_error(&error, open_made());
	assert_int_equal(object.prog_count, SECTIONS);
	for (u32 i = 0; i < SECTIONS; i++) {
		const struct btf_ext_block *block =
			btf_ext_block_of(&object.btf_ext.line_info, object.progs[i].section);

		assert_int_equal(BPF_LINE_INFO_LINE_NUM(btf_ext_line_at(block, 0)->line_col), i + 1);
	}
}

static void functions_find_their_places(void **state)
{
	struct link_input input = {0};
	struct prog_image image;
	struct piece relocations = {0};
	u32 main_index = code("xdp", MANY + 1), text = code(".text", MANY);
	struct bpf_insn *insns = (struct bpf_insn *)body.data;

	(void)state;
	symbol(put_name(&names, "main"), STT_FUNC, main_index, 0, 8 * (MANY + 1));
	for (u32 i = 0; i < MANY; i++) {
		Elf64_Rel rel = {8 * i, (u64)(2 + i) << 32 | 10 /* R_BPF_64_32 */};

		insns[i] = (struct bpf_insn){.code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_CALL, .imm = -1};
		symbol(numbered(&names, "f%u", i), STT_FUNC, text, 8 * (MANY - 1 - i), 8);
		put(&relocations, &rel, sizeof(rel));
	}
	section(".relxdp", SHT_REL, 0, relocations.data, relocations.size);
	((Elf64_Shdr *)headers.data)[headers.size / sizeof(Elf64_Shdr) - 1].sh_info = main_index;
	free(relocations.data);
	assert_no_error(&error, open_made());
	assert_no_error(
		&error, link_program(&arena, &error, &object, object_find_prog(&object, "main"), &input, &image));
	assert_int_equal(image.part_count, MANY + 1);
	for (u32 i = 0; i < MANY; i++) /* each at its first mention */
		assert_int_equal(image.insns[i].imm, MANY);
}

/* A small file that says `values` often had as many maps as it liked, and room for three a symbol. */
static void values_are_said_once(void **state)
{
	static const u8 map[8];
	u32 in = section(".maps", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, map, sizeof(map));
	u32 type = put_name(&strings, "type"), values = put_name(&strings, "values");

	(void)state;
	symbol(put_name(&names, "outer"), STT_OBJECT, in, 0, 8);
	PUT_WORDS(&types, put_name(&strings, "int"), INFO(BTF_KIND_INT, 0), 4, 32);
	PUT_WORDS(&types, 0, INFO(BTF_KIND_ARRAY, 0), 0, 1, 1, BPF_MAP_TYPE_HASH_OF_MAPS);
	PUT_WORDS(&types, 0, INFO(BTF_KIND_PTR, 0), 2);
	PUT_WORDS(&types, 0, INFO(BTF_KIND_ARRAY, 0), 0, 1, 1, BPF_MAP_TYPE_HASH);
	PUT_WORDS(&types, 0, INFO(BTF_KIND_PTR, 0), 4);
	PUT_WORDS(&types, 0, INFO(BTF_KIND_STRUCT, 1), 8, type, 5, 0);
	PUT_WORDS(&types, 0, INFO(BTF_KIND_PTR, 0), 6);
	PUT_WORDS(&types, 0, INFO(BTF_KIND_ARRAY, 0), 0, 7, 1, 0);
	PUT_WORDS(&types, 0, INFO(BTF_KIND_STRUCT, 40), 8, type, 3, 0);
	for (u32 i = 1; i < 40; i++)
		PUT_WORDS(&types, values, 8, 64);
	PUT_WORDS(&types, put_name(&strings, "outer"), INFO(BTF_KIND_VAR, 0), 9, BTF_VAR_GLOBAL_ALLOCATED);
	PUT_WORDS(&types, put_name(&strings, ".maps"), INFO(BTF_KIND_DATASEC, 1), 0, 10, 0, 8);
	add_btf();
	assert_error(&error, open_made(), EINVAL, "map 'outer': values: are said already");
}

static void definitions_are_short(void **state)
{
	static const u8 map[8];
	u32 in = section(".maps", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, map, sizeof(map));

	(void)state;
	symbol(put_name(&names, "m"), STT_OBJECT, in, 0, 8);
	PUT_WORDS(&types, put_name(&strings, "int"), INFO(BTF_KIND_INT, 0), 4, 32);
	PUT_WORDS(&types, 0, INFO(BTF_KIND_STRUCT, MANY), 8);
	for (u32 i = 0; i < MANY; i++)
		PUT_WORDS(&types, 0, 1, 0);
	PUT_WORDS(&types, put_name(&strings, "m"), INFO(BTF_KIND_VAR, 0), 2, BTF_VAR_GLOBAL_ALLOCATED);
	PUT_WORDS(&types, put_name(&strings, ".maps"), INFO(BTF_KIND_DATASEC, 1), 0, 3, 0, 8);
	add_btf();
	assert_error(&error, open_made(), EINVAL, "map 'm': 20000 fields, expected at most 64");
}

/* Symbols may share one long name, or its end. */
static void names_are_short(void **state)
{
	char name[4097];
	u32 at;

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	at = put_name(&names, name);
	symbol(at + 1, STT_NOTYPE, SHN_UNDEF, 0, 0);
	assert_no_error(&error, open_made());
	symbol(at, STT_NOTYPE, SHN_UNDEF, 0, 0);
	file.size = body.size = 0;
	assert_error(&error, open_made(), EINVAL, "is longer than 4095 characters");
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	return RUN(CASE(variables_find_their_symbols), CASE(sections_of_one_name_have_their_own_lines),
		CASE(functions_find_their_places), CASE(values_are_said_once), CASE(definitions_are_short),
		CASE(names_are_short));
}
