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

/* tools/lib/bpf/btf.c:btf__load_vmlinux_btf(), for the kernel's release. */
static const char places[] = "/sys/kernel/btf/vmlinux\0"
			     "/boot/vmlinux-%s\0"
			     "/lib/modules/%s/vmlinux-%s\0"
			     "/lib/modules/%s/build/vmlinux\0"
			     "/usr/lib/modules/%s/kernel/vmlinux\0"
			     "/usr/lib/debug/boot/vmlinux-%s\0"
			     "/usr/lib/debug/boot/vmlinux-%s.debug\0"
			     "/usr/lib/debug/lib/modules/%s/vmlinux";

static int read_fd(void *context, u64 offset, void *to, size_t len)
{
	long n = file_fill((int)(long)context, offset, to, len);

	return n < 0 ? (int)n : (size_t)n == len ? 0 : -EIO;
}

/* The bytes of an open file: mapped if it can be, then `fd` is not needed any more; else to be read. */
static int source_of(struct held *held, int fd, struct btf_source *source)
{
	void *data;

	*source = (struct btf_source){.size = file_size(fd), .read = read_fd, .context = (void *)(long)fd};
	data = held_map(held, NULL, (size_t)source->size, PROT_READ, MAP_PRIVATE, fd);
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
		error_set(error, -err, "cannot be opened");
	err = err ? err : btf_source_cut(&source, error);
	err = err ? err : btf_view_open(view, held->arena, error, &source, NULL);
	if (!err)
		return 0;
	held_release_to(held, mark);
	return error_in(error, "%s", path);
}

/* The first of the places whose file is good; if there is none, the last one that is broken says why. */
static int open_running(struct kernel_btf *types)
{
	struct new_utsname_fields name = {.release = ""};
	const char *place;
	char path[256];

	sys_uname(&name);
	for (u32 i = 0; (place = list_entry(places, sizeof(places), i)); i++) {
		str_printf(path, sizeof(path), place, name.release, name.release);
		if (sys_access(path) < 0)
			continue;
		error_clear(types->error);
		if (!kernel_btf_open(types->held, types->error, path, &types->running.view)) {
			types->running.name = "vmlinux";
			return 0;
		}
	}
	return error_set(types->error, ENOENT,
		"this kernel's types are not to be found: no /sys/kernel/btf/vmlinux (CONFIG_DEBUG_INFO_BTF), no "
		"/boot/vmlinux-%s, nor one in six more places",
		name.release);
}

/* Opens one of the kernel's BTF objects. *part stays NULL if it is no module's, or went away since it was listed. */
static int open_module(struct kernel_btf *types, u32 id, struct kernel_btf_part **part)
{
	const struct held_item *mark = types->held->top;
	char name[64] = "";
	struct bpf_btf_info info = {.name = ptr_to_u64(name), .name_len = sizeof(name)};
	struct kernel_btf_part *module;
	struct btf_source source = {0};
	int fd = held_fd(types->held, bpf_btf_get_fd_by_id(id));
	int err = fd < 0 ? fd : bpf_btf_info(fd, &info);

	if (err || !info.kernel_btf || str_equal(name, types->running.name)) {
		held_release_to(types->held, mark);
		return err == -ENOENT ? 0 : err;
	}
	module = arena_alloc(types->arena, sizeof(*module));
	source.size = info.btf_size;
	source.data = arena_alloc(types->arena, info.btf_size);
	if (!module || !source.data)
		return error_no_memory(types->error);
	*part = module;
	module->fd = fd;
	module->name = arena_string(types->arena, name, str_len(name));
	if (!module->name)
		return error_no_memory(types->error);
	info.btf = ptr_to_u64(source.data);
	info.name_len = sizeof(name); /* the kernel has written the name's length, without the NUL it wants room for */
	err = bpf_btf_info(fd, &info);
	if (err)
		error_set(types->error, -err, "BTF cannot be read");
	else
		err = btf_view_open(&module->view, types->arena, types->error, &source, &types->running.view);
	return err ? error_in(types->error, "module %s", name) : 0;
}

static int list_modules(struct kernel_btf *types)
{
	struct kernel_btf_part **end = &types->running.next;
	u32 id = 0;
	int err;

	while (!(err = bpf_btf_get_next_id(id, &id)) && !(err = open_module(types, id, end)))
		if (*end)
			end = &(*end)->next;
	/* Kernels before 5.11 know no names of BTF objects and refuse to give one (E2BIG). */
	if (err != -ENOENT && err != -E2BIG)
		types->unlisted = -err;
	types->has_modules = !types->error->errnum;
	return -types->error->errnum;
}

struct kernel_btf_part *kernel_btf_part(struct kernel_btf *types, u32 i)
{
	struct kernel_btf_part *part = &types->running;

	if (!part->name && open_running(types))
		return NULL;
	if (i && !types->has_modules && list_modules(types))
		return NULL;
	for (; part && i; i--)
		part = part->next;
	return part;
}

struct btf_view *kernel_btf_core(struct kernel_btf *types)
{
	if (!types->path)
		return kernel_btf_part(types, 0) ? &types->running.view : NULL;
	if (!types->is_custom_open && kernel_btf_open(types->held, types->error, types->path, &types->custom))
		return NULL;
	types->is_custom_open = true;
	return &types->custom;
}
