/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * listing.h: a program's instructions with the C between them.
 *
 *	; event.pid = bpf_get_current_pid_tgid() >> 32; @ exec.bpf.c:23	   .BTF.ext: line_info
 *	   4: (85) call bpf_get_current_pid_tgid#14			   the instruction
 *	   5: (77) r0 >>= 32
 *	; p = task->real_parent; @ exec.bpf.c:24
 *	   6: (79) r1 = *(u64 *)(r6 +1624)  ; CO-RE byte_off struct task_struct.real_parent
 *	   7: (18) r2 = map[events]					   .rel<section>, as a name
 *
 * The notation is the verifier's, so that a line of its log is found here again.
 */
#ifndef CMD_LISTING_H
#define CMD_LISTING_H

#include "cmd/cells.h"
#include "object/object.h"

/*
 * The whole program as text, two blanks in front of each line; or in JSON, the rows of a list, one an instruction:
 * {"insn":7,"text":"(18) r2 = map[events]"}, with "file", "line" and "source" where a line of C begins, and "core"
 * where the kernel's types decide.
 */
void listing_print(struct cells *c, const struct object *object, const struct prog_spec *prog);

#endif
