#!/bin/sh
# SPDX-License-Identifier: MIT
# Looking on changes nothing: with and without a trace, a result in JSON, or a
# stop that is never reached, verdict, facts and text are the same.
# Usage: observers.sh <program>
set -u
program=$1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# ends <exit code> <argument>...: text in $tmp/text
ends() {
	want=$1
	shift
	"$program" run "$@" >"$tmp/text"
	got=$?
	[ "$got" -eq "$want" ] || {
		echo "run $*: exit $got, not $want" >&2
		exit 1
	}
}

same() {
	cmp "$tmp/$1" "$tmp/$2" || {
		diff "$tmp/$1" "$tmp/$2" | head -n 20 >&2
		exit 1
	}
}

# watch <exit code> <argument>...
watch() {
	ends "$@"
	mv "$tmp/text" "$tmp/plain"

	ends "$@" --json="$tmp/json"
	same plain text
	ends "$@" --json
	same json text

	ends "$@" --json="$tmp/traced" --trace "$tmp/trace.txt"
	same plain text
	same json traced

	ends "$@" --json="$tmp/stop" --stop-at 1000000000 \
		--trace "$tmp/stop.txt"
	same plain text
	same json stop
	same trace.txt stop.txt
	ends "$@" --trace "$tmp/zipped.txt.gz"
	gzip -dc "$tmp/zipped.txt.gz" >"$tmp/zipped.txt" || exit 1
	same trace.txt zipped.txt

	# A line a format and an event.
	ends "$@" --trace "$tmp/trace.jsonl"
	[ "$(wc -l <"$tmp/trace.txt")" -eq "$(wc -l <"$tmp/trace.jsonl")" ] &&
		grep -q "\"events\": $(wc -l <"$tmp/trace.txt")," "$tmp/json" ||
		exit 1
}

watch 0 scenarios/00-first-light.yaml
watch 0 'scenarios/blk/all-queues-at-once.yaml[shared]'
watch 1 scenarios/ladder/up-and-down.yaml --set expect.0.interrupts=none
