/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_fix.h: what a compiler leaves open in BTF, filled in from the rest of the object.
 *
 * Where a global variable stands in its section is the linker's business, so clang writes zeros there; so does it
 * for the section's size. The symbol table knows both:
 *
 *	DATASEC .data   as compiled		completed
 *	size		0			24		of the section
 *	  VAR b		offset 0, size 16	offset 0	of symbol b
 *	  VAR a		offset 0, size 8	offset 16	… and in this order
 *
 * Externs in .kconfig stand in no section: their places are those that object_open() chose. And functions and
 * variables that only look global, being hidden from other objects (__hidden), become static: the kernel then
 * verifies a function where it is called, with what is known there of its arguments, and not on its own.
 */
#ifndef RELOCATE_BTF_FIX_H
#define RELOCATE_BTF_FIX_H

#include "object/object.h"

/*
 * Completes object->btf, in place; does nothing without BTF. To be called once, after object_open() and before
 * btf_cut(). -ENOENT, with a message, if a variable of a data section has no symbol, or one of .kconfig no extern;
 * -ENOMEM.
 */
int btf_fix(struct arena *arena, struct error *error, struct object *object);

#endif
