# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# guest.sh: runs in the virtual machine (see vm.bash): each file in parts/, in a folder of its own, and checks after
# each that the kernel is as it was. What the parts may use stands here, too.

T=/work # the objects of tests/vm/progs, and tools
tracing=/sys/kernel/tracing

# run NAME COMMAND...: run it, and keep stdout, stderr and exit status in NAME.out, NAME.err and NAME.status.
run() {
    name=$1
    shift
    # (A closed stdin would be a descriptor that is free.)
    "$@" >"$name.out" 2>"$name.err"
    echo $? >"$name.status"
}

# start NAME COMMAND...: the same in the background; $pid is the command's, and `finish NAME` waits for it.
start() {
    name=$1
    shift
    "$@" >"$name.out" 2>"$name.err" &
    pid=$!
    echo $pid >"$name.pid"
}
finish() {
    wait "$(cat "$1.pid")"
    echo $? >"$1.status"
}

# until_true COMMAND...: wait for it to succeed, for 20 seconds or longer.
until_true() {
    tries=1000
    until "$@" 2>/dev/null; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || { echo "never true: $*" >&2; exit 1; }
        usleep 20000
    done
}

# attached FUNCTION [COUNT]: wait until so many (1) probes on it are enabled, and all loaders wait for events: the
# program is bound to its probe a little later than the probe is enabled.
attached() {
    until_true probed "$@"
    until_true polling
}
probed() {
    [ "$(grep -v DISABLED /sys/kernel/debug/kprobes/list | grep -c "[[:blank:]]$1[+[:blank:]]")" -ge "${2:-1}" ]
}
# epoll_pwait(2) is 281 on x86_64, 346 on arm, 22 on the others.
polling() {
    for process in $(pidof loader); do
        grep -qE '^(281|346|22) ' "/proc/$process/syscall" || return
    done
}

# write_null COUNT: so many one-byte writes to /dev/null by a process called dd, which burst.bpf.c looks for.
write_null() { dd if=/dev/zero of=/dev/null bs=1 count="$1" status=none; }

# flood NAME WRITES OPTIONS [BYTES MS]: two processes, each on a CPU of its own, write_null WRITES times each, while
# `count BYTES MS` (see there) reads the events: what it says goes to NAME.count.
flood() {
    cat >writers <<-END
	taskset 1 dd if=/dev/zero of=/dev/null bs=1 count=$2 status=none &
	taskset 2 dd if=/dev/zero of=/dev/null bs=1 count=$2 status=none &
	wait
	END
    # shellcheck disable=SC2086  # words on purpose
    { loader run -o raw $3 $T/burst.bpf.o -- sh writers 2>"$1.err"; echo $? >"$1.status"; } |
        $T/count $4 $5 >"$1.count"
}

# skip REASON: this kernel cannot do what the part is about.
skip() { echo "$*" >skip; exit 0; }

# needs_return_probes: skip if the kernel refuses them, as riscv64 does without KPROBES_ON_FTRACE.
needs_return_probes() {
    echo 'r:try/return do_exit' 2>try.err >>$tracing/kprobe_events ||
        skip "this kernel refuses return probes: $(sed -n 's/.*error: //p' $tracing/error_log | tail -n 1)"
    echo '-:try/return' >>$tracing/kprobe_events
}

# with_jit COMMAND...: with the kernel's compiler of programs, which is there but off on armhf and riscv64. No longer
# than that: under emulation each program that it compiles takes riscv64 seconds.
with_jit() {
    was=$(cat /proc/sys/net/core/bpf_jit_enable)
    echo 1 >/proc/sys/net/core/bpf_jit_enable
    "$@"
    echo "$was" >/proc/sys/net/core/bpf_jit_enable
}

# symbols: the names of functions in the kernel itself, and how many have each, into $T/symbols. It takes a while.
symbols() {
    [ -e $T/symbols ] || grep -i ' t [^[]*$' /proc/kallsyms | cut -d ' ' -f 3 | sort | uniq -c |
        awk '{ print $2, $1 }' >$T/symbols
}

# retarget FUNCTION FILE: targets.bpf.o with another name for the function that its program `placeholder` probes.
retarget() {
    old=$(printf %s TARGET_TARGET_TARGET_TARGET_TARGET_TARGET_TARGET_TARGET_TARGET | xxd -p | tr -d '\n')
    new=$(printf %s "$1" | xxd -p | tr -d '\n')
    while [ ${#new} -lt ${#old} ]; do new=${new}00; done
    xxd -p $T/targets.bpf.o | tr -d '\n' | sed "s/$old/$new/g" | xxd -r -p >"$2"
}

# state: what there is in the kernel that a loader could have left.
state() {
    cat $tracing/kprobe_events
    (cd $tracing/events && ls -d loader_* 2>/dev/null)
    $T/in_kernel
    pidof loader
}

# check_left: keep in `left` what is there that was not there before. The kernel frees some things a little later.
check_left() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        state >now
        cmp -s now $T/before && : >left && break
        diff $T/before now >left
        usleep 300000
    done
    rm -f now
}

# clean_up: after a part that left something, so that the next one starts afresh.
clean_up() {
    for name in loader dd count; do killall -9 $name 2>/dev/null; done
    sleep 1
    sed -n 's|^[pr][0-9]*:\(loader_[^ ]*\) .*|-:\1|p' $tracing/kprobe_events | while read -r line; do
        echo "$line" >>$tracing/kprobe_events
    done
}

main() {
    cd $T || exit
    mkdir results
    state >before
    for part in parts/*; do
        folder=$T/results/${part#parts/}
        mkdir "$folder"
        cd "$folder" || exit
        echo "${part#parts/}" >>../order
        start=$(cut -d ' ' -f 1 /proc/uptime)
        timeout -s KILL "${PART_SECONDS:-120}" sh -c ". $T/guest.sh; . $T/$part" >stdout 2>stderr
        echo $? >status
        echo "$start $(cut -d ' ' -f 1 /proc/uptime)" >"times"
        # What locked the kernel down cannot be looked at any more.
        [ -e locked ] || check_left
        [ ! -s left ] || clean_up
        cd $T || exit
    done
    tar -cf - -C results .
}

case $0 in *guest.sh) main ;; esac
