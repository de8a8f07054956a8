/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * attach_target.h: the kernel's types that programs attach to.
 *
 * The verifier checks some kinds of programs against the very thing they attach to, and wants to be told at load which:
 * by the id of a type in the kernel's BTF or a module's (union bpf_attr: attach_btf_id, attach_btf_obj_fd).
 *
 *	section			type
 *	fentry/tcp_connect	FUNC tcp_connect			fexit, fmod_ret, fsession alike
 *	tp_btf/sched_switch	TYPEDEF btf_trace_sched_switch
 *	lsm/file_open		FUNC bpf_lsm_file_open			lsm_cgroup alike
 *	iter/task		FUNC bpf_iter_task
 *	fentry/nf_nat:FUNC	FUNC FUNC, in module nf_nat alone
 *	struct_ops		STRUCT tcp_congestion_ops		as its map says (struct_ops.h)
 */
#ifndef KERNEL_ATTACH_TARGET_H
#define KERNEL_ATTACH_TARGET_H

#include "kernel/load.h"

struct attach_target {
	u32 btf_id; /* 0: none */
	int btf_fd; /* of the module's BTF that the type is in; 0: the kernel's own */
	u32 member; /* a struct of functions: which one of them; it stands for an attach type */
};

/*
 * Finds what program `index` attaches to; `target` is empty if its kind needs none. -EINVAL for a section that names
 * no target, -ENOENT for a target that does not exist, or what kernel_btf_part() says.
 */
int attach_target_find(struct live *live, u32 index, struct attach_target *target);

#endif
