/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kinds.bpf.c: programs of every kind that needs no target to be loaded, by libbpf's section names, and by some of old.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define KIND(name, section, value) \
	SEC(section)               \
	int name(void *ctx)        \
	{                          \
		return value;      \
	}

/* What every kernel from 5.10 has. */
KIND(socket_, "socket", 0)
KIND(reuseport, "sk_reuseport", 1)
KIND(kprobe_, "kprobe", 0)
KIND(kretprobe_, "kretprobe/do_exit", 0)
KIND(ksyscall_, "ksyscall/execve", 0)
KIND(uprobe_, "uprobe//bin/true:main", 0)
KIND(uretprobe_, "uretprobe//bin/true:main", 0)
KIND(usdt_, "usdt//bin/true:a:b", 0)
KIND(tc_, "tc", 0)
KIND(tc_ingress, "tc/ingress", 0)
KIND(classifier_, "classifier", 0)
KIND(action_, "action", 0)
KIND(tracepoint_, "tracepoint/sched/sched_switch", 0)
KIND(tp_, "tp/sched/sched_switch", 0)
KIND(raw_tracepoint_, "raw_tracepoint/sched_switch", 0)
KIND(raw_tp_w, "raw_tp.w/sched_switch", 0)
KIND(xdp_, "xdp", 2)
KIND(xdp_devmap, "xdp/devmap", 2)
KIND(xdp_cpumap, "xdp/cpumap", 2)
KIND(perf_event_, "perf_event", 0)
KIND(lwt_in_, "lwt_in", 0)
KIND(lwt_out_, "lwt_out", 0)
KIND(lwt_xmit_, "lwt_xmit", 0)
KIND(lwt_seg6local_, "lwt_seg6local", 0)
KIND(sockops_, "sockops", 0)
KIND(sk_skb_, "sk_skb/stream_verdict", 1)
KIND(sk_skb_younger, "sk_skb/verdict", 1) /* the attach type is of 5.13; older kernels ask nothing of it */
KIND(sk_msg_, "sk_msg", 1)
KIND(flow_dissector_, "flow_dissector", 0)
KIND(cgroup_skb_, "cgroup_skb/ingress", 1)
KIND(cgroup_sock, "cgroup/sock_create", 1)
KIND(cgroup_bind, "cgroup/bind4", 1)
KIND(cgroup_connect, "cgroup/connect6", 1)
KIND(cgroup_sysctl, "cgroup/sysctl", 1)
KIND(cgroup_sockopt, "cgroup/getsockopt", 1)
KIND(cgroup_dev, "cgroup/dev", 1)
KIND(sk_lookup_, "sk_lookup", 1)

/* Of old. */
KIND(socket_1, "socket1", 0)
KIND(xdp_old, "xdp_pass", 2)
KIND(tc_mark, "classifier/mark", 0)
KIND(cgroup_skb1, "cgroup/skb1", 1)

/* Younger than 5.10. */
KIND(later_syscall, "syscall", 0)
KIND(later_migrate, "sk_reuseport/migrate", 1)
KIND(later_multi, "kprobe.multi/vfs_*", 0)
KIND(later_session, "kprobe.session/vfs_*", 0)
KIND(later_uprobe_s, "uprobe.s//bin/true:main", 0)
KIND(later_uprobe_multi, "uprobe.multi//bin/true:*", 0)
KIND(later_uprobe_session, "uprobe.session//bin/true:*", 0)
KIND(later_frags, "xdp.frags", 2)
KIND(later_tcx, "tcx/ingress", 0)
KIND(later_netkit, "netkit/peer", 0)
KIND(later_unix, "cgroup/connect_unix", 1)
KIND(later_netfilter, "netfilter", 1)

char LICENSE[] SEC("license") = "GPL";
