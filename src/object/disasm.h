/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * disasm.h: an instruction as text, the way the kernel's verifier writes it.
 *
 * One notation for `show`, for a rejected program and for the verifier's own log, so that what stands in the one
 * can be found in the other:
 *
 *	code  dst src  off   imm                          (opcode) text
 *	+----+---+---+-----+-----------+
 *	| 79 | 1 | 6 | 8   | 0         |  eight bytes  ->  (79) r1 = *(u64 *)(r6 +8)
 *	+----+---+---+-----+-----------+
 *	  8    4   4   16    32 bits
 */
#ifndef OBJECT_DISASM_H
#define OBJECT_DISASM_H

#include <linux/bpf.h>
#include "base/text.h"

/*
 * Writes one instruction to `t`, without a newline: "(bf) r6 = r1". `left` says how many instructions there are
 * from here on, at least 1: a 64-bit load takes two. `symbol` stands for what the instruction loads or calls if the
 * caller knows that better than the instruction does ("map[events]", a function's name), else NULL.
 * What no kernel knows is written as "(xx) unknown" with its fields. Returns the instructions used, 1 or 2.
 */
u32 insn_print(struct text *t, const struct bpf_insn *insn, u32 left, const char *symbol);

#endif
