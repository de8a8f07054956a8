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
	const char *log = row->error ? row->error->message : NULL;

	/* A kernel may refuse without a word, and then the log is empty. */
	if (row->result.log && *row->result.log)
		log = row->result.log;
	cmd_json(out, "{'object':%s,'program':%s,'section':%s,'type':%s,'verdict':%s,'errno':%s,'insns':%u,'log':%s}\n",
		object->path, row->prog->name, row->prog->section_name,
		row->prog->hook ? prog_type_name(row->prog->hook->prog_type) : "unspec", row->verdict,
		row->error ? errno_name(row->error->errnum) : NULL, row->result.insn_count, log);
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
static bool check_program(struct job *job, struct live *live, u32 index)
{
	const struct prog_spec *prog = &live->object->progs[index];
	struct row row = {.prog = prog, .verdict = "skipped"};

	if (cmd_wants(job->options, prog)) {
		row.verdict = load_program(live, index, &row.result) ? "rejected" : "ok";
		row.error = job->error.errnum ? &job->error : NULL;
	}
	(job->options->format == FORMAT_JSON ? print_json : print_table)(job->out, live->object, &row);
	text_flush(job->out);
	if (!row.error)
		return true;
	cmd_report(row.error);
	/* A listener has heard of the log's making; here it is. */
	if (job->options->verbose && row.result.log && *row.result.log)
		cmd_say("the verifier's log:\n%s", row.result.log);
	error_clear(&job->error);
	return false;
}

static OUT_OF_LINE bool check_programs(struct job *job, struct live *live)
{
	bool good = true;

	if (cmd_set(job->options, &job->arena, &job->error, &job->object, 1) || load_btf(live) || load_externs(live) ||
		load_maps(live))
		return false;
	for (u32 i = 0; i < job->object.prog_count; i++)
		if (!job->object.progs[i].is_subprogram)
			good &= check_program(job, live, i);
	return !load_prog_arrays(live) && good;
}

static bool check_object(struct job *job)
{
	struct held held = {.arena = &job->arena};
	struct kernel_btf kernel_btf = {
		.arena = &job->arena, .error = &job->error, .held = &held, .path = cmd_btf(job->options)};
	struct live live;
	bool good = cmd_check_only(job->options, &job->object, 1) &&
		    !live_init(&live, &job->arena, &job->error, &held, &kernel_btf, &job->object) &&
		    check_programs(job, &live);

	held_release(&held);
	return good;
}

int cmd_check(const struct options *options)
{
	cmd_listen(options);
	return cmd_each_object(options, check_object);
}
