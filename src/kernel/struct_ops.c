/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * struct_ops.c: the kernel's types behind structs of functions. See struct_ops.h.
 */
#include <linux/errno.h>
#include "kernel/struct_ops.h"

static int find_layout(struct live *live, u32 index, struct ops_layout *layout)
{
	const struct wanted_type *type = &live->wanted.maps[index];
	int err;

	if (!load_find_type(live, type))
		return error_set(live->error, ENOENT, "neither the kernel nor a module has a struct '%s' in its types",
			type->query->name);
	err = ops_lay_out(
		live->arena, live->error, live->object, &live->object->maps[index], type->view, type->id, layout);
	layout->btf_fd = type->btf_fd;
	return err;
}

int struct_ops_layout(struct live *live, u32 index, struct ops_layout **layout)
{
	if (!live->ops)
		live->ops = arena_alloc_array(live->arena, live->object->map_count, sizeof(*live->ops));
	if (!live->ops)
		return error_no_memory(live->error);
	*layout = &live->ops[index];
	return (*layout)->value_type_id ? 0 : find_layout(live, index, *layout);
}

/* The slot of a struct of functions that names the program; one that is made, if there is such. */
static const struct map_slot *find_slot(const struct object *object, u32 program, u32 *map_index)
{
	const struct map_slot *found = NULL;

	for (u32 i = 0; i < object->map_count; i++) {
		const struct map_spec *map = &object->maps[i];

		for (u32 s = 0; map->origin == MAP_FROM_OPS && s < map->slot_count; s++)
			if (map->slots[s].index == program && (!found || map->autocreate)) {
				found = &map->slots[s];
				*map_index = i;
			}
	}
	return found;
}

int struct_ops_target(struct live *live, u32 index, struct attach_target *target)
{
	u32 map;
	const struct map_slot *slot = find_slot(live->object, index, &map);
	struct ops_layout *layout;

	if (!slot)
		return error_invalid(live->error, "no struct in section .struct_ops or .struct_ops.link names it");
	if (struct_ops_layout(live, map, &layout))
		return error_in(live->error, "map '%s'", live->object->maps[map].name);
	target->btf_id = layout->struct_id;
	target->btf_fd = layout->btf_fd;
	target->member = layout->places[slot - live->object->maps[map].slots].member;
	return 0;
}
