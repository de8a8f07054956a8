/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fuzz_btf.c: btf_open(), and every type, name and reference in what it accepts.
 */
#include "fuzz.h"
#include "walk_btf.h"

FUZZ_MAIN

void fuzz(struct arena *arena, struct error *error, struct bytes input)
{
	struct btf btf;

	if (fuzz_ok(error, btf_open(arena, error, input, &btf)))
		walk_btf(&btf);
}
