/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * core_externs.h: kernel variables and functions that an object names with their types.
 *
 *	extern const struct rq runqueues __ksym;		VAR in the object	VAR in the kernel's BTF or a module's
 *	extern struct task_struct *bpf_task_acquire(…) __ksym;	FUNC			FUNC
 *
 * Found by name, a function's without its flavor (bpf_task_acquire___new), and only if the types fit, by the rules of
 * CO-RE. Source: tools/lib/bpf/libbpf.c:bpf_object__resolve_ksyms_btf_id().
 */
#ifndef RELOCATE_CORE_EXTERNS_H
#define RELOCATE_CORE_EXTERNS_H

#include "object/btf_view.h"
#include "relocate/link.h"

/* Whether that extern is to be found in BTF; a variable of type void is known by its address alone. */
bool extern_has_type(const struct object *object, const struct extern_spec *external);

/*
 * Looks for all externs that have a type, and are absent so far, in one BTF. Those found become EXTERN_BTF, with `btf_fd`.
 * *missing: how many were not. -EINVAL with a message for one of another type, unless it is a function, and weak.
 */
int extern_types_find(struct arena *arena, struct error *error, const struct object *object, struct btf_view *view,
	int btf_fd, struct extern_value *values, u32 *missing);

#endif
