/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * targets.bpf.c: probes on what no kernel has, or lets nobody probe. None loads by itself; --only chooses one.
 *
 * `placeholder` stands for any function: the tests write another name over the long one here.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define PROBE(name, section) \
	SEC(section)         \
	int name(void *ctx)  \
	{                    \
		return 0;    \
	}

PROBE(good, "?kprobe/do_exit") /* comes first, so that others fail after it */
PROBE(misspelt, "?kprobe/tcp_conect")
PROBE(nonsense, "?kprobe/qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq")
PROBE(no_syscall, "?ksyscall/sys_openat") /* sys_ is put in front of it */
PROBE(return_offset, "?kretprobe/do_exit+8")
PROBE(inside, "?kprobe/do_exit+1")
PROBE(beyond, "?kprobe/do_exit+1000000")
PROBE(syscall_offset, "?ksyscall/openat+4")
PROBE(bad_offset, "?kprobe/do_exit+x")
PROBE(no_target, "?kprobe")
PROBE(unknown_section, "?no_such_section/x")
PROBE(placeholder, "?kprobe/TARGET_TARGET_TARGET_TARGET_TARGET_TARGET_TARGET_TARGET_TARGET")
PROBE(sleepers, "?kretprobe/hrtimer_nanosleep")

char LICENSE[] SEC("license") = "GPL";
