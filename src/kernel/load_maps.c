/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * load_maps.c: maps, created, filled and frozen. See load.h.
 *
 *	map			before it is created		after
 *	------------------------------------------------------------------------------------------------
 *	of maps			a map like those it holds is	its slots get the object's maps
 *				shown to the kernel, and closed
 *	pinned by name		looked for; if it is there, that is all
 *								pinned (pin.h)
 *	.data, .rodata, …					gets its first value; .rodata is frozen
 *	arena							mapped, and its variables filled in
 *	struct_ops		laid out by the kernel's type	(its value would register it: attaching, not loading)
 *	of programs						after they are loaded: load_prog_arrays()
 */
#include <linux/errno.h>
#include "bpf_insn.h"
#include "base/memory.h"
#include "base/string.h"
#include "base/sys.h"
#include "base/text.h"
#include "kernel/bpf.h"
#include "kernel/cpus.h"
#include "kernel/hints.h"
#include "kernel/load.h"
#include "kernel/pin.h"
#include "kernel/struct_ops.h"

#define NAME_MAX        16 /* BPF_OBJ_NAME_LEN, with its NUL */
#define SUFFIX_RESERVED 7  /* libbpf leaves ".rodata" this much of a data map's name, however short the suffix */
#define FLAG_TYPE_FD    (1u << 15) /* include/uapi/linux/bpf.h: BPF_F_VTYPE_BTF_OBJ_FD */

/* Map types whose keys and values the kernel lets have no BTF (each one's map_check_btf in kernel/bpf/). */
static bool takes_btf(u32 type)
{
	static const u8 without[] = {BPF_MAP_TYPE_PERF_EVENT_ARRAY, BPF_MAP_TYPE_CGROUP_ARRAY, BPF_MAP_TYPE_STACK_TRACE,
		BPF_MAP_TYPE_ARRAY_OF_MAPS, BPF_MAP_TYPE_HASH_OF_MAPS, BPF_MAP_TYPE_DEVMAP, BPF_MAP_TYPE_DEVMAP_HASH,
		BPF_MAP_TYPE_CPUMAP, BPF_MAP_TYPE_XSKMAP, BPF_MAP_TYPE_SOCKMAP, BPF_MAP_TYPE_SOCKHASH,
		BPF_MAP_TYPE_QUEUE, BPF_MAP_TYPE_STACK, MAP_TYPE_ARENA};

	return !byte_find(without, sizeof(without), (u8)type);
}

/* The name of a data map: the object's, cut, and the section's; a section with two dots names itself. */
static void data_map_name(const struct object *object, const struct map_spec *map, char name[NAME_MAX])
{
	size_t suffix = MAX(str_len(map->name), (size_t)SUFFIX_RESERVED);
	struct text text = text_in(name, NAME_MAX);

	if (!str_find(map->name + 1, '.'))
		text_printf(&text, "%.*s", (int)(NAME_MAX - 1 - suffix), object->name);
	text_string(&text, map->name);
}

/* A ring buffer's size in bytes: a power of two, in pages of this machine. One that is too large the kernel refuses. */
static u32 round_to_ring(u32 bytes)
{
	u64 size = sys_page_size();

	while (size < bytes)
		size *= 2;
	return size > U32_MAX ? bytes : (u32)size;
}

static bool is_ring(const struct map_spec *map)
{
	return map->type == BPF_MAP_TYPE_RINGBUF || map->type == BPF_MAP_TYPE_USER_RINGBUF;
}

/* Sizes that a definition may leave to the loader. */
static int complete_sizes(struct live *live, struct bpf_map_create_args *args)
{
	if (is_ring(&args->map)) {
		/* `key` and `value` say what the ring carries. */
		args->map.key_size = 0;
		args->map.value_size = 0;
		if (args->map.max_entries)
			args->map.max_entries = round_to_ring(args->map.max_entries);
	}
	if (args->map.type != BPF_MAP_TYPE_PERF_EVENT_ARRAY)
		return 0;
	args->map.key_size = sizeof(u32);
	args->map.value_size = sizeof(u32);
	return args->map.max_entries ? 0 : cpus_possible(live->arena, live->error, &args->map.max_entries);
}

/* What is wrong with a map is found out by changing one thing: if the kernel makes that one, this was it. */
static int explain_map(struct error *error, const struct bpf_map_create_args *args, int errnum)
{
	error_set(error, errnum,
		"the kernel makes no %s map with key_size %u, value_size %u, max_entries %u, map_flags 0x%x",
		map_type_name(args->map.type), args->map.key_size, args->map.value_size, args->map.max_entries,
		args->map.map_flags);
	if (errnum == EINVAL && !args->inner_map_fd && map_holds_maps(&args->map))
		return error_hint(error, "the definition does not say what the maps in it are like (`values`)");
	/* Before 5.11 a smaller map may fit into what may be locked in memory (EPERM); that is not what was wrong. */
	for (u32 i = 0; errnum != EPERM && i < MAP_WORDS; i++) {
		const struct map_word *word = &map_words[i];
		struct bpf_map_create_args changed = *args;
		u32 good = word->good;
		int fd;

		if (is_ring(&args->map)) /* … has no keys, no values, and pages */
			good = word->in_spec == offsetof(struct map_spec, max_entries) ? sys_page_size() : 0;
		memcpy((u8 *)&changed.map + word->in_spec, &good, sizeof(good));
		fd = bpf_map_create(&changed);
		if (fd >= 0) {
			sys_close(fd);
			return error_hint(error, "with %s %u it would", word->name, good);
		}
	}
	return hint_cause(error, TRIED_BPF);
}

/* The kernel's types of a struct of functions take the place of the object's. */
static int complete_ops(struct live *live, const struct map_spec *map, struct bpf_map_create_args *args)
{
	struct ops_layout *layout;
	int err = struct_ops_layout(live, (u32)(map - live->object->maps), &layout);

	if (err)
		return err;
	args->map.value_size = layout->value_size;
	args->vmlinux_value_type_id = layout->value_type_id;
	args->vmlinux_value_type_fd = layout->btf_fd;
	args->map.map_flags |= layout->btf_fd ? FLAG_TYPE_FD : 0;
	args->btf_fd = live->btf_fd;
	args->map.btf_value_type_id = 0;
	return 0;
}

static int complete(struct live *live, const struct map_spec *map, struct bpf_map_create_args *args)
{
	*args = (struct bpf_map_create_args){.map = *map};
	if (map->has_globals)
		args->map.map_flags |= BPF_F_MMAPABLE;
	if (map->origin == MAP_FROM_OPS)
		return complete_ops(live, map, args);
	if (map->btf_value_type_id && takes_btf(map->type))
		args->btf_fd = live->btf_fd;
	return complete_sizes(live, args);
}

/* What an old kernel may not know is left out, a thing at a time: types, mapping (5.5), a name (dots: 5.2). */
static int create(struct error *error, struct bpf_map_create_args *args, bool is_data)
{
	static struct bpf_insn nothing[] = {BPF_MOV64_IMM(BPF_REG_0, 0), BPF_EXIT_INSN()};
	int fd = bpf_map_create(args);

	/* 5.10 knows its structs of functions once it has read its own BTF, and it reads that when it verifies a first
	 * program (kernel/bpf/verifier.c:bpf_get_btf_vmlinux()). */
	if (fd == -ENOTSUPP && args->vmlinux_value_type_id &&
		bpf_prog_loads(BPF_PROG_TYPE_SOCKET_FILTER, nothing, ARRAY_SIZE(nothing)))
		fd = bpf_map_create(args);
	if (fd < 0 && args->btf_fd && !args->vmlinux_value_type_id) {
		args->btf_fd = 0;
		fd = bpf_map_create(args);
	}
	if (fd == -EINVAL && is_data) {
		args->map.map_flags &= ~BPF_F_MMAPABLE;
		fd = bpf_map_create(args);
	}
	if (fd == -E2BIG || (fd == -EINVAL && is_data)) {
		args->map.name = NULL;
		fd = bpf_map_create(args);
	}
	return fd < 0 ? explain_map(error, args, -fd) : fd;
}

static bool is_data(const struct map_spec *map)
{
	return map->origin == MAP_FROM_DATA || map->origin == MAP_FROM_KCONFIG;
}

/* A new map; the caller closes it. A map of maps needs one like those that it holds, which hold none themselves. */
static int create_map(struct live *live, const struct map_spec *map, struct bpf_map_create_args *args)
{
	int fd;

	if (map->inner) {
		struct bpf_map_create_args inner;
		int err = complete(live, map->inner, &inner);

		args->inner_map_fd = err ? err : create(live->error, &inner, false);
		if (args->inner_map_fd < 0)
			return error_in(live->error, "the maps in it");
	}
	fd = create(live->error, args, is_data(map));
	if (args->inner_map_fd)
		sys_close(args->inner_map_fd);
	return fd;
}

/* Gives a data map its first value. Fill, then freeze: after that not even we may write. */
static int fill_data(struct live *live, const struct map_spec *map, int fd)
{
	static const u32 first = 0;
	int err = 0;

	if (map->initial)
		err = bpf_map_update_elem(fd, &first, map->initial, 0);
	if (err)
		return error_set(live->error, -err, "its first value (%u bytes) was refused", map->value_size);
	err = map->read_only ? bpf_map_freeze(fd) : 0;
	return err ? error_set(live->error, -err, "the kernel would not freeze it") : 0;
}

/* An arena has its address only once it is mapped, and programs that use it load only then. */
static int map_arena(struct live *live, const struct map_spec *map, int fd)
{
	const struct elf_section *data = &live->object->elf.sections[map->data_section];
	u64 size = (u64)map->max_entries * sys_page_size();
	void *where = (void *)(unsigned long)map->map_extra, *address;

	if (data->size > size)
		return error_set(live->error, E2BIG, "its variables have %llu bytes, an arena of %u pages has %llu",
			data->size, map->max_entries, size);
	address = held_map(live->held, where, (size_t)size, PROT_READ | PROT_WRITE,
		MAP_SHARED | (where ? MAP_FIXED_NOREPLACE : 0), fd);
	if (sys_is_error(address))
		return error_set(live->error, (int)-(long)address, "%llu bytes at 0x%llx cannot be mapped", size,
			map->map_extra);
	if (data->data)
		memcpy(address, data->data, (size_t)data->size);
	return 0;
}

/* Puts descriptors of `fds`, the object's maps or programs, where the file says; 0 stands for one that is not there. */
static int fill_slots(struct live *live, const struct map_spec *map, int map_fd, const int *fds)
{
	for (u32 i = 0; i < map->slot_count; i++) {
		const struct map_slot *slot = &map->slots[i];
		int err = fds[slot->index] ? bpf_map_update_elem(map_fd, &slot->at, &fds[slot->index], 0) : 0;

		if (err)
			return error_set(live->error, -err, "slot %u of %u does not take '%s'", slot->at,
				map->max_entries, slot->name);
	}
	return 0;
}

static int fill_map(struct live *live, const struct map_spec *map, int fd)
{
	if (is_data(map))
		return fill_data(live, map, fd);
	if (map->type == MAP_TYPE_ARENA)
		return map_arena(live, map, fd);
	return map_holds_maps(map) ? fill_slots(live, map, fd, live->map_fds) : 0;
}

/* A map that is pinned already, or else a new one. -EEXIST without a message: one was pinned in between. */
static int find_or_create(struct live *live, const struct map_spec *map, struct bpf_map_create_args *args)
{
	const struct held_item *before = live->held->top;
	int fd = map->pin_by_name ? pin_find(live, map, args) : 0, err;

	if (fd)
		return fd;
	fd = create_map(live, map, args);
	if (fd < 0)
		return fd;
	fd = held_fd(live->held, fd);
	if (fd < 0)
		return error_no_memory(live->error);
	err = fill_map(live, map, fd);
	if (!err && map->pin_by_name)
		err = pin_keep(live, map, fd);
	if (err)
		held_release_to(live->held, before);
	return err ? err : fd;
}

static OUT_OF_LINE int load_map(struct live *live, const struct map_spec *map)
{
	struct bpf_map_create_args args;
	char name[NAME_MAX];
	int fd = complete(live, map, &args);

	if (fd)
		return fd;
	if (is_data(map)) {
		data_map_name(live->object, map, name);
		args.map.name = name;
	}
	fd = find_or_create(live, map, &args);
	if (fd == -EEXIST && !live->error->errnum)
		fd = find_or_create(live, map, &args);
	if (fd == -EEXIST)
		error_set(live->error, EEXIST, "a map is pinned by that name, but cannot be found");
	return fd;
}

int load_maps(struct live *live)
{
	const struct object *object = live->object;

	/* Maps of maps last: they take the others' descriptors. */
	for (int of_maps = 0; of_maps < 2; of_maps++)
		for (u32 i = 0; i < object->map_count; i++) {
			const struct map_spec *map = &object->maps[i];

			if (!map->autocreate || map_holds_maps(map) != of_maps)
				continue;
			live->map_fds[i] = load_map(live, map);
			if (live->map_fds[i] < 0)
				return error_in(live->error, "%s: map '%s'", object->path, map->name);
		}
	return 0;
}

int load_prog_arrays(struct live *live)
{
	const struct object *object = live->object;

	for (u32 i = 0; i < object->map_count; i++)
		if (object->maps[i].type == BPF_MAP_TYPE_PROG_ARRAY &&
			fill_slots(live, &object->maps[i], live->map_fds[i], live->prog_fds))
			return error_in(live->error, "%s: map '%s'", object->path, object->maps[i].name);
	live->pins_stay = true;
	return 0;
}

void load_bind_constants(const struct live *live, int prog_fd)
{
	for (u32 i = 0; i < live->object->map_count; i++)
		if (live->object->maps[i].origin == MAP_FROM_DATA && live->object->maps[i].read_only &&
			bpf_prog_bind_map(prog_fd, live->map_fds[i]))
			return;
}
