#!/bin/sh
# SPDX-License-Identifier: MIT
# The sweep of all scenarios but those tagged slow or by-hand, each on the guests
# that its file names, and from its results the table in docs/sweep.md.  Takes a
# while.
# Usage: all.sh <program> [option of ringside sweep]...   e.g. --runs 20
set -u
program=$1
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
cd "$root" || exit 1
"$program" sweep scenarios --exclude-tag slow,by-hand "$@" --json="$tmp/runs.jsonl"
code=$?
[ "$code" -le 1 ] || exit "$code"
python3 tests/sweep/table.py "$tmp/runs.jsonl" docs/sweep.md "$*"
exit "$code"
