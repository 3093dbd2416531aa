#!/bin/sh
# SPDX-License-Identifier: MIT
# What an added device that nobody uses changes in a trace:
#   not-seen  The guest never looks at its slot.  Nothing: all lines but its own
#             two resets at power-on are the same, byte for byte.
#   bound     The guest scans it, and binds its driver to it.  That is work of
#             the guest, so the other device's lines come later, and the guest's
#             heap has given other pages; no more than that (idle.awk).
# Usage: idle.sh <program> <check>
set -u
program=$1 check=$2
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# traces <file>: to alone.txt and beside.txt
traces() {
	for cell in alone beside; do
		"$program" run "$here/$1[$cell]" --trace "$tmp/$cell.txt" \
			>"$tmp/out" || {
			cat "$tmp/out"
			exit 1
		}
	done
	grep -q ' idle ' "$tmp/beside.txt" || {
		echo "the idle device is not in the trace" >&2
		exit 1
	}
}

case $check in
not-seen)
	traces idle-bare.yaml
	grep -v '^ *[0-9.]* idle ' "$tmp/beside.txt" >"$tmp/others.txt"
	[ "$(grep -c '^ *[0-9.]* idle ' "$tmp/beside.txt")" -eq \
		"$(grep -c '^ *0.000 idle *reset ' "$tmp/beside.txt")" ] || {
		echo "the guest has touched the idle device" >&2
		exit 1
	}
	diff "$tmp/alone.txt" "$tmp/others.txt" || exit 1
	;;
bound)
	traces idle-reference.yaml
	awk -f "$here/idle.awk" "$tmp/alone.txt" "$tmp/beside.txt" || exit 1
	;;
*)
	echo "idle.sh: no check '$check'" >&2
	exit 1
	;;
esac
