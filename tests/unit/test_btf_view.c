/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_btf_view.c: BTF looked at in memory, misaligned, and through the window; all three must see the same, and see
 * what a plain walk sees. Then headers of Linux 7.1, unknown kinds, split BTF, and what is broken.
 */
#include "blob.h"
#include "base/memory.h"
#include "object/btf_view.h"

static struct arena arena;
static struct error error;

static int reset(void **state)
{
	(void)state;
	arena_release(&arena);
	error_clear(&error);
	arena_fail_after(-1);
	return arena_live() ? -1 : 0;
}

enum way { MEMORY, MISALIGNED, WINDOW, WAYS };

/* One set of bytes, to be looked at in one of the ways. */
struct bed {
	struct bytes bytes;
	u8 *copy; /* of the bytes, exactly as long */
	u32 reads;
	u64 fail_from; /* reads that reach beyond this offset fail; 0: none */
};

static int read_bed(void *context, u64 offset, void *to, size_t len)
{
	struct bed *bed = context;

	assert_true(range_ok(offset, len, bed->bytes.size));
	bed->reads++;
	if (bed->fail_from && offset + len > bed->fail_from)
		return -EIO;
	memcpy(to, bed->bytes.data + offset, len);
	return 0;
}

static struct btf_source source_of(struct bed *bed, struct bytes bytes, enum way way)
{
	size_t shift = way == MISALIGNED;

	*bed = (struct bed){.bytes = bytes};
	if (way == WINDOW)
		return (struct btf_source){.size = bytes.size, .read = read_bed, .context = bed};
	bed->copy = malloc(bytes.size + shift + !bytes.size);
	memcpy(bed->copy + shift, bytes.data, bytes.size);
	return (struct btf_source){.data = bed->copy + shift, .size = bytes.size};
}

static int open_view(struct btf_view *view, struct bed *bed, struct bytes bytes, enum way way, struct btf_view *base)
{
	struct btf_source source = source_of(bed, bytes, way);

	return btf_view_open(view, &arena, &error, &source, base);
}

/* Large BTF, much longer than any window: types of all lengths, names of all lengths, flavors. */
struct large {
	u32 *words;
	char *strings;
	u32 word_count, strings_len, type_count;
	struct bytes bytes;
};

#define LARGE_TYPES 6000

static u32 large_string(struct large *l, const char *s)
{
	u32 offset = l->strings_len;

	memcpy(l->strings + offset, s, strlen(s) + 1);
	l->strings_len += (u32)strlen(s) + 1;
	return offset;
}

/* Types longer than the window, and than a lane, whose rows might be taken for types. */
static bool is_giant(u32 i)
{
	return i == 1005 || i == 3005;
}

static struct large make_large(const struct large *base)
{
	u32 first_id = base ? base->type_count : 1, first_string = base ? base->strings_len : 0, asked = 0;
	struct large l = {malloc(1u << 20), malloc(1u << 20), 0, !first_string, 0, {0}};
	struct btf_header header = {.magic = BTF_MAGIC, .version = 1, .hdr_len = sizeof(header)};
	u8 *all;

	l.strings[0] = '\0';
	for (u32 i = 0; i < LARGE_TYPES; i++) {
		u32 kind = i % 5 == 0   ? BTF_KIND_STRUCT
			   : i % 5 == 1 ? BTF_KIND_ENUM
			   : i % 5 == 2 ? BTF_KIND_INT
					: BTF_KIND_PTR;
		u32 vlen = i % 5 < 2 ? i * 7 % 13 : 0;
		char name[64];

		if (is_giant(i))
			vlen = 6000;
		snprintf(name, sizeof(name), "%.*s%u%s", (int)(i % 17), "a_fairly_long_name", i / 3,
			i % 11 == 0  ? "___flavor"
			: i % 7 == 0 ? "___x___y"
				     : "");
		/* In split BTF some names are the base's. */
		if (kind == BTF_KIND_PTR || (base && i % 3)) {
			u32 shared = kind == BTF_KIND_PTR ? 0 : i * 97 % first_string;

			while (shared && base->strings[shared - 1])
				shared--;
			l.words[l.word_count++] = shared;
		} else {
			l.words[l.word_count++] = first_string + large_string(&l, name);
		}
		asked = i == 87 ? l.words[l.word_count - 1] : asked; /* one that compare_finds() asks for */
		l.words[l.word_count++] = kind << 24 | vlen;
		l.words[l.word_count++] = kind == BTF_KIND_PTR ? first_id + i / 2 : 4;
		for (u32 j = 0; j < vlen * (kind == BTF_KIND_STRUCT ? 3 : 2) + (kind == BTF_KIND_INT); j++)
			l.words[l.word_count++] = !is_giant(i) ? i + j
						  : j % 3 == 0 ? asked
						  : j % 3 == 1 ? BTF_KIND_PTR << 24
							       : 1;
	}
	l.type_count = first_id + LARGE_TYPES;
	header.type_len = l.word_count * 4;
	header.str_off = header.type_len;
	header.str_len = l.strings_len;
	all = malloc(sizeof(header) + header.type_len + header.str_len);
	memcpy(all, &header, sizeof(header));
	memcpy(all + sizeof(header), l.words, header.type_len);
	memcpy(all + sizeof(header) + header.type_len, l.strings, header.str_len);
	l.bytes = (struct bytes){all, sizeof(header) + header.type_len + header.str_len};
	return l;
}

static void free_large(struct large *l)
{
	free(l->words);
	free(l->strings);
	bytes_free(l->bytes);
}

/* What a plain walk finds: the slow and obvious way, to compare with. */
static u32 walk(const struct large *l, const struct large *base, u32 first_id, const struct btf_query *query, u32 *ids)
{
	u32 base_len = base ? base->strings_len : 0, count = 0, at = 0;

	for (u32 id = first_id; id < l->type_count; id++) {
		u32 offset = l->words[at], kind = l->words[at + 1] >> 24, vlen = l->words[at + 1] & 0xffffff;
		const char *name = offset < base_len ? base->strings + offset : l->strings + offset - base_len;
		size_t len = strlen(name);

		at += 3 + (kind == BTF_KIND_STRUCT        ? 3 * vlen
				  : kind == BTF_KIND_ENUM ? 2 * vlen
							  : kind == BTF_KIND_INT);
		for (size_t i = len; query->flavors && i > 1; i--)
			if (name[i - 2] != '_' && !strncmp(name + i - 1, "___", 3) && name[i + 2] &&
				name[i + 2] != '_') {
				len = i - 1;
				break;
			}
		if (len == query->len && len && !memcmp(name, query->name, len) &&
			(!query->kinds || query->kinds >> kind & 1))
			ids[count++] = id;
	}
	return count;
}

/* Asks for many names at once and one by one, and compares. */
static void compare_finds(struct btf_view *view, const struct large *l, const struct large *base, u32 first_id)
{
	static char names[200][64];
	static u32 ids[LARGE_TYPES];
	struct btf_query queries[200], one;
	u32 found = 0;

	for (u32 i = 0; i < 200; i++) {
		u32 like = i * 29; /* the name of that type, without its flavor or with some of it */
		int len = snprintf(names[i], sizeof(names[i]), "%.*s%u%s", (int)(like % 17), "a_fairly_long_name",
			like / 3, like % 7 == 0 && like % 11 && i % 2 ? "___x" : "");

		queries[i] = (struct btf_query){.name = names[i],
			.len = (u32)len,
			.flavors = i % 3 != 0,
			.kinds = i % 4 ? 0 : 1u << BTF_KIND_STRUCT | 1u << BTF_KIND_INT};
		names[i][len] = '!'; /* no NUL is needed */
	}
	assert_no_error(&error, btf_view_find(view, queries, 200));
	assert_int_equal(view->type_count, l->type_count);
	for (u32 i = 0; i < 200; i++) {
		u32 count = walk(l, base, first_id, &queries[i], ids);

		assert_int_equal(queries[i].count, count);
		assert_memory_equal(queries[i].ids, ids, count * sizeof(*ids));
		found += count;
		if (i % 20)
			continue;
		one = queries[i];
		assert_no_error(&error, btf_view_find(view, &one, 1));
		assert_int_equal(one.count, count);
		assert_memory_equal(one.ids, ids, count * sizeof(*ids));
	}
	assert_true(found > 50);
}

static void compare_types(struct btf_view *view, const struct large *l, u32 first_id)
{
	u32 at = 0;

	for (u32 id = first_id; id < l->type_count; id++) {
		u32 kind = l->words[at + 1] >> 24, vlen = l->words[at + 1] & 0xffffff;
		u32 words = 3 + (kind == BTF_KIND_STRUCT        ? 3 * vlen
					: kind == BTF_KIND_ENUM ? 2 * vlen
								: kind == BTF_KIND_INT);
		u32 backwards = l->type_count - 1 - (id - first_id);

		assert_memory_equal(btf_view_type(view, id), l->words + at, words * 4);
		assert_true((uintptr_t)btf_view_type(view, backwards) % 4 == 0);
		at += words;
	}
	assert_int_equal(btf_kind(btf_view_type(view, l->type_count)), 0);
	assert_int_equal(btf_kind(btf_view_type(view, U32_MAX)), 0);
}

static void sees_the_same_in_every_way(void **state)
{
	struct large l = make_large(NULL);

	(void)state;
	for (enum way way = 0; way < WAYS; way++) {
		struct btf_view view;
		struct bed bed;

		assert_no_error(&error, open_view(&view, &bed, l.bytes, way, NULL));
		compare_finds(&view, &l, NULL, 1);
		compare_types(&view, &l, 1);
		for (u32 i = 1; i < l.strings_len; i += 7)
			assert_string_equal(btf_view_string(&view, i), l.strings + i);
		assert_string_equal(btf_view_string(&view, 0), "");
		assert_string_equal(btf_view_string(&view, l.strings_len), "");
		assert_string_equal(btf_view_string(&view, U32_MAX), "");
		assert_int_equal(error.errnum, 0);
		free(bed.copy);
	}
	free_large(&l);
}

static void sees_split_btf(void **state)
{
	struct large b = make_large(NULL), l = make_large(&b);

	(void)state;
	for (enum way way = 0; way < WAYS * WAYS; way++) {
		struct btf_view base, view;
		struct bed base_bed, bed;

		assert_no_error(&error, open_view(&base, &base_bed, b.bytes, way / WAYS, NULL));
		assert_no_error(&error, open_view(&view, &bed, l.bytes, way % WAYS, &base));
		assert_int_equal(view.first_id, b.type_count);
		compare_finds(&view, &l, &b, view.first_id);
		compare_types(&view, &l, view.first_id);
		compare_types(&base, &b, 1);
		assert_memory_equal(btf_view_type(&view, 1), b.words, 12);
		assert_string_equal(btf_view_string(&view, 1), b.strings + 1);
		assert_string_equal(btf_view_string(&view, b.strings_len), l.strings);
		assert_int_equal(error.errnum, 0);
		free(base_bed.copy);
		free(bed.copy);
	}
	free_large(&b);
	free_large(&l);
}

static void knows_flavors(void **state)
{
	static const struct {
		const char *name;
		u32 len;
	} names[] = {{"task_struct", 11}, {"task_struct___old", 11}, {"a___b___c", 5}, {"___x", 4}, {"a___", 4},
		{"a____b", 6}, {"a__b", 4}, {"a_____b", 7}, {"", 0}, {"a", 1}, {"a___b", 1}, {"a___b___", 1},
		{"a___b____c", 1}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (btf_essential_len(names[i].name) != names[i].len)
			fail_msg("%s: expected %u", names[i].name, names[i].len);
}

/* The last strings of all, too short for a word: their four bytes would reach beyond the end. */
static void finds_the_last_name(void **state)
{
	(void)state;
	for (u32 len = 1; len < 6; len++)
		for (enum way way = 0; way < WAYS; way++) {
			struct btf_query query = {.name = "abcdef", .len = len, .flavors = true};
			struct blob b = {0};
			char name[8] = "";
			struct btf_view view;
			struct bed bed;

			memcpy(name, "abcdef", len);
			blob_int(&b, name, 4);
			assert_no_error(&error, open_view(&view, &bed, blob_finish(&b), way, NULL));
			assert_no_error(&error, btf_view_find(&view, &query, 1));
			assert_int_equal(query.count, 1);
			assert_int_equal(btf_view_find_one(&view, BTF_KIND_INT, name), 1);
			assert_int_equal(btf_view_find_one(&view, BTF_KIND_PTR, name), 0);
			free(bed.copy);
			blob_free(&b);
		}
}

/* Of a name no more than 512 characters are looked at: a walk to the end of each would take minutes. */
static void long_names_cost_no_more(void **state)
{
	struct bytes bytes = blob_alike(20000, BTF_KIND_FWD, "x___a", 1 << 20);
	struct btf_query queries[] = {{.name = "x", .len = 1, .flavors = true}, {.len = 1 << 20}};
	char *name = malloc(1 << 20);
	struct btf_view view;
	struct bed bed;

	(void)state;
	memset(name, 'a', 1 << 20);
	memcpy(name, "x___", 4);
	name[(1 << 20) - 1] = 'b';
	queries[1].name = name;
	assert_no_error(&error, open_view(&view, &bed, bytes, MEMORY, NULL));
	assert_no_error(&error, btf_view_find(&view, queries, ARRAY_SIZE(queries)));
	assert_int_equal(queries[0].count, 20000);
	assert_int_equal(queries[1].count, 0);
	free(name);
	free(bed.copy);
	bytes_free(bytes);
}

/*
 * Each of many types must be compared with each of many queries, of which it begins like all; in a window, is what
 * they want.
 */
static void a_search_comes_to_an_end(void **state)
{
	struct bytes bytes = blob_alike(5000, BTF_KIND_FWD, "same", 0);
	static struct btf_query queries[5000];

	(void)state;
	for (enum way way = MEMORY; way < WAYS; way += WINDOW) {
		struct btf_view view;
		struct bed bed;

		for (u32 i = 0; i < ARRAY_SIZE(queries); i++)
			queries[i] = (struct btf_query){.name = "same?", .len = way == WINDOW ? 4 : 5};
		assert_no_error(&error, open_view(&view, &bed, bytes, way, NULL));
		assert_error(&error, btf_view_find(&view, queries, ARRAY_SIZE(queries)), E2BIG, "comes to no end");
		assert_no_error(&error, btf_view_find(&view, queries, 1));
		assert_int_equal(queries[0].count, way == WINDOW ? 5000 : 0);
		free(bed.copy);
	}
	bytes_free(bytes);
}

static void follows_chains(void **state)
{
	struct blob b = {0};
	u32 integer = blob_int(&b, "long unsigned int", 4), constant = blob_type(&b, "", BTF_KIND_CONST, 0, integer);
	u32 alias = blob_type(&b, "word", BTF_KIND_TYPEDEF, 0, constant);
	u32 array = blob_type(&b, "", BTF_KIND_ARRAY, 0, 0), pointers, loop, none;
	u64 size = 0;

	blob_words(&b, alias, integer, 3);
	pointers = blob_type(&b, "", BTF_KIND_ARRAY, 0, 0);
	blob_words(&b, pointers + 1, integer, 5);
	blob_type(&b, "", BTF_KIND_PTR, 0, 0);
	loop = blob_type(&b, "loop", BTF_KIND_TYPEDEF, 0, b.type_count + 1);
	none = blob_type(&b, "", BTF_KIND_ARRAY, 0, 0);
	blob_words(&b, 0, integer, 2);
	(void)state;
	for (enum way way = 0; way < WAYS; way++) {
		struct btf_view view;
		struct bed bed;

		assert_no_error(&error, open_view(&view, &bed, blob_finish(&b), way, NULL));
		assert_int_equal(btf_view_pointer_size(&view), 4);
		assert_int_equal(btf_view_resolve(&view, alias), integer);
		assert_int_equal(btf_view_resolve(&view, loop), 0);
		assert_true(btf_view_size_of(&view, array, 8, &size) && size == 12);
		assert_true(btf_view_size_of(&view, pointers, 4, &size) && size == 20);
		assert_true(btf_view_size_of(&view, pointers, 8, &size) && size == 40);
		assert_false(btf_view_size_of(&view, loop, 8, &size));
		assert_false(btf_view_size_of(&view, none, 8, &size));
		assert_false(btf_view_size_of(&view, 99, 8, &size));
		free(bed.copy);
	}
	blob_free(&b);
}

/* A module may have nothing of its own. */
static void takes_empty_btf(void **state)
{
	(void)state;
	for (enum way way = 0; way < WAYS; way++) {
		struct btf_query query = {.name = "int", .len = 3};
		struct blob b = {0}, empty = {0};
		struct btf_view base, view;
		struct bed base_bed, bed;

		blob_int(&b, "int", 4);
		assert_no_error(&error, open_view(&base, &base_bed, blob_finish(&b), way, NULL));
		assert_no_error(&error, open_view(&view, &bed, blob_finish(&empty), way, &base));
		assert_int_equal(bed.bytes.size, 24);
		assert_no_error(&error, btf_view_find(&view, &query, 1));
		assert_int_equal(query.count, 0);
		assert_int_equal(view.type_count, 2);
		assert_int_equal(btf_view_find_one(&view, BTF_KIND_INT, "int"), 1);
		free(base_bed.copy);
		free(bed.copy);
		blob_free(&b);
		blob_free(&empty);
	}
}

/* Linux 7.1: a layout between types and strings tells how long kinds are that nobody here knows. */
static void skips_unknown_kinds(void **state)
{
	static const u8 layouts[][4] = {{4, 8, 0, 0}, {4, 6, 0, 0}, {2, 8, 0, 0}, {252, 8, 0, 0}};

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(layouts) * WAYS; i++) {
		struct blob b = {.header = {.hdr_len = 32}};
		u32 kind = 0x65, types_len, after;
		struct btf_view view;
		struct bed bed;
		int err;

		blob_type(&b, "odd", kind, 2, 0);
		blob_words(&b, 1, 2, 3, 4, 5);
		after = blob_int(&b, "int", 4);
		types_len = b.word_count * 4;
		for (u32 k = 0; k < kind; k++)
			blob_word(&b, 0);
		blob_word(&b, load_u32(layouts[i / WAYS]));
		b.header.type_len = types_len;
		b.header_tail[0] = types_len;
		b.header_tail[1] = b.word_count * 4 - types_len;
		err = open_view(&view, &bed, blob_finish(&b), i % WAYS, NULL);
		assert_no_error(&error, err);
		if (i / WAYS == 0) {
			assert_int_equal(btf_view_find_one(&view, BTF_KIND_INT, "int"), after);
			assert_int_equal(btf_kind(btf_view_type(&view, 1)), kind);
			assert_int_equal(((const u32 *)btf_view_type(&view, 1))[7], 5);
			assert_no_error(&error, 0);
		} else {
			assert_int_equal(btf_view_find_one(&view, BTF_KIND_INT, "int"), 0);
			assert_error(&error, -error.errnum, EINVAL, "type [1] at offset 32: kind 101 is unknown");
			assert_int_equal(btf_kind(btf_view_type(&view, 2)), 0);
		}
		free(bed.copy);
		blob_free(&b);
	}
}

static void tells_what_is_broken(void **state)
{
	struct blob b = {0};
	struct btf_view view;
	struct bed bed;

	(void)state;
	blob_int(&b, "int", 4);
	b.header.magic = 0x1234;
	assert_error(&error, open_view(&view, &bed, blob_finish(&b), WINDOW, NULL), EINVAL,
		"BTF: magic (in this machine's byte order) is 0x1234");
	b.header.magic = 0;
	b.header.str_len = 99;
	assert_error(&error, open_view(&view, &bed, blob_finish(&b), WINDOW, NULL), EINVAL, "strings: 99 bytes at");
	b.header.str_len = 4;
	assert_error(
		&error, open_view(&view, &bed, blob_finish(&b), WINDOW, NULL), EINVAL, "strings do not end in NUL");
	b.header.str_len = 0;
	b.header.type_len = 14;
	b.header.str_off = 16;
	assert_no_error(&error, open_view(&view, &bed, blob_finish(&b), WINDOW, NULL));
	assert_int_equal(btf_view_find_one(&view, BTF_KIND_INT, "int"), 0);
	assert_error(&error, -error.errnum, EINVAL, "16 bytes at 0 reach beyond 14");
	blob_free(&b);
	blob_type(&b, "s", BTF_KIND_STRUCT, 0xffffff, 4);
	assert_no_error(&error, open_view(&view, &bed, blob_finish(&b), WINDOW, NULL));
	assert_int_equal(btf_view_find_one(&view, BTF_KIND_STRUCT, "s"), 0);
	assert_error(&error, -error.errnum, EINVAL, "201326592 bytes at 0 reach beyond 12");
	blob_free(&b);
	b.header = (struct btf_header){.hdr_len = 32};
	b.header_tail[0] = 8;
	b.header_tail[1] = 8;
	assert_error(&error, open_view(&view, &bed, blob_finish(&b), WINDOW, NULL), EINVAL,
		"layout: 8 bytes at 40 reach beyond");
	blob_free(&b);
	assert_error(
		&error, open_view(&view, &bed, (struct bytes){(const u8 *)"", 0}, WINDOW, NULL), EINVAL, "0 bytes");
	assert_error(&error, open_view(&view, &bed, (struct bytes){(const u8 *)"\x9f\xeb\1", 3}, WINDOW, NULL), EINVAL,
		"3 bytes");
}

/* Reads that fail, anywhere, and memory that runs out, anywhere: an error, never a crash, and never an answer. */
static void survives_failure(void **state)
{
	struct large l = make_large(NULL);
	bool failed = true;

	(void)state;
	for (u64 from = 1; from < l.bytes.size; from += 4099) {
		struct btf_query query = {.name = "a0", .len = 2};
		struct btf_view view;
		struct bed bed;
		struct btf_source source = source_of(&bed, l.bytes, WINDOW);
		int err;

		bed.fail_from = from;
		err = btf_view_open(&view, &arena, &error, &source, NULL);
		err = err ? err : btf_view_find(&view, &query, 1);
		assert_error(&error, err, EIO, "cannot be read at offset");
	}
	for (long left = 0; failed; left++) {
		struct btf_query query = {.name = "a_f5", .len = 4, .flavors = true};
		struct btf_view view;
		struct bed bed;
		struct btf_source source = source_of(&bed, l.bytes, WINDOW);
		int err;

		arena_fail_after(left);
		err = btf_view_open(&view, &arena, &error, &source, NULL);
		err = err ? err : btf_view_find(&view, &query, 1);
		if (!err)
			for (u32 id = 1; id < 100; id++)
				btf_view_string(&view, btf_view_type(&view, id)->name_off);
		failed = error.errnum;
		if (failed)
			assert_error(&error, -error.errnum, ENOMEM, "");
		arena_fail_after(-1);
		reset(NULL);
	}
	free_large(&l);
}

/* The pass over the strings of a base is made once for the same names, however many modules ask. */
static void remembers_the_names_of_a_base(void **state)
{
	struct large b = make_large(NULL), l = make_large(&b);
	struct btf_query query = {.name = "a_f5", .len = 4, .flavors = true};
	struct btf_view base, view[2];
	struct bed base_bed, bed[2];
	u32 reads;

	(void)state;
	assert_no_error(&error, open_view(&base, &base_bed, b.bytes, WINDOW, NULL));
	for (u32 i = 0; i < 2; i++)
		assert_no_error(&error, open_view(&view[i], &bed[i], l.bytes, WINDOW, &base));
	assert_no_error(&error, btf_view_find(&view[0], &query, 1));
	reads = base_bed.reads;
	assert_no_error(&error, btf_view_find(&view[1], &query, 1));
	assert_int_equal(base_bed.reads, reads);
	query.name = "a_f6";
	assert_no_error(&error, btf_view_find(&view[1], &query, 1));
	assert_true(base_bed.reads > reads);
	free_large(&b);
	free_large(&l);
}

int main(void)
{
#define FRESH(function) cmocka_unit_test_setup_teardown(function, reset, reset)
	return RUN(FRESH(sees_the_same_in_every_way), FRESH(sees_split_btf), FRESH(knows_flavors),
		FRESH(finds_the_last_name), FRESH(long_names_cost_no_more), FRESH(a_search_comes_to_an_end),
		FRESH(follows_chains), FRESH(takes_empty_btf), FRESH(skips_unknown_kinds), FRESH(tells_what_is_broken),
		FRESH(survives_failure), FRESH(remembers_the_names_of_a_base));
}
