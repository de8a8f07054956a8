/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_ext.h: .BTF.ext, what the compiler knows about single instructions.
 *
 *	+-----------------------+ 0
 *	| struct btf_ext_header |  magic 0xeb9f, hdr_len, then offset and length of each table below,
 *	+-----------------------+  counted from the end of the header; core_relo only if hdr_len covers it
 *	| func_info             |  which function begins where
 *	| line_info             |  which source line an instruction comes from
 *	| core_relo             |  which instructions depend on the kernel's layout of a struct
 *	+-----------------------+
 *
 * Each table is a u32 record size, then blocks, one a code section:
 *
 *	sec_name_off, num_info, record, record, …	(struct btf_ext_info_sec)
 *
 * A record begins with insn_off, in bytes from the start of the ELF section (the kernel wants instructions).
 * Source: include/uapi/linux/bpf.h (bpf_func_info, bpf_line_info, bpf_core_relo); the header is known from
 * tools/lib/bpf/libbpf_internal.h.
 */
#ifndef OBJECT_BTF_EXT_H
#define OBJECT_BTF_EXT_H

#include <linux/bpf.h>
#include "object/btf.h"

/* One block of a table: the records of one section. */
struct btf_ext_block {
	const char *section_name; /* from BTF's strings */
	u8 *records;              /* `count` records of `record_size` bytes, aligned to 4, sorted by insn_off */
	u32 count;
	u32 record_size; /* at least what the struct of this kind needs */
};

struct btf_ext_table {
	struct btf_ext_block *blocks;
	u32 block_count;
	u32 *of_section; /* [ELF section]: the index of its block, + 1, or 0; by object.c. NULL without blocks */
};

struct btf_ext {
	struct btf_ext_table func_info; /* records begin with struct bpf_func_info */
	struct btf_ext_table line_info; /* ... struct bpf_line_info */
	struct btf_ext_table core_relo; /* ... struct bpf_core_relo */
};

/*
 * Checks and copies a .BTF.ext section; string offsets and type ids in it are checked against `btf`.
 * -EINVAL with a message, -ENOMEM.
 */
int btf_ext_open(
	struct arena *arena, struct error *error, struct bytes blob, const struct btf *btf, struct btf_ext *ext);

/* The i-th record of a block; begins with the kernel's struct of its kind, aligned to 4. */
static inline const void *btf_ext_record(const struct btf_ext_block *block, u32 i)
{
	return block->records + (size_t)i * block->record_size;
}

/* The block of an ELF section, or NULL. */
static inline const struct btf_ext_block *btf_ext_block_of(const struct btf_ext_table *table, u32 section)
{
	u32 block = table->of_section ? table->of_section[section] : 0;

	return block ? &table->blocks[block - 1] : NULL;
}

/* The index of a block's first record at or after `offset` bytes of its section; `count` if there is none. */
u32 btf_ext_first(const struct btf_ext_block *block, u64 offset);

/*
 * The line record that covers the instruction at `offset` bytes of the block's section: the last one at or before it.
 * NULL if there is none, no block, or the record says line 0: the instruction is the compiler's own, or of several
 * lines.
 */
const struct bpf_line_info *btf_ext_line_at(const struct btf_ext_block *block, u64 offset);

#endif
