/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * cmd.h: the verbs, and what the command line gave them.
 *
 * loader.c reads the command line into one struct options and calls one function. Each verb prints its results to
 * stdout and everything else to stderr, and returns the exit status:
 *
 *	0	done
 *	1	the kernel, the object or the system said no; one message on stderr says what and why
 *	2	the command line is wrong (loader.c alone, and values that only the object can judge)
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "base/types.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };
enum output_format { FORMAT_TABLE, FORMAT_JSON, FORMAT_RAW };

#define OPTION_LIST_MAX 64 /* how often one option may be given */

/* The values of an option that may be given several times, in their order. */
struct option_list {
	const char *values[OPTION_LIST_MAX];
	u32 count;
};

struct options {
	const char *verb;
	const char **objects; /* paths */
	u32 object_count;
	char **command;	 /* what follows "--", NULL-terminated, or NULL */
	char **envp;

	enum output_format format;
	bool verbose, quiet;
	bool is_init; /* this process is PID 1 of a machine */

	struct option_list only;  /* --only PROG */
	struct option_list set;	  /* --set VAR=VALUE */
	struct option_list event; /* --event MAP=STRUCT */
	u64 count;		  /* --count: stop after that many events; 0: never */
	u64 duration_ns;	  /* --duration: stop after that time; 0: never */
	u64 pages;		  /* --pages: a ring's size in pages of memory, a power of two; 0: a default */
};

int cmd_run(const struct options *options);
int cmd_check(const struct options *options);
int cmd_show(const struct options *options);

#endif
