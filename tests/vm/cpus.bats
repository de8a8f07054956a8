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

@test "the possible CPUs are more than there are: maps have room for all" {
    guest <<-'END'
	cat /sys/devices/system/cpu/possible >possible
	run map loader run -v --duration 0.1 $T/burst.bpf.o
	END
    ended map 0
    possible=$(sed 's/.*-//' possible)
    has map.err "BPF_MAP_CREATE.*max_entries=$((possible + 1))[^0-9]"
}
