/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * struct_ops.c: a struct of functions, from the compiler's layout to the kernel's. See struct_ops.h.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "object/check.h"
#include "relocate/struct_ops.h"

struct layer {
	struct arena *arena;
	struct error *error;
	const struct object *object;
	const struct map_spec *map;
	struct btf_view *kernel;
	struct ops_layout *layout;
	const struct btf_type *local; /* the object's struct, and the kernel's: */
	const struct btf_type *target;
	u32 data_offset;    /* of the kernel's struct in the value */
	const char **names; /* [member of the kernel's struct] */
};

const char *ops_value_name(struct arena *arena, const struct object *object, const struct map_spec *map)
{
	const char *name = btf_name(&object->btf, map->btf_value_type_id);

	return arena_printf(arena, "bpf_struct_ops_%.*s", (int)btf_essential_len(name), name);
}

/* Finds struct NAME within the value's struct, and its members' names. */
static int find_struct(struct layer *l)
{
	const char *name = btf_name(&l->object->btf, l->map->btf_value_type_id);
	const struct btf_type *value = btf_view_type(l->kernel, l->layout->value_type_id);
	const struct btf_member *members = btf_members(value);
	u32 len = btf_essential_len(name), i;

	for (i = 0; i < btf_vlen(value); i++) {
		const char *other;

		l->target = btf_view_type(l->kernel, members[i].type);
		other = btf_view_string(l->kernel, l->target->name_off);
		if (btf_kind(l->target) == BTF_KIND_STRUCT && !str_order(name, len, other))
			break;
	}
	if (i == btf_vlen(value))
		return error_invalid(l->error, "holds no struct of that name");
	l->layout->struct_id = members[i].type;
	l->data_offset = btf_member_bit_offset(value, &members[i]) / 8;
	if (check_range(l->error, l->data_offset, l->target->size, value->size))
		return -EINVAL;
	l->layout->value_size = value->size;
	l->layout->value = arena_alloc(l->arena, value->size);
	l->layout->places = arena_alloc_array(l->arena, l->map->slot_count, sizeof(*l->layout->places));
	l->names = arena_alloc_array(l->arena, btf_vlen(l->target), sizeof(*l->names));
	if (!l->layout->value || !l->layout->places || !l->names)
		return error_no_memory(l->error);
	for (i = 0; i < btf_vlen(l->target); i++)
		l->names[i] = btf_view_string(l->kernel, btf_members(l->target)[i].name_off);
	return 0;
}

static OUT_OF_LINE const struct map_slot *slot_of(const struct map_spec *map, u32 member)
{
	for (u32 i = 0; i < map->slot_count; i++)
		if (map->slots[i].at == member)
			return &map->slots[i];
	return NULL;
}

static OUT_OF_LINE int lay_member(struct layer *l, u32 i)
{
	const struct btf *btf = &l->object->btf;
	const struct btf_member *member = &btf_members(l->local)[i], *other;
	const struct map_slot *slot = slot_of(l->map, i);
	u32 from = btf_member_bit_offset(l->local, member) / 8, to, k = 0;
	u32 kind = btf_kind(btf_resolved(btf, member->type));
	const struct btf_type *t;
	u64 size, other_size;

	if (!btf_size_of(btf, member->type, &size))
		size = U64_MAX;
	if (check_range(l->error, from, size, l->map->value_size))
		return -EINVAL;
	while (k < btf_vlen(l->target) && !str_equal(l->names[k], btf_string(btf, member->name_off)))
		k++;
	if (k == btf_vlen(l->target)) {
		if (!slot && bytes_are_zero(l->map->initial + from, size))
			return 0;
		return error_set(l->error, EOPNOTSUPP, "the kernel's struct has no such member, and here it is set");
	}
	other = &btf_members(l->target)[k];
	if (btf_member_bit_width(l->local, member) || btf_member_bit_width(l->target, other))
		return error_set(l->error, EOPNOTSUPP, "bit fields cannot be laid out");
	t = btf_view_type(l->kernel, btf_view_resolve(l->kernel, other->type));
	if (btf_kind(t) != kind)
		return error_set(
			l->error, EOPNOTSUPP, "is %s, the kernel's is %s", btf_kind_name(kind), btf_kind_word(t));
	to = btf_member_bit_offset(l->target, other) / 8;
	if (!btf_view_size_of(l->kernel, other->type, btf_view_pointer_size(l->kernel), &other_size) ||
		!range_ok(to, other_size, l->target->size) || (kind != BTF_KIND_PTR && other_size != size))
		return error_set(l->error, EOPNOTSUPP, "has %llu bytes, but not in the kernel's struct", size);
	if (kind != BTF_KIND_PTR) {
		memcpy(l->layout->value + l->data_offset + to, l->map->initial + from, (size_t)size);
	} else if (slot) { /* a pointer is of use only if it is to a program: the kernel wants a descriptor there */
		if (btf_kind(btf_view_type(l->kernel, btf_view_resolve(l->kernel, t->type))) != BTF_KIND_FUNC_PROTO)
			return error_set(l->error, EOPNOTSUPP, "is no pointer to a function in the kernel");
		l->layout->places[slot - l->map->slots] = (struct ops_place){k, l->data_offset + to};
	}
	return 0;
}

int ops_lay_out(struct arena *arena, struct error *error, const struct object *object, const struct map_spec *map,
	struct btf_view *kernel, u32 value_type_id, struct ops_layout *layout)
{
	struct layer l = {
		.arena = arena, .error = error, .object = object, .map = map, .kernel = kernel, .layout = layout};
	int err;

	*layout = (struct ops_layout){.value_type_id = value_type_id};
	l.local = btf_type(&object->btf, map->btf_value_type_id);
	err = find_struct(&l);
	if (err)
		error_in(error, "the kernel's type [%u]", value_type_id);
	for (u32 i = 0; !err && i < btf_vlen(l.local); i++)
		if (lay_member(&l, i))
			err = error_in(
				error, "member '%s'", btf_string(&object->btf, btf_members(l.local)[i].name_off));
	if (err)
		layout->value_type_id = 0;
	return err;
}
