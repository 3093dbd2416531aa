#!/bin/sh
# SPDX-License-Identifier: MIT
# Every test program that tests/known-counts.txt knows is among those built.
# Usage: known-programs.sh <known-counts.txt> <name>...
known=$1
shift

missing=0
for name in $(sed 's/#.*//' "$known" | awk 'NF { print $1 }'); do
	case " $* " in
	*" $name "*) ;;
	*)
		echo "$name is in tests/known-counts.txt, but is not built" >&2
		missing=1
		;;
	esac
done
exit "$missing"
