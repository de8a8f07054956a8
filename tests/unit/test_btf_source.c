/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_btf_source.c: .BTF found in ELF files of 64 and of 32 bits, in memory and behind a function, whole and broken.
 */
#include "unit.h"
#include "object/btf_view.h"
#include "object/elf.h"

#define START 8 /* the file is in a file */

static struct error error;

/* Of both classes the same: no section, the names, .BTF.ext and .BTF. */
#define FILE_OF(bits)                            \
	struct {                                 \
		Elf##bits##_Ehdr header;         \
		Elf##bits##_Shdr sections[4];    \
		char names[16], ext[8], btf[24]; \
	}
#define FILL(file, bits)                                                                                              \
	(file) = (__typeof__(file))                                                                                   \
	{                                                                                                             \
		.header = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS##bits, ELFDATA2LSB},                             \
			.e_shoff = offsetof(__typeof__(file), sections),                                              \
			.e_shentsize = sizeof(Elf##bits##_Shdr),                                                      \
			.e_shnum = 4,                                                                                 \
			.e_shstrndx = 1},                                                                             \
		.sections = {{.sh_type = 0}, {.sh_type = SHT_STRTAB, .sh_offset = offsetof(__typeof__(file), names)}, \
			{.sh_name = 1, .sh_type = SHT_PROGBITS, .sh_offset = offsetof(__typeof__(file), ext)},        \
			{.sh_name = 10,                                                                               \
				.sh_type = SHT_PROGBITS,                                                              \
				.sh_offset = offsetof(__typeof__(file), btf),                                         \
				.sh_size = sizeof((file).btf)}},                                                      \
		.names = "\0.BTF.ext\0.BTF", .ext = "ext", .btf = "what the section holds"                            \
	}

static FILE_OF(64) wide;
static FILE_OF(32) narrow;

static int read_piece(void *context, u64 offset, void *to, size_t len)
{
	memcpy(to, (u8 *)context + (offset - START), len);
	return 0;
}

static int cannot_read(void *context, u64 offset, void *to, size_t len)
{
	(void)context, (void)offset, (void)to, (void)len;
	return -EIO;
}

static int set_up(void **state)
{
	(void)state;
	FILL(wide, 64);
	FILL(narrow, 32);
	error_clear(&error);
	return 0;
}

static void assert_found(const void *file, u64 size)
{
	for (int in_memory = 0; in_memory < 2; in_memory++) {
		struct btf_source source = {in_memory ? file : NULL, size, read_piece, (void *)(uintptr_t)file, START};
		char text[8] = "";

		assert_no_error(&error, btf_source_cut(&source, &error));
		assert_int_equal(source.size, sizeof(wide.btf));
		assert_int_equal(btf_source_read(&source, 9, text, 7), 0);
		assert_string_equal(text, "section");
	}
}

/* The file has exactly `size` bytes, and none behind them may be read. */
static void assert_broken(const void *file, u64 size, const char *message)
{
	u8 *copy = malloc(size);

	memcpy(copy, file, size);
	for (int in_memory = 0; in_memory < 2; in_memory++) {
		struct btf_source source = {in_memory ? copy : NULL, size, read_piece, copy, START};

		assert_error(&error, btf_source_cut(&source, &error), EINVAL, message);
	}
	free(copy);
}

static void finds_it_in_both_classes(void **state)
{
	(void)state;
	assert_found(&wide, sizeof(wide));
	assert_found(&narrow, sizeof(narrow));
	/* Numbers too large for the header stand in the first section's. */
	wide.header.e_shnum = narrow.header.e_shnum = 0;
	wide.header.e_shstrndx = narrow.header.e_shstrndx = SHN_XINDEX;
	wide.sections[0].sh_size = narrow.sections[0].sh_size = 4;
	wide.sections[0].sh_link = narrow.sections[0].sh_link = 1;
	assert_found(&wide, sizeof(wide));
	assert_found(&narrow, sizeof(narrow));
	wide.sections[0].sh_size = 1ULL << 32;
	assert_found(&wide, sizeof(wide));
	/* A section whose name is nowhere is another one. */
	wide.sections[2].sh_name = 1 << 20;
	assert_found(&wide, sizeof(wide));
}

static void leaves_what_is_no_elf_file(void **state)
{
	struct btf_source source = {(const u8 *)&wide, EI_NIDENT - 1, NULL, NULL, 0};

	(void)state;
	assert_no_error(&error, btf_source_cut(&source, &error));
	wide.header.e_ident[3] = 'f';
	source.size = sizeof(wide);
	assert_no_error(&error, btf_source_cut(&source, &error));
	assert_true(source.size == sizeof(wide) && source.data == (const u8 *)&wide && !source.start);
	source.data = NULL;
	source.read = cannot_read;
	assert_no_error(&error, btf_source_cut(&source, &error));
	assert_int_equal(btf_source_read(&source, 0, &wide, 1), -EIO);
}

static void refuses_broken_headers(void **state)
{
	static const char message[] = "its section headers cannot be read";

	(void)state;
	assert_broken(&wide, sizeof(wide.header) - 1, message);
	assert_broken(&wide, offsetof(__typeof__(wide), sections[1]) - 1, message);
	assert_broken(&narrow, offsetof(__typeof__(narrow), sections[1]) - 1, message);
	assert_broken(&wide, offsetof(__typeof__(wide), sections[2]) - 1, message); /* the names' */
	wide.header.e_shentsize--;
	narrow.header.e_shentsize = sizeof(Elf64_Shdr);
	assert_broken(&wide, sizeof(wide), message);
	assert_broken(&narrow, sizeof(narrow), message);
	set_up(NULL);
	wide.header.e_shoff = 0 - sizeof(Elf64_Shdr); /* the next one's would wrap */
	wide.header.e_shstrndx = 1;
	assert_broken(&wide, sizeof(wide), message);
	set_up(NULL);
	wide.header.e_ident[EI_DATA] = ELFDATA2MSB;
	assert_broken(&wide, sizeof(wide), "its byte order is not this machine's");
}

static void refuses_broken_sections(void **state)
{
	static const char message[] = ".BTF is compressed, or not all in the file";

	(void)state;
	assert_broken(&wide, sizeof(wide) - 1, message);
	assert_broken(&narrow, sizeof(narrow) - 1, message);
	wide.sections[3].sh_flags = narrow.sections[3].sh_flags = SHF_COMPRESSED;
	assert_broken(&wide, sizeof(wide), message);
	assert_broken(&narrow, sizeof(narrow), message);
	set_up(NULL);
	wide.sections[3].sh_type = SHT_NOBITS;
	assert_broken(&wide, sizeof(wide), message);
	wide.header.e_shnum = 3;
	assert_broken(&wide, sizeof(wide), "an ELF file without .BTF");
	wide.header.e_shnum = 4;
	/* Where the names' offset wraps, there is one. */
	wide.sections[1].sh_offset = 0 - 8ULL;
	wide.sections[3].sh_name = 8 + offsetof(__typeof__(wide), btf);
	strcpy(wide.btf, ".BTF");
	assert_broken(&wide, sizeof(wide), "an ELF file without .BTF");
	wide.header.e_shnum = 0;
	wide.sections[0].sh_size = 1ULL << 40;
	assert_broken(&wide, sizeof(wide), "of 4294967295 cannot be read");
}

#define FRESH(function) cmocka_unit_test_setup(function, set_up)

int main(void)
{
	return RUN(FRESH(finds_it_in_both_classes), FRESH(leaves_what_is_no_elf_file), FRESH(refuses_broken_headers),
		FRESH(refuses_broken_sections));
}
