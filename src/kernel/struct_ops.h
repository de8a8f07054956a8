/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * struct_ops.h: the kernel's types behind structs of functions, for the maps and for the programs in them.
 */
#ifndef KERNEL_STRUCT_OPS_H
#define KERNEL_STRUCT_OPS_H

#include "kernel/attach_target.h"
#include "relocate/struct_ops.h"

/*
 * The layout of map `index`, by the types of the kernel or of a module; the answer is kept. -ENOENT with a message if
 * nobody has that kind of struct, or what ops_lay_out() says.
 */
int struct_ops_layout(struct live *live, u32 index, struct ops_layout **layout);

/* What program `index` attaches to: a member of the kernel's struct. -EINVAL with a message if no map names it. */
int struct_ops_target(struct live *live, u32 index, struct attach_target *target);

#endif
