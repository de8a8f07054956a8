/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * portability.c: `loader show --btf FILE… OBJ…`: will it load elsewhere?
 *
 * Each FILE is the BTF of some kernel, raw or in an ELF file, or a folder of such. Each object is held against each,
 * as a load there would, without a call to any kernel: what its CO-RE relocations come to, and whether the functions,
 * variables and types that its externs and programs name are there.
 *
 *	{"object","kernel","verdict","relocations":{"total","resolved","optional","missing"},"externs":{…},
 *	 "targets":{…},"findings":[{"part","name","program","insn","file","line","effect"}],"error"}
 *
 * That is one line a pair. What is not found has one of these effects:
 *
 *	reads 0		a question ("is there such a field?") whose answer is no, a weak extern	optional
 *	guarded		an instruction poisoned, in a function that asks such questions, or in one
 *			that is loaded only if asked for ('?')					optional
 *	poisoned	an instruction poisoned, and nothing asked before: rejected if reached	missing
 *	load fails	what must be there: an extern, what a program attaches to		missing
 *
 * The verdict is "ok" if nothing is missing. Whether a question is about the very field that is poisoned is not looked
 * into: compilers move and merge code too freely. Symbols known by address alone and .kconfig are not in BTF, and are
 * not counted. Modules are not asked: what lives in one is missing here.
 */
#include "base/string.h"
#include "cmd/btf_files.h"
#include "cmd/cmd.h"
#include "kernel/kernel_btf.h"
#include "relocate/core.h"
#include "relocate/wanted.h"

enum part { RELOCATIONS, EXTERNS, TARGETS, PARTS };
enum effect { READS_0, GUARDED, POISONED, LOAD_FAILS };

static const char part_names[][12] = {"relocations", "externs", "targets"};
static const char effect_names[][11] = {"reads 0", "guarded", "poisoned", "load fails"};

/* Something that a kernel does not have. */
struct finding {
	struct finding *next;
	enum part part;
	enum effect effect;
	const char *name;
	const struct prog_spec *prog;     /* NULL: the object as a whole */
	const struct bpf_core_relo *relo; /* RELOCATIONS alone: the record */
};

/* One object against one kernel. */
struct pair {
	const struct object *object;
	const char *kernel;
	struct arena arena;
	struct held held;
	struct finding *first, **last;
	u32 total[PARTS], optional[PARTS], missing[PARTS];
	bool is_missing; /* something that must be there */
	struct btf_view view;
	struct error error;
};

/* Without memory `name` may be NULL, and pair->error says it. */
static OUT_OF_LINE void add_finding(struct pair *pair, enum part part, enum effect effect, const char *name,
	const struct prog_spec *prog, const struct bpf_core_relo *relo)
{
	struct finding *finding = arena_alloc(&pair->arena, sizeof(*finding));

	if (!finding || !name) {
		error_no_memory(&pair->error);
		return;
	}
	(effect <= GUARDED ? pair->optional : pair->missing)[part]++;
	pair->is_missing |= effect > GUARDED;
	*finding = (struct finding){NULL, part, effect, name, prog, relo};
	*pair->last = finding;
	pair->last = &finding->next;
}

/* Where the instruction of a relocation stands: counted from the function's start, and in the source, or NULL. */
static u32 insn_of(const struct finding *f)
{
	return (u32)((f->relo->insn_off - f->prog->offset) / sizeof(struct bpf_insn));
}

static const struct bpf_line_info *line_of(const struct pair *pair, const struct finding *f)
{
	const struct btf_ext_table *lines = &pair->object->btf_ext.line_info;

	return f->relo ? btf_ext_line_at(btf_ext_block_of(lines, f->prog->section), f->relo->insn_off) : NULL;
}

/* Whether a record only asks: then 0 is an answer. */
static bool is_question(u32 kind)
{
	return kind == BPF_CORE_FIELD_EXISTS || kind == BPF_CORE_TYPE_EXISTS || kind == BPF_CORE_TYPE_MATCHES ||
	       kind == BPF_CORE_ENUMVAL_EXISTS || kind == BPF_CORE_TYPE_SIZE;
}

/* What is missing of what a record asks for; false if nothing is. `asks`: the function asks before it reads. */
static bool core_effect(
	struct core *core, struct error *broken, const struct bpf_core_relo *relo, bool asks, enum effect *effect)
{
	struct core_result result;

	*effect = LOAD_FAILS;
	if (core_resolve(core, broken, relo, &result))
		return true;
	*effect = !result.poison && !result.cannot_resize ? READS_0 : asks ? GUARDED : POISONED;
	return *effect != READS_0 || !(result.exists || relo->kind == BPF_CORE_TYPE_ID_LOCAL);
}

/* The records of one function. */
static OUT_OF_LINE void check_relocations(struct pair *pair, struct core *core, const struct prog_spec *prog)
{
	const struct object *object = pair->object;
	const struct record_run run = object_records(&object->btf_ext.core_relo, prog);
	bool asks = !prog->is_subprogram && !prog->autoload;

	for (u32 i = run.next; i < run.end; i++)
		asks |= is_question(((const struct bpf_core_relo *)btf_ext_record(run.block, i))->kind);
	for (u32 i = run.next; i < run.end; i++) {
		const struct bpf_core_relo *relo = btf_ext_record(run.block, i);
		struct error broken = {0};
		enum effect effect;
		static char words[512];

		pair->total[RELOCATIONS]++;
		if (!core_effect(core, &broken, relo, asks, &effect))
			continue;
		core_describe(object, relo, words, sizeof(words));
		add_finding(pair, RELOCATIONS, effect,
			arena_printf(&pair->arena, "%s%s%s", words, broken.errnum ? ": " : "", broken.message), prog,
			relo);
	}
}

/* What the object's externs, its programs and its structs of functions name. */
static void check_types(struct pair *pair)
{
	const struct object *object = pair->object;
	struct wanted wanted;

	if (wanted_list(&pair->arena, &pair->error, object, &wanted) ||
		wanted_find(&wanted, &pair->error, &pair->view, 0, NULL))
		return;
	for (u32 i = 0; i < wanted.count; i++) {
		const struct wanted_type *type = &wanted.externs[i];
		u32 p = i - object->extern_count, map = p - object->prog_count;
		const struct extern_spec *external = i < object->extern_count ? &object->externs[i] : NULL;
		const struct prog_spec *prog = !external && p < object->prog_count ? &object->progs[p] : NULL;
		bool optional = external ? external->is_weak : prog ? !prog->autoload : !object->maps[map].autocreate;
		enum effect effect = !optional ? LOAD_FAILS : external ? READS_0 : GUARDED;
		enum part part = external ? EXTERNS : TARGETS;
		struct error other = {0};

		if (!type->query)
			continue;
		pair->total[part]++;
		if (type->id && (!external || wanted_fits(&other, object, external, type) > 0))
			continue;
		add_finding(pair, part, other.errnum ? LOAD_FAILS : effect,
			other.errnum ? arena_printf(&pair->arena, "%s: %s", external->name, other.message)
			: external   ? external->name
				     : type->query->name,
			prog, NULL);
	}
}

/*
 * What goes wrong shows in pair->error. What is broken in the kernel's types reads as absent, and is not to be told as
 * the object's fault.
 */
static void check_pair(struct pair *pair)
{
	struct core_kernel kernel = {.vmlinux = &pair->view};
	struct core *core = core_new(&pair->arena, pair->object, &kernel);

	if (!core)
		error_no_memory(&pair->error);
	if (!core || kernel_btf_open(&pair->held, &pair->error, pair->kernel, &pair->view))
		return;
	for (u32 i = 0; i < pair->object->prog_count; i++)
		check_relocations(pair, core, &pair->object->progs[i]);
	check_types(pair);
}

static OUT_OF_LINE const char *verdict_of(const struct pair *pair)
{
	return pair->error.errnum ? "error" : pair->is_missing ? "missing" : "ok";
}

static u32 resolved(const struct pair *pair, enum part part)
{
	return pair->total[part] - pair->optional[part] - pair->missing[part];
}

static void print_json(struct cells *c, const struct pair *pair)
{
	cells(c, "object %s kernel %s verdict %s", pair->object->path, pair->kernel, verdict_of(pair));
	for (enum part part = 0; part < PARTS; part++) {
		cells_open(c, part_names[part], "");
		cells(c, "total %u resolved %u optional %u missing %u", pair->total[part], resolved(pair, part),
			pair->optional[part], pair->missing[part]);
		cells_close(c, "}", ",");
	}
	cells_open(c, "findings", "[");
	for (const struct finding *f = pair->first; f; f = f->next) {
		const struct bpf_line_info *line = line_of(pair, f);

		cells(c, "part %s name %-s program %s", part_names[f->part], f->name, f->prog ? f->prog->name : NULL);
		if (f->relo)
			cells(c, "insn %u", insn_of(f));
		if (line)
			cells(c, "file %-s line %u", btf_string(&pair->object->btf, line->file_name_off),
				BPF_LINE_INFO_LINE_NUM(line->line_col));
		cells(c, "effect %s", effect_names[f->effect]);
		cells_end_row(c);
	}
	cells_close(c, "]", ",");
	cells(c, "error %s", pair->error.errnum ? pair->error.message : NULL);
	cells_close(c, "}\n", "{");
}

static OUT_OF_LINE void print_finding(struct text *out, const struct pair *pair, const struct finding *f)
{
	const struct bpf_line_info *line = line_of(pair, f);

	text_printf(out, "  %-10s %s", effect_names[f->effect], f->part == EXTERNS ? "extern " : "");
	if (f->prog)
		text_printf(out, "%s: ", f->prog->name);
	if (f->relo)
		text_printf(out, "instruction %u: ", insn_of(f));
	text_printf(out, "%s", f->name);
	if (line)
		text_printf(out, " @ %s:%u", path_basename(btf_string(&pair->object->btf, line->file_name_off)),
			BPF_LINE_INFO_LINE_NUM(line->line_col));
	text_char(out, '\n');
}

/* Whether `b` asks something else of the same field as `a`: where its bit field begins, how wide it is … */
static bool is_same_field(const struct finding *a, const struct finding *b)
{
	return a && a->relo && b->relo && a->prog == b->prog && a->effect == b->effect &&
	       a->relo->type_id == b->relo->type_id && a->relo->access_str_off == b->relo->access_str_off;
}

static void print_table(struct text *out, const struct pair *pair, bool verbose)
{
	const struct finding *before = NULL;

	cmd_head(out, "VERDICT        CO-RE     EXTERNS     TARGETS  OBJECT                   KERNEL\n");
	text_printf(out, "%-8s", verdict_of(pair));
	for (enum part part = 0; part < PARTS; part++)
		text_printf(out, " %5u/%-5u", resolved(pair, part), pair->total[part]);
	text_printf(out, "  %-24s %s\n", path_basename(pair->object->path), pair->kernel);
	for (const struct finding *f = pair->first; f; before = f, f = f->next)
		if (verbose || (f->effect != READS_0 && !is_same_field(before, f)))
			print_finding(out, pair, f);
}

/* Holds one object against one kernel, and prints what comes of it. Whether nothing is missing. */
static OUT_OF_LINE bool show_pair(struct job *job, const char *kernel)
{
	struct pair pair = {.object = &job->object, .kernel = kernel};

	pair.held.arena = &pair.arena;
	pair.last = &pair.first;
	check_pair(&pair);
	if (pair.error.errnum)
		cmd_report(&pair.error);
	if (job->cells.mode == CELLS_JSON)
		print_json(&job->cells, &pair);
	else
		print_table(job->cells.out, &pair, job->options->verbose);
	held_release(&pair.held);
	arena_release(&pair.arena);
	return !pair.error.errnum && !pair.is_missing;
}

static struct btf_file *kernels; /* that the objects are held against */

static int show_kernels(struct job *job)
{
	bool good = true;

	for (const struct btf_file *kernel = kernels; kernel; kernel = kernel->next)
		good &= show_pair(job, kernel->path);
	return good ? EXIT_DONE : EXIT_FAILED;
}

int cmd_portability(struct options *options)
{
	struct arena arena = {0};

	if (btf_files_sort_out(&arena, options, &kernels))
		return EXIT_FAILED;
	if (options->object_count)
		return cmd_each_object(options, show_kernels);
	cmd_say("no object is given to show, only BTF");
	return EXIT_USAGE;
}
