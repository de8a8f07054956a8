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
	assert_int_equal(call->attr.log_level, 1);
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

static void open_with_types(const char *object_path, const char *kernel_path)
{
	put_types(kernel_path);
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
	assert_true(verdict.insn_count > 0 && verdict.insn_count == call->attr.insn_cnt);
	assert_null(live.core); /* nothing of it asks for one */
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

static int accessed; /* where the program's first load from memory is; -1: there is none */
static int fds[2];   /* … and the descriptors that came with it */

static long looks_inside(const struct call *call)
{
	const struct bpf_insn *insn = (const void *)(uintptr_t)call->attr.insns;

	if (call->command == BPF_LINK_CREATE)
		return ((const u32 *)&call->attr.link_create.target_btf_id)[10] ? -EINVAL : -EBADF; /* pid */
	if (call->command != BPF_PROG_LOAD)
		return agrees(call);
	if (call->attr.fd_array)
		memcpy(fds, (const int *)(uintptr_t)call->attr.fd_array + 1, sizeof(fds));
	accessed = -1;
	for (u32 i = 0; i < call->attr.insn_cnt && accessed < 0; i++)
		if (BPF_CLASS(insn[i].code) == BPF_LDX)
			accessed = insn[i].off;
	return 1;
}

/* Types are the kernel's, then its modules', or a file's alone. */
static void relocated(void **state)
{
	static const struct {
		const char *kernel, *module, *file;
		int accessed;
	} cases[] = {
		{FIXTURES "core_kernel.bpf.o", NULL, NULL, 24},
		{FIXTURES "externs_kernel.bpf.o", FIXTURES "core_kernel.bpf.o", NULL, 24},
		{FIXTURES "externs_kernel.bpf.o", FIXTURES "core_kernel.bpf.o", FIXTURES "kernel_ops.bpf.o", -1},
		{FIXTURES "externs_kernel.bpf.o", NULL, FIXTURES "core_kernel.bpf.o", 24},
		{NULL, NULL, NULL, -1},
	};
	struct verdict verdict;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct core *core;

		if (cases[i].kernel)
			put_types(cases[i].kernel);
		if (cases[i].module)
			put_module(cases[i].module);
		if (cases[i].file)
			put_copy(cases[i].file, cases[i].file);
		kernel_btf.path = cases[i].file;
		kernel.answer = looks_inside;
		open_object(FIXTURES "core_local.bpf.o");
		assert_no_error(&error, load_program(&live, prog_named("load_first"), &verdict));
		if (accessed != cases[i].accessed)
			fail_msg("%zu: %d", i, accessed);
		core = live.core;
		assert_no_error(&error, load_program(&live, prog_named("load_second"), &verdict));
		assert_ptr_equal(live.core, core);
		start_over();
	}
	/* What cannot be linked is not loaded. */
	put_types(FIXTURES "core_kernel.bpf.o");
	open_object(FIXTURES "core_local.bpf.o");
	assert_error(
		&error, load_program(&live, prog_named("load_other"), &verdict), EINVAL, "'load_other': function '");
	assert_int_equal(count_of(BPF_PROG_LOAD), 0);
	start_over();
	put_file("/sys/kernel/btf/vmlinux", "broken");
	open_object(FIXTURES "core_local.bpf.o");
	assert_error(&error, load_program(&live, prog_named("load_first"), &verdict), EINVAL,
		"x.bpf.o: socket: program 'load_first': /sys/kernel/btf/vmlinux: ");
	assert_int_equal(kernel.count, 0);
	object.progs[prog_named("load_first")].hook = NULL;
	assert_error(
		&error, load_program(&live, prog_named("load_first"), &verdict), EINVAL, "nobody knows this section");
}

/* What is a module's comes with its descriptor. */
static void with_modules(void **state)
{
	struct verdict verdict;
	struct hook hook;
	int one, two;
	u32 index;

	(void)state;
	put_file("/boot/config-5.4.0-test", "");
	put_file("/proc/kallsyms", "c200 D by_address\n");
	put_types(FIXTURES "kernel_ops.bpf.o");
	one = put_module(FIXTURES "externs_kernel.bpf.o");
	two = put_module(FIXTURES "externs.bpf.o");
	open_object(FIXTURES "externs.bpf.o");
	index = prog_named("uses_all");
	assert_no_error(&error, load_externs(&live));
	assert_no_error(&error, load_maps(&live));
	kernel.answer = looks_inside;
	assert_no_error(&error, load_program(&live, index, &verdict));
	assert_true(fds[0] == one && fds[1] == two);
	/* The same list, though there be no more than one in it. */
	live.fd_array_count = 2;
	fds[0] = 0;
	hook = *object.progs[index].hook;
	hook.flags |= HOOK_MULTI_IF; /* … and as usdt, which one link attaches everywhere */
	object.progs[index].hook = &hook;
	assert_no_error(&error, load_program(&live, index, &verdict));
	assert_int_equal(fds[0], one);
	assert_int_equal(nth(BPF_PROG_LOAD, count_of(BPF_PROG_LOAD) - 1)->attr.expected_attach_type, HOOK_UPROBE_MULTI);
	start_over();
	put_types(FIXTURES "kernel_ops.bpf.o");
	one = put_module(FIXTURES "externs_kernel.bpf.o");
	put_module(FIXTURES "externs.bpf.o");
	open_object(FIXTURES "context.bpf.o");
	object.progs[prog_named("entry")].target = "same";
	assert_no_error(&error, wanted_list(&arena, &error, &object, &live.wanted));
	assert_no_error(&error, load_maps(&live));
	assert_no_error(&error, load_program(&live, prog_named("entry"), &verdict));
	assert_int_equal(nth(BPF_PROG_LOAD, 0)->attr.attach_btf_obj_fd, one);
	assert_int_equal(live.parts_searched, 2); /* and what is behind it was not */
}

/* All steps of a load. */
static int load_all(void)
{
	struct verdict verdict;
	int err = load_btf(&live);

	err = err ? err : load_externs(&live);
	err = err ? err : load_maps(&live);
	for (u32 i = 0; !err && i < object.prog_count; i++)
		if (object.progs[i].autoload) {
			err = load_program(&live, i, &verdict);
			assert_true(err || live.prog_fds[i] >= FIRST_FD);
		}
	return err ? err : load_prog_arrays(&live);
}

/* Memory may run out at any moment: that is told, and nothing stays open. */
static void without_memory(void **state)
{
	static const char *const objects[] = {MAPS, FIXTURES "externs.bpf.o", FIXTURES "core_local.bpf.o"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(objects); i++) {
		int err, good = 0;

		for (long left = 0; good < 3; left++) {
			put_file("/boot/config-5.4.0-test", "");
			put_file("/proc/kallsyms", "c200 D by_address\n");
			put_types(i ? FIXTURES "core_kernel.bpf.o" : FIXTURES "kernel_ops.bpf.o");
			if (i == 1)
				put_module(FIXTURES "externs_kernel.bpf.o");
			open_object(objects[i]);
			for (u32 k = 0; i == 2 && k < object.prog_count; k++)
				object.progs[k].autoload = k == prog_named("load_first");
			assert_no_error(&error, live_init(&live, &arena, &error, &held, &kernel_btf, &object));
			live.pins_maps = true;
			arena_fail_after(left);
			err = load_all();
			arena_fail_after(-1);
			good += !err;
			if (err && (good || strncmp(error.message, "x.bpf.o: ", 9)))
				fail_msg("%s: %ld: %s", objects[i], left, error.message);
			if (err)
				assert_error(&error, err, ENOMEM, "");
			assert_no_error(&error, 0);
			start_over();
		}
	}
}

int main(void)
{
	return RUN(EACH(logs), EACH(reasons), EACH(members_of_structs), EACH(functions_of_the_kernel),
		EACH(programs_without_privilege), EACH(programs), EACH(relocated), EACH(with_modules),
		EACH(without_memory));
}
