#!/bin/sh
# SPDX-License-Identifier: MIT
# Every header compiles alone, whatever was included before it.  The guest's
# headers are compiled as guest code is.
# Usage: headers.sh <root of the source> <C compiler> <folder of made headers>
set -u
cd "$1" || exit 2
cc=$2 made=$3
failures=0
gcc_include=$("$cc" -print-file-name=include) || exit 2

# alone <header> <option>...
alone() {
	header=$1
	shift
	printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
		"$cc" -fsyntax-only -Wall -Wextra -Werror -I. -I"$made" "$@" - || {
		echo "$header does not compile on its own" >&2
		failures=$((failures + 1))
	}
}

# A header with extern "C" serves both languages; of the others, those of the
# platform are C++.
for header in $(find models sim guestdrv tests bench examples -name '*.h' \
	2>/dev/null | LC_ALL=C sort); do
	both=$(grep -c 'extern "C"' "$header")
	case $header in
	guestdrv/linux/*)
		continue
		;;
	guestdrv/* | tests/guests/*.h | tests/unit/*/guest/*.h | */ring_bench.h)
		alone "$header" -xc -std=gnu11 -ffreestanding -nostdinc \
			-isystem "$gcc_include" -Iguestdrv/include
		;;
	sim/platform/* | bench/*)
		both=$((both + 1))
		[ "$both" -eq 1 ] || alone "$header" -xc -std=gnu11
		;;
	*)
		alone "$header" -xc -std=gnu11
		;;
	esac
	[ "$both" -eq 0 ] || alone "$header" -xc++ -std=c++17
done
[ "$failures" -eq 0 ]
