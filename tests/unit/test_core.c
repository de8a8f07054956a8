/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_core.c: CO-RE. The programs of core_local.bpf.c against the types of core_kernel.bpf.c, and types made by hand.
 */
#include "blob.h"
#include "base/memory.h"
#include "base/string.h"
#include "relocate/core_parts.h"
#include "relocate/link.h"

static struct arena arena;
static struct error error;
static struct bytes local_file, kernel_file;
static struct object object, kernel_object; /* the latter for its BTF alone */
static struct btf_view view;
static struct core *core;
static struct bpf_insn insns[64]; /* the program that was patched last */

static int set_up(void **state)
{
	(void)state;
	local_file = read_whole(FIXTURES "core_local.bpf.o");
	kernel_file = read_whole(FIXTURES "core_kernel.bpf.o");
	assert_no_error(&error, object_open(&arena, &error, "local", local_file, &object));
	assert_no_error(&error, object_open(&arena, &error, "kernel", kernel_file, &kernel_object));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bytes_free(local_file);
	bytes_free(kernel_file);
	arena_release(&arena);
	error_clear(&error);
	core = NULL;
	arena_fail_after(-1);
	return arena_live() ? -1 : 0;
}

static void open_view(struct btf_view *to, const void *data, size_t size)
{
	struct btf_source source = {.data = data, .size = size};

	assert_no_error(&error, btf_view_open(to, &arena, &error, &source, NULL));
}

static void start(const struct core_kernel *kernel)
{
	core = core_new(&arena, &object, kernel);
	assert_non_null(core);
}

/* The kernel of core_kernel.bpf.c. */
static void start_kernel(void)
{
	open_view(&view, kernel_object.btf.data, kernel_object.btf.size);
	start(&(struct core_kernel){.vmlinux = &view});
}

static const struct prog_spec *prog_named(const char *name)
{
	const struct prog_spec *prog = object_find_prog(&object, name);

	if (!prog || prog->insn_count > ARRAY_SIZE(insns))
		fail_msg("no program '%s', or it is too long", name);
	return prog;
}

/* The first record of a program, to be changed at will. */
static struct bpf_core_relo *record_of(const char *name)
{
	const struct prog_spec *prog = prog_named(name);
	const struct bpf_core_relo *relo = NULL;

	for (u32 i = 0; !relo && i < prog->insn_count; i++)
		relo = core_record_at(&object, prog, prog->offset + i * sizeof(*insns));
	if (!relo)
		fail_msg("program '%s' has no record", name);
	return (struct bpf_core_relo *)(uintptr_t)relo;
}

static int apply(const char *name)
{
	const struct prog_spec *prog = prog_named(name);

	assert_true(core_is_needed(&object, prog));
	memcpy(insns, prog->insns, prog->insn_count * sizeof(*insns));
	return core_apply(core, &error, prog, insns);
}

/* The instruction of insns that the program's record is about. */
static const struct bpf_insn *patched(const char *name)
{
	return &insns[(record_of(name)->insn_off - prog_named(name)->offset) / sizeof(*insns)];
}

static s64 value_of(const struct bpf_insn *insn)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		return (s64)((u32)insn[0].imm | (u64)insn[1].imm << 32);
	case BPF_ALU:
	case BPF_ALU64:
		return insn->imm;
	default:
		return insn->off;
	}
}

static bool is_poison(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL) && insn->imm == CORE_POISON && !insn->off && !insn->src_reg &&
	       !insn->dst_reg;
}

static void assert_patched(const char *name, s64 value)
{
	const struct bpf_insn *insn;

	assert_no_error(&error, apply(name));
	insn = patched(name);
	if (is_poison(insn) || value_of(insn) != value)
		fail_msg("%s: got %lld%s, expected %lld", name, value_of(insn), is_poison(insn) ? " (poison)" : "",
			(s64)value);
}

static void assert_poisoned(const char *name)
{
	assert_no_error(&error, apply(name));
	if (!is_poison(patched(name)))
		fail_msg("%s: got %lld, expected poison", name, value_of(patched(name)));
}

static void every_question_is_answered(void **state)
{
	static const struct {
		const char *name;
		int value;
	} answers[] = {
		{"load_first", 24},
		{"load_second", 0},
		{"load_pointer", 16},
		{"load_element", 2 * 48 + 24},
		{"address_of_text", 8 + 3},
		{"load_shallow", 160},
		{"load_deep", 8},
		{"load_in_array", 16 + 48},
		{"load_flexible", 16 + 7 * 4},
		{"load_flavor", 4},
		{"load_same", 0},
		{"load_beside", 0},
		{"load_alias", 8},
		{"store_first", 24},
		{"size_of_number", 8},
		{"size_of_text", 8},
		{"exists_first", 1},
		{"exists_lost", 0},
		{"exists_gone", 0},
		{"signed_number", 0},
		{"signed_integer", 1},
		{"bits_low_offset", 0},
		{"bits_low_size", 4},
		{"bits_low_signed", 0},
		{"bits_low_left", 64 - 32},
		{"bits_low_right", 64 - 2},
		{"bits_high_offset", 4},
		{"bits_high_size", 4},
		{"bits_high_signed", 1},
		{"bits_high_left", 64 - 10},
		{"bits_high_right", 64 - 10},
		{"bits_wide_offset", 8},
		{"bits_wide_size", 8},
		{"bits_wide_left", 64 - 40},
		{"bits_wide_right", 64 - 40},
		{"bits_grown_offset", 13},
		{"bits_grown_size", 1},
		{"bits_grown_left", 64 - 8},
		{"bits_grown_right", 64 - 8},
		{"exists_plain", 1},
		{"size_of_plain", 48},
		{"exists_no_type", 0},
		{"size_of_no_type", 0},
		{"kernel_id_no_type", 0},
		{"exists_flavor", 1},
		{"size_of_flavor", 12},
		{"exists_alias", 1},
		{"size_of_alias", 16},
		{"exists_colour", 1},
		{"size_of_colour", 4},
		{"exists_both", 1},
		{"value_of_red", 10},
		{"value_of_green", -2},
		{"value_of_pink", 7},
		{"exists_red", 1},
		{"exists_blue", 0},
	};

	(void)state;
	start_kernel();
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++)
		assert_patched(answers[i].name, answers[i].value);
}

static void what_is_not_there_is_poisoned(void **state)
{
	static const char *const names[] = {"load_lost", "address_beyond", "load_beyond_array", "load_gone",
		"load_changed", "size_of_lost", "value_of_blue"};

	(void)state;
	start_kernel();
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_poisoned(names[i]);
	/* Both halves of a 16-byte load: the second alone would be an unknown opcode. */
	assert_poisoned("value_of_blue");
	assert_int_equal(prog_named("value_of_blue")->insns[patched("value_of_blue") - insns].code, 0x18);
	assert_true(is_poison(patched("value_of_blue") + 1));
}

static void ids_are_those_of_the_right_side(void **state)
{
	(void)state;
	start_kernel();
	assert_patched("local_id_plain", btf_find(&object.btf, BTF_KIND_STRUCT, "plain"));
	assert_patched("kernel_id_plain", btf_find(&kernel_object.btf, BTF_KIND_STRUCT, "plain"));
	assert_patched("local_id_flavor", btf_find(&object.btf, BTF_KIND_STRUCT, "shape___ours"));
	assert_patched("kernel_id_flavor", btf_find(&kernel_object.btf, BTF_KIND_STRUCT, "shape"));
	assert_patched("kernel_id_alias", btf_find(&kernel_object.btf, BTF_KIND_TYPEDEF, "alias"));
	assert_patched("local_id_no_type", btf_find(&object.btf, BTF_KIND_STRUCT, "gone"));
}

static void loads_and_stores_are_resized(void **state)
{
	(void)state;
	start_kernel();
	assert_patched("load_number", 32);
	assert_int_equal(patched("load_number")->code, BPF_LDX | BPF_MEM | BPF_DW);
	assert_patched("store_number", 32);
	assert_int_equal(patched("store_number")->code, BPF_STX | BPF_MEM | BPF_DW);
	/* A signed field would need another instruction behind it. */
	assert_poisoned("load_integer");
	/* The size of the access must be the field's. */
	start_kernel();
	((struct bpf_insn *)prog_named("load_number")->insns)[0].code = BPF_LDX | BPF_MEM | BPF_H;
	assert_error(&error, apply("load_number"), EINVAL, "it accesses 2 bytes of a field of 4");
}

/* r1 = *(s32 *)p of an unsigned field: clang's (long)(int)p->number for -mcpu=v4. libbpf gets both cases wrong. */
static void loads_that_extend_the_sign_are_resized(void **state)
{
	struct bpf_insn *insn = (struct bpf_insn *)prog_named("load_number")->insns;
	u32 id = btf_find(&kernel_object.btf, BTF_KIND_INT, "unsigned long long");

	(void)state;
	insn->code = BPF_LDX | 0x80 | BPF_W;
	start_kernel();
	assert_patched("load_number", 32);
	assert_int_equal(patched("load_number")->code, BPF_LDX | 0x80 | BPF_W);
	assert_int_not_equal(id, 0);
	kernel_object.btf.index[id]->size = 2;
	start_kernel();
	assert_patched("load_number", 32);
	assert_int_equal(patched("load_number")->code, BPF_LDX | BPF_MEM | BPF_H);
}

static void pointers_of_a_32_bit_kernel_are_narrow(void **state)
{
	u32 id = btf_find(&kernel_object.btf, BTF_KIND_INT, "long");

	(void)state;
	assert_int_not_equal(id, 0);
	kernel_object.btf.index[id]->size = 4;
	start_kernel();
	assert_patched("load_pointer", 16);
	assert_int_equal(patched("load_pointer")->code, BPF_LDX | BPF_MEM | BPF_W);
}

static void types_match_or_do_not(void **state)
{
	(void)state;
	record_of("matches")->kind = BPF_CORE_TYPE_MATCHES;
	record_of("matches_not")->kind = BPF_CORE_TYPE_MATCHES;
	record_of("matches_less")->kind = BPF_CORE_TYPE_MATCHES;
	record_of("matches_side")->kind = BPF_CORE_TYPE_MATCHES;
	start_kernel();
	assert_patched("matches", 1);
	assert_patched("matches_not", 0);
	assert_patched("matches_less", 0);
	assert_patched("matches_side", 0);
}

static struct btf_type *struct_of(const struct object *of, const char *name)
{
	u32 id = btf_find(&of->btf, BTF_KIND_STRUCT, name);

	assert_int_not_equal(id, 0);
	return of->btf.index[id];
}

/* Each of these differs by one thing from what matches: an enum's size, an array's, a union for a struct. */
static void nearly_is_no_match(void **state)
{
	struct btf_type *inner = struct_of(&kernel_object, "inner");
	u32 *const words[] = {&kernel_object.btf.index[btf_find(&kernel_object.btf, BTF_KIND_ENUM, "shade")]->size,
		(u32 *)(uintptr_t)&btf_array(kernel_object.btf.index[btf_members(inner)->type])->nelems, &inner->info};
	const u32 others[] = {8, 5, (u32)BTF_KIND_UNION << 24 | 2};

	(void)state;
	record_of("matches")->kind = BPF_CORE_TYPE_MATCHES;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		u32 was = *words[i];

		*words[i] = others[i];
		start_kernel();
		assert_patched("matches", 0);
		*words[i] = was;
		start_kernel();
		assert_patched("matches", 1);
	}
}

/* Which no compiler writes. */
static void structs_that_hold_themselves_match_nothing(void **state)
{
	(void)state;
	btf_members(struct_of(&object, "match_not"))->type = btf_find(&object.btf, BTF_KIND_STRUCT, "match_not");
	btf_members(struct_of(&kernel_object, "match_not"))->type =
		btf_find(&kernel_object.btf, BTF_KIND_STRUCT, "match_not");
	record_of("matches_not")->kind = BPF_CORE_TYPE_MATCHES;
	start_kernel();
	assert_error(&error, apply("matches_not"), EINVAL, "types nest more than");
}

static void candidates_that_disagree_are_named(void **state)
{
	(void)state;
	start_kernel();
	assert_error(&error, apply("load_other"), EINVAL, "disagree: [");
	assert_error(&error, apply("load_other"), EINVAL, "gives 4 (bit 32), [");
	assert_error(&error, apply("load_other"), EINVAL, "field 'y' of struct twice (CO-RE byte_off, access 0:1): ");
	assert_error(&error, apply("size_of_both"), EINVAL, "disagree");
	assert_error(&error, apply("kernel_id_both"), EINVAL, "disagree");
}

/* Two bit fields that one load reaches, at other bits of it. */
static void bit_fields_disagree_by_their_place(void **state)
{
	struct blob b = {0};
	struct bytes bytes;
	u32 integer = blob_int(&b, "unsigned int", 4);

	(void)state;
	for (u32 i = 0; i < 2; i++) {
		blob_type(&b, "bits", BTF_KIND_STRUCT, 1, 4);
		b.words[b.word_count - 2] |= 1u << 31; /* kflag */
		blob_words(&b, blob_string(&b, "low"), integer, 2 << 24 | (28 + i));
	}
	bytes = blob_finish(&b);
	open_view(&view, bytes.data, bytes.size);
	start(&(struct core_kernel){.vmlinux = &view});
	assert_error(&error, apply("bits_low_size"), EINVAL, "[2] gives 4 (bit 28), [3] 4 (bit 29)");
	blob_free(&b);
}

/* Sizes that no load has, and that no number holds. */
static void sizes_beyond_all_bounds(void **state)
{
	struct blob b = {0};
	struct bytes bytes;
	u32 wide = blob_int(&b, "unsigned long long", 8), array;

	(void)state;
	array = blob_type(&b, "", BTF_KIND_ARRAY, 0, 0);
	blob_words(&b, wide, wide, 0x20000001);
	blob_type(&b, "bits", BTF_KIND_STRUCT, 1, 16);
	b.words[b.word_count - 2] |= 1u << 31;
	blob_words(&b, blob_string(&b, "wide"), wide, 60 << 24 | 8);
	blob_type(&b, "plain", BTF_KIND_STRUCT, 3, 16);
	blob_words(&b, blob_string(&b, "integer"), wide, 0, blob_string(&b, "number"), wide, 0, blob_string(&b, "text"),
		array, 64);
	bytes = blob_finish(&b);
	open_view(&view, bytes.data, bytes.size);
	start(&(struct core_kernel){.vmlinux = &view});
	assert_error(&error, apply("bits_wide_offset"), E2BIG, "it is a bit field that no load of 8 bytes holds");
	assert_error(&error, apply("size_of_text"), EINVAL, "its type has no size");
	assert_patched("load_number", 0);
	assert_poisoned("load_integer");    /* the object's alone has a sign */
	b.words[3] |= BTF_INT_SIGNED << 24; /* the kernel's alone has a sign */
	bytes = blob_finish(&b);
	open_view(&view, bytes.data, bytes.size);
	start(&(struct core_kernel){.vmlinux = &view});
	assert_poisoned("load_number");
	b.words[9] = 3;
	bytes = blob_finish(&b);
	open_view(&view, bytes.data, bytes.size);
	start(&(struct core_kernel){.vmlinux = &view});
	assert_poisoned("address_of_text"); /* [3]: the last member, but not one of any length */
	b.words[2] = 0;
	b.words[7] = array + 1; /* elements of another kind */
	bytes = blob_finish(&b);
	open_view(&view, bytes.data, bytes.size);
	start(&(struct core_kernel){.vmlinux = &view});
	assert_poisoned("size_of_text");
	assert_error(&error, apply("bits_wide_offset"), EINVAL, "it is a bit field of a type without a size");
	blob_free(&b);
}

/* The order of the file decides, not the order of questions: load_only comes before load_common there. */
static void a_field_of_one_candidate_settles_the_type(void **state)
{
	(void)state;
	start_kernel();
	assert_patched("load_common", 8);
	assert_patched("load_only", 4);
	assert_patched("load_common", 8);
}

/* Of three structs the second and the third have `only`, at other places; the first alone has `common`. */
static void candidates_that_disagree_all_stay(void **state)
{
	struct blob b = {0};
	struct bytes bytes;
	u32 integer = blob_int(&b, "int", 4);

	(void)state;
	for (u32 i = 0; i < 3; i++) {
		blob_type(&b, "settled", BTF_KIND_STRUCT, 1, 16);
		blob_words(&b, blob_string(&b, i ? "only" : "common"), integer, 32 * (i + 1));
	}
	bytes = blob_finish(&b);
	open_view(&view, bytes.data, bytes.size);
	start(&(struct core_kernel){.vmlinux = &view});
	assert_patched("load_common", 4); /* load_only comes before in the file */
	blob_free(&b);
}

static void a_kernel_without_types_has_none(void **state)
{
	char words[256];

	(void)state;
	start(&(struct core_kernel){0});
	assert_poisoned("load_first");
	assert_patched("exists_first", 0);
	assert_patched("size_of_plain", 0);
	assert_patched("exists_red", 0);
	assert_patched("local_id_plain", btf_find(&object.btf, BTF_KIND_STRUCT, "plain"));
	assert_true(core_explain(core, prog_named("load_first"), record_of("load_first")->insn_off, words, 256));
	assert_string_equal(words,
		"this kernel has no BTF to look in for field 'first' of struct plain (CO-RE byte_off, access 0:0)");
	assert_error(&error, core_apply(NULL, &error, prog_named("load_first"), insns), EOPNOTSUPP, "CO-RE");
}

static u32 modules_asked;

static struct btf_view *one_module(void *context, u32 i)
{
	modules_asked++;
	return i ? NULL : context;
}

static struct btf_view *two_modules(void *context, u32 i)
{
	return i < 2 ? context : NULL;
}

static void modules_are_asked_for_what_the_kernel_lacks(void **state)
{
	struct blob b = {0};
	struct btf_view kernel_view;
	struct bytes bytes;
	u32 integer = blob_int(&b, "int", 4);

	(void)state;
	blob_type(&b, "plain", BTF_KIND_STRUCT, 1, 400);
	blob_words(&b, blob_string(&b, "first"), integer, 8 * 100);
	bytes = blob_finish(&b);
	open_view(&kernel_view, bytes.data, bytes.size);
	open_view(&view, kernel_object.btf.data, kernel_object.btf.size);
	modules_asked = 0;
	start(&(struct core_kernel){&kernel_view, one_module, &view});
	assert_patched("load_first", 100);
	assert_patched("load_flavor", 4);
	assert_int_equal(modules_asked, 2);
	assert_poisoned("load_second");
	assert_int_equal(modules_asked, 2);
	start(&(struct core_kernel){&kernel_view, two_modules, &view}); /* both have it */
	assert_patched("load_flavor", 4);
	blob_free(&b);
}

static void enums_of_both_sizes_are_enums(void **state)
{
	struct blob b = {0};
	struct bytes bytes;

	(void)state;
	blob_type(&b, "colour", KIND_ENUM64, 2, 8);
	blob_words(&b, blob_string(&b, "RED"), 1, 5);
	blob_words(&b, blob_string(&b, "PINK___x"), 3, 0);
	bytes = blob_finish(&b);
	open_view(&view, bytes.data, bytes.size);
	start(&(struct core_kernel){.vmlinux = &view});
	assert_patched("value_of_red", 5ll << 32 | 1);
	assert_patched("value_of_pink", 3);
	assert_patched("size_of_colour", 8);
	assert_poisoned("value_of_green");
	blob_free(&b);
}

/* What core_describe() and core_explain() say. */
static void what_is_missing_is_told(void **state)
{
	static const struct {
		const char *name, *text;
	} cases[] = {
		{"load_lost", "this kernel has no field 'lost' of struct plain (CO-RE byte_off, access 0:6)"},
		{"load_integer", "this kernel has another size of field 'integer' of struct plain (CO-RE byte_off, "
				 "access 0:3): 8 bytes, in the object 4, and only pointers and unsigned integers can "
				 "be resized"},
		{"load_beyond_array", "this kernel has no field 'plains[3].second' of struct nested (CO-RE byte_off, "
				      "access 0:2:3:1)"},
		{"value_of_blue", "this kernel has no enumerator 'BLUE' of enum colour (CO-RE enumval_value, "
				  "access 2)"},
	};
	char words[256];

	(void)state;
	start_kernel();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct prog_spec *prog = prog_named(cases[i].name);

		assert_true(core_explain(core, prog, record_of(cases[i].name)->insn_off, words, sizeof(words)));
		assert_string_equal(words, cases[i].text);
	}
	assert_false(core_explain(core, prog_named("load_first"), record_of("load_first")->insn_off, words, 256));
	assert_false(core_explain(core, prog_named("load_lost"), record_of("load_first")->insn_off, words, 256));
	assert_false(core_explain(NULL, prog_named("load_lost"), record_of("load_lost")->insn_off, words, 256));
	core_describe(&object, record_of("exists_plain"), words, sizeof(words));
	assert_string_equal(words, "struct plain (CO-RE type_exists, access 0)");
	core_describe(&object, record_of("load_lost"), words, 10);
	assert_string_equal(words, "field 'lo");
}

/* Puts an access of any length where nobody looks for names: the end of the strings, which are lines of the source. */
static void set_access(struct bpf_core_relo *relo, const char *access)
{
	u32 offset = object.btf.strings_len - 300;

	memcpy((char *)(uintptr_t)object.btf.strings + offset, access, strlen(access) + 1);
	relo->access_str_off = offset;
}

static void broken_records_are_refused(void **state)
{
	static const struct {
		const char *access, *message;
	} cases[] = {
		{"", "its access is none"},
		{":", "its access is none"},
		{"x", "its access is none"},
		{"-1", "its access is none"},
		{"+1", "its access is none"},
		{" 1", "its access is none"},
		{"4294967296", "its access is none"},
		{"0:", "its access is none"},
		{"0:-1", "its access is none: expected up to 64 numbers"},
		{"0:1:", "its access is none"},
		{"0::1", "its access is none"},
		{"0:7", "its part 1 is 7, which is not in struct 'plain'"},
		{"0:4294967295", "its access is none"},
		{"0:0:0", "its part 2 is 0, which is not in int 'int'"},
		{"0:5:16", "its part 2 is 16, which is not in array ''"},
	};
	struct bpf_core_relo *relo = record_of("load_first");
	char parts[200] = "0";

	(void)state;
	start_kernel();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		start_kernel();
		set_access(relo, cases[i].access);
		assert_error(&error, apply("load_first"), EINVAL, cases[i].message);
		assert_error(&error, apply("load_first"), EINVAL, "instruction 0, for ");
	}
	for (int i = 1; i < 65; i++)
		strcat(parts, ":0");
	set_access(relo, parts);
	start_kernel();
	assert_error(&error, apply("load_first"), EINVAL, "its part 2");
	btf_members(struct_of(&object, "plain"))->type = btf_find(&object.btf, BTF_KIND_STRUCT, "plain");
	assert_error(&error, apply("load_first"), EINVAL, "its access is none: expected up to 64 numbers");
	relo = record_of("load_beyond_array");
	set_access(relo, "0:2:0:1");
	core_describe(&object, relo, parts, sizeof(parts));
	assert_string_equal(parts, "field 'plains[0].second' of struct nested (CO-RE byte_off, access 0:2:0:1)");
	relo = record_of("load_second");
	relo->kind = 13;
	assert_error(&error, apply("load_second"), EINVAL, "nobody knows this kind of record");
	relo->kind = BPF_CORE_TYPE_SIZE;
	assert_error(&error, apply("load_second"), EINVAL, "its access is none");
	relo->kind = BPF_CORE_ENUMVAL_VALUE;
	assert_error(&error, apply("load_second"), EINVAL, "no enumerator of struct 'plain'");
	relo->kind = BPF_CORE_FIELD_BYTE_OFFSET;
	relo->type_id = 0;
	assert_error(&error, apply("load_second"), EINVAL, "a type without a size");
	relo->kind = BPF_CORE_TYPE_EXISTS;
	set_access(relo, "0");
	assert_error(&error, apply("load_second"), EOPNOTSUPP, "no name to look for");
	start_kernel();
	assert_error(&error, apply("load_second"), EOPNOTSUPP, "no name to look for");
}

static void instructions_must_hold_what_the_record_says(void **state)
{
	struct bpf_insn *insn;

	(void)state;
	start_kernel();
	insn = (struct bpf_insn *)prog_named("load_second")->insns;
	insn->off++;
	assert_error(&error, apply("load_second"), EINVAL, "it holds 9, expected 8 by the object's types");
	insn->code = BPF_JMP | BPF_EXIT;
	assert_error(&error, apply("load_second"), EINVAL, "code 0x95 holds nothing that can be patched");
	insn->code = BPF_ALU64 | BPF_ADD | BPF_X;
	assert_error(&error, apply("load_second"), EINVAL, "code 0x0f holds nothing");
	insn->code = BPF_LD | BPF_ABS | BPF_W;
	assert_error(&error, apply("load_second"), EINVAL, "no plain load of a 64-bit constant");
	insn->code = BPF_LD | BPF_IMM | BPF_DW; /* its second half is another instruction */
	assert_error(&error, apply("load_second"), EINVAL, "no plain load of a 64-bit constant");
	/* In its record's eyes the last instruction of a program: behind it belongs to somebody else. */
	record_of("exists_first")->insn_off = (u32)(prog_named("exists_first")->offset +
						    (prog_named("exists_first")->insn_count - 1) * sizeof(*insn));
	insn = (struct bpf_insn *)prog_named("exists_first")->insns + prog_named("exists_first")->insn_count - 1;
	insn->code = BPF_LD | BPF_IMM | BPF_DW;
	assert_error(&error, apply("exists_first"), EINVAL, "no plain load of a 64-bit constant");
}

static void far_fields_are_out_of_reach(void **state)
{
	struct blob b = {0};
	struct bytes bytes;
	u32 integer = blob_int(&b, "int", 4);

	(void)state;
	blob_type(&b, "plain", BTF_KIND_STRUCT, 1, 40000);
	blob_words(&b, blob_string(&b, "first"), integer, 8 * 32768);
	bytes = blob_finish(&b);
	open_view(&view, bytes.data, bytes.size);
	start(&(struct core_kernel){.vmlinux = &view});
	assert_error(&error, apply("load_first"), ERANGE, "at byte 32768 in this kernel, too far");
	blob_free(&b);
}

/* Structs in structs without a name, each twice: 2 to the 30 ways to look for a field. And one that holds itself. */
static void entangled_types_come_to_an_end(void **state)
{
	struct blob b = {0};
	struct bytes bytes;

	(void)state;
	blob_type(&b, "plain", BTF_KIND_STRUCT, 2, 4);
	blob_words(&b, 0, 2, 0, 0, 2, 0);
	for (u32 id = 2; id < 32; id++) {
		blob_type(&b, "", BTF_KIND_STRUCT, 2, 4);
		blob_words(&b, 0, id + 1, 0, 0, id + 1, 0);
	}
	blob_int(&b, "int", 4);
	blob_type(&b, "nested", BTF_KIND_STRUCT, 1, 4);
	blob_words(&b, 0, b.type_count, 0);
	bytes = blob_finish(&b);
	open_view(&view, bytes.data, bytes.size);
	start(&(struct core_kernel){.vmlinux = &view});
	assert_error(&error, apply("load_first"), E2BIG, "comes to no end");
	start(&(struct core_kernel){.vmlinux = &view});
	assert_error(&error, apply("load_shallow"), EINVAL, "types nest more than");
	blob_free(&b);
}

/* Records that ask of many candidates each, which have no members to count. */
static void many_candidates_come_to_an_end(void **state)
{
	struct bytes bytes = blob_alike(100000, BTF_KIND_STRUCT, "plain", 0);

	(void)state;
	open_view(&view, bytes.data, bytes.size);
	start(&(struct core_kernel){.vmlinux = &view});
	assert_error(&error, apply("kernel_id_plain"), E2BIG, "comes to no end");
	bytes_free(bytes);
}

/* Names of a megabyte, alike but for their ends, a great many times: no more than 512 characters count. */
static void long_names_cost_no_more(void **state)
{
	enum { MEMBERS = 20000, LONG = 1 << 20 };
	u32 id = btf_find(&object.btf, BTF_KIND_STRUCT, "plain"), types = 12 + MEMBERS * 12, len = LONG + 6;
	struct btf_header h = {BTF_MAGIC, BTF_VERSION, 0, sizeof(h), 0, types, types, len};
	const u32 plain[] = {1, BTF_KIND_STRUCT << 24 | MEMBERS, 4}, member[] = {6, 0, 0};
	u8 *data = calloc(1, sizeof(h) + types + len);
	char *strings = calloc(1, object.btf.strings_len + LONG + 1);

	(void)state;
	memcpy(data, &h, sizeof(h));
	memcpy(data + sizeof(h), plain, sizeof(plain));
	for (u32 i = 0; i < MEMBERS; i++)
		memcpy(data + sizeof(h) + 12 + i * 12, member, sizeof(member));
	memcpy(data + sizeof(h) + types + 1, "plain", 6);
	memset(data + sizeof(h) + types + 6, 'a', LONG - 1);
	memcpy(strings, object.btf.strings, object.btf.strings_len);
	memset(strings + object.btf.strings_len, 'a', LONG);
	btf_members(object.btf.index[id])[0].name_off = object.btf.strings_len;
	object.btf.strings = strings;
	open_view(&view, data, sizeof(h) + types + len);
	start(&(struct core_kernel){.vmlinux = &view});
	assert_poisoned("load_first");
	free(data);
	free(strings);
}

/* libbpf hangs on these. */
static void typedefs_of_themselves_come_to_an_end(void **state)
{
	struct blob b = {0};
	struct bytes bytes;
	u32 id = btf_find(&object.btf, BTF_KIND_TYPEDEF, "alias");

	(void)state;
	blob_type(&b, "alias", BTF_KIND_TYPEDEF, 0, 1);
	bytes = blob_finish(&b);
	open_view(&view, bytes.data, bytes.size);
	start(&(struct core_kernel){.vmlinux = &view});
	assert_error(&error, apply("load_alias"), EINVAL, "a type without a size");
	object.btf.index[id]->type = id;
	assert_error(&error, apply("load_alias"), EINVAL, "a type without a size");
	blob_free(&b);
}

static void broken_kernel_types_are_told(void **state)
{
	struct blob b = {0};
	struct bytes bytes;

	(void)state;
	blob_type(&b, "plain", BTF_KIND_STRUCT, 1000, 4);
	bytes = blob_finish(&b);
	open_view(&view, bytes.data, bytes.size);
	start(&(struct core_kernel){.vmlinux = &view});
	assert_int_equal(apply("load_first"), -EINVAL);
	assert_non_null(strstr(error.message, "type [1]"));
	error_clear(&error);
	blob_free(&b);
}

/* An error of the kernel's types may be another one than the object's. */
static void whose_types_are_broken_is_told(void **state)
{
	struct error own = {0};
	struct btf_source source;
	struct bytes bytes;
	struct blob b = {0};

	(void)state;
	blob_type(&b, "plain", BTF_KIND_STRUCT, 1000, 4);
	bytes = blob_finish(&b);
	source = (struct btf_source){.data = bytes.data, .size = bytes.size};
	assert_no_error(&error, btf_view_open(&view, &arena, &own, &source, NULL));
	start(&(struct core_kernel){.vmlinux = &view});
	assert_error(&error, apply("load_first"), EINVAL, "the kernel's types: BTF: type [1]");
	blob_free(&b);
}

/* Records of a function stay with it, wherever it stands in the image. */
static void called_functions_are_relocated(void **state)
{
	static const int fds[8];
	struct link_input input = {fds, NULL, NULL};
	struct prog_image image;

	(void)state;
	start_kernel();
	input.core = core;
	assert_no_error(&error, link_program(&arena, &error, &object, prog_named("calls_first_of"), &input, &image));
	assert_int_equal(image.part_count, 2);
	assert_true(image.parts[1].start > 1);
	assert_int_equal(
		image.insns[(record_of("calls_first_of")->insn_off - prog_named("calls_first_of")->offset) / 8].off, 0);
	assert_int_equal(image.insns[image.parts[1].start].off, 24);
}

/* Sections of one name: each has its own block. (object_open() finds out which; test_large.c.) */
static void sections_of_one_name_have_their_own_records(void **state)
{
	struct btf_ext_table *table = &object.btf_ext.core_relo;
	const struct btf_ext_block own = table->blocks[0];
	static struct bpf_core_relo moved;
	struct btf_ext_block blocks[] = {own, {own.section_name, (u8 *)&moved, 1, sizeof(moved)}};
	struct prog_spec second = *prog_named("load_second");
	u32 *of_section = arena_alloc_array(&arena, object.elf.section_count, sizeof(u32)), other = second.section + 1;

	(void)state;
	assert_in_range(other, 1, object.elf.section_count - 1);
	of_section[second.section] = 1;
	of_section[other] = 2;
	second.section = other;
	moved = *record_of("load_second");
	moved.insn_off = 0;
	second.offset = 0;
	assert_false(core_is_needed(&object, &second) && core_record_at(&object, &second, 0) == &moved);
	*table = (struct btf_ext_table){blocks, 2, of_section};
	assert_ptr_equal(core_record_at(&object, &second, 0), &moved);
	assert_non_null(record_of("load_first"));
	assert_ptr_not_equal(record_of("load_first"), &moved);
}

static void memory_may_run_out(void **state)
{
	int failures = 0;

	(void)state;
	for (long left = 0; left < 10000; left++) {
		int err = -ENOMEM;

		open_view(&view, kernel_object.btf.data, kernel_object.btf.size);
		arena_fail_after(left);
		core = core_new(&arena, &object, &(struct core_kernel){.vmlinux = &view});
		if (core)
			err = apply("load_flavor");
		arena_fail_after(-1);
		if (!err)
			break;
		assert_int_equal(err, -ENOMEM);
		error_clear(&error);
		failures++;
		/* Once there is memory again, so is the answer. */
		if (core)
			assert_patched("load_flavor", 4);
	}
	assert_in_range(failures, 5, 9999);
}

/* Half of a 16-byte load, which only a broken object has, and nothing behind it. */
static void what_is_poisoned_ends_with_the_program(void **state)
{
	struct bpf_insn *last = calloc(1, sizeof(*last));
	const struct core_result result = {.poison = true};

	(void)state;
	last->code = BPF_LD | BPF_IMM | BPF_DW;
	assert_no_error(&error, core_patch(&error, last, 1, 0, &result));
	assert_int_equal(last->code, BPF_JMP | BPF_CALL);
	free(last);
}

/* A reference to a map or a function is one, too, and not the record's to fill in. */
static void only_plain_wide_loads_are_patched(void **state)
{
	static const struct bpf_insn good[2] = {{.code = BPF_LD | BPF_IMM | BPF_DW, .imm = 7}};
	static const struct bpf_insn wrong[][2] = {{{.code = BPF_LD | BPF_ABS | BPF_W}}, {{.src_reg = 1}}, {{.off = 1}},
		{{0}, {.code = BPF_JMP}}, {{0}, {.dst_reg = 1}}, {{0}, {.src_reg = 1}}, {{0}, {.off = 1}}};
	const struct core_result result = {.value = 0x100000002, .original = 7, .validate = true};
	struct bpf_insn pair[2];

	(void)state;
	memcpy(pair, good, sizeof(pair));
	assert_error(&error, core_patch(&error, pair, 1, 0, &result), EINVAL, "no plain load");
	assert_no_error(&error, core_patch(&error, pair, 2, 0, &result));
	assert_int_equal(pair[0].imm, 2);
	assert_int_equal(pair[1].imm, 1);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		memcpy(pair, wrong[i], sizeof(pair));
		pair[0].code = pair[0].code ? pair[0].code : good->code;
		pair[0].imm = good->imm;
		assert_error(&error, core_patch(&error, pair, 2, 0, &result), EINVAL, "no plain load");
	}
}

static void functions_without_records_need_nothing(void **state)
{
	struct prog_spec behind = *prog_named("load_first");

	(void)state;
	/* A record further on is not an earlier instruction's. */
	record_of("load_shallow")->insn_off += 8;
	assert_null(core_record_at(&object, prog_named("load_shallow"), prog_named("load_shallow")->offset));
	behind.offset = 1 << 20;
	assert_false(core_is_needed(&object, &behind));
	assert_null(core_record_at(&object, prog_named("load_first"), prog_named("load_first")->offset + 8));
	object.btf_ext.core_relo.of_section = NULL;
	assert_false(core_is_needed(&object, prog_named("load_first")));
	assert_null(core_record_at(&object, prog_named("load_first"), prog_named("load_first")->offset));
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	return RUN(CASE(every_question_is_answered), CASE(what_is_not_there_is_poisoned),
		CASE(ids_are_those_of_the_right_side), CASE(loads_and_stores_are_resized),
		CASE(loads_that_extend_the_sign_are_resized), CASE(pointers_of_a_32_bit_kernel_are_narrow),
		CASE(types_match_or_do_not), CASE(candidates_that_disagree_are_named),
		CASE(candidates_that_disagree_all_stay), CASE(a_field_of_one_candidate_settles_the_type),
		CASE(a_kernel_without_types_has_none), CASE(modules_are_asked_for_what_the_kernel_lacks),
		CASE(enums_of_both_sizes_are_enums), CASE(what_is_missing_is_told), CASE(broken_records_are_refused),
		CASE(instructions_must_hold_what_the_record_says), CASE(far_fields_are_out_of_reach),
		CASE(entangled_types_come_to_an_end), CASE(many_candidates_come_to_an_end),
		CASE(long_names_cost_no_more), CASE(typedefs_of_themselves_come_to_an_end),
		CASE(broken_kernel_types_are_told), CASE(whose_types_are_broken_is_told),
		CASE(called_functions_are_relocated), CASE(sections_of_one_name_have_their_own_records),
		CASE(memory_may_run_out), CASE(what_is_poisoned_ends_with_the_program),
		CASE(only_plain_wide_loads_are_patched), CASE(functions_without_records_need_nothing),
		CASE(nearly_is_no_match), CASE(structs_that_hold_themselves_match_nothing),
		CASE(bit_fields_disagree_by_their_place), CASE(sizes_beyond_all_bounds));
}
