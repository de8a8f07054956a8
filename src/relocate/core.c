/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * core.c: CO-RE. See core.h.
 */
#include <linux/errno.h>
#include "base/string.h"
#include "relocate/core.h"

/* Finds the block of records for a function's section. */
static const struct btf_ext_block *block_of(const struct object *object, const struct prog_spec *prog)
{
	const struct btf_ext_table *table = &object->btf_ext.core_relo;

	for (u32 i = 0; i < table->block_count; i++)
		if (str_equal(table->blocks[i].section_name, object->elf.sections[prog->section].name))
			return &table->blocks[i];
	return NULL;
}

bool core_is_needed(const struct object *object, const struct prog_spec *prog)
{
	const struct btf_ext_block *block = block_of(object, prog);
	u32 i = block ? btf_ext_first(block, prog->offset) : 0;
	const struct bpf_core_relo *relo = block && i < block->count ? btf_ext_record(block, i) : NULL;

	return relo && relo->insn_off < prog->offset + prog->insn_count * sizeof(struct bpf_insn);
}

int core_apply(struct core *core, struct error *error, const struct prog_spec *prog, struct bpf_insn *insns)
{
	(void)core;
	(void)prog;
	(void)insns;
	return error_set(error, EOPNOTSUPP, "needs CO-RE relocations, which this loader cannot do yet");
}
