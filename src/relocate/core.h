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

#include "base/text.h"
#include "object/btf_view.h"
#include "object/object.h"

#define CORE_POISON 195896080 /* 0xbad2310: reads "bad relo" */

/* Where types are looked for: in the kernel first, in modules only for a name that the kernel has not. */
struct core_kernel {
	struct btf_view *vmlinux; /* or NULL */
	/* The i-th module's types, NULL behind the last one. NULL: there are none to ask. */
	struct btf_view *(*module)(void *context, u32 i);
	void *context;
};

struct core; /* what is known of one object against one kernel */

/*
 * Nothing is looked up yet. NULL without memory. All lives in the arena. Without vmlinux the kernel is one that has no
 * types at all: what asks for an offset is poisoned, what asks for existence is 0, and local type ids are as ever.
 * (libbpf refuses the whole object then, programs that never reach such an instruction included.)
 */
struct core *core_new(struct arena *arena, const struct object *object, const struct core_kernel *kernel);

/* What one record comes to in that kernel. */
struct core_result {
	bool exists;   /* it has such a thing */
	bool poison;   /* it has not, and there is no value that says so */
	u64 value;     /* the new value … */
	u64 original;  /* … and the one the instruction must hold now, */
	bool validate; /* if this says so */
	/* The size of the field, if one load or store reaches it; else 0. If they differ, the access is resized. */
	u32 original_size, new_size;
	bool cannot_resize; /* it cannot be, as one of the two is signed, or no number: poisoned, too */
};

/*
 * What a record comes to. 0 also for a record whose type or field is not there. -EINVAL with a message for a broken
 * record, for candidates in the kernel that disagree, and for kernel BTF that is broken.
 *
 * The order of questions matters where the kernel has several types of a name: a field that only one of them has
 * settles which one is meant, also for the questions that follow (libbpf does so). So questions about such types are
 * asked beforehand, in the order of the file.
 */
int core_resolve(struct core *core, struct error *error, const struct bpf_core_relo *relo, struct core_result *result);

/*
 * Patches a copy of one function's instructions. -EINVAL with a message for records that make no sense, for an
 * instruction that is none to patch or does not hold the value that the record says.
 */
int core_apply(struct core *core, struct error *error, const struct prog_spec *prog, struct bpf_insn *insns);

/*
 * The record for the instruction at `offset` bytes of a function's section, or NULL; and what it asks for, in words:
 * "field 'x' of struct a (CO-RE byte_off, access 0:1)". The text is cut at `size`.
 */
const struct bpf_core_relo *core_record_at(const struct object *object, const struct prog_spec *prog, u64 offset);
void core_describe(const struct object *object, const struct bpf_core_relo *relo, char *text, size_t size);

/* What a record asks, by the kernel's name for it: "byte_off"; "unknown". */
const char *core_kind_name(u32 kind);

/* What a record asks for within its type: ".x.y[3]", " AN_ENUMERATOR"; " access 0:9" if it makes no sense. */
void core_access_print(struct text *text, const struct btf *btf, const struct bpf_core_relo *relo);

/* Why the instruction there was poisoned, as a sentence; false if it was not. */
bool core_explain(struct core *core, const struct prog_spec *prog, u64 offset, char *text, size_t size);

/* Whether any record belongs to this function. */
bool core_is_needed(const struct object *object, const struct prog_spec *prog);

#endif
