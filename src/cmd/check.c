/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * check.c: `loader check`: would the kernel take it?
 *
 * Loads every program that a run would load, one by one, reports the verifier's verdict on each, and gives all of it
 * back. Nothing is attached.
 *
 *	-o json, a line a program:
 *	{"object":"x.bpf.o","program":"f","section":"kprobe/g","type":"kprobe","verdict":"ok","errno":null,"insns":12,
 *	 "log":null}
 *
 * The verdict is ok, rejected, or skipped ('?' sections, and what --only leaves out). For a rejected program `log` is
 * the verifier's log if there is one, else the message.
 */
#include "base/string.h"
#include "cmd/cmd.h"
#include "kernel/load.h"

struct row {
	const struct prog_spec *prog;
	const char *verdict;
	const struct error *error; /* of a rejected program */
	struct verdict result;
};

static void print_json(struct text *out, const struct object *object, const struct row *row)
{
	const char *type = row->prog->hook ? prog_type_name(row->prog->hook->prog_type) : "unspec";
	const char *log = row->error ? row->error->message : NULL;

	/* A kernel may refuse without a word, and then the log is empty. */
	if (row->result.log && *row->result.log)
		log = row->result.log;
	text_string(out, "{\"object\":");
	text_json(out, object->path, str_len(object->path));
	text_json_member(out, "program", row->prog->name);
	text_json_member(out, "section", row->prog->section_name);
	text_json_member(out, "type", type);
	text_json_member(out, "verdict", row->verdict);
	text_json_member(out, "errno", row->error ? errno_name(row->error->errnum) : NULL);
	text_printf(out, ",\"insns\":%u", row->result.insn_count);
	text_json_member(out, "log", log);
	text_string(out, "}\n");
}

static void print_table(struct text *out, const struct object *object, const struct row *row)
{
	static bool has_header; /* it comes with the first row: no object, no table */
	const char *type = row->prog->hook ? prog_type_name(row->prog->hook->prog_type) : "?";

	(void)object;
	if (!has_header)
		text_printf(out, "%-9s %6s  %-15s %-24s %s\n", "VERDICT", "INSNS", "TYPE", "PROGRAM", "SECTION");
	has_header = true;
	text_printf(out, "%-9s %6u  %-15s %-24s %s\n", row->verdict, row->result.insn_count, type, row->prog->name,
		row->prog->section_name);
}

/* One program: loaded or not, and a row printed. False if it should have loaded and did not. */
static bool check_program(const struct options *options, struct text *out, struct live *live, u32 index)
{
	const struct prog_spec *prog = &live->object->progs[index];
	struct row row = {.prog = prog, .verdict = "skipped"};

	if (cmd_wants(options, prog)) {
		row.verdict = load_program(live, index, &row.result) ? "rejected" : "ok";
		row.error = live->error->errnum ? live->error : NULL;
	}
	(options->format == FORMAT_JSON ? print_json : print_table)(out, live->object, &row);
	text_flush(out);
	if (!row.error)
		return true;
	cmd_report(row.error);
	/* A listener has heard of the log's making; here it is. */
	if (options->verbose && row.result.log && *row.result.log)
		cmd_say("the verifier's log:\n%s", row.result.log);
	error_clear(live->error);
	return false;
}

/* One object, in an arena of its own. */
static bool check_object(const struct options *options, struct text *out, const char *path)
{
	struct arena arena = {0};
	struct error error = {0};
	struct held held = {.arena = &arena};
	struct kernel_btf kernel_btf = {.arena = &arena, .error = &error, .held = &held, .path = cmd_btf(options)};
	struct object object;
	struct live live;
	bool good = cmd_open(&arena, &error, path, &object);

	if (good && !cmd_check_only(options, &object, 1)) {
		good = false;
	} else if (good) {
		good = !live_init(&live, &arena, &error, &held, &kernel_btf, &object) &&
		       !cmd_set(options, &arena, &error, &object, 1) && !load_btf(&live) && !load_externs(&live) &&
		       !load_maps(&live);
		if (!good)
			cmd_report(&error);
		for (u32 i = 0; !error.errnum && i < object.prog_count; i++)
			if (!object.progs[i].is_subprogram)
				good &= check_program(options, out, &live, i);
		if (!error.errnum && load_prog_arrays(&live)) {
			good = false;
			cmd_report(&error);
		}
	}
	held_release(&held);
	arena_release(&arena);
	return good;
}

int cmd_check(const struct options *options)
{
	char buf[4096];
	struct text out = text_to(1, buf, sizeof(buf));
	bool good = true;

	cmd_listen(options);
	for (u32 i = 0; i < options->object_count; i++)
		good &= check_object(options, &out, options->objects[i]);
	if (text_flush(&out)) {
		cmd_say("standard output cannot be written (%s)", errno_name(out.error));
		good = false;
	}
	return good ? EXIT_DONE : EXIT_FAILED;
}
