/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libbpf_core.c: libbpf's CO-RE, a record at a time. See libbpf_core.h.
 *
 * bpf_object__load() stops at the first thing it does not like, so most records of a corpus would never be compared.
 * The functions that resolve a record and patch an instruction are not in libbpf's interface, but in libbpf.a; what is
 * declared here of them is from tools/lib/bpf/relo_core.h and libbpf_internal.h, as of libbpf 1.0 to 1.7.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include "libbpf_core.h"

struct bpf_core_cand {
	const struct btf *btf;
	__u32 id;
};

struct bpf_core_cand_list {
	struct bpf_core_cand *cands;
	int len;
};

struct bpf_core_relo_res {
	__u64 orig_val, new_val;
	bool poison, validate, fail_memsz_adjust;
	__u32 orig_sz, orig_type_id, new_sz, new_type_id;
};

#define SPEC_SIZE 4096 /* more than sizeof(struct bpf_core_spec), 1328 bytes */

size_t bpf_core_essential_name_len(const char *name);
int bpf_core_add_cands(struct bpf_core_cand *local_cand, size_t local_essent_len, const struct btf *targ_btf,
	const char *targ_btf_name, int targ_start_id, struct bpf_core_cand_list *cands);
int bpf_core_calc_relo_insn(const char *prog_name, const struct bpf_core_relo *relo, int relo_idx,
	const struct btf *local_btf, struct bpf_core_cand_list *cands, void *specs_scratch,
	struct bpf_core_relo_res *targ_res);
int bpf_core_patch_insn(const char *prog_name, struct bpf_insn *insn, int insn_idx, const struct bpf_core_relo *relo,
	int relo_idx, const struct bpf_core_relo_res *res);

struct libbpf_core {
	struct btf *local, *kernel;
	struct bpf_core_cand_list *candidates; /* [local type id]; len -1: not looked for */
};

static char said[4096];

static int hear(enum libbpf_print_level level, const char *format, va_list args)
{
	size_t len = strlen(said);

	if (level == LIBBPF_WARN)
		vsnprintf(said + len, sizeof(said) - len, format, args);
	return 0;
}

const char *libbpf_said(void)
{
	return said;
}

const char *libbpf_version(void)
{
	return libbpf_version_string();
}

struct btf *libbpf_types(const void *data, size_t size, size_t pointer_size)
{
	struct btf *types;

	libbpf_set_print(hear);
	said[0] = '\0';
	types = btf__new(data, (__u32)size);
	if (types && pointer_size)
		btf__set_pointer_size(types, pointer_size);
	return types;
}

void libbpf_types_free(struct btf *types)
{
	btf__free(types);
}

struct libbpf_core *libbpf_core_new(struct btf *local, struct btf *kernel)
{
	struct libbpf_core *core = calloc(1, sizeof(*core));

	*core = (struct libbpf_core){local, kernel, calloc(btf__type_cnt(local), sizeof(*core->candidates))};
	for (__u32 i = 0; i < btf__type_cnt(local); i++)
		core->candidates[i].len = -1;
	return core;
}

void libbpf_core_free(struct libbpf_core *core)
{
	for (__u32 i = 0; i < btf__type_cnt(core->local); i++)
		free(core->candidates[i].cands);
	free(core->candidates);
	free(core);
}

/* libbpf looks through all of a kernel's types for each name. The same names come in object after object. */
static struct known {
	struct known *next;
	struct btf *kernel;
	char *name; /* without its flavor */
	__u32 kind;
	struct bpf_core_cand_list list;
} * known[4096];

static bool is_any_enum(__u32 kind)
{
	return kind == BTF_KIND_ENUM || kind == BTF_KIND_ENUM64;
}

static const struct bpf_core_cand_list *look_up(struct libbpf_core *core, __u32 id, const char *name)
{
	struct bpf_core_cand local = {core->local, id};
	__u32 kind = btf_kind(btf__type_by_id(core->local, id)), hash = 0;
	size_t len = bpf_core_essential_name_len(name);
	struct known *k;

	for (size_t i = 0; i < len; i++)
		hash = hash * 31 + (unsigned char)name[i];
	for (k = known[hash % 4096]; k; k = k->next)
		if (k->kernel == core->kernel && (k->kind == kind || (is_any_enum(k->kind) && is_any_enum(kind))) &&
			strlen(k->name) == len && !memcmp(k->name, name, len))
			return &k->list;
	k = calloc(1, sizeof(*k));
	*k = (struct known){known[hash % 4096], core->kernel, strndup(name, len), kind, {NULL, 0}};
	known[hash % 4096] = k;
	bpf_core_add_cands(&local, len, core->kernel, "kernel", 1, &k->list);
	return &k->list;
}

/* What libbpf.c:bpf_core_find_cands() does with custom BTF. */
static struct bpf_core_cand_list *find_candidates(struct libbpf_core *core, __u32 id)
{
	struct bpf_core_cand_list *list = &core->candidates[id];
	const char *name = btf__name_by_offset(core->local, btf__type_by_id(core->local, id)->name_off);
	const struct bpf_core_cand_list *all;

	if (list->len >= 0)
		return list;
	list->len = 0;
	if (!name[0])
		return list;
	all = look_up(core, id, name);
	list->cands = calloc((size_t)all->len + 1, sizeof(*list->cands));
	if (all->len)
		memcpy(list->cands, all->cands, (size_t)all->len * sizeof(*list->cands));
	list->len = all->len;
	return list;
}

static struct bpf_core_relo_res last;

int libbpf_core_resolve(
	struct libbpf_core *core, const char *prog, const struct bpf_core_relo *relo, struct libbpf_result *result)
{
	static _Alignas(16) char specs[3 * SPEC_SIZE];
	int err;

	said[0] = '\0';
	memset(&last, 0, sizeof(last));
	err = bpf_core_calc_relo_insn(prog, relo, 0, core->local, find_candidates(core, relo->type_id), specs, &last);
	*result = (struct libbpf_result){last.new_val, last.orig_val, last.poison, last.validate,
		last.fail_memsz_adjust, last.orig_sz, last.new_sz};
	return err;
}

int libbpf_core_patch(const char *prog, const struct bpf_core_relo *relo, struct bpf_insn *insns, unsigned i)
{
	return bpf_core_patch_insn(prog, &insns[i], (int)i, relo, 0, &last);
}

/* What a libbpf.a from a newer system asks of the C library: the same functions, but that they know 0b1. */
#if !__GLIBC_PREREQ(2, 38)
int __isoc23_sscanf(const char *text, const char *format, ...);
int __isoc23_fscanf(FILE *file, const char *format, ...);
unsigned long long __isoc23_strtoull(const char *text, char **end, int base);

int __isoc23_sscanf(const char *text, const char *format, ...)
{
	va_list args;
	int count;

	va_start(args, format);
	count = vsscanf(text, format, args);
	va_end(args);
	return count;
}

int __isoc23_fscanf(FILE *file, const char *format, ...)
{
	va_list args;
	int count;

	va_start(args, format);
	count = vfscanf(file, format, args);
	va_end(args);
	return count;
}

unsigned long long __isoc23_strtoull(const char *text, char **end, int base)
{
	return strtoull(text, end, base);
}
#endif
