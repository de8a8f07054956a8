/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * attach_target.c: the kernel's types that programs attach to. See attach_target.h.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "kernel/attach_target.h"
#include "kernel/struct_ops.h"

static bool may_be_in(const struct prog_spec *prog, const char *module)
{
	struct hook_type type;

	hook_type(prog->hook, prog->target, &type);
	return !type.module || (str_len(module) == type.module_len && !memcmp(module, type.module, type.module_len));
}

/* Looks in one part of the kernel's types for what the object's programs attach to, as far as it is not found yet. */
static int search(struct live *live, struct kernel_btf_part *part)
{
	u32 prog_count = live->object->prog_count, count = 0;
	struct btf_query *queries = arena_alloc_array(&live->scratch, prog_count, sizeof(*queries));
	u32 *progs = arena_alloc_array(&live->scratch, prog_count, sizeof(*progs));
	struct hook_type type;
	int err;

	if (!queries || !progs)
		return error_no_memory(live->error);
	for (u32 i = 0; i < prog_count; i++) {
		const struct prog_spec *prog = &live->object->progs[i];

		if (live->targets[i].btf_id || !prog->hook || !hook_type(prog->hook, prog->target, &type))
			continue;
		queries[count].name = arena_printf(&live->scratch, "%s%s", type.prefix, type.name);
		if (!queries[count].name)
			return error_no_memory(live->error);
		queries[count].len = (u32)str_len(queries[count].name);
		queries[count].kinds = 1u << type.kind;
		progs[count++] = i;
	}
	err = btf_view_find(&part->view, queries, count);
	for (u32 i = 0; !err && i < count; i++)
		if (queries[i].count && may_be_in(&live->object->progs[progs[i]], part->name))
			live->targets[progs[i]] = (struct attach_target){queries[i].ids[0], part->fd, 0};
	return err;
}

int attach_target_find(struct live *live, u32 index, struct attach_target *target)
{
	const struct prog_spec *prog = &live->object->progs[index];
	struct kernel_btf_part *part;
	struct hook_type type;

	*target = (struct attach_target){0};
	if (prog->hook->prog_type == BPF_PROG_TYPE_STRUCT_OPS)
		return struct_ops_target(live, index, target);
	if (!(prog->hook->flags & HOOK_BTF_TARGET))
		return 0;
	if (prog->hook->prog_type == BPF_PROG_TYPE_EXT)
		return error_invalid(
			live->error, "it replaces a function of another program, which would have to be loaded first");
	if (!hook_type(prog->hook, prog->target, &type))
		return error_invalid(
			live->error, "the section names nothing to attach to, expected '%s/NAME'", prog->section_name);
	if (!live->targets)
		live->targets = arena_alloc_array(live->arena, live->object->prog_count, sizeof(*live->targets));
	if (!live->targets)
		return error_no_memory(live->error);
	while (!live->targets[index].btf_id && (part = kernel_btf_part(live->kernel_btf, live->parts_searched))) {
		if (search(live, part))
			return -live->error->errnum;
		live->parts_searched++;
	}
	*target = live->targets[index];
	if (target->btf_id || live->error->errnum)
		return -live->error->errnum;
	return error_set(live->error, ENOENT, "there is no %s '%s%s' in the BTF of %s%.*s%s",
		type.kind == BTF_KIND_FUNC ? "function" : "type", type.prefix, type.name,
		type.module ? "module '" : "the kernel or of a module", (int)type.module_len,
		type.module ? type.module : "", type.module ? "'" : "");
}
