/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * attach_target.c: the kernel's types that programs attach to. See attach_target.h.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "kernel/attach_target.h"
#include "kernel/struct_ops.h"
#include "kernel/struct_ops.h"

/* What the programs of one object attach to. */
struct attach_targets {
	struct attach_target *found; /* [prog index] */
	/* Those not found yet: their names, and whose they are. */
	struct btf_query *queries;
	u32 *progs;
	u32 count;
	bool searched_modules;
};

/* A query for each program that attaches to a type. */
static int list_targets(struct live *live, struct attach_targets *targets)
{
	const struct object *object = live->object;
	struct hook_type type;

	targets->found = arena_alloc_array(live->arena, object->prog_count, sizeof(*targets->found));
	targets->queries = arena_alloc_array(live->arena, object->prog_count, sizeof(*targets->queries));
	targets->progs = arena_alloc_array(live->arena, object->prog_count, sizeof(*targets->progs));
	if (!targets->found || !targets->queries || !targets->progs)
		return error_no_memory(live->error);
	for (u32 i = 0; i < object->prog_count; i++) {
		const struct prog_spec *prog = &object->progs[i];
		struct btf_query *query = &targets->queries[targets->count];

		if (!prog->hook || !hook_type(prog->hook, prog->target, &type))
			continue;
		query->name = arena_printf(live->arena, "%s%s", type.prefix, type.name);
		if (!query->name)
			return error_no_memory(live->error);
		query->len = (u32)str_len(query->name);
		query->kinds = 1u << type.kind;
		targets->progs[targets->count++] = i;
	}
	return 0;
}

static bool may_be_in(const struct prog_spec *prog, const char *module)
{
	struct hook_type type;

	hook_type(prog->hook, prog->target, &type);
	return !type.module || (str_len(module) == type.module_len && !memcmp(module, type.module, type.module_len));
}

/* Looks for all that is not found yet in the types of one module, or of "vmlinux", the kernel itself. */
static int search(
	struct live *live, struct attach_targets *targets, struct btf_view *view, const char *module, int btf_fd)
{
	u32 count = targets->count;
	int err = count ? btf_view_find(view, targets->queries, count) : 0;

	if (err)
		return err;
	targets->count = 0;
	for (u32 i = 0; i < count; i++) {
		struct btf_query *query = &targets->queries[i];
		u32 prog = targets->progs[i];

		if (query->count && may_be_in(&live->object->progs[prog], module)) {
			targets->found[prog] = (struct attach_target){query->ids[0], btf_fd, 0};
		} else {
			targets->progs[targets->count] = prog;
			targets->queries[targets->count++] = *query;
		}
	}
	return 0;
}

static int search_modules(struct live *live, struct attach_targets *targets)
{
	struct kernel_btf_module *modules;
	u32 count;
	int err = kernel_btf_modules(live->kernel_btf, live->error, &modules, &count);

	for (u32 i = 0; !err && i < count; i++)
		err = search(live, targets, &modules[i].view, modules[i].name, modules[i].fd);
	targets->searched_modules = true;
	return err;
}

/* The object's targets, looked for in the kernel itself, if that has not been done. */
static int search_kernel(struct live *live)
{
	struct btf_view *vmlinux = kernel_btf_vmlinux(live->kernel_btf, live->error);
	int err;

	if (!vmlinux)
		return -live->error->errnum;
	if (live->attach_targets)
		return 0;
	live->attach_targets = arena_alloc(live->arena, sizeof(*live->attach_targets));
	if (!live->attach_targets)
		return error_no_memory(live->error);
	err = list_targets(live, live->attach_targets);
	return err ? err : search(live, live->attach_targets, vmlinux, "vmlinux", 0);
}

int attach_target_find(struct live *live, u32 index, struct attach_target *target)
{
	const struct prog_spec *prog = &live->object->progs[index];
	struct hook_type type;
	int err;

	*target = (struct attach_target){0};
	if (prog->hook->prog_type == BPF_PROG_TYPE_STRUCT_OPS)
		return struct_ops_target(live, index, target);
	if (!(prog->hook->flags & HOOK_BTF_TARGET))
		return 0;
	if (prog->hook->prog_type == BPF_PROG_TYPE_EXT)
		return error_set(live->error, EINVAL,
			"it replaces a function of another program, which would have to be loaded first");
	if (!hook_type(prog->hook, prog->target, &type))
		return error_set(live->error, EINVAL, "the section names nothing to attach to, expected '%s/NAME'",
			prog->section_name);
	err = search_kernel(live);
	if (!err && !live->attach_targets->found[index].btf_id && !live->attach_targets->searched_modules)
		err = search_modules(live, live->attach_targets);
	if (err)
		return err;
	*target = live->attach_targets->found[index];
	if (target->btf_id)
		return 0;
	return error_set(live->error, ENOENT, "there is no %s '%s%s' in the BTF of %s%.*s%s",
		type.kind == BTF_KIND_FUNC ? "function" : "type", type.prefix, type.name,
		type.module ? "module '" : "the kernel or of a module", (int)type.module_len,
		type.module ? type.module : "", type.module ? "'" : "");
}
