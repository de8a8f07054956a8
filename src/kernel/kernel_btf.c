/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kernel_btf.c: where the types of the running kernel, or of another one, come from. See kernel_btf.h.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "base/sys.h"
#include "base/text.h"
#include "kernel/bpf.h"
#include "kernel/call.h"
#include "kernel/kernel_btf.h"

#define MODULES_FIRST 32 /* a power of two */

/* tools/lib/bpf/btf.c:btf__load_vmlinux_btf(); '*' stands for the kernel's release. */
static const char places[] = "/sys/kernel/btf/vmlinux\0"
			     "/boot/vmlinux-*\0"
			     "/lib/modules/*/vmlinux-*\0"
			     "/lib/modules/*/build/vmlinux\0"
			     "/usr/lib/modules/*/kernel/vmlinux\0"
			     "/usr/lib/debug/boot/vmlinux-*\0"
			     "/usr/lib/debug/boot/vmlinux-*.debug\0"
			     "/usr/lib/debug/lib/modules/*/vmlinux";

static int read_fd(void *context, u64 offset, void *to, size_t len)
{
	int fd = (int)(long)context;
	size_t done = 0;

	while (done < len) {
		long n = sys_pread(fd, (u8 *)to + done, len - done, offset + done);

		if (n <= 0 && n != -EINTR)
			return n ? (int)n : -EIO;
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* The bytes of an open file: mapped if it can be, then `fd` is not needed any more; else to be read. */
static int source_of(struct held *held, int fd, struct btf_source *source)
{
	long size = sys_lseek(fd, 0, SEEK_END);
	void *data;

	if (size < 0)
		return (int)size;
	*source = (struct btf_source){.size = (u64)size, .read = read_fd, .context = (void *)(long)fd};
	data = held_map(held, NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd);
	if (sys_is_error(data))
		return held_fd(held, fd) < 0 ? -ENOMEM : 0;
	sys_close(fd);
	source->data = data;
	return 0;
}

int kernel_btf_open(struct held *held, struct error *error, const char *path, struct btf_view *view)
{
	int fd = (int)kernel_report(sys_open(path, O_RDONLY | O_NONBLOCK), "open(\"%s\")", path);
	const struct held_item *mark = held->top;
	struct btf_source source = {0};
	int err = fd < 0 ? fd : source_of(held, fd, &source);

	if (err)
		error_set(error, -err, fd < 0 ? "cannot be opened" : "cannot be read");
	err = err ? err : btf_source_cut(&source, error);
	err = err ? err : btf_view_open(view, held->arena, error, &source, NULL);
	if (!err)
		return 0;
	held_release_to(held, mark);
	return error_in(error, "%s", path);
}

/* The pattern with the kernel's release for each '*'. */
static void fill_in(char *path, size_t size, const char *pattern, const char *release)
{
	struct text text = text_in(path, size);

	for (; *pattern; pattern++)
		if (*pattern == '*')
			text_string(&text, release);
		else
			text_char(&text, *pattern);
}

/* The first of the places whose file is good; if there is none, the first that is broken says why. */
static int open_running(struct kernel_btf *types, struct error *error)
{
	struct new_utsname_fields name = {.release = ""};
	struct error broken = {0};
	const char *place;
	char path[256];

	sys_uname(&name);
	for (u32 i = 0; (place = list_entry(places, sizeof(places), i)); i++) {
		fill_in(path, sizeof(path), place, name.release);
		if (sys_access(path) < 0)
			continue;
		if (!kernel_btf_open(types->held, &broken, path, &types->running))
			return 0;
	}
	if (broken.errnum)
		return error_set(error, broken.errnum, "%s", broken.message);
	return error_set(error, ENOENT,
		"this kernel's types are not to be found: there is no /sys/kernel/btf/vmlinux (CONFIG_DEBUG_INFO_BTF), "
		"no /boot/vmlinux-%s, and nothing in six more places where it might be",
		name.release);
}

struct btf_view *kernel_btf_vmlinux(struct kernel_btf *types, struct error *error)
{
	if (!types->is_running_open) {
		if (open_running(types, error))
			return NULL;
		types->running.error = types->error;
		types->is_running_open = true;
	}
	return &types->running;
}

struct btf_view *kernel_btf_core(struct kernel_btf *types, struct error *error)
{
	if (!types->path)
		return kernel_btf_vmlinux(types, error);
	if (!types->is_custom_open) {
		if (kernel_btf_open(types->held, error, types->path, &types->custom))
			return NULL;
		types->custom.error = types->error;
		types->is_custom_open = true;
	}
	return &types->custom;
}

/* Opens one of the kernel's BTF objects: 1; 0 if it is no module's, or went away since it was listed. */
static int open_module(struct kernel_btf *types, struct error *error, u32 id, struct kernel_btf_module *module)
{
	const struct held_item *mark = types->held->top;
	char name[64] = "";
	struct bpf_btf_info info = {.name = ptr_to_u64(name), .name_len = sizeof(name)};
	struct btf_source source = {0};
	int err;

	*module = (struct kernel_btf_module){.id = id, .fd = held_fd(types->held, bpf_btf_get_fd_by_id(id))};
	err = module->fd < 0 ? module->fd : bpf_btf_info(module->fd, &info);
	if (err || !info.kernel_btf || str_equal(name, "vmlinux")) {
		held_release_to(types->held, mark);
		return err == -ENOENT ? 0 : err;
	}
	module->name = arena_string(types->arena, name, str_len(name));
	source.size = info.btf_size;
	source.data = arena_alloc(types->arena, info.btf_size);
	if (!module->name || !source.data)
		return error_no_memory(error);
	info.btf = ptr_to_u64(source.data);
	info.name_len = sizeof(name); /* the kernel has written the name's length, without the NUL it wants room for */
	err = bpf_btf_info(module->fd, &info);
	if (err)
		error_set(error, -err, "BTF cannot be read");
	err = err ? err : btf_view_open(&module->view, types->arena, error, &source, &types->running);
	module->view.error = types->error;
	return err ? error_in(error, "module %s", name) : 1;
}

/* Makes room for one more. */
static struct kernel_btf_module *next_module(struct kernel_btf *types)
{
	u32 count = types->module_count;
	struct kernel_btf_module *more;

	if (count & (count - 1) || (count && count < MODULES_FIRST))
		return &types->modules[count];
	more = arena_alloc_array(types->arena, MAX(count * 2, MODULES_FIRST), sizeof(*more));
	if (more && types->modules)
		memcpy(more, types->modules, count * sizeof(*more));
	types->modules = more;
	return more ? &more[count] : NULL;
}

static int list_modules(struct kernel_btf *types, struct error *error)
{
	u32 id = 0;
	int result = 0;

	while (result >= 0 && !bpf_btf_get_next_id(id, &id)) {
		struct kernel_btf_module *module = next_module(types);

		result = module ? open_module(types, error, id, module) : error_no_memory(error);
		types->module_count += result > 0;
	}
	/* Kernels before 5.11 know no names of BTF objects and refuse to give one (E2BIG). */
	return error->errnum ? result : 0;
}

int kernel_btf_modules(struct kernel_btf *types, struct error *error, struct kernel_btf_module **modules, u32 *count)
{
	int err = 0;

	if (!types->has_modules && kernel_btf_vmlinux(types, error))
		err = list_modules(types, error);
	else if (!types->has_modules)
		err = -error->errnum;
	types->has_modules = !err;
	*modules = types->modules;
	*count = err ? 0 : types->module_count;
	return err;
}
