/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fuzz_print.c: what an object's types and instructions look like as text. The input is an object.
 */
#include "base/text.h"
#include "object/btf_print.h"
#include "object/disasm.h"
#include "mutate_elf.h"
#include "walk_object.h"

FUZZ_MAIN

#define TYPES_MAX 300 /* printed per input */

static void print_types(const struct btf *btf)
{
	static char buf[1 << 16];

	for (u32 id = 0; id < btf->type_count && id < TYPES_MAX; id++) {
		struct text t = text_in(buf, sizeof(buf));

		btf_print_declaration(&t, btf, id, "name");
		btf_print_definition(&t, btf, id, 1);
		MUST(t.len < sizeof(buf) && !buf[t.len]);
	}
}

static void print_program(const struct prog_spec *prog)
{
	char buf[256];

	for (u32 i = 0, used; i < prog->insn_count; i += used) {
		struct text t = text_in(buf, sizeof(buf));

		used = insn_print(&t, &prog->insns[i], prog->insn_count - i, i & 1 ? "symbol" : NULL);
		MUST(used && used <= prog->insn_count - i);
	}
}

void fuzz(struct arena *arena, struct error *error, struct bytes input)
{
	struct object object;

	if (!fuzz_ok(error, object_open(arena, error, "fuzz.bpf.o", input, &object)))
		return;
	if (object.has_btf)
		print_types(&object.btf);
	for (u32 i = 0; i < object.prog_count; i++)
		print_program(&object.progs[i]);
}
