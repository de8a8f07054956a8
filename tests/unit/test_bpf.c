/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_bpf.c: single calls of bpf(2): what they pass on, and when they ask again.
 */
#include <unistd.h>
#include "made_up_kernel.h"

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

int main(void)
{
	return RUN(EACH(interrupted), EACH(locked_memory), EACH(map_attributes), EACH(one_link_to_many));
}
