#!/bin/sh
# SPDX-License-Identifier: MIT
# docs/clauses.md claims no more than a run of all scenarios gives; for a check or
# a scenario more it need not be made anew at once.  RINGSIDE_UPDATE_GOLDEN=1
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
# What is checked and kept by now may be more than the page says, not less.
for what in '| yes |' '| yes | kept'; do
	for page in docs/clauses.md "$tmp/clauses.md"; do
		grep -F "$what" "$page" | cut -d ' ' -f 2 | sort >"$tmp/$(basename \
			"$(dirname "$page")").ids"
	done
	comm -23 "$tmp/docs.ids" "$tmp/$(basename "$tmp").ids" >"$tmp/fewer"
	[ ! -s "$tmp/fewer" ] || {
		sed "s#\$#: the page says '$what', which is not so any more#" \
			"$tmp/fewer"
		exit 1
	}
done
