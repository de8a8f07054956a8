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
 * the verifier's log if there is one, else the message. If the kernel refuses what all programs need, BTF, externs or maps,
 * each is rejected with that message; a table says it once, on stderr.
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

/* Verdicts are pushed out one by one: a load may take its time. */
static void print_row(struct job *job, const struct row *row)
{
	static bool has_header; /* it comes with the first row: no object, no table */
	const struct prog_spec *prog = row->prog;
	const char *type = prog->hook ? prog_type_name(prog->hook->prog_type) : NULL;
	const char *log = row->error ? row->error->message : NULL;
	struct color color = cmd_color(1, !row->error);
	struct text *out = job->cells.out;

	/* A kernel may refuse without a word, and then the log is empty. */
	if (row->result.log && *row->result.log)
		log = row->result.log;
	if (job->cells.mode == CELLS_JSON) {
		cells(&job->cells, "object %s program %s section %s type %s verdict %s errno %s insns %u log %s",
			job->object.path, prog->name, prog->section_name, type ? type : "unspec", row->verdict,
			row->error ? errno_name(row->error->errnum) : NULL, row->result.insn_count, log);
		cells_close(&job->cells, "}\n", "{");
	} else {
		if (!has_header)
			text_string(out, "VERDICT    INSNS  TYPE            PROGRAM                  SECTION\n");
		has_header = true;
		text_printf(out, "%s%-9s%s %6u  %-15s %-24s %s\n", color.on, row->verdict, color.off,
			row->result.insn_count, type ? type : "?", prog->name, prog->section_name);
	}
	text_flush(out);
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
	print_row(job, &row);
	if (!row.error)
		return true;
	cmd_report(row.error);
	/* A listener has heard of the log's making; here it is. */
	if (job->options->verbose && row.result.log && *row.result.log)
		cmd_say("the verifier's log:\n%s", row.result.log);
	error_clear(&job->error);
	return false;
}

static bool check_programs(struct job *job, struct live *live)
{
	bool is_ready = !load_btf(live) && !load_externs(live) && !load_maps(live), good = is_ready;

	/* Without it all are rejected, which those hear who count on a line for each; for others the message will do. */
	for (u32 i = 0; i < job->object.prog_count; i++) {
		const struct prog_spec *prog = &job->object.progs[i];
		struct row skipped = {.prog = prog, .verdict = "skipped"};
		struct row rejected = {.prog = prog, .verdict = "rejected", .error = &job->error};

		if (prog->is_subprogram)
			continue;
		if (is_ready)
			good &= check_program(job, live, i);
		else if (job->cells.mode == CELLS_JSON)
			print_row(job, cmd_wants(job->options, prog) ? &rejected : &skipped);
	}
	return is_ready && !load_prog_arrays(live) && good;
}

static int check_object(struct job *job)
{
	const struct options *options = job->options;
	bool is_last = job->index + 1 == options->object_count, good;
	struct held held = {.arena = &job->arena};
	struct kernel_btf kernel_btf = {
		.arena = &job->arena, .error = &job->error, .held = &held, .path = options->btf.values[0]};
	struct live live;

	if (!cmd_check_only(options, &job->object, 1, is_last))
		return EXIT_USAGE;
	good = !cmd_set(options, &job->arena, &job->error, &job->object, 1, is_last) &&
	       !live_init(&live, &job->arena, &job->error, &held, &kernel_btf, &job->object) &&
	       check_programs(job, &live);
	held_release(&held);
	return good ? EXIT_DONE : EXIT_FAILED;
}

int cmd_check(const struct options *options)
{
	cmd_begin(options);
	return cmd_each_object(options, check_object);
}
