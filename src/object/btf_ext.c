/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_ext.c: .BTF.ext, what the compiler knows about single instructions. See btf_ext.h for the drawing.
 *
 * The three tables are alike: what differs is which words of a record are strings or types. So one loop reads all
 * of them, twice: first to check everything and count the blocks, then to note where they are.
 *
 *	rec_size | sec_name_off num_info  record record | sec_name_off num_info  record …
 *	         | <---------- one block ------------> |
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/sort.h"
#include "base/string.h"
#include "object/btf_ext.h"
#include "object/check.h"

#define INSN_SIZE sizeof(struct bpf_insn)
#define WORD(i)   (1u << (i))

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
	{"func_info", {.words = 2, .types = WORD(1), .kinds = 1u << BTF_KIND_FUNC}},
	{"line_info", {.words = 4, .names = WORD(1) | WORD(2)}},
	{"core_relo", {.words = 4, .types = WORD(1), .names = WORD(2)}},
};

/* A table while it is read. */
struct cursor {
	u8 *table;
	u64 at, size;
};

/* The next `len` bytes, which are then behind the cursor. NULL with a message if there are not so many. */
static u8 *take(struct error *error, struct cursor *c, u64 len)
{
	u8 *bytes = c->table + c->at;

	if (check_range(error, c->at, len, c->size))
		return NULL;
	c->at += len;
	return bytes;
}

static int check_record(
	const struct btf *btf, struct error *error, const struct table_rule *rule, const u8 *record, u32 i)
{
	const u32 *words = (const u32 *)record;
	int err;

	if (words[0] % INSN_SIZE)
		err = error_set(error, EINVAL, "offset %u is inside an instruction", words[0]);
	else
		err = btf_check_row(btf, error, words, &rule->row);
	return err ? error_in(error, "record %u", i) : 0;
}

/* One block: its name and the number of its records are good once this returns 0, and the cursor is behind it. */
static int next_block(
	const struct btf *btf, struct error *error, struct cursor *c, u32 record_size, struct btf_ext_block *block)
{
	const u8 *head = take(error, c, 2 * sizeof(u32));
	u32 name;

	if (!head)
		return -EINVAL;
	name = load_u32(head);
	block->count = load_u32(head + sizeof(u32));
	block->record_size = record_size;
	block->records = take(error, c, (u64)block->count * record_size);
	if (!block->records || check_index(error, "section's name at", name, btf->strings_len))
		return -EINVAL;
	block->section_name = btf_string(btf, name);
	return 0;
}

static int check_block(
	const struct btf *btf, struct error *error, const struct table_rule *rule, const struct btf_ext_block *block)
{
	for (u32 i = 0; i < block->count; i++)
		if (check_record(btf, error, rule, btf_ext_record(block, i), i))
			return error_in(error, "section '%s'", block->section_name);
	return 0;
}

/* Counts and checks the blocks of a table. Nothing is allocated for what is not there. */
static int count_blocks(const struct btf *btf, struct error *error, const struct table_rule *rule, struct cursor c,
	u32 record_size, u32 *count)
{
	struct btf_ext_block block;

	for (*count = 0; c.at < c.size; ++*count) {
		u32 offset = (u32)(c.at - sizeof(record_size));

		if (next_block(btf, error, &c, record_size, &block) || check_block(btf, error, rule, &block))
			return error_in(error, "block at offset %u", offset);
	}
	return 0;
}

/* The record size in front of the blocks. The kernel wants whole words, too: kernel/bpf/verifier.c:check_btf_func(). */
static int read_record_size(struct error *error, const struct table_rule *rule, struct cursor *c, u32 *record_size)
{
	u32 least = rule->row.words * (u32)sizeof(u32);
	const u8 *bytes = take(error, c, sizeof(*record_size));

	if (!bytes)
		return -EINVAL;
	*record_size = load_u32(bytes);
	if (*record_size >= least && !(*record_size % sizeof(u32)))
		return 0;
	return error_set(error, EINVAL, "record size is %u, expected a multiple of 4 from %u", *record_size, least);
}

/* Every record begins with insn_off. Compilers write them in order; searching relies on it. */
static int compare_records(const void *a, const void *b)
{
	return compare_u64(load_u32(a), load_u32(b));
}

static int read_table(struct arena *arena, struct error *error, const struct btf *btf, const struct table_rule *rule,
	struct cursor c, struct btf_ext_table *table)
{
	u32 record_size, count;
	int err = read_record_size(error, rule, &c, &record_size);

	err = err ? err : count_blocks(btf, error, rule, c, record_size, &count);
	if (err)
		return err;
	table->blocks = arena_alloc_array(arena, count, sizeof(*table->blocks));
	if (!table->blocks)
		return error_no_memory(error);
	while (table->block_count < count) {
		struct btf_ext_block *block = &table->blocks[table->block_count++];

		next_block(btf, error, &c, record_size, block);
		sort(block->records, block->count, record_size, compare_records);
	}
	return 0;
}

/* The header, as far as it goes: a table that hdr_len does not cover has no bytes. */
static int read_header(struct error *error, struct bytes blob, struct ext_header *header)
{
	int err = btf_check_header(error, blob, HEADER_MIN);

	if (err)
		return err;
	*header = (struct ext_header){0};
	memcpy(header, blob.data, HEADER_MIN);
	if (header->hdr_len >= sizeof(*header))
		memcpy(header, blob.data, sizeof(*header));
	return 0;
}

static int open_table(struct arena *arena, struct error *error, const struct btf *btf, const struct ext_header *header,
	u8 *copy, u64 size, u32 i, struct btf_ext_table *table)
{
	/* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): read_header() has filled it in */
	u64 start = (u64)header->hdr_len + header->tables[i].off;
	u32 len = header->tables[i].len;

	*table = (struct btf_ext_table){0};
	if (!len)
		return 0;
	if (check_range(error, start, len, size))
		return -EINVAL;
	if (start % sizeof(u32))
		return error_set(error, EINVAL, "it begins at offset %llu, expected a multiple of 4", start);
	return read_table(arena, error, btf, &table_rules[i], (struct cursor){copy + start, 0, len}, table);
}

int btf_ext_open(
	struct arena *arena, struct error *error, struct bytes blob, const struct btf *btf, struct btf_ext *ext)
{
	struct btf_ext_table *tables[] = {&ext->func_info, &ext->line_info, &ext->core_relo};
	struct ext_header header;
	u8 *copy;

	if (read_header(error, blob, &header))
		return error_in(error, ".BTF.ext");
	copy = arena_copy(arena, blob.data, blob.size);
	if (!copy)
		return error_no_memory(error);
	for (u32 i = 0; i < ARRAY_SIZE(tables); i++)
		if (open_table(arena, error, btf, &header, copy, blob.size, i, tables[i]))
			return error_in(error, ".BTF.ext: %s", table_rules[i].name);
	return 0;
}

u32 btf_ext_first(const struct btf_ext_block *block, u64 offset)
{
	u32 low = 0, high = block->count;

	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (load_u32(btf_ext_record(block, middle)) < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct bpf_line_info *btf_ext_line_at(const struct btf_ext *ext, const char *section_name, u64 offset)
{
	const struct bpf_line_info *best = NULL;

	for (u32 b = 0; b < ext->line_info.block_count; b++) {
		const struct btf_ext_block *block = &ext->line_info.blocks[b];
		u32 behind = str_equal(block->section_name, section_name)
				     ? btf_ext_first(block, offset == U64_MAX ? offset : offset + 1)
				     : 0;
		const struct bpf_line_info *line = behind ? btf_ext_record(block, behind - 1) : NULL;

		if (line && (!best || line->insn_off >= best->insn_off))
			best = line;
	}
	return best;
}
