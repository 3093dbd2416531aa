#!/bin/sh
# SPDX-License-Identifier: MIT
# docs/clauses.md is what a run of all scenarios gives; RINGSIDE_UPDATE_GOLDEN=1
# writes it.  Exit 77: the Linux guests are not built.
# Usage: page.sh <program>   in the source's root
set -u
program=$1
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
export NO_COLOR=1 LC_ALL=C

for guest in linux-6.1 linux-6.12; do
	"$program" list guests "$guest" >"$tmp/list" 2>&1 || exit 77
done
"$program" suite scenarios --clauses "$tmp/clauses.csv" >"$tmp/log" 2>&1 || {
	cat "$tmp/log"
	exit 1
}
awk -f "$here/page.awk" sim/check/clauses/clauses.csv "$tmp/clauses.csv" \
	>"$tmp/clauses.md" || exit 1
if [ -n "${RINGSIDE_UPDATE_GOLDEN:-}" ]; then
	cp "$tmp/clauses.md" docs/clauses.md
	exit 0
fi
diff -u --label docs/clauses.md --label now docs/clauses.md "$tmp/clauses.md" || {
	echo "If the scenarios should exercise this: RINGSIDE_UPDATE_GOLDEN=1" \
		"./ringside test -R clauses.page"
	exit 1
}
