/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * core_match.c: how types of the object compare with types of the kernel. See core_parts.h.
 *
 * Three relations, each stricter than the one before (CORE_BEHIND is part of the third), all of them libbpf's
 * (bpf_core_fields_are_compat(), __bpf_core_types_are_compat() and __bpf_core_types_match() in
 * tools/lib/bpf/relo_core.c). Typedefs, const and their like never count, nor do flavors.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "relocate/core_parts.h"

/* What two types of one kind must have in common. From ON on, what they hold or point at is compared next. */
enum rule { NO, YES, NO_OFFSET, SIZE_AND_SIGN, NAME, SIDE, SIZE_AND_ROWS, ROWS, ON, COUNT, PARAMS };

static const u8 rules[][CORE_BEHIND + 1] = {
	[BTF_KIND_UNKN] = {NO, YES, YES, YES},
	[BTF_KIND_INT] = {NO_OFFSET, NO_OFFSET, SIZE_AND_SIGN, SIZE_AND_SIGN},
	[BTF_KIND_PTR] = {YES, ON, ON, ON},
	[BTF_KIND_ARRAY] = {ON, ON, COUNT, COUNT},
	[BTF_KIND_STRUCT] = {YES, YES, ROWS, SIDE},
	[BTF_KIND_UNION] = {YES, YES, ROWS, SIDE},
	[BTF_KIND_ENUM] = {NAME, YES, SIZE_AND_ROWS, SIZE_AND_ROWS},
	[BTF_KIND_FWD] = {NAME, YES, SIDE, SIDE},
	[BTF_KIND_FUNC_PROTO] = {NO, PARAMS, PARAMS, PARAMS},
	[BTF_KIND_FLOAT] = {YES, NO, NO, NO},
	[KIND_ENUM64] = {NAME, YES, SIZE_AND_ROWS, SIZE_AND_ROWS},
};

bool core_is_composite(const struct btf_type *t)
{
	return btf_kind(t) == BTF_KIND_STRUCT || btf_kind(t) == BTF_KIND_UNION;
}

bool core_is_enum(const struct btf_type *t)
{
	return btf_kind(t) == BTF_KIND_ENUM || btf_kind(t) == KIND_ENUM64;
}

bool core_names_equal(const char *a, const char *b)
{
	u32 len = btf_essential_len(a);

	return btf_essential_len(b) == len && !memcmp(a, b, len);
}

int core_too_deep(struct core_compare *c)
{
	return error_invalid(c->error, "types nest more than %d deep", BTF_DEPTH);
}

static int compare(struct core_compare *c, u32 local_id, u32 target_id, enum core_relation relation, int level);

/* Each member, or enumerator, of the object's type must be in the kernel's, too, by name; members with their types. */
static int compare_rows(struct core_compare *c, const struct btf_type *local, const struct btf_type *target, int level)
{
	bool members = core_is_composite(local);
	int found = btf_vlen(local) <= btf_vlen(target);

	for (u32 i = 0; found > 0 && i < btf_vlen(local); i++) {
		const char *name = core_row_name(c->local, local, i);

		found = 0;
		for (u32 k = 0; !found && k < btf_vlen(target); k++) {
			if (core_spend(c))
				return -E2BIG;
			found = core_names_equal(name, core_row_name(c->target, target, k));
			if (found && members)
				found = compare(c, btf_members(local)[i].type, btf_members(target)[k].type, CORE_MATCH,
					level + 1);
		}
	}
	return found;
}

/* What functions return is the caller's to compare. */
static int compare_params(struct core_compare *c, const struct btf_type *local, const struct btf_type *target,
	enum core_relation relation, int level)
{
	int found = btf_vlen(local) == btf_vlen(target);

	for (u32 i = 0; found > 0 && i < btf_vlen(local); i++)
		found = compare(c, btf_params(local)[i].type, btf_params(target)[i].type, relation, level + 1);
	return found;
}

/* A struct, a union, or a declaration of one. */
static bool is_declared(const struct btf_type *t)
{
	return core_is_composite(t) || btf_kind(t) == BTF_KIND_FWD;
}

static bool is_union(const struct btf_type *t)
{
	return btf_kind(t) == BTF_KIND_UNION || (btf_kind(t) == BTF_KIND_FWD && btf_kflag(t));
}

/* Behind a pointer a declaration is as good as the struct itself. */
static bool kinds_equal(const struct btf_type *a, const struct btf_type *b, enum core_relation relation)
{
	return btf_kind(a) == btf_kind(b) || (core_is_enum(a) && core_is_enum(b)) ||
	       (relation == CORE_READ && core_is_composite(a) && core_is_composite(b)) ||
	       (relation == CORE_BEHIND && is_declared(a) && is_declared(b));
}

/* Whether two types are alike, as far as that can be said without going on to what they point at or hold. */
static int compare_by(enum rule rule, struct core_compare *c, const struct btf_type *local,
	const struct btf_type *target, enum core_relation relation, int level)
{
	const char *a = core_name(c->local, local->name_off), *b = core_name(c->target, target->name_off);

	if (!kinds_equal(local, target, relation) || (relation >= CORE_MATCH && !core_names_equal(a, b)))
		return 0;
	switch (rule) {
	case NO:
		return 0;
	case YES:
	case ON:
		break;
	case NO_OFFSET: /* bit fields of compilers before 2019, with the offset in the integer, fit nothing */
		return !BTF_INT_OFFSET(btf_int_word(local) | btf_int_word(target));
	case SIZE_AND_SIGN:
		return local->size == target->size &&
		       !(BTF_INT_ENCODING(btf_int_word(local) ^ btf_int_word(target)) & BTF_INT_SIGNED);
	case NAME:
		return !*a || !*b || core_names_equal(a, b);
	case SIDE:
		return is_union(local) == is_union(target);
	case SIZE_AND_ROWS:
		if (local->size != target->size)
			return 0;
		return compare_rows(c, local, target, level);
	case ROWS:
		return compare_rows(c, local, target, level);
	case COUNT:
		return btf_array(local)->nelems == btf_array(target)->nelems;
	case PARAMS:
		return compare_params(c, local, target, relation, level);
	}
	return 1;
}

/* What an array holds, a pointer points at, or a function returns. */
static u32 next_of(const struct btf_type *t)
{
	return btf_kind(t) == BTF_KIND_ARRAY ? btf_array(t)->type : t->type;
}

static int compare(struct core_compare *c, u32 local_id, u32 target_id, enum core_relation relation, int level)
{
	for (int depth = 0; depth < BTF_DEPTH && level < BTF_DEPTH; depth++) {
		const struct btf_type *local = core_type(c->local, core_behind(c->local, local_id));
		const struct btf_type *target = core_type(c->target, core_behind(c->target, target_id));
		u32 kind = btf_kind(local);
		enum rule rule = kind < ARRAY_SIZE(rules) ? rules[kind][relation] : NO;
		int alike = core_spend(c);

		alike = alike ? alike : compare_by(rule, c, local, target, relation, level);
		if (alike <= 0 || rule < ON)
			return alike;
		if (kind == BTF_KIND_PTR && relation == CORE_MATCH)
			relation = CORE_BEHIND;
		local_id = next_of(local);
		target_id = next_of(target);
	}
	return core_too_deep(c);
}

int core_compare(struct core_compare *c, u32 local_id, u32 target_id, enum core_relation relation)
{
	return compare(c, local_id, target_id, relation, 0);
}
