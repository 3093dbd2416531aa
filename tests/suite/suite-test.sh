#!/bin/sh
# SPDX-License-Identifier: MIT
# `ringside suite` around what its transcripts show:
#   order      One or eight at a time: the same bytes in every output.
#   files      Results appear whole or not at all; one that cannot be written
#              makes exit 3.
#   shards     In parts and joined: the same bytes as in one.
#   resume     Cut off anywhere and gone on with: the same bytes; what is of
#              something else is run again.
#   baseline   What is new, fixed and still failing.
#   junit      The XML is what tests/suite/junit.xsd says.
#   skips      A guest that is not built: 77 when nothing else is there.
#   killed     A process that is killed costs its own cell.
#   interrupt, terminate
#              Ctrl-C or SIGTERM: 130, what there is is told, no process stays behind.
#   terminal   Progress only on a terminal, and gone at the end.
#   closed     Standard output, input and error closed.
# Usage: suite-test.sh <program> <check>
set -u
program=$1 check=$2
root=$(pwd)
tmp=$(mktemp -d) || exit 1
pid=
cleanup() {
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	rm -rf "$tmp"
}
trap cleanup EXIT
unset NO_COLOR RINGSIDE_GUEST_PATH GITHUB_ACTIONS
export LC_ALL=C

bad() {
	echo "suite-test $check: $*" >&2
	for f in out err; do
		[ ! -e "$tmp/$f" ] ||
			sed "s/^/$f: /" "$tmp/$f" | head -n 30 >&2
	done
	exit 1
}

# suite <exit code> <argument>...
suite() {
	want=$1
	shift
	"$program" suite "$@" >"$tmp/out" 2>"$tmp/err"
	got=$?
	[ "$got" -eq "$want" ] || bad "suite $*: exit $got, not $want"
}

last_is() {
	[ "$(tail -n 1 "$tmp/out")" = "$1" ] || bad "the last line is not '$1'"
}

# disk <file> <times>: each of its three cells reads the disk so many times
disk() {
	cat >"$tmp/$1" <<-END
	schema: 1
	budget: {time: 1000s}
	machine:
	  memory: 16MiB
	  devices:
	    - {id: disk0, model: virtio-blk, image: words.img.gz}
	matrix: {cpus: [1, 2, 3]}
	x-note: "\${cpus}"
	workload:
	  - repeat: {times: $2, steps: [{blk.read: {device: disk0}}]}
	expect:
	  - {device: disk0, vectors: "\${cpus}"}
	END
	sed -i 's/^  memory/  cpus: "${cpus}"\n  memory/' "$tmp/$1"
	cp "$root/scenarios/data/words.img.gz" "$tmp"
}

# The processes that $pid has forked, once there are some.
children() {
	list=/proc/$pid/task/$pid/children
	[ -r "$list" ] || exit 77
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		found=$(cat "$list")
		[ -z "$found" ] || break
		sleep 0.1
	done
	[ -n "$found" ] || bad "no process runs a cell"
}

case $check in
order)
	for j in 1 8; do
		"$program" suite -j "$j" --junit "$tmp/$j.xml" \
			--json="$tmp/$j.json" scenarios examples \
			>"$tmp/$j.out" 2>"$tmp/err" || bad "exit $?"
		"$program" suite -j "$j" --json scenarios/ladder \
			>"$tmp/$j.stdout" 2>"$tmp/err" || bad "exit $?"
		[ ! -s "$tmp/err" ] || bad "a message"
		# With failures in it.
		disk fail.yaml 2
		(cd "$tmp" && "$program" suite -j "$j" fail.yaml) \
			>"$tmp/$j.fail"
		[ $? -eq 1 ] || bad "not failed"
	done
	for kind in out xml json stdout fail; do
		[ -s "$tmp/1.$kind" ] || bad "no $kind"
		cmp "$tmp/1.$kind" "$tmp/8.$kind" || bad "$kind differs"
	done
	grep -q '^FAIL fail\[cpus=3\]' "$tmp/1.fail" || bad "not the failure"
	cells=$("$program" list scenarios --cells scenarios examples | wc -l)
	[ "$(grep -c '<testcase ' "$tmp/1.xml")" -eq "$cells" ] ||
		bad "not a testcase for each of $cells cells"
	[ "$(wc -l <"$tmp/1.json")" -eq $((cells + 1)) ] ||
		bad "not a record for each of $cells cells"
	# A record begins with what `run` tells.
	cell=scenarios/00-first-light.yaml
	"$program" run "$cell" --json | tr -d ' \n' | sed 's/}$//' >"$tmp/run"
	grep -F "\"path\": \"$cell\"" "$tmp/1.json" | tr -d ' \n' |
		head -c "$(wc -c <"$tmp/run")" >"$tmp/record"
	cmp "$tmp/run" "$tmp/record" || bad "the record is not run's"
	;;
files)
	echo old >"$tmp/old.xml"
	suite 0 --junit "$tmp/old.xml" --json="$tmp/new.json" \
		scenarios/00-first-light.yaml
	last_is "1 passed, 0 failed, 0 skipped"
	grep -q '^</testsuites>$' "$tmp/old.xml" || bad "not replaced"
	[ -s "$tmp/new.json" ] || bad "no file"
	suite 3 --junit "$tmp/none/x.xml" scenarios/00-first-light.yaml
	grep -q 'x.xml cannot be written' "$tmp/err" || bad "not told"
	last_is "1 passed, 0 failed, 0 skipped"
	suite 3 --json=/dev/full scenarios/00-first-light.yaml
	left=$(find "$tmp" -name '*.xml.*' -o -name '*.json.*')
	[ -z "$left" ] || bad "left behind: $left"
	;;
shards)
	disk fail.yaml 1
	set -- scenarios/ladder "$tmp/fail.yaml" "$tmp/none.yaml"
	suite 2 -j 8 --json="$tmp/1.json" --junit "$tmp/1.xml" \
		--tap="$tmp/1.tap" "$@"
	mv "$tmp/out" "$tmp/1.out"
	for i in 3 1 2; do
		"$program" suite -j "$i" --shard "$i/3" --json="$tmp/part.$i" \
			"$@" >/dev/null 2>"$tmp/err"
		[ ! -s "$tmp/err" ] || bad "a message"
	done
	"$program" merge "$tmp/part.2" "$tmp/part.3" "$tmp/part.1" \
		--json="$tmp/2.json" --junit "$tmp/2.xml" --tap="$tmp/2.tap" \
		>"$tmp/2.out"
	[ $? -eq 2 ] || bad "the parts' exit code is not the whole's"
	for kind in out json xml tap; do
		[ -s "$tmp/1.$kind" ] || bad "no $kind"
		cmp "$tmp/1.$kind" "$tmp/2.$kind" || bad "$kind differs"
	done
	# One file alone is what it was.
	"$program" merge --json "$tmp/1.json" >"$tmp/again"
	cmp "$tmp/1.json" "$tmp/again" || bad "the whole differs"
	;;
resume)
	disk fail.yaml 1
	disk more.yaml 1
	cd "$tmp" || exit 1
	suite 1 --json=whole.json fail.yaml more.yaml
	mv out whole.out
	size=$(wc -c <whole.json)
	for part in 0 1 3 5 8 9; do
		head -c $((size * part / 9)) whole.json >cut.json
		suite 1 --resume --json=cut.json fail.yaml more.yaml
		cmp whole.json cut.json || bad "differs after $part/9"
		cmp whole.out out || bad "the text differs after $part/9"
	done
	# there <number>: so many were not run again
	there() {
		grep -qx "ringside: $1 of 6 results are there already" err ||
			bad "not $1 were there"
		rm -f cut.json
	}
	there 6
	# Beside a file that is not there yet; its last line is cut off.
	head -n 2 whole.json >cut.json.partial
	head -c 100 whole.json >>cut.json.partial
	suite 1 --resume --json=cut.json fail.yaml more.yaml
	cmp whole.json cut.json || bad "differs"
	[ ! -e cut.json.partial ] || bad "left behind"
	there 2
	# Another seed, other knowledge, another scenario, another program.
	cp whole.json cut.json
	suite 1 --resume --seed 2 --json=cut.json fail.yaml more.yaml
	there 0
	echo 'fail*=1]: bug 1' >known
	cp whole.json cut.json
	suite 1 --resume --known known --json=cut.json fail.yaml more.yaml
	grep -q '"verdicts": {"pass": 2, "known": 1, "fail": 3}' cut.json ||
		bad "the known failure is none"
	there 5
	sed 's/"program": "0x/&f/' whole.json >cut.json
	suite 1 --resume --json=cut.json fail.yaml more.yaml
	there 0
	sed 's/"verdict": "[a-z]*"/"verdict": "simulator"/' whole.json >cut.json
	suite 1 --resume --json=cut.json fail.yaml more.yaml
	there 0
	echo '# another' >>more.yaml
	cp whole.json cut.json
	suite 1 --resume --json=cut.json fail.yaml more.yaml
	there 3
	# Also of what the file takes from elsewhere.
	echo 'tags: [a]' >common.yaml
	echo 'defaults: common.yaml' >>more.yaml
	suite 1 --json=cut.json fail.yaml more.yaml
	echo 'tags: [b]' >common.yaml
	suite 1 --resume --json=cut.json fail.yaml more.yaml
	there 3
	;;
baseline)
	disk fail.yaml 1
	cd "$tmp" || exit 1
	suite 1 --json=before.json fail.yaml
	last_is "1 passed, 2 failed, 0 skipped"
	[ ! -s err ] || bad "a message"
	GITHUB_ACTIONS=true "$program" suite fail.yaml >out 2>err
	[ "$(grep -c '^::error file=fail.yaml,line=13,col=30,' err)" -eq 2 ] ||
		bad "GitHub is not told"
	GITHUB_ACTIONS=true "$program" suite --baseline before.json fail.yaml \
		>out 2>err
	[ ! -s err ] || bad "GitHub is told of what is not new"
	suite 0 --baseline before.json fail.yaml
	grep -qx 'against before.json: 0 new, 0 fixed, 2 still failing' out ||
		bad "not told"
	sed -i 's/vectors: .*/vectors: {max: 1}}/' fail.yaml
	suite 1 --baseline before.json --json=before.json fail.yaml
	grep -q '"exit": 1, .*"baseline": {"new": 1, "still": 2, "fixed": 0}}' \
		before.json || bad "not in the result"
	sed -i 's/vectors: .*/vectors: 2}/' fail.yaml
	suite 0 --baseline before.json fail.yaml
	grep -qx 'against before.json: 0 new, 3 fixed, 0 still failing' out ||
		bad "not told that it is fixed"
	;;
junit)
	command -v xmllint >/dev/null || exit 77
	disk fail.yaml 1
	# All that can become of a cell but to be lost.
	echo 'fail*1]: known' >"$tmp/known"
	sed 's/guest: .*//; s/^machine:/machine:\n  guest: none-such/' \
		"$tmp/fail.yaml" >"$tmp/none.yaml"
	(cd "$tmp" && "$program" suite --known known --junit x.xml fail.yaml \
		none.yaml "none<&\".yaml" "$root/scenarios/ladder/top.yaml" \
		"$root/scenarios/00-first-light.yaml" \
		--guest reference,linux-6.1 >out 2>err)
	[ $? -eq 2 ] || bad "not all sorts of results"
	xmllint --noout --schema "$root/tests/suite/junit.xsd" "$tmp/x.xml" \
		2>"$tmp/err" || bad "not as the schema says"
	# It is one that can be broken.
	sed 's/ classname="[^"]*"//' "$tmp/x.xml" >"$tmp/y.xml"
	! xmllint --noout --schema "$root/tests/suite/junit.xsd" \
		"$tmp/y.xml" 2>"$tmp/err" || bad "the schema takes all"
	sed 's/name="cpus=1"/name="cpus=2"/' "$tmp/x.xml" >"$tmp/y.xml"
	! xmllint --noout --schema "$root/tests/suite/junit.xsd" \
		"$tmp/y.xml" 2>"$tmp/err" || bad "two of one name"
	;;
skips)
	# Installed without the Linux images.
	mkdir -p "$tmp/bin" "$tmp/lib/ringside/guests"
	cp "$program" "$tmp/bin"
	cp "${program%/bin/*}/lib/ringside/guests/reference.so" \
		"$tmp/lib/ringside/guests"
	program=$tmp/bin/${program##*/}
	suite 77 --guest linux-6.1 scenarios/00-first-light.yaml
	last_is "0 passed, 0 failed, 1 skipped"
	grep -qx "skipped: the guest 'linux-6.1' is not built here: 1 cell" \
		"$tmp/out" || bad "not told why"
	suite 0 --guest linux-6.1,reference scenarios/00-first-light.yaml
	last_is "1 passed, 0 failed, 1 skipped"
	;;
killed)
	disk long.yaml 1000000
	disk short.yaml 1
	sed -i 's/vectors: .*/vectors: {min: 1}}/' "$tmp/short.yaml"
	sed -i 's/\[1, 2, 3\]/[1]/' "$tmp/long.yaml"
	cd "$tmp" || exit 1
	"$program" suite -j 1 --json=killed.json long.yaml short.yaml \
		>out 2>err &
	pid=$!
	children
	# shellcheck disable=SC2086 # one
	kill -KILL $found
	wait "$pid"
	code=$?
	pid=
	[ "$code" -eq 3 ] || bad "exit $code, not 3"
	last_is "3 passed, 1 failed, 0 skipped"
	grep -qx 'SIMULATOR FAULT long\[cpus=1\]' out || bad "not told"
	grep -qx '  its process died: Killed' out || bad "not told how"
	head -n 1 killed.json | grep -q '"verdict": "simulator", "exit": 3' ||
		bad "not in the result"
	;;
interrupt | terminate)
	signal=INT
	[ "$check" = interrupt ] || signal=TERM
	disk long.yaml 1000000
	disk short.yaml 1
	sed -i 's/vectors: .*/vectors: {min: 1}}/' "$tmp/short.yaml"
	cd "$tmp" || exit 1
	"$program" suite -j 2 short.yaml long.yaml --junit cut.xml \
		>out 2>err &
	pid=$!
	children
	# Enough for the short ones, but on a slow machine.
	sleep 1
	running=$(cat "$list")
	kill -"$signal" "$pid"
	wait "$pid"
	code=$?
	pid=
	[ "$code" -eq 130 ] || bad "exit $code, not 130"
	passed=$(sed -n 's/ passed, 0 failed, 0 skipped$//p' out)
	[ "${passed:-9}" -le 3 ] || bad "not told what has passed"
	rest=$((6 - passed))
	grep -qx "interrupted: $rest not run" out || bad "not told"
	grep -q "skipped=\"$rest\"" cut.xml || bad "not in the file"
	for child in $running; do
		! kill -0 "$child" 2>/dev/null || bad "$child still runs"
	done
	;;
terminal)
	command -v script >/dev/null || exit 77
	suite 0 scenarios/ladder
	[ ! -s "$tmp/err" ] || bad "progress without a terminal"
	TERM=xterm script -qec "'$program' suite scenarios/ladder >'$tmp/out'" \
		"$tmp/typescript" >/dev/null </dev/null
	tr '\r' '\n' <"$tmp/typescript" | grep -q 'of [0-9]* done, 0 failed' ||
		bad "no progress on a terminal"
	! grep -q "$(printf '\033')" "$tmp/typescript" || bad "an escape"
	! grep -q ' done, ' "$tmp/out" || bad "progress in the output"
	TERM=dumb script -qec "'$program' suite scenarios/ladder >'$tmp/out'" \
		"$tmp/typescript" >/dev/null </dev/null
	! grep -q ' done, ' "$tmp/typescript" || bad "on a dumb terminal"
	;;
closed)
	"$program" suite scenarios/ladder/top.yaml --json="$tmp/json" \
		>&- 2>"$tmp/err" <&-
	[ $? -eq 3 ] || bad "exit $?, not 3"
	tail -n 1 "$tmp/json" | grep -q '"passed": 3' || bad "no result"
	"$program" suite scenarios/ladder/top.yaml >"$tmp/out" 2>&- <&- ||
		bad "exit $?"
	last_is "3 passed, 0 failed, 0 skipped"
	;;
*)
	bad "no such check"
	;;
esac
exit 0
