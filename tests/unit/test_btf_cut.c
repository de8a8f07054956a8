/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_btf_cut.c: BTF completed and cut down, in detail, and as the kernel of this machine sees it.
 */
#include "unit.h"
#include <linux/bpf.h>
#include "base/string.h"
#include "base/sys.h"
#include "relocate/btf_cut.h"
#include "relocate/btf_fix.h"

#define INFO(kind, vlen) ((u32)(kind) << 24 | (vlen))
#define KFLAG            (1u << 31)

static struct arena arena;
static struct error error;

static int set_up(void **state)
{
	(void)state;
	arena_fail_after(-1);
	error_clear(&error);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return arena_live() != 0;
}

/* --- Synthetic types: one row of words each, and what they become ---------------------------------------------- */

/*			 0  1   3     6     9 */
#define STRINGS          "\0a\0bb\0?x\0.a_1\0"
#define STRINGS_LEN      (sizeof(STRINGS))
#define A                1
#define BB               3
#define QMARK            6
#define PLAIN            9
#define FILLER_NAME      STRINGS_LEN
#define MAX_WORDS        16
#define INT_BB           BB, INFO(BTF_KIND_INT, 0), 4, 32
#define PROTO_OF_UNNAMED 0, INFO(BTF_KIND_FUNC_PROTO, 1), 0, 0, 1

static const struct conversion {
	const char *what;
	u32 missing; /* BTF_HAS_*; 0: on every kernel */
	u32 count;   /* of types */
	bool filler;
	u32 from[MAX_WORDS], to[MAX_WORDS]; /* a blob's types; the filler not among them */
} conversions[] = {
	{"FUNC and FUNC_PROTO become TYPEDEF and ENUM", BTF_HAS_FUNC, 3, true,
		{INT_BB, 0, INFO(BTF_KIND_FUNC_PROTO, 2), 1, A, 1, 0, 0, BB, INFO(BTF_KIND_FUNC, 1), 2},
		{INT_BB, 0, INFO(BTF_KIND_ENUM, 2), 4, A, 1, FILLER_NAME, 0, BB, INFO(BTF_KIND_TYPEDEF, 0), 2}},
	{"a global FUNC becomes static", BTF_HAS_FUNC_GLOBAL, 2, false,
		{0, INFO(BTF_KIND_FUNC_PROTO, 0), 0, BB, INFO(BTF_KIND_FUNC, 1), 1},
		{0, INFO(BTF_KIND_FUNC_PROTO, 0), 0, BB, INFO(BTF_KIND_FUNC, 0), 1}},
	{"a static FUNC stays static", 0, 2, false, {0, INFO(BTF_KIND_FUNC_PROTO, 0), 0, BB, INFO(BTF_KIND_FUNC, 0), 1},
		{0, INFO(BTF_KIND_FUNC_PROTO, 0), 0, BB, INFO(BTF_KIND_FUNC, 0), 1}},
	{"an extern FUNC becomes global", 0, 2, false,
		{0, INFO(BTF_KIND_FUNC_PROTO, 0), 0, BB, INFO(BTF_KIND_FUNC, 2), 1},
		{0, INFO(BTF_KIND_FUNC_PROTO, 0), 0, BB, INFO(BTF_KIND_FUNC, 1), 1}},
	{"unnamed parameters of a FUNC get a name, '...' does not", 0, 3, true,
		{INT_BB, 0, INFO(BTF_KIND_FUNC_PROTO, 2), 0, 0, 1, 0, 0, BB, INFO(BTF_KIND_FUNC, 1), 2},
		{INT_BB, 0, INFO(BTF_KIND_FUNC_PROTO, 2), 0, FILLER_NAME, 1, 0, 0, BB, INFO(BTF_KIND_FUNC, 1), 2}},
	{"unnamed parameters of a pointer's target stay", 0, 2, false, {INT_BB, PROTO_OF_UNNAMED},
		{INT_BB, PROTO_OF_UNNAMED}},
	{"VAR and DATASEC become INT and UNION", BTF_HAS_DATASEC, 3, true,
		{INT_BB, A, INFO(BTF_KIND_VAR, 0), 1, 1, A, INFO(BTF_KIND_DATASEC, 1), 8, 2, 4, 4},
		{INT_BB, A, INFO(BTF_KIND_INT, 0), 1, 8, 0, INFO(BTF_KIND_UNION, 1), 1, 0, 4, 0}},
	{"a complete DATASEC stays", 0, 3, false,
		{INT_BB, A, INFO(BTF_KIND_VAR, 0), 1, 1, A, INFO(BTF_KIND_DATASEC, 1), 8, 2, 4, 4},
		{INT_BB, A, INFO(BTF_KIND_VAR, 0), 1, 1, A, INFO(BTF_KIND_DATASEC, 1), 8, 2, 4, 4}},
	{"a DATASEC without size becomes a UNION", 0, 3, true,
		{INT_BB, A, INFO(BTF_KIND_VAR, 0), 1, 1, A, INFO(BTF_KIND_DATASEC, 1), 0, 2, 0, 4},
		{INT_BB, A, INFO(BTF_KIND_VAR, 0), 1, 1, 0, INFO(BTF_KIND_UNION, 1), 1, 0, 4, 0}},
	{"a DATASEC without variables becomes a UNION", 0, 1, false, {A, INFO(BTF_KIND_DATASEC, 0), 8},
		{0, INFO(BTF_KIND_UNION, 0), 1}},
	{"a DATASEC with a function becomes a UNION", 0, 3, true,
		{0, INFO(BTF_KIND_FUNC_PROTO, 0), 0, BB, INFO(BTF_KIND_FUNC, 1), 1, A, INFO(BTF_KIND_DATASEC, 1), 8, 2,
			0, 8},
		{0, INFO(BTF_KIND_FUNC_PROTO, 0), 0, BB, INFO(BTF_KIND_FUNC, 1), 1, 0, INFO(BTF_KIND_UNION, 1), 1, 0, 4,
			0}},
	{"an extern VAR becomes a global INT", 0, 1, true, {A, INFO(BTF_KIND_VAR, 0), 0, 2},
		{A, INFO(BTF_KIND_VAR, 0), 2, 1}},
	{"an extern VAR becomes an INT", BTF_HAS_DATASEC, 1, true, {A, INFO(BTF_KIND_VAR, 0), 0, 2},
		{A, INFO(BTF_KIND_INT, 0), 1, 8}},
	{"a DATASEC with '?' gets another name", BTF_HAS_QMARK_DATASEC, 3, true,
		{INT_BB, A, INFO(BTF_KIND_VAR, 0), 1, 1, QMARK, INFO(BTF_KIND_DATASEC, 1), 8, 2, 4, 4},
		{INT_BB, A, INFO(BTF_KIND_VAR, 0), 1, 1, FILLER_NAME, INFO(BTF_KIND_DATASEC, 1), 8, 2, 4, 4}},
	{"a DATASEC without '?' keeps its name", BTF_HAS_QMARK_DATASEC, 3, false,
		{INT_BB, A, INFO(BTF_KIND_VAR, 0), 1, 1, PLAIN, INFO(BTF_KIND_DATASEC, 1), 8, 2, 4, 4},
		{INT_BB, A, INFO(BTF_KIND_VAR, 0), 1, 1, PLAIN, INFO(BTF_KIND_DATASEC, 1), 8, 2, 4, 4}},
	{"FLOAT becomes a STRUCT", BTF_HAS_FLOAT, 1, false, {A, INFO(BTF_KIND_FLOAT, 0), 8},
		{0, INFO(BTF_KIND_STRUCT, 0), 8}},
	{"DECL_TAG becomes an INT", BTF_HAS_DECL_TAG, 2, false,
		{A, INFO(BTF_KIND_STRUCT, 0), 0, BB, INFO(KIND_DECL_TAG, 0), 1, (u32)-1},
		{A, INFO(BTF_KIND_STRUCT, 0), 0, BB, INFO(BTF_KIND_INT, 0), 1, 8}},
	{"a DECL_TAG goes with its VAR", BTF_HAS_DATASEC, 3, false,
		{INT_BB, A, INFO(BTF_KIND_VAR, 0), 1, 1, BB, INFO(KIND_DECL_TAG, 0), 2, (u32)-1},
		{INT_BB, A, INFO(BTF_KIND_INT, 0), 1, 8, BB, INFO(BTF_KIND_INT, 0), 1, 8}},
	{"TYPE_TAG becomes CONST", BTF_HAS_TYPE_TAG, 3, false,
		{INT_BB, A, INFO(KIND_TYPE_TAG, 0), 1, 0, INFO(BTF_KIND_PTR, 0), 2},
		{INT_BB, 0, INFO(BTF_KIND_CONST, 0), 1, 0, INFO(BTF_KIND_PTR, 0), 2}},
	{"ENUM loses its sign", BTF_HAS_ENUM64, 1, false, {A, INFO(BTF_KIND_ENUM, 1) | KFLAG, 4, BB, (u32)-1},
		{A, INFO(BTF_KIND_ENUM, 1), 4, BB, (u32)-1}},
	{"ENUM64 becomes a UNION", BTF_HAS_ENUM64, 1, true, {A, INFO(KIND_ENUM64, 2) | KFLAG, 8, A, 1, 2, BB, 3, 4},
		{A, INFO(BTF_KIND_UNION, 2), 8, A, 2, 0, BB, 2, 0}},
};

/* How many words the types of a row take, by the lengths of their kinds. */
static u32 words_of(const u32 *words, u32 types)
{
	u32 total = 0;

	while (types--)
		total += (u32)btf_type_bytes((const struct btf_type *)(words + total)) / 4;
	assert_in_range(total, 1, MAX_WORDS);
	return total;
}

static struct bytes make_blob(const u32 *words, u32 count, const char *strings, u32 strings_len)
{
	struct btf_header header = {.magic = BTF_MAGIC, .version = BTF_VERSION, .hdr_len = sizeof(header)};
	size_t size = sizeof(header) + count * 4 + strings_len;
	u8 *data = arena_alloc(&arena, size);

	header.type_len = header.str_off = count * 4;
	header.str_len = strings_len;
	memcpy(data, &header, sizeof(header));
	memcpy(data + sizeof(header), words, count * 4);
	memcpy(data + sizeof(header) + count * 4, strings, strings_len);
	return (struct bytes){data, size};
}

static struct btf open_blob(struct bytes blob)
{
	struct btf btf;

	assert_no_error(&error, btf_open(&arena, &error, blob, &btf));
	return btf;
}

/* The blob that a conversion should lead to. */
static struct bytes expected_blob(const struct conversion *c)
{
	const u32 filler[] = {STRINGS_LEN, INFO(BTF_KIND_INT, 0), 1, 8};
	u32 count = words_of(c->from, c->count), words[MAX_WORDS + 4];

	memcpy(words, c->to, sizeof(c->to));
	memcpy(words + count, filler, sizeof(filler));
	return c->filler ? make_blob(words, count + 4, STRINGS "\0_", STRINGS_LEN + 2)
			 : make_blob(words, count, STRINGS, STRINGS_LEN);
}

static void each_conversion(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(conversions); i++) {
		const struct conversion *c = &conversions[i];
		struct bytes from = make_blob(c->from, words_of(c->from, c->count), STRINGS, STRINGS_LEN);
		struct bytes expected = expected_blob(c), got;
		struct btf btf = open_blob(from);

		assert_no_error(&error, btf_cut(&arena, &error, &btf, BTF_HAS_ALL & ~c->missing, &got));
		if (got.size != expected.size || memcmp(got.data, expected.data, got.size))
			fail_msg("%s: not so", c->what);
		/* What is cut is a copy … */
		assert_memory_equal(btf.types, c->from, btf.types_len);
		/* … and valid itself. A kernel that has the feature gets the types as they are. */
		open_blob(got);
		assert_no_error(&error, btf_cut(&arena, &error, &btf, BTF_HAS_ALL, &got));
		if (c->missing && strncmp(c->what, "an extern", 9))
			assert_memory_equal(got.data, from.data, from.size);
	}
}

/* The kernel wants one type and one string at least. */
static void empty(void **state)
{
	(void)state;
	for (u32 len = 0; len <= STRINGS_LEN; len += STRINGS_LEN) {
		struct btf btf = open_blob(make_blob(conversions[0].from, 0, STRINGS, len));
		struct bytes blob;

		assert_no_error(&error, btf_cut(&arena, &error, &btf, BTF_HAS_ALL, &blob));
		btf = open_blob(blob);
		assert_int_equal(btf.type_count, 2);
		assert_string_equal(btf_name(&btf, 1), "_");
	}
}

static void no_memory(void **state)
{
	struct btf btf = open_blob(make_blob(conversions[0].from, 4, STRINGS, STRINGS_LEN));
	struct bytes blob;

	(void)state;
	arena_fail_after(0);
	assert_error(&error, btf_cut(&arena, &error, &btf, BTF_HAS_ALL, &blob), ENOMEM, "no memory left");
}

/* --- A real object ------------------------------------------------------------------------------------------------ */

static struct bytes file;

static struct object open_object(void)
{
	struct object object;

	file = read_whole(FIXTURES "btf_kinds.bpf.o");
	assert_no_error(&error, object_open(&arena, &error, "btf_kinds", file, &object));
	return object;
}

static u32 find(const struct object *object, u32 kind, const char *name)
{
	u32 id = btf_find(&object->btf, kind, name);

	if (!id)
		fail_msg("no %s '%s'", btf_kind_name(kind), name);
	return id;
}

/* The DATASEC's entry for a variable. */
static struct btf_var_secinfo *place_of(const struct object *object, const char *section, const char *name)
{
	struct btf_type *datasec = object->btf.index[find(object, BTF_KIND_DATASEC, section)];
	u32 var = find(object, BTF_KIND_VAR, name);

	for (u32 i = 0; i < btf_vlen(datasec); i++)
		if (btf_secinfos(datasec)[i].type == var)
			return &btf_secinfos(datasec)[i];
	fail_msg("no '%s' in %s", name, section);
	return NULL;
}

static u32 linkage(const struct object *object, const char *name)
{
	return btf_var(btf_type(&object->btf, find(object, BTF_KIND_VAR, name)))->linkage;
}

static void data_sections(void **state)
{
	static const char *const sections[] = {".data", ".bss", ".rodata", ".data.own", ".maps", "license"};
	struct object object = open_object();

	(void)state;
	assert_no_error(&error, btf_fix(&arena, &error, &object));
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		u32 id = find(&object, BTF_KIND_DATASEC, sections[i]);
		const struct btf_type *datasec = btf_type(&object.btf, id);
		u32 end = 0;

		assert_int_equal(datasec->size, elf_find_section(&object.elf, sections[i])->size);
		for (u32 j = 0; j < btf_vlen(datasec); j++) {
			const struct btf_var_secinfo *place = &btf_secinfos(datasec)[j];

			assert_true(place->offset >= end && place->size);
			end = place->offset + place->size;
		}
		assert_true(end <= datasec->size);
	}
	for (u32 i = 0; i < object.elf.symbol_count; i++) {
		const struct elf_symbol *symbol = &object.elf.symbols[i];

		if (symbol->type == STT_OBJECT && symbol->binding == STB_GLOBAL && symbol->section)
			assert_int_equal(
				place_of(&object, object.elf.sections[symbol->section].name, symbol->name)->offset,
				symbol->value);
	}
	bytes_free(file);
}

static struct elf_symbol *symbol_of(struct object *object, const char *function)
{
	u32 i = 0;

	while (i < object->prog_count && strcmp(object->progs[i].name, function))
		i++;
	assert_in_range(i, 0, object->prog_count - 1);
	return &object->elf.symbols[object->progs[i].symbol];
}

static void linkages(void **state)
{
	struct object object = open_object();
	const struct btf *btf = &object.btf;
	u32 other = find(&object, BTF_KIND_STRUCT, "tagged");

	(void)state;
	/* A program stays what it is: nobody else's could be meant. */
	object.elf.symbols[object_find_prog(&object, "program")->symbol].is_hidden = true;
	/* So does what has a hidden function's name but is none, and what only the object's own symbols know. */
	object.btf.index[other]->name_off = object.btf.index[find(&object, BTF_KIND_FUNC, "hidden_function")]->name_off;
	object.btf.index[find(&object, BTF_KIND_FUNC, "static_function")]->info |= BTF_FUNC_GLOBAL;
	symbol_of(&object, "static_function")->is_hidden = true;
	assert_int_equal(linkage(&object, "hidden_number"), BTF_VAR_GLOBAL_ALLOCATED);
	assert_no_error(&error, btf_fix(&arena, &error, &object));
	assert_int_equal(btf_kind(btf_type(btf, other)), BTF_KIND_STRUCT);
	assert_int_equal(linkage(&object, "hidden_number"), BTF_VAR_STATIC);
	assert_int_equal(linkage(&object, "static_number"), BTF_VAR_STATIC);
	assert_int_equal(linkage(&object, "number"), BTF_VAR_GLOBAL_ALLOCATED);
	assert_int_equal(linkage(&object, "CONFIG_BPF"), BTF_VAR_GLOBAL_ALLOCATED);
	assert_int_equal(linkage(&object, "bpf_prog_active"), BTF_VAR_GLOBAL_EXTERN);
	assert_int_equal(btf_vlen(btf_type(btf, find(&object, BTF_KIND_FUNC, "hidden_function"))), BTF_FUNC_STATIC);
	assert_int_equal(btf_vlen(btf_type(btf, find(&object, BTF_KIND_FUNC, "static_function"))), BTF_FUNC_GLOBAL);
	assert_int_equal(btf_vlen(btf_type(btf, find(&object, BTF_KIND_FUNC, "global_function"))), BTF_FUNC_GLOBAL);
	assert_int_equal(btf_vlen(btf_type(btf, find(&object, BTF_KIND_FUNC, "program"))), BTF_FUNC_GLOBAL);
	bytes_free(file);
}

/* The symbols are not in the order of their names. */
static void several_are_hidden(void **state)
{
	struct object object = open_object();
	struct elf_symbol *last = symbol_of(&object, "static_function");

	(void)state;
	last->name = "global_function";
	last->binding = STB_GLOBAL;
	last->is_hidden = true;
	assert_no_error(&error, btf_fix(&arena, &error, &object));
	assert_int_equal(btf_vlen(btf_type(&object.btf, find(&object, BTF_KIND_FUNC, "hidden_function"))), 0);
	assert_int_equal(btf_vlen(btf_type(&object.btf, find(&object, BTF_KIND_FUNC, "global_function"))), 0);
	bytes_free(file);
}

static void kconfig(void **state)
{
	struct object object = open_object();
	u32 id = find(&object, BTF_KIND_DATASEC, ".kconfig"), found = 0;

	(void)state;
	assert_no_error(&error, btf_fix(&arena, &error, &object));
	assert_int_equal(btf_type(&object.btf, id)->size, object.maps[object_find_map(&object, ".kconfig")].value_size);
	for (u32 i = 0; i < object.extern_count; i++) {
		const struct extern_spec *external = &object.externs[i];

		if (external->kind != EXTERN_KCONFIG)
			continue;
		assert_int_equal(place_of(&object, ".kconfig", external->name)->offset, external->offset);
		assert_int_equal(place_of(&object, ".kconfig", external->name)->size, external->size);
		found++;
	}
	assert_int_equal(found, 3);
	bytes_free(file);
}

/* A type in .kconfig that is not the extern of its name, or is an extern of another kind: neither is written to. */
static void not_kconfig(void **state)
{
	struct object object = open_object();
	u32 number = find(&object, BTF_KIND_VAR, "number");
	struct btf_var_secinfo *place = place_of(&object, ".kconfig", "CONFIG_BPF");

	(void)state;
	object.elf.names.count = 0; /* leaves .kconfig alone to be looked at */
	object.btf.index[number]->name_off = btf_type(&object.btf, place->type)->name_off;
	place->type = number;
	assert_error(&error, btf_fix(&arena, &error, &object), ENOENT, ".kconfig': variable 'CONFIG_BPF'");
	place->type = find(&object, BTF_KIND_FUNC, "kernel_function");
	assert_error(&error, btf_fix(&arena, &error, &object), ENOENT, ".kconfig': variable 'kernel_function'");
	bytes_free(file);
}

static void without_symbol(void **state)
{
	struct object object = open_object();

	(void)state;
	for (u32 i = 0; i < object.variables.count; i++)
		if (str_equal(object.variables.list[i].name, "number"))
			object.variables.list[i].name = "numbers";
	assert_error(&error, btf_fix(&arena, &error, &object), ENOENT, "section '.data': variable 'number'");
	object.extern_count = 0;
	object.elf.names.count = 0; /* leaves .kconfig alone to be looked at */
	assert_error(&error, btf_fix(&arena, &error, &object), ENOENT, "section '.kconfig': variable 'CONFIG");
	object.has_btf = false;
	assert_no_error(&error, btf_fix(&arena, &error, &object));
	bytes_free(file);
}

/* clang 14 puts `struct {} x = {};` into .bss, and says that it is in .data. */
static void without_bytes(void **state)
{
	struct object object = open_object();

	(void)state;
	for (u32 i = 0; i < object.variables.count; i++)
		if (str_equal(object.variables.list[i].name, "number"))
			object.variables.list[i].name = "numbers";
	place_of(&object, ".data", "number")->size = 0;
	assert_no_error(&error, btf_fix(&arena, &error, &object));
	bytes_free(file);
}

/* Type ids, lengths of types, and string offsets stay, whatever is cut. */
static void ids_and_offsets_stay(void **state)
{
	struct object object = open_object();
	const struct btf *from = &object.btf;

	(void)state;
	assert_no_error(&error, btf_fix(&arena, &error, &object));
	for (u32 features = 0; features <= BTF_HAS_ALL; features++) {
		struct arena own = {0};
		struct bytes blob;
		struct btf to;

		assert_no_error(&error, btf_cut(&own, &error, from, features, &blob));
		assert_no_error(&error, btf_open(&own, &error, blob, &to));
		assert_int_equal(to.type_count, from->type_count + 1); /* .ksyms needs the filler */
		for (u32 id = 1; id < from->type_count; id++)
			assert_int_equal((u8 *)to.index[id] - to.types, (u8 *)from->index[id] - from->types);
		assert_memory_equal(to.strings, from->strings, from->strings_len);
		arena_release(&own);
	}
	bytes_free(file);
}

/* --- What the kernel says ------------------------------------------------------------------------------------------
 */

/* A descriptor or -errno; with the kernel's log on stderr if it refuses and `log` is wanted. */
static int load(struct bytes blob, bool want_log)
{
	static char log[1 << 20];
	union bpf_attr attr = {0};
	int fd;

	attr.btf = ptr_to_u64(blob.data);
	attr.btf_size = (u32)blob.size;
	fd = (int)sys_bpf(BPF_BTF_LOAD, &attr, sizeof(attr));
	if (fd >= 0 || !want_log)
		return fd;
	attr.btf_log_buf = ptr_to_u64(log);
	attr.btf_log_size = sizeof(log);
	attr.btf_log_level = 1;
	sys_bpf(BPF_BTF_LOAD, &attr, sizeof(attr));
	fprintf(stderr, "%s", log);
	return fd;
}

/* Skips the test where BTF cannot be loaded at all. */
static u32 features_of_this_kernel(void)
{
	static const u32 only_int[] = {BB, INFO(BTF_KIND_INT, 0), 4, 32};
	int fd = load(make_blob(only_int, 4, STRINGS, STRINGS_LEN), true);
	u32 features = 0;

	if (fd < 0) {
		print_message("skipped: the kernel lets this user load no BTF (%s)\n", errno_name(fd));
		skip();
	}
	sys_close(fd);
	for (u32 i = 0; i < BTF_FEATURE_COUNT; i++) {
		u8 bytes[BTF_PROBE_MAX];
		struct bytes blob;

		btf_probe_blob(i, bytes, &blob);
		fd = load(blob, false);
		features |= (u32)(fd >= 0) << i;
		if (fd >= 0)
			sys_close(fd);
	}
	return features;
}

static void probes_are_valid(void **state)
{
	(void)state;
	for (u32 i = 0; i < BTF_FEATURE_COUNT; i++) {
		u8 bytes[BTF_PROBE_MAX];
		struct bytes blob, cut;
		struct btf btf;

		btf_probe_blob(i, bytes, &blob);
		btf = open_blob(blob);
		/* A probe needs its feature: without it, something is cut. */
		assert_no_error(&error, btf_cut(&arena, &error, &btf, BTF_HAS_ALL & ~(1u << i), &cut));
		assert_true(cut.size != blob.size ||
			    memcmp(cut.data + sizeof(struct btf_header), btf.types, btf.types_len));
	}
}

static void kernel_accepts_probes(void **state)
{
	struct new_utsname_fields name;
	u32 features = features_of_this_kernel();

	(void)state;
	sys_uname(&name);
	if (name.release[0] >= '7' || (name.release[0] == '6' && strtol(name.release + 2, NULL, 10) >= 9))
		assert_int_equal(features, BTF_HAS_ALL);
	else
		assert_true(features & BTF_HAS_DATASEC);
}

/* Every way of cutting that makes sense for a kernel with the features of this one. */
static void kernel_accepts_cuts(void **state)
{
	u32 all = features_of_this_kernel();
	struct object object = open_object();

	(void)state;
	assert_no_error(&error, btf_fix(&arena, &error, &object));
	for (u32 features = 0; features <= BTF_HAS_ALL; features++) {
		struct arena own = {0};
		struct bytes blob;
		int fd;

		if (features & ~all)
			continue;
		assert_no_error(&error, btf_cut(&own, &error, &object.btf, features, &blob));
		fd = load(blob, true);
		if (fd < 0)
			fail_msg("features 0x%x: %s", features, errno_name(fd));
		sys_close(fd);
		arena_release(&own);
	}
	bytes_free(file);
}

static void kernel_accepts_conversions(void **state)
{
	u32 all = features_of_this_kernel();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(conversions); i++) {
		const struct conversion *c = &conversions[i];
		struct btf btf = open_blob(make_blob(c->from, words_of(c->from, c->count), STRINGS, STRINGS_LEN));
		struct bytes blob;
		int fd;

		assert_no_error(&error, btf_cut(&arena, &error, &btf, all & ~c->missing, &blob));
		fd = load(blob, true);
		if (fd < 0)
			fail_msg("%s: %s", c->what, errno_name(fd));
		sys_close(fd);
	}
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	return RUN(CASE(each_conversion), CASE(empty), CASE(no_memory), CASE(data_sections), CASE(linkages),
		CASE(several_are_hidden), CASE(kconfig), CASE(not_kconfig), CASE(without_symbol), CASE(without_bytes),
		CASE(ids_and_offsets_stay), CASE(probes_are_valid), CASE(kernel_accepts_probes),
		CASE(kernel_accepts_cuts), CASE(kernel_accepts_conversions));
}
