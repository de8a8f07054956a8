/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_source.c: finding .BTF in an ELF file that is not read whole. See btf_view.h.
 *
 * elf.h has objects in memory, all but their debug information, and trusts what it has checked. A kernel is a thousand
 * times as large, may be of 32 bits, and one of its sections is of interest; so here each header is read when it is
 * looked at.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "object/btf_view.h"
#include "object/elf.h"

/* A file's section headers; of either class, they are read as those of 64 bits. */
struct sections {
	const struct btf_source *source;
	bool is_wide; /* ELFCLASS64 */
	u64 offset;
	u32 count, names, size; /* names: which one holds them; size: of a header */
};

int btf_source_read(const struct btf_source *source, u64 offset, void *to, size_t len)
{
	if (!source->data)
		return source->read(source->context, source->start + offset, to, len);
	memcpy(to, source->data + offset, len);
	return 0;
}

/* The same of bytes that may lie outside. */
static bool read_inside(const struct btf_source *source, u64 offset, void *to, size_t len)
{
	return range_ok(offset, len, source->size) && !btf_source_read(source, offset, to, len);
}

static bool read_section(const struct sections *sections, u32 index, Elf64_Shdr *section)
{
	u64 offset = sections->offset + (u64)index * sections->size;
	Elf32_Shdr narrow;

	if (!read_inside(sections->source, offset, sections->is_wide ? (void *)section : &narrow, sections->size))
		return false;
	if (!sections->is_wide)
		*section = (Elf64_Shdr){.sh_name = narrow.sh_name,
			.sh_type = narrow.sh_type,
			.sh_link = narrow.sh_link,
			.sh_flags = narrow.sh_flags,
			.sh_offset = narrow.sh_offset,
			.sh_size = narrow.sh_size};
	return true;
}

/* The file's header. Counts that do not fit there stand in the first section's. */
static bool read_header(const struct btf_source *source, struct sections *sections)
{
	Elf64_Shdr first;
	union {
		Elf32_Ehdr narrow;
		Elf64_Ehdr wide;
	} header;

	if (!read_inside(source, 0, &header, sizeof(header)))
		return false;
	if (header.wide.e_ident[EI_CLASS] == ELFCLASS64)
		*sections = (struct sections){source, true, header.wide.e_shoff, header.wide.e_shnum,
			header.wide.e_shstrndx, header.wide.e_shentsize};
	else
		*sections = (struct sections){source, false, header.narrow.e_shoff, header.narrow.e_shnum,
			header.narrow.e_shstrndx, header.narrow.e_shentsize};
	/* One of another size would not fit; and behind a first header that lies in the file, no offset wraps. */
	if (sections->size != (sections->is_wide ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr)) ||
		!read_section(sections, 0, &first))
		return false;
	if (!sections->count)
		sections->count = (u32)MIN(first.sh_size, U32_MAX);
	if (sections->names == SHN_XINDEX)
		sections->names = first.sh_link;
	return true;
}

static int find_section(struct btf_source *source, struct error *error)
{
	Elf64_Shdr names, section;
	struct sections sections;
	char name[sizeof(".BTF")];

	if (!read_header(source, &sections) || !read_section(&sections, sections.names, &names))
		return error_invalid(error, "its section headers cannot be read");
	for (u32 i = 1; i < sections.count; i++) {
		if (!read_section(&sections, i, &section))
			return error_invalid(error, "section header %u of %u cannot be read", i, sections.count);
		if (names.sh_offset > source->size ||
			!read_inside(source, names.sh_offset + section.sh_name, name, sizeof(name)) ||
			memcmp(name, ".BTF", sizeof(name)) != 0)
			continue;
		if (section.sh_type != SHT_PROGBITS || section.sh_flags & SHF_COMPRESSED ||
			!range_ok(section.sh_offset, section.sh_size, source->size))
			return error_invalid(error, ".BTF is compressed, or not all in the file");
		if (source->data)
			source->data += section.sh_offset;
		source->start += section.sh_offset;
		source->size = section.sh_size;
		return 0;
	}
	return error_invalid(error, "an ELF file without .BTF");
}

int btf_source_cut(struct btf_source *source, struct error *error)
{
	unsigned char ident[EI_NIDENT];

	if (!read_inside(source, 0, ident, sizeof(ident)) || memcmp(ident, ELFMAG, SELFMAG) != 0)
		return 0;
	if (ident[EI_DATA] != (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB))
		return error_invalid(error, "its byte order is not this machine's");
	return find_section(source, error);
}
