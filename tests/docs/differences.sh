#!/bin/sh
# SPDX-License-Identifier: MIT
# docs/differences.md is what a run gives; RINGSIDE_UPDATE_GOLDEN=1 writes it.
# Fails where a difference has no reference in docs/differences.txt, or a
# reference no difference any more.  Exit 77: the Linux guests are not built.
# Usage: differences.sh <program>
set -u
program=$1
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
export NO_COLOR=1 LC_ALL=C

for guest in linux-6.1 linux-6.12; do
	"$program" list guests "$guest" >"$tmp/list" 2>&1 || exit 77
done
"$program" suite --compare scenarios >"$tmp/compared" || {
	cat "$tmp/compared"
	exit 1
}
awk -f "$here/differences.awk" docs/differences.txt "$tmp/compared" \
	>"$tmp/differences.md" || exit 1
if [ -n "${RINGSIDE_UPDATE_GOLDEN:-}" ]; then
	cp "$tmp/differences.md" docs/differences.md
	exit 0
fi
diff -u --label docs/differences.md --label now docs/differences.md \
	"$tmp/differences.md" || {
	echo "If the guests should differ in this way: RINGSIDE_UPDATE_GOLDEN=1" \
		"./ringside test -R docs.differences"
	exit 1
}
