/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * core_diff.c: every CO-RE record of every object, resolved by libbpf and by us, against the types of several kernels.
 *
 *	core_diff [-v] [-a] KERNEL_BTF... -- OBJECT...
 *
 * -v: what both refuse, too. -a: also ask every kind of question about every access and type that the objects have.
 *
 * Each program is patched twice, record by record. A record is the same if both leave the same instructions behind, or
 * both refuse it. A last line counts. Exit status 1 for any difference, and if there was nothing to compare.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/memory.h"
#include "relocate/core_parts.h"
#include "libbpf_core.h"

static struct counts {
	unsigned long objects, refused, programs, records, refused_records, absent, differences;
} total;

static bool verbose, everything;

static struct bytes read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct bytes bytes = {0};
	u8 *data;

	if (!file) {
		perror(path);
		exit(2);
	}
	fseek(file, 0, SEEK_END);
	bytes.size = (size_t)ftell(file);
	rewind(file);
	data = malloc(bytes.size + 1);
	if (fread(data, 1, bytes.size, file) != bytes.size) {
		perror(path);
		exit(2);
	}
	fclose(file);
	bytes.data = data;
	return bytes;
}

/* A kernel, as both sides see it. */
struct kernel {
	const char *name;
	struct bytes bytes;
	struct btf *theirs;
};

static void print_insn(const char *who, const struct bpf_insn *insn)
{
	printf("    %s: code 0x%02x dst %u src %u off %d imm %d\n", who, insn->code, insn->dst_reg, insn->src_reg,
		insn->off, insn->imm);
}

struct pair {
	const struct object *object;
	struct core *ours;
	struct libbpf_core *theirs;
	const struct kernel *kernel;
};

static void difference(const struct pair *pair, const struct prog_spec *prog, const struct bpf_core_relo *relo)
{
	char words[512];

	core_describe(pair->object, relo, words, sizeof(words));
	printf("%s: %s: program '%s': instruction %u, for %s\n", pair->kernel->name, pair->object->path, prog->name,
		(u32)((relo->insn_off - prog->offset) / sizeof(struct bpf_insn)), words);
	total.differences++;
}

static void print_result(const char *who, const struct libbpf_result *r)
{
	printf("    %s: %lld from %lld%s%s%s, size %u from %u\n", who, r->value, r->original,
		r->poison ? ", poison" : "", r->validate ? ", validated" : "",
		r->cannot_resize ? ", cannot be resized" : "", r->new_size, r->original_size);
}

static bool results_equal(const struct libbpf_result *a, const struct libbpf_result *b)
{
	if (a->poison || b->poison)
		return a->poison && b->poison;
	return a->value == b->value && a->original == b->original && a->validate == b->validate &&
	       a->cannot_resize == b->cannot_resize &&
	       (a->new_size == a->original_size ? b->new_size == b->original_size
						: a->new_size == b->new_size && a->original_size == b->original_size);
}

/* What one record comes to, by both. Whether both know. */
static bool compare_results(const struct pair *pair, const struct prog_spec *prog, const struct bpf_core_relo *relo,
	struct core_result *result)
{
	struct error error = {0};
	struct libbpf_result ours = {0}, theirs = {0};
	int their_err = libbpf_core_resolve(pair->theirs, prog->name, relo, &theirs);
	int our_err = core_resolve(pair->ours, &error, relo, result);

	total.records++;
	total.refused_records += our_err && their_err;
	if (verbose && our_err && their_err)
		printf("  both refuse: %s | %s\n", error.message, libbpf_said());
	if (our_err && their_err)
		return false;
	if (!our_err)
		ours = (struct libbpf_result){result->value, result->original, result->poison, result->validate,
			result->cannot_resize, result->original_size, result->new_size};
	if (!our_err && !their_err && results_equal(&ours, &theirs)) {
		total.absent += !result->exists;
		return true;
	}
	difference(pair, prog, relo);
	printf("    libbpf: %d %s\n    we: %d %s\n", their_err, libbpf_said(), our_err, error.message);
	print_result("libbpf", &theirs);
	print_result("we", &ours);
	return false;
}

/* One record, by both, in copies of the same instructions. */
static void compare_record(const struct pair *pair, const struct prog_spec *prog, const struct bpf_core_relo *relo,
	struct bpf_insn *ours, struct bpf_insn *theirs, bool *refused)
{
	u32 i = (u32)((relo->insn_off - prog->offset) / sizeof(*ours)), left = MIN(prog->insn_count - i, 2);
	struct error error = {0};
	struct core_result result;
	bool known = compare_results(pair, prog, relo, &result);
	int our_err = known ? core_patch(&error, ours, prog->insn_count, i, &result) : 0;
	int their_err = known ? libbpf_core_patch(prog->name, relo, theirs, i) : 0;

	*refused |= !known || our_err;
	if (!our_err == !their_err && (our_err || !memcmp(&ours[i], &theirs[i], left * sizeof(*ours))))
		return;
	difference(pair, prog, relo);
	printf("    libbpf: %d %s\n    we: %d %s\n", their_err, libbpf_said(), our_err, error.message);
	print_insn("was", &prog->insns[i]);
	print_insn("libbpf", &theirs[i]);
	print_insn("we", &ours[i]);
}

static void compare_program(const struct pair *pair, const struct prog_spec *prog)
{
	size_t size = prog->insn_count * sizeof(struct bpf_insn);
	struct bpf_insn *ours = malloc(size), *theirs = malloc(size), *whole = malloc(size);
	struct error error = {0};
	bool refused = false;

	memcpy(ours, prog->insns, size);
	memcpy(theirs, prog->insns, size);
	memcpy(whole, prog->insns, size);
	for (u32 i = 0; i < prog->insn_count; i++) {
		const struct bpf_core_relo *relo =
			core_record_at(pair->object, prog, prog->offset + i * sizeof(struct bpf_insn));

		if (relo)
			compare_record(pair, prog, relo, ours, theirs, &refused);
	}
	if (!core_apply(pair->ours, &error, prog, whole) == refused || (!refused && memcmp(whole, theirs, size))) {
		printf("%s: %s: program '%s': core_apply() differs: %s\n", pair->kernel->name, pair->object->path,
			prog->name, error.message);
		total.differences++;
	}
	total.programs++;
	free(ours);
	free(theirs);
	free(whole);
}

/* Where "0" stands among the strings; 0 if nowhere. */
static u32 find_zero(const struct btf *btf)
{
	for (u32 i = 1; i + 1 < btf->strings_len; i++)
		if (!memcmp(&btf->strings[i], "0", 2))
			return i;
	return 0;
}

/*
 * Compilers ask few of the questions there are. So every kind is asked of every access that some record has, and what
 * can be asked of types is asked of each type of the object: as one block of records, in place of the object's own.
 */
static void make_everything(const struct object *object, struct btf_ext_block *block)
{
	const struct btf_ext_table *table = &object->btf_ext.core_relo;
	u32 zero = find_zero(&object->btf), room = zero ? object->btf.type_count : 0;
	struct bpf_core_relo *records;

	for (u32 b = 0; b < table->block_count; b++)
		room += table->blocks[b].count;
	records = calloc((size_t)room * (BPF_CORE_TYPE_MATCHES + 2), sizeof(*records));
	*block = (struct btf_ext_block){"everything", (u8 *)records, 0, sizeof(*records)};
	for (u32 b = 0; b < table->block_count; b++)
		for (u32 i = 0; i < table->blocks[b].count; i++) {
			struct bpf_core_relo relo = *(const struct bpf_core_relo *)btf_ext_record(&table->blocks[b], i);

			relo.insn_off = 0;
			for (u32 kind = 0; kind <= BPF_CORE_TYPE_MATCHES + 1; kind++) {
				relo.kind = kind;
				records[block->count++] = relo;
			}
		}
	for (u32 id = 1; zero && id < object->btf.type_count; id++)
		for (u32 kind = 0; kind <= BPF_CORE_TYPE_MATCHES; kind++)
			records[block->count++] = (struct bpf_core_relo){0, id, zero, kind};
}

static void ask_everything(const struct pair *pair)
{
	const struct prog_spec nobody = {.name = "everything"};
	const struct btf_ext_table *table = &pair->object->btf_ext.core_relo;
	struct core_result result;

	for (u32 i = 0; i < table->blocks[0].count; i++)
		compare_results(pair, &nobody, btf_ext_record(&table->blocks[0], i), &result);
}

/*
 * A record may leave fewer candidates to those that follow, in the order of the file, which need not be that of the
 * programs. We ask all of them first; so must libbpf be.
 */
static void settle(const struct pair *pair)
{
	const struct btf_ext_table *table = &pair->object->btf_ext.core_relo;
	struct libbpf_result result;

	for (u32 b = 0; b < table->block_count; b++)
		for (u32 i = 0; i < table->blocks[b].count; i++)
			libbpf_core_resolve(pair->theirs, "", btf_ext_record(&table->blocks[b], i), &result);
}

static void compare_object(struct arena *arena, const struct object *object, const struct kernel *kernel, bool all)
{
	struct error error = {0};
	struct btf_source source = {.data = kernel->bytes.data, .size = kernel->bytes.size};
	struct btf_view view;
	struct core_kernel core_kernel = {.vmlinux = &view};
	struct btf *types;
	struct pair pair = {.object = object, .kernel = kernel};

	if (btf_view_open(&view, arena, &error, &source, NULL)) {
		printf("%s: %s\n", kernel->name, error.message);
		total.differences++;
		return;
	}
	pair.ours = core_new(arena, object, &core_kernel);
	types = libbpf_types(object->btf.data, object->btf.size, 8);
	if (!types) {
		printf("%s: libbpf refuses its types: %s\n", object->path, libbpf_said());
		total.refused++;
		return;
	}
	pair.theirs = libbpf_core_new(types, kernel->theirs);
	settle(&pair);
	for (u32 i = 0; !all && i < object->prog_count; i++)
		if (core_is_needed(object, &object->progs[i]))
			compare_program(&pair, &object->progs[i]);
	if (all)
		ask_everything(&pair);
	libbpf_core_free(pair.theirs);
	libbpf_types_free(types);
	total.objects++;
}

static void compare_with_all(struct arena *arena, struct object *object, const struct kernel *kernels, int count)
{
	struct btf_ext_block block;

	for (int i = 0; i < count; i++)
		compare_object(arena, object, &kernels[i], false);
	if (!everything)
		return;
	make_everything(object, &block);
	object->btf_ext.core_relo = (struct btf_ext_table){&block, 1, NULL};
	for (int i = 0; i < count; i++)
		compare_object(arena, object, &kernels[i], true);
	free(block.records);
}

static void compare_file(const char *path, const struct kernel *kernels, int count)
{
	struct bytes file = read_file(path);
	struct arena arena = {0};
	struct error error = {0};
	struct object object;

	if (object_open(&arena, &error, path, file, &object)) {
		total.refused++;
		if (verbose)
			printf("we refuse %s\n", error.message);
	} else if (object.has_btf && object.btf_ext.core_relo.block_count) {
		compare_with_all(&arena, &object, kernels, count);
	}
	arena_release(&arena);
	free((void *)(uintptr_t)file.data);
}

int main(int argc, char **argv)
{
	struct kernel kernels[32];
	int count = 0, i = 1;

	for (; i < argc && argv[i][0] == '-' && argv[i][1] != '-'; i++) {
		verbose |= !strcmp(argv[i], "-v");
		everything |= !strcmp(argv[i], "-a");
	}
	for (; i < argc && strcmp(argv[i], "--") && count < 32; i++, count++) {
		kernels[count] = (struct kernel){argv[i], read_file(argv[i]), NULL};
		kernels[count].theirs = libbpf_types(kernels[count].bytes.data, kernels[count].bytes.size, 0);
		if (!kernels[count].theirs) {
			printf("%s: libbpf refuses: %s\n", argv[i], libbpf_said());
			return 2;
		}
	}
	for (i++; i < argc; i++)
		compare_file(argv[i], kernels, count);
	printf("core-diff: libbpf %s, %d kernels: %lu objects, %lu programs, %lu records (%lu of things that are not "
	       "there, %lu refused by both): %lu differ; %lu files not compared\n",
		libbpf_version(), count, total.objects, total.programs, total.records, total.absent,
		total.refused_records, total.differences, total.refused);
	return total.differences || !total.records;
}
