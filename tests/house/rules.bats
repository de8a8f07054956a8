#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The rules of the house: what the source promises its readers, checked.

setup() { cd "$BATS_TEST_DIRNAME/../.."; }

# The parts in their order; each may include itself and those before it.
parts=(base object relocate kernel attach events cmd)

@test "house: each part includes only itself and parts above it" {
    bad=''
    for i in "${!parts[@]}"; do
        allowed="${parts[*]:0:i+1}"
        while IFS=: read -r file included; do
            [[ " $allowed " == *" $included "* ]] || bad+="$file includes $included/"$'\n'
        done < <(grep -roE '^#include "[a-z]+/' "src/${parts[i]}" | sed 's/#include "//; s,/$,,')
    done
    [ -z "$bad" ] || { echo "$bad"; false; }
}

@test "house: object and relocate make no system call" {
    run grep -rnE 'base/sys\.h|sys_[a-z]+\(' src/object src/relocate
    [ "$status" -eq 1 ] || { echo "$output"; false; }
}

@test "house: only src/kernel fills a union bpf_attr" {
    run grep -rln 'union bpf_attr' --include=*.c src loader.c
    [ "$output" = src/kernel/bpf.c ] || { echo "$output"; false; }
}

@test "house: every source file is in the reading order, and all in it exist" {
    make -s toc >/dev/null
    listed=$(make -s toc-files | tr ' ' '\n' | sort)
    found=$( (find src -name '*.[ch]' -not -path 'src/base/uapi/*'; echo loader.c; echo bpf_insn.h) | sort)
    diff <(echo "$listed") <(echo "$found")
}

@test "house: in the reading order each file uses only what stands before it" {
    local seen=' ' file header
    for file in $(make -s toc-files); do
        for header in $(sed -n 's/^#include "\(.*\)"$/\1/p' "$file"); do
            [ -e "src/$header" ] && header=src/$header
            [[ $seen == *" $header "* ]] || { echo "$file includes $header, which comes later"; false; }
        done
        seen+="$file "
    done
}

@test "house: every file of tests in virtual machines is among those that scripts/test runs" {
    run sed -nE "s/^(files|once)='(.*)'.*/\2/p" tests/vm/suite
    for file in tests/vm/*.bats; do
        grep -qw "$(basename "$file" .bats)" <<<"$output" || { echo "$file is never run"; false; }
    done
}

@test "house: every file says under which license it stands" {
    run xargs grep -L 'SPDX-License-Identifier' < <(git ls-files | grep -vE '^(LICENSE|LICENSES/|.*\.md$|\.gitignore$)')
    [ -z "$output" ] || { echo "$output"; false; }
}

@test "house: a source file opens with what it is" {
    for file in $(make -s toc-files); do
        # `make toc` prints this one line, so it has a sentence to its end.
        sed -n 3p "$file" | grep -qE "^ \* ${file##*/}: .+[.?]\$" || { echo "$file: $(sed -n 3p "$file")"; false; }
    done
}

@test "house: the formatting is clang-format's" {
    command -v clang-format >/dev/null || skip "clang-format is not installed"
    [[ "$(clang-format --version)" == *"version 14."* ]] || skip "formatting differs between versions; 14 is ours"
    # The macros for programs are tables, aligned by hand.
    git ls-files '*.c' '*.h' | grep -vE '/uapi/|^progs/include/|^tests/progs/' | xargs clang-format --dry-run --Werror
}

@test "house: no line of the source is longer than 120 columns" {
    # clang-format leaves comments as they are, and knows no shell. In prose tables and output are as wide as they are.
    run awk '$1 > 120 && $2 != "total"' \
        < <(git ls-files | grep -vE '/uapi/|^LICENSE|\.md$' | LC_ALL=C.UTF-8 xargs wc -L)
    [ "$status" -eq 0 ]
    [ -z "$output" ] || { echo "$output"; false; }
}

@test "house: clang-tidy finds nothing" {
    command -v clang-tidy >/dev/null || skip "clang-tidy is not installed"
    make -s tidy
}

@test "house: shellcheck finds nothing" {
    command -v shellcheck >/dev/null || skip "shellcheck is not installed"
    git ls-files scripts tests .ci | xargs grep -lE '^#!.*(bash|sh)$' | xargs shellcheck -x
}

@test "house: no machine's path or host stands in the tree" {
    hosts=$(apt-get indextargets --format '$(SITE)' 2>/dev/null |
        sed -E 's#^[a-z]+://([^/:]+).*#\1#' | sort -u | paste -sd'|' -)
    [ -n "$hosts" ] || skip "apt has no mirror set up"
    run git grep -nE "${hosts//./\\.}"
    [ "$status" -eq 1 ] || { echo "$output"; false; }
}

# A copy of the scripts with another scripts/kernel or scripts/vm in it, and a cache of its own.
scripts_copy() {
    cp -r scripts "$BATS_TEST_TMPDIR/scripts"
    cd "$BATS_TEST_TMPDIR" || return
    export LOADER_CACHE="$BATS_TEST_TMPDIR/cache"
    mkdir -p cache/1/corpus/libbpf && : >cache/1/corpus/index
}

@test "house: core-diff stops at a kernel that cannot be had, and keeps no half of its types" {
    scripts_copy
    printf '#!/bin/sh\nexit 3\n' >scripts/kernel
    run scripts/core-diff --kernel 9.99 rules.bats
    [ "$status" -eq 3 ]
    [ -z "$output" ]
    printf '#!/bin/sh\necho /kernels/9.99.0\n' >scripts/kernel
    printf '#!/bin/sh\necho half | gzip -c | base64; exit 125\n' >scripts/vm
    run scripts/core-diff --kernel 9.99 rules.bats
    [ "$status" -eq 1 ]
    [[ "$output" == *"could not read the types of Linux 9.99" ]]
    [ -z "$(ls cache/1/btf)" ]
}

@test "house: without a Debian mirror that is what is said, once" {
    command -v apt-get >/dev/null || skip "no apt-get here"
    scripts_copy
    mkdir bin && printf '#!/bin/sh\n' >bin/apt-get && chmod +x bin/apt-get
    PATH=$PWD/bin:$PATH LOADER_MIRROR='' run scripts/kernel
    [ "$status" -eq 1 ]
    [ "$output" = 'kernel: apt knows no Debian mirror; set LOADER_MIRROR to the address of one' ]
}

@test "house: --help prints each script's own usage, and does nothing else" {
    scripts_copy
    for script in scripts/*; do
        [ -f "$script" ] || continue
        run "$script" --help
        [ "$status" -eq 0 ]
        [[ "$output" == "Usage: $script"* ]]
    done
}

@test "house: no assertion is of a kind that the shell passes over" {
    # Where A fails in `A && B`, or A holds in `! A`, `set -e` ends nothing: such a line counts only as a test's last.
    run awk 'FNR > 1 && passed != "" && !/^}/ { print passed }
        { passed = /^[ \t]+(\[.*\] && \[|! )/ && !/\|\|/ ? FILENAME ": " $0 : "" }' tests/*/*.bats
    [ -z "$output" ] || { echo "$output"; false; }
}
