/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_btf.c: BTF that is right, and BTF that breaks each rule by itself; every truncation; every field changed.
 */
#include "blob.h"
#include "base/memory.h"
#include "base/string.h"

static struct arena arena;
static struct error error;
static struct btf btf;

static int reset(void **state)
{
	(void)state;
	arena_release(&arena);
	error_clear(&error);
	arena_fail_after(-1);
	return arena_live() ? -1 : 0;
}

static int open_blob(struct blob *b)
{
	return btf_open(&arena, &error, blob_finish(b), &btf);
}

/* Opens, expects that failure, and forgets the blob. */
static void refuse(struct blob *b, const char *message)
{
	assert_error(&error, open_blob(b), EINVAL, message);
	blob_free(b);
}

/* struct pair { int a; int b; }, const pair, pair_t, pair_t[3], and a tangle of others. */
struct ids {
	u32 integer, pair, constant, alias, array, pointer, proto, func, var, datasec, loop, fwd, decl_tag, type_tag,
		enum64, real, enumeration;
};

static struct ids make_types(struct blob *b)
{
	struct ids t;

	t.integer = blob_int(b, "int", 4);
	t.pair = blob_type(b, "pair", BTF_KIND_STRUCT, 2, 8);
	blob_words(b, blob_string(b, "a"), t.integer, 0);
	blob_words(b, blob_string(b, "b"), t.integer, 32);
	t.constant = blob_type(b, "", BTF_KIND_CONST, 0, t.pair);
	t.alias = blob_type(b, "pair_t", BTF_KIND_TYPEDEF, 0, t.constant);
	t.array = blob_type(b, "", BTF_KIND_ARRAY, 0, 0);
	blob_words(b, t.alias, t.integer, 3);
	t.pointer = blob_type(b, "", BTF_KIND_PTR, 0, 0);
	t.proto = blob_type(b, "", BTF_KIND_FUNC_PROTO, 1, t.integer);
	blob_words(b, blob_string(b, "argument"), t.pointer);
	t.func = blob_type(b, "function", BTF_KIND_FUNC, BTF_FUNC_GLOBAL, t.proto);
	t.var = blob_type(b, "variable", BTF_KIND_VAR, 0, t.array);
	blob_word(b, BTF_VAR_GLOBAL_ALLOCATED);
	t.datasec = blob_type(b, ".data", BTF_KIND_DATASEC, 1, 24);
	blob_words(b, t.var, 0, 24);
	t.loop = blob_type(b, "loop", BTF_KIND_TYPEDEF, 0, b->type_count + 1);
	t.fwd = blob_type(b, "forward", BTF_KIND_FWD, 0, 0);
	t.decl_tag = blob_type(b, "tag", KIND_DECL_TAG, 0, t.pair);
	blob_word(b, 0xffffffff);
	t.type_tag = blob_type(b, "user", KIND_TYPE_TAG, 0, t.alias);
	t.enum64 = blob_type(b, "large", KIND_ENUM64, 1, 8);
	blob_words(b, blob_string(b, "HUGE"), 1, 2);
	t.real = blob_type(b, "double", BTF_KIND_FLOAT, 0, 8);
	t.enumeration = blob_type(b, "color", BTF_KIND_ENUM, 2, 4);
	blob_words(b, blob_string(b, "RED"), 0, blob_string(b, "GREEN"), 1);
	return t;
}

static void reads_every_kind(void **state)
{
	struct blob b = {0};
	struct ids t = make_types(&b);

	(void)state;
	assert_no_error(&error, open_blob(&b));
	assert_int_equal(btf.type_count, b.type_count + 1);
	assert_int_equal(btf_kind(btf_type(&btf, 0)), 0);
	assert_string_equal(btf_name(&btf, 0), "");
	assert_string_equal(btf_name(&btf, t.pair), "pair");
	assert_int_equal(btf_vlen(btf_type(&btf, t.pair)), 2);
	assert_string_equal(btf_string(&btf, btf_members(btf_type(&btf, t.pair))[1].name_off), "b");
	assert_int_equal(btf_array(btf_type(&btf, t.array))->nelems, 3);
	assert_string_equal(btf_string(&btf, btf_params(btf_type(&btf, t.proto))[0].name_off), "argument");
	assert_int_equal(btf_var(btf_type(&btf, t.var))->linkage, BTF_VAR_GLOBAL_ALLOCATED);
	assert_int_equal(btf_secinfos(btf_type(&btf, t.datasec))[0].type, t.var);
	assert_int_equal(btf_enum64s(btf_type(&btf, t.enum64))->val_hi32, 2);
	assert_int_equal(btf_enums(btf_type(&btf, t.enumeration))[1].val, 1);
	assert_int_equal(btf_int_word(btf_type(&btf, t.integer)), 32);
	assert_string_equal(btf_kind_name(btf_kind(btf_type(&btf, t.alias))), "typedef");
	assert_string_equal(btf_kind_name(KIND_ENUM64), "enum64");
	assert_string_equal(btf_kind_name(20), "unknown");
	assert_string_equal(btf_kind_name(127), "unknown");
	blob_free(&b);
	/* The blob is gone, the copy stays; and it may be changed. */
	btf.index[t.pair]->size = 9;
	assert_int_equal(btf_type(&btf, t.pair)->size, 9);
}

static void resolves(void **state)
{
	struct blob b = {0};
	struct ids t = make_types(&b);

	(void)state;
	btf_open(&arena, &error, blob_finish(&b), &btf);
	btf.index[t.loop]->type = t.loop; /* a typedef of itself */
	assert_int_equal(btf_resolve(&btf, t.alias), t.pair);
	assert_int_equal(btf_resolve(&btf, t.type_tag), t.pair);
	assert_int_equal(btf_resolve(&btf, t.pair), t.pair);
	assert_int_equal(btf_resolve(&btf, t.array), t.array);
	assert_int_equal(btf_resolve(&btf, 0), 0);
	assert_int_equal(btf_resolve(&btf, t.loop), 0);
	blob_free(&b);
}

static void sizes(void **state)
{
	struct blob b = {0};
	struct ids t = make_types(&b);
	const struct {
		u32 id;
		bool ok;
		u64 size;
	} cases[] = {
		{0, false, 0},
		{t.integer, true, 4},
		{t.pair, true, 8},
		{t.constant, true, 8},
		{t.alias, true, 8},
		{t.array, true, 24},
		{t.pointer, true, 8},
		{t.proto, false, 0},
		{t.func, false, 0},
		{t.var, true, 24},
		{t.datasec, true, 24},
		{t.fwd, false, 0},
		{t.type_tag, true, 8},
		{t.enum64, true, 8},
		{t.real, true, 8},
		{t.enumeration, true, 4},
		{t.loop, false, 0},
		{t.decl_tag, false, 0},
	};

	(void)state;
	assert_no_error(&error, open_blob(&b));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		u64 size = 0;

		assert_int_equal(btf_size_of(&btf, cases[i].id, &size), cases[i].ok);
		assert_int_equal(cases[i].ok ? size : 0, cases[i].size);
	}
	blob_free(&b);
}

/* An array of an array … of 2^32-1 elements each does not fit 64 bits; an array of itself has no end. */
static void sizes_that_overflow(void **state)
{
	struct blob b = {0};
	u32 id = blob_int(&b, "int", 4), self;
	u64 size;

	(void)state;
	for (int i = 0; i < 3; i++) {
		u32 next = blob_type(&b, "", BTF_KIND_ARRAY, 0, 0);

		blob_words(&b, id, 1, 0xffffffff);
		id = next;
	}
	self = blob_type(&b, "", BTF_KIND_ARRAY, 0, 0);
	blob_words(&b, self, 1, 1);
	assert_no_error(&error, open_blob(&b));
	assert_true(btf_size_of(&btf, 2, &size) && size == 0xffffffffULL * 4);
	assert_false(btf_size_of(&btf, id - 1, &size)); /* (2^32-1)^2 fits, four times that does not */
	assert_false(btf_size_of(&btf, id, &size));
	assert_false(btf_size_of(&btf, self, &size));
	blob_free(&b);
}

static void finds_by_kind_and_name(void **state)
{
	struct blob b = {0};
	struct ids t = make_types(&b);

	(void)state;
	assert_no_error(&error, open_blob(&b));
	assert_int_equal(btf_find(&btf, BTF_KIND_STRUCT, "pair"), t.pair);
	assert_int_equal(btf_find(&btf, BTF_KIND_UNION, "pair"), 0);
	assert_int_equal(btf_find(&btf, BTF_KIND_STRUCT, "pai"), 0);
	assert_int_equal(btf_find(&btf, BTF_KIND_CONST, ""), t.constant);
	blob_free(&b);
	/* In a table without types, too. */
	assert_no_error(&error, open_blob(&b));
	assert_int_equal(btf_find(&btf, BTF_KIND_STRUCT, "pair"), 0);
	blob_free(&b);
}

static void bit_fields(void **state)
{
	struct btf_type plain = {.info = BTF_KIND_STRUCT << 24}, flagged = {.info = BTF_KIND_STRUCT << 24 | 1u << 31};
	struct btf_member member = {.offset = 3u << 24 | 37};

	(void)state;
	assert_int_equal(btf_member_bit_offset(&flagged, &member), 37);
	assert_int_equal(btf_member_bit_width(&flagged, &member), 3);
	assert_int_equal(btf_member_bit_offset(&plain, &member), 3u << 24 | 37);
	assert_int_equal(btf_member_bit_width(&plain, &member), 0);
}

/* A header alone, with strings or without, is what a module without types of its own has (cilium #1818). */
static void empty_is_valid(void **state)
{
	struct blob b = {0};

	(void)state;
	assert_no_error(&error, open_blob(&b));
	assert_int_equal(btf.type_count, 1);
	assert_int_equal(btf.strings_len, 0);
	assert_string_equal(btf_name(&btf, 0), "");
	b.strings_len = 1;
	assert_no_error(&error, open_blob(&b));
	assert_int_equal(btf.strings_len, 1);
	blob_free(&b);
}

/* Linux 7.1 appends layout_off and layout_len to the header. */
static void longer_header(void **state)
{
	struct blob b = {.header.hdr_len = 32, .header_tail = {0xdeadbeef, 0xffffffff}};
	struct ids t = make_types(&b);

	(void)state;
	assert_no_error(&error, open_blob(&b));
	assert_string_equal(btf_name(&btf, t.pair), "pair");
	blob_free(&b);
}

static void header_rules(void **state)
{
	struct blob b = {0};
	struct bytes bytes;
	char message[64];

	(void)state;
	for (size_t size = 0; size < sizeof(struct btf_header); size++) {
		u8 *copy = exact_copy(blob_finish(&b).data, size);

		snprintf(message, sizeof(message), ".BTF: it has %zu bytes, a header alone takes 24", size);
		assert_error(&error, btf_open(&arena, &error, (struct bytes){copy, size}, &btf), EINVAL, message);
		free(copy);
	}
	b.header.magic = __builtin_bswap16(BTF_MAGIC);
	refuse(&b, ".BTF: magic (in this machine's byte order) is 0x9feb");
	b.header.magic = 0x1234;
	refuse(&b, ".BTF: magic (in this machine's byte order) is 0x1234, expected 0xeb9f");
	b.header.version = 2;
	refuse(&b, ".BTF: version is 0x2, expected 0x1");
	b.header.flags = 0x80;
	refuse(&b, ".BTF: flags is 0x80, expected 0x0");
	b.header.hdr_len = 23;
	refuse(&b, ".BTF: hdr_len is 23, expected 24 to 24");
	b.header.hdr_len = 0xffffffff; /* cilium #2022 */
	refuse(&b, ".BTF: hdr_len is 4294967295, expected 24 to 24");
	/* hdr_len 0 is what blob_finish() fills in, so by hand: */
	bytes = blob_finish(&b);
	memset(b.finished + offsetof(struct btf_header, hdr_len), 0, 4);
	assert_error(&error, btf_open(&arena, &error, bytes, &btf), EINVAL, "hdr_len is 0");
	blob_free(&b);
}

/* Offsets and lengths whose 32-bit sums wrap around to something small (CVE-2026-10722, libbpf 19d260d1). */
static void table_ranges(void **state)
{
	struct blob b = {0};

	(void)state;
	blob_int(&b, "int", 4);
	b.header.type_len = 0xfffffffc;
	refuse(&b, ".BTF: types: 4294967292 bytes at 24 reach beyond 45");
	blob_int(&b, "int", 4);
	b.header.type_off = 0xfffffff0;
	refuse(&b, ".BTF: types: 16 bytes at 4294967304 reach beyond");
	blob_int(&b, "int", 4);
	b.header.type_off = 0xfffffff0;
	b.header.type_len = 0x20;
	refuse(&b, ".BTF: types: 32 bytes at 4294967304 reach beyond");
	blob_int(&b, "int", 4);
	b.header.str_len = 6;
	refuse(&b, ".BTF: strings: 6 bytes at 40 reach beyond 45");
	blob_int(&b, "int", 4);
	b.header.str_off = 0xfffffff8;
	b.header.str_len = 8;
	refuse(&b, ".BTF: strings: 8 bytes at 4294967312 reach beyond");
	blob_int(&b, "int", 4);
	b.header.type_off = 2;
	b.header.type_len = 12;
	refuse(&b, ".BTF: types from 26 to");
	blob_int(&b, "int", 4);
	b.header.str_off = 12;
	refuse(&b, ".BTF: types from 24 to 40, expected a multiple of 4, and strings (36) behind");
}

static void string_rules(void **state)
{
	struct blob b = {0};

	(void)state;
	blob_int(&b, "int", 4);
	b.header.str_len = 4;
	refuse(&b, ".BTF: strings do not begin and end with NUL");
	blob_int(&b, "int", 4);
	b.strings[0] = 'x';
	refuse(&b, ".BTF: strings do not begin and end with NUL");
	/* A name needs strings, even the empty one. */
	b.type_count = 1;
	blob_words(&b, 0, BTF_KIND_PTR << 24, 0);
	refuse(&b, ".BTF: type [1] at offset 24: name at 0, but there are 0");
}

static void name_offsets(void **state)
{
	static const struct {
		u32 kind, vlen;
		u32 words[3], name_word;
		const char *message;
	} rows[] = {
		{BTF_KIND_STRUCT, 1, {9999, 1, 0}, 0, "type [2] at offset 40: item 0: name at 9999"},
		{BTF_KIND_UNION, 1, {9999, 1, 0}, 0, "type [2] at offset 40: item 0: name at 9999"},
		{BTF_KIND_ENUM, 1, {9999, 1, 0}, 0, "type [2] at offset 40: item 0: name at 9999"},
		{BTF_KIND_FUNC_PROTO, 1, {9999, 1, 0}, 0, "type [2] at offset 40: item 0: name at 9999"},
		{KIND_ENUM64, 1, {9999, 1, 0}, 0, "type [2] at offset 40: item 0: name at 9999"},
	};
	struct blob b = {0};

	(void)state;
	blob_int(&b, "int", 4);
	blob_word(&b, 9999);
	blob_words(&b, BTF_KIND_PTR << 24, 0);
	refuse(&b, ".BTF: type [2] at offset 40: name at 9999, but there are 5");
	blob_int(&b, "int", 4);
	blob_words(&b, 5, BTF_KIND_PTR << 24, 0); /* one beyond the last */
	refuse(&b, ".BTF: type [2] at offset 40: name at 5, but there are 5");
	blob_int(&b, "int", 4);
	blob_words(&b, 4, BTF_KIND_PTR << 24, 0); /* the last byte: an empty name */
	assert_no_error(&error, open_blob(&b));
	blob_free(&b);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		u32 words = rows[i].kind == BTF_KIND_ENUM || rows[i].kind == BTF_KIND_FUNC_PROTO ? 2 : 3;

		blob_int(&b, "int", 4);
		blob_type(&b, "t", rows[i].kind, rows[i].vlen, 0);
		for (u32 w = 0; w < words; w++)
			blob_word(&b, rows[i].words[w]);
		refuse(&b, rows[i].message);
	}
}

static void type_ids(void **state)
{
	static const u32 kinds[] = {BTF_KIND_PTR, BTF_KIND_TYPEDEF, BTF_KIND_VOLATILE, BTF_KIND_CONST,
		BTF_KIND_RESTRICT, BTF_KIND_FUNC_PROTO, KIND_TYPE_TAG};
	static const u32 beyond[] = {3, 1000, 0x7fffffff, 0xffffffff};
	struct blob b = {0};
	char message[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		for (size_t j = 0; j < ARRAY_SIZE(beyond); j++) {
			snprintf(message, sizeof(message),
				".BTF: type [2] at offset 40: names type %u, but there are 3", beyond[j]);
			blob_int(&b, "int", 4);
			blob_type(&b, "t", kinds[i], 0, beyond[j]);
			refuse(&b, message);
		}
	blob_int(&b, "int", 4);
	blob_type(&b, "v", BTF_KIND_VAR, 0, 77);
	blob_word(&b, 0);
	refuse(&b, "type [2] at offset 40: names type 77, but there are 3");
	blob_int(&b, "int", 4);
	blob_type(&b, "v", KIND_DECL_TAG, 0, 77);
	blob_word(&b, 0);
	refuse(&b, "type [2] at offset 40: names type 77, but there are 3");
	blob_int(&b, "int", 4);
	blob_type(&b, "", BTF_KIND_ARRAY, 0, 0);
	blob_words(&b, 77, 1, 1);
	refuse(&b, "type [2] at offset 40: item 0: names type 77, but there are 3");
	blob_int(&b, "int", 4);
	blob_type(&b, "", BTF_KIND_ARRAY, 0, 0);
	blob_words(&b, 1, 77, 1);
	refuse(&b, "type [2] at offset 40: item 0: names type 77, but there are 3");
	blob_int(&b, "int", 4);
	blob_type(&b, "s", BTF_KIND_STRUCT, 2, 8);
	blob_words(&b, 0, 1, 0, 0, 77, 0);
	refuse(&b, "type [2] at offset 40: item 1: names type 77, but there are 3");
	blob_int(&b, "int", 4);
	blob_type(&b, "", BTF_KIND_FUNC_PROTO, 1, 0);
	blob_words(&b, 0, 77);
	refuse(&b, "type [2] at offset 40: item 0: names type 77, but there are 3");
}

/* What readers of these two kinds rely on: kernel/bpf/btf.c:btf_datasec_resolve() and btf_func_check(). */
static void kinds_named(void **state)
{
	struct blob b = {0};

	(void)state;
	blob_int(&b, "int", 4);
	blob_type(&b, ".data", BTF_KIND_DATASEC, 1, 4);
	blob_words(&b, 1, 0, 4);
	refuse(&b, "type [2] at offset 40: item 0: names type 1, of kind int, expected var");
	blob_int(&b, "int", 4);
	blob_type(&b, ".data", BTF_KIND_DATASEC, 1, 4);
	blob_words(&b, 0, 0, 4);
	refuse(&b, "type [2] at offset 40: item 0: names type 0, of kind void, expected var");
	blob_int(&b, "int", 4);
	blob_type(&b, "f", BTF_KIND_FUNC, 0, 1);
	refuse(&b, "type [2] at offset 40: names type 1, of kind int, expected func_proto");
}

static void unknown_kinds(void **state)
{
	static const u32 kinds[] = {0, 20, 31, 32, 63, 127};
	struct blob b = {0};
	char message[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		snprintf(message, sizeof(message), ".BTF: type [2] at offset 40: kind %u is unknown", kinds[i]);
		blob_int(&b, "int", 4);
		blob_type(&b, "t", kinds[i], 0, 0);
		refuse(&b, message);
	}
}

/* vlen has 24 bits since 9801e029; what it promises must be there. */
static void vlen_beyond_the_section(void **state)
{
	struct blob b = {0};

	(void)state;
	blob_int(&b, "int", 4);
	blob_type(&b, "s", BTF_KIND_STRUCT, 2, 8);
	blob_words(&b, 0, 1, 0);
	refuse(&b, "type [2] at offset 40: 36 bytes at 16 reach beyond 40");
	blob_int(&b, "int", 4);
	blob_type(&b, "s", BTF_KIND_STRUCT, 0xffff, 8);
	refuse(&b, "786432 bytes at 16 reach beyond 28");
	blob_int(&b, "int", 4);
	blob_type(&b, "s", BTF_KIND_STRUCT, 0xffffff, 8);
	refuse(&b, "201326592 bytes at 16 reach beyond 28");
	/* A type cut short by itself. */
	blob_int(&b, "int", 4);
	blob_words(&b, 0, BTF_KIND_PTR << 24);
	refuse(&b, "type [2] at offset 40: 12 bytes at 16 reach beyond");
	blob_int(&b, "int", 4);
	b.word_count--;
	refuse(&b, "type [1] at offset 24: 16 bytes at 0 reach beyond");
}

static void without_memory(void **state)
{
	struct blob b = {0};
	long n;

	(void)state;
	make_types(&b);
	for (n = 0;; n++) {
		int err;

		arena_fail_after(n);
		err = open_blob(&b);
		if (!err)
			break;
		assert_error(&error, err, ENOMEM, ".BTF: no memory");
		arena_release(&arena);
	}
	assert_int_equal(n, 2); /* the copy and the index */
	blob_free(&b);
}

/* The compiler's own: every type reachable, sizes as C has them. */
static void compiled(void **state)
{
	struct bytes blob = blob_of(FIXTURES "types.bpf.o", ".BTF");
	u32 pair, array;
	u64 size;

	(void)state;
	assert_no_error(&error, btf_open(&arena, &error, blob, &btf));
	bytes_free(blob);
	pair = btf_find(&btf, BTF_KIND_STRUCT, "pair");
	assert_true(pair && btf_size_of(&btf, pair, &size) && size == 32);
	assert_int_equal(btf_vlen(btf_type(&btf, pair)), 5);
	assert_int_equal(btf_member_bit_width(btf_type(&btf, pair), &btf_members(btf_type(&btf, pair))[2]), 12);
	assert_int_equal(btf_member_bit_offset(btf_type(&btf, pair), &btf_members(btf_type(&btf, pair))[2]), 35);
	array = btf_find(&btf, BTF_KIND_VAR, "matrix");
	assert_true(array && btf_size_of(&btf, array, &size) && size == 60);
	array = btf_find(&btf, BTF_KIND_VAR, "one");
	assert_int_equal(btf_resolve(&btf, btf_type(&btf, array)->type), pair);
	for (u32 id = 0; id < btf.type_count; id++) {
		assert_true(strlen(btf_name(&btf, id)) < btf.strings_len);
		assert_true(btf_resolve(&btf, id) < btf.type_count);
		btf_size_of(&btf, id, &size);
	}
}

/* Walks everything that a successful open promises to be good, so that the sanitizers see it touched. */
static void touch_all(void)
{
	u64 size, sum = 0;

	for (u32 id = 0; id < btf.type_count; id++) {
		const struct btf_type *t = btf_type(&btf, id);
		const u8 *bytes = (const u8 *)t;

		for (u64 i = 0; i < btf_type_bytes(t); i++)
			sum += bytes[i];
		sum += str_len(btf_name(&btf, id)) + btf_resolve(&btf, id) + btf_size_of(&btf, id, &size);
		for (u32 i = 0; btf_kind(t) == BTF_KIND_DATASEC && i < btf_vlen(t); i++)
			sum += str_len(btf_name(&btf, btf_secinfos(t)[i].type));
		for (u32 i = 0; btf_kind(t) == BTF_KIND_STRUCT && i < btf_vlen(t); i++)
			sum += str_len(btf_string(&btf, btf_members(t)[i].name_off)) +
			       btf_kind(btf_type(&btf, btf_members(t)[i].type));
	}
	assert_true(sum != 1);
}

/* Refused with a message that begins with the section, or good from end to end. */
static void open_either_way(struct bytes bytes)
{
	int err = btf_open(&arena, &error, bytes, &btf);

	if (!err)
		touch_all();
	else if (!str_starts(error.message, ".BTF: "))
		fail_msg("%s", error.message);
	assert_int_equal(err, -error.errnum);
	error_clear(&error);
	arena_release(&arena);
}

static void every_truncation(void **state)
{
	struct bytes blob = blob_of(FIXTURES "types.bpf.o", ".BTF");

	(void)state;
	for (size_t size = 0; size < blob.size; size++) {
		u8 *copy = exact_copy(blob.data, size);

		assert_int_equal(btf_open(&arena, &error, (struct bytes){copy, size}, &btf), -EINVAL);
		error_clear(&error);
		arena_release(&arena);
		free(copy);
	}
	bytes_free(blob);
}

static void every_word_changed(void **state)
{
	struct bytes blob = blob_of(FIXTURES "types.bpf.o", ".BTF");
	u8 *bytes = exact_copy(blob.data, blob.size);
	const u32 n = (u32)blob.size;

	(void)state;
	for (size_t at = 0; at + 4 <= blob.size; at += 4) {
		const u32 was = load_u32(blob.data + at);
		const u32 values[] = {0, 1, 0xffffffff, 0xfffffffe, 0x7fffffff, 0x80000000, n - 1, n, n + 1, was - 1,
			was + 1, was ^ 0x01000000, was ^ 0x10000000, was | 0xffffff, was | 0xffff, btf.type_count, 12,
			24};

		for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
			memcpy(bytes + at, &values[i], 4);
			open_either_way((struct bytes){bytes, blob.size});
		}
		memcpy(bytes + at, &was, 4);
	}
	free(bytes);
	bytes_free(blob);
}

static void every_bit_flipped(void **state)
{
	struct bytes blob = blob_of(FIXTURES "types.bpf.o", ".BTF");
	u8 *bytes = exact_copy(blob.data, blob.size);

	(void)state;
	for (size_t bit = 0; bit < blob.size * 8; bit++) {
		bytes[bit / 8] ^= (u8)(1 << bit % 8);
		open_either_way((struct bytes){bytes, blob.size});
		bytes[bit / 8] ^= (u8)(1 << bit % 8);
	}
	free(bytes);
	bytes_free(blob);
}

/* This machine's kernel has one of the largest there are. */
static void of_the_kernel(void **state)
{
	FILE *file = fopen("/sys/kernel/btf/vmlinux", "rb");
	struct bytes bytes;

	(void)state;
	if (!file) {
		print_message("this kernel shows no BTF\n");
		skip();
	}
	fclose(file);
	assert_no_error(&error, file_read(&arena, &error, "/sys/kernel/btf/vmlinux", 1 << 28, &bytes));
	assert_no_error(&error, btf_open(&arena, &error, bytes, &btf));
	assert_true(btf.type_count > 1000 && btf_find(&btf, BTF_KIND_STRUCT, "task_struct"));
	touch_all();
}

#define EACH(function) cmocka_unit_test_setup_teardown(function, reset, reset)

int main(void)
{
	return RUN(EACH(reads_every_kind), EACH(resolves), EACH(sizes), EACH(sizes_that_overflow),
		EACH(finds_by_kind_and_name), EACH(bit_fields), EACH(empty_is_valid), EACH(longer_header),
		EACH(header_rules), EACH(table_ranges), EACH(string_rules), EACH(name_offsets), EACH(type_ids),
		EACH(kinds_named), EACH(unknown_kinds), EACH(vlen_beyond_the_section), EACH(without_memory),
		EACH(compiled), EACH(every_truncation), EACH(every_word_changed), EACH(every_bit_flipped),
		EACH(of_the_kernel));
}
