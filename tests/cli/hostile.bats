#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# hostile.bats: files that are no good objects, given to every verb. Each ends with exit status 1 and one message that
# names the file; nothing is on stdout (check's header, too, comes only with a first row), nothing crashes.
#
# The one good object here has a program of type socket filter: even if a broken copy were taken for good, nothing
# would be attached to this machine. LOADER may name another binary.

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || return
    export LOADER=${LOADER:-$PWD/loader} DIR=$BATS_FILE_TMPDIR CLANG=${CLANG:-clang}
    cat >"$DIR/good.bpf.c" <<-'END'
	#include <linux/bpf.h>
	#include <linux/types.h>
	#include <bpf/bpf_helpers.h>
	struct event { __u32 length; };
	struct {
	    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	    __uint(key_size, 4);
	    __uint(value_size, 4);
	} events SEC(".maps");
	const struct event *unused __attribute__((unused));
	int total = 3;
	SEC("socket") int filter(struct __sk_buff *skb)
	{
	    struct event event = {skb->len + total};
	    bpf_perf_event_output(skb, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	    return 0;
	}
	char LICENSE[] SEC("license") = "GPL";
	END
    compile bpf "$DIR/good.bpf.o"
}

compile() {
    "$CLANG" --target="$1" -mcpu=v2 -O2 -g -Iprogs/include -Isrc/base/uapi -isystem /usr/include \
        -c "$DIR/good.bpf.c" -o "$2"
}

setup() { cd "$BATS_TEST_TMPDIR" || return; }

# loader VERB FILE: one run, that cannot last, with stdout, stderr and status in out, err and $status.
loader() {
    local more=()
    [ "$1" != run ] || more=(--duration 0.01)
    status=0
    timeout 10 "$LOADER" "$1" "${more[@]}" "$2" >out 2>err </dev/null || status=$?
}

# refused FILE [WORDS]: by run, check and show; the message names the file, and holds the words.
refused() {
    local verb
    for verb in run check show; do
        loader $verb "$1"
        [ "$status" = 1 ] || { echo "$verb $1: status $status: $(cat err)"; return 1; }
        [ ! -s out ] || { echo "$verb $1: on stdout: $(head -n 5 out)"; return 1; }
        [ "$(wc -l <err)" = 1 ] || { echo "$verb $1: not one line: $(cat err)"; return 1; }
        [[ $(cat err) == "loader: $1: "*" (E"*")" && $(cat err) == *"${2:-}"* ]] ||
            { echo "$verb $1: $(cat err)"; return 1; }
    done
}

@test "the good object is good" {
    [ "$(id -u)" = 0 ] || skip "loading takes root"
    loader check "$DIR/good.bpf.o"
    [ "$status" = 0 ]
    [[ $(cat out) == VERDICT*$'\nok '*socket_filter*filter*socket ]]
    loader run "$DIR/good.bpf.o"
    [ "$status" = 0 ]
    [[ $(cat err) == *"is loaded, but not attached"*$'\n0 events, 0 lost' ]]
}

@test "no file, a folder, a device, an empty file, a file that may not be read" {
    touch empty
    refused missing.bpf.o '(ENOENT)'
    refused "$BATS_TEST_TMPDIR" '(EISDIR)'
    refused /dev/null
    refused empty 'the file is empty'
    refused none/x.bpf.o '(ENOENT)'
    refused empty/x.bpf.o '(ENOTDIR)'
    refused "$(printf 'a%.0s' {1..300})" '(ENAMETOOLONG)'
    refused /proc/self/mem '(EIO)'
}

@test "files of other kinds: text, a script, an archive, this very binary" {
    echo 'int main(void) { return 0; }' >text.c
    printf '#!/bin/sh\nexit 0\n' >script
    tar -cf archive.tar script
    ar rc archive.a script
    head -c 65536 /dev/zero >zeros
    head -c 65536 /dev/urandom >noise
    refused text.c 'not an ELF file'
    refused script 'not an ELF file'
    refused archive.tar 'not an ELF file'
    refused archive.a 'not an ELF file'
    refused zeros 'not an ELF file'
    refused noise 'not an ELF file'
    refused "$LOADER"
}

@test "objects for other machines, 32-bit ones, big-endian BPF" {
    cd "$BATS_TEST_DIRNAME/../.." || return
    compile bpfeb "$BATS_TEST_TMPDIR/big.bpf.o"
    cd "$BATS_TEST_TMPDIR" || return
    echo 'int f(void) { return 0; }' >f.c
    "$CLANG" --target=x86_64-linux-gnu -c f.c -o x86_64.o
    "$CLANG" --target=armv7a-linux-gnueabihf -c f.c -o arm.o
    refused big.bpf.o 'endian'
    refused x86_64.o
    refused arm.o
}

@test "an object cut off at any place" {
    local size length verb bad=0
    size=$(stat -c %s "$DIR/good.bpf.o")
    for ((length = 0; length < size; length += 16)); do
        head -c $length "$DIR/good.bpf.o" >cut.bpf.o
        for verb in run check show; do
            "$LOADER" $verb cut.bpf.o >out 2>err </dev/null && status=0 || status=$?
            if [ $status != 1 ] || [ -s out ] || ! read -r line <err ||
                [[ $line != 'loader: cut.bpf.o: '*'(E'*')' ]]; then
                echo "$verb, $length bytes: status $status: $(cat err)"
                bad=1
            fi
        done
    done
    [ $bad = 0 ]
}

@test "any byte of the ELF header changed: refused, or read in peace, never a crash" {
    local offset byte verb bad=0
    for ((offset = 0; offset < 64; offset++)); do
        for byte in '\000' '\001' '\177' '\377'; do
            cp "$DIR/good.bpf.o" poked.bpf.o
            # shellcheck disable=SC2059  # the byte is an escape
            printf "$byte" | dd of=poked.bpf.o bs=1 seek=$offset conv=notrunc status=none
            for verb in check show; do
                timeout 10 "$LOADER" $verb poked.bpf.o >out 2>err </dev/null && status=0 || status=$?
                [ $status -le 1 ] || { echo "$verb, byte $offset = $byte: status $status: $(cat err)"; bad=1; }
            done
        done
    done
    [ $bad = 0 ]
}

@test "one bad file among good ones: run does nothing, check goes on" {
    [ "$(id -u)" = 0 ] || skip "loading takes root"
    timeout 10 "$LOADER" run "$DIR/good.bpf.o" missing.bpf.o >out 2>err && status=0 || status=$?
    [ $status = 1 ]
    [[ $(cat err) == 'loader: missing.bpf.o: '*'(ENOENT)' ]]
    timeout 10 "$LOADER" check missing.bpf.o "$DIR/good.bpf.o" >out 2>err && status=0 || status=$?
    [ $status = 1 ]
    [ "$(grep -c '^ok ' out)" = 1 ]
    [ "$(wc -l <err)" = 1 ]
}
