#!/bin/sh
# SPDX-License-Identifier: MIT
# Which of Linux's own lines the scenarios execute, file by file and image by
# image.  gcov's counters stay in the build folder: annotated sources of Linux
# are not to be handed on (docs/licence.md).
# Usage: coverage.sh <build folder of the coverage preset> [SCENARIO...]
set -u
build=$(cd "$1" && pwd) || exit 2
shift
source=$(cd "$(dirname "$0")/../.." && pwd) || exit 2
[ $# -gt 0 ] || set -- "$source/scenarios"

find "$build/guestdrv" -name '*.gcda' -delete
# A scenario that fails has executed something too.
"$build/bin/ringside" suite --only-failed "$@" >"$build/coverage.log" 2>&1
tail -n 1 "$build/coverage.log"

for objects in "$build"/guestdrv/CMakeFiles/linux-*-sources.dir; do
	case $objects in *-checked-sources.dir) continue ;; esac
	[ -d "$objects" ] || continue
	image=$(basename "$objects" -sources.dir)
	find "$objects" -name '*.gcda' | sort | while IFS= read -r data; do
		(cd "$build" && gcov -n "$data" 2>/dev/null) | awk -v image="$image" '
			/^File / { file = $2; gsub(/\047/, "", file) }
			/^Lines executed/ && file ~ /\.c$/ &&
			file !~ /guestdrv\/linux/ {
				split($0, part, /[:% ]+/)
				sub(/.*\/tree\//, "", file)
				printf "%-12s %-42s %6.1f %% of %d lines\n",
					image, file, part[3], part[5]
			}
			/^Lines executed/ { file = "" }'
	done
done
