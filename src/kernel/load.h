/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * load.h: an object's BTF, maps and programs into the kernel.
 *
 * What the file asks for (struct object) and what the kernel gave (struct live) are kept apart. Each step below adds
 * descriptors to `live` and to live->held, which gives all of them back. It returns 0, or -errno with a message that
 * begins with the file's path.
 *
 *	load_btf()	the object's types, cut down for an older kernel
 *	load_externs()	values for .kconfig variables
 *	load_maps()	created, filled, frozen where due
 *	load_program()	linked with the maps' descriptors, loaded, its verdict kept
 *	load_prog_arrays()	the programs that maps hold, put there
 */
#ifndef KERNEL_LOAD_H
#define KERNEL_LOAD_H

#include "kernel/held.h"
#include "kernel/kernel_btf.h"
#include "object/object.h"
#include "relocate/link.h"
#include "relocate/wanted.h"

struct live {
	struct arena *arena;
	struct error *error;
	struct held *held;
	struct object *object;
	struct kernel_btf *kernel_btf; /* shared by all objects of a run */
	int btf_fd;                    /* 0: the kernel has no BTF of this object */
	int *map_fds;                  /* [map index] */
	int *prog_fds;                 /* [prog index]; 0: not loaded */
	struct extern_value *externs;  /* [extern index] */
	int *fd_array;                 /* [1 …]: BTF of modules whose functions are called; for BPF_PROG_LOAD */
	u32 fd_array_count;            /* 1: none are */
	struct core *core;             /* NULL until a program needs it */
	struct wanted wanted;          /* what the object names of the kernel's types */
	u32 parts_searched;            /* how many of kernel_btf's parts were looked through for it */
	struct ops_layout *ops;        /* [map index]: structs of functions; NULL until one is needed */
	bool pins_maps;                /* maps are pinned as they ask for; else they are only looked for */
	bool pins_stay;                /* pinned maps stay so when all is given back: the load has succeeded */
};

/* What came of loading one program. */
struct verdict {
	u32 insn_count;  /* as loaded, subprograms included */
	const char *log; /* the verifier's, in live->arena; NULL if it was not asked for one, or said nothing */
};

/* Sets up `live` for an object; nothing is loaded. -ENOMEM, or -errno with a message if --btf FILE is no good. */
int live_init(struct live *live, struct arena *arena, struct error *error, struct held *held,
	struct kernel_btf *kernel_btf, struct object *object);

/*
 * Loads the object's BTF; without BTF it does nothing. If the kernel refuses it even when cut down, programs and maps
 * load without, as they do in libbpf: then btf_fd stays 0, and the result is 0.
 */
int load_btf(struct live *live);

/*
 * Finds what each extern that is needed stands for: values of .kconfig variables go into the .kconfig map's first
 * value, kernel symbols and functions into live->externs.
 */
int load_externs(struct live *live);

/*
 * Finds one of live->wanted in the kernel's types, and whatever else of live->wanted is there; a module's are looked
 * through only if those before lack this one. False if there is none, with a message if that is for want of types.
 */
bool load_find_type(struct live *live, const struct wanted_type *type);

/* Creates all maps, or finds them pinned; fills those with a first value, and freezes those that hold constants. */
int load_maps(struct live *live);

/*
 * Once all programs are loaded: gives program arrays those they name. A program that was left out leaves its slot
 * empty. From here on pinned maps stay pinned.
 */
int load_prog_arrays(struct live *live);

/* Keeps constants that a program does not use alive with it, where the kernel can (5.10): bpftool reads them. */
void load_bind_constants(const struct live *live, int prog_fd);

/*
 * Loads program `index` of object->progs. Returns 0, or -errno with a message: for a rejected program the C line, the
 * instruction and the verifier's reason. `verdict` is filled in either way.
 */
int load_program(struct live *live, u32 index, struct verdict *verdict);

#endif
