#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# externs.bats: what a program expects from the kernel it is loaded into: its configuration, symbols, variables,
# functions and types, of the kernel itself and of modules, there or not.

load vm

setup_file() { boot; }

# The guest parts write the configuration they read. Only once: the first assignment counts.
@test "externs have the values that the kernel gives them" {
    guest <<-'END'
	cat >/boot/config-$(uname -r) <<-CONFIG
	# Automatically generated file; DO NOT EDIT.
	CONFIG_HZ=250
	CONFIG_WIDE=0xffffffff00000001
	CONFIG_BELOW=-5
	CONFIG_SMP=y
	CONFIG_SMP=n
	CONFIG_KASAN=n
	# CONFIG_NOT_SET is not set
	CONFIG_LETTER=m
	CONFIG_EXT4_FS=m
	CONFIG_DEFAULT_HOSTNAME="(nobody)"
	CONFIG
	# Debian's arm64 6.1 has variables in its BTF, but not among its symbols, where it then looks for them itself.
	[ ! -e /sys/kernel/btf/vmlinux ] || grep -qw runqueues /proc/kallsyms ||
	    { echo "variables that the kernel's BTF has are not among its symbols" >skip; exit; }
	# Only compiled programs may call the kernel's functions.
	with_jit run externs loader run -o json $T/externs.bpf.o \
	    -- dd if=/dev/zero of=/dev/null bs=1 count=1 status=none
	with_jit run check loader check -v $T/externs.bpf.o
	uname -rv >uname
	grep -w _stext /proc/kallsyms >symbol
	END
    done_well externs 1
    ended check 0
    events externs.out 'all(d[0][k] == v for k, v in dict(hz=250, wide=0xffffffff00000001, below=-5, smp=1, kasan=0,
        not_set=0, letter=ord("m"), ext4=2, none=0, host="(nobody", younger=False, absent=0, nothing=0).items())'
    events externs.out "d[0]['address'] == 0x$(cut -d ' ' -f 1 symbol)"
    # Debian says which release it is made from: "6.1.0-37-amd64 … Debian 6.1.140-1 (…)".
    [[ $(sed 's/.*Debian //' uname) =~ ^([0-9]+)\.([0-9]+)(\.([0-9]+))? ]]
    local major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]} patch=${BASH_REMATCH[4]:-0}
    events externs.out "d[0]['version'] == ($major << 16) + ($minor << 8) + min($patch, 255)"
    local version=$((major * 100 + minor))
    events externs.out "d[0]['cookie'] == ($version >= 515)"
    if [ "$ARCH" = armhf ]; then return; fi
    events externs.out 'd[0]["wrapper"] == True'
    events externs.out "d[0]['queue'] == ($version >= 601)" # Debian's 5.10 tells of no variables
    events externs.out "(d[0]['exists'], d[0]['loops']) == ((1, 7) if $version >= 604 else (0, 0))"
}

@test "no file is read that no extern asks for" {
    guest <<-'END'
	run no loader check -v $T/data.bpf.o
	END
    ended no 0
    has_not no.err 'config|kallsyms|/sys/kernel/btf'
}

@test "an extern of a module is found in it" {
    guest <<-'END'
	[ -e /sys/kernel/btf/vmlinux ] || { echo "this kernel has no BTF" >skip; exit; }
	modprobe nf_conntrack || { echo "there is no nf_conntrack" >skip; exit; }
	[ "$(uname -r | awk -F. '{ print $1 * 100 + $2 }')" -ge 603 ] ||
	    { echo "before 6.3 no program can ask whether a function is there" >skip; exit; }
	grep -q ' bpf_ct_release' /proc/kallsyms || { echo "nf_conntrack has no functions for programs" >skip; exit; }
	with_jit run module loader run -o json $T/externs.bpf.o -- dd if=/dev/zero of=/dev/null bs=1 count=1 status=none
	END
    done_well module 1
    events module.out 'd[0]["module"] == 1'
}

@test "a type of a module is found once the module is there" {
    guest <<-'END'
	[ -e /sys/kernel/btf/vmlinux ] || { echo "this kernel has no BTF" >skip; exit; }
	tell="loader run -o json $T/module_type.bpf.o -- dd if=/dev/zero of=/dev/null bs=1 count=1 status=none"
	run before $tell
	modprobe tcp_dctcp && [ -e /sys/kernel/btf/tcp_dctcp ] ||
	    { echo "there is no tcp_dctcp, or the kernel has no BTF for its modules" >skip; exit; }
	run after $tell
	END
    done_well before 1
    events before.out 'd[0] == dict(exists=0, size=0, alpha=0, delivered=0, member=0)'
    done_well after 1
    # net/ipv4/tcp_dctcp.c: three other numbers stand before dctcp_alpha, old_delivered is the first.
    events after.out 'd[0]["exists"] == 1 and d[0]["size"] >= 20 and d[0]["alpha"] == 12'
    events after.out 'd[0]["delivered"] == 0 and d[0]["member"] == 0'
}

@test "what is not there and is not weak: one message that names it" {
    guest <<-'END'
	config=/boot/config-$(uname -r)
	mv $config saved
	sed -i /CONFIG_HZ/d saved
	run nofile loader check $T/externs.bpf.o
	cp saved $config
	run nohz loader check $T/externs.bpf.o
	echo CONFIG_HZ=y >>$config
	run yes loader check $T/externs.bpf.o
	sed -i s/CONFIG_HZ=y/CONFIG_HZ=3000000000/ $config
	run large loader check $T/externs.bpf.o
	sed -i s/CONFIG_HZ=3000000000/CONFIG_HZ=100/ $config
	echo 2 >/proc/sys/kernel/kptr_restrict
	run hidden loader check $T/externs.bpf.o
	echo 0 >/proc/sys/kernel/kptr_restrict
	run reaches loader check --only reaches $T/externs.bpf.o
	END
    failed nofile \
        'CONFIG_[A-Z0-9_]+ has no value in /boot/config-[^ ]+ or /proc/config.gz, which cannot be read \(ENOENT\)$'
    failed nohz 'externs.bpf.o: CONFIG_HZ has no value in /boot/config-[^ ]+ \(ENOENT\)$'
    failed yes "externs.bpf.o: CONFIG_HZ: its value is y, expected a number \(EINVAL\)$"
    failed large 'CONFIG_HZ: its value is 3000000000, expected a number that fits into the variable \(ERANGE\)$'
    failed hidden "extern '_stext': /proc/kallsyms shows no addresses \(kernel.kptr_restrict\) \(EPERM\)$"
    ended reaches 1
    has reaches.err "this kernel has no function 'no_such_function'"
}
