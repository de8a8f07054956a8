/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * load.h: an object's BTF, maps and programs into the kernel.
 *
 * What the file asks for (struct object) and what the kernel gave (struct live) are kept apart. Each step below adds
 * descriptors to `live` and to live->held, which gives all of them back.
 *
 *	load_btf()	the object's types, cut down for an older kernel
 *	load_externs()	values for .kconfig variables
 *	load_maps()	created, filled, frozen where due
 *	load_program()	linked with the maps' descriptors, loaded, its verdict kept
 */
#ifndef KERNEL_LOAD_H
#define KERNEL_LOAD_H

#include "kernel/held.h"
#include "object/object.h"
#include "relocate/link.h"

struct live {
	struct arena *arena;
	struct error *error;
	struct held *held;
	struct object *object;
	int btf_fd;    /* 0: the kernel has no BTF of this object */
	int *map_fds;  /* [map index] */
	int *prog_fds; /* [prog index]; 0: not loaded */
};

/* What came of loading one program. */
struct verdict {
	u32 insn_count;  /* as loaded, subprograms included */
	const char *log; /* the verifier's, if it was asked for one; in live->arena */
};

/* Sets up `live` for an object; nothing is loaded. -ENOMEM. */
int live_init(struct live *live, struct arena *arena, struct error *error, struct held *held, struct object *object);

/*
 * Loads the object's BTF; without BTF it does nothing. If the kernel refuses it even when cut down, programs and maps
 * load without, as they do in libbpf: then btf_fd stays 0, and the result is 0.
 */
int load_btf(struct live *live);

/* Writes the values of .kconfig externs into the .kconfig map's first value. */
int load_externs(struct live *live);

/* Creates all maps; fills and freezes those that hold data. */
int load_maps(struct live *live);

/*
 * Loads program `index` of object->progs. Returns 0, or -errno with a message: for a rejected program the C line, the
 * instruction and the verifier's reason. `verdict` is filled in either way.
 */
int load_program(struct live *live, u32 index, struct verdict *verdict);

#endif
