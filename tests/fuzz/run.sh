#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# run.sh SECONDS FUZZER...: runs each fuzzer for that much processor time, as many at a time as there are processors;
# fails if one of them found something.
# The corpus of fuzz_NAME is build/fuzz/corpus/NAME; what it found is in build/fuzz/found, for fuzz_NAME FILE to replay.
seconds=$1
shift

if [ "$seconds" = --one ]; then # run.sh --one SECONDS FUZZER
	name=${2##*/fuzz_}
	log=build/fuzz/logs/$name
	mkdir -p "build/fuzz/corpus/$name" "build/fuzz/seeds/$name"
	if FUZZ_SECONDS=$1 "$2" -timeout=10 -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 \
		-artifact_prefix="build/fuzz/found/$name-" \
		"build/fuzz/corpus/$name" "build/fuzz/seeds/$name" >"$log" 2>&1
	then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
		kept=$(find "build/fuzz/corpus/$name" -type f | wc -l)
		[ "${runs:-0}" -gt 0 ] && echo "fuzz: $name: $runs runs, $kept inputs kept, nothing found"
	else
		echo "fuzz: $name: FAILED, see $log: $(grep -m 1 '^SUMMARY\|^==.*ERROR' "$log")"
		exit 1
	fi
	exit
fi

[ $# -gt 0 ] || { echo "fuzz: no fuzzer" && exit 1; }
mkdir -p build/fuzz/found build/fuzz/logs
printf '%s\n' "$@" | xargs -n 1 -P "$(nproc)" sh "$0" --one "$seconds"
