/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_hooks.c: section names. The table is included, so that each of its rows can be asked for.
 */
#include "unit.h"
#include "object/hooks.c"

/* No row hides behind an earlier one, and '+' means what it says. */
static void every_row(void **state)
{
	const char *target;
	char name[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hooks); i++) {
		const char *row = list_entry(hook_names, sizeof(hook_names), (u32)i);
		bool open = str_ends(row, "+");
		size_t len = strlen(row) - open;

		assert_true(len + 3 < sizeof(name));
		memcpy(name, row, len);
		strcpy(name + len, "");
		if (hook_find(name, &target) != &hooks[i] || target)
			fail_msg("'%s' finds another row", name);
		strcpy(name + len, "/x");
		assert_int_equal(hook_find(name, &target) == &hooks[i], open);
		if (open)
			assert_string_equal(target, "x");
		strcpy(name + len, "/");
		assert_int_equal(hook_find(name, &target) == &hooks[i], open);
		strcpy(name + len, "x");
		assert_ptr_not_equal(hook_find(name, &target), &hooks[i]);
		strcpy(name + len, "+");
		assert_null(hook_find(name, &target));
		name[len - 1] = '\0';
		assert_ptr_not_equal(hook_find(name, &target), &hooks[i]);
	}
}

static void names(void **state)
{
	static const struct {
		const char *section;
		int prog_type, attach_type, attach;
		const char *target;
	} cases[] = {
		{"kprobe/do_exit+0x10", BPF_PROG_TYPE_KPROBE, 0, ATTACH_KPROBE, "do_exit+0x10"},
		{"kprobe", BPF_PROG_TYPE_KPROBE, 0, ATTACH_KPROBE, NULL},
		{"kretprobe/do_exit", BPF_PROG_TYPE_KPROBE, 0, ATTACH_KRETPROBE, "do_exit"},
		{"ksyscall/execve", BPF_PROG_TYPE_KPROBE, 0, ATTACH_KSYSCALL, "execve"},
		{"kretsyscall/execve", BPF_PROG_TYPE_KPROBE, 0, ATTACH_KRETSYSCALL, "execve"},
		{"kprobe.multi/tcp_*", BPF_PROG_TYPE_KPROBE, BPF_TRACE_KPROBE_MULTI, -1, "tcp_*"},
		{"tracepoint/syscalls/sys_enter_openat", BPF_PROG_TYPE_TRACEPOINT, 0, -1, "syscalls/sys_enter_openat"},
		{"tp/a/b/c", BPF_PROG_TYPE_TRACEPOINT, 0, -1, "a/b/c"},
		{"xdp", BPF_PROG_TYPE_XDP, BPF_XDP, -1, NULL},
		{"xdp/devmap", BPF_PROG_TYPE_XDP, BPF_XDP_DEVMAP, -1, NULL},
		{"xdp.frags/devmap", BPF_PROG_TYPE_XDP, BPF_XDP_DEVMAP, -1, NULL},
		{"fentry.s/do_exit", BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, -1, "do_exit"},
		{"tc", BPF_PROG_TYPE_SCHED_CLS, 0, -1, NULL},
		{"tc/ingress", BPF_PROG_TYPE_SCHED_CLS, 46, -1, NULL},
		{"cgroup_skb/egress", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_EGRESS, -1, NULL},
		{"lsm.s/file_open", BPF_PROG_TYPE_LSM, BPF_LSM_MAC, -1, "file_open"},
	};
	static const char *const strangers[] = {"", "/", "kprobes", "kprobe_do_exit", "xdp_foo", "xdp/foo", "tc/foo",
		".text", "maps", "tracepoints/a/b", "classifier/x", "socket1", "Kprobe/x", "kprobe.multi.s/x",
		"?kprobe/x", "cgroup/", "kprobe+/x"};
	const char *target;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct hook *hook = hook_find(cases[i].section, &target);

		assert_non_null(hook);
		assert_int_equal(hook->prog_type, cases[i].prog_type);
		assert_int_equal(hook->attach_type, cases[i].attach_type);
		if (cases[i].attach >= 0)
			assert_int_equal(hook->attach, cases[i].attach);
		if (cases[i].target)
			assert_string_equal(target, cases[i].target);
		else
			assert_null(target);
	}
	for (size_t i = 0; i < ARRAY_SIZE(strangers); i++) {
		target = "";
		if (hook_find(strangers[i], &target) || target)
			fail_msg("'%s' is taken for a hook", strangers[i]);
	}
}

static void flags(void **state)
{
	const char *target;

	(void)state;
	assert_true(hook_find("lsm.s/x", &target)->flags & HOOK_SLEEPABLE);
	assert_false(hook_find("lsm/x", &target)->flags & HOOK_SLEEPABLE);
	assert_true(hook_find("xdp.frags", &target)->flags & HOOK_FRAGS);
	assert_true(hook_find("fentry/x", &target)->flags & HOOK_BTF_TARGET);
	assert_true(hook_find("xdp", &target)->flags & HOOK_ATTACH_OPTIONAL);
	assert_false(hook_find("xdp.frags", &target)->flags & HOOK_ATTACH_OPTIONAL);
}

static void type_names(void **state)
{
	(void)state;
	assert_string_equal(prog_type_name(BPF_PROG_TYPE_KPROBE), "kprobe");
	assert_string_equal(prog_type_name(BPF_PROG_TYPE_SYSCALL), "syscall");
	assert_string_equal(prog_type_name(32), "netfilter");
	assert_string_equal(prog_type_name(33), "type 33");
	assert_string_equal(prog_type_name(U32_MAX), "type 4294967295");
	assert_string_equal(map_type_name(BPF_MAP_TYPE_PERF_EVENT_ARRAY), "perf_event_array");
	assert_string_equal(map_type_name(BPF_MAP_TYPE_RINGBUF), "ringbuf");
	assert_string_equal(map_type_name(BPF_MAP_TYPE_BLOOM_FILTER), "bloom_filter");
	assert_string_equal(map_type_name(99), "type 99");
}

int main(void)
{
	return RUN(TEST(every_row), TEST(names), TEST(flags), TEST(type_names));
}
