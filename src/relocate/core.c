/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * core.c: CO-RE. See core.h, and core_parts.h for the steps.
 *
 * The first question makes a list of all types that records begin at, and looks for their names in the kernel all at
 * once. Names that the kernel has not are then looked for in each module. What was found are a type's candidates:
 *
 *	struct root	struct dentry			struct foo			struct nf_conn
 *	candidates	[140] of vmlinux		[50] and [51] of vmlinux	[131072] of nf_conntrack
 *	answers		"0:3" byte offset: 8, …		…				…
 *
 * The same question is asked many times over; the latest answers are kept.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "base/text.h"
#include "relocate/core_parts.h"

#define BUDGET       (1u << 20) /* steps of comparing, for one object; a large one takes some thousand */
#define ANSWERS_KEPT 256        /* that are looked at, of one type */

struct candidate {
	struct btf_view *view;
	u32 id;
};

struct answer {
	struct answer *next;
	u32 kind, access; /* the latter by its offset in the strings */
	struct core_result result;
};

/* A type of the object's, if some record begins at it. */
struct root {
	bool asked; /* one does, and the type has a name */
	u32 count;
	struct candidate *candidates;
	struct answer *answers;
};

struct core {
	struct arena *arena;
	const struct object *object;
	struct core_kernel kernel;
	struct core_types local;
	u32 budget;
	bool ready;
	struct root *roots; /* [type id] */
	u32 root_count;     /* that are asked for */
};

static OUT_OF_LINE struct record_run records_of(const struct object *object, const struct prog_spec *prog)
{
	return object_records(&object->btf_ext.core_relo, prog);
}

bool core_is_needed(const struct object *object, const struct prog_spec *prog)
{
	struct record_run run = records_of(object, prog);

	return run.next < run.end;
}

const struct bpf_core_relo *core_record_at(const struct object *object, const struct prog_spec *prog, u64 offset)
{
	struct record_run run = records_of(object, prog);
	const struct bpf_core_relo *relo;
	u32 i;

	if (!run.block)
		return NULL;
	i = btf_ext_first(run.block, offset);
	relo = i < run.end ? btf_ext_record(run.block, i) : NULL;
	return relo && relo->insn_off == offset ? relo : NULL;
}

struct core *core_new(struct arena *arena, const struct object *object, const struct core_kernel *kernel)
{
	struct core *core = arena_alloc(arena, sizeof(*core));

	if (core)
		*core = (struct core){.arena = arena,
			.object = object,
			.kernel = *kernel,
			.local = {.btf = &object->btf},
			.budget = BUDGET};
	return core;
}

/* Calls a function for each record of the object, in the order of the file. */
static int for_each_record(struct core *core, int (*call)(struct core *core, const struct bpf_core_relo *relo))
{
	const struct btf_ext_table *table = &core->object->btf_ext.core_relo;
	int err = 0;

	for (u32 b = 0; b < table->block_count; b++)
		for (u32 i = 0; !err && i < table->blocks[b].count; i++)
			err = call(core, btf_ext_record(&table->blocks[b], i));
	return err;
}

static int count_root(struct core *core, const struct bpf_core_relo *relo)
{
	struct root *root = &core->roots[relo->type_id];

	if (!root->asked && btf_name(core->local.btf, relo->type_id)[0]) {
		root->asked = true;
		core->root_count++;
	}
	return 0;
}

/* What is looked for: types of the same name, flavors aside, and of the same kind. A declaration is no struct. */
static struct btf_query query_for(const struct core *core, u32 type_id)
{
	const struct btf_type *t = btf_type(core->local.btf, type_id);
	const char *name = btf_string(core->local.btf, t->name_off);

	return (struct btf_query){.name = name,
		.len = btf_essential_len(name),
		.kinds = core_is_enum(t) ? 1u << BTF_KIND_ENUM | 1u << KIND_ENUM64 : 1u << btf_kind(t),
		.flavors = true};
}

static int add_candidates(struct core *core, struct root *root, struct btf_view *view, const struct btf_query *query)
{
	struct candidate *more;

	if (!query->count)
		return 0;
	more = arena_alloc_array(core->arena, (size_t)root->count + query->count, sizeof(*more));
	if (!more)
		return -ENOMEM;
	if (root->count)
		memcpy(more, root->candidates, root->count * sizeof(*more));
	for (u32 i = 0; i < query->count; i++)
		more[root->count + i] = (struct candidate){view, query->ids[i]};
	root->candidates = more;
	root->count += query->count;
	return 0;
}

/* Whether the kernel's types, or a module's, have turned out to be broken. */
static int check_view(struct error *error, const struct btf_view *view)
{
	if (!view->error->errnum)
		return 0;
	return error_set(error, view->error->errnum, "the kernel's types: %s", view->error->message);
}

/* Looks for the roots that `asked` names in one more set of types. */
static int find_in(struct core *core, struct error *error, struct btf_view *view, struct btf_query *queries,
	struct root **asked, u32 count)
{
	int err = btf_view_find(view, queries, count);

	for (u32 i = 0; !err && i < count; i++)
		err = add_candidates(core, asked[i], view, &queries[i]);
	if (!err)
		return 0;
	return check_view(error, view) ? -error->errnum : error_no_memory(error);
}

/* The roots that have no candidates yet, and a query for each. */
static u32 list_roots(struct core *core, struct btf_query *queries, struct root **asked)
{
	u32 count = 0;

	for (u32 id = 1; id < core->local.btf->type_count; id++)
		if (core->roots[id].asked && !core->roots[id].count) {
			asked[count] = &core->roots[id];
			queries[count++] = query_for(core, id);
		}
	return count;
}

/* The kernel is asked for all, then each module for what the kernel has not. */
static int find_candidates(struct core *core, struct error *error)
{
	struct btf_query *queries = arena_alloc_array(core->arena, core->root_count, sizeof(*queries));
	struct root **asked = arena_alloc_array(core->arena, core->root_count, sizeof(struct root *));
	const struct core_kernel *kernel = &core->kernel;
	struct btf_view *view;
	u32 count;
	int err;

	if (!queries || !asked)
		return error_no_memory(error);
	err = find_in(core, error, kernel->vmlinux, queries, asked, list_roots(core, queries, asked));
	count = list_roots(core, queries, asked);
	for (u32 i = 0; !err && count && kernel->module && (view = kernel->module(kernel->context, i)); i++)
		err = find_in(core, error, view, queries, asked, count);
	return err;
}

/* Of a type's several candidates, a record leaves those that fit it. What is wrong with it is told when it is asked. */
static int settle(struct core *core, const struct bpf_core_relo *relo)
{
	struct core_result result;
	struct error error;

	if (core->roots[relo->type_id].count < 2)
		return 0;
	error.errnum = 0;
	return core_resolve(core, &error, relo, &result) == -ENOMEM ? -ENOMEM : 0;
}

static int prepare(struct core *core, struct error *error)
{
	int err = 0;

	core->root_count = 0;
	core->roots = arena_alloc_array(core->arena, core->local.btf->type_count, sizeof(*core->roots));
	if (!core->roots)
		return error_no_memory(error);
	for_each_record(core, count_root);
	if (core->kernel.vmlinux)
		err = find_candidates(core, error);
	core->ready = !err;
	return !err && for_each_record(core, settle) ? error_no_memory(error) : err;
}

/*
 * Tries each candidate. All that match must come to the same; those that do not match are dropped, unless none does.
 * Matches are moved to the front, so that the first match is the first candidate by the time a second is found.
 */
static int try_candidates(struct core *core, struct error *error, const struct bpf_core_relo *relo,
	const struct core_spec *local, struct root *root, struct core_result *result)
{
	u32 matches = 0, bit_offset = 0;
	struct core_spec spec;

	for (u32 i = 0; i < root->count; i++) {
		struct candidate candidate = root->candidates[i];
		struct core_types types = {.view = candidate.view};
		struct core_compare compare = {error, &core->local, &types, &core->budget};
		struct core_result one;
		int err = core_spec_match(&compare, relo->kind, local, candidate.id, &spec);

		if (check_view(error, types.view))
			return -error->errnum;
		if (!err)
			continue;
		err = err < 0 ? err : core_evaluate(error, relo->kind, local, &spec, &one);
		if (err)
			return err;
		/* Two candidates, two answers: it is not for a loader to choose. */
		if (matches && (spec.bit_offset != bit_offset || one.value != result->value))
			return error_invalid(error,
				"this kernel has several such types, which disagree: [%u] gives %llu (bit %u), [%u] "
				"%llu (bit %u)",
				root->candidates[0].id, result->value, bit_offset, candidate.id, one.value,
				spec.bit_offset);
		if (!matches)
			*result = one;
		bit_offset = spec.bit_offset;
		root->candidates[i] = root->candidates[matches];
		root->candidates[matches++] = candidate;
	}
	if (!matches)
		return core_evaluate(error, relo->kind, local, NULL, result);
	root->count = matches;
	return 0;
}

static int resolve(struct core *core, struct error *error, const struct bpf_core_relo *relo, struct root *root,
	struct core_result *result)
{
	struct core_spec local;
	int err = core_spec_read(&core->local, error, relo, &local);

	if (err)
		return err;
	if (relo->kind == BPF_CORE_TYPE_ID_LOCAL)
		return core_evaluate(error, relo->kind, &local, &local, result);
	if (!root->asked)
		return error_set(error, EOPNOTSUPP, "the type has no name to look for");
	return try_candidates(core, error, relo, &local, root, result);
}

int core_resolve(struct core *core, struct error *error, const struct bpf_core_relo *relo, struct core_result *result)
{
	struct answer *answer;
	struct root *root;
	u32 seen = 0;
	int err = core->ready ? 0 : prepare(core, error);

	if (err)
		return err;
	root = &core->roots[relo->type_id];
	for (answer = root->answers; answer && seen < ANSWERS_KEPT; answer = answer->next, seen++)
		if (answer->kind == relo->kind && answer->access == relo->access_str_off) {
			*result = answer->result;
			return 0;
		}
	err = resolve(core, error, relo, root, result);
	if (err)
		return err;
	answer = arena_alloc(core->arena, sizeof(*answer));
	if (!answer)
		return error_no_memory(error);
	*answer = (struct answer){root->answers, relo->kind, relo->access_str_off, *result};
	root->answers = answer;
	return 0;
}

int core_apply(struct core *core, struct error *error, const struct prog_spec *prog, struct bpf_insn *insns)
{
	struct record_run run;

	if (!core)
		return error_set(
			error, EOPNOTSUPP, "needs CO-RE relocations, and there is no kernel to relocate against");
	for (run = records_of(core->object, prog); run.next < run.end; run.next++) {
		const struct bpf_core_relo *relo = btf_ext_record(run.block, run.next);
		u32 i = (u32)((relo->insn_off - prog->offset) / sizeof(*insns));
		struct core_result result;
		char words[256];

		if (core_resolve(core, error, relo, &result) ||
			core_patch(error, insns, prog->insn_count, i, &result)) {
			core_describe(core->object, relo, words, sizeof(words));
			return error_in(error, "instruction %u, for %s", i, words);
		}
	}
	return 0;
}

/* The names the kernel gives to enum bpf_core_relo_kind (tools/lib/bpf/relo_core.c:core_relo_kind_str()). */
static const char kind_names[] = "byte_off\0byte_sz\0field_exists\0signed\0lshift_u64\0rshift_u64\0local_type_id\0"
				 "target_type_id\0type_exists\0type_size\0enumval_exists\0enumval_value\0type_matches";

const char *core_kind_name(u32 kind)
{
	const char *name = list_entry(kind_names, sizeof(kind_names), kind);

	return name ? name : "unknown";
}

/* The access as C writes it, but for the first element: "a.b[3]", with `before` in front of a name it begins with. */
static void put_path(struct text *text, const struct core_spec *spec, const char *before)
{
	for (u32 i = 0; i < spec->len; i++) {
		const struct core_step *step = &spec->steps[i];

		if (step->name)
			text_printf(text, "%s%s", i > 1 ? "." : before, step->name);
		else if (i || step->index)
			text_printf(text, "[%u]", step->index);
	}
}

void core_access_print(struct text *text, const struct btf *btf, const struct bpf_core_relo *relo)
{
	const struct core_types types = {.btf = btf};
	struct core_spec spec;
	struct error broken = {0};

	if (core_spec_read(&types, &broken, relo, &spec))
		text_printf(text, " access %s", btf_string(btf, relo->access_str_off));
	else
		put_path(text, &spec, core_family(relo->kind) == CORE_ENUMERATOR ? " " : ".");
}

static void describe(struct text *text, const struct object *object, const struct bpf_core_relo *relo)
{
	const struct core_types types = {.btf = &object->btf};
	const struct btf_type *t = btf_type(&object->btf, relo->type_id);
	struct core_spec spec;
	struct error broken = {0};

	core_spec_read(&types, &broken, relo, &spec);
	if (spec.len > 1 || core_family(relo->kind) == CORE_ENUMERATOR) {
		text_string(text, spec.len > 1 ? "field '" : "enumerator '");
		put_path(text, &spec, "");
		text_string(text, "' of ");
	}
	text_printf(text, "%s %s (CO-RE %s, access %s)", btf_kind_word(t), btf_string(&object->btf, t->name_off),
		core_kind_name(relo->kind), btf_string(&object->btf, relo->access_str_off));
}

void core_describe(const struct object *object, const struct bpf_core_relo *relo, char *words, size_t size)
{
	struct text text = text_in(words, size);

	describe(&text, object, relo);
}

bool core_explain(struct core *core, const struct prog_spec *prog, u64 offset, char *words, size_t size)
{
	const struct bpf_core_relo *relo = core ? core_record_at(core->object, prog, offset) : NULL;
	struct text text = text_in(words, size);
	struct core_result result = {0};
	struct error error = {0};

	if (!relo || core_resolve(core, &error, relo, &result) || !(result.poison || result.cannot_resize))
		return false;
	text_string(&text, !core->kernel.vmlinux ? "this kernel has no BTF to look in for "
			   : result.exists       ? "this kernel has another size of "
						 : "this kernel has no ");
	describe(&text, core->object, relo);
	if (result.exists)
		text_printf(&text,
			": %u bytes, in the object %u, and only pointers and unsigned integers can be resized",
			result.new_size, result.original_size);
	return true;
}
