/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_cut.h: an object's BTF, cut down to what a kernel knows.
 *
 * Compilers write kinds of types that older kernels refuse, and with one such type they refuse the whole BTF. So
 * every type that is too new is rewritten in place, into an older one of the same length:
 *
 *	kind			since	else
 *	---------------------------------------------------------------------------------
 *	FUNC, FUNC_PROTO	5.0	TYPEDEF; ENUM, a value for each parameter
 *	VAR, DATASEC		5.2	INT of one byte; UNION, a member for each variable
 *	FUNC, global		5.6	FUNC, static
 *	FLOAT			5.13	STRUCT of that size without members
 *	DECL_TAG		5.16	INT of one byte
 *	TYPE_TAG		5.17	CONST
 *	ENUM64, signed ENUM	6.0	UNION, a member for each value; ENUM
 *	DATASEC '?…'		6.9	DATASEC '_'
 *
 * As lengths stay, so do type ids and string offsets: what refers to them (.BTF.ext, a map's key and value type)
 * needs no change. Some of what compilers write is taken by no kernel, and goes the same way everywhere: extern
 * variables and functions, unnamed parameters of functions, sections that have no size, no variables, or functions.
 *
 *	+------------+-----------------+-----+------------------+-----+
 *	| 24 bytes   | types, the same | INT | strings, as were | "_" |	the blob; INT and "_" only if
 *	+------------+-----------------+-----+------------------+-----+	some rewritten type needs them
 *
 * Which kernel knows what is found out by trying (btf_probe_blob()), as distributions carry features back.
 * Sources: kernel/bpf/btf.c:btf_check_all_metas() and the *_check_meta() functions it calls.
 */
#ifndef RELOCATE_BTF_CUT_H
#define RELOCATE_BTF_CUT_H

#include "object/btf.h"

/* A mask of these says what a kernel knows. */
enum {
	BTF_HAS_FUNC = 1 << 0,
	BTF_HAS_DATASEC = 1 << 1, /* VAR, too */
	BTF_HAS_FUNC_GLOBAL = 1 << 2,
	BTF_HAS_FLOAT = 1 << 3,
	BTF_HAS_DECL_TAG = 1 << 4,
	BTF_HAS_TYPE_TAG = 1 << 5,
	BTF_HAS_ENUM64 = 1 << 6, /* ENUMs with a sign, too: they came together */
	BTF_HAS_QMARK_DATASEC = 1 << 7,
	BTF_FEATURE_COUNT = 8,
	BTF_HAS_ALL = (1 << BTF_FEATURE_COUNT) - 1,
};

/*
 * The smallest BTF that a kernel accepts exactly if it knows feature number `i` (< BTF_FEATURE_COUNT), ready for
 * BPF_BTF_LOAD: put together in `blob`, which `out` then points to.
 */
#define BTF_PROBE_MAX 96
void btf_probe_blob(u32 i, u8 *blob, struct bytes *out);

/*
 * The blob for BPF_BTF_LOAD on a kernel with these BTF_HAS_* features. `btf` stays as it is, as events are decoded
 * by it; the blob is the arena's. Data sections must have been completed before (btf_fix.h), or they are cut, too.
 * -ENOMEM.
 */
int btf_cut(struct arena *arena, struct error *error, const struct btf *btf, u32 features, struct bytes *blob);

#endif
