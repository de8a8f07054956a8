#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# check.bats: `loader check` on this machine's kernel. It loads programs, and attaches none: tests/vm/errors.bats
# watches that in machines of its own. LOADER and PROGS may name another binary and another folder of objects.

bats_require_minimum_version 1.5.0

# compile NAME [OPTION]...: $DIR/NAME.bpf.c into $DIR/NAME.bpf.o.
compile() {
    local name=$1
    shift
    "$CLANG" --target=bpf -mcpu=v2 -O2 -g "$@" -Iprogs/include -Isrc/base/uapi -isystem /usr/include \
        -c "$DIR/$name.bpf.c" -o "$DIR/$name.bpf.o"
}

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || return
    machine=$(uname -m | sed 's/aarch64/arm64/; s/armv7l/armhf/')
    export LOADER=${LOADER:-$PWD/loader} PROGS=${PROGS:-$PWD/build/$machine/progs} DIR=$BATS_FILE_TMPDIR
    export CLANG=${CLANG:-clang}
    cat >"$DIR/mixed.bpf.c" <<-'END'
	#include <linux/bpf.h>
	#include <linux/types.h>
	#include <bpf/bpf_helpers.h>
	struct {
	    __uint(type, BPF_MAP_TYPE_ARRAY);
	    __uint(max_entries, 4);
	    __type(key, __u32);
	    __type(value, __u64);
	} counts SEC(".maps");
	const volatile int limit = 4;
	SEC("socket") int good(void *ctx) { return 0; }
	SEC("socket") int bad(void *ctx)
	{
	    __u32 key = 1;
	    __u64 *count = bpf_map_lookup_elem(&counts, &key);
	    *count = 1;
	    return 0;
	}
	SEC("?socket") int optional(void *ctx) { return 0; }
	SEC("xdp") int depends(struct xdp_md *ctx)
	{
	    __u32 key = 1;
	    __u64 *count = bpf_map_lookup_elem(&counts, &key);
	    if (limit == 4)
	        return XDP_PASS;
	    return *count; /* the verifier sees this line only with another limit */
	}
	SEC("no_such_hook") int stranger(void *ctx) { return 0; }
	char LICENSE[] SEC("license") = "GPL";
	END
    compile mixed
}

setup() {
    # A kernel without BPF, or a user without privileges, gives these tests nothing to do.
    run "$LOADER" check --only good "$DIR/mixed.bpf.o"
    [ "$status" -eq 0 ] || skip "this machine loads no BPF programs: ${lines[0]}"
}

# verdicts EXPRESSION: $output has a line of JSON a program, as the contract has it; v is the list of them.
verdicts() {
    python3 -c '
import json, sys
v = [json.loads(line) for line in sys.stdin.read().splitlines()]
for x in v:
    assert list(x) == ["object", "program", "section", "type", "verdict", "errno", "insns", "log"], x
    assert x["verdict"] in ("ok", "rejected", "skipped"), x
    assert (x["errno"] is None) == (x["verdict"] != "rejected"), x
    assert (x["log"] is None) == (x["verdict"] != "rejected"), x
    assert type(x["insns"]) is int, x
if not eval("(" + sys.argv[1] + ")"):
    sys.exit("not true: " + sys.argv[1])' "$1" <<<"$output"
}

@test "the lessons' objects are good" {
    run --separate-stderr "$LOADER" check "$PROGS"/*.bpf.o
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [[ ${lines[0]} =~ ^VERDICT\ +INSNS\ +TYPE\ +PROGRAM\ +SECTION$ ]]
    for line in "${lines[@]:1}"; do [[ $line =~ ^ok\ +[0-9]+\ +kprobe\ +[a-z_]+\ +k[a-z]+/[a-z_]+$ ]]; done
    [ "${#lines[@]}" -ge 8 ]
}

@test "each program has its verdict, and one that is bad spoils the exit status" {
    run --separate-stderr "$LOADER" check -o json "$DIR/mixed.bpf.o"
    [ "$status" -eq 1 ]
    verdicts '[(x["program"], x["section"], x["type"], x["verdict"], x["errno"]) for x in v] == [
        ("good", "socket", "socket_filter", "ok", None), ("bad", "socket", "socket_filter", "rejected", "EACCES"),
        ("optional", "socket", "socket_filter", "skipped", None), ("depends", "xdp", "xdp", "ok", None),
        ("stranger", "no_such_hook", "unspec", "rejected", "EINVAL")]'
    verdicts '"invalid mem access" in v[1]["log"] and v[1]["insns"] > 5 and v[2]["insns"] == 0'
    [ "$(grep -c '^loader: ' <<<"$stderr")" = 2 ]
}

@test "a rejection shows the C line, the instruction, the reason, in this order; the whole log under -v" {
    run --separate-stderr "$LOADER" check --only bad "$DIR/mixed.bpf.o"
    [ "$status" -eq 1 ]
    [ "${#stderr_lines[@]}" -eq 4 ]
    [[ ${stderr_lines[0]} == "loader: $DIR/mixed.bpf.o: socket: program 'bad': rejected by the verifier (EACCES)" ]]
    [[ ${stderr_lines[1]} =~ ^\ +mixed.bpf.c:[0-9]+:\ \*count\ =\ 1\;$ ]]
    [[ ${stderr_lines[2]} =~ ^\ +[0-9]+:\ \([0-9a-f]{2}\)\ .*r0 ]]
    [[ ${stderr_lines[3]} =~ ^\ +R0\ invalid\ mem\ access ]]
    run --separate-stderr "$LOADER" check -v --only bad "$DIR/mixed.bpf.o"
    [ "$status" -eq 1 ]
    [[ $stderr == *'processed '*' insns'* ]]
}

@test "what a reason refers to: the license that the file has, the size of the map that a slot is beyond" {
    cat >"$DIR/refers.bpf.c" <<-'END'
	#include <linux/bpf.h>
	#include <linux/types.h>
	#include <bpf/bpf_helpers.h>
	int tail(void *ctx);
	struct {
	    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	    __uint(max_entries, 2);
	    __uint(key_size, sizeof(__u32));
	    __array(values, int(void *));
	} table SEC(".maps") = {.values = {[5] = (void *)&tail}};
	SEC("kprobe/do_exit") int tail(void *ctx) { return 0; }
	SEC("kprobe/do_exit") int prints(void *ctx)
	{
	    bpf_printk("%d", 1);
	    return 0;
	}
	char LICENSE[] SEC("license") = "GPL-2.0";
	END
    compile refers
    run --separate-stderr "$LOADER" check --only tail "$DIR/refers.bpf.o"
    [ "$status" -eq 1 ]
    [ "$stderr" = "loader: $DIR/refers.bpf.o: map 'table': slot 5 of 2 does not take 'tail' (E2BIG)" ]
    run --separate-stderr "$LOADER" check --only prints "$DIR/refers.bpf.o"
    [ "$status" -eq 1 ]
    [[ ${stderr_lines[3]} == *"GPL"* ]]
    [ "${stderr_lines[4]}" = "    the object's license is 'GPL-2.0'" ]
}

@test "an object without a program is loaded, and it is said that there is none" {
    echo 'int forgotten(void *ctx) { return 0; }' >"$DIR/none.bpf.c"
    compile none
    run --separate-stderr "$LOADER" check "$DIR/none.bpf.o"
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    [ "$stderr" = "loader: $DIR/none.bpf.o: no program is in it" ]
}

@test "what is wrong before the verifier looks at an instruction: the one that its reason names, subprograms' too" {
    cat >"$DIR/early.bpf.c" <<-'END'
	#include <linux/bpf.h>
	#include <bpf/bpf_helpers.h>
	static __attribute__((noinline)) int sub(int x)
	{
	    asm volatile("r0 = 1; exit; r0 = 2; exit" ::: "r0");
	    return x;
	}
	SEC("socket") int dead(void *ctx) { return sub((long)ctx); }
	SEC("socket") int far(void *ctx)
	{
	    asm volatile("goto +100");
	    return 0;
	}
	char LICENSE[] SEC("license") = "GPL";
	END
    compile early
    run --separate-stderr "$LOADER" check --only far "$DIR/early.bpf.o"
    [ "$status" -eq 1 ]
    [ "${stderr_lines[1]}" = '    early.bpf.c:11: asm volatile("goto +100");' ]
    [ "${stderr_lines[2]}" = '    0: (05) goto pc+100' ]
    [[ ${stderr_lines[3]} =~ ^\ +jump\ out\ of\ range\ from\ insn\ 0\ to ]]
    [ "${#stderr_lines[@]}" -eq 4 ]
    run --separate-stderr "$LOADER" check --only dead "$DIR/early.bpf.o"
    [ "$status" -eq 1 ]
    [[ ${stderr_lines[1]} == '    early.bpf.c:5: asm volatile("r0 = 1;'* ]]
    [[ ${stderr_lines[2]} =~ ^\ +([0-9]+):\ \(b7\)\ r0\ =\ 2$ ]]
    [ "${stderr_lines[3]}" = "    unreachable insn ${BASH_REMATCH[1]}" ]
}

@test "an object as clang -gz writes it, without a NUL behind the license" {
    cat >"$DIR/packed.bpf.c" <<-'END'
	#include <linux/bpf.h>
	#include <bpf/bpf_helpers.h>
	SEC("kprobe") int good(void *ctx) { return bpf_probe_read_kernel(&ctx, 8, ctx); }
	char LICENSE[3] SEC("license") = "GPL";
	END
    compile packed -gz
    # The helper is for programs under the GPL alone.
    run --separate-stderr "$LOADER" check -o json "$DIR/packed.bpf.o"
    [ "$status" -eq 0 ]
    verdicts '[x["verdict"] for x in v] == ["ok"]'
}

@test "--set changes what the verifier sees" {
    run --separate-stderr "$LOADER" check --only depends "$DIR/mixed.bpf.o"
    [ "$status" -eq 0 ]
    run --separate-stderr "$LOADER" check --only depends --set limit=5 "$DIR/mixed.bpf.o"
    [ "$status" -eq 1 ]
    [[ $stderr == *"rejected by the verifier"* ]]
    run --separate-stderr "$LOADER" check --set nothing=5 "$DIR/mixed.bpf.o"
    [ "$status" -eq 1 ]
    [[ $stderr == *"there is no global variable 'nothing'"* ]]
}

@test "--only chooses, and reaches a '?' section" {
    run --separate-stderr "$LOADER" check -o json --only optional --only good "$DIR/mixed.bpf.o"
    [ "$status" -eq 0 ]
    verdicts '[x["program"] for x in v if x["verdict"] == "ok"] == ["good", "optional"]'
    verdicts '[x["program"] for x in v if x["verdict"] == "skipped"] == ["bad", "depends", "stranger"]'
}

@test "a name that nothing has: the nearest that something has; more names than there is room for: the limit" {
    run --separate-stderr "$LOADER" check --only god "$DIR/mixed.bpf.o"
    [ "$status" -eq 2 ]
    [ "$stderr" = "loader: --only god: no object has a program of that name; nearest: 'good' (ENOENT)" ]
    run --separate-stderr "$LOADER" check --only god --only hello "$DIR/mixed.bpf.o" "$PROGS/hello.bpf.o"
    [ "$status" -eq 2 ]
    [ "$stderr" = "loader: --only god: no object has a program of that name; nearest: 'good' (ENOENT)" ]
    run --separate-stderr "$LOADER" check --set limits=5 "$DIR/mixed.bpf.o"
    [ "$status" -eq 1 ]
    [[ $stderr == *"there is no global variable 'limits'; nearest: 'limit' (ENOENT)" ]]
    run --separate-stderr "$LOADER" check --set LICENSE=5 "$DIR/mixed.bpf.o" # which is none, but not for its spelling
    [ "$status" -eq 1 ]
    [[ $stderr == *"there is no global variable 'LICENSE' (ENOENT)" ]]
    many=()
    for i in {1..64}; do many+=(--only good); done
    run --separate-stderr "$LOADER" check "${many[@]}" "$DIR/mixed.bpf.o"
    [ "$status" -eq 0 ]
    run --separate-stderr "$LOADER" check "${many[@]}" --only good "$DIR/mixed.bpf.o"
    [ "$status" -eq 2 ]
    [ "$stderr" = "loader: more than 64 values for '--only'; see 'loader check --help'" ]
}

@test "of several objects, one that has the program, or the variable, is enough" {
    hello=("$LOADER" check -o json --only hello --only good "$PROGS/hello.bpf.o")
    run --separate-stderr "${hello[@]}" "$DIR/mixed.bpf.o"
    [ "$status" -eq 0 ]
    verdicts '[x["program"] for x in v if x["verdict"] == "ok"] == ["hello", "good"]'
    run --separate-stderr "${hello[@]}" "$PROGS/execve.bpf.o"
    [ "$status" -eq 2 ]
    [ "$stderr" = "loader: --only good: no object has a program of that name (ENOENT)" ]
    run --separate-stderr "$LOADER" check --only depends --set limit=5 "$DIR/mixed.bpf.o" "$PROGS/hello.bpf.o"
    [ "$status" -eq 1 ]
    [[ $stderr == *"rejected by the verifier"* ]]
    run --separate-stderr "$LOADER" check --only hello --only good --set limit=5 "$PROGS/hello.bpf.o" "$DIR/mixed.bpf.o"
    [ "$status" -eq 0 ]
    run --separate-stderr "$LOADER" check --set nothing=5 "$PROGS/hello.bpf.o" "$PROGS/execve.bpf.o"
    [ "$status" -eq 1 ]
    [[ $stderr == *"there is no global variable 'nothing'"* ]]
}

@test "an object whose maps the kernel refuses: a line for each program all the same" {
    cat >"$DIR/refused.bpf.c" <<-'END'
	#include <linux/bpf.h>
	#include <bpf/bpf_helpers.h>
	struct {
	    __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __uint(key_size, 3); __uint(value_size, 8);
	} odd SEC(".maps");
	SEC("socket") int good(void *ctx) { return !bpf_map_lookup_elem(&odd, ctx); }
	SEC("?socket") int optional(void *ctx) { return 0; }
	char LICENSE[] SEC("license") = "GPL";
	END
    compile refused
    run --separate-stderr "$LOADER" check -o json "$DIR/refused.bpf.o"
    [ "$status" -eq 1 ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    verdicts '[(x["program"], x["verdict"], x["errno"]) for x in v] ==
        [("good", "rejected", "EINVAL"), ("optional", "skipped", None)]'
    verdicts '"odd" in v[0]["log"] and v[0]["log"].endswith("; with key_size 4 it would")'
}

@test "a ring buffer may name the type of what it carries" {
    cat >"$DIR/ring.bpf.c" <<-'END'
	#include <linux/bpf.h>
	#include <bpf/bpf_helpers.h>
	struct {
	    __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); __type(value, long);
	} ring SEC(".maps");
	SEC("socket") int good(void *ctx) { return !&ring; }
	END
    compile ring
    run "$LOADER" check "$DIR/ring.bpf.o"
    [ "$status" -eq 0 ]
}

@test "a map that the kernel refuses: what to change" {
    maps=('RINGBUF); __uint(max_entries, 0);'
        'LPM_TRIE); __uint(max_entries, 4); __uint(key_size, 8); __uint(value_size, 8);'
        'ARRAY); __uint(max_entries, 4); __uint(key_size, 4); __uint(value_size, 8); __ulong(map_extra, 7);')
    hints=("max_entries $(getconf PAGESIZE)" "map_flags 1" "map_extra 0")
    for which in 0 1 2; do
        cat >"$DIR/wrong.bpf.c" <<-END
	#include <linux/bpf.h>
	#include <bpf/bpf_helpers.h>
	struct { __uint(type, BPF_MAP_TYPE_${maps[which]} } wrong SEC(".maps");
	END
        compile wrong
        run --separate-stderr "$LOADER" check "$DIR/wrong.bpf.o"
        [ "$status" -eq 1 ]
        [[ $stderr == *"; with ${hints[which]} it would (EINVAL)" ]]
    done
}

@test "a kernel that takes no BTF of an object: a program that needs it says so" {
    cat >"$DIR/types.bpf.c" <<-'END'
	#include <linux/bpf.h>
	#include <bpf/bpf_helpers.h>
	struct locked { struct bpf_spin_lock lock; };
	struct {
	    __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct locked);
	} locks SEC(".maps");
	int bytes;
	struct {} without_bytes; /* which no kernel wants in BTF (kernel/bpf/btf.c: btf_datasec_check_meta()) */
	SEC("tc") int lock(void *ctx)
	{
	    int key = bytes;
	    struct locked *locked = bpf_map_lookup_elem(&locks, &key);
	    if (!locked)
	        return 0;
	    bpf_spin_lock(&locked->lock);
	    bpf_spin_unlock(&locked->lock);
	    return 0;
	}
	END
    compile types
    run --separate-stderr "$LOADER" check "$DIR/types.bpf.o"
    [ "$status" -eq 1 ]
    [[ $stderr == *"has to have BTF in order to use bpf_spin_lock; the kernel took none of the object's BTF" ]]
}

@test "--color: the verdict in green or red, the message begins in red; on no terminal only if asked for" {
    red=$'\e[31m' green=$'\e[32m' off=$'\e[m'
    run --separate-stderr "$LOADER" check --color=always --only good --only bad "$DIR/mixed.bpf.o"
    [[ $output == *"${green}ok  "*"$off"* && $output == *"${red}rejected "*"$off"* ]]
    [[ $stderr == "${red}loader: $off"* ]]
    for color in --color=auto --color=never -q; do
        run --separate-stderr "$LOADER" check $color --only good --only bad "$DIR/mixed.bpf.o"
        [[ $output$stderr == *rejected* && $output$stderr != *$'\e'* ]]
    done
    run script -qec "$LOADER check --only bad $DIR/mixed.bpf.o" /dev/null
    [[ $output == *"${red}loader: $off"* ]]
    run env NO_COLOR=1 script -qec "$LOADER check --only bad $DIR/mixed.bpf.o" /dev/null
    [[ $output == *rejected* && $output != *$'\e'* ]]
    # Empty is as good as none (no-color.org).
    run env NO_COLOR= script -qec "$LOADER check --only bad $DIR/mixed.bpf.o" /dev/null
    [[ $output == *"${red}loader: $off"* ]]
}

@test "what one object held is given back before the next" {
    run --separate-stderr bash -c 'ulimit -n 24; exec "$LOADER" check $(printf "$PROGS/hello.bpf.o %.0s" {1..30})'
    [ "$status$stderr" = 0 ]
    [ "$(grep -c '^ok' <<<"$output")" = 30 ]
}

@test "no probe of the loader's is on this machine" {
    probes() { cat /sys/kernel/tracing/kprobe_events 2>/dev/null || cat /sys/kernel/debug/tracing/kprobe_events; }
    events=$(probes 2>/dev/null) || skip "tracefs is not mounted here"
    "$LOADER" check "$PROGS"/*.bpf.o >/dev/null
    [[ $events != *loader_* ]]
    [ "$(probes)" = "$events" ]
}

@test "stdout that cannot be written is a failure" {
    run --separate-stderr bash -c '"$LOADER" check --only good "$DIR/mixed.bpf.o" >/dev/full'
    [ "$status" -eq 1 ]
    [[ $stderr == *"standard output cannot be written (ENOSPC)"* ]]
}
