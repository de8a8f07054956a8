#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# kill.bats: what a killed run leaves, the next one removes; and what belongs to others stays.

load vm

setup_file() { boot; }

@test "killed at ten moments: after the next run all is as before, other people's probes included" {
    guest <<-'END'
	# An emulated machine has loaded and attached after 10 to 100 ms.
	entry=do_exit
	echo "p:mygrp/myev do_exit" >>$tracing/kprobe_events || entry=do_exit+4
	[ $entry = do_exit ] || echo "p:mygrp/myev $entry" >>$tracing/kprobe_events
	echo "p:loader_x/event $entry" >>$tracing/kprobe_events
	echo "p:loader_4026531999_1_1/p0_do_exit $entry" >>$tracing/kprobe_events
	echo "p:loader_1_2/p0_do_exit $entry" >>$tracing/kprobe_events
	cat $tracing/kprobe_events >others
	moment=0
	for delay in 2000 5000 10000 20000 30000 45000 70000 150000 idle busy; do
	    moment=$((moment + 1))
	    start killed loader run -o raw $T/burst.bpf.o /progs/hello.bpf.o
	    case $delay in
	    idle) attached write_null ;;
	    busy) attached write_null; write_null 1000000 & usleep 200000 ;;
	    *) usleep $delay ;;
	    esac
	    kill -KILL $pid
	    finish killed
	    killall -q dd
	    echo "$delay $(cat killed.status) $(grep -c "loader_[0-9]*_${pid}_" $tracing/kprobe_events)" >>killed.left
	    run next$moment loader run --count 64 $T/burst.bpf.o \
	        -- dd if=/dev/zero of=/dev/null bs=1 count=1 status=none
	    cat $tracing/kprobe_events >after$moment
	done
	for group in mygrp/myev loader_x/event loader_4026531999_1_1/p0_do_exit loader_1_2/p0_do_exit; do
	    echo "-:$group" >>$tracing/kprobe_events
	done
	END
    [ "$(wc -l <others)" = 4 ]
    for moment in 1 2 3 4 5 6 7 8 9 10; do
        done_well next$moment 64
        cmp others after$moment
    done
    # All of them were killed indeed, and at least these two when their probes were there.
    [ "$(grep -c ' 137 ' killed.left)" = 10 ]
    has killed.left '^idle 137 2$'
    has killed.left '^busy 137 2$'
}

@test "a run that is alive is left alone, in this pid namespace and in another" {
    guest <<-'END'
	unshare -p -f --mount-proc true || skip "this kernel has no pid namespaces"
	start same loader run -o raw $T/burst.bpf.o
	start other unshare -p -f --mount-proc loader run -o raw $T/burst.bpf.o
	attached write_null 2
	cat $tracing/kprobe_events >two
	run third loader run -o raw $T/burst.bpf.o -- dd if=/dev/zero of=/dev/null bs=1 count=3 status=none
	cat $tracing/kprobe_events >still
	usleep 200000
	killall -TERM loader
	finish same
	finish other
	END
    done_well same 192
    done_well other 192
    done_well third 192
    [ "$(wc -l <two)" = 2 ]
    cmp two still
}

@test "an event of our name that somebody else has made: the run ends, and leaves it" {
    guest <<-'END'
	# What a group will be called can be known: the shell that makes it becomes the loader.
	cat >taken <<-'SCRIPT'
	    namespace=$(readlink /proc/self/ns/pid | tr -cd 0-9)
	    stat=$(cat /proc/$$/stat)
	    set -- ${stat##*) }
	    event=loader_${namespace}_$$_${20}/p0_$$_write_null
	    echo "p:$event do_exit+4" >>$tracing/kprobe_events || echo "p:$event do_exit" >>$tracing/kprobe_events
	    echo $event >event
	    exec loader run -o raw $T/burst.bpf.o
	SCRIPT
	run taken sh -c '. $0/guest.sh; . ./taken' $T
	grep -c ":$(cat event) do_exit" $tracing/kprobe_events >still
	echo "-:$(cat event)" >>$tracing/kprobe_events
	END
    failed taken "event $(cat event) exists already, and is not this run's \(EEXIST\)$"
    [ "$(cat still)" = 1 ]
}

@test "of two runs on the same function one ends, and the other goes on" {
    guest <<-'END'
	start first loader run -o raw $T/burst.bpf.o
	first=$pid
	start second loader run -o raw $T/burst.bpf.o
	second=$pid
	attached write_null 2
	write_null 10
	usleep 200000
	kill -TERM $first
	finish first
	write_null 10
	usleep 200000
	kill -TERM $second
	finish second
	END
    done_well first 640
    done_well second 1280
}

@test "one object twice, and two objects, in one run" {
    guest <<-'END'
	cp $T/burst.bpf.o same.bpf.o
	run twice loader run -o json --set burst=2 same.bpf.o $T/burst.bpf.o \
	    -- dd if=/dev/zero of=/dev/null bs=1 count=10 status=none
	END
    # --set reaches the first object; the other one's bursts are as long as ever.
    done_well twice $((10 * (2 + 64)))
    events twice.out 'len(e) == 660'
}

@test "eight runs that start and end at the same time do not hurt each other" {
    guest <<-'END'
	for i in 1 2 3 4 5 6 7 8; do
	    start run$i loader run -o raw --pages 16 $T/burst.bpf.o -- sleep 2
	done
	for i in 1 2 3 4 5 6 7 8; do finish run$i; done
	END
    for i in 1 2 3 4 5 6 7 8; do
        done_well run$i 0
    done
}

@test "a command whose loader is killed at the gate does not run" {
    guest <<-'END'
	# On x86_64 some 5 ms long the command waits while probes are made: kill all over that time.
	for delay in 4000 6000 8000 10000 12000 15000 20000 25000 30000 40000; do
	    rm -f ran
	    start gate loader run -o raw /progs/hello.bpf.o -- touch ran
	    usleep $delay
	    kill -KILL $pid
	    finish gate
	    usleep 50000
	    echo "$delay: $(cat gate.status) $(ls ran 2>/dev/null); waiting: $(pidof loader)" >>gate
	done
	run next loader run --count 1 /progs/hello.bpf.o -- true
	END
    done_well next 1
    # Nobody waits at a gate for ever.
    has_not gate "waiting: [0-9]"
}
