/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * words.h: what a relocation refers to, in words.
 */
#ifndef CMD_WORDS_H
#define CMD_WORDS_H

#include "base/text.h"
#include "object/object.h"

/* What a reference leads to, as in an instruction: "map[events]", "map[.bss][0]+8 <counter>", "bpf_kfunc". */
void reference_print(struct text *t, const struct object *object, const struct reference *ref);

/* What a CO-RE relocation asks of the kernel's types: "byte_off struct task_struct.real_parent". */
void core_relo_print(struct text *t, const struct btf *btf, const struct bpf_core_relo *relo);

#endif
