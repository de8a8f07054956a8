/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * made_up_kernel.c: the kernel of made_up_kernel.h: what it is asked by, how it answers, and what is loaded into it.
 */
#include <errno.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "made_up_kernel.h"
#include "base/memory.h"
#include "base/string.h"

struct made_up_kernel kernel;
struct arena arena;
struct error error;
struct held held;
struct kernel_btf kernel_btf;
struct object object;
struct live live;

static struct bytes file; /* the object's */

static struct {
	const char *path, *original; /* a file of its own, */
	const void *data;            /* … or what it holds */
	size_t size;
} files[10];
static int file_count;

/* --- What the loader asks by: src/base/sys.h ------------------------------------------------------------------ */

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
	if (fd < FIRST_FD) {
		assert_true(fd < 0 || fd > 2);
		kernel.files -= fd >= 0;
		return close(fd);
	}
	assert_true(kernel.is_open[fd - FIRST_FD]);
	kernel.is_open[fd - FIRST_FD] = false;
	return 0;
}

/* What lies in a map is memory like any other here. */
void *sys_mmap(void *where, size_t len, int prot, int flags, int fd, u64 offset)
{
	bool is_map = fd >= FIRST_FD;
	long address;

	if (kernel.maps_no_files && !is_map)
		return (void *)-ENODEV;
	address = syscall(SYS_mmap, where, len, prot, is_map ? flags | MAP_ANONYMOUS : flags, is_map ? -1 : fd, offset);
	if (address == -1)
		return (void *)(long)-errno;
	kernel.mapped += len;
	return (void *)address;
}

int sys_munmap(void *where, size_t len)
{
	kernel.mapped -= len;
	return (int)syscall(SYS_munmap, where, len);
}

int sys_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)
{
	assert_string_equal(source, type);
	assert_true(*target && !flags && !data);
	kernel.mounts += kernel.may_mount;
	return kernel.may_mount ? 0 : -EPERM;
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
	*name = (struct new_utsname_fields){.release = "5.4.0-test"};
	strcpy(name->version, kernel.version);
	return 0;
}

/* Which of the made-up files it is; -1: none, and there is no such file. */
static int file_at(const char *path)
{
	for (int i = 0; i < file_count; i++)
		if (!strcmp(path, files[i].path))
			return i;
	return -1;
}

int sys_access(const char *path)
{
	return file_at(path) < 0 ? -ENOENT : 0;
}

int sys_open(const char *path, int flags)
{
	char name[] = "/tmp/made_up_kernel-XXXXXX";
	int i = file_at(path), fd;

	if (i < 0)
		return -ENOENT;
	if (files[i].original) {
		fd = sys_openat(AT_FDCWD, files[i].original, flags);
		kernel.files += fd >= 0;
		return fd;
	}
	fd = mkstemp(name);
	assert_true(fd >= 0 && !unlink(name));
	kernel.files++;
	assert_int_equal(write(fd, files[i].data, files[i].size), files[i].size);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void put(const char *path, const char *original, const void *data, size_t size)
{
	int i = file_at(path);

	i = i < 0 ? file_count++ : i;
	assert_true(i < (int)ARRAY_SIZE(files));
	files[i].path = path;
	files[i].original = original;
	files[i].data = data;
	files[i].size = size;
}

void put_file(const char *path, const char *text)
{
	put(path, NULL, text, strlen(text));
}

void put_bytes(const char *path, const void *data, size_t size)
{
	put(path, NULL, data, size);
}

void put_copy(const char *path, const char *original)
{
	put(path, original, NULL, 0);
}

/* --- How it answers, and what it was asked -------------------------------------------------------------------- */

static bool makes_fd(const struct call *call)
{
	return call->command == BPF_MAP_CREATE || call->command == BPF_PROG_LOAD || call->command == BPF_BTF_LOAD;
}

long agrees(const struct call *call)
{
	if (call->command == BPF_OBJ_GET || call->command == BPF_BTF_GET_NEXT_ID)
		return -ENOENT;
	return makes_fd(call);
}

long forbids(const struct call *call)
{
	(void)call;
	return -EPERM;
}

long counts_memory(const struct call *call)
{
	(void)call;
	return kernel.limit.cur == ~0ULL ? 1 : -EPERM;
}

u32 open_fds(void)
{
	u32 count = 0;

	for (u32 i = 0; i < kernel.count; i++)
		count += kernel.is_open[i];
	return count;
}

const struct call *nth(int command, u32 i)
{
	for (u32 k = 0; k < kernel.count; k++)
		if (kernel.calls[k].command == command && !i--)
			return &kernel.calls[k];
	return NULL;
}

u32 count_of(int command)
{
	u32 count = 0;

	while (nth(command, count))
		count++;
	return count;
}

/* --- What is loaded into it ---------------------------------------------------------------------------------- */

int set_up(void **state)
{
	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	file_count = 0;
	kernel.answer = agrees;
	kernel.may_raise = true;
	kernel.version = "#1 SMP";
	kernel.limit = (struct sys_rlimit64){65536, 65536};
	held = (struct held){.arena = &arena};
	kernel_btf = (struct kernel_btf){.arena = &arena, .error = &error, .held = &held};
	return 0;
}

int tear_down(void **state)
{
	(void)state;
	held_release(&held);
	bytes_free(file);
	file = (struct bytes){0};
	arena_release(&arena);
	error_clear(&error);
	return arena_live() || open_fds() || kernel.mapped || kernel.files ? -1 : 0;
}

void start_over(void)
{
	assert_int_equal(tear_down(NULL), 0);
	set_up(NULL);
}

void open_object(const char *path)
{
	file = read_whole(path);
	assert_no_error(&error, object_open(&arena, &error, "x.bpf.o", file, &object));
	assert_no_error(&error, live_init(&live, &arena, &error, &held, &kernel_btf, &object));
	/* What these need of the kernel's types is for machines that have some. */
	for (u32 i = 0; i < object.map_count; i++)
		object.maps[i].autocreate &= object.maps[i].origin != MAP_FROM_OPS;
}

void put_types(const char *fixture)
{
	put_copy("/boot/vmlinux-5.4.0-test", fixture);
}

int put_module(const char *fixture)
{
	struct kernel_btf_part *last = kernel_btf_part(&kernel_btf, 0);
	struct kernel_btf_part *module = arena_alloc(&arena, sizeof(*module));

	assert_no_error(&error, !last || !module);
	put_copy(fixture, fixture);
	assert_no_error(&error, kernel_btf_open(&held, &error, fixture, &module->view));
	while (last->next)
		last = last->next;
	last->next = module;
	module->name = fixture;
	module->fd = last->fd + 100;
	kernel_btf.has_modules = true;
	return module->fd;
}

u32 map_named(const char *name)
{
	int i = object_find_map(&object, name);

	assert_true(i >= 0);
	return (u32)i;
}

u32 prog_named(const char *name)
{
	const struct prog_spec *prog = object_find_prog(&object, name);

	assert_non_null(prog);
	return (u32)(prog - object.progs);
}

const struct map_spec *alone(const char *name)
{
	u32 i = map_named(name);

	for (u32 k = 0; k < object.map_count; k++)
		object.maps[k].autocreate &= k == i;
	return &object.maps[i];
}
