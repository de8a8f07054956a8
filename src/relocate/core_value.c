/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * core_value.c: what a record's question comes to, once the access is walked. See core_parts.h.
 *
 * Each question is answered twice: for the object's types, as the compiler did, which is what the instruction must
 * hold now; and for the kernel's. A bit field is read with a load of its own choice, then shifted up and down:
 *
 *	|63                    |bit_offset + width     |bit_offset         0|
 *	<---- LSHIFT_U64 ----->|<------- width ------->|
 *	<------ RSHIFT_U64 = 64 - width -------------->|		(little endian)
 */
#include <linux/errno.h>
#include "relocate/core_parts.h"

#define KIND(kind) (1u << BPF_CORE_##kind)

/* These are 0 for what is not there; all others have no answer then. */
#define ZERO_IF_ABSENT                                                                                          \
	(KIND(FIELD_EXISTS) | KIND(TYPE_ID_TARGET) | KIND(TYPE_EXISTS) | KIND(TYPE_SIZE) | KIND(TYPE_MATCHES) | \
		KIND(ENUMVAL_EXISTS))

struct answer {
	u64 value;
	u32 size, type_id; /* of a field that one load or store reaches; of an array, that of its first element */
	bool validate;     /* the compiler can only have come to the same */
};

static int no_size(struct error *error)
{
	return error_invalid(error, "its type has no size");
}

/* The load that a bit field of `width` bits needs: grows *size, and moves *offset, until it holds all of it. */
static OUT_OF_LINE int fit_load(struct error *error, u32 bit_offset, u32 width, u32 *offset, u32 *size)
{
	if (!*size)
		return error_invalid(error, "it is a bit field of a type without a size");
	for (;; *size *= 2) {
		*offset = bit_offset / 8 / *size * *size;
		if (bit_offset + width - *offset * 8 <= *size * 8)
			return 0;
		if (*size >= 8)
			return error_set(error, E2BIG, "it is a bit field that no load of 8 bytes holds");
	}
}

static bool is_signed(const struct btf_type *t)
{
	return btf_kind(t) == BTF_KIND_INT ? BTF_INT_ENCODING(btf_int_word(t)) & BTF_INT_SIGNED
					   : core_is_enum(t) && btf_kflag(t);
}

/* What a load from the place of a field takes: it, or an array's first element. */
static int fill_reach(struct error *error, const struct core_types *types, u32 id, struct answer *answer)
{
	const struct btf_type *t = core_type(types, id);

	for (int depth = 0; btf_kind(t) == BTF_KIND_ARRAY && depth < BTF_DEPTH; depth++) {
		id = core_behind(types, btf_array(t)->type);
		t = core_type(types, id);
	}
	answer->type_id = id;
	return core_size_of(types, id, &answer->size) ? 0 : no_size(error);
}

static int field_answer(struct error *error, u32 kind, const struct core_spec *spec, struct answer *answer)
{
	const struct core_step *last = &spec->steps[spec->len - 1];
	const struct btf_type *t = core_type(spec->types, last->type_id);
	u32 id = last->type_id, bits = spec->bit_offset, offset = bits / 8, size, width = 0;
	int err;

	if (last->name) {
		id = core_behind(spec->types, btf_members(t)[last->index].type);
		width = btf_member_bit_width(t, &btf_members(t)[last->index]);
		t = core_type(spec->types, id);
	} else if (kind > BPF_CORE_FIELD_BYTE_SIZE) {
		return error_invalid(error, "this cannot be asked of an array's element");
	}
	answer->validate = !width;
	if (width) {
		size = t->size;
		err = fit_load(error, bits, width, &offset, &size);
	} else {
		err = core_size_of(spec->types, id, &size) ? 0 : no_size(error);
		width = size * 8;
	}
	if (err)
		return err;
	switch (kind) {
	case BPF_CORE_FIELD_BYTE_OFFSET:
		answer->value = offset;
		return answer->validate ? fill_reach(error, spec->types, id, answer) : 0;
	case BPF_CORE_FIELD_BYTE_SIZE:
		answer->value = size;
		break;
	case BPF_CORE_FIELD_SIGNED:
		answer->value = is_signed(t);
		answer->validate = true;
		break;
	case BPF_CORE_FIELD_LSHIFT_U64:
		bits -= offset * 8;
		answer->value = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 64 - (bits + width) : (8 - size) * 8 + bits;
		break;
	default: /* BPF_CORE_FIELD_RSHIFT_U64 */
		answer->value = 64 - width;
		answer->validate = true;
	}
	return 0;
}

static int answer(struct error *error, u32 kind, const struct core_spec *spec, struct answer *to)
{
	u32 size, name;

	*to = (struct answer){.value = 1, .validate = true};
	switch (kind) {
	case BPF_CORE_FIELD_EXISTS:
	case BPF_CORE_TYPE_EXISTS:
	case BPF_CORE_TYPE_MATCHES:
	case BPF_CORE_ENUMVAL_EXISTS:
		return 0;
	case BPF_CORE_TYPE_ID_LOCAL:
	case BPF_CORE_TYPE_ID_TARGET:
		to->value = spec->root;
		to->validate = false; /* linkers give types new numbers, and leave instructions as they are */
		return 0;
	case BPF_CORE_TYPE_SIZE:
		if (!core_size_of(spec->types, spec->root, &size))
			return no_size(error);
		to->value = size;
		return 0;
	case BPF_CORE_ENUMVAL_VALUE:
		to->value =
			btf_enumerator_at(core_type(spec->types, spec->steps[0].type_id), spec->steps[0].index, &name);
		return 0;
	default:
		return field_answer(error, kind, spec, to);
	}
}

/* A load may become wider or narrower if it fills the rest of the register with zeros in the object and the kernel. */
static bool loads_alike(const struct btf_type *a, const struct btf_type *b)
{
	if (btf_kind(a) != btf_kind(b))
		return false;
	return btf_kind(a) == BTF_KIND_PTR ||
	       (btf_kind(a) == BTF_KIND_INT && BTF_INT_ENCODING(btf_int_word(a)) != BTF_INT_SIGNED &&
		       BTF_INT_ENCODING(btf_int_word(b)) != BTF_INT_SIGNED);
}

int core_evaluate(struct error *error, u32 kind, const struct core_spec *local, const struct core_spec *target,
	struct core_result *result)
{
	struct answer before, after = {0};
	int err = answer(error, kind, local, &before);

	if (!err && target)
		err = answer(error, kind, target, &after);
	if (err)
		return err;
	*result = (struct core_result){
		.exists = target,
		.poison = !target && !(ZERO_IF_ABSENT >> kind & 1),
		.value = after.value,
		.original = before.value,
		.validate = before.validate,
		.original_size = before.size,
		.new_size = after.size,
	};
	if (target && before.size != after.size)
		result->cannot_resize =
			!loads_alike(core_type(local->types, before.type_id), core_type(target->types, after.type_id));
	return 0;
}
