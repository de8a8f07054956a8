/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * bpf.h: bpf(2), one function a command.
 *
 * Nothing else fills a union bpf_attr. Each function fills in what it uses of one that is all zero, and the size passed
 * ends with the last word that is not, so that old kernels see nothing they do not know (kernel/bpf/syscall.c:
 * CHECK_ATTR, and bpf_check_uarg_tail_zero(), which refuses unknown bytes that are not zero with E2BIG).
 *
 * All that return an int return a descriptor or 0, or -errno. Descriptors close on exec and are never 0, which in
 * several attributes stands for "none": loader.c opens something as 0 if nothing is.
 *
 * Kernels before 5.11 charge maps and programs to RLIMIT_MEMLOCK and answer EPERM when it is used up. So the first
 * EPERM raises the limit, if it can be raised, and the call is made once more.
 */
#ifndef KERNEL_BPF_H
#define KERNEL_BPF_H

#include <linux/bpf.h>
#include "object/object.h"
#include "relocate/link.h"

struct bpf_map_create_args {
	struct map_spec map;       /* of its name 15 characters; others than [A-Za-z0-9_.] become '_' */
	int btf_fd;                /* that its btf_key_type_id and btf_value_type_id are in; 0: none */
	int inner_map_fd;          /* what the maps in it are like; 0: it holds no maps */
	u32 vmlinux_value_type_id; /* the kernel's type of a struct of functions, in … */
	int vmlinux_value_type_fd; /* … a module's BTF (since 6.9, with its flag); 0: the kernel's own */
};

/* The 32-bit words that make a map what it is: where they stand, and a value that most maps, or many, can have. */
enum { MAP_WORDS = 8 };
extern const struct map_word {
	char name[14];
	u8 in_spec, in_info; /* offsets in struct map_spec and struct bpf_map_info */
	u8 good;
} map_words[MAP_WORDS];

struct bpf_prog_load_args {
	const char *name;
	u32 prog_type, expected_attach_type, flags;
	struct prog_image image;
	const char *license;
	u32 kern_version;
	int btf_fd;          /* that the image's infos are about; 0: none, and they do not count */
	u32 attach_btf_id;   /* what it attaches to, in the BTF of … */
	int attach_btf_fd;   /* … a module; 0: of the kernel itself */
	const int *fd_array; /* what instructions call by index, since 5.14; or NULL */
	/* The verifier's log, NUL-terminated; none if log_level is 0. */
	u32 log_level;
	char *log;
	u32 log_size;
};

int bpf_map_create(const struct bpf_map_create_args *args);
int bpf_map_update_elem(int map_fd, const void *key, const void *value, u64 flags);
int bpf_map_freeze(int map_fd);
/* What the kernel says of a map: `info` is cleared before, as an older kernel fills less of it. */
int bpf_map_info(int map_fd, struct bpf_map_info *info);
int bpf_obj_pin(int fd, const char *path);
int bpf_obj_get(const char *path);
/* Keeps a map alive as long as a program that does not use it (since 5.10). */
int bpf_prog_bind_map(int prog_fd, int map_fd);

/* How often the kernel did not run a program because another was running on that CPU; of kprobes' since 6.7. */
u64 bpf_prog_missed(int prog_fd);

/* EAGAIN (a signal came while the verifier ran) is retried a few times. */
int bpf_prog_load(const struct bpf_prog_load_args *args);
/* Whether the kernel loads these instructions: for questions that only the verifier answers. */
bool bpf_prog_loads(u32 prog_type, struct bpf_insn *insns, u32 count);
/* Whether one link can hold many probes in user space (6.6), also if only one process is meant (right since 6.10). */
bool bpf_has_uprobe_multi(void);
/* Runs a raw tracepoint program once on CPU `cpu` (kernel/bpf/test_run.c:bpf_prog_test_run_raw_tp(), since 5.10). */
int bpf_prog_test_run_on_cpu(int prog_fd, u32 cpu);

int bpf_btf_load(const void *blob, u32 size);

/* The BTF object whose id is the next one above `id`, to `next`; -ENOENT behind the last. For CAP_SYS_ADMIN (5.4). */
int bpf_btf_get_next_id(u32 id, u32 *next);
int bpf_btf_get_fd_by_id(u32 id);
/* `info` holds the buffers to fill; before 5.11 there was none for a name, and one is refused with E2BIG. */
int bpf_btf_info(int btf_fd, struct bpf_btf_info *info);

#endif
