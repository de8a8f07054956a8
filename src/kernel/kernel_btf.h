/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kernel_btf.h: where the types of the running kernel, or of another one, come from.
 *
 *	--btf FILE			raw BTF, or an ELF file with .BTF; for CO-RE alone, which asks no modules then
 *	/sys/kernel/btf/vmlinux		mapped where the kernel lets it be (6.16), else read piece by piece
 *	/boot/vmlinux-RELEASE, …	else an ELF file (tools/lib/bpf/btf.c:btf__load_vmlinux_btf())
 *	modules				BPF_BTF_GET_NEXT_ID, and the types from the descriptor of each
 *
 * Nothing is opened before it is asked for, and each once.
 */
#ifndef KERNEL_KERNEL_BTF_H
#define KERNEL_KERNEL_BTF_H

#include "kernel/held.h"
#include "object/btf_view.h"

/* The kernel itself, or a module. */
struct kernel_btf_part {
	struct kernel_btf_part *next;
	const char *name; /* "vmlinux", or the module's */
	int fd;           /* of a module's BTF object; held; 0 for the kernel itself */
	struct btf_view view;
};

struct kernel_btf {
	struct arena *arena;
	struct error *error;
	struct held *held;
	const char *path; /* --btf FILE, or NULL */
	/* The rest is kernel_btf.c's, but for `unlisted`. */
	struct kernel_btf_part running; /* without a name until it is open */
	int unlisted;                   /* the errno for which some modules could not be looked at, or 0 */
	struct btf_view custom;
	bool is_custom_open, has_modules;
};

/*
 * A view on a file: raw BTF, or an ELF file with .BTF. The file is mapped, or else kept open; `held` holds it, and
 * its arena the view. -errno with a message that begins with the path.
 */
int kernel_btf_open(struct held *held, struct error *error, const char *path, struct btf_view *view);

/*
 * Part `i` of the running kernel's types: 0 is the kernel itself, then come the modules. NULL behind the last, and NULL
 * with a message in types->error if there are no types of the kernel (ENOENT; it names what was tried), or some are
 * broken. Without privilege (BPF_BTF_GET_NEXT_ID needs CAP_SYS_ADMIN) or before 5.11 there are no modules. Where there
 * may be some all the same, types->unlisted says so.
 */
struct kernel_btf_part *kernel_btf_part(struct kernel_btf *types, u32 i);

/*
 * The types to relocate against: those of --btf FILE if it was given, else part 0. Only CO-RE asks that file, as
 * libbpf's btf_custom_path does: it need not be complete, and its ids mean nothing to the kernel. NULL as above.
 */
struct btf_view *kernel_btf_core(struct kernel_btf *types);

#endif
