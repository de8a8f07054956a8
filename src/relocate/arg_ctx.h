/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * arg_ctx.h: parameters that say by a tag that they are the program's context (__arg_ctx).
 *
 * The kernel verifies a global function on its own, and must know which parameter is the context. As of 6.8 it takes
 * the tag's word for it, before then only the type's name. What that name is depends on the program, and programs of
 * several types may share the function. So each type of program gets a copy of the function's types, with the
 * parameter's type exchanged, and func_info of these programs points there:
 *
 *	FUNC f -> FUNC_PROTO (void *ctx, …)		as compiled, tagged
 *	FUNC f -> FUNC_PROTO (struct xdp_md *ctx, …)	for programs of type xdp
 *	FUNC f -> FUNC_PROTO (struct __sk_buff *ctx, …)	for programs of type sched_cls
 *
 * Younger kernels understand that as well, so that no kernel need be asked. Other tags of the function are copied.
 * Source: kernel/bpf/btf.c:btf_is_prog_ctx_type(), btf_validate_prog_ctx_type().
 */
#ifndef RELOCATE_ARG_CTX_H
#define RELOCATE_ARG_CTX_H

#include "object/object.h"

/*
 * Appends such copies to object->btf; types that are there keep their ids. To be called once, after btf_fix() and
 * before btf_cut(). Where that would be more than a kernel takes, nothing is done. -ENOMEM.
 */
int arg_ctx_add(struct arena *arena, struct error *error, struct object *object);

/* The type in func_info for function `func_id` when it is part of a program of that type: its copy, or itself. */
u32 arg_ctx_of(const struct object *object, u32 func_id, u32 prog_type);

#endif
