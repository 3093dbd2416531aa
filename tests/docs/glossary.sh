#!/bin/sh
# SPDX-License-Identifier: MIT
# The glossary's words are in order, each is there once, and the program
# explains each of them in the glossary's own words.
# Usage: glossary.sh <program>   in the source's root
set -u
program=$1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
result=0

sed -n 's/^## //p' docs/glossary.md >"$tmp/words"
[ "$(wc -l <"$tmp/words")" -ge 50 ] || result=1
tr '[:upper:]' '[:lower:]' <"$tmp/words" >"$tmp/lower"
LC_ALL=C sort -u "$tmp/lower" | diff -u --label order --label page \
	- "$tmp/lower" || result=1

while IFS= read -r word; do
	text=$(awk -v word="## $word" '
		$0 == word { on = 1; next }
		on && $0 != "" { print; exit }' docs/glossary.md)
	"$program" explain "$word" 2>&1 | grep -qxF "$text" || {
		echo "explain '$word' does not say: $text"
		result=1
	}
done <"$tmp/words"
exit "$result"
