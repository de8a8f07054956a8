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
#include "events/output.h"
#include "object/object.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

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
	char **command; /* what follows "--", NULL-terminated, or NULL */
	char **envp;

	enum output_format format;
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
	u32 index;        /* of the object, among options->objects */
	struct text *out; /* standard output */
	struct arena arena;
	struct bytes file;
	struct object object;
	struct error error;
};

/*
 * Does `work` with each object: says if it went well, or sets job->error. An object that cannot be read, an error, and an
 * output that cannot be written are reported. Returns the exit status.
 */
int cmd_each_object(const struct options *options, bool (*work)(struct job *job));

/* Writes out what is left. False if it cannot be, or could not before: the message is on stderr. */
bool cmd_flush(struct text *out);

/*
 * printf for JSON, in which ' stands for ". A %s is a string in quotes, or null for NULL; a %u a number.
 *
 *	cmd_json(out, "{'object':%s,'insns':%u}\n", "a.bpf.o", 12)	{"object":"a.bpf.o","insns":12}
 */
void cmd_json(struct text *out, const char *format, ...) CHECK_FORMAT(2, 3);

/* Prints an error to stderr, with the errno's name behind the first line. */
void cmd_report(const struct error *error);
/* Prints a line to stderr, after "loader: ". */
void cmd_say(const char *format, ...) CHECK_FORMAT(1, 2);

/* --btf FILE, or NULL: the types of the running kernel. */
const char *cmd_btf(const struct options *options);

/* With -v, has every call to the kernel printed to stderr from now on. */
void cmd_listen(const struct options *options);

/* Splits "NAME=VALUE"; the command line has checked that there is a '='. Returns the name, NULL without memory. */
const char *cmd_split(struct arena *arena, const char *assignment, const char **value);
/* Does what each --set says, to the first object that has such a variable. 0 or -errno with a message. */
int cmd_set(const struct options *options, struct arena *arena, struct error *error, struct object *objects, u32 count);

/* Whether program `prog` is to be loaded: as --only says, or else as its section says. */
bool cmd_wants(const struct options *options, const struct prog_spec *prog);
/* Whether each --only names a program of one of the objects; the message is on stderr if not. */
bool cmd_check_only(const struct options *options, const struct object *objects, u32 count);

/* Whether this process is the first one of a machine (not merely of a container). Mounts /proc to find out. */
bool cmd_is_init(void);

/* Runs as the first process of a machine: sets it up, lets a child process do `work`, and powers off. */
NORETURN void cmd_init(int (*work)(int argc, char **argv, char **envp), char **envp);

int cmd_run(const struct options *options);
int cmd_check(const struct options *options);
int cmd_show(const struct options *options);

/* `show` with --btf: whether an object would load on those kernels. */
bool show_portability(struct job *job);

#endif
