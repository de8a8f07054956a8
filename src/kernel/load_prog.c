/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * load_prog.c: programs, linked and loaded. See load.h.
 *
 * The first attempt asks for no log: most programs load, and a log costs time. Only a rejected program is tried again
 * with one, in a buffer that grows until the log fits. The kernel says ENOSPC while it does not
 * (kernel/bpf/log.c:bpf_vlog_finalize()).
 */
#include <linux/errno.h>
#include "kernel/attach_target.h"
#include "kernel/bpf.h"
#include "kernel/load.h"
#include "kernel/rejection.h"

#define LOG_FIRST (1 << 20) /* mapped, so that only what is written takes memory */
#define LOG_MAX   (256 << 20)
#define LOG_GROWS 256 /* each attempt is a whole verification */

/* Loads again for the sake of the log. May succeed, if what stood in the way has gone. */
static int load_with_log(struct live *live, struct bpf_prog_load_args *args, struct verdict *verdict)
{
	int fd = -ENOSPC;

	args->log_level = 1;
	for (u64 size = LOG_FIRST; fd == -ENOSPC && size <= LOG_MAX; size *= LOG_GROWS) {
		args->log = arena_alloc(live->arena, (size_t)size);
		if (!args->log)
			break;
		args->log_size = (u32)size;
		fd = bpf_prog_load(args);
		verdict->log = *args->log ? args->log : NULL;
	}
	return fd;
}

/* usdt, one program at many places, is as libbpf loads it: for one link to all of them, where there is such a thing. */
static u32 attach_type_of(const struct hook *hook)
{
	return hook->flags & HOOK_MULTI_IF && bpf_has_uprobe_multi() ? HOOK_UPROBE_MULTI : hook->attach_type;
}

/* What the program's own file, and what it attaches to, say of it; all but its image. */
static struct bpf_prog_load_args args_of(
	const struct live *live, const struct prog_spec *prog, const struct attach_target *target)
{
	return (struct bpf_prog_load_args){
		.name = prog->name,
		.prog_type = prog->hook->prog_type,
		.expected_attach_type = attach_type_of(prog->hook) + target->member,
		.flags = prog->flags,
		.license = live->object->license,
		.kern_version = live->object->version,
		.btf_fd = live->btf_fd,
		.attach_btf_id = target->btf_id,
		.attach_btf_fd = target->btf_fd,
		.fd_array = live->fd_array_count > 1 ? live->fd_array : NULL,
	};
}

static OUT_OF_LINE int load_image(struct live *live, struct bpf_prog_load_args *args, struct verdict *verdict)
{
	int first = bpf_prog_load(args), fd = first >= 0 ? first : load_with_log(live, args, verdict);

	if (fd >= 0)
		return fd;
	/* The first attempt's errno is the program's own; with a log it may be about the log. */
	return rejection_explain(live, args, -first, verdict->log);
}

/* The i-th module's types, for core.h. */
static struct btf_view *core_module(void *context, u32 i)
{
	struct live *live = context;
	struct kernel_btf_part *part = live->kernel_btf->path ? NULL : kernel_btf_part(live->kernel_btf, i + 1);

	return part ? &part->view : NULL;
}

/* A kernel without BTF is one that has none of the types: a program may ask for them, and do without. */
static int prepare_core(struct live *live)
{
	struct core_kernel kernel = {.module = core_module, .context = live};

	if (live->core || !live->object->btf_ext.core_relo.block_count)
		return 0;
	kernel.vmlinux = kernel_btf_core(live->kernel_btf);
	if (!kernel.vmlinux && live->error->errnum != ENOENT)
		return -live->error->errnum;
	error_clear(live->error);
	live->core = core_new(live->arena, live->object, &kernel);
	return live->core ? 0 : error_no_memory(live->error);
}

/* Why a program cannot even be tried; 0 if it can. */
static int prepare(struct live *live, u32 index, struct attach_target *target)
{
	const struct prog_spec *prog = &live->object->progs[index];
	int err;

	if (!prog->hook) {
		error_invalid(live->error, "nobody knows this section name");
		return hook_nearest(live->error, prog->section_name);
	}
	err = prepare_core(live);
	return err ? err : attach_target_find(live, index, target);
}

int load_program(struct live *live, u32 index, struct verdict *verdict)
{
	static struct arena scratch; /* what a program needs until it is loaded, and then the next one */
	const struct prog_spec *prog = &live->object->progs[index];
	struct attach_target target;
	int fd;

	*verdict = (struct verdict){0};
	fd = prepare(live, index, &target);
	if (!fd) {
		const struct link_input input = {live->map_fds, live->externs, live->core};
		struct bpf_prog_load_args args = args_of(live, prog, &target);

		fd = link_program(&scratch, live->error, live->object, prog, &input, &args.image);
		verdict->insn_count = args.image.insn_count;
		fd = fd ? fd : load_image(live, &args, verdict);
		arena_reset(&scratch);
	}
	fd = held_fd(live->held, fd);
	if (fd < 0) {
		error_no_memory(live->error); /* unless it is said already what is wrong */
		return error_in(
			live->error, "%s: %s: program '%s'", live->object->path, prog->section_name, prog->name);
	}
	load_bind_constants(live, fd);
	live->prog_fds[index] = fd;
	return 0;
}
