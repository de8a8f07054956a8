/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * core_externs.c: kernel variables and functions that an object names with their types. See core_externs.h.
 */
#include <linux/errno.h>
#include "base/string.h"
#include "relocate/core_externs.h"
#include "relocate/core_parts.h"

bool extern_has_type(const struct object *object, const struct extern_spec *external)
{
	return external->kind == EXTERN_KFUNC ||
	       (external->kind == EXTERN_KSYM && btf_resolve(&object->btf, external->type_id));
}

#define BUDGET 100000 /* steps of one comparison */

/* The type of a VAR or FUNC against the object's. 1: it fits; 0: it does not; -errno with a message. */
static int type_fits(struct error *error, const struct object *object, const struct extern_spec *external,
	struct btf_view *view, u32 id)
{
	const struct core_types local = {.btf = &object->btf};
	const struct core_types target = {.view = view, .pointer_size = btf_view_pointer_size(view)};
	u32 budget = BUDGET;
	struct core_compare compare = {error, &local, &target, &budget};

	return core_types_fit(&compare, external->type_id, btf_view_type(view, id)->type);
}

static int take(struct error *error, const struct object *object, u32 index, struct btf_view *view, u32 id,
	struct extern_value *value)
{
	const struct extern_spec *external = &object->externs[index];
	bool is_function = external->kind == EXTERN_KFUNC;
	int fits = type_fits(error, object, external, view, id);

	if (fits > 0)
		*value = (struct extern_value){.state = EXTERN_BTF, .btf_id = id};
	else if (!fits && !(is_function && external->is_weak))
		error_invalid(error, "extern '%s': the kernel's %s of that name is of another type ([%u] in its BTF)",
			external->name, is_function ? "function" : "variable", id);
	return -error->errnum;
}

int extern_types_find(struct arena *arena, struct error *error, const struct object *object, struct btf_view *view,
	int btf_fd, struct extern_value *values, u32 *missing)
{
	struct btf_query *queries = arena_alloc_array(arena, object->extern_count, sizeof(*queries));
	u32 *indices = arena_alloc_array(arena, object->extern_count, sizeof(*indices)), count = 0;
	int err;

	if (!queries || !indices)
		return error_no_memory(error);
	for (u32 i = 0; i < object->extern_count; i++) {
		const struct extern_spec *external = &object->externs[i];
		bool is_function = external->kind == EXTERN_KFUNC;

		if (values[i].state != EXTERN_ABSENT || !extern_has_type(object, external))
			continue;
		indices[count] = i;
		queries[count].name = external->name;
		queries[count].len = is_function ? core_essential_len(external->name) : (u32)str_len(external->name);
		queries[count++].kinds = 1u << (is_function ? BTF_KIND_FUNC : BTF_KIND_VAR);
	}
	*missing = count;
	err = count ? btf_view_find(view, queries, count) : 0;
	if (err)
		return error_set(error, -err, "%s", view->error->message);
	for (u32 i = 0; i < count; i++) {
		struct extern_value *value = &values[indices[i]];

		if (!queries[i].count)
			continue;
		if (take(error, object, indices[i], view, queries[i].ids[0], value))
			return -error->errnum;
		value->btf_fd = btf_fd;
		*missing -= value->state == EXTERN_BTF;
	}
	return 0;
}
