/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * wanted.c: what an object names of the kernel's types, looked for all at once. See wanted.h.
 */
#include <linux/errno.h>
#include "base/string.h"
#include "relocate/core_parts.h"
#include "relocate/struct_ops.h"
#include "relocate/wanted.h"

#define BUDGET 100000 /* steps of one comparison */

static bool want(struct wanted *w, struct wanted_type *type, const char *name, u32 kind)
{
	if (!name)
		return false;
	type->query = &w->queries[w->query_count++];
	*type->query = (struct btf_query){.name = name, .len = (u32)str_len(name), .kinds = 1u << kind};
	return true;
}

static void want_extern(struct wanted *w, const struct object *object, u32 i)
{
	const struct extern_spec *external = &object->externs[i];

	if (external->kind == EXTERN_KFUNC) {
		want(w, &w->externs[i], external->name, BTF_KIND_FUNC);
		w->externs[i].query->len = btf_essential_len(external->name);
	}
	/* One of type void is known by its address alone. */
	if (external->kind == EXTERN_KSYM && btf_resolve(&object->btf, external->type_id))
		want(w, &w->externs[i], external->name, BTF_KIND_VAR);
}

static bool want_target(struct wanted *w, struct arena *arena, const struct prog_spec *prog, struct wanted_type *type)
{
	struct hook_type hook;

	if (!prog->hook || !hook_type(prog->hook, prog->target, &hook))
		return true;
	type->module = hook.module;
	type->module_len = hook.module_len;
	return want(w, type, arena_printf(arena, "%s%s", hook.prefix, hook.name), hook.kind);
}

int wanted_list(struct arena *arena, struct error *error, const struct object *object, struct wanted *w)
{
	bool good = true;

	w->count = object->extern_count + object->prog_count + object->map_count;
	w->externs = arena_alloc_array(arena, w->count, sizeof(*w->externs));
	w->queries = arena_alloc_array(arena, w->count, sizeof(*w->queries));
	w->query_count = 0;
	if (!w->externs || !w->queries)
		return error_no_memory(error);
	w->progs = w->externs + object->extern_count;
	w->maps = w->progs + object->prog_count;
	for (u32 i = 0; i < object->extern_count; i++)
		want_extern(w, object, i);
	for (u32 i = 0; i < object->prog_count; i++)
		good &= want_target(w, arena, &object->progs[i], &w->progs[i]);
	for (u32 i = 0; i < object->map_count; i++)
		if (object->maps[i].origin == MAP_FROM_OPS)
			good &= want(w, &w->maps[i], ops_value_name(arena, object, &object->maps[i]), BTF_KIND_STRUCT);
	return good ? 0 : error_no_memory(error);
}

static bool may_be_in(const struct wanted_type *type, const char *name)
{
	return !name || !type->module || !str_order(type->module, type->module_len, name);
}

int wanted_find(struct wanted *w, struct error *error, struct btf_view *view, int btf_fd, const char *name)
{
	int err = w->query_count ? btf_view_find(view, w->queries, w->query_count) : 0;

	if (err)
		return error_set(error, -err, "%s", view->error->message);
	for (u32 i = 0; i < w->count; i++) {
		struct wanted_type *type = &w->externs[i];

		if (type->id || !type->query || !type->query->count || !may_be_in(type, name))
			continue;
		type->id = type->query->ids[0];
		type->view = view;
		type->btf_fd = btf_fd;
	}
	return 0;
}

int wanted_fits(struct error *error, const struct object *object, const struct extern_spec *external,
	const struct wanted_type *type)
{
	const struct core_types local = {.btf = &object->btf};
	const struct core_types target = {.view = type->view};
	bool is_function = external->kind == EXTERN_KFUNC;
	u32 budget = BUDGET;
	struct core_compare compare = {error, &local, &target, &budget};
	int fits = core_compare(&compare, external->type_id, btf_view_type(type->view, type->id)->type, CORE_FIT);

	if (fits || (is_function && external->is_weak))
		return fits;
	return error_invalid(error, "the kernel's %s of that name is of another type ([%u] in its BTF)",
		is_function ? "function" : "variable", type->id);
}
