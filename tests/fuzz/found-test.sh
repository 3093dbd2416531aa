#!/bin/sh
# SPDX-License-Identifier: MIT
# `ringside fuzz` sees red: a driver that reads a used element's id twice if it is
# bad is found, both places are told, and the line that is printed shows it again.
# Usage: found-test.sh <ringside> <image>
set -u
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

fail() {
	echo "$1:" >&2
	cat "$out" >&2
	exit 1
}

"$1" fuzz scenarios/00-first-light.yaml --guest "$2" --runs 300 --minimize \
	>"$out" 2>&1
[ $? -eq 1 ] || fail "exit code is not 1"
grep -q '^double-fetch in virtqueue_get_buf: ' "$out" || fail "not found"
grep -q '^300 runs, [1-9][0-9]* with findings (1 kinds)' "$out" ||
	fail "not counted"
grep -A1 'read before at' "$out" | grep -q 'virtqueue_get_buf.*:' ||
	fail "the first place is missing"
grep -A1 'read again at' "$out" | grep -q 'virtqueue_get_buf.*:' ||
	fail "the second place is missing"
[ "$(grep -c ', step [0-9]*: ' "$out")" -eq 1 ] || fail "not minimized"

again=$(sed -n 's/^  again: ringside //p' "$out")
eval "\"$1\" $again" >"$out" 2>&1
[ $? -eq 1 ] || fail "again: exit code is not 1"
grep -q '^double-fetch' "$out" || fail "again: not found"
