#!/bin/sh
# SPDX-License-Identifier: MIT
# `ringside suite` where things go wrong around it:
#   kills <n> <seed>   SIGKILL at n instants of a run: each file of results is
#                      not there or whole; --resume completes the run, with the
#                      same bytes; no process stays behind.
#   faults <shim.so>   ENOSPC and EIO from each write, fsync and rename of files
#                      of results, by a library before the C library's: each file
#                      is not there, as it was, or whole; exit 3 and a message.
#   deaths <n> <folder of dying.so> [<loops>]
#                      n processes that die by SIGSEGV, SIGKILL and without
#                      memory, and some that never end: the results of all
#                      others are what they are without those.
# The number of things done is printed at the end.
# Usage: reliability.sh <program> kills|faults|deaths <argument>...
set -u
program=$1 check=$2
shift 2
root=$(cd "$(dirname "$0")/../.." && pwd)
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
unset NO_COLOR RINGSIDE_GUEST_PATH GITHUB_ACTIONS
export LC_ALL=C
mkdir "$tmp/run" "$tmp/kept"
cd "$tmp/run" || exit 1

bad() {
	echo "reliability $check: $*" >&2
	for f in ../out ../err; do
		[ ! -e "$f" ] || sed "s,^,$f: ," "$f" | head -n 20 >&2
	done
	exit 1
}

# disk <file> <cells>: each reads the disk; every other one fails
disk() {
	cat >"$1" <<-END
	schema: 1
	machine:
	  memory: 16MiB
	  cpus: 2
	  devices:
	    - {id: disk0, model: virtio-blk, image: words.img.gz}
	matrix: {n: [$(seq -s ', ' 1 "$2")], vectors: [1, 2]}
	x-note: "\${n}"
	workload:
	  - repeat: {times: 4, steps: [{blk.read: {device: disk0}}]}
	expect:
	  - {device: disk0, vectors: "\${vectors}"}
	END
	cp "$root/scenarios/data/words.img.gz" .
}

# The run that all is compared with.
whole() {
	"$program" suite -j 2 --json=../kept/json --junit ../kept/xml \
		--tap=../kept/tap "$@" >../kept/out 2>../err
	[ $? -eq 1 ] || bad "the whole run does not fail as it should"
}

# intact <kind> <file>: not there, or whole
intact() {
	[ ! -e "$2" ] || cmp -s "../kept/$1" "$2" ||
		bad "$2 is neither whole nor not there"
}

kills() {
	count=$1 seed=$2
	disk disk.yaml 8
	begun=$(date +%s%N)
	whole disk.yaml
	length=$((($(date +%s%N) - begun) / 1000))
	killed=0 resumed=0 partial=0
	awk -v n="$count" -v seed="$seed" 'BEGIN {
		srand(seed)
		for (i = 0; i < 20 * n; i++)
			print int(rand() * 10000)
	}' >../instants
	while [ "$killed" -lt "$count" ] && read -r instant; do
		instant=$((length * instant / 10000))
		instant=$((instant / 1000000)).$(printf %06d $((instant % 1000000)))
		"$program" suite -j 2 --json=json --junit xml --tap=tap --resume \
			disk.yaml >../out 2>../err &
		pid=$!
		sleep "$instant"
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
		# How long a run takes changes with what else the machine does.
		if [ $? -eq 137 ]; then
			killed=$((killed + 1))
			length=$((length + length / 50))
		else
			length=$((length - length / 10))
		fi
		for kind in json xml tap; do
			intact "$kind" "$kind"
		done
		if [ -e json.partial ]; then
			partial=$((partial + 1))
			"$program" merge json.partial >../out 2>../err
			grep -q 'is no result' ../err && bad "a bad line"
		fi
		# Every other one is killed again before it is gone on with.
		[ $((killed % 2)) -eq 0 ] || continue
		"$program" suite -j 2 --json=json --junit xml --tap=tap --resume \
			disk.yaml >../out 2>../err
		[ $? -eq 1 ] || bad "not gone on with"
		for kind in json xml tap out; do
			file=$kind
			[ $kind != out ] || file=../out
			cmp -s "../kept/$kind" "$file" || bad "$kind differs"
		done
		[ ! -e json.partial ] || bad "json.partial stays"
		resumed=$((resumed + 1))
		rm -f json xml tap json.* xml.* tap.*
	done <../instants
	for exe in /proc/[0-9]*/cwd; do
		[ "$(readlink "$exe")" != "$tmp/run" ] ||
			[ "${exe%/cwd}" = "/proc/$$" ] || bad "$exe stays behind"
	done
	[ "$killed" -eq "$count" ] || bad "only $killed kills came in time"
	echo "$killed kills, after $partial of them results in parts;" \
		"$resumed times gone on with, to the same bytes"
}

# fault <call>:<nth>:<error>: false when there is no such call any more
fault() {
	rm -f ../hit json xml tap json.* xml.* tap.*
	cp ../kept/xml xml
	LD_PRELOAD=$shim IO_FAULT=$1 IO_FAULT_BELOW=$tmp/run IO_FAULT_HIT=$tmp/hit \
		"$program" suite -j 2 --json=json --junit xml --tap=tap disk.yaml \
		>../out 2>../err
	code=$?
	[ -e ../hit ] || {
		[ "$code" -eq 1 ] || bad "exit $code, and nothing has failed"
		return 1
	}
	[ "$code" -eq 3 ] || bad "$1: exit $code, not 3"
	grep -q "^ringside: .* cannot be written: " ../err || bad "$1: not told"
	cmp -s ../out ../kept/out || bad "$1: the text differs"
	for kind in json xml tap; do
		intact "$kind" "$kind"
	done
	# Half-written ones do not stay.
	left=$(find . -name 'json.[!p]*' -o -name 'xml.*' -o -name 'tap.*')
	[ -z "$left" ] || bad "$1: left behind: $left"
	# And then all is well.
	"$program" suite -j 2 --json=json --junit xml --tap=tap --resume \
		disk.yaml >../out 2>../err
	[ $? -eq 1 ] || bad "$1: not gone on with"
	for kind in json xml tap; do
		cmp -s "../kept/$kind" "$kind" || bad "$1: $kind differs"
	done
}

faults() {
	shim=$1
	disk disk.yaml 3
	whole disk.yaml
	done=0
	# Three files, and a line for each cell: at least so many calls.
	for call in write:6 fsync:6 rename:3; do
		least=${call#*:}
		call=${call%:*}
		for error in ENOSPC EIO; do
			n=1
			while fault "$call:$n:$error"; do
				n=$((n + 1))
				done=$((done + 1))
			done
			[ "$n" -gt "$least" ] || bad "only $((n - 1)) calls of $call"
		done
	done
	echo "$done faults of write, fsync and rename"
}

# dying <file> <ways> <cells>
dying() {
	cat >"$1" <<-END
	schema: 1
	machine: {guest: dying, memory: 16MiB, devices: []}
	matrix: {n: [$(seq -s ', ' 1 "$3")], way: [$2]}
	x-note: "\${n}"
	workload:
	  - die: {way: "\${way}"}
	END
}

# The records of those that live, without their place among all.
living() {
	grep -F 'way=none' "$1" | sed 's/"number": [0-9]*//' >"$2"
	[ -s "$2" ] || bad "nothing in $1"
}

deaths() {
	count=$1 loops=${3:-0}
	export RINGSIDE_GUEST_PATH="$2"
	dying a.yaml "none, segv, kill, memory" $((count / 3))
	dying b.yaml "none, loop" "$loops"
	[ "$loops" -gt 0 ] || rm b.yaml
	"$program" suite -j 2 --filter way=none --json=../kept/json . \
		>../out 2>../err || bad "those that live do not pass"
	"$program" suite -j 2 --limit 10 --only-failed --json=json . >../out \
		2>../err
	[ $? -eq 3 ] || bad "no fault of the simulator's"
	living json living
	living ../kept/json ../kept/living
	cmp ../kept/living living || bad "a verdict has changed"
	died=$(grep -c '"verdict": "simulator"' json)
	[ "$died" -eq $((count / 3 * 3 + loops)) ] || bad "$died have died"
	for how in 'died: Segmentation fault' 'died: Killed' \
		"did not end within 10 s"; do
		[ "$loops" -gt 0 ] || [ "${how#did}" = "$how" ] || continue
		grep -q "\"reason\": \"its process $how\"" json || bad "none $how"
	done
	echo "$died deaths, $(wc -l <living) results beside them unchanged"
}

"$check" "$@"
