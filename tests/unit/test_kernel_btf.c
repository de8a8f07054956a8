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
static u32 refused_id = ~0U; /* none is told behind it */
static u32 broken_id = ~0U;  /* its types cannot be had */

static long has_modules(const struct call *call)
{
	struct bpf_btf_info *info = (void *)(uintptr_t)call->attr.info.info;
	u32 id = call->attr.start_id;

	if (call->command == BPF_BTF_GET_NEXT_ID) {
		if (id == refused_id)
			return -EPERM;
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
	if (info->btf && id == broken_id)
		return -EIO;
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
	assert_null(kernel_btf_part(&kernel_btf, 9));
	assert_no_error(&error, 0);
	assert_int_equal(kernel_btf.unlisted, 0);
	assert_int_equal(nth(BPF_BTF_GET_NEXT_ID, 0)->attr.start_id, 0);
	put_file("/usr/lib/debug/boot/vmlinux-5.4.0-test", "broken"); /* once it is open it stays so */
	assert_ptr_equal(kernel_btf_part(&kernel_btf, 1), part);
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
	assert_int_equal(kernel_btf.unlisted, 0);
	assert_int_equal(count_of(BPF_BTF_GET_FD_BY_ID), 1); /* what holds for one holds for all */
	kernel.count = 0;
	assert_null(kernel_btf_part(&kernel_btf, 1));
	assert_int_equal(kernel.count, 0); /* once is enough */
	/* A file that somebody names is to be good, needed or not. */
	open_object(KINDS);
	kernel_btf.path = "/there/is/none";
	assert_error(&error, live_init(&live, &arena, &error, &held, &kernel_btf, &object), ENOENT,
		"/there/is/none: cannot be opened");
	kernel_btf.path = "/sys/kernel/btf/vmlinux";
	assert_no_error(&error, live_init(&live, &arena, &error, &held, &kernel_btf, &object));
	assert_true(kernel_btf.is_custom_open && live.fd_array_count == 1);
}

/* What cannot be listed is told apart from what is broken. */
static void modules_untold(void **state)
{
	(void)state;
	tells_names = true;
	put_types(FIXTURES "externs_kernel.bpf.o");
	kernel.answer = has_modules;
	refused_id = 2;
	module_types.type[0] = 1;
	assert_non_null(kernel_btf_part(&kernel_btf, 1));
	assert_null(kernel_btf_part(&kernel_btf, 2));
	assert_no_error(&error, 0);
	assert_int_equal(kernel_btf.unlisted, EPERM);
	refused_id = ~0U;
	start_over();
	put_types(FIXTURES "externs_kernel.bpf.o");
	kernel.answer = has_modules;
	broken_id = 1;
	assert_null(kernel_btf_part(&kernel_btf, 1));
	assert_int_equal(error.errnum, EIO);
	assert_string_equal(error.message, "module one: BTF cannot be read");
	broken_id = ~0U;
	start_over();
	put_types(FIXTURES "externs_kernel.bpf.o");
	kernel.answer = has_modules;
	module_types.header.magic = 1;
	assert_null(kernel_btf_part(&kernel_btf, 1));
	assert_non_null(strstr(error.message, "module one: "));
	module_types.header.magic = 0xeb9f;
}

static void without_memory(void **state)
{
	struct kernel_btf_part *part = NULL;

	(void)state;
	tells_names = true;
	for (long left = 0; !part; left++) {
		put_types(FIXTURES "externs_kernel.bpf.o");
		kernel.answer = has_modules;
		arena_fail_after(left);
		part = kernel_btf_part(&kernel_btf, 2);
		arena_fail_after(-1);
		if (!part && error.errnum != ENOMEM)
			assert_int_equal(kernel_btf.unlisted, ENOMEM);
		start_over();
	}
}

/* The kernel's own, or those of a file that somebody names; each is opened once. */
static void files(void **state)
{
	static const char none[] = "this kernel's types are not to be found: no /sys/kernel/btf/vmlinux "
				   "(CONFIG_DEBUG_INFO_BTF), no /boot/vmlinux-5.4.0-test, nor one in six more places";
	struct btf_view *view;

	(void)state;
	assert_null(kernel_btf_core(&kernel_btf));
	assert_string_equal(error.message, none);
	error_clear(&error);
	put_file("/sys/kernel/btf/vmlinux", "broken");
	assert_null(kernel_btf_part(&kernel_btf, 1));
	assert_true(error.errnum == EINVAL && strstr(error.message, "/sys/kernel/btf/vmlinux: "));
	assert_true(kernel.mapped == 0 && kernel.files == 0);
	error_clear(&error);
	for (int read = 0; read < 2; read++) {
		start_over();
		kernel.maps_no_files = read; /* /sys/kernel/btf/vmlinux before 6.16 */
		kernel_btf.path = "/types";
		put_types(FIXTURES "core_kernel.bpf.o");
		put_copy("/types", FIXTURES "externs_kernel.bpf.o");
		view = kernel_btf_core(&kernel_btf);
		assert_no_error(&error, !view);
		assert_true(btf_view_find_one(view, BTF_KIND_FUNC, "same") > 0);
		assert_true((kernel.mapped == 0) == read && kernel.files == (u32)read);
		put_file("/types", "broken");
		assert_ptr_equal(kernel_btf_core(&kernel_btf), view);
		kernel_btf.path = NULL;
		assert_true(kernel_btf_core(&kernel_btf) != view);
		assert_true(kernel_btf_core(&kernel_btf) == &kernel_btf_part(&kernel_btf, 0)->view);
		assert_no_error(&error, 0);
		kernel_btf = (struct kernel_btf){.arena = &arena, .error = &error, .held = &held, .path = "/types"};
		assert_null(kernel_btf_core(&kernel_btf));
		assert_non_null(strstr(error.message, "/types: "));
	}
}

int main(void)
{
	return RUN(EACH(modules), EACH(nameless_modules), EACH(modules_untold), EACH(without_memory), EACH(files));
}
