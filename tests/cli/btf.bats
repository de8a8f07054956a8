#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# btf.bats: --btf. `show` holds an object against the types of other kernels, here two that are made up; `check`
# relocates against a file. Only the last test needs privilege. LOADER may name another binary.

# shellcheck disable=SC2154 # bats sets output, stderr, status and lines

bats_require_minimum_version 1.5.0

setup_file() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	export LOADER=${LOADER:-$PWD/loader} DIR=$BATS_FILE_TMPDIR CLANG=${CLANG:-clang}
	OBJCOPY=$(command -v llvm-objcopy llvm-objcopy-14 | head -n 1)
	export OBJCOPY
	kernels
	object
}

bpf() {
	"$CLANG" --target=bpf -mcpu=v2 -O2 -g -Iprogs/include -Isrc/base/uapi -isystem /usr/include -c "$1" -o "$2"
}

# What a kernel's BTF says comes out of clang just as well. The old kernel has no `fresh`, no hook, no kfunc.
kernels() {
	mkdir -p "$DIR/kernels"
	for age in old new; do
		cat >"$DIR/kernel.c" <<-'END'
			struct task { int pad; int pid;
			#ifdef NEW
				int more, fresh;
			#endif
			};
			typedef void (*btf_trace_tick)(void *, struct task *);
			btf_trace_tick tick;
			int do_work(struct task *t) { return t->pid; }
			#ifdef NEW
			int bpf_lsm_task_new(struct task *t) { return t->fresh; }
			int kernel_function(int i) { return i; }
			#endif
		END
		[ $age = old ] || sed -i '1i #define NEW' "$DIR/kernel.c"
		bpf "$DIR/kernel.c" "$DIR/kernels/$age" || return
	done
}

object() {
	cat >"$DIR/it.bpf.c" <<-'END'
		#include <linux/bpf.h>
		#include <bpf/bpf_helpers.h>
		#include <bpf/bpf_core_read.h>
		struct task { int pid, fresh; } __attribute__((preserve_access_index));
		extern int kernel_function(int) __ksym __weak;
		SEC("fentry/do_work") int entry(unsigned long long *args)
		{
			struct task *t = (void *)args[0];
			return t->pid;
		}
		SEC("tp_btf/tick") int tick(unsigned long long *args)
		{
			struct task *t = (void *)args[0];
			return bpf_core_field_exists(t->fresh) ? t->fresh : t->pid;
		}
		SEC("?lsm/task_new") int optional(unsigned long long *args)
		{
			return kernel_function ? kernel_function(1) : 0;
		}
		char LICENSE[] SEC("license") = "GPL";
	END
	bpf "$DIR/it.bpf.c" "$DIR/it.bpf.o" || return
	sed 's/"?lsm/"lsm/; s/__weak//' "$DIR/it.bpf.c" >"$DIR/strict.bpf.c"
	sed -i 's/return t->pid;/return t->fresh;/' "$DIR/strict.bpf.c"
	bpf "$DIR/strict.bpf.c" "$DIR/strict.bpf.o"
}

# is EXPRESSION: something about `o`, the list of JSON objects that were printed.
is() {
	python3 -c 'import json, sys; o = [json.loads(l) for l in sys.stdin]
sys.exit(not eval("(" + sys.argv[1] + ")", {"o": o}))' "$1" <<<"$output" ||
		{ echo "not so: $1"; echo "$output"; return 1; }
}

@test "an object that asks first loads on both kernels" {
	run --separate-stderr "$LOADER" show --btf "$DIR/kernels" "$DIR/it.bpf.o"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ ${lines[0]} =~ ^VERDICT\ +CO-RE\ +EXTERNS\ +TARGETS\ +OBJECT\ +KERNEL$ ]]
	[[ ${lines[1]} =~ ^ok\ +4/4\ +1/1\ +3/3\ +it.bpf.o\ +$DIR/kernels/new$ ]]
	[[ ${lines[2]} =~ ^ok\ +2/4\ +0/1\ +2/3\ +it.bpf.o\ +$DIR/kernels/old$ ]]
	[[ $output =~ 'guarded    tick: instruction '[0-9]+': field '"'fresh' of struct task" ]]
	[[ $output =~ 'guarded    optional: bpf_lsm_task_new' ]]
	[[ ! $output =~ 'reads 0' ]]
	run "$LOADER" show -v --btf "$DIR/kernels" "$DIR/it.bpf.o"
	[[ $output =~ 'reads 0    extern kernel_function' ]]
}

@test "one that does not ask does not, and says where" {
	run --separate-stderr "$LOADER" show -o json --btf "$DIR/kernels/new" --btf "$DIR/kernels/old" \
		"$DIR/strict.bpf.o"
	[ "$status" -eq 1 ]
	[ -z "$stderr" ]
	is '[k["verdict"] for k in o] == ["ok", "missing"] and [k["object"][-12:] for k in o] == ["strict.bpf.o"] * 2'
	is 'o[0]["findings"] == [] and o[0]["relocations"] == {"total": 4, "resolved": 4, "optional": 0, "missing": 0}'
	is 'o[1]["relocations"] == {"total": 4, "resolved": 1, "optional": 2, "missing": 1}'
	is 'o[1]["externs"] == {"total": 1, "resolved": 0, "optional": 0, "missing": 1}'
	is 'o[1]["targets"] == {"total": 3, "resolved": 2, "optional": 0, "missing": 1}'
	is '[f for f in o[1]["findings"] if f["effect"] == "poisoned"][0]["program"] == "entry"'
	is '[f for f in o[1]["findings"] if f["effect"] == "poisoned"][0]["line"] == 9'
	is 'sorted(f["name"] for f in o[1]["findings"] if f["effect"] == "load fails") ==
		["bpf_lsm_task_new", "kernel_function"]'
	is 'o[1]["error"] is None'
	run "$LOADER" show --btf "$DIR/kernels/old" "$DIR/strict.bpf.o"
	[[ $output =~ 'load fails extern kernel_function' && $output =~ 'load fails optional: bpf_lsm_task_new' ]]
}

@test "a function of the name and of another type is none: a weak extern can do without" {
	echo 'struct task *t; int kernel_function(struct task *t, int i) { return i; }' >"$DIR/other.c"
	bpf "$DIR/other.c" "$DIR/other"
	run --separate-stderr "$LOADER" show -o json --btf "$DIR/other" "$DIR/it.bpf.o" "$DIR/strict.bpf.o"
	[ "$status" -eq 1 ]
	is '[[f["effect"] for f in k["findings"] if f["part"] == "externs"] for k in o] ==
		[["reads 0"], ["load fails"]]'
	is '"is of another type" in [f["name"] for f in o[1]["findings"] if f["part"] == "externs"][0]'
}

@test "several files may follow --btf, and folders; with no object behind them the command line is wrong" {
	"$OBJCOPY" --dump-section .BTF="$DIR/new.btf" "$DIR/kernels/new" /dev/null
	"$OBJCOPY" --dump-section .BTF="$DIR/old.btf" "$DIR/kernels/old" /dev/null
	run --separate-stderr "$LOADER" show -o json --btf "$DIR/new.btf" "$DIR/old.btf" "$DIR/kernels" "$DIR/it.bpf.o"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	is '[k["kernel"].rsplit("/", 1)[1] for k in o] == ["new.btf", "old.btf", "new", "old"]'
	run "$LOADER" show --btf "$DIR/new.btf" "$DIR/old.btf"
	[ "$status" -eq 2 ]
}

@test "more files than an option may have values; folders within folders; an object out of a pipe" {
	mkdir -p "$DIR/many/folder"
	"$OBJCOPY" --dump-section .BTF="$DIR/many/000" "$DIR/kernels/new" /dev/null
	echo text >"$DIR/many/.hidden"
	for i in $(seq 100 199); do ln "$DIR/many/000" "$DIR/many/$i"; done
	run --separate-stderr "$LOADER" show -o json --btf "$DIR/many"/*[0-9] "$DIR/it.bpf.o"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	is 'len(o) == 101 and o[100]["kernel"][-9:] == "/many/199" and all(k["verdict"] == "ok" for k in o)'
	run --separate-stderr "$LOADER" show -o json --btf "$DIR/many" "$DIR/it.bpf.o"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	is 'len(o) == 101'
	run --separate-stderr "$LOADER" show -o json --btf "$DIR/many/folder" "$DIR/it.bpf.o"
	[ "$status" -eq 1 ]
	[[ $stderr == *"no file is in that folder (ENOENT)" ]]
	run --separate-stderr bash -c '(sleep 0.2; cat "$DIR/it.bpf.o") |
		"$LOADER" show -o json --btf "$DIR/many/000" /dev/stdin'
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	is 'len(o) == 1'
}

@test "raw BTF and ELF files of 64 and of 32 bits say the same" {
	"$OBJCOPY" --dump-section .BTF="$DIR/raw" "$DIR/kernels/new" /dev/null
	echo 'int i;' >"$DIR/i.c"
	"$CLANG" --target=armv7a-linux-gnueabihf -c "$DIR/i.c" -o "$DIR/narrow.o"
	"$OBJCOPY" --add-section .BTF="$DIR/raw" "$DIR/narrow.o" "$DIR/narrow"
	run --separate-stderr "$LOADER" show -o json --btf "$DIR/raw" --btf "$DIR/kernels/new" --btf "$DIR/narrow" \
		"$DIR/it.bpf.o"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	is 'len(o) == 3 and all(k["verdict"] == "ok" and k["targets"]["resolved"] == 3 for k in o)'
}

@test "what is no BTF is an error, and the rest is shown all the same" {
	head -c 100 "$DIR/kernels/new" >"$DIR/cut"
	echo text >"$DIR/text"
	"$OBJCOPY" --remove-section .BTF "$DIR/kernels/new" "$DIR/bare"
	: >"$DIR/empty"
	for bad in cut text bare empty none; do
		run --separate-stderr "$LOADER" show -o json --btf "$DIR/$bad" --btf "$DIR/kernels/new" "$DIR/it.bpf.o"
		[ "$status" -eq 1 ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ $stderr == "loader: $DIR/$bad: "*'('E*')' ]] || { echo "$stderr"; return 1; }
		is '[k["verdict"] for k in o] == ["error", "ok"] and o[0]["error"] and not o[0]["findings"]'
	done
	mkdir -p "$DIR/nothing"
	run --separate-stderr "$LOADER" show --btf "$DIR/nothing" "$DIR/it.bpf.o"
	[ "$status" -eq 1 ]
	[ "$stderr" = "loader: $DIR/nothing: no file is in that folder (ENOENT)" ]
	[ -z "$output" ]
	run --separate-stderr "$LOADER" show --btf "$DIR/kernels" "$DIR/none.bpf.o"
	[ "$status" -eq 1 ] && [[ $stderr =~ none.bpf.o.*ENOENT ]] && [ -z "$output" ]
}

@test "show --btf makes no bpf(2) call" {
	command -v strace >/dev/null || skip "strace is not installed"
	run strace -f -e trace=bpf,perf_event_open "$LOADER" show --btf "$DIR/kernels" "$DIR/it.bpf.o"
	[ "$status" -eq 0 ] && [[ ! $output =~ bpf\( ]]
}

@test "check --btf relocates against the file" {
	run --separate-stderr "$LOADER" check --btf "$DIR/none" "$DIR/it.bpf.o"
	[ "$status" -eq 1 ]
	[[ $stderr =~ "$DIR/none: cannot be opened (ENOENT)" ]]
	[ "$(id -u)" -eq 0 ] || skip "loading needs root"
	cat >"$DIR/plain.bpf.c" <<-'END'
		#include <linux/bpf.h>
		#include <bpf/bpf_helpers.h>
		struct task { int pid; } __attribute__((preserve_access_index));
		SEC("socket") int offset(void *context)
		{
			return __builtin_preserve_field_info(((struct task *)0)->pid, 0) == 4;
		}
		char LICENSE[] SEC("license") = "GPL";
	END
	bpf "$DIR/plain.bpf.c" "$DIR/plain.bpf.o"
	mkdir -p "$DIR/nothing"
	run --separate-stderr "$LOADER" check --btf "$DIR/nothing" "$DIR/plain.bpf.o"
	[ "$status" -eq 1 ]
	[[ $stderr =~ "$DIR/nothing: BTF: cannot be read at offset 0 (EISDIR)" ]]
	run --separate-stderr "$LOADER" check -o json --btf "$DIR/kernels/new" "$DIR/plain.bpf.o"
	[ "$status" -eq 0 ]
	is 'o[0]["verdict"] == "ok"'
}
