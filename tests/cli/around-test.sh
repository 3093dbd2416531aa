#!/bin/sh
# SPDX-License-Identifier: MIT
# What a transcript cannot hold: closed and full outputs, readers that leave,
# Ctrl-C, terminals, large files, files that may not be read, libraries that are
# no images.  Each with the contract's exit code, a message, and no hang.
# Usage: around-test.sh <program> <check> [<folder with test libraries>]
set -u
program=$1 check=$2 libs=${3:-}
root=$(cd "$(dirname "$0")/../.." && pwd)
first=$root/scenarios/00-first-light.yaml
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
unset NO_COLOR RINGSIDE_GUEST_PATH GITHUB_ACTIONS
export LC_ALL=C

bad() {
	echo "around-test $check: $*" >&2
	for f in out err; do
		[ ! -e "$f" ] || sed "s/^/$f: /" "$f" | head -n 20 >&2
	done
	exit 1
}

ringside() {
	timeout 10 "$program" "$@"
}

# ended <exit code> [<what standard error has in it>]: after a run with 2>err
ended() {
	code=$?
	[ "$code" -eq "$1" ] || bad "exit $code, not $1"
	[ $# -lt 2 ] || grep -qF -- "$2" err || bad "not told: $2"
	[ $# -ge 2 ] || [ ! -s err ] || bad "a message"
}

# disk <file> <image>: a scenario
disk() {
	cat >"$1" <<-END
	schema: 1
	name: disk
	machine:
	  devices:
	    - {id: disk0, model: virtio-blk, image: $2}
	workload:
	  - blk.read: {device: disk0}
	END
}

# nobody <command>...: as a user who may do nothing; exits 77 where that cannot be
nobody() {
	if [ "$(id -u)" -ne 0 ]; then
		timeout 10 "$@"
		return
	fi
	chmod 755 "$tmp"
	setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$program" version >/dev/null 2>&1 || exit 77
	timeout 10 setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

case $check in
full)
	full="standard output cannot be written: No space left on device"
	ringside run "$first" >/dev/full 2>err
	ended 3 "$full"
	ringside run "$first" --json >/dev/full 2>err
	ended 3 "$full"
	for words in help "check $first" "list devices" "explain ladder" \
		"run --help" man "completion bash" version; do
		# shellcheck disable=SC2086 # words
		ringside $words >/dev/full 2>err
		ended 3 "$full"
	done
	ringside run "$first" --json=/dev/full >out 2>err
	ended 3 "/dev/full cannot be written: No space left on device"
	grep -q '^PASS' out || bad "no verdict"
	ln -s /dev/full full.html
	ringside run "$first" --html full.html >out 2>err
	ended 3 "/dev/full cannot be written: No space left on device"
	ln -s /dev/full full.txt.gz
	ringside run "$first" --trace full.txt.gz >out 2>err
	ended 3 "/dev/full cannot be written: No space left on device"
	;;
closed)
	closed="standard output cannot be written: Bad file descriptor"
	ringside run "$first" >&- 2>err
	ended 3 "$closed"
	ringside run "$first" --json=result --trace trace.txt \
		--html page.html >&- 2>err
	ended 3 "$closed"
	[ -s result ] && [ -s trace.txt ] && [ -s page.html ] || bad "no files"
	grep -q PASS result trace.txt && bad "the text went into a file"
	ringside run "$first" >out 2>&-
	code=$?
	: >err
	[ "$code" -eq 0 ] || bad "exit $code without standard error"
	ringside run none.yaml >out 2>&-
	code=$?
	[ "$code" -eq 2 ] || bad "exit $code, not 2, without standard error"
	ringside run "$first" >out 2>err <&-
	ended 0
	;;
reader-leaves)
	# One line is read, the rest fits into the pipe.
	line=$(ringside run "$first" 2>err | head -n 1)
	[ "${line%% *}" = PASS ] || bad "no verdict"
	# Nobody reads at all.
	{
		sleep 0.3
		ringside run "$first" 2>err
		echo $? >code
	} | true
	[ "$(cat code)" = 3 ] || bad "exit $(cat code), not 3"
	grep -q "whoever read it has gone" err || bad "not told"
	;;
colour)
	# A terminal, by script(1); `out` is what it would have shown.
	command -v script >/dev/null || exit 77
	terminal() {
		env "$@" TERM="${term:-xterm}" script -qec \
			"$program run $first" /dev/null >out 2>err </dev/null
	}
	escape=$(printf '\033')
	terminal A=1
	grep -q "$escape" out || bad "no colour on a terminal"
	terminal NO_COLOR=1
	grep -q "$escape" out && bad "NO_COLOR is not honoured"
	terminal NO_COLOR=
	grep -q "$escape" out || bad "an empty NO_COLOR counts"
	term=dumb terminal A=1
	grep -q "$escape" out && bad "colour on a dumb terminal"
	ringside run "$first" >out 2>err
	ended 0
	grep -q "$escape" out && bad "colour in a pipe"
	;;
interrupt)
	disk long.yaml "$root/scenarios/data/words.img.gz"
	sed 's/- blk.read: .*/- repeat: {times: 1000000, steps: [{blk.flush: {device: disk0}}]}/' \
		long.yaml >longer.yaml
	echo 'budget: {time: 1000s}' >>longer.yaml
	timeout --preserve-status -s INT 1 "$program" run longer.yaml \
		--json=result --trace trace.txt >out 2>err
	code=$?
	[ "$code" -eq 130 ] || bad "exit $code, not 130"
	[ "$(echo result* trace*)" = 'result* trace*' ] || bad "files are left"
	;;
traces)
	for name in a.txt b.jsonl c.txt.gz d.jsonl.gz; do
		ringside run "$first" --trace $name >out 2>err
		ended 0
	done
	gzip -dc c.txt.gz | cmp - a.txt || bad "gzip changes the text"
	gzip -dc d.jsonl.gz | cmp - b.jsonl || bad "gzip changes the lines"
	[ "$(wc -l <a.txt)" -eq "$(wc -l <b.jsonl)" ] || bad "lines"
	[ "$(grep -c '^{"ps":[0-9]*,.*}$' b.jsonl)" -eq "$(wc -l <b.jsonl)" ] ||
		bad "not an object a line"
	# A file that is there is replaced, and a link stays one.
	ln -s a.txt link.txt
	ringside run "$first" --trace link.txt --stop-at 10 >out 2>err
	ended 0
	[ -L link.txt ] && [ "$(wc -l <a.txt)" -lt 20 ] || bad "the link"
	# Of one hostile run, too.
	ringside fuzz "$first" --seed 1 --run 2 --trace e.jsonl \
		--html e.html >out 2>err
	ended 0
	grep -q '"kind":"dma' e.jsonl || bad "no DMA"
	grep -q '</html>' e.html || bad "no page"
	ringside fuzz "$first" --seed 1 --run 2 --trace none/e.txt >out 2>err
	ended 3
	grep -q 'none/e.txt' out || bad "the file is not told"
	;;
large)
	{
		disk part.yaml none
		cat part.yaml
		yes '# and so on' | head -c 2097152
	} >large.yaml
	for command in run check; do
		ringside $command large.yaml >out 2>err
		ended 2 "large.yaml: error: larger than 1 MiB"
	done
	;;
unreadable)
	disk disk.yaml disk.img
	disk secret.yaml disk.img
	head -c 5120 /dev/zero >disk.img
	chmod 0 disk.img secret.yaml
	# The build may lie where only its owner can look: a copy.
	mkdir -p tree/bin tree/lib
	cp "$program" tree/bin/
	cp -r "${program%/*}/../lib/ringside" tree/lib/
	chmod -R a+rX tree
	program=$tmp/tree/bin/${program##*/}
	nobody "$program" run secret.yaml >out 2>err
	ended 2 "secret.yaml: error: cannot be read: Permission denied"
	nobody "$program" run disk.yaml >out 2>err
	ended 2 "disk.yaml:5:45: error: 'disk.img' cannot be read: Permission denied"
	chmod 644 disk.img
	mkdir closed
	chmod 555 closed
	nobody "$program" run disk.yaml --trace closed/t.txt >out 2>err
	ended 3 "closed/t.txt cannot be written: Permission denied"
	;;
special-files)
	mkfifo pipe
	disk disk.yaml pipe
	disk zero.yaml /dev/zero
	echo 'schema: 1' >defaults.yaml
	echo 'defaults: pipe' >>defaults.yaml
	for file in pipe /dev/zero; do
		ringside check $file >out 2>err
		ended 2 "$file: error: is a pipe or a device"
	done
	ringside check disk.yaml >out 2>err
	ended 2 "disk.yaml:5:45: error: 'pipe' cannot be read: it is not a file"
	ringside check zero.yaml >out 2>err
	ended 2 "zero.yaml:5:45: error: '/dev/zero' cannot be read: it is not a file"
	ringside run "$first" --guest ./pipe >out 2>err
	ended 2 "there is no file './pipe'"
	ringside check defaults.yaml >out 2>err
	ended 2 "pipe"
	;;
libraries)
	[ -n "$libs" ] || bad "which libraries?"
	cp "$libs"/*.so .
	disk empty.yaml x
	sed 's/virtio-blk/.\/scenario_test_empty.so/' empty.yaml >model-empty.yaml
	sed 's/virtio-blk/.\/scenario_test_old.so/' empty.yaml >model-old.yaml
	ringside run "$first" --guest "$tmp/scenario_test_empty.so" >out 2>err
	ended 2 "exports no ringside_guest() [unknown-guest]"
	ringside run "$first" --guest "$tmp/scenario_test_old.so" >out 2>err
	ended 2 "was built for version 7 of the interface, this program has 1"
	ringside run model-empty.yaml >out 2>err
	ended 2 "model-empty.yaml:5:26: error: './scenario_test_empty.so' exports no ringside_device() [unknown-model]"
	ringside run model-old.yaml >out 2>err
	ended 2 "model-old.yaml:5:26: error: './scenario_test_old.so' was built for an older interface"
	;;
*)
	bad "unknown check"
	;;
esac
exit 0
