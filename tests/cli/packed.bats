#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# packed.bats: the loader that unpacks itself does what the plain one does, or says why it cannot. That it is a good
# init is shown in tests/vm/init.bats. PACKED may name another binary.

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || return
    if [ -z "${PACKED:-}" ]; then
        flock Makefile make -s packed || return
    fi
    export PACKED=${PACKED:-$PWD/build/x86_64/loader-packed}
}

@test "it has the plain one's arguments and exit status" {
    run "$PACKED" --version
    [ "$status" = 0 ]
    [[ $output == "loader "[0-9]* ]]
    run "$PACKED" check "no such file"
    [ "$status" = 1 ]
    [ "$output" = "loader: no such file: cannot be opened (ENOENT)" ]
}

@test "a damaged file says so" {
    cp "$PACKED" "$BATS_TEST_TMPDIR/damaged"
    printf 'These are not the bytes that were here.' |
        dd of="$BATS_TEST_TMPDIR/damaged" bs=1 seek=50000 conv=notrunc status=none
    run "$BATS_TEST_TMPDIR/damaged" --version
    [ "$status" = 1 ]
    [ "$output" = "loader: it cannot unpack itself: its file is damaged" ]
}

# PR_SET_MDWE, as in a service with MemoryDenyWriteExecute.
@test "where memory cannot be made executable, it says so, and the plain one runs" {
    cat >"$BATS_TEST_TMPDIR/mdwe.c" <<-'END'
	#include <stdio.h>
	#include <sys/prctl.h>
	#include <unistd.h>
	int main(int argc, char **argv)
	{
	    (void)argc;
	    if (prctl(65, 1, 0, 0, 0))
	        return 125;
	    execv(argv[1], argv + 1);
	    return 126;
	}
	END
    cc -o "$BATS_TEST_TMPDIR/mdwe" "$BATS_TEST_TMPDIR/mdwe.c"
    run "$BATS_TEST_TMPDIR/mdwe" "$PACKED" --version
    [ "$status" != 125 ] || skip "this kernel ($(uname -r)) has no PR_SET_MDWE, which is of Linux 6.3"
    [ "$status" = 1 ]
    [[ $output == "loader: it cannot unpack itself: it may not make memory executable here"* ]]
    run "$BATS_TEST_TMPDIR/mdwe" ./loader --version
    [ "$status" = 0 ]
}
