#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# objects.bats: what an object may hold, and still loads and runs on every kernel: global variables, functions that
# call functions, callbacks, old descriptions of maps, kinds of BTF newer than the kernel.

load vm

setup_file() { boot; }

@test "global variables have their values in the kernel, and keep what programs write" {
    guest <<-'END'
	run data loader run -o json $T/data.bpf.o -- dd if=/dev/zero of=/dev/null bs=1 count=2 status=none
	END
    done_well data 2
    events data.out 'd[0] == dict(small=-5, number=7, large=0x123456789abcdef0, below=-1, flag=False, byte=0, half=0,
        level="LOW", text="as compiled", static_data=11, static_rodata=31, static_bss=2, second=22, custom=44, hits=1,
        pad=0)'
    events data.out 'd[1] == dict(d[0], static_data=12, static_bss=4, hits=2)'
}

@test "--set gives variables other first values: numbers, a bool, an enum, text" {
    guest <<-'END'
	dd='dd if=/dev/zero of=/dev/null bs=1 count=1 status=none'
	run set loader run -o json --set small=-2147483648 --set number=4294967295 --set large=18446744073709551615 \
	    --set below=-9223372036854775808 --set flag=true --set byte=0xff --set half=-32768 --set level=HIGH \
	    --set text='fifteen letters' --set custom=010 --set hits=99 --set static_data=1 --set static_rodata=2 \
	    --set static_bss=3 $T/data.bpf.o -- $dd
	run again loader run -o json --set=flag=1 --set level=-1 --set text= --set small=2147483647 $T/data.bpf.o -- $dd
	END
    done_well set 1
    events set.out 'd[0] == dict(small=-2**31, number=2**32-1, large=2**64-1, below=-2**63, flag=True, byte=255,
        half=-2**15, level="HIGH", text="fifteen letters", static_data=1, static_rodata=2, static_bss=5, second=22,
        custom=8, hits=100, pad=0)'
    done_well again 1
    events again.out '(d[0]["flag"], d[0]["level"], d[0]["text"], d[0]["small"]) == (True, "LOW", "", 2**31-1)'
}

@test "--set that cannot be: one message, and nothing is loaded" {
    guest <<-'END'
	for set in nosuch=1 small=2147483648 small=-2147483649 number=-1 byte=256 half=32768 \
	    large=18446744073709551616 number=x number= level=LOWER text=sixteen_letters_ array=1 LICENSE; do
	    run "$set" loader run -o json --set "$set" $T/data.bpf.o
	done
	END
    failed nosuch=1 "data.bpf.o: there is no global variable 'nosuch' \(ENOENT\)$"
    local small='is out of range, expected -2147483648 to 2147483647'
    failed small=2147483648 ".rodata: variable 'small': 2147483648 $small \(ERANGE\)$"
    failed small=-2147483649 "variable 'small': -2147483649 $small \(ERANGE\)$"
    failed number=-1 ".data: variable 'number': -1 is out of range, expected 0 to [0-9]+ \(ERANGE\)$"
    failed byte=256 ".bss: variable 'byte': 256 is out of range, expected 0 to 255 \(ERANGE\)$"
    failed half=32768 "variable 'half': 32768 is out of range, expected -32768 to 32767 \(ERANGE\)$"
    failed large=18446744073709551616 "variable 'large': .* \((EINVAL|ERANGE)\)$"
    failed number=x "variable 'number': 'x' is no number.*\(EINVAL\)$"
    failed number= "variable 'number': '' is no number.*\(EINVAL\)$"
    failed level=LOWER "variable 'level': 'LOWER' .*\(EINVAL\)$"
    failed text=sixteen_letters_ "variable 'text': the text has 16 bytes, the array holds 15 and a NUL \(ERANGE\)$"
    failed array=1 "variable 'array': .*\(EINVAL\)$"
    ended LICENSE 2
}

@test "functions that call functions, from several programs of one section" {
    guest <<-'END'
	run both loader run -o json $T/calls.bpf.o -- dd if=/dev/zero of=/dev/null bs=1 count=1 status=none
	run one loader run -o json --only second --set base=0 $T/calls.bpf.o \
	    -- dd if=/dev/zero of=/dev/null bs=1 count=1 status=none
	END
    done_well both 2
    events both.out 'sorted((x["program"], x["result"]) for x in d) == [(1, 7*7+1000+5), (2, 9+1000+4+1000+1+1000)]'
    done_well one 1
    events one.out 'd == [{"program": 2, "result": 9 + 4 + 1}]'
}

@test "a function's address as an argument: bpf_for_each_map_elem()" {
    guest <<-'END'
	each() {
	    run each loader run -o json $T/callback.bpf.o -- dd if=/dev/zero of=/dev/null bs=1 count=1 status=none
	}
	each
	! grep -q 'callbacks are not allowed in non-JITed programs' each.err || with_jit each
	# The verifier's word, not a version: before 5.13 it knows neither the helper nor that an address may be a
	# function's, and so it counts fewer functions than the object's BTF.
	word=$(grep -oE -e 'invalid func unknown#164' -e 'unrecognized bpf_ld_imm64.*' \
	    -e 'callbacks are not allowed.*' -e "number of funcs in func_info doesn't match.*" each.err)
	[ -z "$word" ] || skip "this kernel's verifier: $word"
	END
    done_well each 1
    events each.out 'd == [{"elements": 5, "sum": 0 + 1 + 2 + 3 + 4 + 100}]'
}

@test "maps of old, described by a struct in the section maps" {
    guest <<-'END'
	dd='dd if=/dev/zero of=/dev/null bs=1 count=2 status=none'
	run hex loader run -o json $T/legacy.bpf.o -- $dd
	run typed loader run -o json --event output=count $T/legacy.bpf.o -- $dd
	run nostruct loader run --event output=nothing $T/legacy.bpf.o
	run nomap loader run --event nothing=count $T/legacy.bpf.o
	run near loader run --event outptu=count $T/legacy.bpf.o
	END
    done_well hex 2
    events hex.out 'd[0].startswith("4433221101000000") and d[1].startswith("4433221102000000")'
    done_well typed 2
    events typed.out 'd == [{"magic": 0x11223344, "count": 1}, {"magic": 0x11223344, "count": 2}]'
    failed nostruct "legacy.bpf.o: map 'output': .*'nothing'.* \(E[A-Z]+\)$"
    failed nomap "--event nothing: no map of that name carries events \(ENOENT\)$"
    failed near "--event outptu: no map of that name carries events; nearest: 'output' \(ENOENT\)$"
}

@test "a map of events with too few places: events of the other CPUs are dropped, and a run says so" {
    guest <<-'END'
	run few loader run -o json $T/few.bpf.o -- sh -c '
	    for mask in 1 2; do taskset $mask dd if=/dev/zero of=/dev/null bs=1 count=3 status=none; done'
	END
    ended few 0
    events few.out '[x["cpu"] for x in e] == [0] * 3'
    local why='its max_entries is too small; their events are dropped'
    [ "$(cat few.err)" = "loader: 1 CPUs have no place in an event map, as $why
3 events, 0 lost" ]
}

@test "kinds of BTF that a kernel does not know are cut down, and the object loads" {
    guest <<-'END'
	run newer loader run -v -o json $T/newer.bpf.o -- dd if=/dev/zero of=/dev/null bs=1 count=1 status=none
	run show loader show $T/newer.bpf.o
	run table loader run $T/newer.bpf.o -- dd if=/dev/zero of=/dev/null bs=1 count=1 status=none
	run set loader run -o json --set chosen=NARROW $T/newer.bpf.o \
	    -- dd if=/dev/zero of=/dev/null bs=1 count=1 status=none
	END
    ended newer 0
    has newer.err '^1 events, 0 lost$'
    # The loader itself knows them all: values of the event are what they are. clang 14 cuts the name's value to 32
    # bits.
    events newer.out 'len(d) == 1 and d[0]["wide"] in ("WIDE", 0x123456789a) and
        d == [{"wide": d[0]["wide"], "number": 7, "with_sign": "MINUS", "ratio": 0.5, "pad": 0, "precise": -2.25}]'
    done_well table 1
    done_well set 1
    events set.out 'd[0]["wide"] == "NARROW"'
    # The last attempt at BPF_BTF_LOAD succeeds: the program has its types, and the verifier could quote C.
    has newer.err 'BPF_BTF_LOAD.* = [0-9]+$'
}

@test "a '?' section is loaded when --only asks for it" {
    guest <<-'END'
	run optional loader run -o json --only good --count 1 $T/targets.bpf.o /progs/hello.bpf.o -- true
	run hello loader run -o json --only good --only hello --count 1 $T/targets.bpf.o \
	    /progs/hello.bpf.o -- busybox true
	run nobody loader run -o json --only nobody $T/targets.bpf.o /progs/hello.bpf.o
	END
    done_well optional 0
    done_well hello 1
    ended nobody 2
    has nobody.err "^loader: --only nobody: no object has a program of that name \(ENOENT\)$"
}
