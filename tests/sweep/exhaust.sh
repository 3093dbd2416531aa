#!/bin/sh
# SPDX-License-Identifier: MIT
# The sweep of all scenarios but those tagged slow or by-hand to exhaustion, a file
# after the other, those with the fewest faults in reach first, and from what there
# is then the second table in docs/sweep.md.  It takes hours: a folder keeps the
# results, and who breaks it off and starts it again goes on where it was.
# Usage: exhaust.sh <program> <folder> [option of ringside sweep]...   e.g. -j 2
#        exhaust.sh --table <folder>    the table alone
set -u
program=$1 folder=$2
shift 2
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" && mkdir -p "$folder" || exit 1

# The files in order: reach and path.
order() {
	"$program" sweep scenarios --exclude-tag slow,by-hand --runs 1 --no-recheck \
		--json="$folder/reach.jsonl" >/dev/null
	[ $? -le 1 ] || return 2
	python3 tests/sweep/table.py --reach "$folder/reach.jsonl" \
		>"$folder/order.new" && mv "$folder/order.new" "$folder/order"
}

if [ "$program" != --table ]; then
	[ -e "$folder/order" ] || order || exit 2
	while read -r _ file; do
		runs=$folder/$(echo "$file" | tr / _).jsonl
		[ ! -e "$runs" ] || continue
		"$program" sweep "$file" --exclude-tag slow,by-hand "$@" \
			--json="$folder/now.jsonl" >/dev/null
		[ $? -le 1 ] || exit 2
		mv "$folder/now.jsonl" "$runs"
	done <"$folder/order"
fi
exec python3 tests/sweep/table.py --exhausted "$folder" docs/sweep.md
