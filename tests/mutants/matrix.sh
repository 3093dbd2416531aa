#!/bin/sh
# SPDX-License-Identifier: MIT
# Which checks find which mutants: each mutant on all scenarios, or on those that
# are given.  A line a mutant: its name, and for each code how many cells ended
# with it, the most first; "nothing" where all pass.  All of it takes minutes.
# Usage, in the source's root: matrix.sh <build folder> [PATH...]
set -u
build=$1
shift
[ $# -gt 0 ] || set -- scenarios
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
here=tests/mutants
for patch in "$here"/driver/*.patch "$here"/device/*.patch; do
	name=${patch#"$here"/}
	"$here/mutant.sh" "$build" "$patch" "$tmp/work" "$@" >"$tmp/codes" || {
		cat "$tmp/codes"
		exit 1
	}
	awk -v name="${name%.patch}" '
		{ codes = codes " " $2 "=" $1 }
		END { print name ":" (codes ? codes : " nothing") }' "$tmp/codes"
done
