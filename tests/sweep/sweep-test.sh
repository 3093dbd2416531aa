#!/bin/sh
# SPDX-License-Identifier: MIT
# `ringside sweep` around what its transcripts show:
#   jobs       One or four at a time: the same bytes in every output.
#   again      The line of a finding shows that finding, by itself.
#   blame      What is found by itself is nobody's fault in a sweep: the file breaks
#              the hardware; a write that failed is on the medium or is not.
#   pairs      A bound on pairs is kept, and spread over the first faults.
#   interrupt  Ctrl-C: 130, what there is is told, no process stays behind.
#   guests     Some scenarios on each guest that is built: nothing is found.
# Usage: sweep-test.sh <program> <check>
set -u
program=$1 check=$2
tmp=$(mktemp -d) || exit 1
pid=
cleanup() {
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	rm -rf "$tmp"
}
trap cleanup EXIT
unset NO_COLOR
export LC_ALL=C

bad() {
	echo "sweep-test $check: $*" >&2
	for f in out err; do
		[ ! -e "$tmp/$f" ] ||
			sed "s/^/$f: /" "$tmp/$f" | tail -n 30 >&2
	done
	exit 1
}

# sweep <exit code> <argument>...
sweep() {
	want=$1
	shift
	"$program" sweep "$@" >"$tmp/out" 2>"$tmp/err"
	got=$?
	[ "$got" -eq "$want" ] || bad "sweep $*: exit $got, not $want"
}

check_jobs() {
	for j in 1 4; do
		sweep 1 -j $j -v scenarios/00-first-light.yaml \
			tests/guests/sweeps/leak.yaml --pairs 30 \
			--json="$tmp/json.$j" --junit "$tmp/junit.$j"
		mv "$tmp/out" "$tmp/text.$j"
	done
	for form in text json junit; do
		cmp "$tmp/$form.1" "$tmp/$form.4" || bad "$form differs"
	done
	grep -q "leak in kmalloc < make_set" "$tmp/text.1" ||
		bad "the leak was not found"
	python3 - "$tmp/json.1" <<-'END' || bad "the JSON is not what it says"
	import json, sys
	lines = [json.loads(line) for line in open(sys.argv[1])]
	runs = [l for l in lines if "ringside_sweep_run" in l]
	total = lines[-1]
	assert total["runs"] == len(runs) > 200, total
	assert total["failed"] == sum(r["verdict"] == "fail" for r in runs)
	assert len({tuple(r["faults"]) + (r["scenario"]["path"],)
	            for r in runs}) == len(runs), "a run is there twice"
	END
}

check_again() {
	for file in leak grudge; do
		sweep 1 "tests/guests/sweeps/$file.yaml"
		again=$(sed -n 's/^  again: ringside //p' "$tmp/out")
		[ "$(echo "$again" | wc -l)" -eq 1 ] || bad "one line again"
		code=$(sed -n 's/^FAIL \([a-z-]*\) .*/\1/p' "$tmp/out")
		# shellcheck disable=SC2086 # the words of a command
		"$program" $again >"$tmp/out" 2>"$tmp/err"
		[ $? -eq 1 ] || bad "$again: no failure"
		grep -qF "[$code]" "$tmp/out" || bad "$again: not $code"
	done
}

# not_blamed <code> <file[cell]> <fault>
not_blamed() {
	sweep 0 "$2" --inject "$3"
	"$program" run "$2" --inject "$3" >"$tmp/out" 2>"$tmp/err"
	grep -qF "[$1]" "$tmp/out" || bad "run $2 with $3: no $1"
}

check_blame() {
	not_blamed intx-stuck 'scenarios/field/isr-kept-over-reset.yaml[left]' \
		guest.pci.iomap@balloon0#6=ENOMEM
	not_blamed ring-freed 'scenarios/faults/pulled-out.yaml[hangs-for-ever]' \
		guest.mem.alloc@disk0#15=ENOMEM
	sweep 0 'scenarios/field/pulled-out.yaml[entries=0]' \
		--inject device.needs_reset@disk0#2
	sweep 0 'scenarios/blk/timing.yaml[timing=pci-33,dma=batched]' \
		--inject device.needs_reset@disk0#6
}

check_pairs() {
	file=scenarios/00-first-light.yaml
	for n in 7 60; do
		sweep 0 $file --point guest.irq.request --pairs $n -v
		[ "$(grep -c ' and guest' "$tmp/out")" -eq $n ] ||
			bad "not $n pairs"
	done
	[ "$(sed -n 's/ and guest.*//p' "$tmp/out" | sort -u | wc -l)" -ge 5 ] ||
		bad "all pairs have the same first fault"
}

check_interrupt() {
	"$program" sweep -j 3 scenarios/smp scenarios/balloon >"$tmp/out" \
		2>"$tmp/err" &
	pid=$!
	sleep 1
	children=$(ps -o pid= --ppid $pid)
	[ -n "$children" ] || bad "it runs no processes"
	kill -INT $pid
	wait $pid
	[ $? -eq 130 ] || bad "not 130"
	pid=
	sleep 0.3
	for child in $children; do
		kill -0 "$child" 2>/dev/null && bad "$child stays behind"
	done
	grep -qx interrupted "$tmp/out" || bad "it does not say so"
}

check_guests() {
	guests=$("$program" list guests |
		sed -n 's/^\(reference\|linux-6.1\|linux-6.12\) .*/\1/p' |
		paste -sd ,)
	sweep 0 --guest "$guests" scenarios/ladder/top.yaml \
		scenarios/00-first-light.yaml
	! grep -q "^0 injected runs" "$tmp/out" || bad "nothing was injected"
}

"check_$check"
