#!/bin/sh
# SPDX-License-Identifier: MIT
# A page in another language says what the page says of which it is one: the same
# code, words in backticks, links, headings, rows of tables and points of lists.
# The links of the two to each other do not count.  Prints what one of them lacks;
# exit 1.
# Usage: translation.sh <page> <translation>      in the source's root
set -u
page=$1
other=$2
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

# things <page>: a line for each, the kind first.
things() {
	awk -v ours="](${page##*/})" -v theirs="](${other##*/})" '
	function all(kind, pattern, s) {
		while (match(s, pattern)) {
			word = substr(s, RSTART, RLENGTH)
			s = substr(s, RSTART + RLENGTH)
			if (word != ours && word != theirs)
				print kind, word
		}
	}
	/^```/ { fence = !fence }
	fence || /^```/ || /^    / { print "code", $0; next }
	/^#+ / { print "heading", $1 }
	/^[|]/ { print "row", gsub(/[|]/, "|") " bars" }
	/^[*] / { print "point" }
	{
		all("word", "`[^`]*`", $0)
		all("link", "[]][(][^)]*[)]", $0)
	}' "$1" | sort
}

things "$page" >"$dir/page"
things "$other" >"$dir/other"
comm -23 "$dir/page" "$dir/other" >"$dir/lacks"
comm -13 "$dir/page" "$dir/other" >"$dir/more"
sed "s|^|$other has not, as $page has: |" "$dir/lacks"
sed "s|^|$other has, and $page has not: |" "$dir/more"
if [ -s "$dir/lacks" ] || [ -s "$dir/more" ]; then
	echo "What is new in $page belongs into $other too, in English until somebody translates it."
	exit 1
fi
