#!/bin/sh
# SPDX-License-Identifier: MIT
# Each clause that a check names is seen broken by a unit test, and kept or not
# touched by one that comes close: the tests of the rule book say what they saw
# in the file $RINGSIDE_CLAUSES_SAID.  For the older checks, in sim/check itself,
# a test in tests/unit/check that has the clause's id in a string will do.
# pairs-test.sh shows that this can fail.
# Usage: pairs.sh <root of the source> <tests of the rule book>
set -u
LC_ALL=C
export LC_ALL
cd "$1" || exit 2
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT

# Names of clauses as their ids.
ids() {
	grep -oE 'CLAUSE_[A-Z0-9_]*_I?L?[DV][0-9]+' |
		sed 's/^CLAUSE_//; s/_/-/g' | sort -u
}

RINGSIDE_CLAUSES_SAID=$tmp/said "$2" >"$tmp/log" 2>&1 || {
	cat "$tmp/log"
	exit 1
}
find sim/check -name '*.c' ! -name clause.c -exec cat {} + | ids >"$tmp/checked"
find tests/unit/check -name '*.c' -exec cat {} + 2>/dev/null |
	grep -o '"[^"]*"' | grep -oE '[A-Z0-9]+(-[A-Z0-9]+)*-I?L?[DV][0-9]+' |
	sort -u >"$tmp/named"

# missing <what was said> <what for>
missing() {
	grep -E "^($1) " "$tmp/said" | cut -d ' ' -f 2 |
		sort -u - "$tmp/named" | comm -23 "$tmp/checked" - |
		sed "s|\$| is checked, and no unit test sees it $2|"
}
{
	missing broken broken
	missing 'kept|untouched' 'kept or untouched'
} | sort >"$tmp/missing"
cat "$tmp/missing"
[ -s "$tmp/checked" ] || echo 'no clause is checked at all'
[ -s "$tmp/checked" ] && [ ! -s "$tmp/missing" ]
