/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fuzz_core.c: CO-RE. The input is a kernel's BTF, an object's .BTF and its .BTF.ext, one behind the other; where the
 * first two end their own headers say. Every record is resolved, described, and patched into instructions that hold
 * what it expects.
 */
#include "bpf_insn.h"
#include "base/memory.h"
#include "relocate/core_parts.h"
#include "fuzz.h"

FUZZ_MAIN

#define RECORDS_MAX 200

/* The BTF blob that `rest` begins with, cut off. */
static bool cut_btf(struct bytes *rest, struct bytes *blob)
{
	struct btf_header header;
	u64 end;

	if (rest->size < sizeof(header))
		return false;
	memcpy(&header, rest->data, sizeof(header));
	end = (u64)header.hdr_len + header.str_off + header.str_len;
	if (end > rest->size)
		return false;
	*blob = (struct bytes){rest->data, (size_t)end};
	*rest = (struct bytes){rest->data + end, rest->size - (size_t)end};
	return true;
}

static void patch_all(struct error *error, const struct core_result *result)
{
	struct bpf_insn insns[] = {
		BPF_MOV64_IMM(BPF_REG_0, (s32)result->original),
		BPF_LD_IMM64(BPF_REG_0, result->original),
		BPF_LDX_MEM(BPF_W, BPF_REG_0, BPF_REG_1, (s16)result->original),
		BPF_STX_MEM(BPF_DW, BPF_REG_0, BPF_REG_1, (s16)result->original),
		BPF_ST_MEM(BPF_B, BPF_REG_0, (s16)result->original, 1),
		BPF_LD_IMM64(BPF_REG_0, result->original),
	};

	for (u32 i = 0; i < ARRAY_SIZE(insns); i++)
		fuzz_ok(error, core_patch(error, insns, ARRAY_SIZE(insns), i, result));
	/* The last load's second half is another's. */
	fuzz_ok(error, core_patch(error, insns, ARRAY_SIZE(insns) - 1, ARRAY_SIZE(insns) - 2, result));
	fuzz_read(insns, sizeof(insns));
}

static void resolve_all(struct error *error, struct core *core, const struct object *object)
{
	const struct btf_ext_table *table = &object->btf_ext.core_relo;
	u32 count = 0;

	for (u32 b = 0; b < table->block_count; b++)
		for (u32 i = 0; i < table->blocks[b].count && count++ < RECORDS_MAX; i++) {
			const struct bpf_core_relo *relo = btf_ext_record(&table->blocks[b], i);
			struct core_result result = {0}, again = {0};
			char words[200];

			core_describe(object, relo, words, sizeof(words));
			fuzz_string(words);
			if (!fuzz_ok(error, core_resolve(core, error, relo, &result)))
				continue;
			MUST(!core_resolve(core, error, relo, &again) && again.value == result.value);
			MUST(!result.poison || !result.exists);
			patch_all(error, &result);
		}
}

void fuzz(struct arena *arena, struct error *error, struct bytes input)
{
	struct object object = {.has_btf = true};
	struct bytes kernel, local;
	struct btf_view view;
	struct core_kernel core_kernel = {.vmlinux = &view};
	struct error broken = {0};
	u8 *exact, *exact_kernel;

	if (!cut_btf(&input, &kernel) || !cut_btf(&input, &local) ||
		!fuzz_ok(error, btf_open(arena, error, local, &object.btf)))
		return;
	exact = malloc(input.size);
	memcpy(exact, input.data, input.size);
	if (fuzz_ok(error,
		    btf_ext_open(arena, error, (struct bytes){exact, input.size}, &object.btf, &object.btf_ext))) {
		struct btf_source source = {.size = kernel.size};

		exact_kernel = malloc(kernel.size);
		memcpy(exact_kernel, kernel.data, kernel.size);
		source.data = exact_kernel;
		if (!btf_view_open(&view, arena, &broken, &source, NULL))
			resolve_all(error, core_new(arena, &object, &core_kernel), &object);
		core_kernel.vmlinux = NULL;
		resolve_all(error, core_new(arena, &object, &core_kernel), &object);
		free(exact_kernel);
	}
	free(exact);
}
