/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * link.c: from a program as the file has it to a program the kernel takes. See link.h.
 *
 * Two passes: the first finds which functions the program needs and where each will stand, the second copies them
 * and patches the copies. The pristine instructions in the object are never written to.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/sort.h"
#include "base/string.h"
#include "bpf_insn.h"
#include "object/check.h"
#include "relocate/arg_ctx.h"
#include "relocate/link.h"

#ifndef BPF_PSEUDO_FUNC
#define BPF_PSEUDO_FUNC 4
#endif

struct linker {
	struct arena *arena;
	struct error *error;
	const struct object *object;
	const struct link_input *input;
	struct prog_image *image;
	struct place *places; /* [program of the object] */
};

/* A function's place in the image, and how far the walk through it has come. */
struct place {
	u32 part;                   /* which of image->parts it is, plus 1; 0: it has no place */
	u32 insn, ref;              /* … the latter in its section's list */
	struct place *mentioned_by; /* where the walk goes on behind it */
};

static int compare_offset(const void *element, const void *key)
{
	const struct reference *ref = element;

	return compare_u64(ref->insn_offset, *(const u64 *)key);
}

/* The first of a section's references that is the function's, or stands behind it. */
static u32 first_reference(const struct object *object, const struct prog_spec *prog)
{
	const struct reference_list *list = &object->references[prog->section];

	return (u32)sort_find(list->refs, list->count, sizeof(*list->refs), &prog->offset, compare_offset);
}

/* The reference of instruction `i`, if it has one; instructions must be asked for in ascending order. */
static OUT_OF_LINE const struct reference *take_reference(
	const struct object *object, const struct prog_spec *prog, u32 i, u32 *next)
{
	const struct reference_list *list = &object->references[prog->section];

	if (*next == list->count || list->refs[*next].insn_offset != prog->offset + i * sizeof(struct bpf_insn))
		return NULL;
	return &list->refs[(*next)++];
}

static bool is_local_call(const struct bpf_insn *insn)
{
	return insn->code == CODE_CALL && insn->src_reg == BPF_PSEUDO_CALL;
}

/*
 * The function that instruction `i` calls or takes the address of; NULL if it does neither. A call within
 * one section needs no relocation: the compiler knew the distance.
 */
static int function_used(struct linker *l, const struct prog_spec *prog, u32 i, const struct reference *ref,
	const struct prog_spec **used)
{
	u32 section = prog->section;
	u64 target = prog->offset + (u64)((s64)i + prog->insns[i].imm + 1) * sizeof(*prog->insns);

	*used = NULL;
	if (ref && (ref->kind == REFERENCE_CALL || ref->kind == REFERENCE_FUNCTION)) {
		section = ref->section;
		target = ref->offset;
	} else if (ref || !is_local_call(&prog->insns[i])) {
		return 0;
	}
	*used = object_prog_at(l->object, section, target);
	if (!*used)
		return error_invalid(l->error,
			"instruction %u refers to %lld in section '%s', where no function begins", i, (s64)target,
			l->object->elf.sections[section].name);
	return 0;
}

static struct place *place_of(const struct linker *l, const struct prog_spec *prog)
{
	return &l->places[prog - l->object->progs];
}

/* Goes on in a function until it mentions one that has no place yet, or to its end. */
static int walk_on(struct linker *l, struct place *place, const struct prog_spec **mentioned)
{
	const struct prog_spec *prog = l->image->parts[place->part - 1].prog;

	while (place->insn < prog->insn_count) {
		u32 i = place->insn++;

		if (function_used(l, prog, i, take_reference(l->object, prog, i, &place->ref), mentioned))
			return error_in(l->error, "function '%s'", prog->name);
		if (*mentioned && !place_of(l, *mentioned)->part)
			return 0;
	}
	*mentioned = NULL;
	return 0;
}

/* Gives a place to a function and to all that it mentions, each at its first mention: libbpf's order. */
static int place_from(struct linker *l, const struct prog_spec *prog)
{
	struct prog_image *image = l->image;
	struct place *at = NULL;

	do {
		if (prog) {
			struct place *place = place_of(l, prog);

			image->parts[image->part_count++] = (struct image_part){prog, image->insn_count};
			image->insn_count += prog->insn_count;
			*place = (struct place){image->part_count, 0, first_reference(l->object, prog), at};
			at = place;
		}
		if (walk_on(l, at, &prog))
			return -l->error->errnum;
		if (!prog)
			at = at->mentioned_by;
	} while (at);
	return 0;
}

static int place_functions(struct linker *l, const struct prog_spec *prog)
{
	const struct prog_spec *callback = prog->exception_callback;
	int err;

	l->image->parts = arena_alloc_array(l->arena, l->object->prog_count, sizeof(*l->image->parts));
	l->places = arena_alloc_array(l->arena, l->object->prog_count, sizeof(*l->places));
	if (!l->image->parts || !l->places)
		return error_no_memory(l->error);
	err = place_from(l, prog);
	return err || !callback || place_of(l, callback)->part ? err : place_from(l, callback);
}

/* What both halves of a 16-byte load are to hold. */
static void set_load(struct bpf_insn *insn, u8 src_reg, u32 low, u32 high)
{
	insn[0].src_reg = src_reg;
	insn[0].imm = (s32)low;
	insn[1].imm = (s32)high;
}

/* Calls a function of the kernel or of a module; one that is not there is a call that no verifier lets be reached. */
static void patch_kfunc_call(struct bpf_insn *insn, u32 index, const struct extern_value *value)
{
	bool exists = value->state == EXTERN_BTF;

	insn->src_reg = exists ? BPF_PSEUDO_KFUNC_CALL : 0;
	insn->off = (s16)value->fd_index;
	insn->imm = (s32)(exists ? value->btf_id : KFUNC_POISON + index);
}

static int patch_extern(struct linker *l, struct bpf_insn *insn, const struct reference *ref)
{
	const struct extern_spec *external = &l->object->externs[ref->external];
	const struct extern_value *value = &l->input->externs[ref->external];
	bool is_call = insn->code == CODE_CALL;

	if (external->kind == EXTERN_UNKNOWN || (is_call && external->kind != EXTERN_KFUNC))
		return error_invalid(l->error, "%s undefined symbol '%s', of which BTF says %s",
			is_call ? "calls" : "refers to", external->name,
			external->kind == EXTERN_UNKNOWN ? "neither __ksym nor __kconfig" : "that it is no function");
	if (is_call)
		patch_kfunc_call(insn, ref->external, value);
	else if (external->kind == EXTERN_KCONFIG)
		set_load(insn, BPF_PSEUDO_MAP_VALUE, (u32)l->input->map_fds[l->object->kconfig_map],
			(u32)external->offset);
	else if (value->state == EXTERN_BTF)
		set_load(insn, BPF_PSEUDO_BTF_ID, value->btf_id, (u32)value->btf_fd);
	else
		set_load(insn, 0, (u32)value->address, (u32)(value->address >> 32));
	return 0;
}

/* Makes instruction `at` of the image, a copy, point where the original's reference points. */
static int patch(struct linker *l, u32 at, const struct reference *ref, const struct prog_spec *used)
{
	struct bpf_insn *insn = &l->image->insns[at];
	u32 distance = used ? l->image->parts[place_of(l, used)->part - 1].start - at - 1 : 0;

	if (used && insn->code == CODE_CALL) {
		insn->src_reg = BPF_PSEUDO_CALL;
		insn->imm = (s32)distance;
	} else if (used)
		set_load(insn, BPF_PSEUDO_FUNC, distance, 0);
	else if (ref && ref->kind == REFERENCE_EXTERN)
		return patch_extern(l, insn, ref);
	else if (ref)
		set_load(insn, ref->kind == REFERENCE_DATA ? BPF_PSEUDO_MAP_VALUE : BPF_PSEUDO_MAP_FD,
			(u32)l->input->map_fds[ref->map], ref->kind == REFERENCE_DATA ? (u32)ref->offset : 0);
	return 0;
}

static int copy_part(struct linker *l, const struct image_part *part)
{
	const struct prog_spec *prog = part->prog, *used;
	u32 next = first_reference(l->object, prog);

	memcpy(l->image->insns + part->start, prog->insns, prog->insn_count * sizeof(*prog->insns));
	if (core_is_needed(l->object, prog) &&
		core_apply(l->input->core, l->error, prog, l->image->insns + part->start))
		return error_in(l->error, "function '%s'", prog->name);
	for (u32 i = 0; i < prog->insn_count; i++) {
		const struct reference *ref = take_reference(l->object, prog, i, &next);

		/* The section goes on behind the function, the image may not. */
		if (ref && prog->insns[i].code == CODE_LD_IMM64 && i + 1 >= prog->insn_count)
			error_invalid(l->error, NO_SECOND_HALF);
		function_used(l, prog, i, ref, &used);
		if (l->error->errnum || patch(l, part->start + i, ref, used))
			return error_in(l->error, "function '%s': instruction %u", prog->name, i);
	}
	return 0;
}

/*
 * Moves the records of one table that belong to the image's parts to the image's instruction numbers. `size` bytes
 * of each record are kept; each begins with insn_off. Zero records if any part's first instruction has none, or if
 * one lies in the second half of a 16-byte load: the kernel would refuse them all
 * (kernel/bpf/verifier.c, now check_btf.c: check_btf_func(), check_btf_line()).
 */
static void *move_records(struct linker *l, const struct btf_ext_table *table, size_t size, u32 *moved)
{
	const struct prog_image *image = l->image;
	u32 total = 0, count = 0;
	u8 *to;

	for (u32 p = 0; p < image->part_count; p++) {
		struct record_run run = object_records(table, image->parts[p].prog);

		total += run.end - run.next;
	}
	to = arena_alloc_array(l->arena, total, size);
	if (!to)
		error_no_memory(l->error);
	for (u32 p = 0; to && p < image->part_count; p++) {
		const struct image_part *part = &image->parts[p];
		struct record_run run = object_records(table, part->prog);
		u32 first = count;

		for (; run.next < run.end; run.next++, count++) {
			const void *record = btf_ext_record(run.block, run.next);
			u32 insn = part->start +
				   (load_u32(record) - (u32)part->prog->offset) / (u32)sizeof(struct bpf_insn);

			if (insn && image->insns[insn - 1].code == CODE_LD_IMM64)
				return to;
			memcpy(to + count * size, record, size);
			memcpy(to + count * size, &insn, sizeof(insn));
		}
		if (count == first || load_u32(to + first * size) != part->start)
			return to;
	}
	*moved = count;
	return to;
}

int link_program(struct arena *arena, struct error *error, const struct object *object, const struct prog_spec *prog,
	const struct link_input *input, struct prog_image *image)
{
	struct linker linker = {arena, error, object, input, image, NULL}, *l = &linker;

	*image = (struct prog_image){0};
	if (place_functions(l, prog))
		return -error->errnum;
	image->insns = arena_alloc_array(arena, image->insn_count, sizeof(*image->insns));
	if (!image->insns)
		return error_no_memory(error);
	for (u32 i = 0; i < image->part_count; i++)
		if (copy_part(l, &image->parts[i]))
			return -error->errnum;
	image->func_info =
		move_records(l, &object->btf_ext.func_info, sizeof(*image->func_info), &image->func_info_count);
	image->line_info =
		move_records(l, &object->btf_ext.line_info, sizeof(*image->line_info), &image->line_info_count);
	for (u32 i = 0; prog->hook && i < image->func_info_count; i++)
		image->func_info[i].type_id = arg_ctx_of(object, image->func_info[i].type_id, prog->hook->prog_type);
	return -error->errnum;
}

const struct prog_spec *image_origin(const struct prog_image *image, u32 insn, u64 *section_offset)
{
	u32 i = 0;

	while (i + 1 < image->part_count && image->parts[i + 1].start <= insn)
		i++;
	*section_offset = image->parts[i].prog->offset + (insn - image->parts[i].start) * sizeof(struct bpf_insn);
	return image->parts[i].prog;
}
