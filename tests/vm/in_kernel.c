/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * in_kernel.c: which BPF objects the kernel holds, a line each: "prog 12", "map 3", "btf 5", "link 1".
 *
 * The kernel's own BTF (vmlinux and modules) is left out: it is not user space's.
 */
#include <linux/bpf.h>
#include <linux/errno.h>
#include "base/memory.h"
#include "base/sys.h"
#include "base/text.h"

int main(int argc, char **argv, char **envp);

static const struct kind {
	const char *name;
	int next;
} kinds[] = {
	{"prog", BPF_PROG_GET_NEXT_ID},
	{"map", BPF_MAP_GET_NEXT_ID},
	{"btf", BPF_BTF_GET_NEXT_ID},
	{"link", BPF_LINK_GET_NEXT_ID},
};

/* Linux 5.11 and later tell in struct bpf_btf_info whether a BTF is the kernel's; before, there is one: id 1. */
static bool is_kernels(u32 id)
{
	struct bpf_btf_info info = {0};
	union bpf_attr attr;
	long fd, err;

	memset(&attr, 0, sizeof(attr));
	attr.btf_id = id;
	fd = sys_bpf(BPF_BTF_GET_FD_BY_ID, &attr, 12);
	if (fd < 0)
		return fd == -ENOENT; /* gone since */
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (u32)fd;
	attr.info.info_len = sizeof(info);
	attr.info.info = (u64)(unsigned long)&info;
	err = sys_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, 16);
	sys_close((int)fd);
	return !err && (info.kernel_btf || id == 1);
}

static void print_all(struct text *out, const struct kind *kind)
{
	union bpf_attr attr;
	u32 id = 0;

	for (;;) {
		memset(&attr, 0, sizeof(attr));
		attr.start_id = id;
		if (sys_bpf(kind->next, &attr, 12))
			return;
		id = attr.next_id;
		if (kind->next != BPF_BTF_GET_NEXT_ID || !is_kernels(id))
			text_printf(out, "%s %u\n", kind->name, id);
	}
}

int main(int argc, char **argv, char **envp)
{
	static char buf[4096];
	struct text out = text_to(1, buf, sizeof(buf));

	(void)argc;
	(void)argv;
	(void)envp;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		print_all(&out, &kinds[i]);
	return text_flush(&out) ? 1 : 0;
}
