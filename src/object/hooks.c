/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * hooks.c: what a section's name says about the program in it. See hooks.h.
 *
 * The names and their meaning are libbpf's (tools/lib/bpf/libbpf.c:section_defs), so that its objects load here. A
 * row without '+' or '*' must match exactly; rows that begin alike stand in such an order that the first hit is right.
 *
 * Objects from before libbpf 1.0 number their sections or add words, as any name that began with a row's was that row;
 * so did samples/bpf/bpf_load.c. Hence what matches no row exactly is compared once more in that way.
 */
#include <linux/btf.h>
#include "base/nearest.h"
#include "base/string.h"
#include "object/hooks.h"

/* Younger than the headers this may be built with (include/uapi/linux/bpf.h: enum bpf_attach_type). */
enum {
	NETFILTER_ATTACH = 45,
	TCX_INGRESS = 46,
	TCX_EGRESS = 47,
	CGROUP_UNIX_CONNECT = 49,
	CGROUP_UNIX_SENDMSG = 50,
	CGROUP_UNIX_RECVMSG = 51,
	CGROUP_UNIX_GETPEERNAME = 52,
	CGROUP_UNIX_GETSOCKNAME = 53,
	NETKIT_PRIMARY = 54,
	NETKIT_PEER = 55,
	TRACE_KPROBE_SESSION = 56,
	TRACE_UPROBE_SESSION = 57,
	TRACE_FSESSION = 58,
};

/* Name, program type, attach type, and what else differs from 0. */
/* clang-format off */
#define HOOKS(ROW) \
	ROW("socket", SOCKET_FILTER, 0) \
	ROW("sk_reuseport/migrate", SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT_OR_MIGRATE) \
	ROW("sk_reuseport", SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT) \
	ROW("kprobe+", KPROBE, 0, .attach = ATTACH_KPROBE) \
	ROW("uprobe*", KPROBE, 0) \
	ROW("kretprobe+", KPROBE, 0, .attach = ATTACH_KRETPROBE) \
	ROW("uretprobe*", KPROBE, 0) \
	ROW("kprobe.multi+", KPROBE, BPF_TRACE_KPROBE_MULTI) \
	ROW("kretprobe.multi+", KPROBE, BPF_TRACE_KPROBE_MULTI) \
	ROW("kprobe.session+", KPROBE, TRACE_KPROBE_SESSION) \
	ROW("uprobe.multi*", KPROBE, HOOK_UPROBE_MULTI) \
	ROW("uretprobe.multi*", KPROBE, HOOK_UPROBE_MULTI) \
	ROW("uprobe.session*", KPROBE, TRACE_UPROBE_SESSION) \
	ROW("ksyscall+", KPROBE, 0, .attach = ATTACH_KSYSCALL) \
	ROW("kretsyscall+", KPROBE, 0, .attach = ATTACH_KRETSYSCALL) \
	ROW("usdt*", KPROBE, 0, .flags = HOOK_MULTI_IF) \
	ROW("tc/ingress", SCHED_CLS, TCX_INGRESS) \
	ROW("tc/egress", SCHED_CLS, TCX_EGRESS) \
	ROW("tcx/ingress", SCHED_CLS, TCX_INGRESS) \
	ROW("tcx/egress", SCHED_CLS, TCX_EGRESS) \
	ROW("tc", SCHED_CLS, 0) \
	ROW("classifier", SCHED_CLS, 0) \
	ROW("action", SCHED_ACT, 0) \
	ROW("netkit/primary", SCHED_CLS, NETKIT_PRIMARY) \
	ROW("netkit/peer", SCHED_CLS, NETKIT_PEER) \
	ROW("tracepoint*", TRACEPOINT, 0) \
	ROW("tp*", TRACEPOINT, 0) \
	ROW("raw_tracepoint*", RAW_TRACEPOINT, 0) \
	ROW("raw_tp*", RAW_TRACEPOINT, 0) \
	ROW("raw_tracepoint.w+", RAW_TRACEPOINT_WRITABLE, 0) \
	ROW("raw_tp.w+", RAW_TRACEPOINT_WRITABLE, 0) \
	ROW("tp_btf*", TRACING, BPF_TRACE_RAW_TP, .flags = HOOK_BTF_TARGET) \
	ROW("fentry*", TRACING, BPF_TRACE_FENTRY, .flags = HOOK_BTF_TARGET) \
	ROW("fmod_ret*", TRACING, BPF_MODIFY_RETURN, .flags = HOOK_BTF_TARGET) \
	ROW("fexit*", TRACING, BPF_TRACE_FEXIT, .flags = HOOK_BTF_TARGET) \
	ROW("fsession*", TRACING, TRACE_FSESSION, .flags = HOOK_BTF_TARGET) \
	ROW("freplace+", EXT, 0, .flags = HOOK_BTF_TARGET) \
	ROW("lsm*", LSM, BPF_LSM_MAC, .flags = HOOK_BTF_TARGET) \
	ROW("lsm_cgroup+", LSM, BPF_LSM_CGROUP, .flags = HOOK_BTF_TARGET) \
	ROW("iter*", TRACING, BPF_TRACE_ITER, .flags = HOOK_BTF_TARGET) \
	ROW("syscall", SYSCALL, 0, .flags = HOOK_SLEEPABLE) \
	ROW("xdp.frags/devmap", XDP, BPF_XDP_DEVMAP, .flags = HOOK_FRAGS) \
	ROW("xdp/devmap", XDP, BPF_XDP_DEVMAP) \
	ROW("xdp.frags/cpumap", XDP, BPF_XDP_CPUMAP, .flags = HOOK_FRAGS) \
	ROW("xdp/cpumap", XDP, BPF_XDP_CPUMAP) \
	ROW("xdp.frags", XDP, BPF_XDP, .flags = HOOK_FRAGS) \
	ROW("xdp", XDP, BPF_XDP) \
	ROW("perf_event", PERF_EVENT, 0) \
	ROW("lwt_in", LWT_IN, 0) \
	ROW("lwt_out", LWT_OUT, 0) \
	ROW("lwt_xmit", LWT_XMIT, 0) \
	ROW("lwt_seg6local", LWT_SEG6LOCAL, 0) \
	ROW("sockops", SOCK_OPS, BPF_CGROUP_SOCK_OPS) \
	ROW("sk_skb/stream_parser", SK_SKB, BPF_SK_SKB_STREAM_PARSER) \
	ROW("sk_skb/stream_verdict", SK_SKB, BPF_SK_SKB_STREAM_VERDICT) \
	ROW("sk_skb/verdict", SK_SKB, BPF_SK_SKB_VERDICT) \
	ROW("sk_skb", SK_SKB, 0) \
	ROW("sk_msg", SK_MSG, BPF_SK_MSG_VERDICT) \
	ROW("lirc_mode2", LIRC_MODE2, BPF_LIRC_MODE2) \
	ROW("flow_dissector", FLOW_DISSECTOR, BPF_FLOW_DISSECTOR) \
	ROW("cgroup_skb/ingress", CGROUP_SKB, BPF_CGROUP_INET_INGRESS) \
	ROW("cgroup_skb/egress", CGROUP_SKB, BPF_CGROUP_INET_EGRESS) \
	ROW("cgroup/skb", CGROUP_SKB, 0) \
	ROW("cgroup/sock_create", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE) \
	ROW("cgroup/sock_release", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_RELEASE) \
	ROW("cgroup/sock", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE) \
	ROW("cgroup/post_bind4", CGROUP_SOCK, BPF_CGROUP_INET4_POST_BIND) \
	ROW("cgroup/post_bind6", CGROUP_SOCK, BPF_CGROUP_INET6_POST_BIND) \
	ROW("cgroup/bind4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND) \
	ROW("cgroup/bind6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_BIND) \
	ROW("cgroup/connect4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT) \
	ROW("cgroup/connect6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_CONNECT) \
	ROW("cgroup/connect_unix", CGROUP_SOCK_ADDR, CGROUP_UNIX_CONNECT) \
	ROW("cgroup/sendmsg4", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_SENDMSG) \
	ROW("cgroup/sendmsg6", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_SENDMSG) \
	ROW("cgroup/sendmsg_unix", CGROUP_SOCK_ADDR, CGROUP_UNIX_SENDMSG) \
	ROW("cgroup/recvmsg4", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_RECVMSG) \
	ROW("cgroup/recvmsg6", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_RECVMSG) \
	ROW("cgroup/recvmsg_unix", CGROUP_SOCK_ADDR, CGROUP_UNIX_RECVMSG) \
	ROW("cgroup/getpeername4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETPEERNAME) \
	ROW("cgroup/getpeername6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETPEERNAME) \
	ROW("cgroup/getpeername_unix", CGROUP_SOCK_ADDR, CGROUP_UNIX_GETPEERNAME) \
	ROW("cgroup/getsockname4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETSOCKNAME) \
	ROW("cgroup/getsockname6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETSOCKNAME) \
	ROW("cgroup/getsockname_unix", CGROUP_SOCK_ADDR, CGROUP_UNIX_GETSOCKNAME) \
	ROW("cgroup/sysctl", CGROUP_SYSCTL, BPF_CGROUP_SYSCTL) \
	ROW("cgroup/getsockopt", CGROUP_SOCKOPT, BPF_CGROUP_GETSOCKOPT) \
	ROW("cgroup/setsockopt", CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT) \
	ROW("cgroup/dev", CGROUP_DEVICE, BPF_CGROUP_DEVICE) \
	ROW("struct_ops*", STRUCT_OPS, 0) \
	ROW("sk_lookup", SK_LOOKUP, BPF_SK_LOOKUP) \
	ROW("netfilter", NETFILTER, NETFILTER_ATTACH) \
	/* Of old: libbpf 0.x, samples/bpf, and what iproute2 loads on XDP. */ \
	ROW("xdp_devmap+", XDP, BPF_XDP_DEVMAP) \
	ROW("xdp_cpumap+", XDP, BPF_XDP_CPUMAP) \
	ROW("cgroup_skb", CGROUP_SKB, 0) \
	ROW("prog", XDP, 0)
/* clang-format on */

/* The list twice over: without the names, and the names alone, end to end. */
#define HOOK_ROW(name, type, attach_to, ...) {.prog_type = BPF_PROG_TYPE_##type, .attach_type = attach_to, __VA_ARGS__},
#define HOOK_NAME(name, ...)                 name "\0"
static const struct hook hooks[] = {HOOKS(HOOK_ROW)};
static const char hook_names[] = HOOKS(HOOK_NAME);

/* Behind how much of a section's name `s` a row's comes to its end; *row moves there, or to where they differ. */
static const char *compare_name(const char **row, const char *s)
{
	while (**row == *s && **row && **row != '+' && **row != '*')
		++*row, s++;
	return **row == '*' && str_starts(s, ".s") ? s + 2 : s;
}

const struct hook *hook_find(const char *section_name, const char **target, u32 *flags)
{
	const struct hook *legacy = NULL;
	const char *name = hook_names;

	*target = NULL;
	*flags = 0;
	for (const struct hook *hook = hooks; hook < hooks + ARRAY_SIZE(hooks); hook++, name += str_len(name) + 1) {
		const char *rest = compare_name(&name, section_name);

		/* All of the row's name is used up, or all but its '+' or '*'. */
		if (*name == '+' || *name == '*' ? !*rest || *rest == '/' : !*name && !*rest) {
			*target = *rest ? rest + 1 : NULL;
			*flags = (hook->flags & HOOK_PROG_FLAGS) |
				 (*name == '*' && rest[-2] == '.' ? HOOK_SLEEPABLE : 0);
			return hook;
		}
		if (!*name && !legacy)
			legacy = hook, *flags = hook->flags & HOOK_PROG_FLAGS;
	}
	return legacy;
}

/* What stands behind a '/' matters only to rows that end there: "cgroup/sok", but not "kprobes/do_exit". */
int hook_nearest(struct error *error, const char *section_name)
{
	const char *slash = str_find(section_name, '/');
	static struct nearest nearest;
	char kind[64], row[64];

	str_copy(kind, slash ? MIN(sizeof(kind), (size_t)(slash - section_name) + 1) : sizeof(kind), section_name);
	nearest.count = 0;
	for (const char *name = hook_names; *name; name += str_len(name) + 1) {
		size_t last = str_len(name) - 1;
		bool is_open = name[last] == '+' || name[last] == '*';

		str_copy(row, MIN(sizeof(row), is_open ? last + 1 : last + 2), name);
		nearest.wanted = is_open ? kind : section_name;
		nearest_look(&nearest, row);
	}
	return nearest_hint(error, &nearest);
}

bool hook_type(const struct hook *hook, const char *target, struct hook_type *type)
{
	const char *colon;

	if (!target || !(hook->flags & HOOK_BTF_TARGET) || hook->prog_type == BPF_PROG_TYPE_EXT)
		return false;
	colon = str_find(target, ':');
	*type = (struct hook_type){.kind = BTF_KIND_FUNC, .prefix = "", .name = colon ? colon + 1 : target};
	if (colon)
		type->module = target, type->module_len = (size_t)(colon - target);
	if (hook->prog_type == BPF_PROG_TYPE_LSM)
		type->prefix = "bpf_lsm_";
	if (hook->attach_type == BPF_TRACE_ITER)
		type->prefix = "bpf_iter_";
	if (hook->attach_type == BPF_TRACE_RAW_TP)
		type->kind = BTF_KIND_TYPEDEF, type->prefix = "btf_trace_";
	return true;
}
