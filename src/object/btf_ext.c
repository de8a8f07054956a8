/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_ext.c: .BTF.ext, what the compiler knows about single instructions. See btf_ext.h for the drawing.
 *
 * The three tables are alike: what differs is which words of a record are strings or types. So one loop reads all
 * of them.
 *
 *	rec_size | sec_name_off num_info  record record | sec_name_off num_info  record …
 *	         | <---------- one block ------------> |
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/sort.h"
#include "object/btf_ext.h"
#include "object/check.h"

#define INSN_SIZE sizeof(struct bpf_insn)
#define WORD(i)   (1u << (i))
#define BLOCK_MIN (2 * sizeof(u32)) /* bytes: one without records */

/* The header: in no UAPI file, as the kernel never sees it (tools/lib/bpf/libbpf_internal.h:btf_ext_header). */
struct ext_header {
	u16 magic;
	u8 version, flags;
	u32 hdr_len;
	struct {
		u32 off, len;
	} tables[3];
};

#define HEADER_MIN offsetof(struct ext_header, tables[2]) /* core_relo came with LLVM 9 */

/* Names and fields in the header's order, which is that of struct btf_ext, too. */
static const struct table_rule {
	char name[12];
	struct btf_row row; /* the words of the kernel's struct; a record may be longer, never shorter */
} table_rules[] = {
	{"func_info", {.words = 2, .types = WORD(1), .kind = BTF_KIND_FUNC}},
	{"line_info", {.words = 4, .names = WORD(1) | WORD(2)}},
	{"core_relo", {.words = 4, .types = WORD(1), .names = WORD(2)}},
};

/* A table while it is read. */
struct reader {
	struct arena *arena;
	struct error *error;
	const struct btf *btf;
	const struct table_rule *rule;
	u8 *table;
	u64 at, size;
	u32 record_size;
};

/* The next `len` bytes, which are then behind the reader. NULL with a message if there are not so many. */
static u8 *take(struct reader *r, u64 len)
{
	u8 *bytes = r->table + r->at;

	if (check_range(r->error, r->at, len, r->size))
		return NULL;
	r->at += len;
	return bytes;
}

static int check_record(const struct reader *r, const u32 *words, u32 i)
{
	int err;

	if (words[0] % INSN_SIZE)
		err = error_invalid(r->error, "offset %u is inside an instruction", words[0]);
	else
		err = btf_check_row(r->btf, r->error, words, &r->rule->row);
	return err ? error_in(r->error, "record %u", i) : 0;
}

/* One block: its name and the number of its records are good once this returns 0, and the reader is behind it. */
static int next_block(struct reader *r, struct btf_ext_block *block)
{
	const u8 *head = take(r, BLOCK_MIN);
	u32 name;

	if (!head)
		return -EINVAL;
	name = load_u32(head);
	block->count = load_u32(head + sizeof(u32));
	block->record_size = r->record_size;
	block->records = take(r, (u64)block->count * r->record_size);
	if (!block->records || check_index(r->error, "section's name at", name, r->btf->strings_len))
		return -EINVAL;
	block->section_name = btf_string(r->btf, name);
	return 0;
}

static int check_block(const struct reader *r, const struct btf_ext_block *block)
{
	for (u32 i = 0; i < block->count; i++)
		if (check_record(r, btf_ext_record(block, i), i))
			return error_in(r->error, "section '%s'", block->section_name);
	return 0;
}

/* The record size in front of the blocks. The kernel wants whole words, too: check_btf_func(). */
static int read_record_size(struct reader *r)
{
	u32 least = r->rule->row.words * (u32)sizeof(u32);
	const u8 *bytes = take(r, sizeof(r->record_size));

	if (!bytes)
		return -EINVAL;
	r->record_size = load_u32(bytes);
	if (r->record_size >= least && !(r->record_size % sizeof(u32)))
		return 0;
	return error_invalid(r->error, "record size is %u, expected a multiple of 4 from %u", r->record_size, least);
}

/* Every record begins with insn_off. Compilers write them in order; searching relies on it. */
static int compare_records(const void *a, const void *b)
{
	return compare_u64(load_u32(a), load_u32(b));
}

static OUT_OF_LINE int read_table(struct reader *r, struct btf_ext_table *table)
{
	int err = read_record_size(r);

	if (err)
		return err;
	table->blocks = arena_alloc_array(r->arena, (size_t)r->size / BLOCK_MIN, sizeof(*table->blocks));
	if (!table->blocks)
		return error_no_memory(r->error);
	while (r->at < r->size) {
		struct btf_ext_block *block = &table->blocks[table->block_count++];
		u32 offset = (u32)(r->at - sizeof(r->record_size));

		if (next_block(r, block) || check_block(r, block))
			return error_in(r->error, "block at offset %u", offset);
		sort(block->records, block->count, r->record_size, compare_records);
	}
	return 0;
}

/* One of the tables that the header tells of; so far the reader has the whole section. */
static int open_table(struct reader *r, const struct ext_header *header, u32 i, struct btf_ext_table *table)
{
	u64 start = (u64)header->hdr_len + header->tables[i].off;

	if (!header->tables[i].len)
		return 0;
	if (check_range(r->error, start, header->tables[i].len, r->size))
		return -EINVAL;
	if (start % sizeof(u32))
		return error_invalid(r->error, "it begins at offset %llu, expected a multiple of 4", start);
	r->rule = &table_rules[i];
	r->table += start;
	r->at = 0;
	r->size = header->tables[i].len;
	return read_table(r, table);
}

int btf_ext_open(
	struct arena *arena, struct error *error, struct bytes blob, const struct btf *btf, struct btf_ext *ext)
{
	struct btf_ext_table *tables[] = {&ext->func_info, &ext->line_info, &ext->core_relo};
	const struct ext_header *header;
	u8 *copy;

	*ext = (struct btf_ext){0};
	if (btf_check_header(error, blob, HEADER_MIN))
		return error_in(error, ".BTF.ext");
	copy = arena_copy(arena, blob.data, blob.size);
	if (!copy)
		return error_no_memory(error);
	header = (const struct ext_header *)copy;
	for (u32 i = 0; i < (header->hdr_len < sizeof(*header) ? 2 : ARRAY_SIZE(tables)); i++) {
		struct reader r = {.arena = arena, .error = error, .btf = btf, .table = copy, .size = blob.size};

		if (open_table(&r, header, i, tables[i]))
			return error_in(error, ".BTF.ext: %s", table_rules[i].name);
	}
	return 0;
}

u32 btf_ext_first(const struct btf_ext_block *block, u64 offset)
{
	u32 key = (u32)offset;

	if (offset > U32_MAX)
		return block->count;
	return (u32)sort_find(block->records, block->count, block->record_size, &key, compare_records);
}

const struct bpf_line_info *btf_ext_line_at(const struct btf_ext_block *block, u64 offset)
{
	u32 behind = block ? btf_ext_first(block, offset + 1) : 0;
	const struct bpf_line_info *line;

	if (!behind)
		return NULL;
	line = btf_ext_record(block, behind - 1);
	return BPF_LINE_INFO_LINE_NUM(line->line_col) ? line : NULL;
}
