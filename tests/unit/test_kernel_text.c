/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_kernel_text.c: the texts that /proc and sysfs hold and users type: lists of CPUs, lines of kallsyms, places of
 * probes, names of probes' groups.
 */
#include "unit.h"
#include "attach/kprobe.h"
#include "attach/owner.h"
#include "base/string.h"
#include "base/sys.h"
#include "base/text.h"
#include "kernel/cpus.h"
#include "kernel/kallsyms.h"

static struct arena arena;
static struct error error;

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	error_clear(&error);
	arena_fail_after(-1);
	return arena_live() ? -1 : 0;
}

static void cpu_lists(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {{"0", "0 "}, {"0-3", "0 1 2 3 "}, {"0-1,8,10-11\n", "0 1 8 10 11 "}, {"5\n", "5 "},
		{"65535", "65535 "}, {"0,2,4,6", "0 2 4 6 "}, {"3-3", "3 "}};
	static const char *const wrong[] = {"", "\n", "x", "-1", "1-", "3-2", "0-65536", "65536", "1,1", "2,1", "0-3,3",
		"1 2", "1,x", "18446744073709551616", "0-18446744073709551615", "9223372036854775808", "1--2"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cpu_list list;
		char buf[100];
		struct text t = text_in(buf, sizeof(buf));

		assert_no_error(&error, cpu_list_parse(&arena, &error, cases[i].in, &list));
		for (u32 n = 0; n < list.count; n++)
			text_printf(&t, "%u ", list.cpus[n]);
		assert_string_equal(buf, cases[i].out);
	}
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct cpu_list list;

		assert_error(&error, cpu_list_parse(&arena, &error, wrong[i], &list), EINVAL, "is no list of CPUs");
	}
}

/* libbpf's reader had a buffer of 128 bytes: a long, sparse list is E2BIG there. */
static void long_cpu_list(void **state)
{
	struct cpu_list list;
	char *text = malloc(100000);
	size_t len = 0;

	(void)state;
	for (u32 cpu = 0; cpu < 16000; cpu += 2)
		len += (size_t)sprintf(text + len, "%u,", cpu);
	text[len - 1] = '\n';
	assert_no_error(&error, cpu_list_parse(&arena, &error, text, &list));
	assert_int_equal(list.count, 8000);
	assert_int_equal(list.cpus[7999], 15998);
	arena_fail_after(0);
	assert_error(&error, cpu_list_parse(&arena, &error, text, &list), ENOMEM, "no memory");
	free(text);
}

static void cpus_of_this_machine(void **state)
{
	struct cpu_list online;
	u32 possible;

	(void)state;
	assert_no_error(&error, cpus_online(&arena, &error, &online));
	assert_no_error(&error, cpus_possible(&arena, &error, &possible));
	assert_true(online.count >= 1 && possible > online.cpus[online.count - 1]);
}

static void kallsyms_lines(void **state)
{
	static const struct {
		const char *line;
		bool ok;
		u64 address;
		char type;
		const char *name, *module;
	} cases[] = {
		{"ffffffff81000000 T _stext", true, 0xffffffff81000000, 'T', "_stext", ""},
		{"0000000000000000 t do_exit", true, 0, 't', "do_exit", ""},
		{"ffffffffc0001000 t nf_hook\t[nf_tables]", true, 0xffffffffc0001000, 't', "nf_hook", "[nf_tables]"},
		{"c0008000 T stext", true, 0xc0008000, 'T', "stext", ""},
		{"0 A x", true, 0, 'A', "x", ""},
		{"", false, 0, 0, NULL, NULL},
		{"ffffffff81000000", false, 0, 0, NULL, NULL},
		{"ffffffff81000000 ", false, 0, 0, NULL, NULL},
		{"ffffffff81000000 T", false, 0, 0, NULL, NULL},
		{"ffffffff81000000 T ", false, 0, 0, NULL, NULL},
		{"xyz T name", false, 0, 0, NULL, NULL},
		{"1ffffffff81000000 T name", false, 0, 0, NULL, NULL},
		{"0  T name", false, 0, 0, NULL, NULL},
		{"0\tT name", false, 0, 0, NULL, NULL},
		{"0 TT name", false, 0, 0, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *line = (char *)exact_copy(cases[i].line, strlen(cases[i].line) + 1);
		struct kallsym symbol;

		if (kallsyms_parse(line, &symbol) != cases[i].ok)
			fail_msg("'%s'", cases[i].line);
		if (cases[i].ok) {
			assert_true(symbol.address == cases[i].address && symbol.type == cases[i].type);
			assert_string_equal(symbol.name, cases[i].name);
			assert_string_equal(symbol.module, cases[i].module);
		}
		free(line);
	}
}

static void functions(void **state)
{
	(void)state;
	for (const char *type = "TtWw"; *type; type++)
		assert_true(kallsym_is_function(&(struct kallsym){.type = *type}));
	for (const char *type = "DdBbRrVvAU?"; *type; type++)
		assert_false(kallsym_is_function(&(struct kallsym){.type = *type}));
}

static void names_with_suffix(void **state)
{
	static const struct {
		char type;
		const char *name;
		size_t len;
	} cases[] = {{'d', "counter", 7}, {'d', "counter.llvm.123", 7}, {'d', "counter.5.llvm.123", 9},
		{'t', "counter.llvm.123", 16}, {'d', "counter.0", 9}, {'d', "", 0}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(kallsym_name_len(&(struct kallsym){.type = cases[i].type, .name = cases[i].name}),
			cases[i].len);
}

static void syscall_functions(void **state)
{
	char name[64];

	(void)state;
	assert_true(syscall_function(1, "execve", name, sizeof(name)));
	assert_string_equal(name, "__se_sys_execve");
	assert_true(syscall_function(2, "execve", name, sizeof(name)));
	assert_string_equal(name, "sys_execve");
	assert_true(syscall_function(0, "execve", name, sizeof(name)));
	assert_true(str_ends(name, "sys_execve"));
	assert_false(syscall_function(3, "execve", name, sizeof(name)));
}

static void probe_places(void **state)
{
	static const struct {
		const char *text;
		bool is_return;
		const char *function; /* NULL: refused, with `message` */
		u64 offset;
		const char *message;
	} cases[] = {
		{"do_exit", false, "do_exit", 0, NULL},
		{"do_exit+4", false, "do_exit", 4, NULL},
		{"do_exit+0x10", false, "do_exit", 16, NULL},
		{"do_exit+010", false, "do_exit", 8, NULL},
		{"nf_tables:nft_do_chain+2", false, "nf_tables:nft_do_chain", 2, NULL},
		{"foo.isra.0", true, "foo.isra.0", 0, NULL},
		{"do_exit", true, "do_exit", 0, NULL},
		{"do_exit+", false, NULL, 0, "'+' is no offset; expected FUNCTION+BYTES"},
		{"do_exit+x", false, NULL, 0, "'+x' is no offset"},
		{"do_exit+-1", false, NULL, 0, "'+-1' is no offset"},
		{"do_exit+0", true, NULL, 0, "a return probe has no offset, this one has '+0'"},
		{"", false, NULL, 0, "'' is no function's name"},
		{"+4", false, NULL, 0, "'+4' is no function's name"},
		{"12345", false, NULL, 0, "'12345' is no function's name"}, /* would be an address */
		{":do_exit", false, NULL, 0, "':do_exit' is no function's name"},
		{"0x10+4", false, NULL, 0, "'0x10+4' is no function's name"},
		{"a b", false, NULL, 0, "'a b' is no function's name"},
		{"a\nb", false, NULL, 0, "is no function's name"}, /* would be a second definition */
		{"a/b", false, NULL, 0, "is no function's name"},
		{"a;b", false, NULL, 0, "is no function's name"},
		{"a+1+2", false, NULL, 0, "is no function's name"},
	};
	struct kprobe_target target;
	char name[600];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int err = kprobe_parse(&error, cases[i].text, cases[i].is_return, &target);

		if (!cases[i].function) {
			assert_error(&error, err, EINVAL, cases[i].message);
			continue;
		}
		assert_no_error(&error, err);
		assert_string_equal(target.function, cases[i].function);
		assert_true(target.offset == cases[i].offset && target.is_return == cases[i].is_return);
	}
	memset(name, 'f', sizeof(name));
	name[575] = '\0';
	assert_no_error(&error, kprobe_parse(&error, name, false, &target));
	assert_string_equal(target.function, name);
	name[575] = 'f';
	name[576] = '\0';
	assert_error(&error, kprobe_parse(&error, name, false, &target), EINVAL, "fff' is no function's name");
}

/* Only a group of this very pid namespace, of a process that is no more, may be removed. When in doubt it stays. */
static void owners(void **state)
{
	static const char *const doubtful[] = {"", "loader_", "loader_1", "loader_1_2", "loader_1_2_", "loader_1_2_3x",
		"loader_1_2_3_4", "kprobes", "libbpf_1_2_3", "Loader_1_2_3", "loader_x_2_3", "loader__2_3",
		"loader_0_99999999_1", "loader_18446744073709551616_1_1", "loader_1_99999999_1"};
	char group[64], other[64];
	u64 namespace, start;
	int pid, child;

	(void)state;
	owner_group(group, sizeof(group));
	assert_true(str_starts(group, "loader_"));
	assert_int_equal(sscanf(group, "loader_%llu_%d_%llu", &namespace, &pid, &start), 3);
	assert_int_equal(pid, sys_getpid());
	assert_false(owner_is_gone(group));
	owner_group(other, sizeof(other));
	assert_string_equal(group, other); /* the same whenever it is asked for */
	for (size_t i = 0; i < ARRAY_SIZE(doubtful); i++)
		if (owner_is_gone(doubtful[i]))
			fail_msg("'%s' is taken for a dead run's", doubtful[i]);
	/* The same pid, but another process. */
	snprintf(other, sizeof(other), "loader_%llu_%d_%llu", namespace, pid, start + 1);
	assert_true(owner_is_gone(other));
	/* A process that was. */
	child = sys_fork();
	if (!child)
		sys_exit(0);
	assert_int_equal(sys_wait(child, NULL, 0), child);
	snprintf(other, sizeof(other), "loader_%llu_%d_%llu", namespace, child, start);
	assert_true(owner_is_gone(other));
	/* The same in another namespace is none of ours. */
	snprintf(other, sizeof(other), "loader_%llu_%d_%llu", namespace + 1, child, start);
	assert_false(owner_is_gone(other));
}

#define EACH(function) cmocka_unit_test_teardown(function, tear_down)

int main(void)
{
	return RUN(EACH(cpu_lists), EACH(long_cpu_list), EACH(cpus_of_this_machine), EACH(kallsyms_lines),
		EACH(functions), EACH(names_with_suffix), EACH(syscall_functions), EACH(probe_places), EACH(owners));
}
