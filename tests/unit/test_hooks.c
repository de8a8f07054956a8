/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_hooks.c: section names. The table is included, so that each of its rows can be asked for.
 */
#include "unit.h"
#include "object/hooks.c"

static u32 given; /* flags */

/*
 * No row hides behind an earlier one, '+' and '*' mean what they say. Without those, libbpf 0.x took anything behind
 * the name.
 */
static void every_row(void **state)
{
	const char *target;
	char name[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hooks); i++) {
		const char *row = list_entry(hook_names, sizeof(hook_names), (u32)i);
		bool twin = str_ends(row, "*"), open = twin || str_ends(row, "+");
		size_t len = strlen(row) - open;

		assert_true(len + 3 < sizeof(name));
		memcpy(name, row, len);
		strcpy(name + len, ".s");
		assert_true((hook_find(name, &target, &given) == &hooks[i]) == (twin || !open));
		assert_true(!twin || given & HOOK_SLEEPABLE);
		strcpy(name + len, "");
		if (hook_find(name, &target, &given) != &hooks[i] || target ||
			given != (hooks[i].flags & HOOK_PROG_FLAGS))
			fail_msg("'%s' finds another row", name);
		strcpy(name + len, "/x");
		if (!hook_find(name, &target, &given) || open != (target != NULL))
			fail_msg("'%s' finds no row, or a target", name);
		if (open)
			assert_string_equal(target, "x");
		strcpy(name + len, "/");
		assert_true(!open || hook_find(name, &target, &given) == &hooks[i]);
		strcpy(name + len, row + len);
		assert_true(!open || hook_find(name, &target, &given) != &hooks[i]);
		name[len - 1] = '\0';
		assert_ptr_not_equal(hook_find(name, &target, &given), &hooks[i]);
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
		{"fsession.s/do_exit", BPF_PROG_TYPE_TRACING, 58, -1, "do_exit"},
		{"tp_btf.s/sys_enter", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, -1, "sys_enter"},
		/* Of old. */
		{"socket1", BPF_PROG_TYPE_SOCKET_FILTER, 0, -1, NULL},
		{"socket/http_filter", BPF_PROG_TYPE_SOCKET_FILTER, 0, -1, NULL},
		{"xdp_pass", BPF_PROG_TYPE_XDP, BPF_XDP, -1, NULL},
		{"xdp/foo", BPF_PROG_TYPE_XDP, BPF_XDP, -1, NULL},
		{"xdp_devmap/map_prog", BPF_PROG_TYPE_XDP, BPF_XDP_DEVMAP, -1, "map_prog"},
		{"prog", BPF_PROG_TYPE_XDP, 0, -1, NULL},
		{"classifier/x", BPF_PROG_TYPE_SCHED_CLS, 0, -1, NULL},
		{"tc_mark", BPF_PROG_TYPE_SCHED_CLS, 0, -1, NULL},
		{"cgroup/skb1", BPF_PROG_TYPE_CGROUP_SKB, 0, -1, NULL},
		{"cgroup/sock2", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, -1, NULL},
		{"cgroup_skb/x", BPF_PROG_TYPE_CGROUP_SKB, 0, -1, NULL},
		{"cgroup_skb/egress1", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_EGRESS, -1, NULL},
		{"sk_skb3", BPF_PROG_TYPE_SK_SKB, 0, -1, NULL},
	};
	static const char *const strangers[] = {"", "/", "kprobes", "kprobe_do_exit", "ingress", "1/2", ".text", "maps",
		"tracepoints/a/b", "Kprobe/x", "kprobe.multi.s/x", "?kprobe/x", "cgroup/", "kprobe+/x"};
	const char *target;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct hook *hook = hook_find(cases[i].section, &target, &given);

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
		if (hook_find(strangers[i], &target, &given) || target)
			fail_msg("'%s' is taken for a hook", strangers[i]);
	}
}

static void flags(void **state)
{
	static const struct {
		const char *section;
		u32 flags;
	} cases[] = {
		{"lsm.s/x", HOOK_SLEEPABLE},
		{"lsm/x", 0},
		{"lsm/x.s", 0},
		{"uprobe.s", HOOK_SLEEPABLE},
		{"uprobe.multi.s/x", HOOK_SLEEPABLE},
		{"syscall", HOOK_SLEEPABLE},
		{"xdp.frags", HOOK_FRAGS},
		{"xdp.frags/cpumap", HOOK_FRAGS},
		{"xdp.frags1", HOOK_FRAGS},
		{"xdp.s", 0},
		{"kprobe.s/x", 0},
	};
	const char *target;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		hook_find(cases[i].section, &target, &given);
		assert_int_equal(given, cases[i].flags);
	}
	assert_true(hook_find("fentry/x", &target, &given)->flags & HOOK_BTF_TARGET);
}

static void types(void **state)
{
	static const struct {
		const char *section;
		u32 kind;
		const char *prefix, *name, *module;
	} cases[] = {
		{"fentry/do_exit", BTF_KIND_FUNC, "", "do_exit", NULL},
		{"fsession/do_exit", BTF_KIND_FUNC, "", "do_exit", NULL},
		{"fmod_ret.s/nat:f", BTF_KIND_FUNC, "", "f", "nat"},
		{"fexit/:f", BTF_KIND_FUNC, "", "f", ""},
		{"tp_btf/sched_switch", BTF_KIND_TYPEDEF, "btf_trace_", "sched_switch", NULL},
		{"lsm/file_open", BTF_KIND_FUNC, "bpf_lsm_", "file_open", NULL},
		{"lsm_cgroup/socket_bind", BTF_KIND_FUNC, "bpf_lsm_", "socket_bind", NULL},
		{"iter.s/task", BTF_KIND_FUNC, "bpf_iter_", "task", NULL},
	};
	static const char *const without[] = {"fentry", "tp_btf", "freplace/f", "kprobe/f", "xdp", "struct_ops/f"};
	struct hook_type type;
	const char *target;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct hook *hook = hook_find(cases[i].section, &target, &given);

		assert_true(hook_type(hook, target, &type));
		assert_int_equal(type.kind, cases[i].kind);
		assert_string_equal(type.prefix, cases[i].prefix);
		assert_string_equal(type.name, cases[i].name);
		assert_int_equal(!type.module, !cases[i].module);
		if (type.module) {
			assert_int_equal(type.module_len, strlen(cases[i].module));
			assert_memory_equal(type.module, cases[i].module, type.module_len);
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(without); i++) {
		const struct hook *hook = hook_find(without[i], &target, &given);

		assert_false(hook_type(hook, target, &type));
	}
}

static void nearest_names(void **state)
{
	static const struct {
		const char *name, *message;
	} cases[] = {
		{"kporbe/do_exit", "unknown; nearest: 'kprobe'"},
		{"tracepoints/syscalls/sys_enter_execve", "unknown; nearest: 'tracepoint'"},
		{"cgroup/sok", "unknown; nearest: 'cgroup/sock', 'cgroup/skb', 'cgroup/dev'"},
		{"cgroup/connect5", "unknown; nearest: 'cgroup/connect4', 'cgroup/connect6'"},
		{"fentyr", "unknown; nearest: 'fentry'"},
		{"maps_of_mine/x", "unknown"},
		{"/kprobe", "unknown"},
		{"", "unknown"},
		{"a_name_of_a_section_that_is_longer_than_any_of_those_that_are_known_kprobe/do_exit", "unknown"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct error error = {0};

		error_invalid(&error, "unknown");
		assert_int_equal(hook_nearest(&error, cases[i].name), -EINVAL);
		assert_string_equal(error.message, cases[i].message);
	}
}

int main(void)
{
	return RUN(TEST(every_row), TEST(nearest_names), TEST(names), TEST(flags), TEST(types));
}
