/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * common.c: what the verbs share. See cmd.h.
 */
#include <asm-generic/ioctls.h>
#include "base/memory.h"
#include "base/string.h"
#include "base/sys.h"
#include "cmd/cmd.h"
#include "kernel/call.h"
#include "object/set.h"

static struct {
	bool ask, always; /* --color=auto, --color=always */
} color;
static char line[512]; /* for stderr: each message is written out before the next begins */

int cmd_open(struct arena *arena, struct error *error, const char *path, struct bytes *file, struct object *object)
{
	int err = file_read_parts(arena, error, path, SIZE_MAX_OBJECT, elf_next_part, file);

	err = err ? err : object_open(arena, error, path, *file, object);
	if (!err && object->btf_problem)
		cmd_say("%s: taken for an object without BTF: %s", path, object->btf_problem);
	return err;
}

int cmd_each_object(const struct options *options, int (*work)(struct job *job))
{
	char buf[8192];
	struct text out = text_to(1, buf, sizeof(buf));
	int status = EXIT_DONE;

	for (u32 i = 0; i < options->object_count; i++) {
		struct job job = {.options = options, .index = i, .cells = {.out = &out, .due = "{"}};

		job.cells.mode = options->format == FORMAT_TABLE ? CELLS_TABLE : CELLS_JSON;
		int result = EXIT_DONE;

		if (!cmd_open(&job.arena, &job.error, options->objects[i], &job.file, &job.object))
			result = work(&job);
		if (job.error.errnum) {
			cmd_report(&job.error);
			result = EXIT_FAILED;
		}
		status = MAX(status, result);
		arena_release(&job.arena);
	}
	return cmd_flush(&out) ? status : EXIT_FAILED;
}

bool cmd_flush(struct text *out)
{
	if (text_flush(out))
		cmd_say("standard output cannot be written (%s)", errno_name(out->error));
	return !out->error;
}

struct color cmd_color(int fd, bool good)
{
	u8 termios[64]; /* struct termios of any kernel is shorter */

	if (!color.always && (!color.ask || sys_ioctl(fd, TCGETS, (unsigned long)termios)))
		return (struct color){"", ""};
	return (struct color){good ? "\033[32m" : "\033[31m", "\033[m"};
}

void cmd_report(const struct error *error)
{
	const char *newline = str_find(error->message, '\n');
	size_t first = newline ? (size_t)(newline - error->message) : str_len(error->message);

	cmd_say("%.*s (%s)%s", (int)first, error->message, errno_name(error->errnum), newline ? newline : "");
}

void cmd_say(const char *format, ...)
{
	struct text text = text_to(2, line, sizeof(line));
	struct color bad = cmd_color(2, false);
	va_list args;

	text_printf(&text, "%sloader:%s ", bad.on, bad.off);
	va_start(args, format);
	text_vprintf(&text, format, args);
	va_end(args);
	text_char(&text, '\n');
	text_flush(&text);
}

static void print_call(void *context, const char *call, long result)
{
	struct text text = text_to(2, line, sizeof(line));

	(void)context;
	text_printf(&text, "%s = ", call);
	if (result < 0)
		text_printf(&text, "-1 %s\n", errno_name((int)result));
	else
		text_printf(&text, "%ld\n", result);
	text_flush(&text);
}

void cmd_begin(const struct options *options)
{
	static const struct kernel_listener listener = {print_call, NULL};
	bool no_color = false;

	for (char **variable = options->envp; *variable; variable++)
		no_color |= str_starts(*variable, "NO_COLOR=");
	color.always = options->color == COLOR_ALWAYS;
	color.ask = options->color == COLOR_AUTO && !no_color;
	if (options->verbose)
		kernel_listen(&listener);
}

const char *cmd_split(struct arena *arena, const char *assignment, const char **value)
{
	const char *equals = str_find(assignment, '=');

	*value = equals + 1;
	return arena_string(arena, assignment, (size_t)(equals - assignment));
}

int cmd_set(const struct options *options, struct arena *arena, struct error *error, struct object *objects, u32 count,
	bool are_all)
{
	static u64 found; /* bit i: the i-th value had its variable */
	int err = 0;

	for (u32 i = 0; !err && i < options->set.count; i++) {
		const char *value, *name = cmd_split(arena, options->set.values[i], &value);
		struct variable ignored;
		u32 o = 0;

		if (!name)
			return error_no_memory(error);
		while (o < count && !object_find_variable(&objects[o], name, &ignored))
			o++;
		if (o == count && (!are_all || found >> i & 1))
			continue;
		found |= 1ULL << i;
		err = object_set(arena, error, &objects[MIN(o, count - 1)], name, value);
	}
	return err;
}

bool cmd_wants(const struct options *options, const struct prog_spec *prog)
{
	for (u32 i = 0; i < options->only.count; i++)
		if (!prog->is_subprogram && str_equal(options->only.values[i], prog->name))
			return true;
	return !options->only.count && prog->autoload;
}

bool cmd_check_only(const struct options *options, const struct object *objects, u32 count, bool are_all)
{
	static u64 found; /* bit i: the i-th value had its program */

	for (u32 i = 0; i < options->only.count; i++) {
		u32 o = 0;

		while (o < count && !object_find_prog(&objects[o], options->only.values[i]))
			o++;
		found |= (u64)(o < count) << i;
		if (!are_all || found >> i & 1)
			continue;
		cmd_say("--only %s: no object has a program of that name", options->only.values[i]);
		return false;
	}
	return true;
}
