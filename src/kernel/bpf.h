/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * bpf.h: bpf(2), one function a command.
 *
 * Nothing else fills a union bpf_attr. Each function clears it whole, fills in what it uses and passes the size up to
 * the last field used, so that old kernels see nothing they do not know (kernel/bpf/syscall.c: CHECK_ATTR, and
 * bpf_check_uarg_tail_zero(), which refuses unknown bytes that are not zero with E2BIG).
 *
 * All return a descriptor or 0, or -errno. Descriptors close on exec and are never 0, 1 or 2: in several attributes
 * 0 stands for "none".
 *
 * Kernels before 5.11 charge maps and programs to RLIMIT_MEMLOCK and answer EPERM when it is used up. So
 * the first EPERM raises the limit, if it can be raised, and the call is made once more.
 */
#ifndef KERNEL_BPF_H
#define KERNEL_BPF_H

#include <linux/bpf.h>
#include "base/types.h"

struct bpf_map_create_args {
	const char *name; /* at most 15 characters of [A-Za-z0-9_.] count */
	u32 type, key_size, value_size, max_entries, flags;
	u32 numa_node;
	u64 map_extra; /* since 5.16 */
	int btf_fd;    /* 0: none */
	u32 btf_key_type_id, btf_value_type_id;
};

struct bpf_prog_load_args {
	const char *name;
	u32 prog_type, expected_attach_type, flags;
	const struct bpf_insn *insns;
	u32 insn_count;
	const char *license;
	u32 kern_version;
	int btf_fd; /* 0: none, and no infos */
	const struct bpf_func_info *func_info;
	u32 func_info_count;
	const struct bpf_line_info *line_info;
	u32 line_info_count;
	/* The verifier's log, NUL-terminated; none if log_level is 0. */
	u32 log_level;
	char *log;
	u32 log_size;
};

int bpf_map_create(const struct bpf_map_create_args *args);
int bpf_map_update_elem(int map_fd, const void *key, const void *value, u64 flags);
int bpf_map_freeze(int map_fd);

/* EAGAIN (a signal came while the verifier ran) is retried a few times. */
int bpf_prog_load(const struct bpf_prog_load_args *args);
/* Runs a raw tracepoint program once on CPU `cpu` (kernel/bpf/test_run.c:bpf_prog_test_run_raw_tp(), since 5.10). */
int bpf_prog_test_run_on_cpu(int prog_fd, u32 cpu);

/* With `log`, the kernel's reasons at log level 1. */
int bpf_btf_load(const void *blob, u32 size, char *log, u32 log_size);

#endif
