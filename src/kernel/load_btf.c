/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * load_btf.c: the beginning of a load, and the object's types into the kernel. See load.h.
 *
 * First the whole of the types; only a kernel that refuses is asked, by small blobs of one feature each, what it does
 * know, and gets the rest rewritten into that (btf_cut.h).
 */
#include <linux/errno.h>
#include "kernel/bpf.h"
#include "kernel/load.h"
#include "base/sys.h"
#include "relocate/arg_ctx.h"
#include "relocate/btf_cut.h"
#include "relocate/btf_fix.h"

int live_init(struct live *live, struct arena *arena, struct error *error, struct held *held,
	struct kernel_btf *kernel_btf, struct object *object)
{
	*live = (struct live){.arena = arena, .error = error, .held = held, .kernel_btf = kernel_btf, .object = object};
	live->map_fds = arena_alloc_array(arena, object->map_count, sizeof(int));
	live->prog_fds = arena_alloc_array(arena, object->prog_count, sizeof(int));
	live->externs = arena_alloc_array(arena, object->extern_count, sizeof(*live->externs));
	live->fd_array = arena_alloc_array(arena, object->extern_count + 1, sizeof(int));
	live->fd_array_count = 1;
	if (!live->map_fds || !live->prog_fds || !live->externs || !live->fd_array)
		return error_no_memory(error);
	if (wanted_list(arena, error, object, &live->wanted))
		return -ENOMEM;
	/* A file that somebody names is to be good, also if nothing of this object needs it. */
	return kernel_btf->path && !kernel_btf_core(kernel_btf) ? -error->errnum : 0;
}

/* The BTF_HAS_* features this kernel has, found out by trying each. */
static OUT_OF_LINE u32 probe_features(void)
{
	u32 features = 0;

	for (u32 i = 0; i < BTF_FEATURE_COUNT; i++) {
		static u8 bytes[BTF_PROBE_MAX];
		struct bytes blob;
		int fd;

		btf_probe_blob(i, bytes, &blob);
		fd = bpf_btf_load(blob.data, (u32)blob.size);
		if (fd < 0)
			continue;
		features |= 1u << i;
		sys_close(fd);
	}
	return features;
}

static int load_cut(struct live *live, u32 features)
{
	struct bytes blob;

	if (btf_cut(live->arena, live->error, &live->object->btf, features, &blob))
		return -live->error->errnum;
	return bpf_btf_load(blob.data, (u32)blob.size);
}

int load_btf(struct live *live)
{
	struct object *object = live->object;
	int fd;

	if (!object->has_btf)
		return 0;
	if (btf_fix(live->arena, live->error, object) || arg_ctx_add(live->arena, live->error, object))
		return error_in(live->error, "%s", object->path);
	fd = load_cut(live, BTF_HAS_ALL);
	if (fd < 0 && fd != -EPERM)
		fd = load_cut(live, probe_features());
	/* A kernel that takes no BTF at all still takes the programs. */
	live->btf_fd = MAX(fd, 0);
	if (fd >= 0 && held_fd(live->held, fd) < 0)
		error_no_memory(live->error);
	return live->error->errnum ? error_in(live->error, "%s", object->path) : 0;
}
