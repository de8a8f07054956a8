/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * struct_ops.h: a struct of functions, from the compiler's layout to the kernel's.
 *
 * The object was compiled against some kernel's struct NAME; the running kernel's has its members elsewhere, some more,
 * some fewer, and stands in a struct of its own, which is the map's value:
 *
 *	the object's					the kernel's
 *	struct tcp_congestion_ops mine = {		struct bpf_struct_ops_tcp_congestion_ops {
 *		.init = my_init,				struct bpf_struct_ops_common_value common;
 *		.name = "mine",					struct tcp_congestion_ops data;	<- by the members' names
 *	};						};
 *
 * Source: tools/lib/bpf/libbpf.c:bpf_map__init_kern_struct_ops(), whose results are matched.
 */
#ifndef RELOCATE_STRUCT_OPS_H
#define RELOCATE_STRUCT_OPS_H

#include "object/btf_view.h"
#include "object/object.h"

struct ops_layout {
	u32 value_type_id; /* the kernel's struct bpf_struct_ops_NAME; 0: this is no layout yet */
	u32 struct_id;     /* the kernel's struct NAME, which programs attach to */
	u8 *value;         /* the map's value, but for the programs */
	u32 value_size;
	int btf_fd; /* of the module's BTF that these types are in; 0: the kernel's own; filled in by who found it */
	struct ops_place {
		u32 member; /* which one of the kernel's struct: expected_attach_type */
		u32 offset; /* in `value`: where the program's descriptor goes */
	} * places;         /* [slot of the map] */
};

/* The kernel's name for the value of a map of that origin; NULL without memory. */
const char *ops_value_name(struct arena *arena, const struct object *object, const struct map_spec *map);

/*
 * Lays the map out by the types of `kernel`, in which `value_type_id` is the struct of that name. -EOPNOTSUPP with a
 * message for what the kernel's struct has not, or has otherwise; -EINVAL for types that make no sense; -ENOMEM.
 */
int ops_lay_out(struct arena *arena, struct error *error, const struct object *object, const struct map_spec *map,
	struct btf_view *kernel, u32 value_type_id, struct ops_layout *layout);

#endif
