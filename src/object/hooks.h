/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * hooks.h: what a section's name says about the program in it.
 *
 * The one table of section names. A row is a name as libbpf knows it ("kprobe+" stands for "kprobe" alone and for
 * "kprobe/…"; "fentry*" for the same and, of programs that may sleep, for "fentry.s" and "fentry.s/…"), the program
 * type and attach type it stands for, and how it is attached.
 */
#ifndef OBJECT_HOOKS_H
#define OBJECT_HOOKS_H

#include <linux/bpf.h>
#include "base/error.h"
#include "object/kernel_names.h"

/* How a program gets to where it runs. The attach part has one function for each that it knows. */
enum attach_kind {
	ATTACH_NONE,   /* nothing to attach to by name, or not by this loader */
	ATTACH_KPROBE, /* kprobe/FUNC[+OFF] */
	ATTACH_KRETPROBE,
	ATTACH_KSYSCALL, /* the system call's entry function, under whatever name this machine gives it */
	ATTACH_KRETSYSCALL,
};

/* Younger than the headers this may be built with (include/uapi/linux/bpf.h: enum bpf_attach_type, bpf_prog_type). */
#define HOOK_UPROBE_MULTI       48 /* BPF_TRACE_UPROBE_MULTI */
#define BPF_PROG_TYPE_NETFILTER 32

enum {
	HOOK_BTF_TARGET = 1 << 0, /* loading needs the BTF id of what it attaches to */
	HOOK_MULTI_IF = 1 << 1,   /* it is HOOK_UPROBE_MULTI, if the kernel has that */
	/* Flags of BPF_PROG_LOAD, at their own places. */
	HOOK_SLEEPABLE = 1 << 4, /* BPF_F_SLEEPABLE */
	HOOK_FRAGS = 1 << 5,     /* BPF_F_XDP_HAS_FRAGS */
	HOOK_PROG_FLAGS = HOOK_SLEEPABLE | HOOK_FRAGS,
};

struct hook {
	u8 prog_type;   /* BPF_PROG_TYPE_* */
	u8 attach_type; /* expected_attach_type */
	u8 attach;      /* enum attach_kind */
	u8 flags;       /* HOOK_* */
};

/*
 * The row for a section's name (without '?'), or NULL. *target is then what follows the '/', or NULL; *flags is what
 * BPF_PROG_LOAD wants: the row's HOOK_PROG_FLAGS, and HOOK_SLEEPABLE for a ".s".
 * First hit wins, as in libbpf (tools/lib/bpf/libbpf.c:sec_def_matches()). Names that it takes no more since 1.0
 * ("socket1", "xdp_pass", "classifier/x") stand for the first row that they begin with.
 */
const struct hook *hook_find(const char *section_name, const char **target, u32 *flags);

/* For a section's name that hook_find() does not know: adds the nearest that it knows to the error, which is set. */
int hook_nearest(struct error *error, const char *section_name);

/* The kernel's type for what a program attaches to; its name is `prefix` and `name` together. */
struct hook_type {
	u32 kind;           /* BTF_KIND_FUNC or BTF_KIND_TYPEDEF */
	const char *prefix; /* "btf_trace_", "bpf_lsm_", "bpf_iter_" or "" */
	const char *name;
	const char *module; /* "MODULE:NAME": in no other than this, of `module_len` characters; NULL: in any */
	size_t module_len;
};

/*
 * Which type `target` stands for. False if there is none to look for: the hook has no HOOK_BTF_TARGET, the section
 * names no target, or one in another program (freplace).
 */
bool hook_type(const struct hook *hook, const char *target, struct hook_type *type);

#endif
