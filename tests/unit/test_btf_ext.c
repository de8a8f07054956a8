/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_btf_ext.c: .BTF.ext that is right, and .BTF.ext that breaks each rule by itself.
 *
 * The good one, made by hand, of which each test breaks a word (byte offsets; names and types in make_btf()):
 *
 *	0	header: magic, hdr_len 32, func_info 0+20, line_info 20+28, core_relo 48+28
 *	32	func_info: rec_size 8;  section "code", 1 record:  insn_off 0, type_id
 *	52	line_info: rec_size 16; section "code", 1 record:  insn_off 0, file_name, line, line_col
 *	80	core_relo: rec_size 16; section "code", 1 record:  insn_off 8, type_id, access_str, kind
 */
#include "blob.h"
#include "base/memory.h"
#include "base/string.h"
#include "object/btf_ext.h"

enum { FUNC_INFO = 32, LINE_INFO = 52, CORE_RELO = 80, SIZE = 108, WORDS = SIZE / 4 };

static struct arena arena;
static struct error error;
static struct btf btf;
static struct btf_ext ext;
static u32 good[WORDS];

static int reset(void **state)
{
	(void)state;
	arena_release(&arena);
	error_clear(&error);
	arena_fail_after(-1);
	return arena_live() ? -1 : 0;
}

/* Opens the BTF that the hand-made .BTF.ext refers to, and makes the latter. */
static void make_good(void)
{
	struct blob b = {0};
	u32 integer = blob_int(&b, "int", 4);
	u32 proto = blob_type(&b, "", BTF_KIND_FUNC_PROTO, 0, integer);
	u32 func = blob_type(&b, "function", BTF_KIND_FUNC, 0, proto);
	u32 code = blob_string(&b, "code"), file = blob_string(&b, "file.c"), line = blob_string(&b, "return 0;");
	u32 access = blob_string(&b, "0:1");
	const u32 words[WORDS] = {
		1 << 16 | BTF_MAGIC, 32, 0, 20, 20, 28, 48, 28, /* */
		8, code, 1, 0, func,                            /* func_info */
		16, code, 1, 0, file, line, 12 << 10 | 3,       /* line_info */
		16, code, 1, 8, integer, access, 0,             /* core_relo */
	};

	memcpy(good, words, sizeof(words));
	assert_no_error(&error, btf_open(&arena, &error, blob_finish(&b), &btf));
	blob_free(&b);
}

static int open_bytes(const void *data, size_t size)
{
	u8 *copy = exact_copy(data, size);
	int err = btf_ext_open(&arena, &error, (struct bytes){copy, size}, &btf, &ext);

	free(copy);
	return err;
}

/* The good one with the word at byte offset `at` changed is refused. */
static void refuse(size_t at, u32 value, const char *message)
{
	u32 was = good[at / 4];

	good[at / 4] = value;
	assert_error(&error, open_bytes(good, sizeof(good)), EINVAL, message);
	good[at / 4] = was;
}

static void reads_all_tables(void **state)
{
	const struct bpf_core_relo *relo;
	const struct bpf_func_info *func;
	const struct bpf_line_info *line;

	(void)state;
	make_good();
	assert_no_error(&error, open_bytes(good, sizeof(good)));
	assert_int_equal(ext.func_info.block_count, 1);
	assert_int_equal(ext.line_info.block_count, 1);
	assert_int_equal(ext.core_relo.block_count, 1);
	assert_string_equal(ext.func_info.blocks[0].section_name, "code");
	assert_int_equal(ext.core_relo.blocks[0].count, 1);
	assert_int_equal(ext.core_relo.blocks[0].record_size, 16);
	func = btf_ext_record(&ext.func_info.blocks[0], 0);
	assert_string_equal(btf_name(&btf, func->type_id), "function");
	line = btf_ext_record(&ext.line_info.blocks[0], 0);
	assert_string_equal(btf_string(&btf, line->line_off), "return 0;");
	assert_int_equal(BPF_LINE_INFO_LINE_NUM(line->line_col), 12);
	assert_int_equal(BPF_LINE_INFO_LINE_COL(line->line_col), 3);
	relo = btf_ext_record(&ext.core_relo.blocks[0], 0);
	assert_string_equal(btf_string(&btf, relo->access_str_off), "0:1");
}

static void header_rules(void **state)
{
	char message[80];

	(void)state;
	make_good();
	for (size_t size = 0; size < 24; size++) {
		snprintf(message, sizeof(message), ".BTF.ext: it has %zu bytes, a header alone takes 24", size);
		assert_error(&error, open_bytes(good, size), EINVAL, message);
	}
	refuse(0, 1 << 16 | 0x9feb, ".BTF.ext: magic (in this machine's byte order) is 0x9feb");
	refuse(0, 2 << 16 | BTF_MAGIC, ".BTF.ext: version is 0x2, expected 0x1");
	refuse(0, 1u << 24 | 1 << 16 | BTF_MAGIC, ".BTF.ext: flags is 0x1, expected 0x0");
	refuse(4, 0, ".BTF.ext: hdr_len is 0, expected 24 to 108");
	refuse(4, 23, ".BTF.ext: hdr_len is 23, expected 24 to 108");
	refuse(4, 109, ".BTF.ext: hdr_len is 109, expected 24 to 108");
	refuse(4, 0xffffffff, ".BTF.ext: hdr_len is 4294967295");
}

/* libbpf 71208c33: core_relo's two words belong to the header only if hdr_len covers both. */
static void short_header(void **state)
{
	static const u32 lengths[] = {24, 28};

	(void)state;
	make_good();
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		u32 back = 32 - lengths[i];

		good[1] = lengths[i];
		good[2] = back; /* offsets count from the end of the header */
		good[4] = 20 + back;
		assert_no_error(&error, open_bytes(good, sizeof(good)));
		assert_int_equal(ext.line_info.block_count, 1);
		assert_int_equal(ext.core_relo.block_count, 0);
	}
	/* A header alone. */
	good[1] = 24;
	good[3] = good[5] = 0;
	assert_no_error(&error, open_bytes(good, 24));
	assert_int_equal(ext.func_info.block_count + ext.line_info.block_count + ext.core_relo.block_count, 0);
}

/* A longer header than ours is a newer one. */
static void longer_header(void **state)
{
	u32 words[WORDS + 2];

	(void)state;
	make_good();
	memcpy(words, good, 32);
	words[1] = 40;
	words[8] = words[9] = 0xffffffff;
	memcpy(words + 10, good + 8, SIZE - 32);
	assert_no_error(&error, open_bytes(words, sizeof(words)));
	assert_int_equal(ext.core_relo.block_count, 1);
}

static void table_ranges(void **state)
{
	(void)state;
	make_good();
	refuse(12, 0xffffffff, ".BTF.ext: func_info: 4294967295 bytes at 32 reach beyond 108");
	refuse(8, 0xfffffff0, ".BTF.ext: func_info: 20 bytes at 4294967312 reach beyond");
	refuse(16, 0xffffffe0, ".BTF.ext: line_info: 28 bytes at 4294967296 reach beyond");
	refuse(28, 29, ".BTF.ext: core_relo: 29 bytes at 80 reach beyond 108");
	refuse(16, 21, ".BTF.ext: line_info: it begins at offset 53, expected a multiple of 4");
}

static void record_sizes(void **state)
{
	(void)state;
	make_good();
	refuse(FUNC_INFO, 0, ".BTF.ext: func_info: record size is 0, expected a multiple of 4 from 8");
	refuse(FUNC_INFO, 4, ".BTF.ext: func_info: record size is 4, expected a multiple of 4 from 8");
	refuse(FUNC_INFO, 9, ".BTF.ext: func_info: record size is 9, expected a multiple of 4 from 8");
	refuse(LINE_INFO, 12, ".BTF.ext: line_info: record size is 12, expected a multiple of 4 from 16");
	refuse(CORE_RELO, 12, ".BTF.ext: core_relo: record size is 12, expected a multiple of 4 from 16");
	refuse(CORE_RELO, 0xfffffffc, "core_relo: block at offset 0: 4294967292 bytes at 12 reach beyond 28");
	/* A length that holds less than a record size. */
	refuse(12, 3, ".BTF.ext: func_info: 4 bytes at 0 reach beyond 3");
	refuse(12, 8, ".BTF.ext: func_info: block at offset 0: 8 bytes at 4 reach beyond 8");
}

/* A number of records is a claim; nothing is allocated or read for it before it is checked (cilium f85b5500). */
static void record_counts(void **state)
{
	(void)state;
	make_good();
	refuse(FUNC_INFO + 8, 2, "func_info: block at offset 0: 16 bytes at 12 reach beyond 20");
	refuse(FUNC_INFO + 8, 0xffffffff, "34359738360 bytes at 12 reach beyond 20");
	refuse(FUNC_INFO + 8, 0x20000000,
		"4294967296 bytes at 12 reach beyond 20"); /* their product wraps in 32 bits */
	refuse(LINE_INFO + 8, 0x10000000, "4294967296 bytes at 12 reach beyond");
	/* No records: then what follows is the head of another block, here of nonsense. */
	refuse(FUNC_INFO + 8, 0, "func_info: block at offset 8: 24 bytes at 20 reach beyond 20");
}

static void names_and_types(void **state)
{
	(void)state;
	make_good();
	refuse(FUNC_INFO + 4, btf.strings_len, "func_info: block at offset 0: section's name at");
	refuse(FUNC_INFO + 4, 0xffffffff, "section's name at 4294967295, but there are");
	refuse(FUNC_INFO + 16, 99, "section 'code': record 0: names type 99, but there are 4");
	refuse(FUNC_INFO + 16, 1, "section 'code': record 0: names type 1, of kind int, expected func");
	refuse(FUNC_INFO + 12, 4, "section 'code': record 0: offset 4 is inside an instruction");
	refuse(LINE_INFO + 16, 9999,
		"line_info: block at offset 0: section 'code': record 0: name at 9999, but there are");
	refuse(LINE_INFO + 20, 9999,
		"line_info: block at offset 0: section 'code': record 0: name at 9999, but there are");
	refuse(CORE_RELO + 16, 4,
		"core_relo: block at offset 0: section 'code': record 0: names type 4, but there are 4");
	refuse(CORE_RELO + 20, 9999, "core_relo: block at offset 0: section 'code': record 0: name at 9999");
	refuse(CORE_RELO + 12, 9,
		"core_relo: block at offset 0: section 'code': record 0: offset 9 is inside an instruction");
}

/* Records longer than we know, several blocks, and a line for every place between them. */
/* In the first block of that name. */
static const struct bpf_line_info *line_at(const char *section, u64 offset)
{
	const struct btf_ext_table *table = &ext.line_info;
	u32 b = 0;

	while (b < table->block_count && strcmp(table->blocks[b].section_name, section) != 0)
		b++;
	return btf_ext_line_at(b < table->block_count ? &table->blocks[b] : NULL, offset);
}

static void lines(void **state)
{
	const u32 code = good[9], file = good[17];
	u32 words[64] = {1 << 16 | BTF_MAGIC, 24, 0, 0, 0, 0};
	u32 n = 6;
	const struct {
		u64 offset;
		u32 line;
	} cases[] = {{0, 0}, {7, 0}, {8, 1}, {16, 1}, {24, 1}, {39, 1}, {40, 3}, {55, 3}, {56, 0}, {0xffffffff, 0}};

	(void)state;
	make_good();
	words[n++] = 20; /* four bytes more than the kernel's struct */
	words[n++] = code, words[n++] = 3;
	words[n++] = 8, words[n++] = file, words[n++] = 0, words[n++] = 1 << 10, words[n++] = 77;
	words[n++] = 40, words[n++] = file, words[n++] = 0, words[n++] = 3 << 10, words[n++] = 77;
	words[n++] = 56, words[n++] = file, words[n++] = 0, words[n++] = 5, words[n++] = 77; /* line 0, column 5 */
	words[n++] = file, words[n++] = 1; /* a block of another section */
	words[n++] = 0, words[n++] = file, words[n++] = 0, words[n++] = 9 << 10, words[n++] = 77;
	words[n++] = code, words[n++] = 1; /* and one more of the first */
	words[n++] = 24, words[n++] = file, words[n++] = 0, words[n++] = 4 << 10, words[n++] = 77;
	words[5] = (n - 6) * 4;
	assert_no_error(&error, open_bytes(words, n * 4));
	assert_int_equal(ext.line_info.block_count, 3);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct bpf_line_info *line = line_at("code", cases[i].offset);

		assert_int_equal(line ? BPF_LINE_INFO_LINE_NUM(line->line_col) : 0, cases[i].line);
	}
	assert_int_equal(BPF_LINE_INFO_LINE_NUM(line_at("file.c", 0)->line_col), 9);
	assert_int_equal(BPF_LINE_INFO_LINE_NUM(btf_ext_line_at(&ext.line_info.blocks[2], 24)->line_col), 4);
	assert_null(line_at("nowhere", 0));
}

static void without_memory(void **state)
{
	long n;

	(void)state;
	make_good();
	for (n = 0;; n++) {
		int err;

		arena_fail_after(n);
		err = open_bytes(good, sizeof(good));
		if (!err)
			break;
		assert_error(&error, err, ENOMEM, "no memory left");
	}
	assert_int_equal(n, 4); /* the copy and three arrays of blocks */
}

static struct bytes open_fixture(void)
{
	struct bytes blob = blob_of(FIXTURES "types.bpf.o", ".BTF");

	assert_no_error(&error, btf_open(&arena, &error, blob, &btf));
	bytes_free(blob);
	return blob_of(FIXTURES "types.bpf.o", ".BTF.ext");
}

static void compiled(void **state)
{
	struct bytes blob = open_fixture();
	const struct bpf_line_info *line;
	u32 accesses = 0;

	(void)state;
	assert_no_error(&error, btf_ext_open(&arena, &error, blob, &btf, &ext));
	bytes_free(blob);
	assert_int_equal(ext.func_info.block_count, 3); /* .text and two sections */
	assert_int_equal(ext.core_relo.block_count, 2);
	for (u32 i = 0; i < ext.core_relo.block_count; i++)
		accesses += ext.core_relo.blocks[i].count;
	assert_int_equal(accesses, 4); /* ctx->parent, ->pid, ctx->pid; ctx->pid */
	line = line_at("kprobe/two", 0);
	assert_non_null(line);
	assert_non_null(strstr(btf_string(&btf, line->file_name_off), "types.bpf.c"));
	assert_non_null(strstr(btf_string(&btf, line->line_off), "return ctx->pid"));
}

static void open_either_way(struct bytes bytes)
{
	struct arena inner = {0};
	int err = btf_ext_open(&inner, &error, bytes, &btf, &ext);
	const struct btf_ext_table *tables[] = {&ext.func_info, &ext.line_info, &ext.core_relo};
	u32 sum = 0;

	for (int t = 0; !err && t < 3; t++)
		for (u32 b = 0; b < tables[t]->block_count; b++)
			for (u32 i = 0; i < tables[t]->blocks[b].count; i++) {
				const u8 *record = btf_ext_record(&tables[t]->blocks[b], i);

				for (u32 n = 0; n < tables[t]->blocks[b].record_size; n++)
					sum += record[n];
			}
	if (!err)
		line_at("kprobe/two", 8);
	else if (!str_starts(error.message, ".BTF.ext: "))
		fail_msg("%s", error.message);
	assert_true(err == -error.errnum && sum != 1);
	error_clear(&error);
	arena_release(&inner);
}

static void every_truncation(void **state)
{
	struct bytes blob = open_fixture();

	(void)state;
	for (size_t size = 0; size <= blob.size; size++) {
		u8 *copy = exact_copy(blob.data, size);

		open_either_way((struct bytes){copy, size});
		free(copy);
	}
	bytes_free(blob);
}

static void every_word_changed(void **state)
{
	struct bytes blob = open_fixture();
	u8 *bytes = exact_copy(blob.data, blob.size);
	const u32 n = (u32)blob.size;

	(void)state;
	for (size_t at = 0; at + 4 <= blob.size; at += 4) {
		const u32 was = load_u32(blob.data + at);
		const u32 values[] = {0, 1, 0xffffffff, 0xfffffffe, 0x7fffffff, 0x80000000, n - 1, n, n + 1, was - 1,
			was + 1, was + 4, was * 2, btf.type_count, btf.strings_len, 0x20000000};

		for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
			memcpy(bytes + at, &values[i], 4);
			open_either_way((struct bytes){bytes, blob.size});
		}
		memcpy(bytes + at, &was, 4);
	}
	free(bytes);
	bytes_free(blob);
}

#define EACH(function) cmocka_unit_test_setup_teardown(function, reset, reset)

int main(void)
{
	return RUN(EACH(reads_all_tables), EACH(header_rules), EACH(short_header), EACH(longer_header),
		EACH(table_ranges), EACH(record_sizes), EACH(record_counts), EACH(names_and_types), EACH(lines),
		EACH(without_memory), EACH(compiled), EACH(every_truncation), EACH(every_word_changed));
}
