#!/bin/sh
# SPDX-License-Identifier: MIT
# The clauses that a page names in brackets, [SQ-MSG-D1], are kept by the run that
# it is about: exercised, and not broken.
# Usage: clauses.sh <program> <page> <scenario>   in the source's root
set -u
program=$1 page=$2 scenario=$3
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
"$program" suite "$scenario" --clauses "$tmp/clauses.csv" >"$tmp/out" || {
	cat "$tmp/out"
	exit 1
}
grep -o '\[[A-Z][A-Z]*-[A-Z0-9-]*[0-9]\]' "$page" | tr -d '[]' |
	sort -u >"$tmp/named"
[ -s "$tmp/named" ] || {
	echo "$page names no clause"
	exit 1
}
bad=0
while IFS= read -r id; do
	# clause,party,strength,observable,checked,kept,waived,broken,summary
	grep -q "^$id,[a-z]*,[A-Z]*,[a-z]*,yes,[1-9][0-9]*,0,0," \
		"$tmp/clauses.csv" || {
		echo "$page: $id is not kept by $scenario:" \
			"$(grep "^$id," "$tmp/clauses.csv" || echo no such clause)"
		bad=1
	}
done <"$tmp/named"
exit $bad
