/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_print.h: types as C writes them.
 *
 *	struct comm_event {
 *		__u32 pid;                      // 0
 *		char comm[16];                  // 4
 *		                                // 20: 4 bytes of padding
 *		__u64 time_ns;                  // 24
 *	};                                      // 32 bytes
 *
 * Padding is worth a line: a program that sends such a struct off its stack without clearing it first is refused
 * by the verifier, which lets no program give away bytes that it never wrote.
 */
#ifndef OBJECT_BTF_PRINT_H
#define OBJECT_BTF_PRINT_H

#include "base/text.h"
#include "object/btf.h"

/*
 * Writes a declaration of `name` with type `id` (< type_count), without a semicolon: "char comm[16]",
 * "int (*compare)(const void *, const void *)". With an empty name, the type as in a cast: "struct event *".
 * Anonymous structs are "struct {...}". What is nested too deep, or goes in circles, is "...".
 */
void btf_print_declaration(struct text *t, const struct btf *btf, u32 id, const char *name);

/*
 * Writes to a text in memory what defines type `id`, semicolon and newline included: a struct, union or enum with its
 * members, or a typedef. Offsets, from the start of the outermost struct, and sizes are bytes; a bit field's offset is
 * "bytes:bits". Each line is indented by `indent` tabs. Of other types: nothing.
 */
void btf_print_definition(struct text *t, const struct btf *btf, u32 id, u32 indent);

#endif
