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
	/* What is wrong with an argument is told before that one is, if it is; what came before the call is not it. */
	log_text = "0: (85) call pc+1\nwrite into map forbidden\nCaller passes invalid args into func#1 ('g')\n";
	assert_error(&error, load_program(&live, index, &verdict), EACCES, "pc+1\n    write into map forbidden");
	log_text = "Func#2 ('h') is global\n0: (85) call pc+1\nCaller passes invalid args into func#1\n";
	assert_error(&error, load_program(&live, index, &verdict), EACCES, "pc+1\n    Caller passes invalid args");
	/* The license is what the file says, not what its author meant. */
	log_text = "0: (85) call 25\ncannot call GPL-restricted function from non-GPL compatible program\n";
	assert_error(&error, load_program(&live, index, &verdict), EACCES,
		"compatible program\n    the object's license is '");
	/* What was in the way has gone. */
	log_errno = 1;
	assert_no_error(&error, load_program(&live, index, &verdict));
}

static long refuses_unread(const struct call *call)
{
	return call->command == BPF_PROG_LOAD ? -EINVAL : agrees(call);
}

/* Which line of a log is the reason, which the instruction, and what is known of that one besides. */
static void reasons(void **state)
{
	static const struct {
		const char *log, *told;
	} cases[] = {
		{"first\nsecond\n", "verifier\n    second; the kernel took none of the object's BTF"},
		{"0: (b7) r0 = 0\nodd\n; int x = 1;\n3: R1=1\n", "r0 = 0\n    odd;"},
		{"0: (b7) r0 = 0\n3: R1=1\n7 are too many\n", "r0 = 0\n    7 are too many;"},
		{"0: (b7) r0 = 0\nodd\nVerification failed: x\nmore\n", "r0 = 0\n    odd;"},
		{"odd\nVerification passed\n", "verifier\n    Verification passed;"},
		{"Verification failed: x\n", "verifier\n    Verification failed: x;"},
		{"jump out of range from insn 10 to 99\n", "    10: ("},
		{"jump out of range from insn 10 to 99\n", "verifier\n    btf_kinds.bpf.c:"},
		{"0: (b7) r0 = 0\nfrom insn 10 to 99\n", "(b7) r0 = 0\n    from insn 10 to 99;"},
	};
	struct verdict verdict;
	u32 index = ready_program(), poisoned = 0;

	(void)state;
	kernel.answer = says_much;
	log_errno = -EACCES;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		log_text = cases[i].log;
		assert_error(&error, load_program(&live, index, &verdict), EACCES, cases[i].told);
	}
	/* One call is of a function that the kernel has not. */
	for (u32 i = 0; i < object.progs[index].insn_count; i++) {
		char log[64];

		snprintf(log, sizeof(log), "%u: (85) call\nodd\n", i);
		log_text = log;
		assert_int_equal(load_program(&live, index, &verdict), -EACCES);
		if (strstr(error.message, "odd\n    this kernel has no function 'kernel_function'")) {
			assert_int_equal(object.progs[index].insns[i].code, BPF_JMP | BPF_CALL);
			poisoned++;
		}
		error_clear(&error);
		kernel.count = 0;
	}
	assert_int_equal(poisoned, 1);
	live.btf_fd = FIRST_FD;
	log_text = "odd\n";
	assert_int_equal(load_program(&live, index, &verdict), -EACCES);
	assert_null(strstr(error.message, "took none"));
	error_clear(&error);
	kernel.answer = refuses_unread;
	assert_error(&error, load_program(&live, index, &verdict), EINVAL, "word; it may lack program type 1 (socket");
}

static long has_no_modules(const struct call *call)
{
	return call->command == BPF_BTF_GET_NEXT_ID ? -ENOENT : agrees(call);
}

static void open_with_types(const char *object_path, const char *kernel_path)
{
	put_copy("/boot/vmlinux-5.4.0-test", kernel_path);
	kernel.answer = has_no_modules;
	open_object(object_path);
}

static u32 kernel_id(u32 kind, const char *name)
{
	struct kernel_btf_part *part = kernel_btf_part(&kernel_btf, 0);
	u32 id = part ? btf_view_find_one(&part->view, kind, name) : 0;

	assert_int_not_equal(id, 0);
	return id;
}

/* Programs of a struct attach to the kernel's struct, and say which member they are. */
static void members_of_structs(void **state)
{
	static const struct {
		const char *name;
		u32 member;
	} progs[] = {{"ssthresh", 0}, {"cong_avoid", 3}};
	struct verdict verdict;
	struct map_spec *map;

	(void)state;
	open_with_types(MAPS, FIXTURES "kernel_ops.bpf.o");
	map = &object.maps[map_named("mine")];
	map->autocreate = true;
	for (u32 i = 0; i < ARRAY_SIZE(progs); i++) {
		const struct call *call;

		assert_no_error(&error, load_program(&live, prog_named(progs[i].name), &verdict));
		call = nth(BPF_PROG_LOAD, i);
		assert_int_equal(call->attr.attach_btf_id, kernel_id(BTF_KIND_STRUCT, "tcp_congestion_ops"));
		assert_int_equal(call->attr.expected_attach_type, progs[i].member);
		assert_int_equal(call->attr.attach_btf_obj_fd, 0);
	}
	map = &object.maps[map_named("linked")];
	map->initial[16] = 1; /* a member that the kernel has not */
	assert_error(&error, load_program(&live, map->slots[0].index, &verdict), EOPNOTSUPP,
		"map 'linked': member 'not_known': the kernel's struct has no such member");
	for (u32 i = 0; i < object.map_count; i++)
		for (u32 s = 0; s < object.maps[i].slot_count && object.maps[i].origin == MAP_FROM_OPS; s++)
			object.maps[i].slots[s].index = object.prog_count;
	assert_error(&error, load_program(&live, prog_named("ssthresh"), &verdict), EINVAL,
		"no struct in section .struct_ops or .struct_ops.link names it");
	start_over();
	open_with_types(MAPS, FIXTURES "externs_kernel.bpf.o");
	assert_error(&error, load_program(&live, prog_named("ssthresh"), &verdict), ENOENT,
		"': neither the kernel nor a module has a struct 'bpf_struct_ops_tcp_congestion_ops'");
}

/* A function of the kernel's, by its name. */
static void functions_of_the_kernel(void **state)
{
	struct verdict verdict;
	struct hook hook;
	u32 entry;

	(void)state;
	open_with_types(FIXTURES "context.bpf.o", FIXTURES "externs_kernel.bpf.o");
	entry = prog_named("entry");
	assert_error(&error, load_program(&live, entry, &verdict), ENOENT, "function 'f'");
	object.progs[entry].target = "same";
	assert_no_error(&error, wanted_list(&arena, &error, &object, &live.wanted));
	live.parts_searched = 0;
	assert_no_error(&error, load_maps(&live));
	assert_no_error(&error, load_program(&live, entry, &verdict));
	assert_int_equal(nth(BPF_PROG_LOAD, 0)->attr.attach_btf_id, kernel_id(BTF_KIND_FUNC, "same"));
	assert_int_equal(nth(BPF_PROG_LOAD, 0)->attr.attach_btf_obj_fd, 0);
	hook = *object.progs[entry].hook;
	object.progs[entry].hook = &hook;
	live.wanted.progs[entry].query = NULL; /* as of SEC("fentry") */
	assert_error(&error, load_program(&live, entry, &verdict), EINVAL, "the section names nothing to attach to");
	hook.prog_type = BPF_PROG_TYPE_EXT;
	assert_error(&error, load_program(&live, entry, &verdict), EINVAL, "it replaces a function of another");
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
	return RUN(EACH(logs), EACH(reasons), EACH(members_of_structs), EACH(functions_of_the_kernel),
		EACH(programs_without_privilege), EACH(programs));
}
