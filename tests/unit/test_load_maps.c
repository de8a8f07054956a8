/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_load_maps.c: maps as they are made: for kernels that know less, with the sizes that are due, filled, or refused.
 */
#include <linux/capability.h>
#include "made_up_kernel.h"
#include "kernel/struct_ops.h"

/* Kernels before 5.2: no dots in a name, no mapping, and no BTF for such a map. */
static long is_old(const struct call *call)
{
	if (call->command == BPF_MAP_CREATE &&
		(call->attr.btf_fd || call->attr.map_flags & BPF_F_MMAPABLE || strchr(call->name, '.')))
		return -EINVAL;
	return agrees(call);
}

static void old_kernels(void **state)
{
	static const int expected[] = {
		BPF_MAP_CREATE, BPF_MAP_CREATE, BPF_MAP_CREATE, BPF_MAP_CREATE, BPF_MAP_UPDATE_ELEM, BPF_MAP_FREEZE};
	const struct call *call = kernel.calls;

	(void)state;
	open_object(KINDS);
	alone(".rodata");
	live.btf_fd = 5;
	kernel.answer = is_old;
	assert_no_error(&error, load_maps(&live));
	assert_int_equal(kernel.count, ARRAY_SIZE(expected));
	for (u32 i = 0; i < kernel.count; i++)
		assert_int_equal(call[i].command, expected[i]);
	/* One thing at a time. */
	assert_string_equal(call[0].name, "x.rodata");
	assert_int_equal(call[0].attr.map_flags, BPF_F_RDONLY_PROG | BPF_F_MMAPABLE);
	assert_int_equal(call[0].attr.btf_fd, 5);
	assert_true(!call[1].attr.btf_fd && call[1].attr.map_flags & BPF_F_MMAPABLE && *call[1].name);
	assert_true(call[2].attr.map_flags == BPF_F_RDONLY_PROG && *call[2].name);
	assert_true(call[3].attr.map_flags == BPF_F_RDONLY_PROG && !*call[3].name);
	/* Filled before it is frozen. */
	assert_true(call[4].attr.map_fd == (u32)call[3].result && call[5].attr.map_fd == (u32)call[3].result);
	assert_true(*(u32 *)(uintptr_t)call[4].attr.key == 0 && call[4].attr.flags == 0);
}

/* Before 4.15 no name is known at all. */
static long knows_no_name(const struct call *call)
{
	return call->command == BPF_MAP_CREATE && *call->name ? -E2BIG : agrees(call);
}

static void kernels_without_names(void **state)
{
	(void)state;
	open_object(KINDS);
	alone("hash");
	kernel.answer = knows_no_name;
	assert_no_error(&error, load_maps(&live));
	assert_int_equal(kernel.count, 2);
}

static void data_names(void **state)
{
	(void)state;
	open_object(KINDS);
	strcpy(object.name, "longer_than_it_");
	alone(".bss");
	assert_no_error(&error, load_maps(&live));
	assert_string_equal(kernel.calls[0].name, "longer_t.bss"); /* as if it were .rodata: libbpf's doing */
	assert_int_equal(kernel.count, 1);                         /* it is zero already */
	start_over();
	open_object(KINDS);
	alone(".data.own");
	assert_no_error(&error, load_maps(&live));
	assert_string_equal(kernel.calls[0].name, ".data.own");
}

static u32 completed(struct map_spec *map, u32 type, u32 max_entries)
{
	map->type = type;
	map->max_entries = max_entries;
	map->key_size = map->value_size = 1;
	kernel.count = 0;
	assert_no_error(&error, load_maps(&live));
	held_release(&held);
	return kernel.calls[0].attr.max_entries;
}

static void sizes(void **state)
{
	struct map_spec *map;

	(void)state;
	open_object(KINDS);
	map = &object.maps[map_named("hash")];
	alone("hash");
	assert_int_equal(completed(map, BPF_MAP_TYPE_RINGBUF, 3 * 65536), 4 * 65536);
	assert_int_equal(completed(map, BPF_MAP_TYPE_USER_RINGBUF, 3 * 65536), 4 * 65536);
	assert_true(kernel.calls[0].attr.key_size == 0 && kernel.calls[0].attr.value_size == 0);
	assert_int_equal(completed(map, BPF_MAP_TYPE_RINGBUF, 65536), 65536);
	assert_int_equal(completed(map, BPF_MAP_TYPE_RINGBUF, 0), 0);
	assert_int_equal(completed(map, BPF_MAP_TYPE_RINGBUF, 0x80000001), 0x80000001); /* for the kernel to refuse */
	put_file("/sys/devices/system/cpu/possible", "0-3,7\n");
	assert_int_equal(completed(map, BPF_MAP_TYPE_PERF_EVENT_ARRAY, 0), 8);
	assert_true(kernel.calls[0].attr.key_size == 4 && kernel.calls[0].attr.value_size == 4);
	assert_int_equal(completed(map, BPF_MAP_TYPE_PERF_EVENT_ARRAY, 3), 3);
	/* Such a map may have no types: the kernel is not asked in vain. */
	live.btf_fd = 5;
	completed(map, BPF_MAP_TYPE_PERF_EVENT_ARRAY, 3);
	assert_true(kernel.count == 1 && !kernel.calls[0].attr.btf_fd);
}

/* The second map of maps, which shows the kernel one that nobody needs afterwards, is refused. */
static long refuses_hash_of_maps(const struct call *call)
{
	if (call->command == BPF_MAP_CREATE && call->attr.map_type == BPF_MAP_TYPE_HASH_OF_MAPS)
		return -ENOMEM;
	return agrees(call);
}

static void maps_of_maps(void **state)
{
	const struct call *outer = kernel.calls;
	u32 a, b;

	(void)state;
	open_object(MAPS);
	live.pins_maps = true;
	kernel.answer = refuses_hash_of_maps;
	assert_error(&error, load_maps(&live), ENOMEM, "map 'hash_of_maps'");
	while (outer->command != BPF_MAP_CREATE || !outer->attr.inner_map_fd)
		outer++;
	assert_string_equal(outer->name, "outer");
	/* The model is closed, whether it was of use or not; each map that is made stays. */
	a = (u32)live.map_fds[map_named("inner_a")];
	b = (u32)live.map_fds[map_named("inner_b")];
	assert_true(outer->attr.inner_map_fd != a && outer->attr.inner_map_fd != b);
	assert_false(kernel.is_open[outer->attr.inner_map_fd - FIRST_FD]);
	assert_int_equal(open_fds(), 5);
	assert_int_equal(count_of(BPF_MAP_UPDATE_ELEM), 2);
	/* One asks to be pinned. */
	assert_int_equal(count_of(BPF_OBJ_PIN), 1);
	assert_int_equal(nth(BPF_OBJ_PIN, 0)->attr.bpf_fd, live.map_fds[map_named("pinned")]);
}

/* Programs that are not loaded leave their slots empty. */
static void empty_slots(void **state)
{
	u32 updates;

	(void)state;
	open_object(MAPS);
	assert_no_error(&error, load_maps(&live));
	updates = count_of(BPF_MAP_UPDATE_ELEM);
	assert_no_error(&error, load_prog_arrays(&live));
	assert_int_equal(count_of(BPF_MAP_UPDATE_ELEM), updates);
	live.prog_fds[prog_named("second")] = FIRST_FD;
	assert_no_error(&error, load_prog_arrays(&live));
	assert_int_equal(count_of(BPF_MAP_UPDATE_ELEM), updates + 1);
	assert_int_equal(nth(BPF_MAP_UPDATE_ELEM, updates)->attr.map_fd, live.map_fds[map_named("calls")]);
	assert_int_equal(nth(BPF_MAP_UPDATE_ELEM, updates)->attr.flags, 0);
}

static long always_invalid(const struct call *call)
{
	(void)call;
	return -EINVAL;
}

static long wants_map_flags(const struct call *call)
{
	return call->command == BPF_MAP_CREATE && call->attr.map_flags != BPF_F_NO_PREALLOC ? -EINVAL : agrees(call);
}

static long wants_no_flags(const struct call *call)
{
	return call->command == BPF_MAP_CREATE && call->attr.map_flags ? -EINVAL : agrees(call);
}

static long wants_one_page(const struct call *call)
{
	return call->command == BPF_MAP_CREATE && call->attr.max_entries != sys_page_size() ? -EINVAL : agrees(call);
}

static long refuses_array_of_maps(const struct call *call)
{
	return call->command == BPF_MAP_CREATE && call->attr.map_type == BPF_MAP_TYPE_ARRAY_OF_MAPS ? -EINVAL
												    : agrees(call);
}

/* 5.10, which knows no map of such a struct before it has verified a program. */
static long has_not_read_its_types(const struct call *call)
{
	return call->command == BPF_MAP_CREATE && !count_of(BPF_PROG_LOAD) ? -ENOTSUPP : agrees(call);
}

/* Only what may be the reason is left out: types of any map, the rest of a data map's alone. */
static void attempts(void **state)
{
	static const struct {
		const char *name;
		u32 flags, count;
	} maps[] = {{"hash", BPF_F_MMAPABLE, 2}, {".rodata", BPF_F_RDONLY_PROG, 4}, {".kconfig", BPF_F_RDONLY_PROG, 4}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(maps); i++) {
		open_object(KINDS);
		object.maps[map_named(maps[i].name)].map_flags = maps[i].flags;
		object.maps[map_named(maps[i].name)].btf_value_type_id = 1;
		alone(maps[i].name);
		live.btf_fd = 5;
		kernel.answer = always_invalid;
		assert_error(&error, load_maps(&live), EINVAL, "the kernel makes no ");
		/* … and after those each of the words that may be wrong. */
		assert_int_equal(count_of(BPF_MAP_CREATE), maps[i].count + MAP_WORDS);
		start_over();
	}
	open_object(MAPS);
	alone("outer");
	kernel.answer = refuses_array_of_maps;
	assert_int_equal(load_maps(&live), -EINVAL);
	assert_null(strstr(error.message, "does not say"));
	start_over();
	open_object(KINDS);
	alone("hash");
	kernel.answer = has_not_read_its_types;
	assert_int_equal(load_maps(&live), -ENOTSUPP);
	assert_int_equal(count_of(BPF_PROG_LOAD), 0);
	start_over();
	/* What is taken is not asked for again, and without types of its own a map goes without the object's. */
	open_object(MAPS);
	live.btf_fd = 5;
	assert_no_error(&error, load_maps(&live));
	for (u32 i = 0; i < kernel.count; i++)
		if (!strcmp(kernel.calls[i].name, "calls"))
			assert_int_equal(kernel.calls[i].attr.btf_fd, 0);
	assert_int_equal(open_fds(), 6);
}

static int refused; /* the command that is */

static long refuses(const struct call *call)
{
	return call->command == refused ? -ENOSPC : agrees(call);
}

/* What cannot be filled does not stay. */
static void refused_contents(void **state)
{
	static const struct {
		const char *object, *map, *message;
		int refused;
	} cases[] = {
		{KINDS, ".rodata", "x.bpf.o: map '.rodata': its first value (4 bytes) was refused",
			BPF_MAP_UPDATE_ELEM},
		{KINDS, ".rodata", "x.bpf.o: map '.rodata': the kernel would not freeze it", BPF_MAP_FREEZE},
		{MAPS, "outer", "x.bpf.o: map 'outer': slot 3 of 4 does not take 'inner_b'", BPF_MAP_UPDATE_ELEM},
		{MAPS, "pinned", "x.bpf.o: map 'pinned': cannot be pinned at ", BPF_OBJ_PIN},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		open_object(cases[i].object);
		alone(cases[i].map);
		live.pins_maps = true;
		refused = cases[i].refused;
		kernel.answer = refuses;
		if (object.maps[map_named(cases[i].map)].inner)
			live.map_fds[map_named("inner_b")] = FIRST_FD;
		assert_error(&error, load_maps(&live), ENOSPC, cases[i].message);
		assert_int_equal(open_fds(), 0);
		start_over();
	}
	refused = BPF_MAP_UPDATE_ELEM;
	kernel.answer = refuses;
	open_object(MAPS);
	live.prog_fds[prog_named("second")] = FIRST_FD;
	assert_error(
		&error, load_prog_arrays(&live), ENOSPC, "x.bpf.o: map 'calls': slot 2 of 3 does not take 'second'");
	assert_false(live.pins_stay);
}

static void structs_of_functions(void **state)
{
	const struct call *call;
	struct map_spec *map;

	(void)state;
	for (int in_module = 0; in_module < 2; in_module++) {
		int fd = 0;

		put_types(in_module ? FIXTURES "externs_kernel.bpf.o" : FIXTURES "kernel_ops.bpf.o");
		if (in_module)
			fd = put_module(FIXTURES "kernel_ops.bpf.o");
		open_object(MAPS);
		live.btf_fd = 5;
		map = &object.maps[map_named("linked")];
		map->autocreate = true;
		alone("linked");
		kernel.answer = has_not_read_its_types;
		assert_no_error(&error, load_maps(&live));
		assert_int_equal(count_of(BPF_MAP_CREATE), 2);
		call = nth(BPF_MAP_CREATE, 1);
		assert_int_equal(call->attr.btf_vmlinux_value_type_id, live.wanted.maps[map - object.maps].id);
		assert_int_equal(call->attr.value_size, live.ops[map - object.maps].value_size);
		assert_int_equal(call->attr.map_flags, 1 << 13 | (in_module ? 1 << 15 : 0));
		assert_int_equal(*(int *)((u8 *)(uintptr_t)&call->attr + 72), fd); /* value_type_btf_obj_fd */
		assert_int_equal(call->attr.btf_fd, 5);
		assert_int_equal(call->attr.btf_value_type_id, 0);
		assert_int_equal(nth(BPF_PROG_LOAD, 0)->attr.insn_cnt, 2);
		kernel.count = 0;
		kernel.answer = always_invalid;
		assert_int_equal(load_maps(&live), -EINVAL);
		assert_int_equal(count_of(BPF_PROG_LOAD), 0);
		assert_int_equal(count_of(BPF_MAP_CREATE), 1 + MAP_WORDS);
		kernel.answer = agrees;
		start_over();
	}
	open_object(MAPS);
	put_types(FIXTURES "externs_kernel.bpf.o");
	object.maps[map_named("linked")].autocreate = true;
	alone("linked");
	assert_error(&error, load_maps(&live), ENOENT, "map 'linked': neither the kernel nor a module has a struct '");
	assert_int_equal(count_of(BPF_MAP_CREATE), 0);
}

static void arenas(void **state)
{
	static const u8 variables[5000] = {1, 2, [4999] = 3};
	u64 size = 2 * sys_page_size();
	void *place = sys_mmap(NULL, size, PROT_READ, MAP_PRIVATE, FIRST_FD, 0); /* one that is free now */
	struct elf_section *data;
	struct map_spec *map;
	char expected[100];

	(void)state;
	sys_munmap(place, size);
	open_object(KINDS);
	alone("hash");
	map = &object.maps[map_named("hash")];
	map->type = MAP_TYPE_ARENA;
	map->max_entries = 2;
	map->map_extra = (u64)(uintptr_t)place;
	map->data_section = 1;
	data = (struct elf_section *)(uintptr_t)&object.elf.sections[map->data_section];
	data->data = variables;
	data->size = sizeof(variables);
	assert_no_error(&error, load_maps(&live));
	assert_memory_equal(place, variables, sizeof(variables));
	((u8 *)place)[sizeof(variables)] = 1; /* may be written to */
#ifndef WITHOUT_SANITIZERS
	/* Where something is already there is no place, and no second attempt. (valgrind 3.19 does not know it.) */
	snprintf(expected, sizeof(expected), "%llu bytes at 0x%llx cannot be mapped", size, map->map_extra);
	assert_error(&error, load_maps(&live), EEXIST, expected);
	assert_int_equal(count_of(BPF_MAP_CREATE), 2);
#endif
	/* Anywhere; and variables without a first value. */
	map->map_extra = 0;
	data->data = NULL;
	data->size = size;
	assert_no_error(&error, load_maps(&live));
	assert_int_equal(kernel.mapped, 2 * size);
	data->size = size + 1;
	snprintf(expected, sizeof(expected), "variables have %llu bytes, an arena of 2 pages has %llu", size + 1, size);
	assert_error(&error, load_maps(&live), E2BIG, expected);
	assert_int_equal(open_fds(), 2);
}

static void refused_maps(void **state)
{
	struct map_spec *outer;

	(void)state;
	open_object(MAPS);
	outer = &object.maps[map_named("outer")];
	alone("outer");
	kernel.answer = always_invalid;
	assert_error(&error, load_maps(&live), EINVAL, "the maps in it: the kernel makes no array map with key_size 4");
	outer->inner = NULL;
	assert_error(&error, load_maps(&live), EINVAL, "does not say what the maps in it are like (`values`)");
	outer->type = BPF_MAP_TYPE_LPM_TRIE;
	kernel.answer = wants_map_flags;
	assert_error(&error, load_maps(&live), EINVAL, "map_flags 0x0; with map_flags 1 it would");
	outer->type = BPF_MAP_TYPE_RINGBUF;
	outer->max_entries = 3 * 65536;
	kernel.answer = wants_one_page;
	assert_error(&error, load_maps(&live), EINVAL, "max_entries 262144, map_flags 0x0; with max_entries ");
	outer->map_flags = BPF_F_NO_PREALLOC;
	kernel.answer = wants_no_flags;
	assert_error(&error, load_maps(&live), EINVAL, "; with map_flags 0 it would");
	/* What is too much is not wrong. */
	kernel.count = 0;
	kernel.answer = forbids;
	kernel.capabilities = CAP(CAP_SYS_ADMIN);
	kernel.limit.cur = ~0ULL;
	assert_int_equal(load_maps(&live), -EPERM);
	assert_int_equal(kernel.count, 1);
}

int main(void)
{
	return RUN(EACH(old_kernels), EACH(kernels_without_names), EACH(data_names), EACH(sizes), EACH(maps_of_maps),
		EACH(empty_slots), EACH(attempts), EACH(refused_contents), EACH(structs_of_functions), EACH(arenas),
		EACH(refused_maps));
}
