#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# show.bats: `loader show` on the project's own objects, on one with a bit of everything, and on broken ones.
# Needs no privilege. LOADER and PROGS may name another binary and another folder of objects.

# shellcheck disable=SC2154 # bats sets output, stderr, status and lines

setup_file() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	machine=$(uname -m | sed 's/aarch64/arm64/; s/armv7l/armhf/')
	export LOADER=${LOADER:-$PWD/loader} PROGS=${PROGS:-$PWD/build/$machine/progs}
	export DIR=$BATS_FILE_TMPDIR CLANG=${CLANG:-clang}
	everything
	cp "$DIR/all.bpf.o" "$DIR/good"
}

# CO-RE relocations, a callback, a subprogram, externs of two kinds, a pinned map, a '?' section, padding.
everything() {
	cat >"$DIR/all.bpf.c" <<-'END'
		#include <linux/bpf.h>
		#include <linux/types.h>
		#include <bpf/bpf_helpers.h>
		struct task_struct { int pid; struct { int in[4]; }; } __attribute__((preserve_access_index));
		struct event { char c; long value; };
		struct {
			__uint(type, BPF_MAP_TYPE_HASH);
			__uint(max_entries, 64);
			__uint(map_flags, BPF_F_NO_PREALLOC);
			__uint(pinning, LIBBPF_PIN_BY_NAME);
			__type(key, int);
			__type(value, struct event);
		} pinned SEC(".maps");
		extern int LINUX_KERNEL_VERSION __kconfig;
		extern int kernel_function(int) __ksym __weak;
		long counter = 7;
		static long callback(int i, void *context) { return i > 3; }
		__attribute__((noinline)) int helper(int i) { return i * LINUX_KERNEL_VERSION; }
		SEC("?kprobe/x") int optional(struct task_struct *t)
		{
			int v = t->in[2];
			bpf_loop(v, callback, &v, 0);
			counter++;
			return helper(v);
		}
		SEC("socket") int caller(void *context)
		{
			int key = helper(1);
			return kernel_function(bpf_map_update_elem(&pinned, &key, &(struct event){}, 0));
		}
		char LICENSE[] SEC("license") = "GPL";
	END
	"$CLANG" --target=bpf -mcpu=v2 -O2 -g -Iprogs/include -Isrc/base/uapi -isystem /usr/include \
		-c "$DIR/all.bpf.c" -o "$DIR/all.bpf.o"
}

# field PATH: a value of the JSON that `show` printed, as JSON.
field() {
	python3 -c 'import json, sys; o = json.load(sys.stdin); print(json.dumps(eval(sys.argv[1], {"o": o})))' "$1" \
		<<<"$output"
}

# poke OFFSET BYTES: a copy of the good object with some bytes changed.
poke() {
	cp "$DIR/good" "$DIR/broken.bpf.o"
	printf '%b' "$2" | dd of="$DIR/broken.bpf.o" bs=1 seek="$1" conv=notrunc status=none
}

# refused PATH PATTERN: exit status 1, one line on stderr that matches, nothing on stdout; in both formats.
refused() {
	for format in table json; do
		run --separate-stderr "$LOADER" show -o $format "$1"
		[ "$status" -eq 1 ] || { echo "status $status"; return 1; }
		[ -z "$output" ] || { echo "stdout: $output"; return 1; }
		[ "${#stderr_lines[@]}" -eq 1 ] || { echo "stderr: $stderr"; return 1; }
		[[ $stderr =~ $2 ]] || { echo "stderr: $stderr"; return 1; }
	done
}

# no_line PATTERN: fails, and shows them, if lines of stdin match. (A plain `! grep` fails no test.)
no_line() {
	if grep -nE "$1"; then return 1; fi
}

bats_require_minimum_version 1.5.0

@test "every object of the project: a table, and JSON in one line" {
	names='core_relocations externs license machine maps object programs relocations sections size types version'
	objects=("$PROGS"/*.bpf.o)
	[ -e "${objects[0]}" ]
	for object in "${objects[@]}" "$DIR/all.bpf.o"; do
		run --separate-stderr "$LOADER" show "$object"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[[ $output == "$object: "*"Programs: "*"exit"* ]]
		run --separate-stderr "$LOADER" show -o json "$object"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[ "${#lines[@]}" -eq 1 ]
		[ "$(field 'o["object"]')" = "\"$object\"" ]
		[ "$(field '" ".join(sorted(o))')" = "\"$names\"" ]
		[ "$(field 'o["size"]')" = "$(stat -c %s "$object")" ]
	done
}

@test "the disassembly has every instruction that llvm-objdump sees" {
	objdump=$(command -v llvm-objdump || command -v llvm-objdump-14) || skip "no llvm-objdump"
	for object in "$PROGS"/*.bpf.o "$DIR/all.bpf.o"; do
		expected=$("$objdump" -d "$object" | grep -cE '^ +[0-9]+:')
		run "$LOADER" show -o json "$object"
		[ "$(field 'sum(len(p["disassembly"]) for p in o["programs"])')" -eq "$expected" ]
		[ "$(field '[i for p in o["programs"] for i in p["disassembly"] if "unknown" in i["text"]]')" = "[]" ]
	done
}

@test "programs: types, targets, '?' and subprograms" {
	run "$LOADER" show -o json "$DIR/all.bpf.o"
	program() { field '[[p[k] for k in ("section", "type", "target", "autoload", "subprogram")]
		for p in o["programs"] if p["name"] == "'"$1"'"]'; }
	[ "$(field '[p["name"] for p in o["programs"]]')" = '["helper", "callback", "optional", "caller"]' ]
	[ "$(program helper)" = '[[".text", null, null, false, true]]' ]
	[ "$(program callback)" = '[[".text", null, null, false, true]]' ]
	[ "$(program optional)" = '[["kprobe/x", "kprobe", "x", false, false]]' ]
	[ "$(program caller)" = '[["socket", "socket_filter", null, true, false]]' ]
}

@test "maps: sizes, flags, origins, pinning, types" {
	run "$LOADER" show -o json "$DIR/all.bpf.o"
	[ "$(field '[list(m.values()) for m in o["maps"] if m["name"] == "pinned"]')" = \
		'[["pinned", "hash", 4, 16, 64, 1, "btf", "by_name", "int", "struct event", true, null, []]]' ]
	[ "$(field '[[m["name"], m["value_size"], m["origin"]] for m in o["maps"] if m["origin"] != "btf"]')" = \
		'[[".data", 8, "data"], [".kconfig", 4, "kconfig"]]' ]
	run "$LOADER" show "$DIR/all.bpf.o"
	[[ $output == *"pinned by name, no_prealloc, int -> struct event"* ]]
	[[ $output == *"  set at load, rdonly_prog"* ]]
}

@test "maps: what they hold: maps like another, programs, functions for the kernel" {
	"$CLANG" --target=bpf -mcpu=v2 -O2 -g -Iprogs/include -Isrc/base/uapi -isystem /usr/include \
		-c tests/unit/fixtures/maps.bpf.c -o "$DIR/maps.bpf.o"
	run "$LOADER" show -o json "$DIR/maps.bpf.o"
	[ "$(field '[[m["name"], m["inner"]] for m in o["maps"] if m["inner"]]')" = \
		'[["outer", "outer.inner"], ["hash_of_maps", "hash_of_maps.inner"]]' ]
	[ "$(field '[[m["name"], m["origin"]] for m in o["maps"] if not m["autocreate"]]')" = \
		'[["outer.inner", "inner"], ["hash_of_maps.inner", "inner"], ["optional", "struct_ops"]]' ]
	slots() { field '[[s["slot"], s["target"]] for m in o["maps"] if m["name"] == "'"$1"'" for s in m["slots"]]'; }
	[ "$(field '[m["name"] for m in o["maps"] if m["slots"]]')" = \
		'["outer", "calls", "mine", "linked", "optional"]' ]
	[ "$(slots outer)" = '[[0, "inner_a"], [3, "inner_b"]]' ]
	[ "$(slots calls)" = '[[1, "first"], [2, "second"]]' ]
	[ "$(slots mine)" = '[[2, "ssthresh"], [3, "cong_avoid"]]' ]
	[ "$(slots linked)" = '[[2, "only_linked"]]' ]
	[ "$(slots optional)" = '[[2, "never"], [3, "cong_avoid"]]' ]
	run "$LOADER" show "$DIR/maps.bpf.o"
	[[ $output == *"of maps like outer.inner, [0] = inner_a, [3] = inner_b"* ]]
	[[ $output == *"'?': only on request, [2] = never, [3] = cong_avoid, link"* ]]
	[[ $output == *"5  as a model, no_prealloc, __u64 -> __u32"* ]]
}

@test "relocations and externs by name" {
	run "$LOADER" show -o json "$DIR/all.bpf.o"
	targets() { field 'sorted({r["target"] for r in o["relocations"] if r["kind"] == "'"$1"'"})'; }
	[ "$(field 'sorted({r["kind"] for r in o["relocations"]})')" = '["call", "data", "extern", "function", "map"]' ]
	[ "$(targets call)" = '["helper"]' ]
	[ "$(targets data)" = '["map[.data][0]+0 <counter>"]' ]
	[ "$(targets extern)" = '["extern[LINUX_KERNEL_VERSION]", "kernel_function"]' ]
	[ "$(targets function)" = '["subprog[callback]"]' ]
	[ "$(targets map)" = '["map[pinned]"]' ]
	[ "$(field '[[e["name"], e["kind"], e["weak"]] for e in o["externs"]]')" = \
		'[["LINUX_KERNEL_VERSION", "kconfig", false], ["kernel_function", "kfunc", true]]' ]
}

@test "CO-RE relocations spelled out, at their instruction and under -v" {
	run "$LOADER" show -o json "$DIR/all.bpf.o"
	[ "$(field '[r["kind"] for r in o["core_relocations"]]')" = '["byte_off struct task_struct.in[2]"]' ]
	[ "$(field '[i["core"] for p in o["programs"] for i in p["disassembly"] if "core" in i]')" = \
		'["byte_off struct task_struct.in[2]"]' ]
	run "$LOADER" show "$DIR/all.bpf.o"
	[[ $output == *"; CO-RE byte_off struct task_struct.in[2]"* ]]
	no_line "CO-RE relocations, which" <<<"$output"
	run "$LOADER" show -v "$DIR/all.bpf.o"
	[[ $output == *"CO-RE relocations, which depend on the kernel's types: 1"* ]]
}

@test "CO-RE relocations name an enumerator only if they ask for one" {
	cat >"$DIR/enum.bpf.c" <<-'END'
		enum colour { RED, GREEN };
		__attribute__((section("socket"))) int f(void *context)
		{
			return __builtin_preserve_type_info(*(enum colour *)0, 0) +
				__builtin_preserve_enum_value(*(enum colour *)GREEN, 0);
		}
	END
	"$CLANG" --target=bpf -mcpu=v2 -O2 -g -c "$DIR/enum.bpf.c" -o "$DIR/enum.bpf.o"
	run "$LOADER" show -o json "$DIR/enum.bpf.o"
	[ "$(field 'sorted(r["kind"] for r in o["core_relocations"])')" = \
		'["enumval_exists enum colour GREEN", "type_exists enum colour"]' ]
	run "$LOADER" show "$DIR/good" "$DIR/enum.bpf.o"
	[[ $output == *$'\n\n'"$DIR/enum.bpf.o: "*$'\n  license  none\n'* ]]
}

@test "types: those of maps, with padding; all of them under -v" {
	run "$LOADER" show "$DIR/all.bpf.o"
	[[ $output =~ struct\ event\ \{.*char\ c\;\ +//\ 0.*//\ 1:\ 7\ bytes\ of\ padding.*long\ value\;\ +//\ 8 ]]
	no_line "struct task_struct \{" <<<"$output"
	run "$LOADER" show -v "$DIR/all.bpf.o"
	[[ $output == *"struct task_struct {"* ]]
}

# Of each kind of map, program and section one, and all that is said of it: columns, notes, what types lead to.
mixed() {
	cat >"$DIR/mixed.bpf.c" <<-'END'
		#include <linux/bpf.h>
		#include <bpf/bpf_helpers.h>
		struct point { int x, y; };
		typedef struct { struct point p[2]; } pair;
		typedef struct point same;
		struct record { pair *behind; char text[60]; };
		struct {
			__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY); __type(key, int); __type(value, int);
		} events SEC(".maps");
		const volatile pair limits = {{{1, 2}}};
		struct record *last;
		same zeros[3];
		char text[16] = "text";
		__attribute__((noinline)) int global(int i) { return i + text[3]; }
		static __attribute__((noinline)) int local(int i) { return i + (int)zeros[i & 1].y; }
		SEC("?lsm.s/file_open") int asleep(void *c) { return global(1); }
		SEC("xdp") int packet(void *c)
		{
			struct record e = {};

			return bpf_perf_event_output(c, &events, 0, &e, sizeof(e)) + local(limits.p[1].y);
		}
		SEC("strange") int stranger(void *c) { return zeros[2].y; }
		char LICENSE[] SEC("license") = "GPL";
		unsigned VERSION SEC("version") = 0x060102;
	END
	"$CLANG" --target=bpf -mcpu=v2 -O2 -g -Iprogs/include -Isrc/base/uapi -isystem /usr/include \
		-c "$DIR/mixed.bpf.c" -o "$DIR/mixed.bpf.o"
}

# has TEXT: the output holds these lines, one behind the other.
has() {
	[[ $'\n'$output$'\n' == *$'\n'"$1"$'\n'* ]] || { echo "not in $output: $1"; return 1; }
}

@test "all that tables say of programs, maps and types" {
	mixed
	run "$LOADER" show "$DIR/mixed.bpf.o"
	has '  license  GPL
  version  6.1.2'
	has 'Programs: 5
  name      section          type  insns  note
  global    .text                      7  called by others, verified by itself
  local     .text                      9  called by others
  asleep    lsm.s/file_open  lsm       3  '"'?'"': only on request
  packet    xdp              xdp      24
  stranger  strange                    4  unknown kind of program'
	has 'Maps: 4
  name     type              key  value  entries  note
  events   perf_event_array    4      4        0  an entry for each CPU, int -> int
  .rodata  array               4     16        1  first value in the file, rdonly_prog
  .data    array               4     16        1  first value in the file
  .bss     array               4     32        1  zeros'
	no_line '^Externs' <<<"$output" # nothing is said of a list without rows
	[[ ${lines[0]} =~ ', '([0-9]+)' sections'$ && $output =~ ' types, '[1-9][0-9]*' source lines, 0 CO-RE' ]]
	sections=$(sed -nE '1s/.*, ([0-9]+) sections$/\1/p' <<<"$output")
	for type in 'typedef struct {' 'struct point {' 'struct record {'; do has $'\t'"$type"; done
	has 'Types: 3'
	[[ $output == *'  stranger     0  data  map[.bss][0]+0 <zeros>'* ]]
	[[ $output =~ $'\n''  local        '[0-8]'  data' ]] # counted from where the function begins
	[[ $output == *$'\n  ; struct record e = {}; @ mixed.bpf.c:'* ]]
	run "$LOADER" show -o json "$DIR/mixed.bpf.o"
	[ "$(field 'len(o["sections"])')" = "$sections" ]
	[ "$(field '[o["version"], [p["name"] for p in o["programs"] if p["sleepable"]]]')" = '[393474, ["asleep"]]' ]
}

@test "sections: what each is for; those of debuggers under -v" {
	mixed
	run "$LOADER" show "$DIR/mixed.bpf.o"
	[[ $output == *$'Sections (-v: those for debuggers, too): 18\n'* ]]
	[[ $output == *$': 18\n  index  name                  size  flags  kind\n'* ]]
	no_line '\.debug|addrsig|rel\.BTF' <<<"$output"
	run "$LOADER" show -o json "$DIR/mixed.bpf.o"
	while read -r section; do
		[[ $output == *"$section"* ]] || { echo "no $section"; return 1; }
	done <<-'END'
		"name":".text","size":128,"flags":"AX","kind":"functions that programs call"}
		"name":".rel.text","size":32,"flags":null,"kind":"relocations of .text"}
		"name":"?lsm.s/file_open","size":24,"flags":"AX","kind":"programs: lsm"}
		"name":"strange","size":32,"flags":"AX","kind":"programs of an unknown kind"}
		"name":".rodata","size":16,"flags":"A","kind":"constants: a map that no program may write"}
		"name":".data","size":16,"flags":"WA","kind":"variables: a map with these first values"}
		"name":".maps","size":24,"flags":"WA","kind":"maps, described by their types"}
		"name":".bss","size":32,"flags":"WA","kind":"variables: a map of zeros"}
		"name":"version","size":4,"flags":"WA","kind":"the kernel version it was made for"}
		"flags":null,"kind":"types"}
		"flags":null,"kind":"source lines, functions, CO-RE"}
		"flags":null,"kind":"for debuggers and linkers"}
		"flags":null,"kind":"symbols"}
		"flags":null,"kind":"names of symbols and sections"}
	END
}

@test "calls, callbacks, maps and variables by name, each line of C where it begins" {
	run "$LOADER" show "$DIR/all.bpf.o"
	for text in 'call helper' 'call kernel_function' '= subprog\[callback\]' '= map\[pinned\]' \
		'= map\[.data\]\[0\]\+0 <counter>' 'call bpf_map_update_elem#2' '; counter\+\+; @ all.bpf.c:23' \
		'= extern\[LINUX_KERNEL_VERSION\]'; do
		[[ $output =~ $text ]]
	done
	[ "$(grep -c '; int v = t->in\[2\]; @' <<<"$output")" -eq 1 ]
}

@test "no line ends in a blank; tables stay within 100 columns" {
	for object in "$PROGS"/*.bpf.o; do
		run "$LOADER" show "$object"
		no_line ' $' <<<"$output"
	done
	run "$LOADER" show "$DIR/all.bpf.o"
	sed '1d; /^[a-z_0-9]* (/,$d' <<<"$output" | no_line '^.{101}'
}

@test "several objects, each in turn; a bad one among them" {
	run --separate-stderr "$LOADER" show -o json "$DIR/good" "$DIR/missing" "$DIR/all.bpf.o"
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 2 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ ${lines[0]} == '{"object":"'"$DIR"'/good"'* ]] && [[ ${lines[1]} == '{"object":"'"$DIR"'/all.bpf.o"'* ]]
}

@test "an object without BTF" {
	"$CLANG" --target=bpf -mcpu=v2 -O2 -Iprogs/include -Isrc/base/uapi -isystem /usr/include -x c \
		-c - -o "$DIR/plain.bpf.o" <<-'END'
			__attribute__((section("socket"))) int f(void *context) { return 3; }
			char LICENSE[] __attribute__((section("license"))) = "GPL";
		END
	run --separate-stderr "$LOADER" show "$DIR/plain.bpf.o"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ $output == *"BTF      none"* ]]
	[[ $output == *"(b7) r0 = 3"* ]]
	run "$LOADER" show -o json "$DIR/plain.bpf.o"
	[ "$(field 'o["types"]')" = "[]" ]
}

@test "no bpf(2) call, and none of the other calls that attach things" {
	command -v strace >/dev/null || skip "no strace"
	run strace -f -o "$DIR/trace" "$LOADER" show -v "$DIR/all.bpf.o"
	[ "$status" -eq 0 ]
	no_line '^[0-9]* *(bpf|perf_event_open|socket|mount)\(' <"$DIR/trace"
}

@test "names that would move a cursor or forge a line are shown, and do neither" {
	cat >"$DIR/hostile.bpf.c" <<-'END'
		struct { int (*type)[2], (*max_entries)[4], *key, *value; } map __asm__("map\033[31m\nmap\"\\")
			__attribute__((section(".maps")));
		extern int ext __asm__("ext\302\233\007") __attribute__((section(".ksyms")));
		static void *(*lookup)(void *map, void *key) = (void *)1;
		__attribute__((section("?kprobe/\033[2J\nf"))) int f(void *context) __asm__("f\033[31m\nok  ");
		int f(void *context) { int key = (long)&ext; /* COMMENT */ return lookup(&map, &key) != 0; }
		__attribute__((section("weird\033[31m"))) int g(void *context) { return 0; }
		char LICENSE[] __attribute__((section("license"))) = "G\033[31mPL\n";
	END
	sed -i 's/COMMENT/\x1b]0;title\x07/' "$DIR/hostile.bpf.c"
	"$CLANG" --target=bpf -O2 -g -c "$DIR/hostile.bpf.c" -o "$DIR/hostile.bpf.o"
	run --separate-stderr "$LOADER" show -v "$DIR/hostile.bpf.o"
	[ "$status" -eq 0 ]
	LC_ALL=C no_line $'[\001-\010\013-\037\177]|\302[\200-\237]' <<<"$output"
	no_line '^(map|ok)' <<<"$output"
	for text in 'G\x1b[31mPL\n' 'map\x1b[31m\nmap"' 'f\x1b[31m\nok   (kprobe/\x1b[2J\nf): ' 'ext\xc2\x9b\x07' \
		'\x1b]0;title\x07'; do
		[[ $output == *"$text"* ]] || { echo "no $text"; return 1; }
	done
	run --separate-stderr "$LOADER" show -o json "$DIR/hostile.bpf.o"
	[ "${#lines[@]}" -eq 1 ]
	[ "$(field '[o["license"], o["maps"][0]["name"], o["externs"][0]["name"], o["programs"][0]["section"]]')" = \
		'["G\u001b[31mPL\n", "map\u001b[31m\nmap\"\\", "ext\u009b\u0007", "kprobe/\u001b[2J\nf"]' ]
	run --separate-stderr "$LOADER" show "$DIR/none"$'\e[2J'
	[ "$stderr" = "loader: $DIR/none\\x1b[2J: cannot be opened (ENOENT)" ]
	run --separate-stderr "$LOADER" check --only $'\e[2J' "$DIR/hostile.bpf.o"
	[[ $stderr == 'loader: --only \x1b[2J: no object'* ]]
}

@test "an object out of a pipe, however slow" {
	(sleep 0.2; head -c 100 "$DIR/good"; sleep 0.2; tail -c +101 "$DIR/good") |
		"$LOADER" show -o json /dev/stdin >"$DIR/piped"
	sed 's,"/dev/stdin","'"$DIR"'/good",' "$DIR/piped" | cmp - <("$LOADER" show -o json "$DIR/good")
	mkfifo "$DIR/fifo"
	refused "$DIR/fifo" 'the file is empty'
}

@test "a full disk is noticed" {
	[ -e /dev/full ] || skip "no /dev/full"
	run bash -c '"$LOADER" show "$DIR/all.bpf.o" 2>&1 >/dev/full'
	[ "$status" -eq 1 ] && [ "${#lines[@]}" -eq 1 ] && [[ $output =~ ENOSPC ]]
}

@test "refused: no such file, a directory, an empty file, text" {
	: >"$DIR/empty.bpf.o"
	echo 'int main(void) { return 0; }' >"$DIR/text.bpf.o"
	refused "$DIR/missing.bpf.o" 'missing\.bpf\.o: .*\(ENOENT\)$'
	refused "$DIR" '\(EISDIR\)$'
	refused "$DIR/empty.bpf.o" 'empty\.bpf\.o: .*empty.*\(ENOEXEC\)$'
	refused "$DIR/text.bpf.o" 'text\.bpf\.o: .*\((EINVAL|ENOEXEC)\)$'
}

@test "refused: an object for another machine, big-endian, 32-bit, an executable" {
	poke 18 '\076\000' # e_machine: EM_X86_64
	refused "$DIR/broken.bpf.o" 'machine'
	poke 5 '\002' # EI_DATA: ELFDATA2MSB
	refused "$DIR/broken.bpf.o" '[eE]ndian'
	poke 4 '\001' # EI_CLASS: ELFCLASS32
	refused "$DIR/broken.bpf.o" '\((EINVAL|ENOEXEC)\)$'
	poke 16 '\002' # e_type: ET_EXEC
	refused "$DIR/broken.bpf.o" '\((EINVAL|ENOEXEC)\)$'
}

@test "refused: cut off anywhere" {
	size=$(stat -c %s "$DIR/good")
	for cut in 1 4 16 63 64 65 $((size / 4)) $((size / 2)) $((size - 64)) $((size - 1)); do
		head -c "$cut" "$DIR/good" >"$DIR/cut.bpf.o"
		refused "$DIR/cut.bpf.o" 'cut\.bpf\.o: .*\([A-Z0-9]+\)$'
	done
}

# A wrong byte may make a wrong object or another valid one, but never a crash, a hang or half an output.
@test "every 61st byte changed: shown or refused" {
	size=$(stat -c %s "$DIR/good")
	for ((at = 7; at < size; at += 61)); do
		poke "$at" '\377'
		run --separate-stderr timeout 10 "$LOADER" show -v -o json "$DIR/broken.bpf.o"
		if [ "$status" -eq 0 ]; then
			[ "${#lines[@]}" -eq 1 ] && [ -z "$stderr" ] || { echo "byte $at: $stderr"; false; }
			field 'o["size"]' >/dev/null || { echo "byte $at: no JSON"; false; }
		else
			[ "$status" -eq 1 ] && [ -z "$output" ] && [ "${#stderr_lines[@]}" -eq 1 ] ||
				{ echo "byte $at: status $status, $stderr"; false; }
		fi
	done
}
