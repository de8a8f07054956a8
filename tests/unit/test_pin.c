/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_pin.c: maps by a name in the BPF file system: taken if they fit, pinned if there are none, and unpinned again.
 */
#include "made_up_kernel.h"
#include "base/memory.h"
#include "kernel/pin.h"

static struct bpf_map_info pinned;

static long has_pinned(const struct call *call)
{
	if (call->command == BPF_OBJ_GET)
		return 1;
	if (call->command == BPF_OBJ_GET_INFO_BY_FD) {
		assert_true(bytes_are_zero((void *)(uintptr_t)call->attr.info.info, call->attr.info.info_len));
		memcpy((void *)(uintptr_t)call->attr.info.info, &pinned, call->attr.info.info_len);
	}
	return agrees(call);
}

static void pinned_maps(void **state)
{
	static const u8 kernels_own[] = {BPF_MAP_TYPE_DEVMAP, BPF_MAP_TYPE_DEVMAP_HASH};
	struct bpf_map_create_args args;
	struct bpf_map_info info;
	struct map_spec *map;

	(void)state;
	open_object(MAPS);
	kernel.answer = has_pinned;
	memset(&info, 0xff, sizeof(info)); /* what an older kernel does not know has to be zero */
	assert_int_equal(bpf_map_info(FIRST_FD, &info), 0);
	map = &object.maps[map_named("pinned")];
	args = (struct bpf_map_create_args){.map = *map};
	args.map.map_extra = 5ULL << 32 | 6;
	pinned = (struct bpf_map_info){
		.type = map->type, .key_size = 4, .value_size = 4, .max_entries = 16, .map_extra = 5ULL << 32 | 6};
	assert_true(pin_find(&live, map, &args) >= FIRST_FD);
	/* Each word counts. */
	for (u32 i = 0; i < MAP_WORDS; i++) {
		struct bpf_map_info good = pinned;

		((u8 *)&pinned)[map_words[i].in_info] ^= 64;
		assert_error(&error, pin_find(&live, map, &args), EINVAL, map_words[i].name);
		pinned = good;
	}
	((u8 *)&pinned.map_extra)[7] = 1;
	assert_error(&error, pin_find(&live, map, &args), EINVAL, "map_extra>>32 is 16777221, expected 5");
	pinned.map_extra = args.map.map_extra;
	/* A flag that is the kernel's own. */
	pinned.map_flags = BPF_F_RDONLY_PROG;
	assert_error(&error, pin_find(&live, map, &args), EINVAL, "map_flags is 128, expected 0");
	for (u32 i = 0; i < ARRAY_SIZE(kernels_own); i++) {
		pinned.type = args.map.type = kernels_own[i];
		assert_true(pin_find(&live, map, &args) >= FIRST_FD);
	}
}

static int refused; /* the command that is, */
static int refusal; /* … and with which errno */

static long refuses(const struct call *call)
{
	return call->command == refused ? -refusal : has_pinned(call);
}

static void refuse(int command, int errnum)
{
	refused = command;
	refusal = errnum;
	kernel.answer = refuses;
}

static void what_may_not_be_found(void **state)
{
	struct bpf_map_create_args args;
	const struct map_spec *map;

	(void)state;
	open_object(MAPS);
	map = alone("pinned");
	args = (struct bpf_map_create_args){.map = *map};
	refuse(BPF_OBJ_GET, EPERM);
	assert_error(&error, pin_find(&live, map, &args), EPERM,
		"the map pinned at /sys/fs/bpf/pinned: cannot be opened; this process lacks CAP_BPF");
	refuse(BPF_OBJ_GET_INFO_BY_FD, EINVAL);
	assert_error(&error, pin_find(&live, map, &args), EINVAL, "pinned: the kernel says nothing about it");
}

static void what_cannot_be_kept(void **state)
{
	static const char lacks[] = "cannot be pinned at /sys/fs/bpf/pinned; this process lacks CAP_BPF";

	(void)state;
	open_object(MAPS);
	alone("pinned");
	refuse(BPF_OBJ_PIN, EPERM);
	assert_int_equal(pin_keep(&live, &object.maps[map_named("pinned")], FIRST_FD), 0); /* not asked for */
	assert_int_equal(kernel.count, 0);
	live.pins_maps = true;
	assert_error(&error, pin_keep(&live, &object.maps[map_named("pinned")], FIRST_FD), EPERM, lacks);
	put_file("/proc/self/mounts", "proc /proc proc rw 0 0\nbpf /sys/fs/bpf bpf rw,mode=700 0 0\n");
	assert_error(&error, pin_keep(&live, &object.maps[map_named("pinned")], FIRST_FD), EPERM, lacks);
	put_file("/proc/self/mounts", "proc /proc proc rw 0 0\n");
	assert_error(&error, pin_keep(&live, &object.maps[map_named("pinned")], FIRST_FD), EPERM,
		"cannot be pinned at /sys/fs/bpf/pinned; no BPF file system is mounted there: mount -t bpf");
	held_release(&held);
	assert_int_equal(kernel.unlinked, 0);
}

static bool appears; /* the map that somebody else has pinned in between */

static long is_pinned_in_between(const struct call *call)
{
	if (call->command == BPF_OBJ_PIN)
		return -EEXIST;
	return call->command == BPF_OBJ_GET && (!appears || count_of(BPF_OBJ_PIN) == 0) ? -ENOENT : has_pinned(call);
}

static void pinned_in_between(void **state)
{
	(void)state;
	open_object(MAPS);
	alone("pinned");
	live.pins_maps = true;
	pinned = (struct bpf_map_info){.type = BPF_MAP_TYPE_HASH, .key_size = 4, .value_size = 4, .max_entries = 16};
	kernel.answer = is_pinned_in_between;
	appears = true;
	assert_no_error(&error, load_maps(&live));
	assert_int_equal(open_fds(), 1); /* the one that is found; ours is closed */
	assert_int_equal(live.map_fds[map_named("pinned")], nth(BPF_OBJ_GET, 1)->result);
	appears = false;
	assert_error(&error, load_maps(&live), EEXIST, "cannot be found");
	assert_int_equal(open_fds(), 1);
	assert_int_equal(kernel.unlinked, 0);
}

/* A load that fails leaves nothing pinned; one that succeeds does. */
static void unpinned(void **state)
{
	(void)state;
	for (int stays = 0; stays < 2; stays++) {
		open_object(MAPS);
		alone("pinned");
		live.pins_maps = true;
		assert_no_error(&error, load_maps(&live));
		assert_int_equal(count_of(BPF_OBJ_PIN), 1);
		if (stays)
			assert_no_error(&error, load_prog_arrays(&live));
		held_release(&held);
		assert_int_equal(kernel.unlinked, !stays);
		start_over();
	}
}

int main(void)
{
	return RUN(EACH(pinned_maps), EACH(what_may_not_be_found), EACH(what_cannot_be_kept), EACH(pinned_in_between),
		EACH(unpinned));
}
