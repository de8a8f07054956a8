#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# cpus.bats: machines whose CPUs have gaps in their numbers, and CPUs that come and go.

load vm

setup_file() { boot --cpus 4; }

@test "every CPU has its ring" {
    guest <<-'END'
	run all loader run -o json --set burst=1 $T/burst.bpf.o -- sh -c '
	    for mask in 1 2 4 8; do taskset $mask dd if=/dev/zero of=/dev/null bs=1 count=10 status=none; done'
	END
    done_well all 40
    events all.out '[sum(x["cpu"] == cpu for x in e) for cpu in range(4)] == [10] * 4'
}

@test "CPUs 1 and 2 are offline: events of the others come, and nothing is lost" {
    guest <<-'END'
	for cpu in 1 2; do
	    echo 0 >/sys/devices/system/cpu/cpu$cpu/online || skip "CPU $cpu cannot be taken offline here"
	done
	cat /sys/devices/system/cpu/online >online
	run holes loader run -o json $T/burst.bpf.o -- sh -c '
	    for mask in 1 8; do taskset $mask dd if=/dev/zero of=/dev/null bs=1 count=20 status=none; done'
	{ loader run -o raw --pages 1 $T/burst.bpf.o -- sh -c '
	    taskset 1 dd if=/dev/zero of=/dev/null bs=1 count=1000 status=none &
	    taskset 8 dd if=/dev/zero of=/dev/null bs=1 count=1000 status=none; wait' 2>lost.err
	  echo $? >lost.status; } | $T/count 50000 50 >lost.count
	for cpu in 1 2; do echo 1 >/sys/devices/system/cpu/cpu$cpu/online; done
	END
    [ "$(cat online)" = 0,3 ]
    done_well holes 2560
    events holes.out '[sum(x["cpu"] == cpu for x in e) for cpu in range(4)] == [1280, 0, 0, 1280]'
    # Losses on CPU 3 are counted as well: also those at the end, which takes a program run on that CPU.
    read -r _ delivered _ disorder _ <lost.count
    read -r _ _ lost _ <lost.err
    [ "$disorder" = 0 ]
    [ $((delivered + lost)) = 128000 ]
}

@test "a CPU that goes offline during a run keeps what it has sent" {
    guest <<-'END'
	start leaves loader run -o json --set burst=1 $T/burst.bpf.o
	attached write_null
	kill -STOP $pid
	taskset 4 dd if=/dev/zero of=/dev/null bs=1 count=10 status=none
	echo 0 >/sys/devices/system/cpu/cpu2/online || skip "CPU 2 cannot be taken offline here"
	taskset 8 dd if=/dev/zero of=/dev/null bs=1 count=5 status=none
	kill -CONT $pid
	usleep 200000
	kill -TERM $pid
	finish leaves
	echo 1 >/sys/devices/system/cpu/cpu2/online
	END
    done_well leaves 15
    events leaves.out '[sum(x["cpu"] == cpu for x in e) for cpu in (2, 3)] == [10, 5]'
}

@test "a CPU that comes online during a run gets a ring, and another one when it comes back" {
    guest <<-'END'
	cpu1() { echo $1 >/sys/devices/system/cpu/cpu1/online; }
	write_on_1() { taskset 2 dd if=/dev/zero of=/dev/null bs=1 count=$1 status=none; }
	cpu1 0 || skip "CPU 1 cannot be taken offline here"
	start comes loader run -o json --set burst=1 $T/burst.bpf.o
	attached write_null
	cpu1 1
	usleep 300000
	write_on_1 10
	# What it sent before it goes is read after, and nobody waits in vain for more, wide awake.
	kill -STOP $pid
	write_on_1 20
	cpu1 0
	kill -CONT $pid
	ticks() { set -- $(cat /proc/$pid/stat); echo $((${14} + ${15})); }
	before=$(ticks)
	sleep 2
	echo $(($(ticks) - before)) >ticks
	cpu1 1
	usleep 300000
	write_on_1 40
	kill -TERM $pid
	finish comes
	END
    done_well comes 70
    events comes.out '[x["cpu"] for x in e] == [1] * 70 and [x["number"] for x in d] == list(range(70))'
    [ "$(cat ticks)" -lt 50 ]
}

@test "what a CPU loses is counted, also of one that came online during the run" {
    guest <<-'END'
	echo 0 >/sys/devices/system/cpu/cpu1/online || skip "CPU 1 cannot be taken offline here"
	cat >writer <<-'WRITER'
	    dd="taskset 2 dd if=/dev/zero of=/dev/null bs=1 status=none"
	    for count in 900 600; do
	        echo 1 >/sys/devices/system/cpu/cpu1/online
	        sleep 1
	        $dd count=$count
	        sleep 1
	        $dd count=1
	        [ $count = 600 ] || echo 0 >/sys/devices/system/cpu/cpu1/online
	        sleep 1
	    done
	WRITER
	{ loader run -o raw --pages 1 $T/burst.bpf.o -- sh writer 2>loses.err
	  echo $? >loses.status; } | $T/count 20000 20 >loses.count
	END
    ended loses 0
    read -r _ delivered _ disorder _ <loses.count
    read -r _ _ lost _ <loses.err
    [ "$disorder" = 0 ]
    [ "$lost" -gt 0 ]
    [ $((delivered + lost)) = $((1502 * 64)) ]
}

@test "the possible CPUs are more than there are: maps have room for all" {
    guest <<-'END'
	cat /sys/devices/system/cpu/possible >possible
	run map loader run -v --duration 0.1 $T/burst.bpf.o
	END
    ended map 0
    possible=$(sed 's/.*-//' possible)
    has map.err "BPF_MAP_CREATE.*max_entries=$((possible + 1))[^0-9]"
}
