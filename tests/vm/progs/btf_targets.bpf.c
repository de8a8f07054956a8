/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_targets.bpf.c: programs that the verifier checks against what they attach to. What they do with their arguments
 * is good only if the loader named the right function or tracepoint: of another one the arguments have other types.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct inode;
struct file {
	struct inode *f_inode;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

__u64 seen;

/* A program that looks into its argument number `n`, one that looks at none, one that asks for one too many. */
#define READS(name, section, type, n, field)                  \
	SEC(section)                                          \
	int name(__u64 *ctx)                                  \
	{                                                     \
		seen = (__u64)((struct type *)ctx[n])->field; \
		return 0;                                     \
	}
#define RETURNS(name, section, value) \
	SEC(section)                  \
	int name(void *ctx)           \
	{                             \
		return value;         \
	}
#define OVERREACHES(name, section)  \
	SEC(section)                \
	int name(__u64 *ctx)        \
	{                           \
		return ctx[11] & 1; \
	}

READS(entry, "fentry/vfs_read", file, 0, f_inode)
READS(leave, "fexit/vfs_write", file, 0, f_inode)
READS(switch_, "tp_btf/sched_switch", task_struct, 1, pid)
READS(named_kernel, "fentry/vmlinux:vfs_read", file, 0, f_inode)
RETURNS(modify, "fmod_ret/security_file_open", 0)
RETURNS(walk, "iter/task", 0)

RETURNS(lsm, "lsm/file_open", 0)
RETURNS(lsm_sleeps, "lsm.s/file_open", 0)
RETURNS(lsm_cgroup, "lsm_cgroup/socket_bind", 1)
RETURNS(session, "fsession/vfs_read", 0)
RETURNS(in_module, "?fentry/dummy_xmit", 0)
RETURNS(named_module, "?fentry/dummy:dummy_xmit", 0)

OVERREACHES(entry_far, "?fentry/vfs_read")
OVERREACHES(switch_far, "?tp_btf/sched_switch")
OVERREACHES(lsm_far, "?lsm/file_open")
OVERREACHES(walk_far, "?iter/task")

RETURNS(no_function, "?fentry/no_such_function", 0)
RETURNS(no_tracepoint, "?tp_btf/no_such_tracepoint", 0)
RETURNS(no_iter, "?iter/no_such_iter", 0)
RETURNS(no_module, "?fexit/no_such_module:vfs_read", 0)
RETURNS(no_target, "?fentry", 0)
RETURNS(replacement, "?freplace/vfs_read", 0)

char LICENSE[] SEC("license") = "GPL";
