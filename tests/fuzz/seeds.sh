#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# seeds.sh DIR OBJECT...: what the fuzzers start from, DIR/NAME for fuzz_NAME, made from compiled objects.
dir=$1
shift
rm -rf "$dir"
for kind in elf object relocate print btf btf_view btf_ext core struct_ops decode perf_ring text_parsers inflate \
	kconfig; do
	mkdir -p "$dir/$kind"
done
n=0
for object in "$@"; do
	n=$((n + 1))
	name=$n-${object##*/}
	for kind in elf object relocate print; do
		"${OBJCOPY:-llvm-objcopy}" -g "$object" "$dir/$kind/$name" # without DWARF: nobody reads it
	done
	"${OBJCOPY:-llvm-objcopy}" --dump-section .BTF="$dir/btf/$name" --dump-section .BTF.ext="$dir/ext" \
		"$object" /dev/null 2>/dev/null || continue
	cp "$dir/btf/$name" "$dir/struct_ops/$name"
	cp "$dir/btf/$name" "$dir/btf_view/$name" && cp "$dir/elf/$name" "$dir/btf_view/elf-$name"
	cat "$dir/btf/$name" "$dir/ext" >"$dir/btf_ext/$name"
	{
		cat "$dir/btf/$name"
		printf 'an event of some length, with text and numbers \001\002\003\377'
	} >"$dir/decode/$name"
	cat "$dir/btf/$name" "$dir/btf_ext/$name" >"$dir/core/$name" # the object's own types stand for the kernel's
	rm -f "$dir/ext"
done
cat "$dir"/btf/*-core_kernel.bpf.o "$dir"/btf_ext/*-core_local.bpf.o >"$dir/core/pair"

# One ring with a sample of 16 bytes and a record of losses; tail 0, head 88.
{
	printf '\000' && printf '\000\000\000\000\000\000\000\000' && printf '\100\000\000\000'
	printf '\011\000\000\000\000\000\050\000\001\000\000\000\001\000\000\000\005\000\000\000\000\000\000\000'
	printf '\000\000\000\000\000\000\000\000\004\000\000\000abcd'
	printf '\002\000\000\000\000\000\030\000\007\000\000\000\000\000\000\000\003\000\000\000\000\000\000\000'
} >"$dir/perf_ring/one"

n=0
for text in '0-3,8,10-11' '0' 'ffffffff81000000 T _stext' 'ffffffffc0001000 t nf_hook	[nf_tables]' 'do_exit+0x10' \
	'nf_tables:nf_hook+4' '18446744073709551615' '-9223372036854775808' 'a "quoted" line'; do
	n=$((n + 1))
	printf '%s' "$text" >"$dir/text_parsers/$n"
done

for level in 1 9; do
	for text in 'a' 'CONFIG_A=y # CONFIG_B is not set CONFIG_C=y # CONFIG_D is not set' "$(seq 2000)"; do
		n=$((n + 1))
		{
			printf '\377'
			printf '%s' "$text" | gzip -n$level
		} >"$dir/inflate/$n"
	done
done

for text in y n m '"(none)"' 250 0x10 -1 'Debian 6.1.140-1' 99999999999; do
	n=$((n + 1))
	printf '%s%s' "$((n % 10))$((n % 7))" "$text" >"$dir/kconfig/$n"
done
