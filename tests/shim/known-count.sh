#!/bin/sh
# SPDX-License-Identifier: MIT
# A test program lists at least as many cases as are known of it.  Cases that
# the linker dropped, or a file that fell out of a CMakeLists.txt, fail here.
# Usage: known-count.sh <known-counts.txt> <name> <program>
known=$1 name=$2 program=$3

cases=$("$program" --gtest_list_tests) || exit 1
listed=$(printf '%s\n' "$cases" | grep -c '^  ')
minimum=$(awk -v name="$name" '$1 == name { print $2 }' "$known")
if [ -z "$minimum" ]; then
	echo "$name lists $listed cases, but tests/known-counts.txt does not" \
		"know it; add the line: $name $listed" >&2
	exit 1
fi
if [ "$listed" -lt "$minimum" ]; then
	echo "$name lists $listed cases; $minimum are known" \
		"(tests/known-counts.txt)" >&2
	exit 1
fi
