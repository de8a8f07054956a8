/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * dump.h: the instructions that the kernel holds of programs, in a file: libbpf_load.c and own_load.c write it, diff.c
 * compares two. A record for each program: this header, and the instructions as BPF_OBJ_GET_INFO_BY_FD tells them.
 */
#ifndef CORPUS_DUMP_H
#define CORPUS_DUMP_H

struct dump_header {
	char name[124];
	unsigned insn_count;
};

#endif
