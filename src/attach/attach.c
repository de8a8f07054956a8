/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * attach.c: programs to where they run. See attach.h.
 */
#include <linux/errno.h>
#include <linux/version.h>
#include "attach/attach.h"
#include "attach/kprobe.h"
#include "attach/kprobe_explain.h"
#include "base/string.h"
#include "base/sys.h"
#include "base/text.h"
#include "kernel/kallsyms.h"
#include "kernel/kconfig.h"

static bool begun; /* what comes before the first probe is done */

/*
 * Whether the kernel takes the first of several functions of a name. Since 6.6 and 6.1.60 it refuses a name that is not
 * unique (kernel/trace/trace_kprobe.c:number_of_same_symbols()); other stable releases that do are asked in vain.
 */
static bool takes_first(void)
{
	u32 version = kernel_version();

	return version < KERNEL_VERSION(6, 1, 60) ||
	       (version >= KERNEL_VERSION(6, 2, 0) && version < KERNEL_VERSION(6, 6, 0));
}

static int attach_kprobe(struct live *live, const struct prog_spec *prog, int prog_fd)
{
	struct kprobe_target target;
	int err = kprobe_parse(live->error, prog->target, prog->hook->attach == ATTACH_KRETPROBE, &target);

	if (!err && takes_first() && kallsyms_count(target.function) > 1)
		err = kprobe_explain(live->error, &target, EADDRNOTAVAIL, "");
	return err ? err : kprobe_attach(live->held, live->error, &target, prog_fd);
}

static int attach_syscall(struct live *live, const struct prog_spec *prog, int prog_fd)
{
	return kprobe_attach_syscall(
		live->held, live->error, prog->target, prog->hook->attach == ATTACH_KRETSYSCALL, prog_fd);
}

static int (*const families[])(struct live *live, const struct prog_spec *prog, int prog_fd) = {
	[ATTACH_KPROBE] = attach_kprobe,
	[ATTACH_KRETPROBE] = attach_kprobe,
	[ATTACH_KSYSCALL] = attach_syscall,
	[ATTACH_KRETSYSCALL] = attach_syscall,
};

bool attach_possible(const struct prog_spec *prog)
{
	return prog->hook && prog->target && prog->hook->attach < ARRAY_SIZE(families) && families[prog->hook->attach];
}

int attach_program(struct live *live, u32 index)
{
	const struct prog_spec *prog = &live->object->progs[index];
	int err = begun ? 0 : kprobe_begin(live->arena, live->error);

	begun = true;
	if (!err)
		err = families[prog->hook->attach](live, prog, live->prog_fds[index]);
	if (!err)
		return 0;
	error_in(live->error, "%s", prog->section_name);
	return error_in(live->error, "%s", live->object->path);
}

bool attach_waits(const struct prog_spec *prog)
{
	const char *colon = str_find(prog->target, ':');
	char path[96];

	if (!colon)
		return false;
	str_printf(path, sizeof(path), "/sys/module/%.*s/initstate", (int)(colon - prog->target), prog->target);
	return sys_access(path) < 0;
}

u64 attach_missed(void)
{
	return begun ? kprobe_missed() : 0;
}
