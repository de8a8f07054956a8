#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The tools that measure against libbpf (tests/corpus): what they find, and that they would find a difference.

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.."
    export tools=$BATS_FILE_TMPDIR
    clang -D_GNU_SOURCE -o "$tools/carve" tests/corpus/carve.c
    built=build/$(uname -m | sed 's/aarch64/arm64/; s/armv7l/armhf/')
    export built
    make -s "$built/tests/xlated_diff"
}

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    object=$built/progs/hello.bpf.o
}

@test "carve: an object inside a file, wherever it stands, comes out as it was; twice is two" {
    mkdir "$BATS_TEST_TMPDIR/out"
    { printf 'abc\177ELF\002\001\001'; cat "$object"; printf '\177EL'; cat "$object"; printf 'rest'; } \
        >"$BATS_TEST_TMPDIR/file"
    run "$tools/carve" "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/file"
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = "1"$'\t'"10"$'\t'"$BATS_TEST_TMPDIR/file" ]
    [ ${#lines[@]} -eq 2 ]
    cmp "$object" "$BATS_TEST_TMPDIR/out/1.o"
    cmp "$object" "$BATS_TEST_TMPDIR/out/2.o"
}

@test "carve: half an object, another machine's object and an executable are none" {
    mkdir "$BATS_TEST_TMPDIR/out"
    head -c 600 "$object" >"$BATS_TEST_TMPDIR/half"
    echo 'int x;' | clang -x c -c - -o "$BATS_TEST_TMPDIR/other.o"
    run "$tools/carve" "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/half" "$BATS_TEST_TMPDIR/other.o" "$tools/carve"
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

# dump NAME INSN...: a program as tests/corpus/dump.h has it; each INSN is 8 bytes, as hexadecimal digits.
dump() {
    local name=$1 insns
    shift
    insns=$(printf '%s' "$@")
    printf '%s' "$name"
    head -c $((124 - ${#name})) /dev/zero
    # shellcheck disable=SC2059  # the formats are bytes
    printf "\\x$(printf %x $#)\\0\\0\\0"
    # shellcheck disable=SC2059
    printf "$(sed 's/../\\x&/g' <<<"$insns")"
}

@test "xlated_diff: ids and addresses may differ, a constant may not" {
    # r1 = map[id:1] ll; call pc+5; r0 = 0; exit
    dump f 1811000001000000 0000000000000000 8510000005000000 b700000000000000 9500000000000000 >"$BATS_TEST_TMPDIR/a"
    dump f 1811000007000000 0000000000000000 8510000009000000 b700000000000000 9500000000000000 >"$BATS_TEST_TMPDIR/b"
    dump f 1811000001000000 0000000000000000 8510000005000000 b700000001000000 9500000000000000 >"$BATS_TEST_TMPDIR/c"
    run "$built/tests/xlated_diff" "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
    [ "$status" -eq 0 ]
    [ "$output" = "1 programs, 0 differ" ]
    run "$built/tests/xlated_diff" "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/c"
    [ "$status" -eq 1 ]
    [[ "$output" == *"libbpf      3: (b7) r0 = 0"*"ours        3: (b7) r0 = 1"*"1 programs, 1 differ"* ]]
}

@test "xlated_diff: a program that ours lacks, and one that is shorter, differ" {
    dump f b700000000000000 9500000000000000 >"$BATS_TEST_TMPDIR/a"
    dump g b700000000000000 9500000000000000 >"$BATS_TEST_TMPDIR/b"
    dump f b700000000000000 >"$BATS_TEST_TMPDIR/c"
    run "$built/tests/xlated_diff" "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
    [ "$status" -eq 1 ]
    [[ "$output" == *"f: not in ours"* ]]
    run "$built/tests/xlated_diff" "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/c"
    [ "$status" -eq 1 ]
    [[ "$output" == *"(there is none)"* ]]
}
