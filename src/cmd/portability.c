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
#include "base/sort.h"
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
	const struct prog_spec *prog;     /* NULL: the object as a whole */
	const struct bpf_core_relo *relo; /* RELOCATIONS: the record, else NULL */
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

static int add_finding(struct pair *pair, const struct finding *from)
{
	struct finding *finding = arena_copy(&pair->arena, from, sizeof(*from));

	if (!finding || !finding->name)
		return error_no_memory(&pair->error);
	(from->effect <= GUARDED ? pair->optional : pair->missing)[from->part]++;
	*pair->last = finding;
	pair->last = &finding->next;
	return 0;
}

/* Whether a record only asks: then 0 is an answer. */
static bool is_question(u32 kind)
{
	return kind == BPF_CORE_FIELD_EXISTS || kind == BPF_CORE_TYPE_EXISTS || kind == BPF_CORE_TYPE_MATCHES ||
	       kind == BPF_CORE_ENUMVAL_EXISTS || kind == BPF_CORE_TYPE_SIZE;
}

/* The records of one function. */
static OUT_OF_LINE int check_relocations(struct pair *pair, struct core *core, const struct prog_spec *prog)
{
	const struct object *object = pair->object;
	const struct btf_ext_block *block = object_block(object, &object->btf_ext.core_relo, prog);
	u32 first = block ? btf_ext_first(block, prog->offset) : 0;
	u32 end = block ? btf_ext_first(block, prog->offset + prog->insn_count * sizeof(struct bpf_insn)) : 0;
	bool asks = !prog->is_subprogram && !prog->autoload;
	int err = 0;

	for (u32 i = first; i < end; i++)
		asks |= is_question(((const struct bpf_core_relo *)btf_ext_record(block, i))->kind);
	for (u32 i = first; i < end && !err; i++) {
		const struct bpf_core_relo *relo = btf_ext_record(block, i);
		struct finding finding = {.part = RELOCATIONS, .effect = LOAD_FAILS, .prog = prog, .relo = relo};
		struct core_result result;
		struct error broken = {0};
		char words[512];

		pair->total[RELOCATIONS]++;
		if (!core_resolve(core, &broken, relo, &result)) {
			finding.effect = asks ? GUARDED : POISONED;
			if (!result.poison && !result.cannot_resize) {
				if (result.exists || relo->kind == BPF_CORE_TYPE_ID_LOCAL)
					continue;
				finding.effect = READS_0;
			}
		}
		core_describe(object, relo, words, sizeof(words));
		finding.name = arena_printf(&pair->arena, "%s%s%s", words, broken.errnum ? ": " : "", broken.message);
		err = add_finding(pair, &finding);
	}
	return err;
}

static OUT_OF_LINE int check_externs(struct pair *pair)
{
	const struct object *object = pair->object;
	struct extern_value *values = arena_alloc_array(&pair->arena, object->extern_count, sizeof(*values));
	struct error other = {0};
	u32 missing = 0;
	int err = 0;

	if (!values)
		return error_no_memory(&pair->error);
	extern_types_find(&pair->arena, &other, object, &pair->view, 0, values, &missing);
	for (u32 i = 0; i < object->extern_count && !err; i++) {
		const struct extern_spec *external = &object->externs[i];
		struct finding finding = {.part = EXTERNS, .effect = external->is_weak ? READS_0 : LOAD_FAILS};

		if (!extern_has_type(object, external))
			continue;
		pair->total[EXTERNS]++;
		finding.name = external->name;
		if (values[i].state == EXTERN_ABSENT)
			err = add_finding(pair, &finding);
	}
	if (!err && other.errnum) {
		struct finding finding = {.part = EXTERNS, .effect = LOAD_FAILS};

		finding.name = arena_string(&pair->arena, other.message, str_len(other.message));
		err = add_finding(pair, &finding);
	}
	return err;
}

/* What a program attaches to by type, or a map's struct of functions; its name goes to `query`. False: there is none. */
static bool target_of(struct pair *pair, u32 index, struct btf_query *query, struct finding *finding)
{
	const struct object *object = pair->object;
	bool is_prog = index < object->prog_count;
	const struct map_spec *map = is_prog ? NULL : &object->maps[index - object->prog_count];
	const struct prog_spec *prog = is_prog ? &object->progs[index] : NULL;
	struct hook_type type;

	if (is_prog && (!prog->hook || !hook_type(prog->hook, prog->target, &type)))
		return false;
	if (!is_prog && map->origin != MAP_FROM_OPS)
		return false;
	*query = (struct btf_query){.kinds = 1u << (is_prog ? type.kind : BTF_KIND_STRUCT)};
	query->name = is_prog ? arena_printf(&pair->arena, "%s%s", type.prefix, type.name)
			      : ops_value_name(&pair->arena, object, map);
	query->len = query->name ? (u32)str_len(query->name) : 0;
	*finding = (struct finding){.part = TARGETS, .name = query->name, .prog = prog};
	finding->effect = (is_prog ? prog->autoload : map->autocreate) ? LOAD_FAILS : GUARDED;
	return true;
}

static OUT_OF_LINE int check_targets(struct pair *pair)
{
	u32 most = pair->object->prog_count + pair->object->map_count, count = 0;
	struct btf_query *queries = arena_alloc_array(&pair->arena, most, sizeof(*queries));
	struct finding *findings = arena_alloc_array(&pair->arena, most, sizeof(*findings));
	int err = 0;

	if (!queries || !findings)
		return error_no_memory(&pair->error);
	for (u32 i = 0; i < most; i++)
		count += target_of(pair, i, &queries[count], &findings[count]);
	pair->total[TARGETS] = count;
	if (count)
		err = btf_view_find(&pair->view, queries, count);
	for (u32 i = 0; i < count && !err; i++)
		if (!queries[i].count)
			err = add_finding(pair, &findings[i]);
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

static const char *verdict_of(const struct pair *pair)
{
	if (pair->error.errnum)
		return "error";
	return pair->missing[RELOCATIONS] + pair->missing[EXTERNS] + pair->missing[TARGETS] ? "missing" : "ok";
}

static u32 resolved(const struct pair *pair, enum part part)
{
	return pair->total[part] - pair->optional[part] - pair->missing[part];
}

static const struct bpf_line_info *line_of(const struct pair *pair, const struct finding *finding)
{
	return finding->relo
		       ? btf_ext_line_at(&pair->object->btf_ext, finding->prog->section_name, finding->relo->insn_off)
		       : NULL;
}

static u32 insn_of(const struct finding *finding)
{
	return (u32)((finding->relo->insn_off - finding->prog->offset) / sizeof(struct bpf_insn));
}

static void print_json(struct text *out, const struct pair *pair, bool verbose)
{
	const char *comma = "";

	(void)verbose;
	cmd_json(out, "{'object':%s,'kernel':%s,'verdict':%s", pair->object->path, pair->kernel, verdict_of(pair));
	for (enum part part = 0; part < PARTS; part++)
		cmd_json(out, ",%s:{'total':%u,'resolved':%u,'optional':%u,'missing':%u}", part_names[part],
			pair->total[part], resolved(pair, part), pair->optional[part], pair->missing[part]);
	text_string(out, ",\"findings\":[");
	for (const struct finding *f = pair->first; f; f = f->next, comma = ",") {
		const struct bpf_line_info *line = line_of(pair, f);

		text_string(out, comma);
		cmd_json(out, "{'part':%s,'name':%s,'program':%s", part_names[f->part], f->name,
			f->prog ? f->prog->name : NULL);
		if (f->relo)
			cmd_json(out, ",'insn':%u", insn_of(f));
		if (line)
			cmd_json(out, ",'file':%s,'line':%u", btf_string(&pair->object->btf, line->file_name_off),
				LINE_NUMBER(line->line_col));
		cmd_json(out, ",'effect':%s}", effect_names[f->effect]);
	}
	cmd_json(out, "],'error':%s}\n", pair->error.errnum ? pair->error.message : NULL);
}

static void put_visible(struct text *out, const char *s)
{
	text_visible(out, s, str_len(s));
}

static void print_finding(struct text *out, const struct pair *pair, const struct finding *f)
{
	const struct bpf_line_info *line = line_of(pair, f);

	text_printf(out, "  %-10s ", effect_names[f->effect]);
	if (f->prog)
		text_printf(out, "%s: ", f->prog->name);
	if (f->relo)
		text_printf(out, "instruction %u: ", insn_of(f));
	put_visible(out, f->name);
	if (line) {
		text_string(out, " @ ");
		put_visible(out, path_basename(btf_string(&pair->object->btf, line->file_name_off)));
		text_printf(out, ":%u", LINE_NUMBER(line->line_col));
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
		text_printf(out, "%-8s %11s %11s %11s  %-24s %s\n", "VERDICT", "CO-RE", "EXTERNS", "TARGETS", "OBJECT",
			"KERNEL");
	has_header = true;
	text_printf(out, "%-8s", verdict_of(pair));
	for (enum part part = 0; part < PARTS; part++)
		text_printf(out, " %5u/%-5u", resolved(pair, part), pair->total[part]);
	text_printf(out, "  %-24s ", path_basename(pair->object->path));
	put_visible(out, pair->kernel);
	text_char(out, '\n');
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
	if (check_pair(&pair))
		cmd_report(&pair.error);
	(job->options->format == FORMAT_JSON ? print_json : print_table)(job->out, &pair, job->options->verbose);
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

struct paths {
	const char **list;
	u32 count, capacity;
};

static int add_path(struct arena *arena, struct paths *paths, const char *path)
{
	if (paths->count == paths->capacity) {
		const char **more = arena_alloc_array(arena, paths->capacity * 2 + 32, sizeof(*more));

		if (more && paths->count)
			memcpy(more, paths->list, paths->count * sizeof(*more));
		paths->list = more;
		paths->capacity = paths->capacity * 2 + 32;
	}
	if (!paths->list || !path)
		return -ENOMEM;
	paths->list[paths->count++] = path;
	return 0;
}

static int compare_paths(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;

	while (*x && *x == *y)
		x++, y++;
	return (u8)*x - (u8)*y;
}

/* The files in a folder, by name, without hidden ones; or else the path itself. */
static int add_paths(struct arena *arena, struct paths *paths, const char *path)
{
	int fd = sys_open(path, O_RDONLY | O_DIRECTORY), err = 0;
	u32 first = paths->count;
	u64 buf[512];
	long n;

	if (fd < 0)
		return add_path(arena, paths, path);
	while (!err && (n = sys_getdents(fd, buf, sizeof(buf))) > 0)
		for (long at = 0; !err && at < n;) {
			const struct entry *entry = (const struct entry *)((const u8 *)buf + at);

			at += entry->reclen;
			if (entry->name[0] != '.')
				err = add_path(arena, paths, arena_printf(arena, "%s/%s", path, entry->name));
		}
	sys_close(fd);
	sort(paths->list + first, paths->count - first, sizeof(*paths->list), compare_paths);
	return err;
}

bool show_portability(struct job *job)
{
	struct paths kernels = {0};
	bool good = true;

	for (u32 i = 0; i < job->options->btf.count; i++)
		if (add_paths(&job->arena, &kernels, job->options->btf.values[i]))
			return !error_no_memory(&job->error);
	for (u32 k = 0; k < kernels.count; k++)
		good &= show_pair(job, kernels.list[k]);
	return good;
}
