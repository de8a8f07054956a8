/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * load_maps.c: maps, created, filled and frozen. See load.h.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "base/sys.h"
#include "base/text.h"
#include "kernel/bpf.h"
#include "kernel/cpus.h"
#include "kernel/hints.h"
#include "kernel/load.h"

#define NAME_MAX        16 /* BPF_OBJ_NAME_LEN, with its NUL */
#define SUFFIX_RESERVED 7  /* libbpf leaves ".rodata" this much of a data map's name, however short the suffix */

/* Map types whose keys and values the kernel lets have no BTF (each one's map_check_btf in kernel/bpf/). */
static bool takes_btf(u32 type)
{
	static const u8 without[] = {BPF_MAP_TYPE_PERF_EVENT_ARRAY, BPF_MAP_TYPE_CGROUP_ARRAY, BPF_MAP_TYPE_STACK_TRACE,
		BPF_MAP_TYPE_ARRAY_OF_MAPS, BPF_MAP_TYPE_HASH_OF_MAPS, BPF_MAP_TYPE_DEVMAP, BPF_MAP_TYPE_DEVMAP_HASH,
		BPF_MAP_TYPE_CPUMAP, BPF_MAP_TYPE_XSKMAP, BPF_MAP_TYPE_SOCKMAP, BPF_MAP_TYPE_SOCKHASH,
		BPF_MAP_TYPE_QUEUE, BPF_MAP_TYPE_STACK};

	return !byte_find(without, sizeof(without), (u8)type);
}

/* The name of a data map: the object's, cut, and the section's; a section with two dots names itself. */
static void data_map_name(const struct object *object, const struct map_spec *map, char name[NAME_MAX])
{
	size_t suffix = MIN(MAX(str_len(map->name), (size_t)SUFFIX_RESERVED), (size_t)NAME_MAX - 1);
	struct text text = text_in(name, NAME_MAX);

	if (!str_find(map->name + 1, '.'))
		text_printf(&text, "%.*s", (int)(NAME_MAX - 1 - suffix), object->name);
	text_string(&text, map->name);
}

/* A ring buffer's size in bytes: a power of two, in pages of this machine. */
static u32 round_to_ring(u32 bytes)
{
	u64 size = sys_page_size();

	while (size < bytes && size < 1u << 31)
		size *= 2;
	return (u32)size;
}

/* Sizes that a definition may leave to the loader. */
static int complete_sizes(struct live *live, struct bpf_map_create_args *args)
{
	if (args->type == BPF_MAP_TYPE_RINGBUF && args->max_entries)
		args->max_entries = round_to_ring(args->max_entries);
	if (args->type != BPF_MAP_TYPE_PERF_EVENT_ARRAY)
		return 0;
	args->key_size = sizeof(u32);
	args->value_size = sizeof(u32);
	return args->max_entries ? 0 : cpus_possible(live->arena, live->error, &args->max_entries);
}

/* Why the kernel answered EINVAL, as far as the definition shows it. */
static int explain_map(struct error *error, const struct bpf_map_create_args *args, int errnum)
{
	error_set(error, errnum,
		"the kernel makes no %s map with key_size %u, value_size %u, max_entries %u, map_flags 0x%x",
		map_type_name(args->type), args->key_size, args->value_size, args->max_entries, args->flags);
	if (errnum == EINVAL && !args->max_entries)
		return error_hint(error, "max_entries is 0, expected at least 1: set it in the definition");
	if (errnum == EINVAL && args->type == BPF_MAP_TYPE_ARRAY && args->key_size != sizeof(u32))
		return error_hint(error, "an array's key_size must be 4");
	return hint_cause(error, TRIED_BPF);
}

static int create_map(struct live *live, const struct map_spec *map)
{
	char name[NAME_MAX];
	struct bpf_map_create_args args = {
		.name = map->name,
		.type = map->type,
		.key_size = map->key_size,
		.value_size = map->value_size,
		.max_entries = map->max_entries,
		.flags = map->map_flags | (map->has_globals ? BPF_F_MMAPABLE : 0),
		.numa_node = map->numa_node,
		.map_extra = map->map_extra,
	};
	int fd;

	if (map->origin == MAP_FROM_DATA || map->origin == MAP_FROM_KCONFIG) {
		data_map_name(live->object, map, name);
		args.name = name;
	}
	if (complete_sizes(live, &args))
		return -live->error->errnum;
	if ((map->btf_key_type_id || map->btf_value_type_id) && takes_btf(map->type)) {
		args.btf_fd = live->btf_fd;
		args.btf_key_type_id = map->btf_key_type_id;
		args.btf_value_type_id = map->btf_value_type_id;
	}
	fd = bpf_map_create(&args);
	if (fd < 0 && args.btf_fd) {
		args.btf_fd = 0;
		fd = bpf_map_create(&args);
	}
	return fd < 0 ? explain_map(live->error, &args, -fd) : held_fd(live->held, fd);
}

static bool is_zero(const u8 *data, size_t size)
{
	while (size && !*data)
		data++, size--;
	return !size;
}

/* Gives a data map its first value. Fill, then freeze: after that not even we may write. */
static int fill_map(struct live *live, const struct map_spec *map, int fd)
{
	static const u32 first = 0;
	int err = 0;

	if (map->initial && !is_zero(map->initial, map->value_size))
		err = bpf_map_update_elem(fd, &first, map->initial, 0);
	if (err)
		return error_set(live->error, -err, "its first value (%u bytes) was refused", map->value_size);
	err = map->read_only ? bpf_map_freeze(fd) : 0;
	return err ? error_set(live->error, -err, "the kernel would not freeze it") : 0;
}

int load_maps(struct live *live)
{
	const struct object *object = live->object;

	for (u32 i = 0; i < object->map_count; i++) {
		const struct map_spec *map = &object->maps[i];
		int fd = create_map(live, map);

		if (fd == -ENOMEM)
			error_no_memory(live->error);
		live->map_fds[i] = fd;
		if (fd < 0 || fill_map(live, map, fd))
			return error_in(live->error, "%s: map '%s'", object->path, map->name);
	}
	return 0;
}
