/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fuzz_btf_ext.c: btf_ext_open(). The input is a .BTF section and behind it a .BTF.ext section; where the one ends
 * its own header says.
 */
#include "base/memory.h"
#include "walk_btf.h"

FUZZ_MAIN

void fuzz(struct arena *arena, struct error *error, struct bytes input)
{
	struct btf_header header;
	struct btf_ext ext;
	struct btf btf;
	u64 end;
	u8 *exact;
	int err;

	if (input.size < sizeof(header))
		return;
	memcpy(&header, input.data, sizeof(header));
	end = (u64)header.hdr_len + header.str_off + header.str_len;
	if (end > input.size || !fuzz_ok(error, btf_open(arena, error, (struct bytes){input.data, end}, &btf)))
		return;
	exact = malloc(input.size - end);
	memcpy(exact, input.data + end, input.size - end);
	err = btf_ext_open(arena, error, (struct bytes){exact, input.size - end}, &btf, &ext);
	free(exact);
	if (fuzz_ok(error, err))
		walk_btf_ext(&btf, &ext);
}
