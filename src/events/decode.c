/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * decode.c: from a BTF type to a plan. See decode.h for what a plan is.
 *
 * Nothing in BTF says that a type is small: a struct of two structs of two structs …, thirty times, is a few hundred
 * bytes of BTF and a thousand million members. So steps, visits and depth have limits. Once one is reached, or anything
 * else is wrong, nothing is added any more; the error says what it was.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/sort.h"
#include "base/string.h"
#include "events/decode.h"

#define VISITS_MAX (8 * DECODE_STEPS_MAX) /* members looked at; some make no step */

struct builder {
	struct arena *arena;
	struct error *error;
	const struct btf *btf;
	struct decode_step *steps;
	u32 count, visits;
};

/* What is known of a value before its type is looked at. */
struct place {
	const char *name; /* the member's; NULL for the whole and for elements of an array */
	u64 bit;          /* from the start of the whole, or of the element */
	u32 bits;         /* the width of a bit field, or 0 */
	u32 depth;
	bool is_last; /* nothing of the whole stands behind it */
};

static const struct place nowhere; /* of the ends of structs and arrays */

static void add_value(struct builder *b, u32 id, const struct place *place);

static bool is_value_size(u32 size)
{
	return size == 1 || size == 2 || size == 4 || size == 8 || size == 16;
}

const char *decode_quote(struct arena *arena, const char *before, const char *name, const char *behind, u32 *len)
{
	char buf[6 * DECODE_NAME_MAX + 24];
	struct text text = text_in(buf, sizeof(buf));
	size_t name_len = str_len(name);

	text_string(&text, before);
	text_json(&text, name, MIN(name_len, (size_t)DECODE_NAME_MAX));
	text_string(&text, behind);
	*len = (u32)text.len;
	return arena_copy(arena, buf, text.len + 8); /* what is read in units of 8 bytes */
}

/* A step at a place; the caller fills in the rest. After an error it is one behind the last, and does not count. */
static struct decode_step *add_step(struct builder *b, enum value_kind kind, const struct place *place)
{
	struct decode_step *step = &b->steps[b->count];

	if (b->count == DECODE_STEPS_MAX)
		error_set(b->error, E2BIG, "it has more than %u members", DECODE_STEPS_MAX);
	if (place->bit / 8 > DECODE_SIZE_MAX)
		error_set(b->error, E2BIG, "it has more than %u bytes", DECODE_SIZE_MAX);
	*step = (struct decode_step){.kind = (u8)kind, .offset = (u32)(place->bit / 8)};
	if (place->name) {
		step->key = decode_quote(b->arena, "", place->name, ":", &step->key_len);
		if (!step->key)
			error_no_memory(b->error);
	}
	step->room = step->key_len + VALUE_ROOM + 16;
	b->count += !b->error->errnum;
	return step;
}

/* Bytes that cannot be more than that: strings, bytes, and numbers of sizes that no machine has. */
static void add_bytes(struct builder *b, enum value_kind kind, const struct place *place, u32 count)
{
	add_step(b, kind, place)->count = count;
}

/* A number of `size` bytes, or of fewer bits. */
static struct decode_step *add_number(
	struct builder *b, enum value_kind kind, const struct place *place, u32 size, bool is_signed)
{
	u32 shift = place->bit % 8, bits = place->bits ? place->bits : shift ? 8 * size : 0;
	struct decode_step *step;

	if (bits > 64)
		error_invalid(b->error, "bit field '%s' is %u bits wide", place->name, bits);
	step = add_step(b, kind, place);
	step->size = (u8)(bits ? (shift + bits + 7) / 8 : size);
	step->shift = (u8)shift;
	step->bits = (u8)bits;
	step->is_signed = is_signed;
	return step;
}

/* The name alone makes a char: clang never says BTF_INT_CHAR, and gcc says it of `unsigned char`, which __u8 is. */
static bool is_char(const struct btf *btf, const struct btf_type *t)
{
	return t->size == 1 && str_equal(btf_string(btf, t->name_off), "char");
}

static void add_int(struct builder *b, u32 id, const struct place *place)
{
	const struct btf_type *t = btf_type(b->btf, id);
	u32 word = btf_int_word(t), encoding = BTF_INT_ENCODING(word);
	bool is_signed = encoding & BTF_INT_SIGNED;
	enum value_kind kind = is_signed ? VALUE_SIGNED : VALUE_UNSIGNED;
	struct place at = *place;

	/* Bit fields of old: a type of their own for each width, and no kind_flag at the struct. */
	at.bit += BTF_INT_OFFSET(word);
	if (!at.bits && BTF_INT_BITS(word) < 8 * (u64)t->size)
		at.bits = BTF_INT_BITS(word);
	if (!is_value_size(t->size)) {
		add_bytes(b, VALUE_BYTES, place, t->size);
		return;
	}
	if (encoding & BTF_INT_BOOL)
		kind = VALUE_BOOL;
	else if (is_char(b->btf, t) && !at.bits && !(at.bit % 8))
		kind = VALUE_CHAR;
	add_number(b, kind, &at, t->size, is_signed);
}

static void add_float(struct builder *b, u32 id, const struct place *place)
{
	u32 size = btf_type(b->btf, id)->size;

	if ((size != 4 && size != 8) || place->bits || place->bit % 8)
		add_bytes(b, VALUE_BYTES, place, size);
	else
		add_number(b, VALUE_FLOAT, place, size, true);
}

static int compare_names(const void *a, const void *b)
{
	const struct enum_name *x = a, *y = b;
	int by_value = compare_u64(x->value, y->value);

	return by_value ? by_value : compare_u64(x->order, y->order);
}

static const struct enum_names *make_names(struct builder *b, u32 id)
{
	const struct btf_type *t = btf_type(b->btf, id);
	struct enum_names *names = arena_alloc(b->arena, sizeof(*names));
	u32 unused_bits = 64 - 8 * t->size;

	if (!names)
		return NULL;
	*names = (struct enum_names){.type_id = id, .count = btf_vlen(t)};
	names->names = arena_alloc_array(b->arena, names->count, sizeof(*names->names));
	if (!names->names)
		return NULL;
	for (u32 i = 0; i < names->count; i++) {
		struct enum_name *n = &names->names[i];
		const char *name;
		u64 value = btf_enumerator(b->btf, t, i, &name) << unused_bits;

		/* As value_load() gives it: extended from the enum's size by its sign. */
		n->value = btf_kflag(t) ? (u64)((s64)value >> unused_bits) : value >> unused_bits;
		n->order = i;
		n->quoted = decode_quote(b->arena, "", name, "", &n->len);
		if (!n->quoted)
			return NULL;
		names->width = MAX(names->width, n->len);
	}
	sort(names->names, names->count, sizeof(*names->names), compare_names);
	return names;
}

/* The names of an enum that occurs several times are kept once. */
static const struct enum_names *names_of(struct builder *b, u32 id)
{
	for (u32 i = 0; i < b->count; i++)
		if (b->steps[i].names && b->steps[i].names->type_id == id)
			return b->steps[i].names;
	return make_names(b, id);
}

static void add_enum(struct builder *b, u32 id, const struct place *place)
{
	const struct btf_type *t = btf_type(b->btf, id);
	struct decode_step *step;

	if (!is_value_size(t->size) || t->size > 8) {
		add_bytes(b, VALUE_BYTES, place, t->size);
		return;
	}
	step = add_number(b, VALUE_ENUM, place, t->size, btf_kflag(t));
	step->names = names_of(b, id);
	if (step->names)
		step->room += step->names->width;
	else
		error_no_memory(b->error);
}

/* What stands between the beginning and the end of an array: one element, at 0. */
static void add_elements(
	struct builder *b, const struct btf_array *array, const struct place *place, u32 count, u64 stride)
{
	u32 begin = b->count;
	struct decode_step *step = add_step(b, ARRAY_BEGIN, place), *end;

	add_value(b, array->type, &(struct place){.depth = place->depth + 1});
	step->count = count;
	step->stride = (u32)stride;
	step->partner = (u16)b->count;
	end = add_step(b, ARRAY_END, &nowhere);
	end->partner = (u16)begin;
	end->stride = (u32)stride;
}

static void add_array(struct builder *b, u32 id, const struct place *place)
{
	const struct btf_array *array = btf_array(btf_type(b->btf, id));
	const struct btf_type *element = btf_resolved(b->btf, array->type);
	bool is_byte = btf_kind(element) == BTF_KIND_INT && element->size == 1;
	u32 count = array->nelems || !place->is_last ? array->nelems : COUNT_OPEN;
	u64 stride;
	bool has_size = btf_size_of(b->btf, array->type, &stride);

	if (is_byte && is_char(b->btf, element))
		add_bytes(b, VALUE_STRING, place, count);
	else if (is_byte && !(BTF_INT_ENCODING(btf_int_word(element)) & ~BTF_INT_CHAR))
		add_bytes(b, VALUE_BYTES, place, count);
	else if (has_size && stride > DECODE_SIZE_MAX)
		error_set(b->error, E2BIG, "it has more than %u bytes", DECODE_SIZE_MAX);
	else if (has_size)
		/* Of elements that take no room there could be thousands of millions in an event. */
		add_elements(b, array, place, stride ? count : 0, stride);
}

static void add_members(struct builder *b, const struct btf_type *t, const struct place *place)
{
	bool is_union = btf_kind(t) == BTF_KIND_UNION;
	u32 count = btf_vlen(t);

	for (u32 i = 0; i < count; i++) {
		const struct btf_member *member = &btf_members(t)[i];

		add_value(b, member->type,
			&(struct place){
				.name = btf_string(b->btf, member->name_off),
				.bit = place->bit + btf_member_bit_offset(t, member),
				.bits = btf_member_bit_width(t, member),
				.depth = place->depth + 1,
				.is_last = place->is_last && (is_union || i == count - 1),
			});
	}
}

static void add_struct(struct builder *b, u32 id, const struct place *place)
{
	const struct btf_type *t = btf_type(b->btf, id);
	bool is_anonymous = place->name && !*place->name;
	struct decode_step *step = is_anonymous ? NULL : add_step(b, STRUCT_BEGIN, place);

	add_members(b, t, place);
	if (is_anonymous)
		return;
	step->count = t->size;
	step->partner = (u16)b->count;
	add_step(b, STRUCT_END, &nowhere);
}

/* Types that have no values, and those a newer BTF may bring, make no step. */
static void add_value(struct builder *b, u32 id, const struct place *place)
{
	u32 kind;

	if (place->depth > BTF_DEPTH)
		error_set(b->error, E2BIG, "it is nested deeper than %u levels", BTF_DEPTH);
	if (++b->visits > VISITS_MAX)
		error_set(b->error, E2BIG, "it has more than %u members", DECODE_STEPS_MAX);
	if (b->error->errnum)
		return;
	id = btf_resolve(b->btf, id);
	kind = btf_kind(btf_type(b->btf, id));
	if (kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION)
		add_struct(b, id, place);
	else if (place->name && !*place->name)
		return; /* a bit field without a name is padding; only structs and unions are there without one */
	else if (kind == BTF_KIND_INT)
		add_int(b, id, place);
	else if (kind == BTF_KIND_FLOAT)
		add_float(b, id, place);
	else if (kind == BTF_KIND_PTR)
		add_number(b, VALUE_POINTER, place, 8, false);
	else if (kind == BTF_KIND_ENUM || kind == KIND_ENUM64)
		add_enum(b, id, place);
	else if (kind == BTF_KIND_ARRAY)
		add_array(b, id, place);
}

int decode_plan_make(struct arena *arena, struct error *error, const struct btf *btf, u32 id, struct decode_plan *plan)
{
	static struct decode_step steps[DECODE_STEPS_MAX + 1];
	struct builder b = {.arena = arena, .error = error, .btf = btf, .steps = steps};
	const char *name = btf_name(btf, id);
	u64 size = 0;

	add_value(&b, id, &(struct place){.is_last = true});
	if (!b.count)
		error_invalid(error, "a %s has no value to print", btf_kind_word(btf_resolved(btf, id)));
	btf_size_of(btf, id, &size);
	*plan = (struct decode_plan){
		.steps = arena_copy(arena, steps, b.count * sizeof(*steps)),
		.count = b.count,
		.size = (u32)MIN(size, DECODE_SIZE_MAX),
		.name = arena_string(arena, name, str_len(name)),
	};
	if (!plan->steps || !plan->name)
		error_no_memory(error);
	return error->errnum ? error_in(error, "%s '%s'", btf_kind_word(btf_type(btf, id)), name) : 0;
}
