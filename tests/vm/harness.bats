#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Tests of scripts/vm itself: that what a command in the machine prints, and how it ends, comes out as it was,
# and that a kernel in trouble fails the run. All but the last boot a machine; only --bare needs a loader built.
#
#   ARCH=arm64 KERNEL=6.1 bats tests/vm/harness.bats      (default: x86_64, and its default kernel)

# shellcheck disable=SC2016  # the machine expands what is in single quotes
bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return
    export LOADER_NO_BUILD=1 TMPDIR=$BATS_TEST_TMPDIR/tmp
    mkdir "$TMPDIR"
    under_test=(--arch "${ARCH:-x86_64}" ${KERNEL:+--kernel "$KERNEL"})
    vm=(scripts/vm "${under_test[@]}")
}

# run_apart ARGUMENT...: scripts/vm, its stdout in $out, its stderr in $err, its exit status in $status.
run_apart() {
    status=0
    "${vm[@]}" "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
    out=$(cat "$BATS_TEST_TMPDIR/out")
    err=$(cat "$BATS_TEST_TMPDIR/err")
    # Shown if the test fails.
    printf 'exit status %s\nstdout: %s\nstderr: %s\n' "$status" "$out" "$err"
}

# machines: the process ids of the emulators that this test has started and that still run.
machines() { pgrep -f "^qemu-system.*$TMPDIR/loader-vm"; }

# until_one_runs: wait for an emulator to start, for 20 seconds.
until_one_runs() {
    local end=$((SECONDS + 20))
    until machines; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.1
    done
}

# none_left SECONDS: the emulators have ended, or do so soon.
none_left() {
    local end=$((SECONDS + $1))
    while machines >/dev/null; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.1
    done
}

@test "stdout, stderr and the exit status come out apart, and nothing else does" {
    run_apart -- 'echo to stdout; echo to stderr >&2; exit 3'
    [ "$out" = 'to stdout' ]
    [ "$err" = 'to stderr' ]
    [ "$status" = 3 ]
}

@test "a command that a signal ends has the shell's status for that" {
    run_apart -- 'kill -9 $$'
    [ "$status" = 137 ]
    [ -z "$out$err" ]
}

@test "stdout and stderr can be opened again by name" {
    run_apart -- 'echo one >/dev/stdout; echo two | tee /dev/stderr'
    [ "$out" = $'one\ntwo' ]
    [ "$err" = two ]
}

@test "a megabyte of any bytes arrives as it was, and in time" {
    head -c 1048576 /dev/urandom >"$BATS_TEST_TMPDIR/bytes"
    "${vm[@]}" --copy "$BATS_TEST_TMPDIR/bytes" -- 'cat bytes; cat bytes >&2' \
        >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
    cmp "$BATS_TEST_TMPDIR/bytes" "$BATS_TEST_TMPDIR/out"
    cmp "$BATS_TEST_TMPDIR/bytes" "$BATS_TEST_TMPDIR/err"
}

@test "output comes out while the command runs" {
    local line
    exec 5< <("${vm[@]}" -- 'echo early; sleep 100')
    read -r -u 5 line
    [ "$line" = early ]
    # The reader goes away: the machine is ended, not waited for.
    exec 5<&-
    none_left 5
}

@test "what the command leaves behind does not hold up the end" {
    run_apart -- 'sleep 1000 & echo done'
    [ "$out" = 'done' ]
    [ "$status" = 0 ]
}

@test "--copy puts files and folders into the working directory, with their modes" {
    mkdir -p "$BATS_TEST_TMPDIR/folder"
    echo content >"$BATS_TEST_TMPDIR/folder/a file"
    printf '#!/bin/sh\necho "ran in $PWD"\n' >"$BATS_TEST_TMPDIR/script"
    chmod +x "$BATS_TEST_TMPDIR/script"
    run_apart --copy "$BATS_TEST_TMPDIR/folder" --copy "$BATS_TEST_TMPDIR/script" -- './script; cat "folder/a file"'
    [ "$out" = $'ran in /work\ncontent' ]
    [ "$status" = 0 ]
}

@test "a command may come from stdin" {
    [ "$(echo 'echo from stdin' | "${vm[@]}")" = 'from stdin' ]
}

@test "a tracer finds its file systems, the kernel's options and an interface that is up" {
    run_apart -- '
        set -e
        [ "$(id -u)" = 0 ]
        ls /sys/kernel/tracing/events/sched /sys/kernel/debug /sys/fs/bpf /proc/self >/dev/null
        grep -q ^CONFIG_BPF_SYSCALL=y /boot/config-$(uname -r)
        cat /sys/fs/cgroup/cgroup.procs >/dev/null
        touch /tmp/file
        ping -c 1 127.0.0.1 >/dev/null
        modprobe veth'
    [ "$status" = 0 ]
    [ -z "$err" ]
}

@test "the kernel is the one that was asked for" {
    run_apart -- 'uname -r'
    [ -z "${KERNEL:-}" ] || [[ "$out" == "$KERNEL"[-.+]* ]]
    [ "$out" = "$(cat "$(scripts/kernel "${under_test[@]}")/release")" ]
}

@test "--append, --memory and --cpus reach the machine" {
    run_apart --append 'some.thing=1' --memory 300 --cpus 1 -- 'cat /proc/cmdline; nproc; grep MemTotal /proc/meminfo'
    [[ "$out" == *some.thing=1* ]]
    [[ "$out" == *$'\n1\n'* ]]
    [ "$(awk '/MemTotal/ { print ($2 < 307200) }' <<<"$out")" = 1 ]
}

@test "a kernel's panic fails the run, and its words are shown" {
    run_apart -- 'echo before; echo c >/proc/sysrq-trigger; echo after'
    [ "$status" = 125 ]
    [ "$out" = before ]
    [[ "$err" == *'sysrq triggered crash'* ]]
}

@test "a kernel's warning fails the run, even if the command succeeds" {
    # No file makes every kernel warn on request, but its log can be written to, in the words of WARN_ON().
    run_apart -- 'echo "<4>WARNING: CPU: 0 PID: 1 at kernel/some.c:1 function+0x1/0x2" >/dev/kmsg; echo done'
    [ "$status" = 125 ]
    [ "$out" = 'done' ]
    [[ "$err" == *'WARNING: CPU: 0 PID: 1 at kernel/some.c'* ]]
}

@test "the words of other kinds of trouble fail the run too" {
    run_apart -- 'echo "<3>BUG: sleeping function called from invalid context" >/dev/kmsg'
    [ "$status" = 125 ]
    run_apart -- 'echo "<3>rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:" >/dev/kmsg'
    [ "$status" = 125 ]
    run_apart -- 'echo "<4>WARNING: possible circular locking dependency detected" >/dev/kmsg'
    [ "$status" = 125 ]
}

@test "a taint that says the kernel warned fails the run" {
    run_apart -- 'echo 512 >/proc/sys/kernel/tainted'
    [ "$status" = 125 ]
}

@test "a command that does not end is ended after --timeout" {
    run_apart --timeout 20 -- 'echo started; sleep 1000'
    [ "$status" = 124 ]
    [ "$out" = started ]
    none_left 0
    [ -z "$(ls "$TMPDIR")" ]
}

@test "a machine that powers off on its own has failed" {
    run_apart -- 'poweroff -f'
    [ "$status" = 125 ]
    [[ "$err" == *'without an exit status'* ]]
}

@test "nothing is left behind when the script is told to end" {
    "${vm[@]}" -- 'sleep 1000' &
    until_one_runs
    kill $!
    status=0
    wait $! || status=$?
    [ "$status" = 143 ]
    none_left 0
    [ -z "$(ls "$TMPDIR")" ]
}

@test "no machine is left behind when the script is killed the hard way" {
    "${vm[@]}" -- 'sleep 1000' &
    until_one_runs
    kill -9 $!
    none_left 5
}

@test "machines run side by side" {
    local i pids=()
    for i in 1 2 3; do
        "${vm[@]}" -- "sleep 1; echo machine $i; exit $i" >"$BATS_TEST_TMPDIR/$i" &
        pids+=($!)
    done
    for i in 1 2 3; do
        status=0
        wait "${pids[i - 1]}" || status=$?
        [ "$status" = "$i" ]
        [ "$(cat "$BATS_TEST_TMPDIR/$i")" = "machine $i" ]
    done
}

@test "--bare: the loader is all there is, and its output and exit status come out" {
    [ -x "build/${ARCH:-x86_64}/loader" ] || skip "no loader is built"
    run_apart --bare -- --version
    [[ "$out" =~ ^loader\ [0-9.]+$ ]]
    [ -z "$err" ]
    [ "$status" = 0 ]
    run_apart --bare -- no-such-verb
    [ "$status" = 2 ]
}

@test "a wrong command line is refused" {
    run scripts/vm --arch vax -- true
    [ "$status" = 2 ]
    run scripts/vm --kernel
    [ "$status" = 2 ]
    run scripts/vm --no-such-option
    [ "$status" = 2 ]
    run scripts/vm --copy /no/such/file -- true
    [ "$status" = 2 ]
    run scripts/vm </dev/null
    [ "$status" = 2 ]
    for wrong in '--timeout soon' '--memory much' '--cpus 0'; do
        # shellcheck disable=SC2086  # two words
        run scripts/vm $wrong -- true
        [ "$status" = 2 ]
    done
}
