/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * pin.c: maps that outlive their loader. See pin.h.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "base/sys.h"
#include "kernel/call.h"
#include "kernel/hints.h"
#include "kernel/pin.h"

#define FOLDER "/sys/fs/bpf"

static const char *pin_path(struct live *live, const struct map_spec *map)
{
	return arena_printf(live->arena, FOLDER "/%s", map->name);
}

/* What keeps the kernel from reusing one map for another (tools/lib/bpf/libbpf.c:map_is_reuse_compat()). */
static int compare(struct live *live, int fd, const struct bpf_map_create_args *args)
{
	struct bpf_map_info info;
	int err = bpf_map_info(fd, &info);

	if (err)
		return error_set(live->error, -err, "the kernel says nothing about it");
	/* The kernel adds this flag to device maps by itself (kernel/bpf/devmap.c:dev_map_init_map()). */
	if (info.type == BPF_MAP_TYPE_DEVMAP || info.type == BPF_MAP_TYPE_DEVMAP_HASH)
		info.map_flags &= ~BPF_F_RDONLY_PROG;
	for (u32 i = 0; i < MAP_WORDS; i++) {
		const struct map_word *word = &map_words[i];
		u32 is = load_u32((const u8 *)&info + word->in_info);
		u32 expected = load_u32((const u8 *)&args->map + word->in_spec);

		if (is != expected)
			return error_invalid(live->error, "%s is %u, expected %u; remove it or rename this map",
				word->name, is, expected);
	}
	return 0;
}

int pin_find(struct live *live, const struct map_spec *map, const struct bpf_map_create_args *args)
{
	const char *path = pin_path(live, map);
	int fd;

	if (!path)
		return error_no_memory(live->error);
	fd = bpf_obj_get(path);
	if (fd == -ENOENT)
		return 0;
	if (fd < 0) {
		error_set(live->error, -fd, "cannot be opened");
		hint_cause(live->error, TRIED_BPF);
	} else {
		fd = held_fd(live->held, fd);
		if (fd < 0)
			return error_no_memory(live->error);
		if (!compare(live, fd, args))
			return fd;
	}
	return error_in(live->error, "the map pinned at %s", path);
}

static bool is_mounted(struct live *live)
{
	struct error ignored = {0};
	struct bytes mounts;

	return file_read(live->arena, &ignored, "/proc/self/mounts", 1 << 20, &mounts) ||
	       str_behind((const char *)mounts.data, " " FOLDER " bpf ");
}

static void unpin(struct held_item *item)
{
	const struct live *live = item->address;

	if (!live->pins_stay)
		kernel_report(sys_unlink(item->name), "unlink(\"%s\")", item->name);
}

int pin_keep(struct live *live, const struct map_spec *map, int map_fd)
{
	const char *path = pin_path(live, map);
	struct held_item *item;
	int err;

	if (!live->pins_maps)
		return 0;
	err = path ? bpf_obj_pin(map_fd, path) : -ENOMEM;
	if (err == -EEXIST)
		return err;
	if (err) {
		error_set(live->error, -err, "cannot be pinned at %s", path);
		return is_mounted(live) ? hint_cause(live->error, TRIED_BPF)
					: error_hint(live->error,
						  "no BPF file system is mounted there: mount -t bpf bpf " FOLDER);
	}
	item = held_push(live->held, unpin);
	if (!item)
		return error_no_memory(live->error);
	item->name = path;
	item->address = live;
	return 0;
}
