#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# A program written for libbpf's headers compiles against this project's, and the other way round.
#
# Each program is compiled twice, against progs/include/bpf and against the libbpf-dev that is installed, for each
# architecture and with each clang that is found. The two objects are to have the same sections, the same maps and
# the same instructions; where they have not, known_differences says why. Nothing here attaches anything.

ARCHITECTURES="x86 arm64 arm riscv"
LIBBPF=${LIBBPF:-/usr/include}

setup_file() {
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	export CLANGS="" PROGRAMS="" OUT="$BATS_FILE_TMPDIR"

	for clang in clang-14 clang-15 clang-16 clang-17 clang-18 clang-19 clang-20 clang-21 clang; do
		command -v $clang >/dev/null || continue
		case " $(for c in $CLANGS; do $c -dumpversion; done | tr '\n' ' ')" in
		*" $($clang -dumpversion) "*) ;;
		*) CLANGS="$CLANGS $clang" ;;
		esac
	done
	PROGRAMS=$(echo progs/*/*.bpf.c tests/progs/all_macros.bpf.c tests/progs/newer_macros.bpf.c)

	# libbpf's headers alone, beside the one of ours that both need.
	mkdir -p "$OUT/libbpf"
	cp progs/include/ptregs.h "$OUT/libbpf"
	[ ! -e "$LIBBPF/bpf/bpf_helpers.h" ] || cp -r "$LIBBPF/bpf" "$OUT/libbpf"
}

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return 1
}

# compile CLANG ARCHITECTURE ours|libbpf PROGRAM OBJECT [OPTION...]
compile() {
	local clang=$1 arch=$2 headers=$3 program=$4 object=$5
	shift 5
	case $headers in
	ours) set -- -Wextra -Iprogs/include "$@" ;;
	# Its macros cast 32-bit registers to pointers, which is right and which clang remarks on.
	libbpf) set -- "-I$OUT/libbpf" -Wno-int-to-pointer-cast "$@" ;;
	esac
	mkdir -p "$(dirname "$object")"
	$clang -target bpf -mcpu=v2 -O2 -g -Wall -Werror "-D__TARGET_ARCH_$arch" "$@" \
		-Isrc/base/uapi -isystem /usr/include -c "$program" -o "$object"
}

# The object of CLANG ARCHITECTURE WAY PROGRAM, made if need be. WAY is ours, or both-ours and both-libbpf for the two
# that are compared: these relocate the registers, as libbpf's header always does and ours, with ptregs.h, would not.
object_of() {
	local object
	object="$OUT/$1/$2/$3/$(basename "$4" .c).o"
	[ -e "$object" ] || case $3 in
	ours) compile "$1" "$2" ours "$4" "$object" ;;
	both-*) compile "$1" "$2" "${3#both-}" "$4" "$object" -DBPF_REGS_CORE=1 ;;
	esac >&2 && echo "$object"
}

# for_each FUNCTION: FUNCTION CLANG ARCHITECTURE PROGRAM, for all combinations; fails after the last if any failed
for_each() {
	local count=0 failed=0 clang arch program
	for clang in $CLANGS; do
		for arch in $ARCHITECTURES; do
			for program in $PROGRAMS; do
				count=$((count + 1))
				"$1" "$clang" "$arch" "$program" && continue
				echo "^ $program, $arch, $clang"
				failed=$((failed + 1))
			done
		done
	done
	echo "$count combinations, $failed failed"
	[ $count -gt 0 ] && [ $failed -eq 0 ]
}

# PROGRAM uses names that the libbpf installed here does not have
too_new_for_libbpf() {
	[ "$(basename "$1")" = newer_macros.bpf.c ] && ! grep -q bpf_stream_printk "$OUT/libbpf/bpf/bpf_helpers.h"
}

need_libbpf() {
	[ -e "$OUT/libbpf/bpf/bpf_helpers.h" ] || skip "no libbpf headers in $LIBBPF/bpf (Debian: libbpf-dev)"
}

# ARCHITECTURE/SECTION, patterns of the shell		why the instructions there differ
known_differences() {
	cat <<-'END'
	*/fentry/bit_fields			libbpf before 1.4 does not say what a word of odd size is read as
	*/fentry/core				a bit field is written in fewer instructions
	*/raw_tp/probe_reads			libbpf 1.1 calls bpf_probe_read(), for any memory, kernel or user
	*/raw_tp/loops				two nested loops where libbpf has one, all in its head
	arm/kprobe/register_ip			libbpf reads r12, which ARM's manuals call IP; the pc is r15
	arm*/k*/return_address			the address is in a register; libbpf (arm64: 1.1) reads where it points
	riscv/k*/return_address			the same
	arm/kprobe/syscall_registers		libbpf takes it that arm's syscalls get a pointer to registers
	riscv/kprobe/syscall_registers		libbpf 1.1 takes it that riscv's do not; they do since 6.6
	arm64/kprobe/first_syscall_argument	libbpf 1.1 copies what may be read directly
	riscv/kprobe/first_syscall_argument	libbpf 1.1 takes a0, overwritten since 6.6; the copy is orig_a0
	x86/ksyscall/five			4th argument, kernel without wrappers: C has it in rcx, not in r10
	x86/ksyscall/six			the same
	arm64/ksyscall/*			1st argument there: C has it in x0; libbpf takes orig_x0, the user's
	arm64/kprobe/kprobe_syscall		the same
	riscv/ksyscall/*			the same, a0 and orig_a0; libbpf 1.1 takes a0 with wrappers, too
	riscv/kprobe/kprobe_syscall		the same
	riscv/raw_tp/core_questions		type ids: libbpf 1.1 has no type with orig_a0 in front
	END
}

is_known() { # ARCHITECTURE/SECTION
	local pattern
	while read -r pattern _; do
		# shellcheck disable=SC2254 # a pattern is meant
		case $1 in $pattern) return 0 ;; esac
	done < <(known_differences)
	return 1
}

# One file per section with code, in DIRECTORY: instructions and relocations as text
disassemble() { # OBJECT DIRECTORY
	mkdir -p "$2"
	llvm-objdump -dr --no-show-raw-insn "$1" | awk -v directory="$2" '
		/^Disassembly of section / { section = $4; sub(/:$/, "", section); gsub("/", ",", section); next }
		section { print > (directory "/" section) }'
}

sections() { # OBJECT: name, type and flags of all that a loader looks at
	llvm-readelf -SW "$1" | sed -n 's/^ *\[ *[0-9]*\] //p' | awk '{ print $1, $2, $7 }' |
		grep -vE '^(NULL|\.rel\.|\.debug|\.rel\.debug|\.(sym|str|shstr)tab|\.BTF|\.llvm)' | sort
}

@test "there are programs, and compilers to try" {
	[ -n "$CLANGS" ]
	for program in $PROGRAMS; do
		[ -s "$program" ]
	done
	ls progs/01-*/*.bpf.c progs/02-*/*.bpf.c progs/03-*/*.bpf.c
}

compile_ours() {
	object_of "$1" "$2" ours "$3"
}

@test "all programs compile against this project's headers, without a warning" {
	for_each compile_ours
}

compile_both() {
	too_new_for_libbpf "$3" && return
	object_of "$1" "$2" both-ours "$3" && object_of "$1" "$2" both-libbpf "$3"
}

@test "all programs compile against libbpf's headers, too" {
	need_libbpf
	for_each compile_both
}

same_sections() {
	local clang=$1 arch=$2 program=$3 headers
	too_new_for_libbpf "$program" && return
	for headers in ours libbpf; do
		sections "$(object_of "$clang" "$arch" both-$headers "$program")" > "$OUT/$headers.sections" || return
	done
	[ -s "$OUT/ours.sections" ] && diff "$OUT/ours.sections" "$OUT/libbpf.sections"
}

@test "the sections are the same" {
	need_libbpf
	for_each same_sections
}

same_variables() {
	local clang=$1 arch=$2 program=$3 headers
	too_new_for_libbpf "$program" && return
	for headers in ours libbpf; do
		bpftool btf dump file "$(object_of "$clang" "$arch" both-$headers "$program")" |
			awk -f tests/progs/btf_variables.awk |
			sed '/ not_compared /d; s/\.____*fmt[.0-9]*/.fmt/' | sort > "$OUT/$headers.variables"
	done
	[ -s "$OUT/ours.variables" ] && diff "$OUT/ours.variables" "$OUT/libbpf.variables"
}

@test "maps, externs and all other variables have the same types" {
	need_libbpf
	command -v bpftool >/dev/null || skip "no bpftool, which prints BTF"
	for_each same_variables
}

same_instructions() {
	local clang=$1 arch=$2 program=$3 headers different=0 section name
	too_new_for_libbpf "$program" && return
	rm -rf "$OUT/text"
	for headers in ours libbpf; do
		disassemble "$(object_of "$clang" "$arch" both-$headers "$program")" "$OUT/text/$headers"
	done
	for section in "$OUT"/text/*/*; do
		name=$(basename "$section")
		cmp -s "$OUT/text/ours/$name" "$OUT/text/libbpf/$name" && continue
		is_known "$arch/${name//,//}" && continue
		diff -u "$OUT/text/libbpf/$name" "$OUT/text/ours/$name" | head -20
		different=1
	done
	[ -e "$section" ] && [ $different -eq 0 ]
}

@test "the instructions are the same, but for the differences that are known" {
	need_libbpf
	for_each same_instructions
}

# The events of map x_events are struct x_event: the loader finds the type by that name.
has_event_types() {
	local clang=$1 arch=$2 program=$3
	local btf events
	case $program in progs/*) ;; *) return 0 ;; esac
	btf=$(bpftool btf dump file "$(object_of "$clang" "$arch" ours "$program")") || return
	for events in $(echo "$btf" | sed -n "s/.* VAR '\([a-z_]*events\)' .*/\1/p"); do
		echo "$btf" | grep -q "STRUCT '${events%s}' size=[0-9]* vlen=[1-9]" && continue
		echo "no struct ${events%s}"
		return 1
	done
}

@test "the type of each event is in the object" {
	command -v bpftool >/dev/null || skip "no bpftool, which prints BTF"
	for_each has_event_types
}

# Without ptregs.h's word for it that registers stay where they are, lessons 1 to 3 would need the kernel's BTF.
has_no_core_relocations() {
	local clang=$1 arch=$2 program=$3
	case $program in progs/0[123]-*) ;; *) return 0 ;; esac
	local object
	object=$(object_of "$clang" "$arch" ours "$program")
	llvm-objcopy --dump-section .BTF.ext="$OUT/btf_ext" "$object" /dev/null
	# struct btf_ext_header: core_relo_len is the u32 at 28
	[ "$(od -An -tu4 -j28 -N4 "$OUT/btf_ext" | tr -d ' ')" -eq 0 ]
}

@test "the lessons need no BTF of the kernel" {
	for_each has_no_core_relocations
}

@test "helpers have the numbers that linux/bpf.h gives them" {
	local clang=${CLANGS##* } table="$OUT/table" known="$OUT/known"

	sed -n 's/^BPF_HELPER( *\([0-9]*\), [^,]*, \([a-z0-9_]*\),.*/\1 \2/p' \
		progs/include/bpf/bpf_helper_defs.h > "$table"
	# The table is complete in itself: 1, 2, 3, ...
	[ "$(wc -l < "$table")" -ge 211 ]
	awk '$1 != NR { print "row " NR " is helper " $1; exit 1 }' "$table"

	# And each helper this machine's header knows is in it, with the same number.
	echo '#include <linux/bpf.h>' | $clang -E -Isrc/base/uapi -isystem /usr/include - |
		grep -oE '\bBPF_FUNC_[a-z0-9_]+' | sort -u | grep -v BPF_FUNC_unspec > "$known"
	[ "$(wc -l < "$known")" -gt 100 ]
	{
		echo '#include <linux/bpf.h>'
		while read -r name; do
			echo "_Static_assert($name == $(awk -v n="${name#BPF_FUNC_}" '$2 == n { print $1; found = 1 }
				END { if (!found) print -1 }' "$table"), \"$name\");"
		done < "$known"
	} > "$OUT/ids.c"
	$clang -fsyntax-only -Isrc/base/uapi -isystem /usr/include "$OUT/ids.c"
}

@test "a helper's number becomes the call instruction's" {
	local clang=${CLANGS##* }
	cat > "$OUT/calls.c" <<-'END'
	#include <linux/bpf.h>
	#include <bpf/bpf_helpers.h>
	SEC("raw_tp") int f(void *ctx) { bpf_perf_event_output(ctx, ctx, 0, ctx, 1); return bpf_get_func_ip(ctx); }
	END
	compile "$clang" x86 ours "$OUT/calls.c" "$OUT/calls.o"
	[ "$(llvm-objdump -d --no-show-raw-insn "$OUT/calls.o" | awk '$2 == "call" { printf "%s ", $3 }')" = "25 173 " ]
}

# asm/ptrace.h of TRIPLET ARCHITECTURE [OPTION...] will do, and where ptregs.h knows the architecture they agree.
own_ptrace_h() {
	local triplet=$1 arch=$2 clang=${CLANGS##* } program=tests/progs/registers.bpf.c include=""
	shift 2
	set -- -fno-strict-aliasing "$@" # unsigned long here, __u64 there
	for include in "/usr/include/$triplet" "/usr/$triplet/include" ""; do
		[ ! -e "$include/asm/ptrace.h" ] || break
	done
	[ -n "$include" ] || { echo "# $arch: no asm/ptrace.h for $triplet" >&3; return 0; }
	compile "$clang" "$arch" ours $program "$OUT/own.o" -isystem "$include" -include asm/ptrace.h "$@" || return
	tried=$((tried + 1))

	# With 64-bit longs, as they are on the BPF target, arm's own struct is twice as long as the kernel's.
	grep -q "__TARGET_ARCH_$arch)" progs/include/ptregs.h && [ "$arch" != arm ] || return 0
	compile "$clang" "$arch" ours $program "$OUT/ptregs.o" -include ptregs.h -DBPF_REGS_CORE=1 "$@" || return
	diff <(llvm-objdump -d "$OUT/own.o" | tail -n +3) <(llvm-objdump -d "$OUT/ptregs.o" | tail -n +3)
}

@test "each architecture's own asm/ptrace.h will do in place of ptregs.h, and agrees with it" {
	tried=0
	own_ptrace_h x86_64-linux-gnu x86 -DFIVE -DFRAME
	own_ptrace_h aarch64-linux-gnu arm64 -DEIGHT -DFRAME
	own_ptrace_h arm-linux-gnueabihf arm -DFRAME
	own_ptrace_h riscv64-linux-gnu riscv -DEIGHT -DFRAME
	own_ptrace_h s390x-linux-gnu s390 -DFIVE -DFRAME
	own_ptrace_h powerpc64le-linux-gnu powerpc -DEIGHT -D__powerpc64__
	own_ptrace_h mips64el-linux-gnuabi64 mips -DEIGHT -DFRAME -D_MIPS_SIM=3 -D_MIPS_SZLONG=64
	own_ptrace_h loongarch64-linux-gnu loongarch -DEIGHT -DFRAME
	[ $tried -gt 0 ] || skip "no architecture's asm/ptrace.h here (Debian: linux-libc-dev, linux-libc-dev-*-cross)"
}

@test "without an architecture, using a register is an error that says so; not using one is none" {
	local clang=${CLANGS##* }
	local options="-target bpf -O2 -Wall -Iprogs/include -Isrc/base/uapi -isystem /usr/include -o $OUT/no_arch.o"
	cat > "$OUT/no_arch.c" <<-'END'
	#include <linux/bpf.h>
	#include <bpf/bpf_helpers.h>
	#include <bpf/bpf_tracing.h>
	SEC("fentry/f") int BPF_PROG(f, int a) { return a + !ctx; }
	#ifdef USE
	SEC("kprobe/f") int g(struct pt_regs *ctx) { return PT_REGS_PARM1(ctx); }
	#endif
	END
	# shellcheck disable=SC2086 # several words
	$clang $options -c "$OUT/no_arch.c"
	# shellcheck disable=SC2086
	run $clang $options -DUSE -c "$OUT/no_arch.c"
	[ "$status" -ne 0 ]
	[[ "$output" == *"compile with -D__TARGET_ARCH_x86"* ]]
}

@test "a register that an architecture does not have is an error that says so" {
	local clang=${CLANGS##* }
	cat > "$OUT/seventh.c" <<-'END'
	#include <linux/bpf.h>
	#include "ptregs.h"
	#include <bpf/bpf_helpers.h>
	#include <bpf/bpf_tracing.h>
	SEC("kprobe/f") int g(struct pt_regs *ctx) { return PT_REGS_PARM7(ctx); }
	END
	compile "$clang" arm64 ours "$OUT/seventh.c" "$OUT/seventh.o"
	run compile "$clang" x86 ours "$OUT/seventh.c" "$OUT/seventh.o"
	[ "$status" -ne 0 ]
	[[ "$output" == *this_architecture_has_no_register_for_it* ]]
}

@test "a __ksym that is not weak is refused where its existence is asked for" {
	local clang=${CLANGS##* }
	cat > "$OUT/ksym.c" <<-'END'
	#include <linux/bpf.h>
	#include <bpf/bpf_helpers.h>
	extern void there(void) __ksym ATTRIBUTE;
	SEC("raw_tp") int f(void *ctx) { return bpf_ksym_exists(there) + !ctx; }
	END
	compile "$clang" x86 ours "$OUT/ksym.c" "$OUT/ksym.o" -DATTRIBUTE=__weak
	run compile "$clang" x86 ours "$OUT/ksym.c" "$OUT/ksym.o" -DATTRIBUTE= -Wno-error
	[ "$status" -ne 0 ]
	[[ "$output" == *"there must be declared __weak"* ]]
}

# Loading is all that happens: nothing is attached, and the mount and the pins are gone with the shell that made them.
@test "libbpf and this machine's kernel accept lessons 1 to 3" {
	[ "$(id -u)" -eq 0 ] || skip "loading takes root"
	[ "$(uname -m)" = x86_64 ] || skip "the objects at hand are for x86_64"
	command -v bpftool >/dev/null || skip "no bpftool, which loads through libbpf"
	unshare -m true 2>/dev/null || skip "no private mounts here (unshare -m)"
	local clang lesson
	mkdir -p "$OUT/bpffs"
	unshare -m mount -t bpf bpf "$OUT/bpffs" 2>/dev/null || skip "this kernel mounts no bpf file system"
	for clang in $CLANGS; do
		for lesson in progs/01-*/*.bpf.c progs/02-*/*.bpf.c progs/03-*/*.bpf.c; do
			# shellcheck disable=SC2016 # expanded by the shell inside
			unshare -m sh -c '
				mount -t bpf bpf "$1" && bpftool prog loadall "$2" "$1/programs" && ls "$1/programs"
			' sh "$OUT/bpffs" "$(object_of "$clang" x86 ours "$lesson")"
		done
	done
}
