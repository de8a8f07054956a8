/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_load.c: maps and programs into a kernel that is made up: what it is asked, in which order, and what becomes of
 * each refusal. Kernels that are hard to come by can be had here: old ones, busy ones, those that change their minds.
 *
 * The functions of src/base/sys.c that stand here, too, are taken from here (tests/Makefile).
 */
#include <linux/capability.h>
#include <unistd.h>
#include "unit.h"
#include "base/memory.h"
#include "base/string.h"
#include "base/sys.h"
#include "kernel/bpf.h"
#include "kernel/hints.h"
#include "kernel/kconfig.h"
#include "kernel/load.h"
#include "kernel/pin.h"
#include "relocate/btf_cut.h"

#define KINDS FIXTURES "btf_kinds.bpf.o"
#define MAPS  FIXTURES "maps.bpf.o"

#define CAP(number) (1ULL << (number))

enum { FIRST_FD = 1000, CALLS_MAX = 200 };

struct call {
	int command;
	size_t size;
	union bpf_attr attr;
	long result;
	char name[BPF_OBJ_NAME_LEN]; /* that the map or program has */
};

static struct arena arena;
static struct error error;
static struct held held;
static struct kernel_btf kernel_btf;
static struct object object;
static struct live live;
static struct bytes file;

static struct {
	long (*answer)(const struct call *call); /* > 0: a new descriptor */
	struct call calls[CALLS_MAX];
	u32 count, closed, unlinked;
	bool is_open[CALLS_MAX];
	u64 blocked; /* signals */
	struct sys_rlimit64 limit;
	bool may_raise;
	u64 capabilities;
	struct {
		const char *path, *target; /* a file of its own, */
		const void *data;          /* … or what it holds */
		size_t size;
	} files[8];
	int file_count;
} kernel;

long sys_bpf(int command, void *attr, size_t size)
{
	struct call *call = &kernel.calls[kernel.count];

	assert_true(kernel.count < CALLS_MAX && size <= sizeof(call->attr));
	*call = (struct call){.command = command, .size = size};
	memcpy(&call->attr, attr, size);
	if (command == BPF_MAP_CREATE)
		memcpy(call->name, call->attr.map_name, sizeof(call->name));
	if (command == BPF_PROG_LOAD)
		memcpy(call->name, call->attr.prog_name, sizeof(call->name));
	call->result = kernel.answer(call);
	((union bpf_attr *)attr)->next_id = call->attr.next_id; /* what one command answers */
	if (call->result > 0) {
		kernel.is_open[kernel.count] = true;
		call->result = FIRST_FD + kernel.count;
	}
	return kernel.calls[kernel.count++].result;
}

int sys_close(int fd)
{
	if (fd < FIRST_FD)
		return close(fd);
	assert_true(kernel.is_open[fd - FIRST_FD]);
	kernel.is_open[fd - FIRST_FD] = false;
	kernel.closed++;
	return 0;
}

int sys_unlink(const char *path)
{
	assert_string_equal(path, "/sys/fs/bpf/pinned");
	kernel.unlinked++;
	return 0;
}

int sys_sigprocmask(int how, u64 set, u64 *old)
{
	if (old)
		*old = kernel.blocked;
	kernel.blocked = how == SIG_BLOCK ? kernel.blocked | set : set;
	return 0;
}

int sys_prlimit(int resource, const struct sys_rlimit64 *set, struct sys_rlimit64 *get)
{
	assert_int_equal(resource, RLIMIT_MEMLOCK);
	if (get)
		*get = kernel.limit;
	if (set && set->max > kernel.limit.max && !kernel.may_raise)
		return -EPERM;
	if (set)
		kernel.limit = *set;
	return 0;
}

int sys_capget(void *header, void *data)
{
	struct __user_cap_data_struct *words = data;

	(void)header;
	words[0].effective = (u32)kernel.capabilities;
	words[1].effective = (u32)(kernel.capabilities >> 32);
	return 0;
}

int sys_uname(struct new_utsname_fields *name)
{
	*name = (struct new_utsname_fields){.release = "5.4.0-test", .version = "#1 SMP"};
	return 0;
}

/* Which of the made-up files it is; -1: none, and there is no such file. */
static int file_at(const char *path)
{
	for (int i = 0; i < kernel.file_count; i++)
		if (!strcmp(path, kernel.files[i].path))
			return i;
	return -1;
}

int sys_access(const char *path)
{
	return file_at(path) < 0 ? -ENOENT : 0;
}

int sys_open(const char *path, int flags)
{
	char name[] = "/tmp/test_load-XXXXXX";
	int i = file_at(path), fd;

	if (i < 0)
		return -ENOENT;
	if (kernel.files[i].target)
		return sys_openat(AT_FDCWD, kernel.files[i].target, flags);
	fd = mkstemp(name);
	assert_true(fd >= 0 && !unlink(name));
	assert_int_equal(write(fd, kernel.files[i].data, kernel.files[i].size), kernel.files[i].size);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void put_file(const char *path, const char *text)
{
	int i = file_at(path);

	i = i < 0 ? kernel.file_count++ : i;
	assert_true(i < (int)ARRAY_SIZE(kernel.files));
	kernel.files[i].path = path;
	kernel.files[i].data = text;
	kernel.files[i].size = strlen(text);
}

static u32 open_fds(void)
{
	u32 count = 0;

	for (u32 i = 0; i < kernel.count; i++)
		count += kernel.is_open[i];
	return count;
}

/* The i-th call of a command, or NULL. */
static const struct call *nth(int command, u32 i)
{
	for (u32 k = 0; k < kernel.count; k++)
		if (kernel.calls[k].command == command && !i--)
			return &kernel.calls[k];
	return NULL;
}

static u32 count_of(int command)
{
	u32 count = 0;

	while (nth(command, count))
		count++;
	return count;
}

static bool makes_fd(const struct call *call)
{
	return call->command == BPF_MAP_CREATE || call->command == BPF_PROG_LOAD || call->command == BPF_BTF_LOAD;
}

/* A kernel that agrees to all, and has nothing pinned. */
static long agrees(const struct call *call)
{
	return call->command == BPF_OBJ_GET ? -ENOENT : makes_fd(call);
}

static int set_up(void **state)
{
	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	kernel.answer = agrees;
	kernel.may_raise = true;
	kernel.limit = (struct sys_rlimit64){65536, 65536};
	held = (struct held){.arena = &arena};
	kernel_btf = (struct kernel_btf){.arena = &arena, .error = &error, .held = &held};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	held_release(&held);
	bytes_free(file);
	file = (struct bytes){0};
	arena_release(&arena);
	error_clear(&error);
	return arena_live() || open_fds() ? -1 : 0;
}

static void start_over(void)
{
	assert_int_equal(tear_down(NULL), 0);
	set_up(NULL);
}

static void open_object(const char *path)
{
	file = read_whole(path);
	assert_no_error(&error, object_open(&arena, &error, "x.bpf.o", file, &object));
	assert_no_error(&error, live_init(&live, &arena, &error, &held, &kernel_btf, &object));
	/* What these need of the kernel's types is for machines that have some. */
	for (u32 i = 0; i < object.map_count; i++)
		object.maps[i].autocreate &= object.maps[i].origin != MAP_FROM_OPS;
}

static u32 map_named(const char *name)
{
	int i = object_find_map(&object, name);

	assert_true(i >= 0);
	return (u32)i;
}

/* Only this map is there. */
static const struct map_spec *alone(const char *name)
{
	u32 i = map_named(name);

	for (u32 k = 0; k < object.map_count; k++)
		object.maps[k].autocreate &= k == i;
	return &object.maps[i];
}

/* --- One call ------------------------------------------------------------------------------------------------ */

static u32 attempts;

static long busy(const struct call *call)
{
	(void)call;
	attempts++;
	assert_true(attempts == 1 || kernel.blocked == U64_MAX);
	return attempts == 4 ? 1 : -EAGAIN;
}

static long always_busy(const struct call *call)
{
	(void)call;
	return -EAGAIN;
}

static long always_invalid(const struct call *call)
{
	(void)call;
	return -EINVAL;
}

static const struct bpf_map_create_args array = {
	.map = {.type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1}};

/* Whatever interrupted the verifier is held off, and comes after it. */
static void interrupted(void **state)
{
	(void)state;
	kernel.blocked = 4;
	kernel.answer = busy;
	attempts = 0;
	sys_close(bpf_map_create(&array));
	assert_int_equal(kernel.count, 4);
	assert_int_equal(kernel.blocked, 4);
	assert_memory_equal(&kernel.calls[3].attr, &kernel.calls[0].attr, sizeof(union bpf_attr));
	kernel.answer = always_busy;
	assert_int_equal(bpf_map_create(&array), -EAGAIN);
	assert_int_equal(kernel.count, 4 + 5);
	assert_int_equal(kernel.blocked, 4);
}

static long counts_memory(const struct call *call)
{
	(void)call;
	return kernel.limit.cur == ~0ULL ? 1 : -EPERM;
}

static long forbids(const struct call *call)
{
	(void)call;
	return -EPERM;
}

static void locked_memory(void **state)
{
	(void)state;
	kernel.answer = counts_memory;
	sys_close(bpf_map_create(&array));
	assert_int_equal(kernel.count, 2);
	assert_true(kernel.limit.cur == ~0ULL && kernel.limit.max == ~0ULL);
	/* It is not the limit. */
	kernel.answer = forbids;
	assert_int_equal(bpf_map_create(&array), -EPERM);
	assert_int_equal(kernel.count, 3);
	kernel.limit = (struct sys_rlimit64){65536, 65536};
	kernel.may_raise = false;
	assert_int_equal(bpf_map_create(&array), -EPERM);
	assert_int_equal(kernel.count, 4);
}

static void map_attributes(void **state)
{
	struct bpf_map_create_args args = {.map = {.type = 1,
						   .key_size = 2,
						   .value_size = 3,
						   .max_entries = 4,
						   .map_flags = 5,
						   .numa_node = 6,
						   .map_extra = 7ULL << 32 | 8,
						   .btf_key_type_id = 9,
						   .btf_value_type_id = 10,
						   .name = "a-b.c_Defghijklmn"},
		.btf_fd = 11,
		.inner_map_fd = 12,
		.vmlinux_value_type_id = 13,
		.vmlinux_value_type_fd = 14};
	const union bpf_attr *attr = &kernel.calls[0].attr;
	s32 type_fd;

	(void)state;
	sys_close(bpf_map_create(&args));
	assert_true(attr->map_type == 1 && attr->key_size == 2 && attr->value_size == 3 && attr->max_entries == 4 &&
		    attr->map_flags == 5 && attr->numa_node == 6 && attr->map_extra == (7ULL << 32 | 8) &&
		    attr->btf_key_type_id == 9 && attr->btf_value_type_id == 10 && attr->btf_fd == 11 &&
		    attr->inner_map_fd == 12 && attr->btf_vmlinux_value_type_id == 13);
	memcpy(&type_fd, &attr->map_extra + 1, sizeof(type_fd));
	assert_int_equal(type_fd, 14);
	assert_string_equal(attr->map_name, "a_b.c_Defghijkl");
	/* Types of no BTF are none, and what follows the last word in use is not passed. */
	args.btf_fd = args.vmlinux_value_type_fd = 0;
	args.vmlinux_value_type_id = 0;
	args.map.map_extra = 0;
	sys_close(bpf_map_create(&args));
	attr = &kernel.calls[1].attr;
	assert_true(!attr->btf_fd && !attr->btf_key_type_id && !attr->btf_value_type_id);
	assert_int_equal(kernel.calls[1].size, offsetof(union bpf_attr, map_name) + BPF_OBJ_NAME_LEN);
}

/* --- Maps ---------------------------------------------------------------------------------------------------- */

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
	live.prog_fds[object_find_prog(&object, "second") - object.progs] = FIRST_FD;
	assert_no_error(&error, load_prog_arrays(&live));
	assert_int_equal(count_of(BPF_MAP_UPDATE_ELEM), updates + 1);
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

/* --- Pinning ------------------------------------------------------------------------------------------------- */

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

/* The one program of KINDS. */
static u32 program(void)
{
	return (u32)(object_find_prog(&object, "program") - object.progs);
}

/* --- Types and programs -------------------------------------------------------------------------------------- */

/* Knows all features but the second, which is sections. */
static long wants_types_cut(const struct call *call)
{
	u32 i = count_of(BPF_BTF_LOAD);
	struct bytes blob;

	if (i < 9)
		return i == 0 || i == 2 ? -EINVAL : 1;
	assert_no_error(&error, btf_cut(&arena, &error, &object.btf, BTF_HAS_ALL & ~BTF_HAS_DATASEC, &blob));
	assert_int_equal(call->attr.btf_size, blob.size);
	assert_memory_equal((void *)(uintptr_t)call->attr.btf, blob.data, blob.size);
	return 1;
}

static long knows_no_types(const struct call *call)
{
	return call->command == BPF_BTF_LOAD ? -EINVAL : agrees(call);
}

static void types_cut(void **state)
{
	(void)state;
	open_object(KINDS);
	kernel.answer = wants_types_cut;
	assert_no_error(&error, load_btf(&live));
	/* All of it, a probe for each feature, and the rest. Probes are closed. */
	assert_int_equal(kernel.count, 1 + 8 + 1);
	assert_int_equal(live.btf_fd, kernel.calls[9].result);
	assert_int_equal(open_fds(), 1);
}

static void no_types(void **state)
{
	struct verdict verdict;

	(void)state;
	open_object(KINDS);
	kernel.answer = knows_no_types;
	assert_no_error(&error, load_btf(&live));
	assert_int_equal(live.btf_fd, 0);
	assert_no_error(&error, load_maps(&live));
	assert_no_error(&error, load_program(&live, program(), &verdict));
	assert_int_equal(nth(BPF_PROG_LOAD, 0)->attr.func_info_cnt, 0);
	assert_int_equal(nth(BPF_PROG_LOAD, 0)->attr.line_info_rec_size, 0);
	/* Who may load nothing need not ask what there is. */
	start_over();
	open_object(KINDS);
	kernel.answer = forbids;
	kernel.limit.cur = ~0ULL;
	assert_no_error(&error, load_btf(&live));
	assert_int_equal(kernel.count, 1);
}

static u32 ready_program(void)
{
	open_object(KINDS);
	assert_no_error(&error, load_maps(&live));
	return program();
}

static const char *log_text;
static long log_errno;

/* Has more to say than 1 MiB. What it refuses without a log it may refuse with one for another reason. */
static long says_much(const struct call *call)
{
	if (call->command != BPF_PROG_LOAD)
		return agrees(call);
	if (!call->attr.log_level)
		return -EACCES;
	if (call->attr.log_size <= 1 << 20)
		return -ENOSPC;
	strcpy((char *)(uintptr_t)call->attr.log_buf, log_text);
	return log_errno;
}

static void logs(void **state)
{
	struct verdict verdict;
	u32 index = ready_program();

	(void)state;
	kernel.answer = says_much;
	log_text = "0: (b7) r0 = 0\nit has no end\nprocessed 1 insns\n";
	log_errno = -ENOSPC; /* there is no end of it */
	assert_error(&error, load_program(&live, index, &verdict), EACCES, "it has no end");
	assert_int_equal(count_of(BPF_PROG_LOAD), 3);
	assert_int_equal(nth(BPF_PROG_LOAD, 2)->attr.log_size, 256 << 20);
	log_text = "0: (b7) r0 = 0\nit has no reason\nverification time 3 usec\nstack depth 0\nprocessed 1 insns\n";
	log_errno = -EINVAL;
	assert_error(&error, load_program(&live, index, &verdict), EACCES, "(b7) r0 = 0\n    it has no reason");
	assert_string_equal(verdict.log, log_text);
	/* An instruction that the program has not is not looked for in it. */
	log_text = "99999: (b7) r0 = 0\nodd\n";
	assert_error(&error, load_program(&live, index, &verdict), EACCES, "rejected by the verifier\n    odd");
	log_text = "";
	assert_error(&error, load_program(&live, index, &verdict), EACCES, "without a word");
	assert_null(verdict.log);
	/* Since 6.13 that there is a reference is told after which one it is. */
	log_text = "Unreleased reference id=1 alloc_insn=3\nBPF_EXIT would lead to reference leak\n";
	assert_error(&error, load_program(&live, index, &verdict), EACCES, "verifier\n    Unreleased reference id=1");
	/* What was in the way has gone. */
	log_errno = 1;
	assert_no_error(&error, load_program(&live, index, &verdict));
}

static long refuses_too_long(const struct call *call)
{
	return call->command == BPF_PROG_LOAD ? -E2BIG : agrees(call);
}

static long tells_leaks_to_few(const struct call *call)
{
	if (call->attr.log_level)
		strcpy((char *)(uintptr_t)call->attr.log_buf, "R0 leaks addr\n");
	return -EPERM;
}

/* Which capability is missing goes by the type of program. */
static void programs_without_privilege(void **state)
{
	struct verdict verdict;
	u32 index = ready_program();
	struct hook hook = *object.progs[index].hook;

	(void)state;
	kernel.limit.cur = ~0ULL;
	object.progs[index].hook = &hook;
	kernel.answer = forbids;
	assert_error(&error, load_program(&live, index, &verdict), EPERM, "lacks CAP_BPF and CAP_NET_ADMIN;");
	hook.prog_type = BPF_PROG_TYPE_LSM;
	assert_error(&error, load_program(&live, index, &verdict), EPERM, "lacks CAP_BPF and CAP_PERFMON;");
	kernel.answer = tells_leaks_to_few;
	assert_error(&error, load_program(&live, index, &verdict), EPERM, "R0 leaks addr; this process lacks CAP_BPF");
}

static long binds_none(const struct call *call)
{
	return call->command == BPF_PROG_BIND_MAP ? -EINVAL : agrees(call);
}

static void programs(void **state)
{
	struct verdict verdict;
	u32 index = ready_program();
	const struct call *call;

	(void)state;
	object.version = 0x60102;
	assert_no_error(&error, load_program(&live, index, &verdict));
	call = nth(BPF_PROG_LOAD, 0);
	assert_string_equal(call->name, "program");
	assert_int_equal(call->attr.kern_version, 0x60102);
	assert_true(call->attr.fd_array == 0 && call->attr.log_level == 0);
	/* Constants go with it, and nothing else does. */
	assert_int_equal(count_of(BPF_PROG_BIND_MAP), 1);
	call = nth(BPF_PROG_BIND_MAP, 0);
	assert_int_equal(call->attr.prog_bind_map.map_fd, live.map_fds[map_named(".rodata")]);
	assert_int_equal(call->attr.prog_bind_map.prog_fd, live.prog_fds[index]);
	kernel.answer = binds_none; /* before 5.10 */
	assert_no_error(&error, load_program(&live, index, &verdict));
	kernel.answer = refuses_too_long;
	assert_error(&error, load_program(&live, index, &verdict), E2BIG, "without a word");
}

/* --- Causes -------------------------------------------------------------------------------------------------- */

#define BPF     39
#define PERFMON 38

/* The hint for a refusal; "" if there is none. */
static const char *hint_for(int errnum, enum attempt attempt)
{
	static char hint[300];

	error_clear(&error);
	error_set(&error, errnum, "no");
	assert_int_equal(hint_cause(&error, attempt), -errnum);
	assert_int_equal(open_fds(), 0);
	strcpy(hint, error.message + strlen("no"));
	error_clear(&error);
	return hint;
}

static void causes(void **state)
{
	(void)state;
	assert_string_equal(hint_for(EPERM, TRIED_BPF), "; this process lacks CAP_BPF and CAP_PERFMON; try as root");
	assert_string_equal(hint_for(EACCES, TRIED_NET), "; this process lacks CAP_BPF and CAP_NET_ADMIN; try as root");
	kernel.capabilities = CAP(BPF);
	assert_string_equal(hint_for(EPERM, TRIED_BPF), "; this process lacks CAP_PERFMON; try as root");
	kernel.capabilities = CAP(PERFMON) | CAP(CAP_NET_ADMIN);
	assert_string_equal(hint_for(EPERM, TRIED_NET), "; this process lacks CAP_BPF; try as root");
	kernel.capabilities = CAP(CAP_SYS_ADMIN);
	kernel.limit.cur = ~0ULL;
	assert_string_equal(hint_for(EPERM, TRIED_NET), ""); /* without /proc nobody knows */
	put_file("/proc/self/uid_map", "         0       1000          1\n");
	assert_string_equal(hint_for(EPERM, TRIED_BPF), "; this process is root only within a user namespace");
	put_file("/proc/self/uid_map", "         0          0 4294967295\n");
	assert_string_equal(hint_for(EPERM, TRIED_BPF), "");
	put_file("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	assert_string_equal(hint_for(EPERM, TRIED_BPF), "");
	put_file("/sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
	assert_non_null(strstr(hint_for(EPERM, TRIED_BPF), "the kernel is locked down"));
	assert_string_equal(hint_for(ENOSYS, TRIED_BPF), "; this kernel was built without CONFIG_BPF_SYSCALL");
	assert_string_equal(hint_for(ENOSYS, TRIED_PERF), "");
	assert_non_null(strstr(hint_for(EMFILE, TRIED_PERF), "too many descriptors"));
	assert_non_null(strstr(hint_for(ENFILE, TRIED_BPF), "too many descriptors"));
}

static void limit_as_cause(void **state)
{
	(void)state;
	kernel.capabilities = CAP(CAP_SYS_ADMIN);
	kernel.may_raise = false;
	assert_string_equal(hint_for(EPERM, TRIED_BPF), ""); /* this kernel does not count */
	kernel.answer = counts_memory;
	assert_string_equal(hint_for(EPERM, TRIED_NET),
		"; RLIMIT_MEMLOCK is 65536 bytes, and could not be raised (CAP_SYS_RESOURCE)");
	assert_true(kernel.limit.cur == 65536 && kernel.limit.max == 65536);
	assert_string_equal(hint_for(EACCES, TRIED_BPF), "");
	assert_string_equal(hint_for(EPERM, TRIED_PERF), "");
}

static void paranoia_as_cause(void **state)
{
	(void)state;
	kernel.capabilities = CAP(BPF) | CAP(PERFMON);
	put_file("/proc/sys/kernel/perf_event_paranoid", "3\n");
	assert_string_equal(hint_for(EACCES, TRIED_PERF), "; /proc/sys/kernel/perf_event_paranoid is 3");
	assert_string_equal(hint_for(EACCES, TRIED_TRACEFS), "");
	kernel.capabilities = CAP(CAP_SYS_ADMIN);
	assert_string_equal(hint_for(EACCES, TRIED_PERF), "");
	kernel.capabilities = CAP(BPF) | CAP(PERFMON);
	put_file("/proc/sys/kernel/perf_event_paranoid", "2\n");
	assert_string_equal(hint_for(EACCES, TRIED_PERF), "");
}

/* --- Externs ------------------------------------------------------------------------------------------------- */

/* CONFIG_BPF=y, CONFIG_CC_VERSION_TEXT="clang", CONFIG_BPF=n */
static const char config_gz[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x73\xf6\xf7\x73\xf3\x74\x8f\x77\x0a\x70\xb3"
				"\xad\xe4\x72\x86\x70\x9c\x9d\xe3\xc3\x5c\x83\x82\x3d\xfd\xfd\xe2\x43\x5c\x23\x42\x6c"
				"\x95\x92\x73\x12\xf3\xd2\x95\x60\xd2\x20\xb5\x79\x00\xee\x82\x55\xd6\x38\x00\x00\x00";

/* As if nothing had been asked yet. */
static void forget_values(void)
{
	memset(live.externs, 0, object.extern_count * sizeof(*live.externs));
}

static const u8 *value_of(const char *name)
{
	int i = object_find_extern(&object, name, strlen(name));

	assert_true(i >= 0);
	return object.maps[object.kconfig_map].initial + object.externs[i].offset;
}

static u32 version(void)
{
	u32 number;

	memcpy(&number, value_of("LINUX_KERNEL_VERSION"), sizeof(number));
	return number;
}

static void configuration(void **state)
{
	(void)state;
	for (int times = 0; times < 2; times++) { /* of several objects each reads it anew */
		open_object(KINDS);
		put_file("/proc/config.gz", "");
		kernel.files[0].data = config_gz;
		kernel.files[0].size = sizeof(config_gz) - 1;
		assert_no_error(&error, kconfig_resolve(&error, &object, live.externs));
		assert_int_equal(*value_of("CONFIG_BPF"), 1);
		assert_string_equal((const char *)value_of("CONFIG_CC_VERSION_TEXT"), "clang");
		assert_int_equal(version(), 5 << 16 | 4 << 8);
		start_over();
	}
	open_object(KINDS);
	put_file("/proc/config.gz", "no gzip");
	put_file("/proc/version_signature", "Ubuntu 5.15.0-107.117-generic 5.15.149\n");
	assert_no_error(&error, kconfig_resolve(&error, &object, live.externs)); /* what is left is weak */
	assert_int_equal(version(), 5 << 16 | 15 << 8 | 149);
	object.externs[object_find_extern(&object, "CONFIG_BPF", 10)].is_weak = false;
	forget_values();
	assert_error(&error, kconfig_resolve(&error, &object, live.externs), ENOENT,
		"CONFIG_BPF has no value in /boot/config-5.4.0-test or /proc/config.gz, which cannot be read");
	/* The file beside the kernel goes first, and is all there is. */
	put_file("/boot/config-5.4.0-test", "CONFIG_BPF=m\n");
	forget_values();
	assert_error(&error, kconfig_resolve(&error, &object, live.externs), EINVAL, "its value is m, expected y or n");
	put_file("/proc/config.gz", "");
	kernel.files[0].data = config_gz;
	kernel.files[0].size = sizeof(config_gz) - 1;
	put_file("/boot/config-5.4.0-test", "CONFIG_X=y\n");
	forget_values();
	assert_error(
		&error, kconfig_resolve(&error, &object, live.externs), ENOENT, "no value in /boot/config-5.4.0-test");
}

/* Where its probes can be had, and for which process is asked first (6.6), and a process of -1 is none (6.9). */
static long links[2];

static long links_uprobes(const struct call *call)
{
	return call->command == BPF_LINK_CREATE ? links[count_of(BPF_LINK_CREATE)] : agrees(call);
}

static void one_link_to_many(void **state)
{
	static const struct {
		long links[2];
		int has;
	} cases[] = {{{-EBADF, -EINVAL}, 1}, {{-EINVAL, -EINVAL}, 0}, {{-EBADF, -ESRCH}, 0}};

	(void)state;
	kernel.answer = links_uprobes;
	for (u32 i = 0; i < ARRAY_SIZE(cases); i++) {
		int child, status; /* for the answer is kept */

		memcpy(links, cases[i].links, sizeof(links));
		child = fork();
		if (!child)
			_exit(bpf_has_uprobe_multi() + 2 * (int)open_fds());
		assert_int_equal(sys_wait(child, &status, 0), child);
		assert_int_equal(status, cases[i].has << 8);
	}
}

/* A kernel with modules `one` and `two`, a BTF object that went away, and one that is no kernel's. */
static struct btf_blob {
	struct btf_header header;
	u32 type[3];
	char strings[16];
} module_types = {{0xeb9f, 1, 0, 24, 0, 12, 12, 11}, {0, 4u << 24, 0}, "\0only_here"};
static const struct {
	const char *name;
	bool is_kernels;
} btf_objects[] = {{"vmlinux", true}, {"one", true}, {NULL, true}, {"two", true}, {"", false}};
static bool tells_names;

static long has_modules(const struct call *call)
{
	struct bpf_btf_info *info = (void *)(uintptr_t)call->attr.info.info;
	u32 id = call->attr.start_id;

	if (call->command == BPF_BTF_GET_NEXT_ID) {
		*(u32 *)&((union bpf_attr *)(uintptr_t)&call->attr)->next_id = id + 1;
		return id < ARRAY_SIZE(btf_objects) ? 0 : -ENOENT;
	}
	if (call->command == BPF_BTF_GET_FD_BY_ID)
		return btf_objects[id - 1].name ? 1 : -ENOENT;
	if (call->command != BPF_OBJ_GET_INFO_BY_FD)
		return agrees(call);
	if (!tells_names)
		return -E2BIG;
	for (u32 i = 0; i < kernel.count; i++)
		if (kernel.calls[i].result == (long)call->attr.info.bpf_fd)
			id = kernel.calls[i].attr.btf_id - 1;
	if (info->name_len <= strlen(btf_objects[id].name))
		return -ENOSPC;
	strcpy((char *)(uintptr_t)info->name, btf_objects[id].name);
	info->name_len = (u32)strlen(btf_objects[id].name);
	info->kernel_btf = btf_objects[id].is_kernels;
	if (info->btf && info->btf_size == sizeof(module_types))
		memcpy((void *)(uintptr_t)info->btf, &module_types, sizeof(module_types));
	info->btf_size = sizeof(module_types);
	return 0;
}

static void modules(void **state)
{
	struct kernel_btf_part *part;

	(void)state;
	put_file("/boot/vmlinux-5.4.0-test", "broken"); /* the next place has good ones */
	put_file("/usr/lib/debug/boot/vmlinux-5.4.0-test", "");
	kernel.files[1].target = FIXTURES "externs_kernel.bpf.o";
	kernel.answer = has_modules;
	tells_names = true;
	part = kernel_btf_part(&kernel_btf, 0);
	assert_no_error(&error, !part);
	assert_string_equal(part->name, "vmlinux");
	assert_int_equal(kernel.count, 0);
	module_types.type[0] = part->view.strings_len + 1;
	part = kernel_btf_part(&kernel_btf, 1);
	assert_no_error(&error, !part);
	assert_string_equal(part->name, "one");
	assert_string_equal(kernel_btf_part(&kernel_btf, 2)->name, "two");
	assert_null(kernel_btf_part(&kernel_btf, 3));
	assert_no_error(&error, 0);
	assert_int_equal(open_fds(), 2);
	assert_true(kernel.is_open[part->fd - FIRST_FD]);
}

/* Before 5.11 there are none. */
static void nameless_modules(void **state)
{
	(void)state;
	put_file("/sys/kernel/btf/vmlinux", "");
	kernel.files[0].target = FIXTURES "externs_kernel.bpf.o";
	kernel.answer = has_modules;
	tells_names = false;
	assert_null(kernel_btf_part(&kernel_btf, 1));
	assert_no_error(&error, 0);
	assert_int_equal(open_fds(), 0);
	kernel.count = 0;
	assert_null(kernel_btf_part(&kernel_btf, 1));
	assert_int_equal(kernel.count, 0); /* once is enough */
	/* A file that somebody names is to be good, needed or not. */
	open_object(KINDS);
	kernel_btf.path = "/there/is/none";
	assert_error(&error, live_init(&live, &arena, &error, &held, &kernel_btf, &object), ENOENT, "/there/is/none");
}

static void addresses(void **state)
{
	u32 i, function;

	(void)state;
	open_object(KINDS);
	i = (u32)object_find_extern(&object, "bpf_prog_active", 15);
	for (u32 k = 0; k < object.extern_count; k++)
		object.externs[k].is_weak = k != i;
	put_file("/boot/config-5.4.0-test", "");
	put_file("/proc/kallsyms", "c100 T kernel_function\nc200 D bpf_prog_active\nc200 d bpf_prog_active\t[m]\n");
	live.wanted.externs[i].query = NULL;
	assert_no_error(&error, load_externs(&live));
	assert_true(live.externs[i].state == EXTERN_ADDRESS && live.externs[i].address == 0xc200);
	/* A function's address is of no use for a call. */
	assert_int_equal(live.externs[object_find_extern(&object, "kernel_function", 15)].state, EXTERN_ABSENT);
	put_file("/proc/kallsyms", "c100 T kernel_function\nc200 D bpf_prog_active\nc300 d bpf_prog_active\t[m]\n");
	assert_error(&error, load_externs(&live), EINVAL, "two symbols of that name");
	forget_values();
	put_file("/proc/kallsyms", "0 T kernel_function\n0 D bpf_prog_active\n");
	assert_error(&error, load_externs(&live), EPERM, "shows no addresses (kernel.kptr_restrict)");
	object.externs[i].is_weak = true;
	assert_no_error(&error, load_externs(&live));
	assert_int_equal(live.externs[i].state, EXTERN_ABSENT);
	assert_int_equal(live.externs[object_find_extern(&object, "LINUX_KERNEL_VERSION", 20)].state, EXTERN_VALUE);
	/* One that is known by its type has no need of an address. */
	function = (u32)object_find_extern(&object, "kernel_function", 15);
	object.externs[function].is_weak = false;
	assert_error(&error, load_externs(&live), ENOENT, "extern 'kernel_function'");
	object.externs[function].is_weak = true;
	/* Of one that BTF does not know, whoever refers to it is told. */
	object.externs[i].is_weak = false;
	object.externs[i].kind = EXTERN_UNKNOWN;
	assert_no_error(&error, load_externs(&live));
}

#define EACH(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	return RUN(EACH(interrupted), EACH(locked_memory), EACH(map_attributes), EACH(old_kernels),
		EACH(kernels_without_names), EACH(data_names), EACH(sizes), EACH(empty_slots), EACH(refused_maps),
		EACH(maps_of_maps), EACH(pinned_maps), EACH(pinned_in_between), EACH(unpinned), EACH(types_cut),
		EACH(no_types), EACH(logs), EACH(programs), EACH(programs_without_privilege), EACH(causes),
		EACH(limit_as_cause), EACH(paranoia_as_cause), EACH(configuration), EACH(one_link_to_many),
		EACH(modules), EACH(nameless_modules), EACH(addresses));
}
