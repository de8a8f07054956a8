/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * hooks.c: what a section's name says about the program in it. See hooks.h.
 *
 * The names and their meaning are libbpf's (tools/lib/bpf/libbpf.c:section_defs), so that its objects load here. A
 * row without '+' must match exactly; rows that begin alike stand in such an order that the first hit is right.
 *
 * Objects from before libbpf 1.0 number their sections or add words, as any name that began with a row's was that row;
 * so did samples/bpf/bpf_load.c. Hence what matches no row exactly is compared once more in that way.
 */
#include <linux/btf.h>
#include "base/string.h"
#include "base/text.h"
#include "object/hooks.h"

/* Younger than the headers this may be built with (include/uapi/linux/bpf.h: enum bpf_attach_type, bpf_prog_type). */
enum {
	NETFILTER_TYPE = 32,
	NETFILTER_ATTACH = 45,
	TCX_INGRESS = 46,
	TCX_EGRESS = 47,
	TRACE_UPROBE_MULTI = 48,
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

/*
 * name; program type; attach type; how it is attached; flags.
 */
/* clang-format off */
#define HOOKS(ROW) \
	ROW("socket", BPF_PROG_TYPE_SOCKET_FILTER, 0, ATTACH_NONE, 0) \
	ROW("sk_reuseport/migrate", BPF_PROG_TYPE_SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, ATTACH_NONE, 0) \
	ROW("sk_reuseport", BPF_PROG_TYPE_SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT, ATTACH_NONE, 0) \
	ROW("kprobe+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_KPROBE, 0) \
	ROW("uprobe+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_NONE, 0) \
	ROW("uprobe.s+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_NONE, HOOK_SLEEPABLE) \
	ROW("kretprobe+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_KRETPROBE, 0) \
	ROW("uretprobe+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_NONE, 0) \
	ROW("uretprobe.s+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_NONE, HOOK_SLEEPABLE) \
	ROW("kprobe.multi+", BPF_PROG_TYPE_KPROBE, BPF_TRACE_KPROBE_MULTI, ATTACH_NONE, 0) \
	ROW("kretprobe.multi+", BPF_PROG_TYPE_KPROBE, BPF_TRACE_KPROBE_MULTI, ATTACH_NONE, 0) \
	ROW("kprobe.session+", BPF_PROG_TYPE_KPROBE, TRACE_KPROBE_SESSION, ATTACH_NONE, 0) \
	ROW("uprobe.multi+", BPF_PROG_TYPE_KPROBE, TRACE_UPROBE_MULTI, ATTACH_NONE, 0) \
	ROW("uretprobe.multi+", BPF_PROG_TYPE_KPROBE, TRACE_UPROBE_MULTI, ATTACH_NONE, 0) \
	ROW("uprobe.session+", BPF_PROG_TYPE_KPROBE, TRACE_UPROBE_SESSION, ATTACH_NONE, 0) \
	ROW("uprobe.multi.s+", BPF_PROG_TYPE_KPROBE, TRACE_UPROBE_MULTI, ATTACH_NONE, HOOK_SLEEPABLE) \
	ROW("uretprobe.multi.s+", BPF_PROG_TYPE_KPROBE, TRACE_UPROBE_MULTI, ATTACH_NONE, HOOK_SLEEPABLE) \
	ROW("uprobe.session.s+", BPF_PROG_TYPE_KPROBE, TRACE_UPROBE_SESSION, ATTACH_NONE, HOOK_SLEEPABLE) \
	ROW("ksyscall+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_KSYSCALL, 0) \
	ROW("kretsyscall+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_KRETSYSCALL, 0) \
	ROW("usdt+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_NONE, 0) \
	ROW("usdt.s+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_NONE, HOOK_SLEEPABLE) \
	ROW("tc/ingress", BPF_PROG_TYPE_SCHED_CLS, TCX_INGRESS, ATTACH_NONE, 0) \
	ROW("tc/egress", BPF_PROG_TYPE_SCHED_CLS, TCX_EGRESS, ATTACH_NONE, 0) \
	ROW("tcx/ingress", BPF_PROG_TYPE_SCHED_CLS, TCX_INGRESS, ATTACH_NONE, 0) \
	ROW("tcx/egress", BPF_PROG_TYPE_SCHED_CLS, TCX_EGRESS, ATTACH_NONE, 0) \
	ROW("tc", BPF_PROG_TYPE_SCHED_CLS, 0, ATTACH_NONE, 0) \
	ROW("classifier", BPF_PROG_TYPE_SCHED_CLS, 0, ATTACH_NONE, 0) \
	ROW("action", BPF_PROG_TYPE_SCHED_ACT, 0, ATTACH_NONE, 0) \
	ROW("netkit/primary", BPF_PROG_TYPE_SCHED_CLS, NETKIT_PRIMARY, ATTACH_NONE, 0) \
	ROW("netkit/peer", BPF_PROG_TYPE_SCHED_CLS, NETKIT_PEER, ATTACH_NONE, 0) \
	ROW("tracepoint+", BPF_PROG_TYPE_TRACEPOINT, 0, ATTACH_NONE, 0) \
	ROW("tp+", BPF_PROG_TYPE_TRACEPOINT, 0, ATTACH_NONE, 0) \
	ROW("raw_tracepoint+", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, ATTACH_NONE, 0) \
	ROW("raw_tp+", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, ATTACH_NONE, 0) \
	ROW("tracepoint.s+", BPF_PROG_TYPE_TRACEPOINT, 0, ATTACH_NONE, HOOK_SLEEPABLE) \
	ROW("tp.s+", BPF_PROG_TYPE_TRACEPOINT, 0, ATTACH_NONE, HOOK_SLEEPABLE) \
	ROW("raw_tracepoint.s+", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, ATTACH_NONE, HOOK_SLEEPABLE) \
	ROW("raw_tp.s+", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, ATTACH_NONE, HOOK_SLEEPABLE) \
	ROW("raw_tracepoint.w+", BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, 0, ATTACH_NONE, 0) \
	ROW("raw_tp.w+", BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, 0, ATTACH_NONE, 0) \
	ROW("tp_btf+", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, ATTACH_NONE, HOOK_BTF_TARGET) \
	ROW("tp_btf.s+", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, ATTACH_NONE, HOOK_BTF_TARGET | HOOK_SLEEPABLE) \
	ROW("fentry+", BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, ATTACH_NONE, HOOK_BTF_TARGET) \
	ROW("fmod_ret+", BPF_PROG_TYPE_TRACING, BPF_MODIFY_RETURN, ATTACH_NONE, HOOK_BTF_TARGET) \
	ROW("fexit+", BPF_PROG_TYPE_TRACING, BPF_TRACE_FEXIT, ATTACH_NONE, HOOK_BTF_TARGET) \
	ROW("fentry.s+", BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, ATTACH_NONE, HOOK_BTF_TARGET | HOOK_SLEEPABLE) \
	ROW("fmod_ret.s+", BPF_PROG_TYPE_TRACING, BPF_MODIFY_RETURN, ATTACH_NONE, HOOK_BTF_TARGET | HOOK_SLEEPABLE) \
	ROW("fexit.s+", BPF_PROG_TYPE_TRACING, BPF_TRACE_FEXIT, ATTACH_NONE, HOOK_BTF_TARGET | HOOK_SLEEPABLE) \
	ROW("fsession+", BPF_PROG_TYPE_TRACING, TRACE_FSESSION, ATTACH_NONE, HOOK_BTF_TARGET) \
	ROW("fsession.s+", BPF_PROG_TYPE_TRACING, TRACE_FSESSION, ATTACH_NONE, HOOK_BTF_TARGET | HOOK_SLEEPABLE) \
	ROW("freplace+", BPF_PROG_TYPE_EXT, 0, ATTACH_NONE, HOOK_BTF_TARGET) \
	ROW("lsm+", BPF_PROG_TYPE_LSM, BPF_LSM_MAC, ATTACH_NONE, HOOK_BTF_TARGET) \
	ROW("lsm.s+", BPF_PROG_TYPE_LSM, BPF_LSM_MAC, ATTACH_NONE, HOOK_BTF_TARGET | HOOK_SLEEPABLE) \
	ROW("lsm_cgroup+", BPF_PROG_TYPE_LSM, BPF_LSM_CGROUP, ATTACH_NONE, HOOK_BTF_TARGET) \
	ROW("iter+", BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER, ATTACH_NONE, HOOK_BTF_TARGET) \
	ROW("iter.s+", BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER, ATTACH_NONE, HOOK_BTF_TARGET | HOOK_SLEEPABLE) \
	ROW("syscall", BPF_PROG_TYPE_SYSCALL, 0, ATTACH_NONE, HOOK_SLEEPABLE) \
	ROW("xdp.frags/devmap", BPF_PROG_TYPE_XDP, BPF_XDP_DEVMAP, ATTACH_NONE, HOOK_FRAGS) \
	ROW("xdp/devmap", BPF_PROG_TYPE_XDP, BPF_XDP_DEVMAP, ATTACH_NONE, 0) \
	ROW("xdp.frags/cpumap", BPF_PROG_TYPE_XDP, BPF_XDP_CPUMAP, ATTACH_NONE, HOOK_FRAGS) \
	ROW("xdp/cpumap", BPF_PROG_TYPE_XDP, BPF_XDP_CPUMAP, ATTACH_NONE, 0) \
	ROW("xdp.frags", BPF_PROG_TYPE_XDP, BPF_XDP, ATTACH_NONE, HOOK_FRAGS) \
	ROW("xdp", BPF_PROG_TYPE_XDP, BPF_XDP, ATTACH_NONE, 0) \
	ROW("perf_event", BPF_PROG_TYPE_PERF_EVENT, 0, ATTACH_NONE, 0) \
	ROW("lwt_in", BPF_PROG_TYPE_LWT_IN, 0, ATTACH_NONE, 0) \
	ROW("lwt_out", BPF_PROG_TYPE_LWT_OUT, 0, ATTACH_NONE, 0) \
	ROW("lwt_xmit", BPF_PROG_TYPE_LWT_XMIT, 0, ATTACH_NONE, 0) \
	ROW("lwt_seg6local", BPF_PROG_TYPE_LWT_SEG6LOCAL, 0, ATTACH_NONE, 0) \
	ROW("sockops", BPF_PROG_TYPE_SOCK_OPS, BPF_CGROUP_SOCK_OPS, ATTACH_NONE, 0) \
	ROW("sk_skb/stream_parser", BPF_PROG_TYPE_SK_SKB, BPF_SK_SKB_STREAM_PARSER, ATTACH_NONE, 0) \
	ROW("sk_skb/stream_verdict", BPF_PROG_TYPE_SK_SKB, BPF_SK_SKB_STREAM_VERDICT, ATTACH_NONE, 0) \
	ROW("sk_skb/verdict", BPF_PROG_TYPE_SK_SKB, BPF_SK_SKB_VERDICT, ATTACH_NONE, 0) \
	ROW("sk_skb", BPF_PROG_TYPE_SK_SKB, 0, ATTACH_NONE, 0) \
	ROW("sk_msg", BPF_PROG_TYPE_SK_MSG, BPF_SK_MSG_VERDICT, ATTACH_NONE, 0) \
	ROW("lirc_mode2", BPF_PROG_TYPE_LIRC_MODE2, BPF_LIRC_MODE2, ATTACH_NONE, 0) \
	ROW("flow_dissector", BPF_PROG_TYPE_FLOW_DISSECTOR, BPF_FLOW_DISSECTOR, ATTACH_NONE, 0) \
	ROW("cgroup_skb/ingress", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_INGRESS, ATTACH_NONE, 0) \
	ROW("cgroup_skb/egress", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_EGRESS, ATTACH_NONE, 0) \
	ROW("cgroup/skb", BPF_PROG_TYPE_CGROUP_SKB, 0, ATTACH_NONE, 0) \
	ROW("cgroup/sock_create", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, ATTACH_NONE, 0) \
	ROW("cgroup/sock_release", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET_SOCK_RELEASE, ATTACH_NONE, 0) \
	ROW("cgroup/sock", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, ATTACH_NONE, 0) \
	ROW("cgroup/post_bind4", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET4_POST_BIND, ATTACH_NONE, 0) \
	ROW("cgroup/post_bind6", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET6_POST_BIND, ATTACH_NONE, 0) \
	ROW("cgroup/bind4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND, ATTACH_NONE, 0) \
	ROW("cgroup/bind6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_BIND, ATTACH_NONE, 0) \
	ROW("cgroup/connect4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT, ATTACH_NONE, 0) \
	ROW("cgroup/connect6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_CONNECT, ATTACH_NONE, 0) \
	ROW("cgroup/connect_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, CGROUP_UNIX_CONNECT, ATTACH_NONE, 0) \
	ROW("cgroup/sendmsg4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_SENDMSG, ATTACH_NONE, 0) \
	ROW("cgroup/sendmsg6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_SENDMSG, ATTACH_NONE, 0) \
	ROW("cgroup/sendmsg_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, CGROUP_UNIX_SENDMSG, ATTACH_NONE, 0) \
	ROW("cgroup/recvmsg4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_RECVMSG, ATTACH_NONE, 0) \
	ROW("cgroup/recvmsg6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_RECVMSG, ATTACH_NONE, 0) \
	ROW("cgroup/recvmsg_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, CGROUP_UNIX_RECVMSG, ATTACH_NONE, 0) \
	ROW("cgroup/getpeername4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETPEERNAME, ATTACH_NONE, 0) \
	ROW("cgroup/getpeername6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETPEERNAME, ATTACH_NONE, 0) \
	ROW("cgroup/getpeername_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, CGROUP_UNIX_GETPEERNAME, ATTACH_NONE, 0) \
	ROW("cgroup/getsockname4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETSOCKNAME, ATTACH_NONE, 0) \
	ROW("cgroup/getsockname6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETSOCKNAME, ATTACH_NONE, 0) \
	ROW("cgroup/getsockname_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, CGROUP_UNIX_GETSOCKNAME, ATTACH_NONE, 0) \
	ROW("cgroup/sysctl", BPF_PROG_TYPE_CGROUP_SYSCTL, BPF_CGROUP_SYSCTL, ATTACH_NONE, 0) \
	ROW("cgroup/getsockopt", BPF_PROG_TYPE_CGROUP_SOCKOPT, BPF_CGROUP_GETSOCKOPT, ATTACH_NONE, 0) \
	ROW("cgroup/setsockopt", BPF_PROG_TYPE_CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT, ATTACH_NONE, 0) \
	ROW("cgroup/dev", BPF_PROG_TYPE_CGROUP_DEVICE, BPF_CGROUP_DEVICE, ATTACH_NONE, 0) \
	ROW("struct_ops+", BPF_PROG_TYPE_STRUCT_OPS, 0, ATTACH_NONE, 0) \
	ROW("struct_ops.s+", BPF_PROG_TYPE_STRUCT_OPS, 0, ATTACH_NONE, HOOK_SLEEPABLE) \
	ROW("sk_lookup", BPF_PROG_TYPE_SK_LOOKUP, BPF_SK_LOOKUP, ATTACH_NONE, 0) \
	ROW("netfilter", NETFILTER_TYPE, NETFILTER_ATTACH, ATTACH_NONE, 0) \
	/* Of old: libbpf 0.x, samples/bpf, and what iproute2 loads on XDP. */ \
	ROW("xdp_devmap+", BPF_PROG_TYPE_XDP, BPF_XDP_DEVMAP, ATTACH_NONE, 0) \
	ROW("xdp_cpumap+", BPF_PROG_TYPE_XDP, BPF_XDP_CPUMAP, ATTACH_NONE, 0) \
	ROW("cgroup_skb", BPF_PROG_TYPE_CGROUP_SKB, 0, ATTACH_NONE, 0) \
	ROW("prog", BPF_PROG_TYPE_XDP, 0, ATTACH_NONE, 0)
/* clang-format on */

/* The list twice over: without the names, and the names alone, end to end. */
#define HOOK_ROW(name, ...)  {__VA_ARGS__},
#define HOOK_NAME(name, ...) name "\0"
static const struct hook hooks[] = {HOOKS(HOOK_ROW)};
static const char hook_names[] = HOOKS(HOOK_NAME);

/* How far a section's name `s` goes along with a row's; *end is what of it is left. */
static const char *compare_name(const char *row, const char *s, const char **end)
{
	while (*row && *row != '+' && *row == *s)
		row++, s++;
	*end = s;
	return row;
}

const struct hook *hook_find(const char *section_name, const char **target)
{
	const struct hook *legacy = NULL;
	const char *name = hook_names, *end;

	*target = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(hooks); i++, name += str_len(name) + 1) {
		name = compare_name(name, section_name, &end);
		/* All of the row's name is used up, or all but its '+'. */
		if (*name == '+' ? !*end || *end == '/' : !*name && !*end) {
			*target = *end ? end + 1 : NULL;
			return &hooks[i];
		}
		if (!*name && !legacy)
			legacy = &hooks[i];
	}
	return legacy;
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

/* By number, in lists of names that lie end to end; a number beyond the list is younger than this source. */
static const char *name_of(u32 number, const char *names, size_t size)
{
	static char unknown[24];

	str_printf(unknown, sizeof(unknown), "type %u", number);
	names = list_entry(names, size, number);
	return names ? names : unknown;
}

const char *prog_type_name(u32 type)
{
	static const char names[] =
		"unspec\0socket_filter\0kprobe\0sched_cls\0sched_act\0tracepoint\0xdp\0perf_event\0cgroup_skb\0"
		"cgroup_sock\0lwt_in\0lwt_out\0lwt_xmit\0sock_ops\0sk_skb\0cgroup_device\0sk_msg\0"
		"raw_tracepoint\0cgroup_sock_addr\0lwt_seg6local\0lirc_mode2\0sk_reuseport\0flow_dissector\0"
		"cgroup_sysctl\0raw_tracepoint_writable\0cgroup_sockopt\0tracing\0struct_ops\0ext\0lsm\0"
		"sk_lookup\0syscall\0netfilter";

	return name_of(type, names, sizeof(names));
}

const char *map_type_name(u32 type)
{
	static const char names[] =
		"unspec\0hash\0array\0prog_array\0perf_event_array\0percpu_hash\0percpu_array\0stack_trace\0"
		"cgroup_array\0lru_hash\0lru_percpu_hash\0lpm_trie\0array_of_maps\0hash_of_maps\0devmap\0"
		"sockmap\0cpumap\0xskmap\0sockhash\0cgroup_storage\0reuseport_sockarray\0"
		"percpu_cgroup_storage\0queue\0stack\0sk_storage\0devmap_hash\0struct_ops\0ringbuf\0"
		"inode_storage\0task_storage\0bloom_filter\0user_ringbuf\0cgrp_storage\0arena\0insn_array";

	return name_of(type, names, sizeof(names));
}
