/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * load_externs.c: what an object expects from outside. See load.h.
 *
 *	extern				looked for in
 *	bool CONFIG_SMP __kconfig	the kernel's configuration (kconfig.h)
 *	const void _text __ksym		/proc/kallsyms, once for all of them
 *	const struct rq runqueues __ksym	the kernel's BTF, then its modules' (core_externs.h)
 *	int bpf_kfunc(…) __ksym		the same
 *
 * Each is opened only if some extern is to be found there. What is weak may be missing.
 */
#include <linux/errno.h>
#include "base/string.h"
#include "kernel/kallsyms.h"
#include "kernel/kconfig.h"
#include "kernel/load.h"
#include "relocate/core_externs.h"

static bool is_address(const struct object *object, const struct extern_spec *external)
{
	return external->kind == EXTERN_KSYM && !extern_has_type(object, external);
}

struct search {
	struct live *live;
	bool any_address; /* some symbol is not at 0: addresses are shown */
};

static int take_address(void *context, const struct kallsym *symbol)
{
	struct search *search = context;
	const struct object *object = search->live->object;
	int index = object_find_extern(object, symbol->name, kallsym_name_len(symbol));
	struct extern_value *value = &search->live->externs[index < 0 ? 0 : index];

	search->any_address |= symbol->address != 0;
	if (index < 0 || !is_address(object, &object->externs[index]))
		return 0;
	if (value->state == EXTERN_ADDRESS && value->address != symbol->address)
		return error_invalid(search->live->error,
			"extern '%s': the kernel has two symbols of that name, at 0x%llx and 0x%llx", symbol->name,
			value->address, symbol->address);
	*value = (struct extern_value){.state = EXTERN_ADDRESS, .address = symbol->address};
	return 0;
}

static int find_addresses(struct live *live)
{
	const struct object *object = live->object;
	struct search search = {.live = live};
	u32 first = 0;
	int err;

	while (first < object->extern_count && !is_address(object, &object->externs[first]))
		first++;
	if (first == object->extern_count)
		return 0;
	err = kallsyms_each(take_address, &search);
	for (u32 i = first; !search.any_address && i < object->extern_count; i++)
		if (is_address(object, &object->externs[i]))
			live->externs[i].state = EXTERN_ABSENT;
	if (err)
		return error_set(live->error, -err, "/proc/kallsyms cannot be read");
	return search.any_address || object->externs[first].is_weak
		       ? 0
		       : error_set(live->error, EPERM,
				 "extern '%s': /proc/kallsyms shows no addresses (kernel.kptr_restrict)",
				 object->externs[first].name);
}

/* Calls name a module by its place in a list of descriptors, in which place 0 stands for the kernel itself. */
static int list_module(struct live *live, int btf_fd)
{
	u16 place = 0;

	for (u32 i = 0; i < live->object->extern_count; i++) {
		struct extern_value *value = &live->externs[i];

		if (live->object->externs[i].kind != EXTERN_KFUNC || value->state != EXTERN_BTF ||
			value->btf_fd != btf_fd)
			continue;
		if (!live->fd_array) {
			live->fd_array = arena_alloc_array(live->arena, live->object->extern_count + 1, sizeof(int));
			live->fd_array_count = 1;
		}
		if (!live->fd_array)
			return error_no_memory(live->error);
		if (!place) {
			place = (u16)live->fd_array_count++;
			live->fd_array[place] = btf_fd;
		}
		value->fd_index = place;
	}
	return 0;
}

static int find_types(struct live *live)
{
	const struct object *object = live->object;
	struct kernel_btf_part *part;
	bool is_needed = false;
	u32 missing = 0;

	for (u32 i = 0; i < object->extern_count; i++) {
		bool has_type = extern_has_type(object, &object->externs[i]);

		missing += has_type;
		is_needed |= has_type && !object->externs[i].is_weak;
	}
	for (u32 i = 0; missing && (part = kernel_btf_part(live->kernel_btf, i)); i++) {
		u32 before = missing;

		if (extern_types_find(live->arena, live->error, object, &part->view, part->fd, live->externs, &missing))
			return -live->error->errnum;
		if (part->fd && missing < before && list_module(live, part->fd))
			return -live->error->errnum;
	}
	if (live->error->errnum && is_needed)
		return error_in(live->error, "kernel symbols are looked for by their types");
	error_clear(live->error);
	return 0;
}

static int check_missing(struct live *live)
{
	for (u32 i = 0; i < live->object->extern_count; i++) {
		const struct extern_spec *external = &live->object->externs[i];
		const char *what = is_address(live->object, external) ? "symbol in /proc/kallsyms"
				   : external->kind == EXTERN_KFUNC   ? "function in its BTF or its modules'"
								      : "variable in its BTF or its modules'";

		if (live->externs[i].state == EXTERN_ABSENT && !external->is_weak && external->kind != EXTERN_UNKNOWN)
			return error_set(
				live->error, ENOENT, "extern '%s': this kernel has no such %s", external->name, what);
	}
	return 0;
}

int load_externs(struct live *live)
{
	int err = kconfig_resolve(live->arena, live->error, live->object, live->externs);

	if (!err)
		err = find_addresses(live);
	if (!err)
		err = find_types(live);
	if (!err)
		err = check_missing(live);
	return err ? error_in(live->error, "%s", live->object->path) : 0;
}
