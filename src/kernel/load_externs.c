/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * load_externs.c: what an object expects from outside. See load.h.
 *
 *	extern				looked for in
 *	bool CONFIG_SMP __kconfig	the kernel's configuration (kconfig.h)
 *	const void _text __ksym		/proc/kallsyms, once for all of them
 *	const struct rq runqueues __ksym	the kernel's BTF, then its modules' (relocate/wanted.h)
 *	int bpf_kfunc(…) __ksym		the same
 *
 * Each is opened only if some extern is to be found there. What is weak may be missing.
 */
#include <linux/errno.h>
#include "base/string.h"
#include "kernel/kallsyms.h"
#include "kernel/kconfig.h"
#include "kernel/load.h"

static bool is_address(const struct live *live, u32 i)
{
	return live->object->externs[i].kind == EXTERN_KSYM && !live->wanted.externs[i].query;
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
	struct extern_value *value;

	search->any_address |= symbol->address != 0;
	if (index < 0 || !is_address(search->live, (u32)index))
		return 0;
	value = &search->live->externs[index];
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

	while (first < object->extern_count && !is_address(live, first))
		first++;
	if (first == object->extern_count)
		return 0;
	err = kallsyms_each(take_address, &search);
	if (err)
		return error_set(live->error, -err, "/proc/kallsyms cannot be read");
	for (u32 i = first; !search.any_address && i < object->extern_count; i++) {
		if (!is_address(live, i))
			continue;
		live->externs[i].state = EXTERN_ABSENT;
		if (!object->externs[i].is_weak)
			return error_set(live->error, EPERM,
				"extern '%s': /proc/kallsyms shows no addresses (kernel.kptr_restrict)",
				object->externs[i].name);
	}
	return 0;
}

bool load_find_type(struct live *live, const struct wanted_type *type)
{
	struct kernel_btf_part *part;

	while (!type->id && (part = kernel_btf_part(live->kernel_btf, live->parts_searched))) {
		if (wanted_find(&live->wanted, live->error, &part->view, part->fd, part->name))
			return false;
		live->parts_searched++;
	}
	if (!type->id && live->kernel_btf->unlisted)
		error_set(live->error, live->kernel_btf->unlisted,
			"'%s' is not in the kernel's BTF, and its modules' cannot be listed", type->query->name);
	return type->id;
}

/* Calls name a module by its place in a list of descriptors, in which place 0 stands for the kernel itself. */
static u16 place_of(struct live *live, int btf_fd)
{
	u32 place = 0;

	while (place < live->fd_array_count && live->fd_array[place] != btf_fd)
		place++;
	if (place == live->fd_array_count)
		live->fd_array[live->fd_array_count++] = btf_fd;
	return (u16)place;
}

/* By its type, if it has one; and then it must be there, unless it is weak. */
static int find_extern(struct live *live, u32 i)
{
	const struct extern_spec *external = &live->object->externs[i];
	const struct wanted_type *type = &live->wanted.externs[i];
	bool is_function = external->kind == EXTERN_KFUNC;

	if (type->query && load_find_type(live, type) && wanted_fits(live->error, live->object, external, type) > 0)
		live->externs[i] = (struct extern_value){.state = EXTERN_BTF,
			.btf_id = type->id,
			.btf_fd = type->btf_fd,
			.fd_index = is_function ? place_of(live, type->btf_fd) : 0};
	if (!type->id && external->is_weak)
		error_clear(live->error);
	if (live->externs[i].state != EXTERN_ABSENT || external->is_weak || external->kind == EXTERN_UNKNOWN)
		return -live->error->errnum;
	return error_set(live->error, ENOENT, "this kernel has no such %s in %s",
		!type->query  ? "symbol"
		: is_function ? "function"
			      : "variable",
		type->query ? "its BTF or its modules'" : "/proc/kallsyms");
}

int load_externs(struct live *live)
{
	int err = kconfig_resolve(live->error, live->object, live->externs);

	err = err ? err : find_addresses(live);
	for (u32 i = 0; !err && i < live->object->extern_count; i++)
		if (find_extern(live, i))
			err = error_in(live->error, "extern '%s'", live->object->externs[i].name);
	return err ? error_in(live->error, "%s", live->object->path) : 0;
}
