/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * wanted.h: what an object names of the kernel's types, looked for all at once.
 *
 *	in the object						in the kernel's BTF or a module's
 *	extern const struct rq runqueues __ksym;		VAR runqueues
 *	extern struct task_struct *bpf_task_acquire(…) __ksym;	FUNC bpf_task_acquire
 *	SEC("fentry/tcp_connect"), SEC("tp_btf/sched_switch")	FUNC tcp_connect, TYPEDEF btf_trace_sched_switch
 *	SEC("fentry/nf_nat:FUNC")				FUNC FUNC, in module nf_nat alone
 *	SEC(".struct_ops") struct tcp_congestion_ops mine	STRUCT bpf_struct_ops_tcp_congestion_ops
 *
 * A function that is called is found without its flavor (bpf_task_acquire___new). What a section names,
 * hook_type() says. Types of CO-RE are core.c's.
 */
#ifndef RELOCATE_WANTED_H
#define RELOCATE_WANTED_H

#include "object/btf_view.h"
#include "object/object.h"

struct wanted_type {
	struct btf_query *query; /* NULL: nothing is named */
	const char *module;      /* in no other, `module_len` characters; NULL: in any */
	size_t module_len;
	u32 id; /* 0: it is not found so far; else in … */
	struct btf_view *view;
	int btf_fd; /* … of which this is the descriptor; 0: the kernel's own */
};

struct wanted {
	struct wanted_type *externs, *progs, *maps; /* [index of each], end to end */
	u32 count;                                  /* of all */
	struct btf_query *queries;
	u32 query_count;
};

/* Lists them. -ENOMEM with a message. */
int wanted_list(struct arena *arena, struct error *error, const struct object *object, struct wanted *wanted);

/*
 * Looks in one BTF for what is not found so far; `name` is the module's, NULL: it counts as any. -errno with a message
 * for BTF that is broken.
 */
int wanted_find(struct wanted *wanted, struct error *error, struct btf_view *view, int btf_fd, const char *name);

/*
 * Whether what was found for an extern is of the type that the object says, by the rules of CO-RE
 * (tools/lib/bpf/libbpf.c:bpf_object__resolve_ksyms_btf_id()). 0: it is not, but the extern is a weak function; -EINVAL
 * with a message for others.
 */
int wanted_fits(struct error *error, const struct object *object, const struct extern_spec *external,
	const struct wanted_type *type);

#endif
