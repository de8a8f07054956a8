/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_core_parts.c: the steps of CO-RE one by one, on types made by hand. test_core.c has them all together.
 */
#include "blob.h"
#include "bpf_insn.h"
#include "relocate/core_parts.h"

#define KFLAG       (1u << 31)
#define BITS(n, at) ((u32)(n) << 24 | (at)) /* btf_member.offset of a bit field */

static struct arena arena;
static struct error error;
static struct blob b;
static struct btf btf;
static const struct core_types types = {.btf = &btf};

/* Object and kernel in one. Names tell nothing: most types have the same. */
static u32 u4, s4, u8_, old, f4, f8, one, one_signed, two, other, longer, renamed, flagged, one_union, fwd, fwd_union,
	e, e64, e_wide, e_other, e_anonymous, e_row, e_narrow, p_u4, p_s4, p_float, p_one, p_signed, p_flagged, p_other,
	p_fwd, p_fwd_union, p_self, a2, a3, a_float, a_one, a_signed, a_u8, a_nested, a_self, a_none, no_param, param,
	param_float, returns, returns_float, two_params, two_others, bits, fields, t_enum, t_array, outer, inner_named,
	flexible, in_typedef, in_two;

static u32 with_int(const char *name, u32 size, u32 word)
{
	u32 id = blob_type(&b, name, BTF_KIND_INT, 0, size);

	blob_word(&b, word);
	return id;
}

static u32 with_rows(const char *name, u32 kind, u32 size, const char *row, u32 type)
{
	u32 id = blob_type(&b, name, kind, 1, size);

	blob_words(&b, blob_string(&b, row), type);
	if (kind != BTF_KIND_ENUM)
		blob_word(&b, 0);
	return id;
}

static u32 array_of(u32 element, u32 count)
{
	u32 id = blob_type(&b, "", BTF_KIND_ARRAY, 0, 0);

	blob_words(&b, element, u4, count);
	return id;
}

static u32 pointer_to(u32 type)
{
	return blob_type(&b, "", BTF_KIND_PTR, 0, type);
}

static u32 proto(u32 returned, u32 count, u32 first, u32 second)
{
	u32 id = blob_type(&b, "", BTF_KIND_FUNC_PROTO, count, returned);

	if (count > 0)
		blob_words(&b, 0, first);
	if (count > 1)
		blob_words(&b, 0, second);
	return id;
}

static void make_numbers(void)
{
	u4 = with_int("s", 4, 32);
	s4 = with_int("s", 4, BTF_INT_SIGNED << 24 | 32);
	u8_ = with_int("s", 8, 64);
	old = with_int("s", 4, 8 << 16 | 8);
	f4 = blob_type(&b, "s", BTF_KIND_FLOAT, 0, 4);
	f8 = blob_type(&b, "s", BTF_KIND_FLOAT, 0, 8);
	/* The values of enumerators stand where members have their types. */
	e = with_rows("e", BTF_KIND_ENUM, 4, "A", u4);
	e64 = with_rows("e", KIND_ENUM64, 4, "A", f4);
	e_wide = with_rows("e", KIND_ENUM64, 8, "A", f4);
	e_other = with_rows("f", BTF_KIND_ENUM, 4, "A", 0);
	e_anonymous = with_rows("", BTF_KIND_ENUM, 4, "A", 0);
	e_row = with_rows("e", BTF_KIND_ENUM, 4, "B", 0);
	e_narrow = blob_type(&b, "e", BTF_KIND_ENUM, 1 | KFLAG, 1);
	blob_words(&b, blob_string(&b, "A"), 0);
}

static void make_structs(void)
{
	one = with_rows("s", BTF_KIND_STRUCT, 4, "a", u4);
	one_signed = with_rows("s", BTF_KIND_STRUCT, 4, "a", s4);
	two = blob_type(&b, "s___two", BTF_KIND_STRUCT, 2, 8);
	blob_words(&b, blob_string(&b, "b"), u4, 0, blob_string(&b, "a"), u4, 32);
	other = with_rows("t", BTF_KIND_STRUCT, 4, "a", u4);
	longer = with_rows("st", BTF_KIND_STRUCT, 4, "a", u4);
	renamed = with_rows("s", BTF_KIND_STRUCT, 4, "b", u4);
	flagged = blob_type(&b, "s", BTF_KIND_STRUCT, KFLAG | 1, 4);
	blob_words(&b, blob_string(&b, "a"), u4, 0);
	one_union = with_rows("s", BTF_KIND_UNION, 4, "a", u4);
	fwd = blob_type(&b, "s", BTF_KIND_FWD, 0, 0);
	fwd_union = blob_type(&b, "s", BTF_KIND_FWD, KFLAG, 0);
}

static void make_compounds(void)
{
	p_u4 = pointer_to(u4);
	p_s4 = pointer_to(s4);
	p_float = pointer_to(f4);
	p_one = pointer_to(one);
	p_signed = pointer_to(one_signed);
	p_flagged = pointer_to(flagged);
	p_other = pointer_to(other);
	p_fwd = pointer_to(fwd);
	p_fwd_union = pointer_to(fwd_union);
	p_self = pointer_to(b.type_count + 1);
	a2 = array_of(u4, 2);
	a3 = array_of(u4, 3);
	a_float = array_of(f4, 2);
	a_one = array_of(one, 2);
	a_signed = array_of(one_signed, 2);
	a_u8 = array_of(u8_, 2);
	a_nested = array_of(a2, 2);
	a_self = array_of(b.type_count + 1, 2);
	a_none = array_of(u4, 0);
	no_param = proto(0, 0, 0, 0);
	param = proto(0, 1, u4, 0);
	param_float = proto(0, 1, f4, 0);
	returns = proto(u4, 1, u4, 0);
	returns_float = proto(f4, 1, u4, 0);
	two_params = proto(0, 2, u4, u4);
	two_others = proto(0, 2, one, u4);
	t_enum = blob_type(&b, "e", BTF_KIND_TYPEDEF, 0, e);
	t_array = blob_type(&b, "", BTF_KIND_TYPEDEF, 0, a2);
}

static void make_owners(void)
{
	bits = blob_type(&b, "bits", BTF_KIND_STRUCT, KFLAG | 3, 32);
	blob_words(&b, blob_string(&b, "in"), u4, BITS(4, 92), blob_string(&b, "over"), u4, BITS(4, 93),
		blob_string(&b, "none"), s4, BITS(3, 0));
	fields = blob_type(&b, "fields", BTF_KIND_STRUCT, 9, 64);
	blob_words(&b, blob_string(&b, "u4"), u4, 0, blob_string(&b, "s4"), s4, 0, blob_string(&b, "e"), e, 0,
		blob_string(&b, "e_narrow"), e_narrow, 0, blob_string(&b, "flagged"), flagged, 0,
		blob_string(&b, "a_nested"), a_nested, 0, blob_string(&b, "a_u8"), a_u8, 0, blob_string(&b, "f4"), f4,
		0, blob_string(&b, "f8"), f8, 0);
	outer = with_rows("outer", BTF_KIND_STRUCT, 4, "in", one);
	inner_named = with_rows("outer", BTF_KIND_STRUCT, 4, "a", u4);
	flexible = blob_type(&b, "", BTF_KIND_STRUCT, 3, 4);
	blob_words(&b, blob_string(&b, "first"), a_none, 0, blob_string(&b, "a"), u4, 0, blob_string(&b, "last"),
		a_none, 32);
	in_typedef = with_rows("", BTF_KIND_STRUCT, 8, "x", t_array);
	/* What is looked for is in the first of two structs without a name. */
	in_two = blob_type(&b, "", BTF_KIND_STRUCT, 2, 8);
	blob_words(&b, 0, one, 0, 0, renamed, 32);
}

static int set_up(void **state)
{
	(void)state;
	make_numbers();
	make_structs();
	make_compounds();
	make_owners();
	assert_no_error(&error, btf_open(&arena, &error, blob_finish(&b), &btf));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	blob_free(&b);
	arena_release(&arena);
	error_clear(&error);
	return arena_live() ? -1 : 0;
}

static struct core_compare comparison(u32 *budget)
{
	return (struct core_compare){&error, &types, &types, budget};
}

/* What bpf_core_fields_are_compat(), __bpf_core_types_are_compat() and __bpf_core_types_match() say of each pair. */
static void types_compare(void **state)
{
	const struct {
		u32 local, target;
		const char *read_fit_match;
	} pairs[] = {
		{0, 0, "011"},
		{0, u4, "000"},
		{u4, s4, "110"},
		{u4, u8_, "110"},
		{u4, old, "001"},
		{old, u4, "001"},
		{f4, f4, "100"},
		{u4, one, "000"},
		{one, u4, "000"},
		{one, one, "111"},
		{one, one_signed, "110"},
		{one, two, "111"},
		{two, one, "110"},
		{one, other, "110"},
		{one, longer, "110"},
		{one, renamed, "110"},
		{one, one_union, "100"},
		{one, fwd, "000"},
		{fwd, fwd_union, "110"},
		{e, e, "111"},
		{e, e64, "111"},
		{e, e_wide, "110"},
		{e, e_other, "010"},
		{e, e_anonymous, "110"},
		{e_anonymous, e, "110"},
		{e, e_row, "110"},
		{e, u4, "000"},
		{u4, e, "000"},
		{p_u4, p_s4, "110"},
		{p_u4, p_float, "100"},
		{p_u4, p_one, "100"},
		{p_one, p_u4, "100"},
		{p_one, p_fwd, "101"},
		{p_fwd, p_one, "101"},
		{p_one, p_fwd_union, "100"},
		{p_one, p_other, "110"},
		{p_one, p_signed, "111"},
		{p_one, p_flagged, "111"},
		{a2, a3, "110"},
		{a2, a_float, "000"},
		{a_one, a_signed, "110"},
		{no_param, param, "000"},
		{param, param, "011"},
		{param, param_float, "000"},
		{returns, returns, "011"},
		{returns, returns_float, "000"},
		{two_params, two_others, "000"},
		{param, two_params, "000"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++)
		for (enum core_relation relation = CORE_READ; relation <= CORE_MATCH; relation++) {
			u32 budget = 1000;
			struct core_compare c = comparison(&budget);
			int got = core_compare(&c, pairs[i].local, pairs[i].target, relation);

			if (got != pairs[i].read_fit_match[relation] - '0')
				fail_msg("pair %zu, [%u] and [%u], relation %u: got %d", i, pairs[i].local,
					pairs[i].target, relation, got);
		}
}

static void comparisons_come_to_an_end(void **state)
{
	u32 budget = 1000;
	struct core_compare c = comparison(&budget);

	(void)state;
	assert_error(&error, core_compare(&c, p_self, p_self, CORE_FIT), EINVAL, "types nest more than 32 deep");
	budget = 2; /* the structs, their members' names, and types */
	assert_error(&error, core_compare(&c, one, one, CORE_MATCH), E2BIG, "comes to no end");
	budget = 3;
	assert_int_equal(core_compare(&c, one, one, CORE_MATCH), 1);
}

static void instructions_are_patched(void **state)
{
	enum { LDX = BPF_LDX | BPF_MEM, MOV = BPF_ALU64 | BPF_MOV | BPF_K };
	static const struct {
		struct bpf_insn insn, next;
		struct core_result result;
		const char *message; /* of -EINVAL */
		struct bpf_insn after, next_after;
	} cases[] = {
		{{.code = LDX}, {.imm = 5}, {.value = 0x7fff}, NULL, {.code = LDX, .off = 0x7fff}, {.imm = 5}},
		{{.code = LDX}, {.imm = 5}, {.poison = true}, NULL, BPF_EMIT_CALL(CORE_POISON), {.imm = 5}},
		{{.code = CODE_LD_IMM64}, {.imm = 5}, {.poison = true}, NULL, BPF_EMIT_CALL(CORE_POISON),
			BPF_EMIT_CALL(CORE_POISON)},
		{{.code = LDX | BPF_H}, {0}, {.original_size = 2, .new_size = 3},
			"has 3 bytes in this kernel, which no", {.code = LDX | BPF_H}, {0}},
		{{.code = MOV, .imm = 5}, {0}, {.value = 6, .original = 5, .validate = true}, NULL,
			{.code = MOV, .imm = 6}, {0}},
		{{.code = MOV, .imm = 5}, {0}, {.value = 6, .original = 4, .validate = true}, "it holds 5, expected 4",
			{.code = MOV, .imm = 5}, {0}},
		{{.code = CODE_LD_IMM64, .imm = -1}, {.imm = 1}, {.original = 0x1ffffffff, .validate = true}, NULL,
			{.code = CODE_LD_IMM64}, {0}},
		{{.code = CODE_LD_IMM64, .imm = -1}, {.imm = 1}, {.original = 0xffffffff, .validate = true},
			"it holds 8589934591, expected 4294967295", {.code = CODE_LD_IMM64, .imm = -1}, {.imm = 1}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct bpf_insn insns[] = {cases[i].insn, cases[i].next};
		int err = core_patch(&error, insns, 2, 0, &cases[i].result);

		if (cases[i].message)
			assert_error(&error, err, EINVAL, cases[i].message);
		else
			assert_no_error(&error, err);
		assert_memory_equal(&insns[0], &cases[i].after, sizeof(*insns));
		assert_memory_equal(&insns[1], &cases[i].next_after, sizeof(*insns));
	}
}

/* The last instruction of a program: what follows belongs to another one. */
static void programs_end(void **state)
{
	struct bpf_insn insns[] = {{0}, {.code = CODE_LD_IMM64}, {0}};

	(void)state;
	assert_error(&error, core_patch(&error, insns, 2, 1, &(struct core_result){0}), EINVAL, "no plain load");
}

/* A field, or with index -1 a value of the type. */
static struct core_spec at(u32 id, u32 index)
{
	struct core_spec spec = {.types = &types, .root = id, .len = 1};

	spec.steps[0] = (struct core_step){NULL, id, 0};
	if (index != (u32)-1) {
		const struct btf_type *t = btf_type(&btf, id);

		spec.bit_offset = btf_member_bit_offset(t, &btf_members(t)[index]);
		spec.steps[0] = (struct core_step){"x", id, index};
	}
	return spec;
}

enum { IN = 0, OVER = 1, U4 = 0, S4, E, E_NARROW, FLAGGED, A_NESTED, A_U8, F4, F8, ELEMENT = -1 };

static void fields_are_measured(void **state)
{
	const struct {
		u32 id;
		int index;
		u32 kind, value;
		bool validate;
	} cases[] = {
		{bits, IN, BPF_CORE_FIELD_BYTE_OFFSET, 8, false},
		{bits, IN, BPF_CORE_FIELD_BYTE_SIZE, 4, false},
		{bits, OVER, BPF_CORE_FIELD_BYTE_OFFSET, 8, false},
		{bits, OVER, BPF_CORE_FIELD_BYTE_SIZE, 8, false},
		{bits, OVER, BPF_CORE_FIELD_LSHIFT_U64, 64 - 33, false},
		{bits, OVER, BPF_CORE_FIELD_RSHIFT_U64, 60, true},
		{bits, OVER, BPF_CORE_FIELD_SIGNED, 0, true},
		{bits, 2, BPF_CORE_FIELD_SIGNED, 1, true},
		{fields, U4, BPF_CORE_FIELD_SIGNED, 0, true},
		{fields, S4, BPF_CORE_FIELD_SIGNED, 1, true},
		{fields, E, BPF_CORE_FIELD_SIGNED, 0, true},
		{fields, E_NARROW, BPF_CORE_FIELD_SIGNED, 1, true},
		{fields, FLAGGED, BPF_CORE_FIELD_SIGNED, 0, true},
		{fields, A_NESTED, BPF_CORE_FIELD_BYTE_SIZE, 16, true},
		{u8_, ELEMENT, BPF_CORE_FIELD_BYTE_SIZE, 8, true},
		{one, ELEMENT, BPF_CORE_TYPE_ID_LOCAL, one, false},
		{one, ELEMENT, BPF_CORE_TYPE_ID_TARGET, one, false},
	};
	struct core_result result;
	struct core_spec spec;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		spec = at(cases[i].id, (u32)cases[i].index);
		assert_no_error(&error, core_evaluate(&error, cases[i].kind, &spec, &spec, &result));
		if (result.value != cases[i].value || result.original != result.value ||
			result.validate != cases[i].validate)
			fail_msg("case %zu: got %llu", i, result.value);
	}
	spec = at(u8_, ELEMENT);
	for (u32 kind = BPF_CORE_FIELD_SIGNED; kind <= BPF_CORE_FIELD_RSHIFT_U64; kind++)
		assert_error(&error, core_evaluate(&error, kind, &spec, NULL, &result), EINVAL,
			"this cannot be asked of an array's element");
}

/* A load of another size must leave the same in the register: a float, a pointer for a number would not. */
static void loads_change_their_size(void **state)
{
	const struct {
		struct core_spec local, target;
		u32 from, to;
		bool good;
	} cases[] = {
		{at(fields, U4), at(fields, A_U8), 4, 8, true},
		{at(fields, A_NESTED), at(fields, A_U8), 4, 8, true},
		{at(fields, A_NESTED), at(fields, U4), 4, 4, true},
		{at(fields, F4), at(fields, F8), 4, 8, false},
		{at(u4, ELEMENT), at(p_u4, ELEMENT), 4, 8, false},
		{at(p_u4, ELEMENT), at(u4, ELEMENT), 8, 4, false},
	};
	struct core_spec self = at(a_self, ELEMENT), good = at(u4, ELEMENT);
	struct core_result r;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_no_error(&error,
			core_evaluate(&error, BPF_CORE_FIELD_BYTE_OFFSET, &cases[i].local, &cases[i].target, &r));
		if (r.original_size != cases[i].from || r.new_size != cases[i].to || r.cannot_resize == cases[i].good)
			fail_msg("case %zu: from %u to %u", i, r.original_size, r.new_size);
	}
	assert_error(&error, core_evaluate(&error, BPF_CORE_FIELD_BYTE_OFFSET, &self, &good, &r), EINVAL, "no size");
}

/* The access is put where the blob's strings have room. */
static int read_access(u32 id, u32 kind, const char *access, struct core_spec *spec)
{
	struct bpf_core_relo relo = {.type_id = id, .kind = kind};

	relo.access_str_off = blob_string(&b, access);
	assert_no_error(&error, btf_open(&arena, &error, blob_finish(&b), &btf));
	return core_spec_read(&types, &error, &relo, spec);
}

static void accesses_are_read(void **state)
{
	const struct {
		u32 id, kind;
		const char *access, *message;
	} cases[] = {
		{e, BPF_CORE_ENUMVAL_VALUE, "0", NULL},
		{e, BPF_CORE_ENUMVAL_VALUE, "1", "it names no enumerator of enum 'e'"},
		{e, BPF_CORE_ENUMVAL_VALUE, "0:0", "it names no enumerator of enum 'e'"},
		{one, BPF_CORE_ENUMVAL_VALUE, "0", "it names no enumerator of struct 's'"},
		{e, BPF_CORE_FIELD_BYTE_OFFSET, "0:0", "its part 1 is 0, which is not in enum 'e'"},
		{one, BPF_CORE_FIELD_BYTE_OFFSET, "0:7:0", "its part 1 is 7"},
		{flexible, BPF_CORE_FIELD_BYTE_OFFSET, "0:2:9", NULL},
		{flexible, BPF_CORE_FIELD_BYTE_OFFSET, "0:0:9", "its part 2 is 9"},
		{one, BPF_CORE_TYPE_EXISTS, "0", NULL},
		{one, BPF_CORE_TYPE_EXISTS, "1", "its access is none"},
		{one, BPF_CORE_TYPE_ID_LOCAL, "0:0", "its access is none"},
	};
	struct core_spec spec;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int err = read_access(cases[i].id, cases[i].kind, cases[i].access, &spec);

		if (cases[i].message)
			assert_error(&error, err, EINVAL, cases[i].message);
		else
			assert_no_error(&error, err);
	}
}

static void accesses_are_found(void **state)
{
	const struct {
		u32 local, kind;
		const char *access;
		u32 target;
		int found;
		u32 bit_offset;
	} cases[] = {
		{one, BPF_CORE_FIELD_BYTE_OFFSET, "0:0", two, 1, 32},
		{outer, BPF_CORE_FIELD_BYTE_OFFSET, "0:0:0", outer, 1, 0},
		{outer, BPF_CORE_FIELD_BYTE_OFFSET, "0:0:0", inner_named, 0, 0}, /* outer.in.a is not outer.a */
		{one, BPF_CORE_FIELD_BYTE_OFFSET, "0:0", in_two, 1, 0},
		{renamed, BPF_CORE_FIELD_BYTE_OFFSET, "0:0", in_two, 1, 32},
		{other, BPF_CORE_FIELD_BYTE_OFFSET, "0:0", bits, 0, 0},
		{in_typedef, BPF_CORE_FIELD_BYTE_OFFSET, "0:0:1", in_typedef, 1, 32},
		{e, BPF_CORE_ENUMVAL_VALUE, "0", t_enum, 1, 0},
		{e, BPF_CORE_ENUMVAL_VALUE, "0", e_row, 0, 0},
		{e, BPF_CORE_ENUMVAL_VALUE, "0", one, 0, 0},
		{one, BPF_CORE_TYPE_SIZE, "0", one_signed, 1, 0},
		{one, BPF_CORE_TYPE_MATCHES, "0", one_signed, 0, 0},
	};
	struct core_spec local, target;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		u32 budget = 100;
		struct core_compare c = comparison(&budget);
		int found;

		assert_no_error(&error, read_access(cases[i].local, cases[i].kind, cases[i].access, &local));
		found = core_spec_match(&c, cases[i].kind, &local, cases[i].target, &target);
		if (found != cases[i].found || (found && target.bit_offset != cases[i].bit_offset))
			fail_msg("case %zu: got %d, bit %u", i, found, target.bit_offset);
	}
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	return RUN(CASE(types_compare), CASE(comparisons_come_to_an_end), CASE(instructions_are_patched),
		CASE(programs_end), CASE(fields_are_measured), CASE(loads_change_their_size), CASE(accesses_are_read),
		CASE(accesses_are_found));
}
