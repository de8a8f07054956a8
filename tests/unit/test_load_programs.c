/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_load_programs.c: programs into the kernel, and what is made of its refusals and its log.
 */
#include "made_up_kernel.h"
#include "object/hooks.h"

/* The one program of KINDS, whose maps are there. */
static u32 ready_program(void)
{
	open_object(KINDS);
	assert_no_error(&error, load_maps(&live));
	return prog_named("program");
}

static const char *log_text;
static long log_errno;

/* Has more to say than 1 MiB. What it refuses without a log it may refuse with one for another reason. */
static long says_much(const struct call *call)
{
	if (call->command != BPF_PROG_LOAD)
		return agrees(call);
	if (!call->attr.log_level)
		return -EACCES;
	if (call->attr.log_size <= 1 << 20)
		return -ENOSPC;
	strcpy((char *)(uintptr_t)call->attr.log_buf, log_text);
	return log_errno;
}

static void logs(void **state)
{
	struct verdict verdict;
	u32 index = ready_program();

	(void)state;
	kernel.answer = says_much;
	log_text = "0: (b7) r0 = 0\nit has no end\nprocessed 1 insns\n";
	log_errno = -ENOSPC; /* there is no end of it */
	assert_error(&error, load_program(&live, index, &verdict), EACCES, "it has no end");
	assert_int_equal(count_of(BPF_PROG_LOAD), 3);
	assert_int_equal(nth(BPF_PROG_LOAD, 2)->attr.log_size, 256 << 20);
	log_text = "0: (b7) r0 = 0\nit has no reason\nverification time 3 usec\nstack depth 0\nprocessed 1 insns\n";
	log_errno = -EINVAL;
	assert_error(&error, load_program(&live, index, &verdict), EACCES, "(b7) r0 = 0\n    it has no reason");
	assert_string_equal(verdict.log, log_text);
	/* An instruction that the program has not is not looked for in it. */
	log_text = "99999: (b7) r0 = 0\nodd\n";
	assert_error(&error, load_program(&live, index, &verdict), EACCES, "rejected by the verifier\n    odd");
	log_text = "";
	assert_error(&error, load_program(&live, index, &verdict), EACCES, "without a word");
	assert_null(verdict.log);
	/* Since 6.13 that there is a reference is told after which one it is. */
	log_text = "Unreleased reference id=1 alloc_insn=3\nBPF_EXIT would lead to reference leak\n";
	assert_error(&error, load_program(&live, index, &verdict), EACCES, "verifier\n    Unreleased reference id=1");
	/* What was in the way has gone. */
	log_errno = 1;
	assert_no_error(&error, load_program(&live, index, &verdict));
}

static long refuses_too_long(const struct call *call)
{
	return call->command == BPF_PROG_LOAD ? -E2BIG : agrees(call);
}

static long tells_leaks_to_few(const struct call *call)
{
	if (call->attr.log_level)
		strcpy((char *)(uintptr_t)call->attr.log_buf, "R0 leaks addr\n");
	return -EPERM;
}

/* Which capability is missing goes by the type of program. */
static void programs_without_privilege(void **state)
{
	struct verdict verdict;
	u32 index = ready_program();
	struct hook hook = *object.progs[index].hook;

	(void)state;
	kernel.limit.cur = ~0ULL;
	object.progs[index].hook = &hook;
	kernel.answer = forbids;
	assert_error(&error, load_program(&live, index, &verdict), EPERM, "lacks CAP_BPF and CAP_NET_ADMIN;");
	hook.prog_type = BPF_PROG_TYPE_LSM;
	assert_error(&error, load_program(&live, index, &verdict), EPERM, "lacks CAP_BPF and CAP_PERFMON;");
	kernel.answer = tells_leaks_to_few;
	assert_error(&error, load_program(&live, index, &verdict), EPERM, "R0 leaks addr; this process lacks CAP_BPF");
}

static long binds_none(const struct call *call)
{
	return call->command == BPF_PROG_BIND_MAP ? -EINVAL : agrees(call);
}

static void programs(void **state)
{
	struct verdict verdict;
	u32 index = ready_program();
	const struct call *call;

	(void)state;
	object.version = 0x60102;
	assert_no_error(&error, load_program(&live, index, &verdict));
	call = nth(BPF_PROG_LOAD, 0);
	assert_string_equal(call->name, "program");
	assert_int_equal(call->attr.kern_version, 0x60102);
	assert_true(call->attr.fd_array == 0 && call->attr.log_level == 0);
	/* Constants go with it, and nothing else does. */
	assert_int_equal(count_of(BPF_PROG_BIND_MAP), 1);
	call = nth(BPF_PROG_BIND_MAP, 0);
	assert_int_equal(call->attr.prog_bind_map.map_fd, live.map_fds[map_named(".rodata")]);
	assert_int_equal(call->attr.prog_bind_map.prog_fd, live.prog_fds[index]);
	kernel.answer = binds_none; /* before 5.10 */
	assert_no_error(&error, load_program(&live, index, &verdict));
	kernel.answer = refuses_too_long;
	assert_error(&error, load_program(&live, index, &verdict), E2BIG, "without a word");
}

int main(void)
{
	return RUN(EACH(logs), EACH(programs_without_privilege), EACH(programs));
}
