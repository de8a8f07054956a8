/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_kernel_btf.c: the kernel's own types, out of files, and those of its modules.
 */
#include "made_up_kernel.h"
#include "kernel/kernel_btf.h"

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
	put_copy("/usr/lib/debug/boot/vmlinux-5.4.0-test", FIXTURES "externs_kernel.bpf.o");
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
	put_copy("/sys/kernel/btf/vmlinux", FIXTURES "externs_kernel.bpf.o");
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

int main(void)
{
	return RUN(EACH(modules), EACH(nameless_modules));
}
