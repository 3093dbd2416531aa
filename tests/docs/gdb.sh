#!/bin/sh
# SPDX-License-Identifier: MIT
# The session of docs/debugging.md, typed into a real gdb.  Exit 77: no gdb.
# Usage: gdb.sh <program>
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
program=$(readlink -f "$1")
command -v gdb >/dev/null || exit 77
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
# Neither the user's own settings nor a question about debug servers.
export HOME="$tmp" DEBUGINFOD_URLS="" TERM=dumb NO_COLOR=1
cd "$root" || exit 1

bad() {
	echo "gdb.sh: $*" >&2
	cat "$tmp/log" >&2
	exit 1
}

scenario=scenarios/00-first-light.yaml
: >"$tmp/log"
"$program" run "$scenario" --trace "$tmp/t.txt" >"$tmp/log" || bad "no trace"
event=$(grep -n -m 1 ' kick ' "$tmp/t.txt" | cut -d : -f 1)
awk '/^```$/ { on = 0 } on; /^```gdb$/ { on = 1 }' docs/debugging.md \
	>"$tmp/session"
[ -s "$tmp/session" ] || bad "no session in docs/debugging.md"
timeout 120 "$program" run "$scenario" --gdb --stop-at "$event" \
	<"$tmp/session" >"$tmp/log" 2>&1

# In this order, other lines between.
cat >"$tmp/want" <<END
Breakpoint 1, run_stop_point (event=$event)
notify_write
host_bridge::deliver
Breakpoint 2, vblk_request
#0  vblk_request
vq_serve
= 2
Breakpoint 3, vring_interrupt
#0  vring_interrupt
guest_irq_enter
cpu 0  init  waiting on
guest_sleep_until
virtblk_wait
cpu 0  init  waiting on
END
awk 'NR == FNR { want[++n] = $0; next }
	{ while (at < n && (place = index($0, want[at + 1]))) {
		at++
		$0 = substr($0, place + length(want[at]))
	} }
	END { if (at < n) print "not found: " want[at + 1]; exit at < n }' \
	"$tmp/want" "$tmp/log" >"$tmp/missing" || bad "$(cat "$tmp/missing")"
! grep -q 'Python Exception\|Error in sourced\|No symbol' "$tmp/log" ||
	bad "an error of gdb"
exit 0
