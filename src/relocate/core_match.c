/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * core_match.c: how types of the object compare with types of the kernel. See core_parts.h.
 *
 * Three relations, each stricter than the one before, all of them libbpf's (bpf_core_fields_are_compat(),
 * __bpf_core_types_are_compat() and __bpf_core_types_match() in tools/lib/bpf/relo_core.c). Typedefs, const and their
 * like never count, nor do flavors.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "relocate/core_parts.h"

/* Two types side by side, and what is behind their typedefs. */
struct pair {
	u32 local_id, target_id;
	const struct btf_type *local, *target;
	u32 kind; /* of both; BEYOND if they differ, but for the two sizes of enum */
};

#define BEYOND (~0u)
#define NAME_LEN_MAX \
	512 /* no kernel has so long a name (include/linux/kallsyms.h: KSYM_NAME_LEN); what follows never counts */

bool core_is_composite(const struct btf_type *t)
{
	return btf_kind(t) == BTF_KIND_STRUCT || btf_kind(t) == BTF_KIND_UNION;
}

bool core_is_enum(const struct btf_type *t)
{
	return btf_kind(t) == BTF_KIND_ENUM || btf_kind(t) == KIND_ENUM64;
}

u32 core_essential_len(const char *name)
{
	const char *end = byte_find(name, NAME_LEN_MAX, 0);

	return btf_essential_len(name, end ? (u32)(end - name) : NAME_LEN_MAX);
}

static bool names_equal(const char *a, const char *b)
{
	u32 len = core_essential_len(a);

	return core_essential_len(b) == len && !memcmp(a, b, len);
}

static struct pair pair_of(const struct core_compare *c, u32 local_id, u32 target_id)
{
	struct pair p = {core_behind(c->local, local_id), core_behind(c->target, target_id), NULL, NULL, BEYOND};

	p.local = core_type(c->local, p.local_id);
	p.target = core_type(c->target, p.target_id);
	if (btf_kind(p.local) == btf_kind(p.target) || (core_is_enum(p.local) && core_is_enum(p.target)))
		p.kind = btf_kind(p.local);
	return p;
}

/* What an array holds, or a pointer points at. */
static u32 next_of(const struct btf_type *t)
{
	return btf_kind(t) == BTF_KIND_ARRAY ? btf_array(t)->type : t->type;
}

static struct pair next_pair(const struct core_compare *c, const struct pair *p)
{
	return pair_of(c, next_of(p->local), next_of(p->target));
}

/* Bit fields as compilers wrote them before 2019, with the offset in the integer, fit nothing. */
static bool ints_fit(const struct pair *p)
{
	return !BTF_INT_OFFSET(btf_int_word(p->local)) && !BTF_INT_OFFSET(btf_int_word(p->target));
}

int core_too_deep(struct core_compare *c)
{
	return error_invalid(c->error, "types nest more than %d deep", BTF_DEPTH);
}

int core_fields_fit(struct core_compare *c, u32 local_id, u32 target_id)
{
	struct pair p = pair_of(c, local_id, target_id);
	const char *local_name, *target_name;

	for (int depth = 0; p.kind == BTF_KIND_ARRAY; depth++) {
		if (depth == BTF_DEPTH)
			return core_too_deep(c);
		p = next_pair(c, &p);
	}
	if (core_is_composite(p.local) && core_is_composite(p.target))
		return 1;
	switch (p.kind) {
	case BTF_KIND_PTR:
	case BTF_KIND_FLOAT:
		return 1;
	case BTF_KIND_INT:
		return ints_fit(&p);
	case BTF_KIND_FWD:
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
		local_name = core_name(c->local, p.local->name_off);
		target_name = core_name(c->target, p.target->name_off);
		return !local_name[0] || !target_name[0] || names_equal(local_name, target_name);
	default:
		return 0;
	}
}

/* How types are compared that are not a field's: core_types_fit(), core_types_match(), and that behind a pointer. */
enum relation { FIT, MATCH, MATCH_BEHIND };

static int compare(struct core_compare *c, u32 local_id, u32 target_id, enum relation relation, int level);

/* Each member, or enumerator, of the object's type must be in the kernel's, too, by name; members with their types. */
static int rows_match(struct core_compare *c, const struct pair *p, int level)
{
	bool members = core_is_composite(p->local);
	int found = btf_vlen(p->local) <= btf_vlen(p->target);

	for (u32 i = 0; found > 0 && i < btf_vlen(p->local); i++) {
		const char *name = core_row_name(c->local, p->local, i);

		found = 0;
		for (u32 k = 0; !found && k < btf_vlen(p->target); k++) {
			if (core_spend(c))
				return -E2BIG;
			found = names_equal(name, core_row_name(c->target, p->target, k));
			if (found && members)
				found = compare(c, btf_members(p->local)[i].type, btf_members(p->target)[k].type, MATCH,
					level + 1);
		}
	}
	return found;
}

/* What functions return is the caller's to compare. */
static int params_compare(struct core_compare *c, const struct pair *p, enum relation relation, int level)
{
	int found = btf_vlen(p->local) == btf_vlen(p->target);

	for (u32 i = 0; found > 0 && i < btf_vlen(p->local); i++)
		found = compare(c, btf_params(p->local)[i].type, btf_params(p->target)[i].type, relation, level + 1);
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

/* Behind a pointer a declaration is as good as the struct itself, and members do not count. */
static int declarations_match(const struct pair *p)
{
	return is_declared(p->local) && is_declared(p->target) && is_union(p->local) == is_union(p->target);
}

static int ints_match(const struct pair *p)
{
	u32 difference = BTF_INT_ENCODING(btf_int_word(p->local)) ^ BTF_INT_ENCODING(btf_int_word(p->target));

	return p->local->size == p->target->size && !(difference & BTF_INT_SIGNED);
}

/* Whether two types are alike, as far as that can be said without going on to what they point at or hold. */
static int pair_compare(struct core_compare *c, const struct pair *p, enum relation relation, int level, bool *go_on)
{
	bool match = relation != FIT;

	*go_on = false;
	if (match && !names_equal(core_name(c->local, p->local->name_off), core_name(c->target, p->target->name_off)))
		return 0;
	if (relation == MATCH_BEHIND && is_declared(p->local))
		return declarations_match(p);
	switch (p->kind) {
	case BTF_KIND_UNKN:
		return 1;
	case BTF_KIND_FWD:
		return !match || declarations_match(p);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return match ? rows_match(c, p, level) : 1;
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
		if (match && p->local->size != p->target->size)
			return 0;
		return match ? rows_match(c, p, level) : 1;
	case BTF_KIND_INT:
		return match ? ints_match(p) : ints_fit(p);
	case BTF_KIND_PTR:
		*go_on = true;
		return 1;
	case BTF_KIND_ARRAY:
		*go_on = true;
		return !match || btf_array(p->local)->nelems == btf_array(p->target)->nelems;
	case BTF_KIND_FUNC_PROTO:
		*go_on = true;
		return params_compare(c, p, relation, level);
	default:
		return 0;
	}
}

static int compare(struct core_compare *c, u32 local_id, u32 target_id, enum relation relation, int level)
{
	struct pair p = pair_of(c, local_id, target_id);

	for (int depth = 0; depth < BTF_DEPTH && level < BTF_DEPTH; depth++, p = next_pair(c, &p)) {
		bool go_on = false;
		int alike = core_spend(c);

		alike = alike ? alike : pair_compare(c, &p, relation, level, &go_on);
		if (alike <= 0 || !go_on)
			return alike;
		if (p.kind == BTF_KIND_PTR && relation == MATCH)
			relation = MATCH_BEHIND;
	}
	return core_too_deep(c);
}

int core_types_fit(struct core_compare *c, u32 local_id, u32 target_id)
{
	return compare(c, local_id, target_id, FIT, 0);
}

int core_types_match(struct core_compare *c, u32 local_id, u32 target_id)
{
	return compare(c, local_id, target_id, MATCH, 0);
}
