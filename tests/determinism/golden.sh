#!/bin/sh
# SPDX-License-Identifier: MIT
# The checksums of a few traces, kept in a file: every build, with sanitizers or
# without, gives the same ones.  Whoever changes what a guest or a device does
# changes them too: RINGSIDE_UPDATE_GOLDEN=1 writes them down, and the diff of
# the traces themselves belongs into the review.
# Usage: golden.sh <program> <file>
set -u
program=$1 golden=$2
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# CRC and length by POSIX cksum, then the cell.
while read -r _ _ cell; do
	"$program" run "$cell" --trace "$tmp/trace.txt" >"$tmp/out" || {
		cat "$tmp/out"
		exit 1
	}
	echo "$(cksum <"$tmp/trace.txt") $cell"
done <"$golden" >"$tmp/sums"

[ -s "$tmp/sums" ] || exit 1
if [ -n "${RINGSIDE_UPDATE_GOLDEN:-}" ]; then
	cp "$tmp/sums" "$golden"
	exit 0
fi
diff -u --label expected --label now "$golden" "$tmp/sums" || {
	echo "If these traces should change: RINGSIDE_UPDATE_GOLDEN=1" \
		"./ringside test -R determinism.golden"
	exit 1
}
