#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs every cell of one scenario file.  Exit 0: all passed (some may have been
# skipped); 77: all were skipped; 1: one failed, or there was none.
# Usage: run-file.sh <program> <scenario file>
set -u
program=$1 file=$2

cells=$("$program" list scenarios --cells "$file") || exit 1
[ -n "$cells" ] || {
	echo "$file has no cell to run" >&2
	exit 1
}

passed=0 skipped=0 failed=0
while IFS= read -r cell; do
	"$program" run "$cell" </dev/null
	case $? in
	0) passed=$((passed + 1)) ;;
	77) skipped=$((skipped + 1)) ;;
	*) failed=$((failed + 1)) ;;
	esac
done <<END
$cells
END

echo "$file: $passed passed, $skipped skipped, $failed failed"
[ "$failed" -eq 0 ] || exit 1
[ "$passed" -ne 0 ] || exit 77
