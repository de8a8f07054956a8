#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# maps.bats: maps that are more than key and value: maps of maps, arrays of programs, maps pinned for others, arenas,
# structs of functions, and the maps of old loaders.

load vm

setup_file() { boot; }

@test "a map of maps and an array of programs have what the object puts into them" {
    guest <<-'END'
	grep -q ' /sys/fs/bpf bpf ' /proc/mounts || mount -t bpf bpf /sys/fs/bpf || skip "there is no BPF file system"
	run slots loader run -o json $T/holders.bpf.o -- dd if=/dev/zero of=/dev/null bs=1 count=2 status=none
	rm -f /sys/fs/bpf/shared
	END
    ended slots 0
    has slots.err '^4 events, 0 lost$'
    has slots.err "program 'called' is loaded, but not attached"
    events slots.out '[(x["program"], x["a"]) for x in d] == [(1, 1), (2, 2), (1, 3), (2, 4)]'
    # kernel/bpf/arraymap.c: bpf_fd_array_map_update_elem() goes by pointers, array_of_map_lookup_elem() by eight bytes.
    [ "${ARCH:-x86_64}" != armhf ] || skip "a 32-bit kernel finds slots but the first of a map of maps in other places"
    events slots.out '[(x["program"], x["is_empty"], x["a"], x["b"]) for x in d] ==
        [(1, 1, 1, 10), (2, 1, 2, 20), (1, 1, 3, 30), (2, 1, 4, 40)]'
}

@test "a map pinned by name is found again; one that differs is refused; check pins nothing" {
    guest <<-'END'
	grep -q ' /sys/fs/bpf bpf ' /proc/mounts || mount -t bpf bpf /sys/fs/bpf || skip "there is no BPF file system"
	dd='dd if=/dev/zero of=/dev/null bs=1 count=1 status=none'
	run check loader check $T/holders.bpf.o
	ls /sys/fs/bpf >after_check
	run failing loader run --only tell --set nosuch=1 $T/holders.bpf.o
	ls /sys/fs/bpf >after_failing
	run first loader run -o json --only tell $T/holders.bpf.o -- $dd
	ls /sys/fs/bpf >after_run
	run second loader run -o json --only tell $T/holders.bpf.o -- $dd
	run other loader check $T/other_shared.bpf.o
	run found loader check -v $T/holders.bpf.o
	rm /sys/fs/bpf/shared
	run rejected loader run $T/holders.bpf.o $T/rejected.bpf.o
	ls /sys/fs/bpf >after_rejected
	END
    ended check 0
    for list in after_check after_failing after_rejected; do
        [ ! -s $list ] || { echo "pinned: $(cat $list)"; return 1; }
    done
    [ "$(cat after_run)" = shared ]
    done_well first 1
    events first.out '[x["shared"] for x in d] == [1]'
    done_well second 1
    events second.out '[x["shared"] for x in d] == [2]'
    failed other "map 'shared': the map pinned at /sys/fs/bpf/shared: max_entries is 1, expected 2; .* \(EINVAL\)$"
    ended found 0
    has found.err 'BPF_OBJ_GET, \{pathname="/sys/fs/bpf/shared"\}\) = [0-9]+$'
    has_not found.err 'BPF_MAP_CREATE.*name="shared"'
    ended rejected 1
}

@test "pinning without a BPF file system says so" {
    guest <<-'END'
	while umount /sys/fs/bpf 2>/dev/null; do :; done
	run nowhere loader run --duration 1 $T/holders.bpf.o
	END
    failed nowhere \
        "map 'shared': cannot be pinned at /sys/fs/bpf/shared; .*no BPF file system is mounted there.*\(E[A-Z]+\)$"
}

@test "variables in an arena" {
    guest <<-'END'
	run arena loader run -o json $T/arena.bpf.o -- dd if=/dev/zero of=/dev/null bs=1 count=2 status=none
	grep -q ' arena_map_alloc$' /proc/kallsyms || skip "this kernel has no arenas"
	! grep -q 'no arena map.*(ENOMEM)' arena.err || skip "this kernel finds no room for an arena"
	! grep -q 'JIT is required to use arena' arena.err ||
	    skip "this kernel's verifier: JIT is required to use arena"
	END
    done_well arena 2
    events arena.out 'd == [{"counter": 8, "second": 40}, {"counter": 9, "second": 40}]'
}

@test "a struct of functions is laid out by the kernel's type, and its programs load" {
    guest <<-'END'
	run ops loader check -v -o json $T/congestion.bpf.o
	[ -e /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF"
	run asked loader check --only never $T/congestion.bpf.o
	END
    ended ops 0
    has ops.err 'BPF_MAP_CREATE, \{type=struct_ops, .*name="mine".*btf_vmlinux_value_type_id=[1-9][0-9]*\}\) = [0-9]+$'
    has_not ops.err 'name="optional"'
    [ "$(grep -c '"verdict":"ok"' ops.out)" = 3 ]
    has ops.out '"program":"never",.*"verdict":"skipped"'
    ended asked 0
}

@test "maps as iproute2, samples/bpf and gobpf described them" {
    guest <<-'END'
	run old loader check -v $T/old_maps.bpf.o
	END
    ended old 0
    has old.err 'BPF_MAP_UPDATE_ELEM' # tc_inner is in tc_outer
}
