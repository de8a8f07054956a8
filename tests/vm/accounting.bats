#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# accounting.bats: every event is delivered once, in the order of its CPU, or counted as lost. Two processes make two
# CPUs send a million numbered events (progs/burst.bpf.c); count.c looks at what arrives.

load vm

setup_file() { boot; }

# accounted NAME PRODUCED: what was delivered, and what the closing line says was lost, is what was produced.
accounted() {
    local delivered disorder gaps torn events lost rest
    ended "$1" 0
    read -r _ delivered _ disorder _ gaps _ torn <"$1.count"
    read -r events _ lost rest <"$1.err"
    echo "# $1: $delivered delivered + $lost lost = $((delivered + lost)) of $2" | tee -a "$BATS_FILE_TMPDIR/figures"
    [ "$rest" = lost ]
    [ "$(wc -l <"$1.err")" = 1 ]
    [ "$disorder" = 0 ]
    [ "$torn" = 0 ]
    [ "$events" = "$delivered" ]
    [ "$gaps" -le "$lost" ]
    [ $((delivered + lost)) = "$2" ]
}

teardown_file() { [ -z "${FIGURES:-}" ] || sed "s/^#/# ${ARCH:-x86_64}:${KERNEL:-}/" "$BATS_FILE_TMPDIR/figures" >&3; }

@test "a slow reader and the smallest rings: a million events, most of them lost, all accounted for" {
    guest <<-'END'
	flood small 7900 '--pages 1' 20000 20
	END
    accounted small 1011200
    has_not small.err ' 0 lost$'
}

@test "a slow reader and rings of the usual size" {
    guest <<-'END'
	flood usual 7900 '' 200000 100
	END
    accounted usual 1011200
    has_not usual.err ' 0 lost$'
}

@test "rings that are large enough lose nothing of a million events" {
    guest <<-'END'
	flood large 7900 '--pages 8192'
	END
    accounted large 1011200
    has large.err ' 0 lost$'
}

@test "lines of JSON are as many as the closing line says, although most events are lost" {
    guest <<-'END'
	{ loader run -o json --pages 2 $T/burst.bpf.o -- sh -c '
	    taskset 1 dd if=/dev/zero of=/dev/null bs=1 count=1000 status=none &
	    taskset 2 dd if=/dev/zero of=/dev/null bs=1 count=1000 status=none; wait' 2>json.err
	    echo $? >json.status; } | cat >json.out
	END
    ended json 0
    read -r delivered _ lost _ <json.err
    events json.out "len(e) == $delivered"
    [ "$lost" -gt 0 ]
    [ $((delivered + lost)) = 128000 ]
}

@test "a reader that takes its time after the command's end still gets all of it" {
    guest <<-'END'
	{ loader run -o raw --pages 512 $T/burst.bpf.o -- sh -c '
	    dd if=/dev/zero of=/dev/null bs=1 count=150 status=none; usleep 500000
	    dd if=/dev/zero of=/dev/null bs=1 count=150 status=none' 2>paused.err
	    echo $? >paused.status; } | $T/count 60000 1300 >paused.count
	END
    accounted paused 19200
    has paused.err ' 0 lost$'
}

@test "a reader that takes nothing at all is given up a second after a signal" {
    guest <<-'END'
	mkfifo pipe
	exec 8<>pipe
	loader run -o raw --pages 512 $T/burst.bpf.o >pipe 2>stuck.err & pid=$!
	attached write_null
	write_null 200
	usleep 300000
	kill -TERM $pid
	wait $pid
	echo $? >stuck.status
	END
    ended stuck 1
    has stuck.err '^[0-9]+ events, 0 lost$'
    has stuck.err '^loader: standard output cannot be written: its reader takes nothing \(EAGAIN\)$'
}

@test "so are a terminal that was stopped, and a socket" {
    guest <<-'END'
	for kind in terminal unread; do
	    $T/output $kind /bin/loader run -o json --pages 512 $T/burst.bpf.o 2>$kind.err & pid=$!
	    attached write_null
	    write_null 100
	    usleep 300000
	    kill -TERM $pid
	    wait $pid
	    echo $? >$kind.status
	    pidof output >$kind.holder
	    kill $(cat $kind.holder)
	done
	until umount /dev/pts 2>umount.err; do usleep 10000; done
	END
    for kind in terminal unread; do
        ended $kind 1
        [ -s $kind.holder ]
        has $kind.err '^loader: standard output cannot be written: its reader takes nothing \(EAGAIN\)$'
    done
}

@test "losses after the last event that arrived are counted, too: the reader sleeps until the end" {
    guest <<-'END'
	for how in term count; do
	    mkfifo pipe
	    $T/count <pipe >$how.count & counter=$!
	    loader run -o raw --pages 4 $T/burst.bpf.o >pipe 2>$how.err & pid=$!
	    attached write_null
	    write_null 2
	    usleep 300000
	    kill -STOP $pid
	    taskset 1 dd if=/dev/zero of=/dev/null bs=1 count=500 status=none
	    taskset 2 dd if=/dev/zero of=/dev/null bs=1 count=300 status=none
	    [ $how != term ] || kill -TERM $pid
	    kill -CONT $pid
	    usleep 300000
	    [ $how = term ] || kill -TERM $pid
	    wait $pid
	    echo $? >$how.status
	    wait $counter
	    rm pipe
	done
	END
    for how in term count; do
        accounted $how $((802 * 64))
        # The rings were full, and what was lost was lost at the end.
        [ "$(cut -d ' ' -f 6 $how.count)" = 0 ]
        has_not $how.err ' 0 lost$'
    done
}
