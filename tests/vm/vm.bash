# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# vm.bash: tests that run partly in a virtual machine. A test says both parts in one place:
#
#   @test "hello sees a process end" {
#       guest <<-'END'
#	    run hello loader run --count 1 /progs/hello.bpf.o -- true
#	END
#       done_well hello
#   }
#
# Booting takes seconds, so all guest parts of a file run in one machine, one after the other, before the first test
# (boot, in setup_file), each in a folder of its own. The folders come back, and a test's assertions look at the
# files in its own. After each part the machine checks that nothing is left in the kernel (guest.sh); `guest` fails
# the test otherwise, or skips it if the part said why this kernel cannot do it.
#
# ARCH and KERNEL choose the machine: x86_64 and scripts/vm's default for it, if they are not set.

TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
ARCH=${ARCH:-x86_64}

# boot [OPTION]...: run all guest parts of this file in a machine with these options of scripts/vm.
boot() {
    local work=$BATS_FILE_TMPDIR/work built=$TOP/build/$ARCH/tests
    mkdir -p "$work/parts" "$BATS_FILE_TMPDIR/results"
    [ -n "${LOADER_NO_BUILD:-}" ] || flock "$TOP/Makefile" make -s -C "$TOP" ARCH="$ARCH" vm-tests
    parts "$work/parts" <"$BATS_TEST_FILENAME"
    cp "$TOP/tests/vm/guest.sh" "$built"/*.bpf.o "$built/count" "$built/in_kernel" "$built/output" "$built/without" \
        "$work"
    # shellcheck disable=SC2086  # one word or none
    LOADER_NO_BUILD=1 "$TOP/scripts/vm" --arch "$ARCH" ${KERNEL:+--kernel "$KERNEL"} --timeout 400 --copy "$work/." \
        "$@" -- 'sh guest.sh' >"$BATS_FILE_TMPDIR/results.tar" 2>"$BATS_FILE_TMPDIR/err" || {
        echo "the machine failed with status $?:"
        cat "$BATS_FILE_TMPDIR/err"
        return 1
    }
    tar -xf "$BATS_FILE_TMPDIR/results.tar" -C "$BATS_FILE_TMPDIR/results"
    # A test finds its part by the sum of its text.
    [ -s "$BATS_FILE_TMPDIR/results/order" ]
}

# parts DIR: the guest parts of a bats file on stdin, each as DIR/NUMBER-SUM.
parts() {
    local line text='' inside='' count=100
    while IFS= read -r line; do
        if [[ $line =~ ^[[:blank:]]*guest\ \<\<-?\'END\'$ ]]; then
            inside=yes text=''
        elif [ -n "$inside" ] && [[ $line =~ ^[[:blank:]]*END$ ]]; then
            inside='' count=$((count + 1))
            printf %s "$text" >"$1/$count-$(printf %s "$text" | sum_of)"
        elif [ -n "$inside" ]; then
            text+=${line##*([$'\t'])}$'\n'
        fi
    done
}
shopt -s extglob

sum_of() { md5sum | cut -c 1-16; }

# guest <<-'END': go to the folder where this part, on stdin, has run.
guest() {
    local folder
    folder=$(echo "$BATS_FILE_TMPDIR"/results/*-"$(sum_of)")
    [ -d "$folder" ] || { echo "this part has not run: $folder"; return 1; }
    cd "$folder" || return
    tell
    [ ! -e skip ] || skip "$(cat skip)"
    [ "$(cat status)" = 0 ] || { echo "the part ended with status $(cat status)"; return 1; }
    [ ! -s left ] || { echo "left in the kernel: $(cat left)"; return 1; }
}

# tell: show what the part left (bats prints it if the test fails).
tell() {
    find . -maxdepth 1 -type f -size +0 ! -name '*.bpf.o' -exec head -v -c 3000 {} + | LC_ALL=C tr -cd '[:print:]\n\t'
}

# has FILE PATTERN: a line of FILE matches an extended regular expression.
has() { grep -qE -- "$2" "$1" || { echo "no line of $1 matches: $2"; return 1; }; }

# has_not FILE PATTERN: none does. (A plain `! grep` fails no test.)
has_not() { if grep -nE -- "$2" "$1"; then echo "a line of $1 matches: $2"; return 1; fi; }

# ended NAME STATUS: what was run as NAME ended so.
ended() { [ "$(cat "$1.status")" = "$2" ] || { echo "$1: status $(cat "$1.status"), expected $2"; return 1; }; }

# done_well NAME [EVENTS [LOST]]: it ended with 0, and its closing line, which alone is on stderr, says so many.
done_well() {
    ended "$1" 0
    [[ $(cat "$1.err") =~ ^${2:-[0-9]+}\ events,\ ${3:-0}\ lost$ ]] || { echo "$1: stderr: $(cat "$1.err")"; return 1; }
}

# failed NAME PATTERN: it ended with 1, wrote nothing to stdout, and said one thing, which matches.
failed() {
    ended "$1" 1
    [ ! -s "$1.out" ] || { echo "$1: something is on stdout"; return 1; }
    [ "$(grep -c '^loader: ' "$1.err")" = 1 ] || { echo "$1: not one message"; return 1; }
    has "$1.err" "$2"
}

# events FILE EXPRESSION: FILE holds one event a line as JSON, as the command line's contract has it; and the
# expression, in which e is the list of events and d that of their data, is true.
events() {
    python3 - "$@" <<-'END'
	import json, sys
	e = []
	for line in open(sys.argv[1]):
	    event = json.loads(line)
	    assert line == json.dumps(event, separators=(",", ":"), ensure_ascii=False) + "\n" or "." in line, line
	    assert list(event) == ["event", "cpu", "pid", "time_ns", "data"], line
	    assert all(type(event[k]) is int and event[k] >= 0 for k in ("cpu", "pid", "time_ns")), line
	    e.append(event)
	d = [event["data"] for event in e]
	if not eval("(" + sys.argv[2] + ")"):
	    sys.exit("not true of %s: %s" % (sys.argv[1], sys.argv[2]))
	END
}
