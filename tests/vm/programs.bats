#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# programs.bats: programs of every kind load: those that name their kind, those that name what they attach to, and those
# that a kernel is too old for say so.

load vm

setup_file() { boot; }

# verdicts FILE EXPRESSION: the expression, in which v is the verdicts by program, and l their logs, is true.
verdicts() {
    python3 - "$@" <<-'END'
	import json, sys
	rows = [json.loads(line) for line in open(sys.argv[1])]
	v = {row["program"]: row["verdict"] for row in rows}
	e = {row["program"]: row["errno"] for row in rows}
	l = {row["program"]: row["log"] or "" for row in rows}
	if not eval("(" + sys.argv[2] + ")"):
	    sys.exit("not true of %s: %s" % (sys.argv[1], sys.argv[2]))
	END
}


@test "programs of every kind load, or are younger than the kernel" {
    guest <<-'END'
	run kinds loader check -o json $T/kinds.bpf.o
	END
    verdicts kinds.out '{n for n in v if v[n] != "ok" and not n.startswith("later_")} == set()'
    verdicts kinds.out 'len(v) > 45 and all(e[n] in ("EINVAL", None) for n in v)'
    # What the kernel does not know it refuses without a word, and the message says what it may be.
    verdicts kinds.out 'all("it may lack program type" in l[n] or "processed" in l[n] or "sleepable" in l[n]
        for n in v if v[n] != "ok")'
}

@test "a program for usdt probes loads for one link to all, where the kernel has that and gets processes right" {
    guest <<-'END'
	run usdt loader check -v --only usdt_ $T/kinds.bpf.o
	run release uname -r
	END
    ended usdt 0
    kind=0
    # kernel/trace/bpf_trace.c:bpf_uprobe_multi_link_attach() is for machines of 64 bits.
    [ "$ARCH" = armhf ] || [ "$(printf '%s\n' 6.10 "$(cat release.out)" | sort -V | head -n 1)" != 6.10 ] || kind=48
    grep "expected_attach_type=$kind,.*name=\"usdt_\"" usdt.err
}

@test "what a program attaches to is found in the kernel's types" {
    guest <<-'END'
	[ -e /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF"
	run check loader check -o json $T/btf_targets.bpf.o
	END
    verdicts check.out 'all(v[n] == "ok" for n in ("entry", "leave", "switch_", "named_kernel", "modify", "walk"))'
    # BPF LSM may be left out of a kernel; lsm.s is younger than 5.10, lsm_cgroup than 5.19, fsession than 6.19.
    verdicts check.out 'all(v[n] == "ok" or "there is no function \x27bpf_lsm_" in l[n] or "sleepable" in l[n] or
        "it may lack program type" in l[n] or "processed 0" in l[n]
        for n in ("lsm", "lsm_sleeps", "lsm_cgroup", "session"))'
    verdicts check.out '{v[n] for n in v if n.startswith("no_") or n.endswith("_far")} == {"skipped"}'
}

@test "the verifier sees the very target: it names it when a program asks for an argument too many" {
    guest <<-'END'
	[ -e /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF"
	run far loader check -o json --only entry_far --only switch_far --only lsm_far --only walk_far \
	    $T/btf_targets.bpf.o
	END
    ended far 1
    verdicts far.out '"func \x27vfs_read\x27 doesn\x27t have" in l["entry_far"]'
    verdicts far.out '"func \x27sched_switch\x27 doesn\x27t have" in l["switch_far"]'
    verdicts far.out '"func \x27bpf_lsm_file_open\x27 doesn\x27t have" in l["lsm_far"] or
        "there is no function \x27bpf_lsm_file_open\x27" in l["lsm_far"]'
    verdicts far.out '"func \x27task\x27 doesn\x27t have" in l["walk_far"] or
        "invalid bpf_context access" in l["walk_far"]'
}

@test "what does not exist, or cannot be known, is told" {
    guest <<-'END'
	[ -e /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF"
	for only in no_function no_tracepoint no_iter no_module no_target replacement; do
	    run $only loader check --only $only $T/btf_targets.bpf.o
	done
	END
    has no_function.err "there is no function 'no_such_function' in the BTF of the kernel or of a module \(ENOENT\)$"
    has no_tracepoint.err "there is no type 'btf_trace_no_such_tracepoint' in the BTF"
    has no_iter.err "there is no function 'bpf_iter_no_such_iter' in the BTF"
    has no_module.err "there is no function 'vfs_read' in the BTF of module 'no_such_module' \(ENOENT\)$"
    has no_target.err "'no_target': the section names nothing to attach to, expected 'fentry/NAME' \(EINVAL\)$"
    has replacement.err "it replaces a function of another program, which would have to be loaded first \(EINVAL\)$"
    for only in no_function no_tracepoint no_iter no_module no_target replacement; do ended $only 1; done
}

@test "a function in a module, with and without the module's name" {
    guest <<-'END'
	modprobe dummy 2>/dev/null
	[ -e /sys/kernel/btf/dummy ] || skip "this kernel has no BTF for its modules, or no module 'dummy'"
	run module loader check -v --only in_module --only named_module $T/btf_targets.bpf.o
	# include/uapi/linux/capability.h: 21 CAP_SYS_ADMIN; and no descriptors left for a module's types
	run unlisted $T/without 21 /bin/loader check --only in_module $T/btf_targets.bpf.o
	for n in 4 5 6; do
	    (ulimit -n $n; loader check --only in_module $T/btf_targets.bpf.o) 2>>few.err || true
	done
	END
    ended module 0
    ended unlisted 1
    has unlisted.err "'[a-z_]*' is not in the kernel's BTF, and its modules' cannot be listed \(EPERM\)$"
    has few.err "'[a-z_]*' is not in the kernel's BTF, and its modules' cannot be listed \(EMFILE\)$"
    has_not few.err 'there is no function'
    [ "$(grep -c 'BPF_PROG_LOAD.*attach_btf_id=[1-9][0-9]*, attach_btf_obj_fd=[1-9]' module.err)" = 2 ]
}

@test "run loads what it cannot attach, and says so" {
    guest <<-'END'
	[ -e /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF"
	run one loader run --only walk --duration 1 $T/btf_targets.bpf.o
	END
    has one.err "program 'walk' is loaded, but not attached"
}

@test "an exception's handler goes with the program that may throw" {
    guest <<-'END'
	grep -qw bpf_throw /proc/kallsyms || skip "this kernel has no bpf_throw()"
	with_jit run throws loader check -v $T/throws.bpf.o
	word=$(grep -oE "JIT (does not support|is required for) calling k.*" throws.err)
	[ -z "$word" ] || skip "this kernel's verifier: $word"
	END
    ended throws 0
    # The program, the handler, and what the handler calls.
    has throws.err 'BPF_PROG_LOAD.*name="thrower".*func_info=3.* = [0-9]+$'
}

@test "a global function's parameter may be the context by its tag alone, as it is for each type of program" {
    guest <<-'END'
	[ -e /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF, and so no names for contexts"
	run context loader check -o json $T/context.bpf.o
	END
    verdicts context.out 'len(v) == 5 and set(v.values()) == {"ok"}'
}
