/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * portability.c: `loader show --btf FILE… OBJ…`: will it load elsewhere?
 *
 * Each FILE is the BTF of some kernel, raw or in an ELF file, or a folder of such. Each object is held against each, as a
 * load there would, without a call to any kernel: what its CO-RE relocations come to, and whether the functions,
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
 * into: compilers move and merge code too freely. Symbols known by address alone and .kconfig are not in BTF, and are not
 * counted. Modules are not asked: what lives in one is missing here.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "base/sys.h"
#include "cmd/cmd.h"
#include "kernel/kernel_btf.h"
#include "relocate/core_externs.h"
#include "relocate/struct_ops.h"

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
	const struct prog_spec *prog; /* NULL: the object as a whole */

	/* RELOCATIONS alone: the record, the instruction, and where it stands in the source; `file` NULL: unknown. */
	const struct bpf_core_relo *relo;
	u32 insn, line;
	const char *file;
};

/* One object against one kernel. */
struct pair {
	const struct object *object;
	const char *kernel;
	struct arena arena;
	struct held held;
	struct finding *first, **last;
	u32 total[PARTS], optional[PARTS], missing[PARTS];
	struct btf_view view;
	struct error error;
};

/* NULL, with a message, without memory; then `name` may be NULL, too. */
static struct finding *add_finding(
	struct pair *pair, enum part part, enum effect effect, const char *name, const struct prog_spec *prog)
{
	struct finding *finding = arena_alloc(&pair->arena, sizeof(*finding));

	if (!finding || !name) {
		error_no_memory(&pair->error);
		return NULL;
	}
	(effect <= GUARDED ? pair->optional : pair->missing)[part]++;
	*finding = (struct finding){.part = part, .effect = effect, .name = name, .prog = prog};
	*pair->last = finding;
	pair->last = &finding->next;
	return finding;
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
static OUT_OF_LINE int check_relocations(struct pair *pair, struct core *core, const struct prog_spec *prog)
{
	const struct object *object = pair->object;
	const struct record_run run = object_records(&object->btf_ext.core_relo, prog);
	const struct btf_ext_block *lines = btf_ext_block_of(&object->btf_ext.line_info, prog->section);
	bool asks = !prog->is_subprogram && !prog->autoload;

	for (u32 i = run.next; i < run.end; i++)
		asks |= is_question(((const struct bpf_core_relo *)btf_ext_record(run.block, i))->kind);
	for (u32 i = run.next; i < run.end; i++) {
		const struct bpf_core_relo *relo = btf_ext_record(run.block, i);
		const struct bpf_line_info *line;
		struct finding *finding;
		struct error broken = {0};
		enum effect effect;
		static char words[512];

		pair->total[RELOCATIONS]++;
		if (!core_effect(core, &broken, relo, asks, &effect))
			continue;
		core_describe(object, relo, words, sizeof(words));
		finding = add_finding(pair, RELOCATIONS, effect,
			arena_printf(&pair->arena, "%s%s%s", words, broken.errnum ? ": " : "", broken.message), prog);
		if (!finding)
			return -ENOMEM;
		finding->relo = relo;
		finding->insn = (u32)((relo->insn_off - prog->offset) / sizeof(struct bpf_insn));
		line = btf_ext_line_at(lines, relo->insn_off);
		if (line) {
			finding->file = btf_string(&object->btf, line->file_name_off);
			finding->line = LINE_NUMBER(line->line_col);
		}
	}
	return 0;
}

static int check_externs(struct pair *pair)
{
	const struct object *object = pair->object;
	struct extern_value *values = arena_alloc_array(&pair->arena, object->extern_count, sizeof(*values));
	struct error other = {0};
	u32 missing = 0;

	if (!values)
		return error_no_memory(&pair->error);
	extern_types_find(&pair->arena, &other, object, &pair->view, 0, values, &missing);
	for (u32 i = 0; i < object->extern_count; i++) {
		const struct extern_spec *external = &object->externs[i];

		if (!extern_has_type(object, external))
			continue;
		pair->total[EXTERNS]++;
		if (values[i].state == EXTERN_ABSENT &&
			!add_finding(pair, EXTERNS, external->is_weak ? READS_0 : LOAD_FAILS, external->name, NULL))
			return -ENOMEM;
	}
	if (other.errnum &&
		!add_finding(pair, EXTERNS, LOAD_FAILS, arena_printf(&pair->arena, "%s", other.message), NULL))
		return -ENOMEM;
	return 0;
}

/* What program `i`, or behind those map, has as its counterpart in the kernel: a type of that name. False: there is none. */
static bool target_of(struct pair *pair, u32 i, struct btf_query *query)
{
	const struct object *object = pair->object;
	struct hook_type type;

	if (i < object->prog_count) {
		const struct prog_spec *prog = &object->progs[i];

		if (!prog->hook || !hook_type(prog->hook, prog->target, &type))
			return false;
		query->kinds = 1u << type.kind;
		query->name = arena_printf(&pair->arena, "%s%s", type.prefix, type.name);
	} else {
		const struct map_spec *map = &object->maps[i - object->prog_count];

		if (map->origin != MAP_FROM_OPS)
			return false;
		query->kinds = 1u << BTF_KIND_STRUCT;
		query->name = ops_value_name(&pair->arena, object, map);
	}
	query->len = query->name ? (u32)str_len(query->name) : 0;
	return true;
}

static int check_targets(struct pair *pair)
{
	const struct object *object = pair->object;
	u32 most = object->prog_count + object->map_count, count = 0;
	struct btf_query *queries = arena_alloc_array(&pair->arena, most, sizeof(*queries));
	u32 *owners = arena_alloc_array(&pair->arena, most, sizeof(*owners));
	int err = 0;

	if (!queries || !owners)
		return error_no_memory(&pair->error);
	for (u32 i = 0; i < most; i++)
		if (target_of(pair, i, &queries[count]))
			owners[count++] = i;
	pair->total[TARGETS] = count;
	if (count)
		err = btf_view_find(&pair->view, queries, count);
	for (u32 i = 0; i < count && !err; i++) {
		const struct prog_spec *prog = owners[i] < object->prog_count ? &object->progs[owners[i]] : NULL;
		bool wanted = prog ? prog->autoload : object->maps[owners[i] - object->prog_count].autocreate;

		if (!queries[i].count &&
			!add_finding(pair, TARGETS, wanted ? LOAD_FAILS : GUARDED, queries[i].name, prog))
			return -ENOMEM;
	}
	return err;
}

static int check_pair(struct pair *pair)
{
	struct core_kernel kernel = {.vmlinux = &pair->view};
	struct core *core = core_new(&pair->arena, pair->object, &kernel);
	int err = kernel_btf_open(&pair->held, &pair->error, pair->kernel, &pair->view);

	if (!core)
		return error_no_memory(&pair->error);
	for (u32 i = 0; i < pair->object->prog_count && !err; i++)
		err = check_relocations(pair, core, &pair->object->progs[i]);
	err = err ? err : check_externs(pair);
	err = err ? err : check_targets(pair);
	/* What is broken in the kernel's types reads as absent: not to be told as the object's fault. */
	return err ? err : -pair->error.errnum;
}

static OUT_OF_LINE const char *verdict_of(const struct pair *pair)
{
	if (pair->error.errnum)
		return "error";
	return pair->missing[RELOCATIONS] + pair->missing[EXTERNS] + pair->missing[TARGETS] ? "missing" : "ok";
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
		cells(c, "part %s name %-s program %s", part_names[f->part], f->name, f->prog ? f->prog->name : NULL);
		if (f->relo)
			cells(c, "insn %u", f->insn);
		if (f->file)
			cells(c, "file %-s line %u", f->file, f->line);
		cells(c, "effect %s", effect_names[f->effect]);
		cells_end_row(c);
	}
	cells_close(c, "]", ",");
	cells(c, "error %s", pair->error.errnum ? pair->error.message : NULL);
	cells_close(c, "}\n", "{");
}

static void put_visible(struct text *out, const char *s)
{
	text_visible(out, s, str_len(s));
}

static OUT_OF_LINE void print_finding(struct text *out, const struct finding *f)
{
	text_printf(out, "  %-10s %s", effect_names[f->effect], f->part == EXTERNS ? "extern " : "");
	if (f->prog)
		text_printf(out, "%s: ", f->prog->name);
	if (f->relo)
		text_printf(out, "instruction %u: ", f->insn);
	put_visible(out, f->name);
	if (f->file) {
		text_string(out, " @ ");
		put_visible(out, path_basename(f->file));
		text_printf(out, ":%u", f->line);
	}
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

	static bool has_header;

	if (!has_header)
		text_string(out, "VERDICT        CO-RE     EXTERNS     TARGETS  OBJECT                   KERNEL\n");
	has_header = true;
	text_printf(out, "%-8s", verdict_of(pair));
	for (enum part part = 0; part < PARTS; part++)
		text_printf(out, " %5u/%-5u", resolved(pair, part), pair->total[part]);
	text_printf(out, "  %-24s ", path_basename(pair->object->path));
	put_visible(out, pair->kernel);
	text_char(out, '\n');
	for (const struct finding *f = pair->first; f; before = f, f = f->next)
		if (verbose || (f->effect != READS_0 && !is_same_field(before, f)))
			print_finding(out, f);
}

/* Holds one object against one kernel, and prints what comes of it. Whether nothing is missing. */
static OUT_OF_LINE bool show_pair(struct job *job, const char *kernel)
{
	struct pair pair = {.object = &job->object, .kernel = kernel};

	pair.held.arena = &pair.arena;
	pair.last = &pair.first;
	if (check_pair(&pair))
		cmd_report(&pair.error);
	if (job->cells.mode == CELLS_JSON)
		print_json(&job->cells, &pair);
	else
		print_table(job->cells.out, &pair, job->options->verbose);
	held_release(&pair.held);
	arena_release(&pair.arena);
	return str_equal(verdict_of(&pair), "ok");
}

/* struct linux_dirent64 (man 2 getdents64). */
struct entry {
	u64 ino;
	s64 off;
	u16 reclen;
	u8 type;
	char name[];
};

/* A file with a kernel's BTF. */
struct kernel {
	struct kernel *next;
	const char *path;
};

/* Into a list that is sorted by path. */
static int add_kernel(struct arena *arena, struct kernel **list, const char *path)
{
	struct kernel *kernel = arena_alloc(arena, sizeof(*kernel));

	if (!kernel || !path)
		return -ENOMEM;
	while (*list && str_order((*list)->path, (size_t)-1, path) < 0)
		list = &(*list)->next;
	*kernel = (struct kernel){*list, path};
	*list = kernel;
	return 0;
}

/* The files in a folder, without hidden ones; or else the path itself. */
static int add_kernels(struct arena *arena, struct kernel **list, const char *path)
{
	int fd = sys_open(path, O_RDONLY | O_DIRECTORY), err = 0;
	u64 buf[512];
	long n;

	if (fd < 0)
		return add_kernel(arena, list, path);
	while (!err && (n = sys_getdents(fd, buf, sizeof(buf))) > 0)
		for (long at = 0; !err && at < n;) {
			const struct entry *entry = (const struct entry *)((const u8 *)buf + at);

			at += entry->reclen;
			if (entry->name[0] != '.')
				err = add_kernel(arena, list, arena_printf(arena, "%s/%s", path, entry->name));
		}
	sys_close(fd);
	return err;
}

static int show_kernels(struct job *job)
{
	bool good = true;

	for (u32 i = 0; i < job->options->btf.count; i++) {
		struct kernel *kernel = NULL;

		if (add_kernels(&job->arena, &kernel, job->options->btf.values[i]))
			return error_no_memory(&job->error);
		if (!kernel)
			return error_set(
				&job->error, ENOENT, "%s: no file is in that folder", job->options->btf.values[i]);
		for (; kernel; kernel = kernel->next)
			good &= show_pair(job, kernel->path);
	}
	return good ? EXIT_DONE : EXIT_FAILED;
}

/* Whether a file is BTF, or a folder, and so no object. */
static bool is_btf(const char *path)
{
	u8 magic[sizeof(u16)] = {0};
	int fd = sys_open(path, O_RDONLY | O_NONBLOCK);
	long n = fd < 0 ? fd : sys_read(fd, magic, sizeof(magic));

	if (fd >= 0)
		sys_close(fd);
	return n == -EISDIR || load_u16(magic) == BTF_MAGIC;
}

/* `--btf FILE… OBJ…`: only the first FILE is the option's value for the command line; those behind it stand among the
 * objects. */
static void sort_out_btf(struct options *options)
{
	u32 count = options->object_count;

	options->object_count = 0;
	for (u32 i = 0; i < count; i++) {
		const char *path = options->objects[i];

		if (options->btf.count < OPTION_LIST_MAX && is_btf(path))
			options->btf.values[options->btf.count++] = path;
		else
			options->objects[options->object_count++] = path;
	}
}

int cmd_portability(const struct options *options)
{
	struct options sorted = *options;

	sort_out_btf(&sorted);
	if (sorted.object_count)
		return cmd_each_object(&sorted, show_kernels);
	cmd_say("no object is given to show, only BTF");
	return EXIT_USAGE;
}
