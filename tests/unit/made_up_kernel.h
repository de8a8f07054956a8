/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * made_up_kernel.h: a kernel that answers as a test wants it to, and one object to be loaded into it.
 *
 * Kernels that are hard to come by can be had so: old ones, busy ones, those that change their minds. Each bpf(2) is
 * written down in kernel.calls and answered by kernel.answer(); there are no files but those that were put there.
 *
 *	static long is_old(const struct call *call) { return *call->name ? -E2BIG : agrees(call); }
 *	…
 *	open_object(KINDS);
 *	kernel.answer = is_old;
 *	assert_no_error(&error, load_maps(&live));
 *	assert_int_equal(count_of(BPF_MAP_CREATE), 2);
 *
 * A test that includes this is linked with made_up_kernel.c, whose sys_NAME() go before those of src/base/sys.c.
 */
#ifndef UNIT_MADE_UP_KERNEL_H
#define UNIT_MADE_UP_KERNEL_H

#include "unit.h"
#include "base/sys.h"
#include "kernel/bpf.h"
#include "kernel/load.h"

#define KINDS FIXTURES "btf_kinds.bpf.o"
#define MAPS  FIXTURES "maps.bpf.o"

#define CAP(number) (1ULL << (number))

/* A test for RUN() to which the kernel is a new one, and which fails if anything is left open or allocated. */
#define EACH(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

enum { FIRST_FD = 1000, CALLS_MAX = 200 };

/* One bpf(2), as it was asked. */
struct call {
	int command;
	size_t size;
	union bpf_attr attr;
	long result;
	char name[BPF_OBJ_NAME_LEN]; /* that the map or program has */
};

extern struct made_up_kernel {
	long (*answer)(const struct call *call); /* > 0: a new descriptor, FIRST_FD + its number in `calls` */
	struct call calls[CALLS_MAX];
	u32 count, unlinked;
	bool is_open[CALLS_MAX];
	u64 mapped; /* bytes */
	u32 files;  /* that are open */
	bool maps_no_files, may_mount;
	u32 mounts;
	u64 blocked;               /* signals */
	struct sys_rlimit64 limit; /* RLIMIT_MEMLOCK */
	bool may_raise;
	u64 capabilities;
	const char *version; /* uname -v */
} kernel;

/* What is loaded into it, and what is needed for that. */
extern struct arena arena;
extern struct error error;
extern struct held held;
extern struct kernel_btf kernel_btf;
extern struct object object;
extern struct live live;

int set_up(void **state);
int tear_down(void **state);
/* Takes the one down, and sets up the next, within a test. */
void start_over(void);

/*
 * Answers: yes to all, but nothing is pinned and there are no modules; no to all; no for as long as RLIMIT_MEMLOCK is
 * what it is.
 */
long agrees(const struct call *call);
long forbids(const struct call *call);
long counts_memory(const struct call *call);

/* Puts a file there, in place of one that is: with that text, with those bytes, or with what another one holds. */
void put_file(const char *path, const char *text);
void put_bytes(const char *path, const void *data, size_t size);
void put_copy(const char *path, const char *original);

/* Gives it the types of a fixture; and one more module, with those of another. The descriptor of these. */
void put_types(const char *fixture);
int put_module(const char *fixture);

u32 open_fds(void);
/* The i-th call of a command, or NULL, and how many there were. */
const struct call *nth(int command, u32 i);
u32 count_of(int command);

/* Opens a fixture as x.bpf.o: `object`, and `live`, into which nothing is loaded yet. */
void open_object(const char *path);
/* The index of one that must be there. */
u32 map_named(const char *name);
u32 prog_named(const char *name);
/* Leaves out all maps but this. */
const struct map_spec *alone(const char *name);

#endif
