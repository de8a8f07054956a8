/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * core.h: CO-RE, compile once, run everywhere.
 *
 * The compiler leaves a record for each instruction that depends on how a kernel lays out its types: which instruction,
 * which type of the object's own BTF, an access such as "0:1:3", and what is asked about it (enum bpf_core_relo_kind).
 * The same type is looked for in the running kernel's BTF, the access is walked there, and the instruction is patched:
 *
 *	r1 = *(u32 *)(r2 + 1256)	BPF_CORE_FIELD_BYTE_OFFSET, struct task_struct, "0:54"	->  r2 + 1480
 *
 * What this kernel does not have makes the instruction a call of a helper that does not exist (CORE_POISON): the
 * verifier rejects it only if it is reached, and then core_describe() tells what was missing.
 *
 * Source: tools/lib/bpf/relo_core.c, whose results are matched.
 */
#ifndef RELOCATE_CORE_H
#define RELOCATE_CORE_H

#include "object/btf_view.h"
#include "object/object.h"

#define CORE_POISON 195896080 /* 0xbad2310: reads "bad relo" */

/* Where types are looked for: in the kernel first, in modules only for a name that the kernel has not. */
struct core_kernel {
	struct btf_view *vmlinux;
	/* The i-th module's types, NULL behind the last one. NULL: there are none to ask. */
	struct btf_view *(*module)(void *context, u32 i);
	void *context;
};

struct core; /* what is known of one object against one kernel */

/* Nothing is looked up yet. NULL without memory. All lives in the arena. */
struct core *core_new(struct arena *arena, const struct object *object, const struct core_kernel *kernel);

/* What one record comes to in that kernel. */
struct core_result {
	bool exists;   /* false: there is no such thing there, and the instruction is poisoned if it needs it */
	u64 value;     /* the new value … */
	u64 original;  /* … and the one the instruction must hold now, */
	bool validate; /* if this says so */
	/* The rest is core.c's: a load that changes its size. */
	u32 original_size, new_size;
	bool resize, cannot_resize;
};

/*
 * What a record comes to. 0 also for a record whose type or field is not there. -EINVAL with a message for a broken
 * record, and for candidates in the kernel that disagree.
 */
int core_resolve(struct core *core, struct error *error, const struct bpf_core_relo *relo, struct core_result *result);

/*
 * Patches a copy of one function's instructions. -EINVAL with a message for records that make no sense, for an
 * instruction that is none to patch or does not hold the value that the record says.
 */
int core_apply(struct core *core, struct error *error, const struct prog_spec *prog, struct bpf_insn *insns);

/*
 * The record for the instruction at `offset` bytes of a function's section, or NULL; and what it asks for, in words:
 * "field 'x' of struct a (CO-RE, byte offset, access 0:1)". The text is cut at `size`.
 */
const struct bpf_core_relo *core_record_at(const struct object *object, const struct prog_spec *prog, u64 offset);
void core_describe(const struct object *object, const struct bpf_core_relo *relo, char *text, size_t size);

/* Whether any record belongs to this function. */
bool core_is_needed(const struct object *object, const struct prog_spec *prog);

#endif
