/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * attach_target.c: the kernel's types that programs attach to. See attach_target.h.
 */
#include <linux/errno.h>
#include "kernel/attach_target.h"
#include "kernel/struct_ops.h"

int attach_target_find(struct live *live, u32 index, struct attach_target *target)
{
	const struct prog_spec *prog = &live->object->progs[index];
	const struct wanted_type *type = &live->wanted.progs[index];

	*target = (struct attach_target){0};
	if (prog->hook->prog_type == BPF_PROG_TYPE_STRUCT_OPS)
		return struct_ops_target(live, index, target);
	if (!(prog->hook->flags & HOOK_BTF_TARGET))
		return 0;
	if (prog->hook->prog_type == BPF_PROG_TYPE_EXT)
		return error_invalid(
			live->error, "it replaces a function of another program, which would have to be loaded first");
	if (!type->query)
		return error_invalid(
			live->error, "the section names nothing to attach to, expected '%s/NAME'", prog->section_name);
	if (!load_find_type(live, type))
		return error_set(live->error, ENOENT, "there is no %s '%s' in the BTF of %s%.*s%s",
			type->query->kinds == 1u << BTF_KIND_FUNC ? "function" : "type", type->query->name,
			type->module ? "module '" : "the kernel or of a module", (int)type->module_len,
			type->module ? type->module : "", type->module ? "'" : "");
	target->btf_id = type->id;
	target->btf_fd = type->btf_fd;
	return 0;
}
