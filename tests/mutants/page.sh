#!/bin/sh
# SPDX-License-Identifier: MIT
# The tables of docs/mutants.md are what the patches say of themselves.  With
# RINGSIDE_UPDATE_GOLDEN=1 they are written anew.
# Usage: page.sh   in the source's root
set -u
page=docs/mutants.md
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# table <folder>: a row a patch, in order of name.
table() {
	echo "| mutant | what is wrong | as in | found by | scenario |"
	echo "|---|---|---|---|---|"
	for patch in tests/mutants/"$1"/*.patch; do
		awk -v name="$(basename "$patch" .patch)" '
			/^--- / { exit }
			{
				key = $1
				sub(/^[A-Za-z]*: */, "")
				field[key] = $0
			}
			END {
				sub(/^scenarios\//, "", field["Scenario:"])
				printf "| `%s` | %s | %s | `%s` | `%s` |\n",
					name, field["About:"], field["Refs:"],
					field["Found:"], field["Scenario:"]
			}' "$patch"
	done
}

table driver >"$tmp/driver"
table device >"$tmp/device"
awk -v tmp="$tmp" '
	/^<!-- end -->$/ { skip = 0 }
	!skip { print }
	/^<!-- (driver|device): / {
		file = tmp "/" substr($2, 1, length($2) - 1)
		while ((getline line <file) > 0)
			print line
		skip = 1
	}' "$page" >"$tmp/page"
if [ -n "${RINGSIDE_UPDATE_GOLDEN:-}" ]; then
	cp "$tmp/page" "$page"
	exit 0
fi
# An empty table would agree with an empty page.
[ "$(grep -c '^| `' "$tmp/page")" -ge 65 ] || exit 1
diff -u --label "the patches" --label "$page" "$tmp/page" "$page"
