/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * set.c: giving a global variable another first value, before it is loaded. See set.h.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/nearest.h"
#include "base/string.h"
#include "object/check.h"
#include "object/set.h"

#define NATIVE_LITTLE (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

/* The value of an enumerator by name, if the type is an enum. */
static bool enum_value(const struct btf *btf, const struct btf_type *t, const char *name, u64 *value)
{
	for (u32 i = 0; btf_kind(t) != BTF_KIND_INT && i < btf_vlen(t); i++) {
		const char *enumerator;

		*value = btf_enumerator(btf, t, i, &enumerator);
		if (str_equal(enumerator, name))
			return true;
	}
	return false;
}

/* Compilers say of an enum whether it is signed since clang 15; before, a negative enumerator tells. */
static bool is_signed(const struct btf_type *t)
{
	bool negative = btf_kflag(t) || btf_int_encoding(t) & BTF_INT_SIGNED;

	for (u32 i = 0; btf_kind(t) == BTF_KIND_ENUM && i < btf_vlen(t); i++)
		negative |= btf_enums(t)[i].val < 0;
	return negative;
}

/* A number as text, within the range of its type. */
static int parse_number(struct error *error, const struct btf_type *t, const char *text, u64 *value)
{
	bool with_sign = is_signed(t);
	u64 max = btf_int_encoding(t) & BTF_INT_BOOL ? 1 : U64_MAX >> (64 - 8 * t->size) >> with_sign;
	s64 min = with_sign ? -(s64)max - 1 : 0;
	bool negative = text[0] == '-';

	if (negative ? !parse_whole_s64(text, (s64 *)value) : !parse_whole_u64(text, 0, value))
		return error_invalid(error, "'%s' is no number of at most 64 bits, no enumerator, true or false", text);
	if (negative ? (s64)*value < min : *value > max)
		return error_set(error, ERANGE, "%s is out of range, expected %lld to %llu", text, min, max);
	return 0;
}

static int set_scalar(struct error *error, const struct btf *btf, const struct btf_type *t, u8 *at, const char *text)
{
	u64 value;
	int err = 0;

	if (str_equal(text, "true") || str_equal(text, "false"))
		value = text[0] == 't';
	else if (!enum_value(btf, t, text, &value))
		err = parse_number(error, t, text, &value);
	if (!err)
		memcpy(at, (u8 *)&value + (NATIVE_LITTLE ? 0 : 8 - t->size), t->size);
	return err;
}

static int set_string(struct error *error, u8 *at, u64 size, const char *text)
{
	size_t len = str_len(text);

	if (len >= size)
		return error_set(
			error, ERANGE, "the text has %zu bytes, the array holds %llu and a NUL", len, size - 1);
	memset(at, 0, (size_t)size);
	memcpy(at, text, len);
	return 0;
}

static OUT_OF_LINE int set_typed(
	struct error *error, const struct btf *btf, u32 type_id, u8 *at, u64 size, const char *text)
{
	const struct btf_type *t = btf_type(btf, type_id), *element = btf_inside(btf, t, BTF_KIND_ARRAY);
	u32 kind = btf_kind(t);
	u64 bytes;

	if ((kind == BTF_KIND_INT || kind == BTF_KIND_ENUM || kind == KIND_ENUM64) && t->size &&
		t->size <= MIN(size, 8))
		return set_scalar(error, btf, t, at, text);
	if (btf_kind(element) == BTF_KIND_INT && element->size == 1 && btf_size_of(btf, type_id, &bytes) && bytes &&
		bytes <= size)
		return set_string(error, at, bytes, text);
	return btf_refuse(error, btf, t, "an integer, enum or char array that fits");
}

static int refuse_name(struct error *error, const struct object *object, const char *name)
{
	static struct nearest nearest;

	nearest.wanted = name;
	nearest.count = 0;
	for (u32 id = 1; id < object->btf.type_count; id++)
		if (btf_kind(btf_type(&object->btf, id)) == BTF_KIND_VAR &&
			!str_equal(btf_name(&object->btf, id), name)) /* the license, or a map */
			nearest_look(&nearest, btf_name(&object->btf, id));
	error_set(error, ENOENT, "%s: there is no global variable '%s'", object->path, name);
	return nearest_hint(error, &nearest);
}

int object_set(struct arena *arena, struct error *error, struct object *object, const char *name, const char *value)
{
	struct variable variable;
	struct map_spec *map;
	int err;

	if (!object_find_variable(object, name, &variable))
		return refuse_name(error, object, name);
	map = &object->maps[variable.map];
	if (!map->initial)
		map->initial = arena_alloc(arena, map->value_size);
	if (!map->initial)
		err = error_no_memory(error);
	else if (!variable.type_id)
		err = error_invalid(error, NO_BTF);
	else
		err = set_typed(error, &object->btf, btf_resolve(&object->btf, variable.type_id),
			map->initial + variable.offset, variable.size, value);
	if (!err)
		return 0;
	return error_in(error, "%s: %s: variable '%s'", object->path, map->name, name);
}
