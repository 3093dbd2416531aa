#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs each scenario several times: one trace, byte for byte, and one output.
# Usage: repeat.sh <program> <times> <cell>...
set -u
program=$1 times=$2
shift 2
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# once <cell> <name>
once() {
	"$program" run "$1" --trace "$tmp/$2.txt" >"$tmp/$2.out" || {
		echo "$1: exit $?" >&2
		exit 1
	}
}

for cell; do
	once "$cell" first
	[ -s "$tmp/first.txt" ] || exit 1
	n=1
	while [ "$n" -lt "$times" ]; do
		n=$((n + 1))
		once "$cell" again
		for part in txt out; do
			cmp "$tmp/first.$part" "$tmp/again.$part" || {
				echo "$cell: run $n differs" >&2
				diff "$tmp/first.$part" "$tmp/again.$part" |
					head -n 20 >&2
				exit 1
			}
		done
	done
	echo "$cell: $times runs, $(wc -l <"$tmp/first.txt") lines each"
done
