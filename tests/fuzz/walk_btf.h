/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * walk_btf.h: looks at everything that btf_open() and btf_ext_open() promise to be good.
 */
#ifndef FUZZ_WALK_BTF_H
#define FUZZ_WALK_BTF_H

#include "fuzz.h"
#include "object/btf_ext.h"

static inline void walk_names(const struct btf *btf, const struct btf_type *t)
{
	u32 kind = btf_kind(t);

	for (u32 i = 0; i < btf_vlen(t); i++) {
		if (kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION) {
			fuzz_string(btf_string(btf, btf_members(t)[i].name_off));
			fuzz_sum += btf_kind(btf_type(btf, btf_members(t)[i].type));
			fuzz_sum += btf_member_bit_offset(t, &btf_members(t)[i]);
		} else if (kind == BTF_KIND_FUNC_PROTO) {
			fuzz_string(btf_string(btf, btf_params(t)[i].name_off));
			fuzz_sum += btf_kind(btf_type(btf, btf_params(t)[i].type));
		} else if (kind == BTF_KIND_ENUM) {
			fuzz_string(btf_string(btf, btf_enums(t)[i].name_off));
		} else if (kind == KIND_ENUM64) {
			fuzz_string(btf_string(btf, btf_enum64s(t)[i].name_off));
		} else if (kind == BTF_KIND_DATASEC) {
			const struct btf_type *var = btf_type(btf, btf_secinfos(t)[i].type);

			MUST(btf_kind(var) == BTF_KIND_VAR || btf_kind(var) == BTF_KIND_FUNC);
			fuzz_sum += btf_kind(btf_type(btf, var->type));
		}
	}
}

static inline void walk_btf(const struct btf *btf)
{
	u64 size;

	MUST(!btf->strings_len || (!btf->strings[0] && !btf->strings[btf->strings_len - 1]));
	for (u32 id = 0; id < btf->type_count; id++) {
		const struct btf_type *t = btf_type(btf, id);
		u32 resolved = btf_resolve(btf, id);

		MUST(!id || btf_type_bytes(t));
		MUST(resolved < btf->type_count);
		MUST(btf_kind(btf_type(btf, resolved)) != BTF_KIND_TYPEDEF);
		fuzz_read(t, btf_type_bytes(t));
		fuzz_string(btf_name(btf, id));
		fuzz_string(btf_kind_name(btf_kind(t)));
		fuzz_sum += btf_size_of(btf, id, &size) ? size : 0;
		walk_names(btf, t);
	}
	fuzz_sum += btf_find(btf, BTF_KIND_STRUCT, "task");
}

static inline void walk_table(const struct btf_ext_table *table)
{
	for (u32 b = 0; b < table->block_count; b++) {
		const struct btf_ext_block *block = &table->blocks[b];

		fuzz_string(block->section_name);
		for (u32 i = 0; i < block->count; i++)
			fuzz_read(btf_ext_record(block, i), block->record_size);
		MUST(btf_ext_first(block, 0) == 0);
		MUST(btf_ext_first(block, 1ull << 32) == block->count);
	}
}

static inline void walk_btf_ext(const struct btf *btf, const struct btf_ext *ext)
{
	walk_table(&ext->func_info);
	walk_table(&ext->line_info);
	walk_table(&ext->core_relo);
	for (u32 b = 0; b < ext->line_info.block_count && b < 64; b++) {
		const struct bpf_line_info *line = btf_ext_line_at(&ext->line_info.blocks[b], 64);

		if (line) {
			fuzz_string(btf_string(btf, line->file_name_off));
			fuzz_string(btf_string(btf, line->line_off));
		}
	}
}

#endif
