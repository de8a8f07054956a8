/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kernel_btf.h: where the types of the running kernel, or of another one, come from.
 *
 *	--btf FILE			raw BTF, or an ELF file with a .BTF section; for CO-RE alone, modules are not asked then
 *	/sys/kernel/btf/vmlinux		mapped where the kernel lets it be (6.16), else read piece by piece
 *	/boot/vmlinux-RELEASE, …	the ELF file, for kernels without the above (tools/lib/bpf/btf.c:btf__load_vmlinux_btf())
 *	modules				BPF_BTF_GET_NEXT_ID, and the types from the descriptor or /sys/kernel/btf/NAME
 *
 * Nothing is opened before it is asked for, and each once.
 */
#ifndef KERNEL_KERNEL_BTF_H
#define KERNEL_KERNEL_BTF_H

#include "kernel/held.h"
#include "object/btf_view.h"

struct kernel_btf_module {
	const char *name;
	u32 id; /* of its BTF object */
	int fd; /* of its BTF object; held */
	struct btf_view view;
};

struct kernel_btf {
	struct arena *arena;
	struct error *error; /* for what is broken inside; not finding BTF is told by the functions' own `error` */
	struct held *held;
	const char *path; /* --btf FILE, or NULL */
	/* The rest is kernel_btf.c's. */
	struct btf_view running, custom;
	bool is_running_open, is_custom_open, has_modules;
	struct kernel_btf_module *modules;
	u32 module_count;
};

/*
 * A view on a file: raw BTF, or an ELF file with .BTF. The file is mapped, or else kept open; `held` holds it, and
 * its arena the view. -errno with a message that begins with the path.
 */
int kernel_btf_open(struct held *held, struct error *error, const char *path, struct btf_view *view);

/* The running kernel's types. NULL with a message (which names what was tried; ENOENT) if there are none. */
struct btf_view *kernel_btf_vmlinux(struct kernel_btf *types, struct error *error);

/*
 * The types to relocate against: those of --btf FILE if it was given, else the same. Only CO-RE asks that file, as
 * libbpf's btf_custom_path does: it need not be complete, and its ids mean nothing to the kernel.
 */
struct btf_view *kernel_btf_core(struct kernel_btf *types, struct error *error);

/*
 * The modules' types: *modules and *count. None without privilege (BPF_BTF_GET_NEXT_ID needs CAP_SYS_ADMIN)
 * or before 5.11; that is no error. -errno with a message for what is broken.
 */
int kernel_btf_modules(struct kernel_btf *types, struct error *error, struct kernel_btf_module **modules, u32 *count);

#endif
