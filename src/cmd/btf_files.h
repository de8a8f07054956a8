/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_files.h: which files of a command line hold the BTF of kernels.
 */
#ifndef CMD_BTF_FILES_H
#define CMD_BTF_FILES_H

#include "cmd/cmd.h"

struct btf_file {
	struct btf_file *next;
	const char *path;
};

/*
 * `--btf FILE… OBJ…`: only the first FILE is the option's value for the command line; those behind it stand among the
 * objects. Takes each for what it is: BTF and the files in folders go to *end, in the arena, in the order in which they
 * are given, those of a folder sorted; objects stay in `options`. EXIT_DONE, or EXIT_FAILED with a message on stderr.
 */
int btf_files_sort_out(struct arena *arena, struct options *options, struct btf_file **end);

#endif
