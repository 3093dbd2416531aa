#!/bin/sh
# SPDX-License-Identifier: MIT
# What the shim does where it is hard to say in a test of its own: failing
# cases, an empty run, filters, shards, XML, and the count of known cases.
# Usage: shim-test.sh <check> <program shim_failing>
set -u
check=$1 program=$2
here=$(cd "$(dirname "$0")" && pwd)
count=$here/../../shim/known-count.sh
programs=$here/../../shim/known-programs.sh
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

bad() {
	echo "shim-test $check: $*" >&2
	exit 1
}

case $check in
failures)
	"$program" --gtest_color=no >"$tmp/out" 2>&1 && bad "exit 0"
	sed 's/ ([0-9]* ms\( total\)\{0,1\})//' "$tmp/out" >"$tmp/text"
	if [ -n "${RINGSIDE_UPDATE_GOLDEN:-}" ]; then
		cp "$tmp/text" "$here/failing.txt"
	fi
	diff -u "$here/failing.txt" "$tmp/text" || bad "other output"
	;;
nothing-ran)
	"$program" --gtest_filter=no.such >"$tmp/out" 2>&1 && bad "exit 0"
	grep -q 'no test ran' "$tmp/out" || bad "no word about it"
	"$program" nonsense >"$tmp/out" 2>&1 && bad "took an argument"
	;;
filter)
	"$program" --gtest_filter=failing.passes >"$tmp/out" || bad "failed"
	grep -q '1 test from 1 test suite ran' "$tmp/out" || bad "other count"
	;;
sharding)
	total=0
	for shard in 0 1 2; do
		GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=$shard \
			"$program" >"$tmp/out" 2>&1
		n=$(grep -c '^\[ RUN' "$tmp/out")
		total=$((total + n))
	done
	[ "$total" = "$("$program" --gtest_list_tests | grep -c '^  ')" ] ||
		bad "$total cases in all shards"
	GTEST_TOTAL_SHARDS=64 GTEST_SHARD_INDEX=63 "$program" >"$tmp/out" ||
		bad "an empty shard failed"
	;;
xml)
	"$program" --gtest_output=xml:"$tmp/r.xml" >"$tmp/out" 2>&1
	line=$(grep -n '^TEST(failing, strings)' "$here/failing.c")
	grep -q "name=\"strings\" file=\"[^\"]*failing.c\" line=\"${line%%:*}\"" \
		"$tmp/r.xml" || bad "no file and line in the XML"
	;;
known-count)
	n=$("$program" --gtest_list_tests | grep -c '^  ')
	echo "x $n" >"$tmp/known"
	"$count" "$tmp/known" x "$program" || bad "red with the right count"
	echo "x $((n + 1))" >"$tmp/known"
	"$count" "$tmp/known" x "$program" 2>"$tmp/out" &&
		bad "green although a case is gone"
	grep -q "$n cases; $((n + 1)) are known" "$tmp/out" || bad "other text"
	"$count" "$tmp/known" y "$program" 2>"$tmp/out" &&
		bad "green for a program that is not known"
	grep -q "add the line: y $n" "$tmp/out" || bad "no advice"
	printf '# text\nx 1\ny 2 # more\n' >"$tmp/known"
	"$programs" "$tmp/known" y z x || bad "red with all programs"
	"$programs" "$tmp/known" x yy 2>"$tmp/out" &&
		bad "green although a program is gone"
	grep -q '^y is in' "$tmp/out" || bad "not named"
	;;
*)
	bad "unknown check"
	;;
esac
exit 0
