/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_load_maps.c: maps as they are made: for kernels that know less, with the sizes that are due, filled, or refused.
 */
#include <linux/capability.h>
#include "made_up_kernel.h"

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
	map->key_size = map->value_size = 0;
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
	assert_int_equal(completed(map, BPF_MAP_TYPE_USER_RINGBUF, 65536), 65536);
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
		EACH(empty_slots), EACH(refused_maps));
}
