#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# errors.bats: what `loader run` and `loader check` say when the kernel says no. One message, exit status 1, and nothing
# left behind.

load vm

setup_file() { boot; }

@test "a function that the kernel does not have: the nearest names" {
    guest <<-'END'
	run misspelt loader run --only misspelt $T/targets.bpf.o
	run nonsense loader run --only nonsense $T/targets.bpf.o
	run syscall loader run --only no_syscall $T/targets.bpf.o
	END
    local none="this kernel has no function 'tcp_conect'"
    failed misspelt "targets.bpf.o: kprobe/tcp_conect: $none; nearest: .*'tcp_connect'.* \(ENOENT\)$"
    failed nonsense "kprobe/q+: this kernel has no function 'q+' \(ENOENT\)$"
    none="this kernel has no system call 'sys_openat': this kernel has no function '[a-z0-9_]+'"
    failed syscall "ksyscall/sys_openat: $none; nearest: .*sys_openat'.* \(ENOENT\)$"
}

@test "a function of which the compiler has left only a variant: its name" {
    guest <<-'END'
	# A name whose only trace is NAME.isra.0 or NAME.constprop.0, and that one once.
	symbols
	variant=$(awk '{ whole[$1] = 1 }
	    $2 == 1 && $1 ~ /\.(isra|constprop)\.0$/ && !/^__(pfx|cfi)/ { variants[$1] = 1 }
	    END { for (name in variants) { base = name; sub(/\..*/, "", base); if (!(base in whole)) print name } }' \
	    $T/symbols | sort | head -n 1)
	[ "$variant" ] || skip "this kernel has no function that is only there as a variant"
	echo "$variant" >variant
	retarget "${variant%%.*}" variant.bpf.o
	run base loader run --only placeholder variant.bpf.o
	END
    failed base "this kernel has no function '[a-z0-9_A-Z]+'; nearest: .*'$(cat variant)'"
}

@test "a variant's own name can be probed" {
    guest <<-'END'
	symbols
	for variant in $(grep -E '^[a-z].*\.(isra|constprop)\.0 1$' $T/symbols | cut -d ' ' -f 1 | head -n 20); do
	    echo "p:try/try $variant" 2>/dev/null >>$tracing/kprobe_events && break
	done
	grep -q try/try $tracing/kprobe_events || skip "none of this kernel's variants can be probed"
	echo "-:try/try" >>$tracing/kprobe_events
	retarget "$variant" variant.bpf.o
	run variant loader run --only placeholder --duration 0.1 variant.bpf.o
	END
    done_well variant 0
}

@test "a function on the kernel's blacklist" {
    guest <<-'END'
	ls /sys/kernel/debug/kprobes/blacklist >/dev/null || skip "this kernel shows no blacklist"
	symbols
	# Functions alone; entry code is on the list under names that are none.
	black=$(awk 'NR == FNR { black[$2]; next } $2 == 1 && $1 ~ /^[a-z_]*$/ && $1 in black { print $1 }' \
	    /sys/kernel/debug/kprobes/blacklist $T/symbols | head -n 1)
	[ "$black" ] || skip "this kernel's blacklist is empty"
	retarget "$black" black.bpf.o
	run black loader run --only placeholder black.bpf.o
	umount -l /sys/kernel/debug
	run hidden loader run --only placeholder black.bpf.o
	mount -t debugfs debugfs /sys/kernel/debug
	END
    local list=/sys/kernel/debug/kprobes/blacklist
    failed black "'[a-z_]+' is on the list of what must not be probed \($list\).*\(EINVAL\)$"
    local unknown="the kernel refuses a probe at [a-z_]+\+0; $list could say more: mount debugfs"
    failed hidden "($unknown|'[a-z_]+' must not be traced \(notrace\): ).*\(EINVAL\)$"
}

@test "a function that must not be traced" {
    guest <<-'END'
	symbols
	hidden=
	for name in trace_clock_local sched_clock_cpu ftrace_stub preempt_count_add rcu_is_watching; do
	    grep -q "^$name 1$" $T/symbols && ! grep -q "^$name$" $tracing/available_filter_functions &&
	        ! grep -qw "$name" /sys/kernel/debug/kprobes/blacklist || continue
	    echo "p:try/try $name" 2>/dev/null >>$tracing/kprobe_events || { hidden=$name; break; }
	    echo "-:try/try" >>$tracing/kprobe_events
	done
	[ "$hidden" ] || skip "this kernel takes a probe on any of its functions that are not traced"
	retarget "$hidden" hidden.bpf.o
	run hidden loader run --only placeholder hidden.bpf.o
	END
    failed hidden "'[a-z_]+' must not be traced \(notrace\): it is not in available_filter_functions.*\(EINVAL\)$"
}

@test "a name that several functions have is refused, by kernels that would take the first, too" {
    guest <<-'END'
	symbols
	double=$(grep -E '^[a-z_]+_(show|next|start|stop) [2-9]$' $T/symbols | grep -v ^__ | head -n 1)
	[ "$double" ] || skip "no name stands for several of this kernel's functions"
	retarget "${double% *}" double.bpf.o
	run double loader run --only placeholder double.bpf.o
	END
    failed double \
        "[2-9] functions are called '[a-z_]+', and no offset or name tells them apart.*\(E(ADDRNOTAVAIL|INVAL)\)$"
}

@test "a weak function is one that there is" {
    guest <<-'END'
	weak=$(sed -nE 's/^[0-9a-f]+ W ([a-z][a-z_]+)$/\1/p' /proc/kallsyms | head -n 1)
	[ "$weak" ] || skip "this kernel has no weak functions"
	retarget "$weak+1" weak.bpf.o
	run weak loader run --only placeholder weak.bpf.o
	END
    failed weak "the kernel refuses a probe at [a-z_]+\+1; .*\((EILSEQ|EINVAL)\)$"
}

@test "probes that are switched off for the whole system: no run waits for what cannot come" {
    guest <<-'END'
	for switch in /sys/kernel/debug/kprobes/enabled /proc/sys/kernel/ftrace_enabled; do
	    [ -e $switch ] || continue
	    echo 0 >$switch
	    run ${switch##*/} loader run --only good --duration 0.1 $T/targets.bpf.o
	    echo 1 >$switch
	done
	run on loader run --only good --duration 0.1 $T/targets.bpf.o
	END
    failed enabled "kprobe/do_exit: no probe would ever be hit: /sys/kernel/debug/kprobes/enabled is 0 \(ENODEV\)$"
    # Elsewhere probes are not ftrace's.
    [ "${ARCH:-x86_64}" != x86_64 ] ||
        failed ftrace_enabled "no probe would ever be hit: /proc/sys/kernel/ftrace_enabled is 0 \(ENODEV\)$"
    done_well on 0
}

@test "offsets: none for a return probe, none into an instruction, none behind the function" {
    guest <<-'END'
	run return loader run --only return_offset $T/targets.bpf.o
	run bad loader run --only bad_offset $T/targets.bpf.o
	run inside loader run --only inside $T/targets.bpf.o
	run beyond loader run --only beyond --duration 0.1 $T/targets.bpf.o
	END
    failed return "kretprobe/do_exit\+8: a return probe has no offset, this one has '\+8' \(EINVAL\)$"
    failed bad "kprobe/do_exit\+x: '\+x' is no offset; expected FUNCTION\+BYTES \(EINVAL\)$"
    # The kernel's own words, from tracefs's error_log.
    failed inside "the kernel refuses a probe at do_exit\+1; the kernel says: .+ \((EILSEQ|EINVAL)\)$"
    [ "${ARCH:-x86_64}" != x86_64 ] || has inside.err 'instruction boundary \(EILSEQ\)$'
    # Where an instruction of another function begins just there, the kernel takes it.
    [ "$(cat beyond.status)" = 0 ] ||
        failed beyond "the kernel refuses a probe at do_exit\+1000000; the kernel says: .+ \(E[A-Z]+\)$"
}

@test "sections that say nothing, or no target" {
    guest <<-'END'
	run none loader run --only no_target --duration 0.1 $T/targets.bpf.o
	run unknown loader run --only unknown_section $T/targets.bpf.o
	run offset loader run --only syscall_offset $T/targets.bpf.o
	END
    ended none 0
    has none.err "kprobe: program 'no_target' is loaded, but not attached: its section names no target$"
    has none.err "nothing is attached: no event will come$"
    failed offset "'openat\+4' is no name of a system call \(EINVAL\)$"
    failed unknown "no_such_section/x: program 'unknown_section': nobody knows this section name.*\(EINVAL\)$"
}

@test "a failure after the first of several probes takes the first ones away again" {
    guest <<-'END'
	run second loader run --only good --only misspelt $T/targets.bpf.o -- touch ran
	echo ran* >ran_too
	END
    failed second "no function 'tcp_conect'"
    [ "$(cat ran_too)" = 'ran*' ]
}

@test "a program that the verifier rejects: the line of C, the instruction, the reason, in this order" {
    guest <<-'END'
	run bad loader run $T/rejected.bpf.o
	run verbose loader run -v $T/rejected.bpf.o
	END
    failed bad "rejected.bpf.o: kprobe/do_exit: program 'bad': rejected by the verifier \(EACCES\)$"
    [ "$(wc -l <bad.err)" = 4 ]
    [[ $(sed -n 2p bad.err) =~ ^\ +rejected.bpf.c:[0-9]+:\ \*count\ \+=\ 1\; ]]
    [[ $(sed -n 3p bad.err) =~ ^\ +[0-9]+:\ \([0-9a-f]{2}\)\ r[0-9]\ =\ \*\(u64\ \*\)\(r0\ \+0\) ]]
    [[ $(sed -n 4p bad.err) =~ ^\ +R0\ invalid\ mem\ access\ \'map_value_or_null\' ]]
    ended verbose 1
    # The whole log: each instruction, and the statistics.
    has verbose.err '^0: \('
    has verbose.err 'processed [0-9]+ insns'
    [ "$(grep -cE '^[0-9]+: \(' verbose.err)" -ge 6 ]
}

@test "a reason of several lines: the one that says what it is" {
    guest <<-'END'
	run endless loader check --only endless $T/reasons.bpf.o
	run keeps loader check --only keeps $T/reasons.bpf.o
	END
    ended endless 1
    has endless.err "program 'endless': rejected by the verifier \(EINVAL\)$"
    [[ $(sed -n 2p endless.err) =~ ^\ +reasons.bpf.c:[0-9]+:\ (for|i\+\+) ]]
    [[ $(sed -n 4p endless.err) =~ ^\ +infinite\ loop\ detected\ at\ insn\ [0-9]+$ ]]
    ended keeps 1
    has keeps.err "program 'keeps': rejected by the verifier \(EINVAL\)$"
    [[ $(sed -n 4p keeps.err) =~ ^\ +Unreleased\ reference\ id=[0-9]+\ alloc_insn=[0-9]+$ ]]
}

@test "with some capabilities alone: the one that is missing, or the limit that is in the way" {
    guest <<-'END'
	# include/uapi/linux/capability.h: 12 CAP_NET_ADMIN, 21 CAP_SYS_ADMIN, 24 CAP_SYS_RESOURCE
	run net $T/without 12,21 /bin/loader check --only packets $T/reasons.bpf.o
	run perf $T/without 21 /bin/loader run --duration 0.1 /progs/hello.bpf.o
	cat /proc/sys/kernel/perf_event_paranoid >paranoid
	ulimit -l 64
	run limit $T/without 24 /bin/loader check --only fine $T/reasons.bpf.o
	umount -l /proc
	run no_proc $T/without 24 /bin/loader check --only fine $T/reasons.bpf.o
	mount -t proc proc /proc
	END
    ended net 1
    local lacks='this process lacks CAP_NET_ADMIN; try as root'
    has net.err "program 'packets': the kernel refused it without a word; $lacks \(EPERM\)$"
    [ "$(cat paranoid)" -le 2 ] ||
        failed perf \
            "CPU 0: perf_event_open\(2\) gives no ring; /proc/sys/kernel/perf_event_paranoid is [34] \(EACCES\)$"
    # Since 5.11 maps are not counted as locked memory.
    local limit='RLIMIT_MEMLOCK is 65536 bytes, and could not be raised \(CAP_SYS_RESOURCE\)'
    for name in limit no_proc; do
        [ "$(cat $name.status)" = 0 ] || has $name.err "max_entries 100000, map_flags 0x0; $limit \(EPERM\)$"
    done
}

@test "too few descriptors: no other cause is named" {
    guest <<-'END'
	for n in 3 4 5 6 7 8 9 10 11 12 13 14; do
	    (ulimit -n $n; loader run --duration 0.1 /progs/hello.bpf.o) 2>>few.err || true
	done
	END
    [ "$(grep -c 'EMFILE' few.err)" -ge 8 ]
    has_not few.err '^loader: .*sysfs'
}

@test "without privileges: which capability is missing" {
    guest <<-'END'
	mkdir -p /etc
	echo 'nobody:x:65534:65534::/:/bin/sh' >/etc/passwd
	echo 'nogroup:x:65534:' >/etc/group
	chmod 1777 .
	run bpf su nobody -c "loader run /progs/hello.bpf.o"
	run check su nobody -c "loader check /progs/hello.bpf.o"
	run show su nobody -c "loader show /progs/hello.bpf.o"
	END
    failed bpf "this process lacks CAP_BPF and CAP_PERFMON; try as root \(EPERM\)$"
    ended check 1
    has check.err "this process lacks CAP_BPF and CAP_PERFMON; try as root \(EPERM\)$"
    ended show 0
}

@test "tracefs that is not mounted is mounted, and one that is mounted elsewhere is found" {
    guest <<-'END'
	exec 2>&1
	umount -l /sys/kernel/tracing
	umount -l /sys/kernel/debug
	run unmounted loader run --count 1 -o raw $T/burst.bpf.o \
	    -- dd if=/dev/zero of=/dev/null bs=1 count=1 status=none
	grep ' tracefs ' /proc/mounts >mounted
	umount -l /sys/kernel/tracing
	mkdir -p /mnt/t
	mount -t tracefs t /mnt/t
	run elsewhere loader run -v --count 1 -o raw $T/burst.bpf.o \
	    -- dd if=/dev/zero of=/dev/null bs=1 count=1 status=none
	umount -l /mnt/t
	mkdir -p /mnt/debug
	mount -t debugfs d /mnt/debug
	run debug loader run -v --count 1 -o raw $T/burst.bpf.o -- dd if=/dev/zero of=/dev/null bs=1 count=1 status=none
	umount -l /mnt/debug/tracing 2>/dev/null
	umount -l /mnt/debug
	umount -l /sys/kernel/tracing 2>/dev/null
	mount -t tmpfs none /sys/kernel
	run nowhere loader run --count 1 -o raw $T/burst.bpf.o
	umount /sys/kernel
	mount -t debugfs debugfs /sys/kernel/debug
	mount -t tracefs tracefs /sys/kernel/tracing
	END
    ended unmounted 0
    [ "$(cat mounted)" = "$(grep ' /sys/kernel/tracing ' mounted)" ]
    [ -s mounted ]
    ended elsewhere 0
    has elsewhere.err '^open\("/mnt/t/kprobe_events"'
    ended debug 0
    failed nowhere "tracefs is not mounted.*there is no /sys/kernel/tracing: .* \(E[A-Z]+\)$"
}

@test "tracefs that another mount hides, and a folder of it that is mounted alone, are passed over" {
    guest <<-'END'
	mkdir -p /mnt/events
	mount -o bind $tracing/events /mnt/events
	umount -l $tracing
	umount -l /sys/kernel/debug
	run folder loader run --only good --duration 0.1 $T/targets.bpf.o
	umount -l /mnt/events
	mount -t tmpfs none $tracing
	run hidden loader run --only good --duration 0.1 $T/targets.bpf.o
	umount -l $tracing
	umount -l $tracing
	[ -e $tracing/kprobe_events ] || mount -t tracefs tracefs $tracing
	mount -t debugfs debugfs /sys/kernel/debug
	END
    done_well folder 0
    done_well hidden 0
}

@test "a number is no function; a probe in a module waits for it, and a run says so" {
    guest <<-'END'
	retarget 12345 number.bpf.o
	run number loader run --only placeholder --duration 0.1 number.bpf.o
	retarget no_such_module:do_exit waits.bpf.o
	run waits loader run --only placeholder --duration 0.1 waits.bpf.o
	END
    failed number "kprobe/12345: '12345' is no function's name \(EINVAL\)$"
    ended waits 0
    local prog="waits.bpf.o: kprobe/no_such_module:do_exit: program 'placeholder'"
    has waits.err "^loader: $prog is loaded, but not attached: the kernel waits for its module$"
    has waits.err '^0 events, 0 lost$'
}

@test "functions of a module that is loaded" {
    guest <<-'END'
	modprobe dummy 2>/dev/null && [ -e /sys/module/dummy/initstate ] || skip "this kernel has no module 'dummy'"
	retarget dummy:dummy_setup there.bpf.o
	run there loader run --only placeholder --duration 0.1 there.bpf.o
	retarget dummy:dummy_setpu typo.bpf.o
	run typo loader run --only placeholder typo.bpf.o
	umount -l /proc
	run no_proc loader run --only placeholder typo.bpf.o
	mount -t proc proc /proc
	END
    done_well there 0
    failed typo "this kernel has no function 'dummy_setpu'; nearest: .*'dummy_setup'.* \(ENOENT\)$"
    failed no_proc "the kernel refuses a probe at dummy:dummy_setpu\+0.*\(E(INVAL|NOENT)\)$"
}

# --- check ---------------------------------------------------------------------------------------------------

# verdicts FILE EXPRESSION: FILE holds a line of JSON a program, as the contract has it; v is the list of them.
verdicts() {
    python3 - "$@" <<-'END'
	import json, sys
	v = [json.loads(line) for line in open(sys.argv[1])]
	for x in v:
	    assert list(x) == ["object", "program", "section", "type", "verdict", "errno", "insns", "log"], x
	    assert x["verdict"] in ("ok", "rejected", "skipped"), x
	    assert (x["errno"] is not None) == (x["verdict"] == "rejected"), x
	    assert type(x["insns"]) is int and (x["insns"] > 0) == (x["verdict"] != "skipped"), x
	if not eval("(" + sys.argv[2] + ")"):
	    sys.exit("not true of %s: %s" % tuple(sys.argv[1:3]))
	END
}

@test "check finds all objects good, and attaches none" {
    guest <<-'END'
	cp $tracing/kprobe_events before
	while cat $tracing/kprobe_events; do usleep 1000; done >during & watcher=$!
	run all loader check /progs/*.bpf.o $T/burst.bpf.o $T/data.bpf.o $T/calls.bpf.o $T/legacy.bpf.o $T/newer.bpf.o
	run json loader check -o json /progs/*.bpf.o $T/burst.bpf.o $T/targets.bpf.o
	kill $watcher
	END
    [ ! -s during ]
    ended all 0
    [ ! -s all.err ]
    [[ $(head -n 1 all.out) =~ ^VERDICT\ +INSNS\ +TYPE\ +PROGRAM\ +SECTION$ ]]
    [ "$(grep -cE '^ok +[0-9]+ +kprobe +[a-z_]+ +k[a-z]+/[a-z_]+$' all.out)" = "$(($(wc -l <all.out) - 1))" ]
    ended json 0
    verdicts json.out 'sum(x["verdict"] == "ok" for x in v) >= 8'
    verdicts json.out '[x["verdict"] for x in v if "targets" in x["object"]] == ["skipped"] * 13'
    verdicts json.out '("/progs/hello.bpf.o", "hello", "kprobe/do_exit", "kprobe", None) in
        [(x["object"], x["program"], x["section"], x["type"], x["log"]) for x in v]'
}

@test "check goes on after a rejected program, and ends with 1" {
    guest <<-'END'
	run json loader check -o json $T/rejected.bpf.o /progs/hello.bpf.o
	run table loader check $T/rejected.bpf.o
	run only loader check --only good --only optional $T/rejected.bpf.o
	run missing loader check --only nobody $T/rejected.bpf.o
	END
    ended json 1
    verdicts json.out '[(x["program"], x["verdict"], x["errno"]) for x in v] == [("good", "ok", None),
        ("bad", "rejected", "EACCES"), ("optional", "skipped", None), ("filter", "ok", None), ("hello", "ok", None)]'
    verdicts json.out '"R0 invalid mem access" in v[1]["log"] and v[3]["type"] == "socket_filter"'
    ended table 1
    has table.out '^rejected +[0-9]+ +kprobe +bad +kprobe/do_exit$'
    has table.err "^loader: .*program 'bad': rejected by the verifier \(EACCES\)$"
    ended only 0
    [ "$(awk '{ print $1 }' only.out | sort | uniq -c | tr -s ' \n' ' ')" = ' 1 VERDICT 2 ok 2 skipped ' ]
    ended missing 1 || ended missing 2
    has missing.err "--only nobody: no object has a program of that name"
}

# --- Last, for there is no way back --------------------------------------------------------------------------

@test "a kernel that is locked down says so" {
    guest <<-'END'
	mount -t securityfs securityfs /sys/kernel/security 2>/dev/null
	echo confidentiality >/sys/kernel/security/lockdown || skip "this kernel has no lockdown"
	touch locked
	run locked loader run $T/burst.bpf.o
	END
    failed locked "the kernel is locked down \(confidentiality\), which forbids probes and tracing \(E(PERM|ACCES)\)$"
}
