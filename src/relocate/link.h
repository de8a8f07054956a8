/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * link.h: from a program as the file has it to a program the kernel takes.
 *
 * The kernel knows no sections, symbols or relocations: it takes one run of instructions, with descriptors for maps
 * and distances for calls. So each program is copied, with a copy of every function it needs behind it, in the order in
 * which they are first mentioned, and everything that pointed somewhere in the file points somewhere in that run:
 *
 *	in the file						in the image
 *	kprobe/x:  call -1	(reloc: helper_a)		main:      call +2	src_reg 1
 *	           r1 = 0 ll	(reloc: events)		           r1 = map[fd 5] ll	src_reg 1
 *	.text:     helper_a: …					helper_a:  …
 *
 * func_info and line_info are moved the same way. No kernel is touched: descriptors are numbers handed in.
 */
#ifndef RELOCATE_LINK_H
#define RELOCATE_LINK_H

#include "object/object.h"
#include "relocate/core.h"

struct prog_image {
	struct bpf_insn *insns;
	u32 insn_count;
	/* For BPF_PROG_LOAD; insn_off counts instructions. Empty unless complete: the kernel wants all or nothing. */
	struct bpf_func_info *func_info;
	u32 func_info_count;
	struct bpf_line_info *line_info;
	u32 line_info_count;
	/* Which function each part came from, for messages: parts[0] is the program itself. */
	struct image_part {
		const struct prog_spec *prog;
		u32 start; /* index of its first instruction in insns */
	} * parts;
	u32 part_count;
};

/* What an extern came to. */
struct extern_value {
	enum extern_state {
		EXTERN_ABSENT,  /* weak, and not there: reads as 0, and a call of it is poisoned (KFUNC_POISON) */
		EXTERN_VALUE,   /* EXTERN_KCONFIG: its value stands in the .kconfig map */
		EXTERN_ADDRESS, /* a kernel symbol known by its address alone */
		EXTERN_BTF,     /* a kernel variable or function known by its BTF */
	} state;
	u64 address;
	u32 btf_id;   /* in the kernel's or the module's BTF */
	int btf_fd;   /* of the module's BTF; 0: the kernel's own */
	u16 fd_index; /* EXTERN_KFUNC in a module: its place in fd_array; 0: the kernel's own */
};

#define KFUNC_POISON 2002000000 /* plus the extern's index: a helper that no kernel has, as libbpf writes it */

/* What the kernel gave so far, and what is known of it. */
struct link_input {
	const int *map_fds;                 /* [map index] */
	const struct extern_value *externs; /* [extern index] */
	struct core *core;                  /* NULL: there is no kernel to relocate against */
};

/*
 * Links one entry program. The image lives in the arena. -EINVAL, -EOPNOTSUPP, -ENOMEM; the message names
 * function and instruction, but not the program.
 */
int link_program(struct arena *arena, struct error *error, const struct object *object, const struct prog_spec *prog,
	const struct link_input *input, struct prog_image *image);

/* The function and the place in its ELF section that instruction `insn` of an image came from. */
const struct prog_spec *image_origin(const struct prog_image *image, u32 insn, u64 *section_offset);

#endif
