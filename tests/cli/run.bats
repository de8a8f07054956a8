#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# run.bats: the command line of `loader run` and of the loader as a whole: what is wrong ends with exit status 2 and
# one line on stderr, and nothing is loaded. What a run does is tested in virtual machines (tests/vm): here nothing may
# be attached. LOADER may name another binary.

bats_require_minimum_version 1.5.0

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || return
    export LOADER=${LOADER:-$PWD/loader} DIR=$BATS_FILE_TMPDIR
    # No object: were the command line taken for right, the run would end at this file with status 1.
    echo text >"$DIR/x.bpf.o"
}

setup() { cd "$DIR" || return; }

# wrong PATTERN ARGUMENT...: the command line is wrong, in these words.
wrong() {
    local pattern=$1
    shift
    run --separate-stderr timeout 10 "$LOADER" "$@"
    [ "$status" -eq 2 ] || { echo "loader $*: status $status, $stderr"; return 1; }
    [ -z "$output" ] || { echo "loader $*: stdout: $output"; return 1; }
    [ "${#stderr_lines[@]}" -eq 1 ] || { echo "loader $*: stderr: $stderr"; return 1; }
    [[ $stderr =~ $pattern ]] || { echo "loader $*: stderr: $stderr"; return 1; }
}

# right ARGUMENT...: the command line is right: what is wrong is the object.
right() {
    run --separate-stderr timeout 10 "$LOADER" "$@"
    [ "$status" -eq 1 ] || { echo "loader $*: status $status, $stderr"; return 1; }
    [[ $stderr =~ x.bpf.o:.*ELF ]] || { echo "loader $*: stderr: $stderr"; return 1; }
}

@test "--version and --help go to stdout, with status 0" {
    run --separate-stderr "$LOADER" --version
    [ "$status$stderr" = 0 ]
    [[ $output =~ ^loader\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
    run --separate-stderr "$LOADER" --help
    [ "$status$stderr" = 0 ]
    [[ $output == "usage: loader "* ]]
    for verb in run check show; do
        [[ $output == *"  $verb "* ]]
    done
    for verb in run check show; do
        run --separate-stderr "$LOADER" $verb --help
        [ "$status$stderr" = 0 ]
        [[ ${lines[0]} == "usage: loader $verb [options] OBJ..."* ]]
    done
    # Help does not depend on what else there is.
    run --separate-stderr "$LOADER" run x.bpf.o --help
    [ "$status" -eq 0 ]
}

@test "help names every option of run" {
    run "$LOADER" run --help
    for option in -o -v -q --only --set --event --btf --count --duration --pages; do
        [[ $output == *"  $option "* ]] || { echo "no $option"; return 1; }
    done
    run "$LOADER" check --help
    [[ $output != *--count* ]]
}

@test "--help to a full disk is a failure" {
    for what in --help --version "run --help"; do
        run bash -c "\"\$LOADER\" $what 2>&1 >/dev/full"
        [ "$status" -eq 1 ]
        [ "$output" = "loader: standard output cannot be written (ENOSPC)" ]
    done
}

@test "no verb, an unknown verb, no object" {
    wrong 'no verb'
    wrong "unknown verb 'rum'" rum x.bpf.o
    wrong "unknown verb '--count'" --count 1
    wrong "no object is given to 'run'" run
    wrong 'no object' run -v
    wrong 'no object' run -- true
    wrong 'no object' check
    wrong 'no object' show
}

@test "unknown options, and options of other verbs" {
    wrong "unknown option '--cuont'.*see 'loader run --help'" run --cuont 1 x.bpf.o
    wrong "unknown option '-x'" run -x x.bpf.o
    wrong "unknown option '-'" run - x.bpf.o
    wrong "unknown option '--verbose'" run --verbose x.bpf.o
    wrong "unknown option '--counter=1'" run --counter=1 x.bpf.o
    wrong "unknown option '-v=1'" run -v=1 x.bpf.o
    wrong "unknown option '--count'" check --count 1 x.bpf.o
    wrong "unknown option '--set'" show --set a=b x.bpf.o
}

@test "values that are missing or no good" {
    for option in -o --only --set --event --btf --count --duration --pages; do
        wrong "a value is missing after '$option'" run x.bpf.o $option
    done
    for value in 0 -1 x 1x 0x10 '' 18446744073709551616 1.5 ' 1' '1 '; do
        wrong "'$value' is no good value for option '--count'" run --count "$value" x.bpf.o
    done
    for value in 0 0.0 -1 x 1s '' . .5 1.5.5 99999999999999999999 18446744072 1e3; do
        wrong "'$value' is no good value for option '--duration'" run --duration "$value" x.bpf.o
    done
    for value in 0 3 -2 x '' 6 65537 1099511627776; do
        wrong "'$value' is no good value for option '--pages'" run --pages "$value" x.bpf.o
    done
    for value in xml JSON '' tabl table2; do
        wrong "'$value' is no good value for option '-o'" run -o "$value" x.bpf.o
    done
    wrong "'raw' is no good value for option '-o'" check -o raw x.bpf.o
    wrong "'variable' is no good value for option '--set'" run --set variable x.bpf.o
    wrong "'=1' is no good value for option '--set'" run --set =1 x.bpf.o
    wrong "'map' is no good value for option '--event'" run --event map x.bpf.o
    wrong "'0' is no good value for option '--count'" run --count=0 x.bpf.o
    wrong "'sometimes' is no good value for option '--color'" check --color=sometimes x.bpf.o
    wrong "only one file can be given with '--btf'" check --btf a --btf b x.bpf.o
}

@test "an option may not be given more often than there is room for" {
    right run $(printf -- '--only p%d ' {1..64}) x.bpf.o
    wrong "more than 64 values for '--only'" run $(printf -- '--only p%d ' {1..65}) x.bpf.o
}

@test "what is right: values in the same word or the next, before or after the objects" {
    right run --count 1 x.bpf.o
    right run --count=1 x.bpf.o
    right run x.bpf.o --count 18446744073709551615
    right run --duration 0.000000001 --pages 1 -o json -v -q x.bpf.o
    right run --duration=1.5 --set a= --set=b=c=d --event m=s --only f x.bpf.o -- true
    right run -o raw x.bpf.o -- --count
    right check -o json --only f --set a=1 x.bpf.o
}

@test "nothing may follow -- but a command" {
    wrong "a command is missing after '--'" run x.bpf.o --
    wrong "no command can follow" check x.bpf.o -- true
    wrong "no command can follow" show x.bpf.o -- true
}

@test "--only with a name that no object has is a wrong command line" {
    cd "$BATS_TEST_DIRNAME/../.." || return
    machine=$(uname -m | sed 's/aarch64/arm64/; s/armv7l/armhf/')
    wrong "--only nobody: no object has a program of that name" run --only nobody "build/$machine/progs/hello.bpf.o"
}
