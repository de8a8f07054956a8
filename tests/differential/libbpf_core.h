/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libbpf_core.h: libbpf's CO-RE, a record at a time, behind names that do not clash with this project's.
 */
#ifndef LIBBPF_CORE_H
#define LIBBPF_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/bpf.h>

/* Raw BTF as libbpf reads it. NULL if it refuses. `pointer_size` 0: as libbpf finds out. */
struct btf *libbpf_types(const void *data, size_t size, size_t pointer_size);
void libbpf_types_free(struct btf *types);

/* One object's types against one kernel's. */
struct libbpf_core *libbpf_core_new(struct btf *local, struct btf *kernel);
void libbpf_core_free(struct libbpf_core *core);

/* What a record comes to: like struct core_result. */
struct libbpf_result {
	unsigned long long value, original;
	bool poison, validate, cannot_resize;
	unsigned original_size, new_size;
};

/*
 * Resolves one record; 0, or the negative errno with which libbpf refuses. Records must come in the order of the file:
 * libbpf drops candidates on the way.
 */
int libbpf_core_resolve(
	struct libbpf_core *core, const char *prog, const struct bpf_core_relo *relo, struct libbpf_result *result);

/* Patches instruction `i` with what libbpf_core_resolve() found last. */
int libbpf_core_patch(const char *prog, const struct bpf_core_relo *relo, struct bpf_insn *insns, unsigned i);

/* The last things that libbpf said. */
const char *libbpf_said(void);

const char *libbpf_version(void);

#endif
