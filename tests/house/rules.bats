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
    run bash -c "git ls-files | grep -vE '^(LICENSE|LICENSES/|.*\.md$|\.gitignore$)' | xargs grep -L 'SPDX-License-Identifier'"
    [ -z "$output" ] || { echo "$output"; false; }
}

@test "house: a source file opens with what it is" {
    for file in $(make -s toc-files); do
        sed -n 3p "$file" | grep -qE '^ \* [a-z_A-Z0-9]+\.[ch]: .+' || { echo "$file: $(sed -n 3p "$file")"; false; }
    done
}

@test "house: the formatting is clang-format's" {
    command -v clang-format >/dev/null || skip "clang-format is not installed"
    [[ "$(clang-format --version)" == *"version 14."* ]] || skip "formatting differs between versions; 14 is ours"
    # The macros for programs are tables, aligned by hand.
    git ls-files '*.c' '*.h' | grep -vE '/uapi/|^progs/include/|^tests/progs/' | xargs clang-format --dry-run --Werror
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
    hosts=$(apt-get indextargets --format '$(SITE)' 2>/dev/null | sed -E 's#^[a-z]+://([^/:]+).*#\1#' | sort -u | paste -sd'|' -)
    [ -n "$hosts" ] || skip "apt has no mirror set up"
    run git grep -nE "${hosts//./\\.}"
    [ "$status" -eq 1 ] || { echo "$output"; false; }
}
