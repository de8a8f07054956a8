/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * core_spec.c: walking an access, by number in the object's types, by name in the kernel's. See core_parts.h.
 *
 *	struct a { int n; struct { int x[4]; }; };	in the object; "0:1:0:3" is ((struct a *)p)[0].x[3]
 *	           0      1        0
 *
 * The first number counts whole structs, as in p[0]. Each of the others is a member's place or an element's. What has
 * no name is not looked for in the kernel: x may be found there in another anonymous struct, or in none.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "relocate/core_parts.h"

#define ACCESS_LEN_MAX (CORE_PARTS_MAX * sizeof("4294967295"))

const struct btf_type *core_type(const struct core_types *types, u32 id)
{
	return types->btf ? btf_type(types->btf, id) : btf_view_type(types->view, id);
}

const char *core_name(const struct core_types *types, u32 offset)
{
	return types->btf ? btf_string(types->btf, offset) : btf_view_string(types->view, offset);
}

u32 core_behind(const struct core_types *types, u32 id)
{
	return types->btf ? btf_resolve(types->btf, id) : btf_view_resolve(types->view, id);
}

bool core_size_of(const struct core_types *types, u32 id, u32 *size)
{
	u64 bytes;
	bool known = types->btf ? btf_size_of(types->btf, id, &bytes)
				: btf_view_size_of(types->view, id, btf_view_pointer_size(types->view), &bytes);

	*size = known ? (u32)bytes : 0;
	return known && bytes <= U32_MAX;
}

const char *core_row_name(const struct core_types *types, const struct btf_type *t, u32 i)
{
	size_t size = btf_kind(t) == BTF_KIND_ENUM ? sizeof(struct btf_enum) : sizeof(struct btf_member);

	return core_name(types, load_u32((const u8 *)btf_rows(t) + i * size));
}

enum core_family core_family(u32 kind)
{
	if (kind == BPF_CORE_ENUMVAL_EXISTS || kind == BPF_CORE_ENUMVAL_VALUE)
		return CORE_ENUMERATOR;
	return kind >= BPF_CORE_TYPE_ID_LOCAL ? CORE_TYPE : CORE_FIELD;
}

/* Nothing is walked yet. The steps stay what they were: there are many, and few are used. */
static void begin(struct core_spec *spec, const struct core_types *types, u32 root)
{
	spec->types = types;
	spec->root = root;
	spec->bit_offset = spec->parts = spec->len = 0;
}

static OUT_OF_LINE void add_step(struct core_spec *spec, const char *name, u32 type_id, u32 index)
{
	spec->steps[spec->len++] = (struct core_step){name, type_id, index};
}

/* Moves on to an element: the index-th value of type `id` from where the access has come to. */
static int add_element(struct error *error, struct core_spec *spec, u32 id, u32 index)
{
	u32 size;

	if (!core_size_of(spec->types, id, &size))
		return error_invalid(error, "its part %u is of a type without a size", spec->parts);
	add_step(spec, NULL, id, index);
	spec->parts++;
	spec->bit_offset += index * size * 8;
	return 0;
}

/* An index is good within the array; behind it only if the array is a struct's last member, and says 0 elements. */
static bool index_fits(const struct core_spec *spec, const struct btf_array *array, u32 index)
{
	const struct core_step *last = &spec->steps[spec->len - 1];

	return index < array->nelems ||
	       (!array->nelems && last->name && last->index + 1 == btf_vlen(core_type(spec->types, last->type_id)));
}

/* Moves on to a member by number, or to an element; *id becomes its type. */
static int read_part(struct error *error, struct core_spec *spec, u32 index, u32 *id)
{
	const struct core_types *types = spec->types;
	u32 owner = core_behind(types, *id);
	const struct btf_type *t = core_type(types, owner);

	if (core_is_composite(t) && index < btf_vlen(t)) {
		const struct btf_member *member = &btf_members(t)[index];

		if (member->name_off)
			add_step(spec, core_name(types, member->name_off), owner, index);
		spec->parts++;
		spec->bit_offset += btf_member_bit_offset(t, member);
		*id = member->type;
		return 0;
	}
	if (btf_kind(t) == BTF_KIND_ARRAY && index_fits(spec, btf_array(t), index)) {
		*id = core_behind(types, btf_array(t)->type);
		return add_element(error, spec, *id, index);
	}
	return error_invalid(error, "its part %u is %u, which is not in %s '%s'", spec->parts, index, btf_kind_word(t),
		core_name(types, t->name_off));
}

/* The next number of an access, and the ':' behind it; false for anything else, signs included. */
static bool next_number(const char **access, u32 *number)
{
	u64 value;

	if (!parse_u64(access, 10, &value) || value > U32_MAX / 2)
		return false;
	*number = (u32)value;
	if (**access == ':')
		return *++*access;
	return !**access;
}

static int read_enumerator(struct error *error, struct core_spec *spec, u32 id, u32 index, bool is_last)
{
	const struct btf_type *t = core_type(spec->types, id);

	if (!core_is_enum(t) || !is_last || index >= btf_vlen(t))
		return error_invalid(error, "it names no enumerator of %s '%s'", btf_kind_word(t),
			core_name(spec->types, t->name_off));
	add_step(spec, core_row_name(spec->types, t, index), id, index);
	return 0;
}

static int refuse_access(struct error *error)
{
	return error_invalid(error, "its access is none: expected up to %d numbers, of a type just 0", CORE_PARTS_MAX);
}

int core_spec_read(
	const struct core_types *types, struct error *error, const struct bpf_core_relo *relo, struct core_spec *spec)
{
	const char *access = core_name(types, relo->access_str_off);
	u32 id = core_behind(types, relo->type_id), index;
	int err;

	begin(spec, types, relo->type_id);
	if (!byte_find(access, ACCESS_LEN_MAX, 0))
		return refuse_access(error);
	if (relo->kind > BPF_CORE_TYPE_MATCHES)
		return error_invalid(error, "nobody knows this kind of record");
	if (core_family(relo->kind) == CORE_TYPE)
		return str_equal(access, "0") ? 0 : refuse_access(error);
	if (!next_number(&access, &index))
		return refuse_access(error);
	if (core_family(relo->kind) == CORE_ENUMERATOR)
		return read_enumerator(error, spec, id, index, !*access);
	err = add_element(error, spec, id, index);
	while (!err && *access) {
		if (!next_number(&access, &index) || spec->parts == CORE_PARTS_MAX)
			return refuse_access(error);
		err = read_part(error, spec, index, &id);
	}
	return err;
}

int core_spend(struct core_compare *c)
{
	return btf_spend(c->error, c->budget);
}

/*
 * Finds the member that a local step names, here or in an anonymous struct or union within; *id, the type to look in,
 * becomes its type. Recursion ends with the parts. A field of the name and of another type is as good as none.
 */
static int find_member(struct core_compare *c, const struct core_step *wanted, struct core_spec *spec, u32 *id)
{
	const u32 owner = core_behind(c->target, *id), start = spec->bit_offset;
	const struct btf_type *t = core_type(c->target, owner);
	int found = 0;

	if (!core_is_composite(t))
		return 0;
	if (spec->parts >= CORE_PARTS_MAX)
		return core_too_deep(c);
	spec->parts++;
	for (u32 i = 0; !found && i < btf_vlen(t); i++) {
		const struct btf_member *member = &btf_members(t)[i];
		const char *name = core_name(c->target, member->name_off);

		if (core_spend(c))
			return -E2BIG;
		if (name[0] && str_order(name, BTF_NAME_MAX, wanted->name))
			continue;
		spec->bit_offset = start + btf_member_bit_offset(t, member);
		*id = member->type;
		if (name[0]) {
			const struct btf_type *local = core_type(c->local, wanted->type_id);

			add_step(spec, name, owner, i);
			return core_compare(c, btf_members(local)[wanted->index].type, *id, CORE_READ);
		}
		found = find_member(c, wanted, spec, id);
	}
	if (!found)
		spec->parts--;
	return found;
}

static int find_element(struct core_compare *c, const struct core_step *wanted, struct core_spec *spec, u32 *id)
{
	const struct btf_type *t;

	*id = core_behind(c->target, *id);
	if (spec->len) { /* the first one is of the root type itself */
		t = core_type(c->target, *id);
		if (btf_kind(t) != BTF_KIND_ARRAY || !index_fits(spec, btf_array(t), wanted->index))
			return 0;
		*id = core_behind(c->target, btf_array(t)->type);
	}
	return add_element(c->error, spec, *id, wanted->index) ? -EINVAL : 1;
}

static int find_enumerator(struct core_compare *c, const struct core_step *wanted, struct core_spec *spec, u32 id)
{
	const struct btf_type *t;

	id = core_behind(c->target, id);
	t = core_type(c->target, id);
	for (u32 i = 0; core_is_enum(t) && i < btf_vlen(t); i++) {
		const char *name = core_row_name(c->target, t, i);

		if (core_spend(c))
			return -E2BIG;
		if (core_names_equal(name, wanted->name)) {
			add_step(spec, name, id, i);
			return 1;
		}
	}
	return 0;
}

int core_spec_match(struct core_compare *c, u32 kind, const struct core_spec *local, u32 id, struct core_spec *target)
{
	int found = 1;

	if (core_spend(c))
		return -E2BIG;
	begin(target, c->target, id);
	if (core_family(kind) == CORE_TYPE)
		return core_compare(c, local->root, id, kind == BPF_CORE_TYPE_MATCHES ? CORE_MATCH : CORE_FIT);
	if (core_family(kind) == CORE_ENUMERATOR)
		return find_enumerator(c, &local->steps[0], target, id);
	for (u32 i = 0; found > 0 && i < local->len; i++)
		found = (local->steps[i].name ? find_member : find_element)(c, &local->steps[i], target, &id);
	return found;
}
