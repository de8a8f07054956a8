/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * core_parts.h: the steps of core_resolve(), one file each; for src/relocate/core*.c alone.
 *
 *	record: struct a, "0:1:3"
 *	  | core_spec_read()	by number, in the object's types
 *	  v
 *	struct core_spec	a, .x, [3], and where that is: bit 96
 *	  | core_spec_match()	by name, in each candidate of the kernel; types are compared in core_match.c
 *	  v
 *	struct core_spec	a, .x, [3], and where that is in this kernel: bit 160
 *	  | core_evaluate()	both, by the kind of question
 *	  v
 *	struct core_result	12 becomes 20
 *	  | core_patch()
 *	  v
 *	instruction
 */
#ifndef RELOCATE_CORE_PARTS_H
#define RELOCATE_CORE_PARTS_H

#include "relocate/core.h"

/* Types to walk through: the object's own, checked and indexed; or a kernel's or module's, looked at from afar. */
struct core_types {
	const struct btf *btf;
	struct btf_view *view; /* if there is no btf */
};

const struct btf_type *core_type(const struct core_types *types, u32 id);
const char *core_name(const struct core_types *types, u32 offset);
/* The type behind typedefs, const and the like. */
u32 core_behind(const struct core_types *types, u32 id);
/* False also for a size of 4 GiB and more. */
bool core_size_of(const struct core_types *types, u32 id, u32 *size);

/* The name of row `i`: a member or an enumerator. All of these rows begin with their name. */
const char *core_row_name(const struct core_types *types, const struct btf_type *t, u32 i);

#define CORE_PARTS_MAX 64 /* numbers in an access: BPF_CORE_SPEC_MAX_LEN (tools/lib/bpf/relo_core.h) */

/* One step of an access. */
struct core_step {
	const char *name; /* of a member or an enumerator; NULL: an element of an array */
	u32 type_id;      /* the struct, union or enum that has it; or the element's type */
	u32 index;
};

/* An access, walked. Anonymous structs and unions are no steps, but count as parts. */
struct core_spec {
	const struct core_types *types;
	u32 root;       /* the type it begins at */
	u32 bit_offset; /* where it ends */
	u32 parts;
	u32 len;
	struct core_step steps[CORE_PARTS_MAX]; /* none for questions about the type itself */
};

enum core_family { CORE_FIELD, CORE_TYPE, CORE_ENUMERATOR };

/* What a record asks about. Kinds that nobody knows are refused by core_spec_read(). */
enum core_family core_family(u32 kind);

/*
 * Walks a record's access through the object's types. -EINVAL with a message for one that makes no sense; then `spec`
 * holds what was walked so far.
 */
int core_spec_read(
	const struct core_types *types, struct error *error, const struct bpf_core_relo *relo, struct core_spec *spec);

/* One comparison of local with kernel types. */
struct core_compare {
	struct error *error;
	const struct core_types *local, *target;
	u32 *budget;
};

/* Counts one step of work. -E2BIG with a message once types are so entangled that a walk would take for ever. */
int core_spend(struct core_compare *c);

/* -EINVAL with a message: types go deeper than any walk goes. */
int core_too_deep(struct core_compare *c);

/* Finds what `local` describes in the kernel's type `id`. 1: found; 0: it is not there; -errno with a message. */
int core_spec_match(struct core_compare *c, u32 kind, const struct core_spec *local, u32 id, struct core_spec *target);

/* How two types compare, typedefs and the like apart. 1: they do; 0: they do not; -errno with a message. */
enum core_relation {
	CORE_READ,   /* can a field of the one type be read as one of the other? */
	CORE_FIT,    /* are they the same kind of thing? (CORE_TYPE, but TYPE_MATCHES) */
	CORE_MATCH,  /* do they have the same members, down to what pointers point at? (TYPE_MATCHES) */
	CORE_BEHIND, /* the same behind a pointer, where members do not count */
};
int core_compare(struct core_compare *c, u32 local_id, u32 target_id, enum core_relation relation);

/* Whether two names are the same but for their last flavors, ___X (bpf_core_names_match()). */
bool core_names_equal(const char *a, const char *b);

/* Struct or union; an enum of either size. */
bool core_is_composite(const struct btf_type *t);
bool core_is_enum(const struct btf_type *t);

/* What a question comes to, for object and kernel; `target` NULL: the kernel has it not. -errno with a message. */
int core_evaluate(struct error *error, u32 kind, const struct core_spec *local, const struct core_spec *target,
	struct core_result *result);

/* Patches instruction `i` of `count`. -EINVAL, -ERANGE with a message. */
int core_patch(struct error *error, struct bpf_insn *insns, u32 count, u32 i, const struct core_result *result);

#endif
