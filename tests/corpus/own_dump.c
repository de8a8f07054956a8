/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * own_dump.c: the loader, every byte of it, but for one function that stands before load_program() (ld's --wrap) and
 * writes to descriptor 3 the instructions that the kernel then holds (see dump.h).
 */
#include <linux/bpf.h>
#include "base/memory.h"
#include "base/string.h"
#include "base/sys.h"
#include "dump.h"
#include "kernel/load.h"

int __real_load_program(struct live *live, u32 index, struct verdict *verdict);
int __wrap_load_program(struct live *live, u32 index, struct verdict *verdict);

static long program_info(int fd, struct bpf_prog_info *info)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (u32)fd;
	attr.info.info_len = sizeof(*info);
	attr.info.info = (u64)(unsigned long)info;
	return sys_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, 16);
}

int __wrap_load_program(struct live *live, u32 index, struct verdict *verdict)
{
	static struct bpf_insn insns[1 << 20]; /* the verifier looks at no more */
	const char *name = live->object->progs[index].name;
	struct bpf_prog_info info = {0};
	struct dump_header header = {0};
	int err = __real_load_program(live, index, verdict);

	if (err)
		return err;
	info.xlated_prog_insns = (u64)(unsigned long)insns;
	info.xlated_prog_len = sizeof(insns);
	memcpy(header.name, name, str_len(name) < sizeof(header.name) ? str_len(name) : sizeof(header.name) - 1);
	if (!program_info(live->prog_fds[index], &info))
		header.insn_count = info.xlated_prog_len / sizeof(*insns);
	sys_write(3, &header, sizeof(header));
	sys_write(3, insns, header.insn_count * sizeof(*insns));
	return 0;
}
