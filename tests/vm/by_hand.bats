#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# progs/00-by-hand, run on Debian's kernels. BY_HAND_KERNEL and BY_HAND_ARCH choose another machine than x86_64 6.1.

setup_file() {
    export TOP ARCH KERNEL
    TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    ARCH=${BY_HAND_ARCH:-x86_64}
    KERNEL=${BY_HAND_KERNEL:-$([ "$ARCH" = riscv64 ] && echo 6.12 || echo 6.1)}
    make -s -C "$TOP" ARCH="$ARCH" "build/$ARCH/progs/by-hand"

    # What each test's commands begin with. `started` waits until the probe works, and starts no program while it
    # does, which the probe would see; `left` shows what is left.
    cat >"$BATS_FILE_TMPDIR/lib.sh" <<-'END'
	events=/sys/kernel/tracing/kprobe_events
	function=setup_new_exec
	[ "$(uname -m)" != riscv64 ] || function=setup_new_exec+4
	cp /bin/busybox true
	mkfifo never && exec 9<>never
	started() {
	    i=0
	    until [ -e /sys/kernel/tracing/events/by_hand_*/call/id ]; do
	        i=$((i + 1)); [ $i -lt 10 ] || exit 99; read -r -t 1 _ <&9
	    done
	    read -r -t 1 _ <&9
	}
	left() { echo "left: '$(cat $events)'"; }
	END
}

# in_vm COMMANDS [OPTION...]: run them in a machine with by-hand, or the one that $by_hand names.
in_vm() {
    local commands=$1
    shift
    cp "${by_hand:-$TOP/build/$ARCH/progs/by-hand}" "$BATS_TEST_TMPDIR/by-hand"
    echo "$commands" >"$BATS_TEST_TMPDIR/test.sh"
    run "$TOP/scripts/vm" --arch "$ARCH" --kernel "$KERNEL" --copy "$BATS_TEST_TMPDIR/by-hand" \
        --copy "$BATS_FILE_TMPDIR/lib.sh" --copy "$BATS_TEST_TMPDIR/test.sh" "$@" -- \
        '. ./lib.sh; . ./test.sh'
    echo "$output"
}

# broken SED-SCRIPT: $by_hand, built from the source so changed.
broken() {
    local tree=$BATS_TEST_TMPDIR/tree
    mkdir "$tree"
    cp -r "$TOP"/{Makefile,src,bpf_insn.h,loader.c,progs} "$tree"
    sed -i "$1" "$tree/progs/00-by-hand/by_hand.c"
    ! cmp -s "$tree/progs/00-by-hand/by_hand.c" "$TOP/progs/00-by-hand/by_hand.c" || return
    make -s -C "$tree" ARCH="$ARCH" "build/$ARCH/progs/by-hand"
    by_hand=$tree/build/$ARCH/progs/by-hand
}

@test "by-hand prints the process that calls the function, and stops after COUNT events" {
    in_vm '
        ./by-hand $function 2 >out 2>err & by_hand=$!; started
        ./true & first=$!; wait $first
        ./true & second=$!; wait $second
        ./true
        wait $by_hand; echo "status $?"
        [ "$(cat out)" = "$(printf "%7u true\n%7u true" $first $second)" ] && echo right
        cat out err; left'
    [ "$status" -eq 0 ]
    [[ $output == *"status 0"*right*"2 events, 0 lost"*"left: ''"* ]]
}

@test "every CPU has its ring" {
    in_vm '
        ./by-hand $function >out & by_hand=$!; started
        for cpu in 0 1 2 3; do taskset -p $((1 << cpu)) $$ >/dev/null; ./true; done
        kill $by_hand; wait $by_hand
        echo "seen: $(grep -c " true$" out)"; left' --cpus 4
    [ "$status" -eq 0 ]
    [[ $output == *"seen: 4"*"left: ''"* ]]
}

@test "nothing is left behind after SIGINT, SIGTERM, SIGHUP, or when nobody reads" {
    in_vm '
        for signal in INT TERM HUP; do
            ./by-hand $function & by_hand=$!; started
            ./true
            kill -$signal $by_hand; wait $by_hand; echo "$signal: status $?"; left
        done
        { ./by-hand $function; echo "PIPE: status $?" >&2; } | true &
        started; ./true; ./true; wait; left'
    [ "$status" -eq 0 ]
    [[ $output == *"INT: status 0"*"TERM: status 0"*"HUP: status 0"*"PIPE: status 0"* ]]
    [ "$(grep -c "^left: ''" <<<"$output")" -eq 4 ]
}

@test "other people's probes stay" {
    in_vm '
        { echo "p:mine/keep vfs_read" || echo "p:mine/keep vfs_read+4"; } >>$events
        ./by-hand $function 1 & by_hand=$!; started
        ./true; wait $by_hand; left'
    [ "$status" -eq 0 ]
    [[ $output == *"left: 'p:mine/keep vfs_read"*"'"* ]]
    [[ $output != *by_hand_* ]]
}

@test "a function that the kernel does not have is an error, with the reason of tracefs" {
    in_vm './by-hand no_such_function; echo "status $?"; left'
    [[ $output == *"error: "*"Command: p:by_hand_"*" no_such_function"* ]]
    [[ $output == *"by-hand: the kernel sets no probe on 'no_such_function' (E"* ]]
    [[ $output == *"status 1"* && $output == *"left: ''"* ]]
}

@test "without tracefs it says how to get it" {
    in_vm 'umount -l /sys/kernel/tracing; umount -l /sys/kernel/debug/tracing 2>/dev/null
        ./by-hand; echo "status $?"'
    [[ $output == *"mount -t tracefs none /sys/kernel/tracing"* ]]
    [[ $output == *"status 1"* ]]
}

@test "a program that the verifier rejects is an error, with the verifier's reason" {
    broken '/BPF_MOV64_REG(BPF_REG_6, BPF_REG_1)/d'
    in_vm './by-hand; echo "status $?"; left'
    [[ $output == *"R6 !read_ok"* ]]
    [[ $output == *"by-hand: the kernel refuses the program (EACCES)"* ]]
    [[ $output == *"status 1"* && $output == *"left: ''"* ]]
}

@test "a failure in a late step leaves nothing behind" {
    # A page number that is no power of two: the rings cannot be mapped when the event is there already.
    broken 's/#define RING_PAGES 8/#define RING_PAGES 7/'
    in_vm './by-hand $function; echo "status $?"; left'
    [[ $output == *"by-hand: no ring for CPU 0 (EINVAL)"* ]]
    [[ $output == *"status 1"* && $output == *"left: ''"* ]]
}
