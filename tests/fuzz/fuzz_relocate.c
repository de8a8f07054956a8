/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fuzz_relocate.c: each program of an object linked with descriptors that are mere numbers; and its types completed and
 * cut down to what kernels of several ages know. What comes of that must be good BTF again.
 */
#include "relocate/arg_ctx.h"
#include "relocate/btf_cut.h"
#include "relocate/btf_fix.h"
#include "relocate/link.h"
#include "mutate_elf.h"
#include "walk_object.h"

FUZZ_MAIN

#define PROGRAMS_MAX 16 /* linked per input; one is as good as the next */

static void walk_image(const struct object *object, const struct prog_image *image)
{
	u64 offset;

	MUST(image->insn_count && image->part_count);
	fuzz_read(image->insns, (u64)image->insn_count * sizeof(*image->insns));
	fuzz_read(image->func_info, (u64)image->func_info_count * sizeof(*image->func_info));
	fuzz_read(image->line_info, (u64)image->line_info_count * sizeof(*image->line_info));
	for (u32 i = 0; i < image->func_info_count; i++)
		MUST(image->func_info[i].insn_off < image->insn_count &&
			image->func_info[i].type_id < object->btf.type_count);
	for (u32 i = 0; i < image->line_info_count; i++) {
		MUST(image->line_info[i].insn_off < image->insn_count);
		fuzz_string(btf_string(&object->btf, image->line_info[i].line_off));
	}
	for (u32 i = 0; i < image->insn_count; i += 1 + i / 4)
		MUST(image_origin(image, i, &offset));
	/* Calls within the program stay within it. */
	for (u32 i = 0; i < image->insn_count; i++) {
		const struct bpf_insn *insn = &image->insns[i];

		if (insn->code == (BPF_JMP | BPF_CALL) && insn->src_reg == BPF_PSEUDO_CALL)
			MUST((u64)((s64)i + insn->imm + 1) < image->insn_count);
	}
}

static void cut(struct arena *arena, struct error *error, const struct btf *btf, u32 features)
{
	struct bytes blob;
	struct btf again;

	if (!fuzz_ok(error, btf_cut(arena, error, btf, features, &blob)))
		return;
	MUST(!btf_open(arena, error, blob, &again));
	MUST(again.type_count >= btf->type_count);
	walk_btf(&again);
}

void fuzz(struct arena *arena, struct error *error, struct bytes input)
{
	struct object object;
	struct prog_image image;
	struct extern_value *values;
	struct link_input given;
	int *fds;

	if (!fuzz_ok(error, object_open(arena, error, "fuzz.bpf.o", input, &object)))
		return;
	fds = arena_alloc_array(arena, object.map_count, sizeof(*fds));
	values = arena_alloc_array(arena, object.extern_count, sizeof(*values));
	for (u32 i = 0; i < object.extern_count; i++)
		values[i] = (struct extern_value){(enum extern_state)(i % 4), U64_MAX - i, i, (int)i, (u16)i};
	given = (struct link_input){fds, values, NULL};
	for (u32 i = 0; i < object.map_count; i++)
		fds[i] = (int)i + 3;
	for (u32 i = 0, done = 0; i < object.prog_count && done < PROGRAMS_MAX; i++)
		if (!object.progs[i].is_subprogram && ++done &&
			fuzz_ok(error, link_program(arena, error, &object, &object.progs[i], &given, &image)))
			walk_image(&object, &image);
	if (!object.has_btf || !fuzz_ok(error, btf_fix(arena, error, &object)) ||
		!fuzz_ok(error, arg_ctx_add(arena, error, &object)))
		return;
	cut(arena, error, &object.btf, BTF_HAS_ALL);
	cut(arena, error, &object.btf, BTF_HAS_FUNC | BTF_HAS_DATASEC);
	cut(arena, error, &object.btf, 0);
}
