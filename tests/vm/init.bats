#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# init.bats: the loader as the first process of a machine that holds nothing but the loader and objects: an initramfs
# of one binary. scripts/vm --bare takes the exit status from the kernel's log, and fails if there is a panic.

load vm

setup_file() { [ -n "${LOADER_NO_BUILD:-}" ] || flock "$TOP/Makefile" make -s -C "$TOP" ARCH="$ARCH" vm-tests packed; }

# bare ARGUMENT...: what the loader prints, as the serial port mixes it, into $output; its exit status in $status.
bare() {
    # shellcheck disable=SC2086,SC2154  # one word or none
    LOADER_NO_BUILD=1 run "$TOP/scripts/vm" --arch "$ARCH" ${KERNEL:+--kernel "$KERNEL"} --bare ${packed:-} \
        --copy "$TOP/build/$ARCH/tests/congestion.bpf.o" --timeout 60 -- "$@"
    echo "$output"
}

@test "it mounts what it needs, prints events, and powers off" {
    # The machine has no other program than the loader: so it is also the command whose end is an event.
    bare run -o json --count 1 /progs/hello.bpf.o -- /init --version
    [ "$status" = 0 ]
    [[ $output == *'{"event":"events","cpu":'*'"data":{"pid":'*',"comm":"'*'"}}'* ]]
    [[ $output == *'1 events, 0 lost'* ]]
}

@test "the loader that unpacks itself does the same" {
    packed=--packed
    bare run -o json --count 1 /progs/hello.bpf.o -- /init --version
    [ "$status" = 0 ]
    [[ $output == *'{"event":"events","cpu":'*'"data":{"pid":'*',"comm":"'*'"}}'* ]]
    [[ $output == *'1 events, 0 lost'* ]]
}

@test "a command that ends ends the run, and the machine" {
    bare run -o json /progs/hello.bpf.o -- /init show /progs/hello.bpf.o
    [ "$status" = 0 ]
    [[ $output == *'"comm":"init"'* ]]
    [[ $output == *' events, 0 lost'* ]]
}

@test "an object that is not there: status 1" {
    bare run /no/such.bpf.o
    [ "$status" = 1 ]
    [[ $output == *"loader: /no/such.bpf.o: "*"(ENOENT)"* ]]
}

@test "a command line that is wrong: status 2" {
    bare run --no-such-option /progs/hello.bpf.o
    [ "$status" = 2 ]
    [[ $output == *"loader: unknown option '--no-such-option'; see 'loader run --help'"* ]]
}

@test "quotes on the kernel's command line keep blanks, and are no part of a word" {
    bare run '"/no such' 'file".bpf.o'
    [ "$status" = 1 ]
    [[ $output == *"loader: /no such file.bpf.o: "*"(ENOENT)"* ]]
}

# Before 5.11 a kernel reads its own types when it is given a first program.
@test "a struct of functions is the first thing that a kernel is given" {
    bare check -o json congestion.bpf.o
    [[ $output != *"no /sys/kernel/btf/vmlinux"* ]] || skip "this kernel has no BTF"
    [ "$status" = 0 ]
    [ "$(grep -c '"verdict":"ok"' <<<"$output")" = 3 ]
}
