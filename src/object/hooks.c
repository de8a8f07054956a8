/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * hooks.c: what a section's name says about the program in it. See hooks.h.
 *
 * The names and their meaning are libbpf's (tools/lib/bpf/libbpf.c:section_defs), so that its objects load here. A
 * row without '+' must match exactly; rows that begin alike stand in such an order that the first hit is right.
 */
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
};

/* clang-format off */
static const struct hook hooks[] = {
	{"socket", BPF_PROG_TYPE_SOCKET_FILTER, 0, ATTACH_NONE, 0},
	{"sk_reuseport/migrate", BPF_PROG_TYPE_SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, ATTACH_NONE, 0},
	{"sk_reuseport", BPF_PROG_TYPE_SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT, ATTACH_NONE, 0},
	{"kprobe+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_KPROBE, 0},
	{"uprobe+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_NONE, 0},
	{"uprobe.s+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_NONE, HOOK_SLEEPABLE},
	{"kretprobe+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_KRETPROBE, 0},
	{"uretprobe+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_NONE, 0},
	{"uretprobe.s+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_NONE, HOOK_SLEEPABLE},
	{"kprobe.multi+", BPF_PROG_TYPE_KPROBE, BPF_TRACE_KPROBE_MULTI, ATTACH_NONE, 0},
	{"kretprobe.multi+", BPF_PROG_TYPE_KPROBE, BPF_TRACE_KPROBE_MULTI, ATTACH_NONE, 0},
	{"kprobe.session+", BPF_PROG_TYPE_KPROBE, TRACE_KPROBE_SESSION, ATTACH_NONE, 0},
	{"uprobe.multi+", BPF_PROG_TYPE_KPROBE, TRACE_UPROBE_MULTI, ATTACH_NONE, 0},
	{"uretprobe.multi+", BPF_PROG_TYPE_KPROBE, TRACE_UPROBE_MULTI, ATTACH_NONE, 0},
	{"uprobe.session+", BPF_PROG_TYPE_KPROBE, TRACE_UPROBE_SESSION, ATTACH_NONE, 0},
	{"uprobe.multi.s+", BPF_PROG_TYPE_KPROBE, TRACE_UPROBE_MULTI, ATTACH_NONE, HOOK_SLEEPABLE},
	{"uretprobe.multi.s+", BPF_PROG_TYPE_KPROBE, TRACE_UPROBE_MULTI, ATTACH_NONE, HOOK_SLEEPABLE},
	{"uprobe.session.s+", BPF_PROG_TYPE_KPROBE, TRACE_UPROBE_SESSION, ATTACH_NONE, HOOK_SLEEPABLE},
	{"ksyscall+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_KSYSCALL, 0},
	{"kretsyscall+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_KRETSYSCALL, 0},
	{"usdt+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_NONE, 0},
	{"usdt.s+", BPF_PROG_TYPE_KPROBE, 0, ATTACH_NONE, HOOK_SLEEPABLE},
	{"tc/ingress", BPF_PROG_TYPE_SCHED_CLS, TCX_INGRESS, ATTACH_NONE, HOOK_ATTACH_OPTIONAL},
	{"tc/egress", BPF_PROG_TYPE_SCHED_CLS, TCX_EGRESS, ATTACH_NONE, HOOK_ATTACH_OPTIONAL},
	{"tcx/ingress", BPF_PROG_TYPE_SCHED_CLS, TCX_INGRESS, ATTACH_NONE, 0},
	{"tcx/egress", BPF_PROG_TYPE_SCHED_CLS, TCX_EGRESS, ATTACH_NONE, 0},
	{"tc", BPF_PROG_TYPE_SCHED_CLS, 0, ATTACH_NONE, 0},
	{"classifier", BPF_PROG_TYPE_SCHED_CLS, 0, ATTACH_NONE, 0},
	{"action", BPF_PROG_TYPE_SCHED_ACT, 0, ATTACH_NONE, 0},
	{"netkit/primary", BPF_PROG_TYPE_SCHED_CLS, NETKIT_PRIMARY, ATTACH_NONE, 0},
	{"netkit/peer", BPF_PROG_TYPE_SCHED_CLS, NETKIT_PEER, ATTACH_NONE, 0},
	{"tracepoint+", BPF_PROG_TYPE_TRACEPOINT, 0, ATTACH_NONE, 0},
	{"tp+", BPF_PROG_TYPE_TRACEPOINT, 0, ATTACH_NONE, 0},
	{"raw_tracepoint+", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, ATTACH_NONE, 0},
	{"raw_tp+", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, ATTACH_NONE, 0},
	{"raw_tracepoint.w+", BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, 0, ATTACH_NONE, 0},
	{"raw_tp.w+", BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, 0, ATTACH_NONE, 0},
	{"tp_btf+", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, ATTACH_NONE, HOOK_BTF_TARGET},
	{"fentry+", BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, ATTACH_NONE, HOOK_BTF_TARGET},
	{"fmod_ret+", BPF_PROG_TYPE_TRACING, BPF_MODIFY_RETURN, ATTACH_NONE, HOOK_BTF_TARGET},
	{"fexit+", BPF_PROG_TYPE_TRACING, BPF_TRACE_FEXIT, ATTACH_NONE, HOOK_BTF_TARGET},
	{"fentry.s+", BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, ATTACH_NONE, HOOK_BTF_TARGET | HOOK_SLEEPABLE},
	{"fmod_ret.s+", BPF_PROG_TYPE_TRACING, BPF_MODIFY_RETURN, ATTACH_NONE, HOOK_BTF_TARGET | HOOK_SLEEPABLE},
	{"fexit.s+", BPF_PROG_TYPE_TRACING, BPF_TRACE_FEXIT, ATTACH_NONE, HOOK_BTF_TARGET | HOOK_SLEEPABLE},
	{"freplace+", BPF_PROG_TYPE_EXT, 0, ATTACH_NONE, HOOK_BTF_TARGET},
	{"lsm+", BPF_PROG_TYPE_LSM, BPF_LSM_MAC, ATTACH_NONE, HOOK_BTF_TARGET},
	{"lsm.s+", BPF_PROG_TYPE_LSM, BPF_LSM_MAC, ATTACH_NONE, HOOK_BTF_TARGET | HOOK_SLEEPABLE},
	{"lsm_cgroup+", BPF_PROG_TYPE_LSM, BPF_LSM_CGROUP, ATTACH_NONE, HOOK_BTF_TARGET},
	{"iter+", BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER, ATTACH_NONE, HOOK_BTF_TARGET},
	{"iter.s+", BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER, ATTACH_NONE, HOOK_BTF_TARGET | HOOK_SLEEPABLE},
	{"syscall", BPF_PROG_TYPE_SYSCALL, 0, ATTACH_NONE, HOOK_SLEEPABLE},
	{"xdp.frags/devmap", BPF_PROG_TYPE_XDP, BPF_XDP_DEVMAP, ATTACH_NONE, HOOK_FRAGS},
	{"xdp/devmap", BPF_PROG_TYPE_XDP, BPF_XDP_DEVMAP, ATTACH_NONE, HOOK_ATTACH_OPTIONAL},
	{"xdp.frags/cpumap", BPF_PROG_TYPE_XDP, BPF_XDP_CPUMAP, ATTACH_NONE, HOOK_FRAGS},
	{"xdp/cpumap", BPF_PROG_TYPE_XDP, BPF_XDP_CPUMAP, ATTACH_NONE, HOOK_ATTACH_OPTIONAL},
	{"xdp.frags", BPF_PROG_TYPE_XDP, BPF_XDP, ATTACH_NONE, HOOK_FRAGS},
	{"xdp", BPF_PROG_TYPE_XDP, BPF_XDP, ATTACH_NONE, HOOK_ATTACH_OPTIONAL},
	{"perf_event", BPF_PROG_TYPE_PERF_EVENT, 0, ATTACH_NONE, 0},
	{"lwt_in", BPF_PROG_TYPE_LWT_IN, 0, ATTACH_NONE, 0},
	{"lwt_out", BPF_PROG_TYPE_LWT_OUT, 0, ATTACH_NONE, 0},
	{"lwt_xmit", BPF_PROG_TYPE_LWT_XMIT, 0, ATTACH_NONE, 0},
	{"lwt_seg6local", BPF_PROG_TYPE_LWT_SEG6LOCAL, 0, ATTACH_NONE, 0},
	{"sockops", BPF_PROG_TYPE_SOCK_OPS, BPF_CGROUP_SOCK_OPS, ATTACH_NONE, HOOK_ATTACH_OPTIONAL},
	{"sk_skb/stream_parser", BPF_PROG_TYPE_SK_SKB, BPF_SK_SKB_STREAM_PARSER, ATTACH_NONE, HOOK_ATTACH_OPTIONAL},
	{"sk_skb/stream_verdict", BPF_PROG_TYPE_SK_SKB, BPF_SK_SKB_STREAM_VERDICT, ATTACH_NONE, HOOK_ATTACH_OPTIONAL},
	{"sk_skb/verdict", BPF_PROG_TYPE_SK_SKB, BPF_SK_SKB_VERDICT, ATTACH_NONE, HOOK_ATTACH_OPTIONAL},
	{"sk_skb", BPF_PROG_TYPE_SK_SKB, 0, ATTACH_NONE, 0},
	{"sk_msg", BPF_PROG_TYPE_SK_MSG, BPF_SK_MSG_VERDICT, ATTACH_NONE, HOOK_ATTACH_OPTIONAL},
	{"lirc_mode2", BPF_PROG_TYPE_LIRC_MODE2, BPF_LIRC_MODE2, ATTACH_NONE, HOOK_ATTACH_OPTIONAL},
	{"flow_dissector", BPF_PROG_TYPE_FLOW_DISSECTOR, BPF_FLOW_DISSECTOR, ATTACH_NONE, HOOK_ATTACH_OPTIONAL},
	{"cgroup_skb/ingress", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_INGRESS, ATTACH_NONE, HOOK_ATTACH_OPTIONAL},
	{"cgroup_skb/egress", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_EGRESS, ATTACH_NONE, HOOK_ATTACH_OPTIONAL},
	{"cgroup/skb", BPF_PROG_TYPE_CGROUP_SKB, 0, ATTACH_NONE, 0},
	{"cgroup/sock_create", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, ATTACH_NONE, 0},
	{"cgroup/sock_release", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET_SOCK_RELEASE, ATTACH_NONE, 0},
	{"cgroup/sock", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, ATTACH_NONE, HOOK_ATTACH_OPTIONAL},
	{"cgroup/post_bind4", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET4_POST_BIND, ATTACH_NONE, 0},
	{"cgroup/post_bind6", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET6_POST_BIND, ATTACH_NONE, 0},
	{"cgroup/bind4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND, ATTACH_NONE, 0},
	{"cgroup/bind6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_BIND, ATTACH_NONE, 0},
	{"cgroup/connect4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT, ATTACH_NONE, 0},
	{"cgroup/connect6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_CONNECT, ATTACH_NONE, 0},
	{"cgroup/connect_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, CGROUP_UNIX_CONNECT, ATTACH_NONE, 0},
	{"cgroup/sendmsg4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_SENDMSG, ATTACH_NONE, 0},
	{"cgroup/sendmsg6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_SENDMSG, ATTACH_NONE, 0},
	{"cgroup/sendmsg_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, CGROUP_UNIX_SENDMSG, ATTACH_NONE, 0},
	{"cgroup/recvmsg4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_RECVMSG, ATTACH_NONE, 0},
	{"cgroup/recvmsg6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_RECVMSG, ATTACH_NONE, 0},
	{"cgroup/recvmsg_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, CGROUP_UNIX_RECVMSG, ATTACH_NONE, 0},
	{"cgroup/getpeername4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETPEERNAME, ATTACH_NONE, 0},
	{"cgroup/getpeername6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETPEERNAME, ATTACH_NONE, 0},
	{"cgroup/getpeername_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, CGROUP_UNIX_GETPEERNAME, ATTACH_NONE, 0},
	{"cgroup/getsockname4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETSOCKNAME, ATTACH_NONE, 0},
	{"cgroup/getsockname6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETSOCKNAME, ATTACH_NONE, 0},
	{"cgroup/getsockname_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, CGROUP_UNIX_GETSOCKNAME, ATTACH_NONE, 0},
	{"cgroup/sysctl", BPF_PROG_TYPE_CGROUP_SYSCTL, BPF_CGROUP_SYSCTL, ATTACH_NONE, 0},
	{"cgroup/getsockopt", BPF_PROG_TYPE_CGROUP_SOCKOPT, BPF_CGROUP_GETSOCKOPT, ATTACH_NONE, 0},
	{"cgroup/setsockopt", BPF_PROG_TYPE_CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT, ATTACH_NONE, 0},
	{"cgroup/dev", BPF_PROG_TYPE_CGROUP_DEVICE, BPF_CGROUP_DEVICE, ATTACH_NONE, HOOK_ATTACH_OPTIONAL},
	{"struct_ops+", BPF_PROG_TYPE_STRUCT_OPS, 0, ATTACH_NONE, 0},
	{"struct_ops.s+", BPF_PROG_TYPE_STRUCT_OPS, 0, ATTACH_NONE, HOOK_SLEEPABLE},
	{"sk_lookup", BPF_PROG_TYPE_SK_LOOKUP, BPF_SK_LOOKUP, ATTACH_NONE, 0},
	{"netfilter", NETFILTER_TYPE, NETFILTER_ATTACH, ATTACH_NONE, 0},
};
/* clang-format on */

const struct hook *hook_find(const char *section_name, const char **target)
{
	for (size_t i = 0; i < ARRAY_SIZE(hooks); i++) {
		const char *name = hooks[i].name, *s = section_name;

		while (*name && *name != '+' && *name == *s)
			name++, s++;
		/* All of the row's name is used up, or all but its '+'. */
		if (*name == '+' ? *s && *s != '/' : *name || *s)
			continue;
		*target = *s ? s + 1 : NULL;
		return &hooks[i];
	}
	*target = NULL;
	return NULL;
}

/* By number; a number beyond the table is younger than this source. */
static const char *name_of(u32 number, const char *const *names, size_t count)
{
	static char unknown[24];
	struct text text = text_in(unknown, sizeof(unknown));

	if (number < count)
		return names[number];
	text_printf(&text, "type %u", number);
	return unknown;
}

const char *prog_type_name(u32 type)
{
	static const char *const names[] = {"unspec", "socket_filter", "kprobe", "sched_cls", "sched_act", "tracepoint",
		"xdp", "perf_event", "cgroup_skb", "cgroup_sock", "lwt_in", "lwt_out", "lwt_xmit", "sock_ops", "sk_skb",
		"cgroup_device", "sk_msg", "raw_tracepoint", "cgroup_sock_addr", "lwt_seg6local", "lirc_mode2",
		"sk_reuseport", "flow_dissector", "cgroup_sysctl", "raw_tracepoint_writable", "cgroup_sockopt",
		"tracing", "struct_ops", "ext", "lsm", "sk_lookup", "syscall", "netfilter"};

	return name_of(type, names, ARRAY_SIZE(names));
}

const char *map_type_name(u32 type)
{
	static const char *const names[] = {"unspec", "hash", "array", "prog_array", "perf_event_array", "percpu_hash",
		"percpu_array", "stack_trace", "cgroup_array", "lru_hash", "lru_percpu_hash", "lpm_trie",
		"array_of_maps", "hash_of_maps", "devmap", "sockmap", "cpumap", "xskmap", "sockhash", "cgroup_storage",
		"reuseport_sockarray", "percpu_cgroup_storage", "queue", "stack", "sk_storage", "devmap_hash",
		"struct_ops", "ringbuf", "inode_storage", "task_storage", "bloom_filter", "user_ringbuf",
		"cgrp_storage", "arena", "insn_array"};

	return name_of(type, names, ARRAY_SIZE(names));
}
