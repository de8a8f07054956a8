#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# run.sh NAME BINARY...: runs test binaries, shows what each says, and counts. Running nothing is a failure.
# With $WRAPPER in front of each, e.g. valgrind.
name=$1
shift
log=${OUT:-build/tests}/$name.log
failed=
: >"$log"
for binary in "$@"; do
	echo "# ${binary##*/}"
	$WRAPPER "$binary" >"$log.one" 2>&1 || failed="$failed ${binary##*/}"
	grep -v '^\[ RUN      \]\|^\[       OK \]' "$log.one"
	cat "$log.one" >>"$log"
done
rm -f "$log.one"
count=$(grep -c '^\[       OK \]' "$log")
if [ -n "$failed" ]; then
	echo "$name: failed:$failed (all output is in $log)"
	exit 1
fi
if [ "$count" -eq 0 ]; then
	echo "$name: no test ran"
	exit 1
fi
echo "$name: $count tests in $# files passed"
