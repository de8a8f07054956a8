/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * load_externs.c: values for what an object expects from outside. See load.h.
 *
 * Some externs in .kconfig are no line of a .config but facts that only a loader can find out. This much is resolved:
 *
 *	LINUX_HAS_SYSCALL_WRAPPER	BPF_KSYSCALL's question: are a system call's arguments one pt_regs deeper?
 *	LINUX_… otherwise, weak		0, as for libbpf: the fact is younger than the loader
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "kernel/kallsyms.h"
#include "kernel/load.h"

/* Stores a number as a variable of 1, 2, 4 or 8 bytes, in this machine's byte order. */
static bool store(u8 *at, u64 size, u64 value)
{
	const u8 *from = (const u8 *)&value;

	if (size != 1 && size != 2 && size != 4 && size != 8)
		return false;
	memcpy(at, __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? from : from + 8 - size, (size_t)size);
	return true;
}

static int resolve(struct live *live, const struct extern_spec *external, u8 *at)
{
	u64 value = 0;

	if (str_equal(external->name, "LINUX_HAS_SYSCALL_WRAPPER"))
		value = kernel_has_syscall_wrapper();
	else if (!external->is_weak || !str_starts(external->name, "LINUX_"))
		return error_set(live->error, EOPNOTSUPP,
			"comes from the kernel's configuration, which this loader cannot read yet");
	if (!store(at, external->size, value))
		return error_set(live->error, EINVAL, "has %llu bytes, expected 1, 2, 4 or 8", external->size);
	return 0;
}

int load_externs(struct live *live)
{
	struct object *object = live->object;
	int map = object_find_map(object, ".kconfig");

	for (u32 i = 0; i < object->extern_count; i++) {
		const struct extern_spec *external = &object->externs[i];

		if (external->kind != EXTERN_KCONFIG)
			continue;
		if (resolve(live, external, object->maps[map].initial + external->offset)) {
			error_in(live->error, ".kconfig: extern '%s'", external->name);
			return error_in(live->error, "%s", object->path);
		}
	}
	return 0;
}
