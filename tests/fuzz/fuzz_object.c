/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fuzz_object.c: object_open() as a whole, and other values for the variables it found.
 */
#include "object/set.h"
#include "mutate_elf.h"
#include "walk_object.h"

FUZZ_MAIN

void fuzz(struct arena *arena, struct error *error, struct bytes input)
{
	struct object object;

	if (!fuzz_ok(error, object_open(arena, error, "fuzz.bpf.o", input, &object)))
		return;
	walk_object(&object);
	for (u32 i = 0; i < object.elf.symbol_count && i < 64; i++) {
		const char *name = object.elf.symbols[i].name;

		fuzz_ok(error, object_set(arena, error, &object, name, "-1"));
		fuzz_ok(error, object_set(arena, error, &object, name, "some text"));
	}
}
