/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kallsyms.h: the kernel's functions by name.
 *
 * /proc/kallsyms has a line for each symbol: "ffffffff81000000 T name\t[module]". The names are there for everyone;
 * the addresses are zero for those who may not see them (kptr_restrict). The file is long, and the kernel makes it up
 * while it is read: it is read only where nothing cheaper answers.
 */
#ifndef KERNEL_KALLSYMS_H
#define KERNEL_KALLSYMS_H

#include "base/types.h"

struct kallsym {
	u64 address;
	char type; /* as in nm(1) */
	const char *name;
	const char *module; /* or "" */
};

/* Calls `visit` for each symbol until it returns non-zero; returns that, 0 at the end, or -errno. */
int kallsyms_each(int (*visit)(void *context, const struct kallsym *symbol), void *context);

/* Takes a line apart, in place. False if it is none of kallsyms'. */
bool kallsyms_parse(char *line, struct kallsym *symbol);

/* Whether it is a function: t or T, and w or W where another may take its place at link time (__weak). */
bool kallsym_is_function(const struct kallsym *symbol);

/* A name's length as its source has it: link-time optimisation makes a static variable "counter.llvm.1234567890". */
size_t kallsym_name_len(const struct kallsym *symbol);

/* How many functions have exactly that name, in the kernel or else in modules; -errno if kallsyms cannot be read. */
long kallsyms_count(const char *name);

/*
 * What this machine may call the entry of system call `name`, to `buf`. Choice 0 is for kernels that wrap system calls
 * (CONFIG_ARCH_HAS_SYSCALL_WRAPPER): "__x64_sys_execve"; 1 and 2 are for those that do not. False: there is no such
 * choice.
 */
bool syscall_function(u32 choice, const char *name, char *buf, size_t size);

/*
 * Whether this kernel wraps system calls. x86_64 does since 4.17 and arm64 since 4.19, before the oldest kernel that
 * this loader is for; 32-bit ARM never did. riscv64 does since 6.6: there the wrapper of bpf(2) is looked for by name.
 */
bool kernel_has_syscall_wrapper(void);

#endif
