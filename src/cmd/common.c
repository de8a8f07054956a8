/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * common.c: what the verbs share. See cmd.h.
 */
#include <asm-generic/ioctls.h>
#include <linux/errno.h>
#include "base/memory.h"
#include "base/nearest.h"
#include "base/string.h"
#include "base/sys.h"
#include "cmd/cmd.h"
#include "kernel/call.h"
#include "kernel/load.h"
#include "object/set.h"

bool cmd_no_color;
static bool is_colored[3]; /* [descriptor] */
static char line[512];     /* for stderr: each message is written out before the next begins */

const char *option_find(struct option_list *list, const char *name)
{
	const char *found = NULL;

	for (u32 i = list->count; i-- > 0;)
		if (str_equal(list->values[i], name)) {
			list->used |= 1ull << i;
			found = list->values[i];
		}
	return found;
}

const char *option_unused(const struct option_list *list)
{
	u32 i = 0;

	while (i < list->count && list->used >> i & 1)
		i++;
	return list->values[i];
}

const char *option_value(const char *name)
{
	return name + str_len(name) + 1; /* the command line is cut at the '=' */
}

int cmd_open(struct options *options, u32 index, struct arena *arena, struct error *error, struct object *object)
{
	const char *path = options->objects[index];
	struct option_list *set = &options->set, *only = &options->only;
	static struct nearest nearest;
	struct variable variable;
	struct bytes file;
	int err = file_read_parts(arena, error, path, SIZE_MAX_OBJECT, elf_next_part, &file);

	err = err ? err : object_open(arena, error, path, file, object);
	if (err)
		return err;
	if (object->btf_problem)
		cmd_say("%s: taken for an object without BTF: %s", path, object->btf_problem);
	for (u32 i = 0; i < only->count; i++)
		only->used |= (u64) !!object_find_prog(object, only->values[i]) << i;
	for (u32 i = 0; !err && i < set->count; i++)
		if (!(set->used >> i & 1) && object_find_variable(object, set->values[i], &variable)) {
			set->used |= 1ull << i;
			err = object_set(arena, error, object, set->values[i], option_value(set->values[i]));
		}
	if (nearest.wanted != option_unused(only))
		nearest = (struct nearest){.wanted = option_unused(only)};
	for (u32 i = 0; nearest.wanted && i < object->prog_count; i++)
		nearest_look(&nearest, object->progs[i].name);
	if (err || index + 1 < options->object_count)
		return err;
	if (option_unused(set))
		return object_set(arena, error, object, option_unused(set), ""); /* it knows what to say */
	if (!nearest.wanted)
		return 0;
	error_set(error, ENOENT, "--only %s: no object has a program of that name", nearest.wanted);
	nearest_hint(error, &nearest);
	return EXIT_USAGE;
}

int cmd_each_object(struct options *options, int (*work)(struct job *job))
{
	char buf[8192];
	struct text out = text_to(1, buf, sizeof(buf));
	int status = EXIT_DONE;

	for (u32 i = 0; i < options->object_count; i++) {
		struct job job = {.options = options, .index = i, .cells = {.out = &out, .due = "{"}};
		int result = cmd_open(options, i, &job.arena, &job.error, &job.object);

		job.cells.mode = options->format == FORMAT_TABLE ? CELLS_TABLE : CELLS_JSON;
		result = result ? result : work(&job);
		if (job.error.errnum) {
			cmd_report(&job.error);
			result = MAX(result, EXIT_FAILED);
		}
		status = MAX(status, result);
		if (i + 1 < options->object_count) /* with the last one the process ends */
			arena_release(&job.arena);
	}
	return cmd_flush(&out) ? status : EXIT_FAILED;
}

void cmd_head(struct text *out, const char *head)
{
	static bool is_written;

	if (!is_written)
		text_string(out, head);
	is_written = true;
}

bool cmd_flush(struct text *out)
{
	if (text_flush(out))
		cmd_say("standard output cannot be written%s (%s)",
			out->error == -EAGAIN ? ": its reader takes nothing" : "", errno_name(out->error));
	return !out->error;
}

void cmd_color(struct text *out, const char *sequence)
{
	if (is_colored[out->fd])
		text_string(out, sequence);
}

void cmd_report(const struct error *error)
{
	int first = 0;

	while (error->message[first] && error->message[first] != '\n')
		first++;
	cmd_say("%.*s (%s)%.*s", first, error->message, errno_name(error->errnum), 1 << 30, error->message + first);
}

void cmd_say(const char *format, ...)
{
	struct text text = text_to(2, line, sizeof(line));
	va_list args;

	cmd_color(&text, COLOR_BAD);
	text_string(&text, "loader: ");
	cmd_color(&text, COLOR_OFF);
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
	static u8 termios[64]; /* struct termios of any kernel is shorter */

	for (char **variable = options->envp; *variable; variable++)
		cmd_no_color |= str_starts(*variable, "NO_COLOR=") && (*variable)[9];
	for (int fd = 1; fd <= 2; fd++)
		is_colored[fd] = options->color ? options->color == COLOR_ALWAYS
						: !cmd_no_color && !sys_ioctl(fd, TCGETS, (unsigned long)termios);
	if (options->verbose)
		kernel_listen(&listener);
}

bool cmd_wants(struct options *options, const struct prog_spec *prog)
{
	return options->only.count ? !prog->is_subprogram && option_find(&options->only, prog->name) : prog->autoload;
}

int cmd_load_program(const struct options *options, struct live *live, u32 index, struct verdict *verdict)
{
	int err = load_program(live, index, verdict);

	if (err && options->verbose && verdict->log)
		cmd_say("the verifier's log:\n%.*s", 1 << 30, verdict->log);
	return err;
}
