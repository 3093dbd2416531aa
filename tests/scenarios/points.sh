#!/bin/sh
# SPDX-License-Identifier: MIT
# Does a scenario reach each fault point?  Runs all of scenarios/, and fails for a
# point of `ringside list faults` at which no rule of any of them has fired.
# Exit 77: the Linux guests are not built, and with them some points' only users.
# Usage: points.sh <program> <source root>
set -u
program=$1
cd "$2" || exit 1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# Points that no scenario of the project can reach, and why.
cat >"$tmp/exempt" <<'END'
device.blk.overflow
device.features.select
device.isr.pending
device.msix.bus_master
device.msix.pba
device.reset.vectors
device.vector.beyond
guest.kthread.create
guest.sysfs.create_file
END
# device.*: no driver here does what it takes (a sector beyond 2^55,
# a look at the pending bits...); the unit tests of the model do.
# guest.kthread.create: no driver of ours or of Linux's that are taken makes a
# thread; it is for drivers of one's own.
# guest.sysfs.create_file: 9p's driver asks for it, and there is no such device.

"$program" list guests | grep -q '^linux-6.1 .*not built' && exit 77
"$program" list faults -v | awk '
	/^[a-z]/ { if (name) print name; name = $1; next }
	END { if (name) print name }' | sort >"$tmp/points"
[ -s "$tmp/points" ] || exit 1
"$program" suite scenarios --json="$tmp/json" >"$tmp/out" 2>&1 || {
	tail -20 "$tmp/out"
	exit 1
}
# {"point": "guest.irq.request", "device": "disk0", "calls": 3, "hits": 1}
grep -o '{"point": "[^"]*"[^{}]*"hits": [1-9][^{}]*}' "$tmp/json" |
	sed 's/{"point": "\([^"]*\)".*/\1/' | sort -u >"$tmp/hit"
comm -23 "$tmp/points" "$tmp/hit" | grep -vxF -f "$tmp/exempt" >"$tmp/never"
comm -12 "$tmp/hit" "$tmp/exempt" >"$tmp/needless"
status=0
[ ! -s "$tmp/never" ] || {
	echo "no scenario reaches these fault points:"
	cat "$tmp/never"
	status=1
}
[ ! -s "$tmp/needless" ] || {
	echo "reached, and yet exempted in $0:"
	cat "$tmp/needless"
	status=1
}
exit $status
