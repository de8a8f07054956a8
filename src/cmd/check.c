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
 * the verifier's log if there is one, else the message. If the kernel refuses what all programs need, BTF, externs or
 * maps, each is rejected with that message; a table says it once, on stderr.
 */
#include "base/string.h"
#include "cmd/cmd.h"
#include "kernel/load.h"

/* Verdicts are pushed out one by one: a load may take its time. job->error says why a program is rejected. */
static void print_row(struct job *job, const struct prog_spec *prog, bool wanted, const struct verdict *result)
{
	const char *type = prog->hook ? prog_type_name(prog->hook->prog_type) : NULL;
	bool bad = wanted && job->error.errnum;
	const char *verdict = !wanted ? "skipped" : bad ? "rejected" : "ok";
	struct text *out = job->cells.out;

	if (job->cells.mode == CELLS_JSON) {
		cells(&job->cells, "object %s program %s section %s type %s verdict %s errno %s insns %u log %s",
			job->object.path, prog->name, prog->section_name, type ? type : "unspec", verdict,
			bad ? errno_name(job->error.errnum) : NULL, result->insn_count,
			!bad          ? NULL
			: result->log ? result->log
				      : job->error.message);
		cells_close(&job->cells, "}\n", "{");
	} else {
		cmd_head(out, "VERDICT    INSNS  TYPE            PROGRAM                  SECTION\n");
		cmd_color(out, bad ? COLOR_BAD : COLOR_GOOD);
		text_printf(out, "%-9s", verdict);
		cmd_color(out, COLOR_OFF);
		text_printf(out, " %6u  %-15s %-24s %s\n", result->insn_count, type ? type : "?", prog->name,
			prog->section_name);
	}
	text_flush(out);
}

static bool check_programs(struct job *job, struct live *live)
{
	bool is_ready = !load_btf(live) && !load_externs(live) && !load_maps(live), good = is_ready, any = false;

	for (u32 i = 0; i < job->object.prog_count; i++) {
		const struct prog_spec *prog = &job->object.progs[i];
		bool wanted = cmd_wants(job->options, prog);
		struct verdict result = {0};

		if (prog->is_subprogram)
			continue;
		any = true;
		if (is_ready && wanted)
			good &= !cmd_load_program(job->options, live, i, &result);
		/* If all are rejected, those hear it who count on a line for each; for others the message will do. */
		if (is_ready || job->cells.mode == CELLS_JSON)
			print_row(job, prog, wanted, &result);
		if (is_ready && job->error.errnum) {
			cmd_report(&job->error);
			error_clear(&job->error);
		}
	}
	if (is_ready && !any)
		cmd_say("%s: no program is in it", job->object.path);
	return is_ready && !load_prog_arrays(live) && good;
}

static int check_object(struct job *job)
{
	struct held held = {.arena = &job->arena};
	struct kernel_btf kernel_btf = {
		.arena = &job->arena, .error = &job->error, .held = &held, .path = job->options->btf.values[0]};
	struct live live;
	bool good = !live_init(&live, &job->arena, &job->error, &held, &kernel_btf, &job->object) &&
		    check_programs(job, &live);

	held_release(&held);
	return good ? EXIT_DONE : EXIT_FAILED;
}

int cmd_check(struct options *options)
{
	cmd_begin(options);
	return cmd_each_object(options, check_object);
}
