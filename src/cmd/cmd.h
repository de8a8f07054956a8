/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * cmd.h: the verbs, and what the command line gave them.
 *
 * loader.c reads the command line into one struct options and calls one function. Each verb prints its results to
 * stdout and everything else to stderr, and returns the exit status:
 *
 *	0	done
 *	1	the kernel, the object or the system said no; one message on stderr says what and why
 *	2	the command line is wrong (loader.c alone, and --only, which only the objects can judge)
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "base/types.h"
#include "cmd/cells.h"
#include "events/output.h"
#include "object/object.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

#define OPTION_LIST_MAX 64 /* how often one option may be given */

/* The values of an option that may be given several times, in their order; NULL behind them, and if there are none. */
struct option_list {
	const char *values[OPTION_LIST_MAX + 1];
	u32 count;
};

struct options {
	const char *verb;
	const char **objects; /* paths */
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

/* Reads an object file; its bytes are the arena's. 0 or -errno with a message. */
int cmd_open(struct arena *arena, struct error *error, const char *path, struct bytes *file, struct object *object);

/* One object in the hands of a verb that takes them one by one. */
struct job {
	const struct options *options;
	u32 index;          /* of the object, among options->objects */
	struct cells cells; /* to standard output: JSON, or a table */
	struct arena arena;
	struct bytes file;
	struct object object;
	struct error error;
};

/*
 * Does `work` with each object: it returns an exit status, or sets job->error. An object that cannot be read, an error, and
 * an output that cannot be written are reported. Returns the highest status.
 */
int cmd_each_object(const struct options *options, int (*work)(struct job *job));

/* Writes out what is left. False if it cannot be, or could not before: the message is on stderr. */
bool cmd_flush(struct text *out);

/* Prints an error to stderr, with the errno's name behind the first line. */
void cmd_report(const struct error *error);
/* Prints a line to stderr, after "loader: ". */
void cmd_say(const char *format, ...) CHECK_FORMAT(1, 2);

/* As -v and --color say: has every call to the kernel printed to stderr from now on, and messages begin in color. */
void cmd_begin(const struct options *options);

/* What begins and ends a word in the color of good news or of bad, on descriptor `fd`; empty strings without color. */
struct color {
	const char *on, *off;
};
struct color cmd_color(int fd, bool good);

/* Splits "NAME=VALUE"; the command line has checked that there is a '='. Returns the name, NULL without memory. */
const char *cmd_split(struct arena *arena, const char *assignment, const char **value);
/*
 * Does what each --set says, to the first of these objects that has such a variable. 0 or -errno with a message. If there
 * are more objects to come, it may be one of theirs.
 */
int cmd_set(const struct options *options, struct arena *arena, struct error *error, struct object *objects, u32 count,
	bool are_all);

/* Whether program `prog` is to be loaded: as --only says, or else as its section says. */
bool cmd_wants(const struct options *options, const struct prog_spec *prog);
/* Whether each --only names a program of one of these objects or of those asked about before; the message is on stderr if
 * not. There may be more to come here, too. */
bool cmd_check_only(const struct options *options, const struct object *objects, u32 count, bool are_all);

/* Whether this process is the first one of a machine (not merely of a container). Mounts /proc to find out. */
bool cmd_is_init(void);

/* Runs as the first process of a machine: sets it up, lets a child process do `work`, and powers off. */
NORETURN void cmd_init(int (*work)(int argc, char **argv, char **envp), char **envp);

int cmd_run(const struct options *options);
int cmd_check(const struct options *options);
int cmd_show(const struct options *options);

/* `show` with --btf: whether the objects would load on those kernels. */
int cmd_portability(const struct options *options);

#endif
