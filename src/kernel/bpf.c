/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * bpf.c: bpf(2), one function a command. See bpf.h.
 */
#include <linux/errno.h>
#include <linux/perf_event.h>
#include "base/error.h"
#include "base/memory.h"
#include "base/string.h"
#include "base/sys.h"
#include "bpf_insn.h"
#include "kernel/bpf.h"
#include "kernel/call.h"
#include "object/hooks.h"

#define EAGAIN_ATTEMPTS 5 /* libbpf's PROG_LOAD_ATTEMPTS */

#define WORD(name, member, at, good)                                                                           \
	{                                                                                                      \
		name, offsetof(struct map_spec, member) + at, offsetof(struct bpf_map_info, member) + at, good \
	}
/* clang-format off */
const struct map_word map_words[MAP_WORDS] = {
	WORD("map_flags", map_flags, 0, 0), WORD("map_flags", map_flags, 0, BPF_F_NO_PREALLOC),
	WORD("max_entries", max_entries, 0, 1),
	WORD("key_size", key_size, 0, 4), WORD("value_size", value_size, 0, 8),
	WORD("type", type, 0, 0), WORD("map_extra", map_extra, 0, 0), WORD("map_extra>>32", map_extra, 4, 0),
};
/* clang-format on */

/* What the call at hand asks: all zero before one of the functions below fills in what it uses, and after ask(). */
static union bpf_attr attr;
static u32 next_id; /* what the kernel wrote into it, for the one command that answers so */

/* True if the limit on locked memory was too low and is not any more. */
static bool raise_memlock_limit(void)
{
	static const struct sys_rlimit64 unlimited = {~0ULL, ~0ULL};
	struct sys_rlimit64 now;

	if (sys_prlimit(RLIMIT_MEMLOCK, NULL, &now) || now.cur == ~0ULL)
		return false;
	return kernel_report(sys_prlimit(RLIMIT_MEMLOCK, &unlimited, NULL),
		       "setrlimit(RLIMIT_MEMLOCK, unlimited), was %llu", now.cur) == 0;
}

/* The bytes of `attr` up to and with the last one that is used, in whole words. */
static size_t attr_size(void)
{
	size_t size = sizeof(attr);

	while (size && !((const u8 *)&attr)[size - 1])
		size--;
	return round_up(size, sizeof(u32));
}

static long call(int command)
{
	long result = sys_bpf(command, &attr, attr_size());

	if (result == -EPERM && raise_memlock_limit())
		result = sys_bpf(command, &attr, attr_size());
	return result;
}

/* Makes the call that `attr` stands for, and reports it: what of `attr` is worth telling, in printf's words. */
#define ASK(command, fields, ...) ask(command, "bpf(" #command ", {" fields "})", __VA_ARGS__)
static int CHECK_FORMAT(2, 3) ask(int command, const char *words, ...)
{
	long result = call(command);
	va_list args;
	u64 blocked;

	if (result == -EAGAIN) {
		/* A signal made the verifier give up; a profiling timer could do so every time. */
		sys_sigprocmask(SIG_BLOCK, U64_MAX, &blocked);
		for (int i = 1; i < EAGAIN_ATTEMPTS && result == -EAGAIN; i++)
			result = call(command);
		sys_sigprocmask(SIG_SETMASK, blocked, NULL);
	}
	va_start(args, words);
	kernel_vreport(result, words, args);
	va_end(args);
	next_id = attr.next_id;
	memset(&attr, 0, sizeof(attr));
	return (int)result;
}

/* Names may hold only these characters (kernel/bpf/syscall.c:bpf_obj_name_cpy()); others become '_'. */
static void fill_name(char to[BPF_OBJ_NAME_LEN], const char *name)
{
	for (u32 i = 0; name && i < BPF_OBJ_NAME_LEN - 1 && name[i]; i++)
		to[i] = char_is_alnum(name[i]) || name[i] == '.' ? name[i] : '_';
}

int bpf_map_create(const struct bpf_map_create_args *args)
{
	const struct map_spec *map = &args->map;

	attr.map_type = map->type;
	attr.key_size = map->key_size;
	attr.value_size = map->value_size;
	attr.max_entries = map->max_entries;
	attr.map_flags = map->map_flags;
	attr.numa_node = map->numa_node;
	attr.map_extra = map->map_extra;
	attr.inner_map_fd = (u32)args->inner_map_fd;
	attr.btf_vmlinux_value_type_id = args->vmlinux_value_type_id;
	/* value_type_btf_obj_fd, which older headers lack. */
	memcpy(&attr.map_extra + 1, &args->vmlinux_value_type_fd, sizeof(s32));
	fill_name(attr.map_name, map->name);
	if (args->btf_fd > 0) {
		attr.btf_fd = (u32)args->btf_fd;
		attr.btf_key_type_id = map->btf_key_type_id;
		attr.btf_value_type_id = map->btf_value_type_id;
	}
	return ASK(BPF_MAP_CREATE,
		"type=%s, key_size=%u, value_size=%u, max_entries=%u, flags=0x%x, name=\"%s\", "
		"btf_fd=%d, inner_map_fd=%d, map_extra=%llu, btf_vmlinux_value_type_id=%u",
		map_type_name(map->type), map->key_size, map->value_size, map->max_entries, map->map_flags,
		attr.map_name, args->btf_fd, args->inner_map_fd, map->map_extra, args->vmlinux_value_type_id);
}

int bpf_map_update_elem(int map_fd, const void *key, const void *value, u64 flags)
{
	attr.map_fd = (u32)map_fd;
	attr.key = ptr_to_u64(key);
	attr.value = ptr_to_u64(value);
	attr.flags = flags;
	return ASK(BPF_MAP_UPDATE_ELEM, "map_fd=%d, flags=%llu", map_fd, flags);
}

int bpf_map_freeze(int map_fd)
{
	attr.map_fd = (u32)map_fd;
	return ASK(BPF_MAP_FREEZE, "map_fd=%d", map_fd);
}

static int get_info(int fd, void *info, u32 size)
{
	attr.info.bpf_fd = (u32)fd;
	attr.info.info_len = size;
	attr.info.info = ptr_to_u64(info);
	return ASK(BPF_OBJ_GET_INFO_BY_FD, "bpf_fd=%d", fd);
}

int bpf_map_info(int map_fd, struct bpf_map_info *info)
{
	memset(info, 0, sizeof(*info));
	return get_info(map_fd, info, sizeof(*info));
}

u64 bpf_prog_missed(int prog_fd)
{
	struct bpf_prog_info info = {0};

	get_info(prog_fd, &info, sizeof(info));
	return info.recursion_misses;
}

int bpf_obj_pin(int fd, const char *path)
{
	attr.pathname = ptr_to_u64(path);
	attr.bpf_fd = (u32)fd;
	return ASK(BPF_OBJ_PIN, "pathname=\"%s\", bpf_fd=%d", path, fd);
}

int bpf_obj_get(const char *path)
{
	attr.pathname = ptr_to_u64(path);
	return ASK(BPF_OBJ_GET, "pathname=\"%s\"", path);
}

int bpf_prog_bind_map(int prog_fd, int map_fd)
{
	attr.prog_bind_map.prog_fd = (u32)prog_fd;
	attr.prog_bind_map.map_fd = (u32)map_fd;
	return ASK(BPF_PROG_BIND_MAP, "prog_fd=%d, map_fd=%d", prog_fd, map_fd);
}

int bpf_prog_load(const struct bpf_prog_load_args *args)
{
	const struct prog_image *image = &args->image;

	attr.prog_type = args->prog_type;
	attr.expected_attach_type = args->expected_attach_type;
	attr.prog_flags = args->flags;
	attr.insns = ptr_to_u64(image->insns);
	attr.insn_cnt = image->insn_count;
	attr.license = ptr_to_u64(args->license);
	attr.kern_version = args->kern_version;
	fill_name(attr.prog_name, args->name);
	attr.attach_btf_id = args->attach_btf_id;
	attr.attach_btf_obj_fd = (u32)args->attach_btf_fd;
	attr.fd_array = ptr_to_u64(args->fd_array);
	attr.log_level = args->log_level;
	attr.log_buf = ptr_to_u64(args->log);
	attr.log_size = args->log_size;
	if (args->btf_fd > 0) {
		attr.prog_btf_fd = (u32)args->btf_fd;
		attr.func_info_rec_size = sizeof(*image->func_info);
		attr.func_info = ptr_to_u64(image->func_info);
		attr.func_info_cnt = image->func_info_count;
		attr.line_info_rec_size = sizeof(*image->line_info);
		attr.line_info = ptr_to_u64(image->line_info);
		attr.line_info_cnt = image->line_info_count;
	}
	return ASK(BPF_PROG_LOAD,
		"type=%s, expected_attach_type=%u, flags=0x%x, insns=%u, name=\"%s\", "
		"license=\"%s\", log_level=%u, btf_fd=%d, func_info=%u, line_info=%u, attach_btf_id=%u, "
		"attach_btf_obj_fd=%d",
		prog_type_name(args->prog_type), args->expected_attach_type, args->flags, image->insn_count,
		attr.prog_name, args->license, args->log_level, args->btf_fd, image->func_info_count,
		image->line_info_count, args->attach_btf_id, args->attach_btf_fd);
}

bool bpf_prog_loads(u32 prog_type, struct bpf_insn *insns, u32 count)
{
	const struct bpf_prog_load_args args = {
		.prog_type = prog_type,
		.image = {.insns = insns, .insn_count = count},
		.license = "GPL",
	};
	int fd = bpf_prog_load(&args);

	return fd >= 0 && !sys_close(fd);
}

/* Asks for a probe in "/", which is no file (EBADF). A kernel that is right looks at `pid` first (-1: EINVAL). */
static int try_uprobe_multi(int prog_fd, u32 pid)
{
	static const u64 offset = 0;
	/* union bpf_attr.link_create.uprobe_multi, which is younger than the headers this may be built with. */
	const struct {
		u64 path, offsets, ref_ctr_offsets, cookies;
		u32 cnt, flags, pid, zero; /* no padding, which would be whatever it was */
	} multi = {.path = ptr_to_u64("/"), .offsets = ptr_to_u64(&offset), .cnt = 1, .pid = pid};

	attr.link_create.prog_fd = (u32)prog_fd;
	attr.link_create.attach_type = HOOK_UPROBE_MULTI;
	memcpy(&attr.link_create.target_btf_id, &multi, sizeof(multi));
	return ASK(BPF_LINK_CREATE, "prog_fd=%d, attach_type=%u, pid=%d", prog_fd, HOOK_UPROBE_MULTI, (int)pid);
}

/* Kernels before 6.6 load such a program, too: they do not look at the attach type of a probe. */
bool bpf_has_uprobe_multi(void)
{
	struct bpf_insn insns[] = {BPF_MOV64_IMM(BPF_REG_0, 0), BPF_EXIT_INSN()};
	const struct bpf_prog_load_args args = {
		.prog_type = BPF_PROG_TYPE_KPROBE,
		.expected_attach_type = HOOK_UPROBE_MULTI,
		.image = {.insns = insns, .insn_count = ARRAY_SIZE(insns)},
		.license = "GPL",
	};
	static int known; /* 1: yes, -1: no */
	int fd;

	if (known)
		return known > 0;
	fd = bpf_prog_load(&args);
	known = fd >= 0 && try_uprobe_multi(fd, 0) == -EBADF && try_uprobe_multi(fd, ~0U) == -EINVAL ? 1 : -1;
	if (fd >= 0)
		sys_close(fd);
	return known > 0;
}

int bpf_prog_test_run_on_cpu(int prog_fd, u32 cpu)
{
	attr.test.prog_fd = (u32)prog_fd;
	attr.test.flags = BPF_F_TEST_RUN_ON_CPU;
	attr.test.cpu = cpu;
	return ASK(BPF_PROG_TEST_RUN, "prog_fd=%d, cpu=%u", prog_fd, cpu);
}

int bpf_btf_load(const void *blob, u32 size)
{
	attr.btf = ptr_to_u64(blob);
	attr.btf_size = size;
	return ASK(BPF_BTF_LOAD, "btf_size=%u", size);
}

int bpf_btf_get_next_id(u32 id, u32 *next)
{
	int err;

	attr.start_id = id;
	err = ASK(BPF_BTF_GET_NEXT_ID, "start_id=%u", id);
	*next = next_id;
	return err;
}

int bpf_btf_get_fd_by_id(u32 id)
{
	attr.btf_id = id;
	return ASK(BPF_BTF_GET_FD_BY_ID, "btf_id=%u", id);
}

int bpf_btf_info(int btf_fd, struct bpf_btf_info *info)
{
	return get_info(btf_fd, info, sizeof(*info));
}
