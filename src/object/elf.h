/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * elf.h: an ELF object file, as far as BPF objects go.
 *
 *	+--------------------+ 0
 *	| Elf64_Ehdr         |  e_machine EM_BPF (gcc of old: EM_NONE), e_type ET_REL
 *	|   e_shoff ---------|--------------+   e_shnum sections, e_shentsize = 64 bytes each
 *	+--------------------+              |
 *	| .text, programs    | <--+         |
 *	| .maps, license     |    |         |
 *	| .BTF, .BTF.ext     |    | sh_offset, sh_size
 *	| .symtab, .strtab   |    |         |
 *	| .rel*              |    |         |
 *	+--------------------+    |         |
 *	| Elf64_Shdr [0..n)  | <--|---------+
 *	+--------------------+    |  sh_name is an offset into section e_shstrndx
 *	                          +- sh_link of a symbol table is its string table,
 *	                             of relocations the symbol table; sh_info what they apply to
 *
 * elf_open() checks everything once: sizes, ranges, indexes, that names end. After that every pointer is good,
 * every index in range, and no one checks again. Nothing is assumed about alignment. Little-endian machines read
 * little-endian objects, big-endian ones big-endian objects; the other kind is refused by name.
 */
#ifndef OBJECT_ELF_H
#define OBJECT_ELF_H

#include <linux/elf.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "object/names.h"

/* What <linux/elf.h> leaves out. */
#define STV_INTERNAL   1
#define STV_HIDDEN     2
#define SHN_XINDEX     0xffff
#define SHF_COMPRESSED 0x800

struct elf_section {
	/* As in Elf64_Shdr. */
	u32 name_offset;
	u32 type;  /* SHT_* */
	u64 flags; /* SHF_* */
	u64 address;
	u64 offset; /* in the file */
	u64 size;
	u32 link, info;
	u64 alignment, entry_size;
	/* And what it means. */
	const char *name;
	const u8 *data; /* `size` bytes, or NULL for SHT_NOBITS and debug information */
	u32 index;
};

struct elf_symbol {
	/* As in Elf64_Sym. */
	u32 name_offset;
	u8 info, other;
	u16 section;     /* an index < section_count; SHN_UNDEF, SHN_ABS or SHN_COMMON */
	u64 value, size; /* for a defined symbol: within its section */
	/* And what it means. */
	const char *name;
	u8 type;        /* STT_* */
	u8 binding;     /* STB_LOCAL, STB_GLOBAL or STB_WEAK */
	bool is_hidden; /* from other files: STV_HIDDEN or STV_INTERNAL */
};

struct elf_relocation {
	u64 offset; /* in the section it applies to; not checked against its size */
	u32 symbol; /* an index < symbol_count */
};

struct elf {
	struct elf_section *sections; /* [0] is the empty one */
	u32 section_count;
	struct names names;         /* of the sections; all `of` 0 */
	struct elf_symbol *symbols; /* [0] is the empty one */
	u32 symbol_count;
	u16 machine;
};

/*
 * What of a file elf_open() needs, for file_read_parts(): all but debug information, which may be a hundred times what
 * the programs are. The file has at least as many bytes as its header; nothing else needs to be true.
 */
bool elf_next_part(struct bytes file, u32 index, struct file_part *part);

/*
 * Reads `file`, which must stay where it is as long as `elf` is used. -EINVAL or -ENOEXEC with a message that
 * names section and offset; -ENOMEM.
 */
int elf_open(struct arena *arena, struct error *error, struct bytes file, struct elf *elf);

/* error_in(): "section 'NAME' at offset N". */
int elf_error_in(struct error *error, const struct elf_section *section);

/* The first section of that name, or NULL. */
const struct elf_section *elf_find_section(const struct elf *elf, const char *name);

/* How many relocations a SHT_REL section holds, those of debug information aside; and the i-th of them. */
u32 elf_relocation_count(const struct elf_section *section);
struct elf_relocation elf_relocation(const struct elf_section *section, u32 i);

/* Whether a section holds instructions: SHT_PROGBITS with SHF_EXECINSTR. */
bool elf_is_code(const struct elf_section *section);

#endif
