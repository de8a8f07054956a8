/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * cmd.h: the verbs, and what the command line gave them.
 *
 * loader.c reads the command line into one struct options and calls one function. Each verb prints its results to
 * stdout and everything else to stderr, and returns the exit status:
 *
 *	0	done
 *	1	the kernel, the object or the system said no; one message on stderr says what and why
 *	2	the command line is wrong (loader.c; and what only the files can tell: --only, and for show what is BTF)
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "base/types.h"
#include "cmd/cells.h"
#include "events/output.h"
#include "object/object.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

#define OPTION_LIST_MAX 64 /* how often one option may be given */

/*
 * The values of an option that may be given several times, in their order; NULL behind them, and if there are none.
 * NAME=VALUE is NAME here; option_value() has what stands behind it.
 */
struct option_list {
	const char *values[OPTION_LIST_MAX + 1];
	u32 count;
	u64 used; /* bit i: an object has what the i-th one names */
};

struct options {
	char **objects; /* paths */
	u32 object_count;
	char **command; /* what follows "--", NULL-terminated, or NULL */
	char **envp;

	enum output_format format;
	enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color;
	bool verbose, quiet;

	u64 count;                /* --count: stop after that many events; 0: never */
	u64 duration_ns;          /* --duration: stop after that time; 0: never */
	u64 pages;                /* --pages: a ring's size in pages of memory, a power of two; 0: a default */
	struct option_list only;  /* --only PROG */
	struct option_list set;   /* --set VAR=VALUE */
	struct option_list event; /* --event MAP=STRUCT */
	struct option_list btf;   /* --btf FILE: types of kernels to relocate against; `show` takes several */
};

/* The first value that is `name`, or NULL; all that are become used. */
const char *option_find(struct option_list *list, const char *name);
/* The first value that is not used, or NULL. */
const char *option_unused(const struct option_list *list);
/* VALUE, of NAME=VALUE. */
const char *option_value(const char *name);

/*
 * Reads object `index` of options->objects, and sets its variables as --set says: the first object with such a variable
 * has it set. Its bytes are the arena's. 0, or -errno with a message. After the last object also EXIT_USAGE, with a
 * message, if none has a program that --only names.
 */
int cmd_open(struct options *options, u32 index, struct arena *arena, struct error *error, struct object *object);

/* One object in the hands of a verb that takes them one by one. */
struct job {
	struct options *options;
	u32 index;          /* of the object, among options->objects */
	struct cells cells; /* to standard output: JSON, or a table */
	struct arena arena;
	struct object object;
	struct error error;
};

/*
 * Does `work` with each object: it returns an exit status, or sets job->error. An object that cannot be read, an error,
 * and an output that cannot be written are reported. Returns the highest status.
 */
int cmd_each_object(struct options *options, int (*work)(struct job *job));

/* The head of a verb's only table; it comes with the first row, once: no object, no table. */
void cmd_head(struct text *out, const char *head);

/* Writes out what is left. False if it cannot be, or could not before: the message is on stderr. */
bool cmd_flush(struct text *out);

/* Prints an error to stderr, with the errno's name behind the first line. */
void cmd_report(const struct error *error);
/* Prints a line to stderr, after "loader: ". */
void cmd_say(const char *format, ...) CHECK_FORMAT(1, 2);

/* As -v and --color say: has every call to the kernel printed to stderr from now on, and messages begin in color. */
void cmd_begin(const struct options *options);

/* No colors, unless by --color=always: NO_COLOR is set, or this is the first process of a machine. */
extern bool cmd_no_color;

/* Begins or ends a word in the color of good news or of bad, on stdout or stderr; nothing without color. */
#define COLOR_BAD  "\033[31m"
#define COLOR_GOOD "\033[32m"
#define COLOR_OFF  "\033[m"
void cmd_color(struct text *out, const char *sequence);

/* Whether program `prog` is to be loaded: as --only says, or else as its section says. */
bool cmd_wants(struct options *options, const struct prog_spec *prog);

/* load_program(); under -v a rejection comes with the verifier's whole log. */
struct live;
struct verdict;
int cmd_load_program(const struct options *options, struct live *live, u32 index, struct verdict *verdict);

/* Whether this process is the first one of a machine (not merely of a container). Mounts /proc to find out. */
bool cmd_is_init(void);

/* Runs as the first process of a machine: sets it up, lets a child process do `work`, and powers off. */
NORETURN void cmd_init(int (*work)(int argc, char **argv, char **envp), char **envp);

int cmd_run(struct options *options);
int cmd_check(struct options *options);
int cmd_show(struct options *options);

/* `show` with --btf: whether the objects would load on those kernels. */
int cmd_portability(struct options *options);

#endif
