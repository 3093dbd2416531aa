#!/bin/sh
# SPDX-License-Identifier: MIT
# `ringside lab` as students and instructors use it, with their mistakes.
# Usage: lab-test.sh <program> <check>
set -u
program=$(readlink -f "$1") check=$2
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
export NO_COLOR=1
unset CC RINGSIDE_GUEST_PATH
lab=$here/../../labs/01-find-the-device

bad() {
	echo "lab-test $check: $*" >&2
	for f in out err; do
		[ ! -e "$tmp/$f" ] || sed "s|^|  $f: |" "$tmp/$f" >&2
	done
	exit 1
}

# run <exit code> <argument>...
run() {
	want=$1
	shift
	"$program" lab "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	status=$?
	[ "$status" -eq "$want" ] || bad "$*: exit $status, not $want"
}

# says <text>, prints <text>: on standard error, on standard output.
says() {
	grep -qF -- "$1" "$tmp/err" || bad "does not say: $1"
}

prints() {
	grep -qF -- "$1" "$tmp/out" || bad "does not print: $1"
}

quiet() {
	[ ! -s "$tmp/err" ] || bad "says something"
}

cd "$tmp" || exit 1
case $check in
start)
	run 0 start 1
	for file in find.c sheet.md Makefile compile_flags.txt; do
		[ -s "01-find-the-device/$file" ] || bad "no $file"
	done
	[ "$(cat 01-find-the-device/find.c)" = "$(cat "$lab/starter/find.c")" ] ||
		bad "the starter is another"
	ls 01-find-the-device | grep -qE 'solution|wrong|instructor' &&
		bad "the answers are there"
	# What an editor would say: nothing.
	xargs -d '\n' cc -fsyntax-only 01-find-the-device/find.c \
		<01-find-the-device/compile_flags.txt || bad "compile_flags.txt"
	echo mine >01-find-the-device/find.c
	run 2 start 1
	says "01-find-the-device/find.c is there already"
	[ "$(cat 01-find-the-device/find.c)" = mine ] || bad "overwritten"
	run 0 start find-the-device other
	mkdir full && touch full/Makefile
	run 2 start 01 full
	[ "$(ls full)" = Makefile ] || bad "half a folder"
	run 2 start 1 no/such/folder
	run 2 start 99
	says "no lab '99'"
	run 2 start 01-find-the-devise
	says "did you mean"
	run 2 start
	run 2 start 1 a b
	mkdir closed && chmod 555 closed
	[ -w closed ] || run 2 start 1 closed/lab
	# Its Makefile, with the program in the way that it is called.
	mkdir bin && ln -s "$program" bin/ringside
	PATH="$tmp/bin:$PATH" make -C other >"$tmp/out" 2>&1 && bad "make: exit 0"
	prints "0 of 10 points"
	PATH="$tmp/bin:$PATH" make -C other image >"$tmp/out" 2>&1 || bad "make image"
	[ -s other/lab.so ] || bad "no lab.so"
	;;
check)
	run 0 start 1 work
	cp "$lab/solution/find.c" work
	run 0 check work
	prints "10 of 10 points"
	quiet
	(cd work && "$program" lab check) >out 2>err || bad "check of this folder"
	prints "10 of 10 points"
	"$here/mistake.sh" "$lab" "$lab/wrong/half-a-bus.patch" work/find.c
	run 1 check work
	prints "8 of 10 points"
	prints "hint: "
	cp out first
	run 1 check -j 1 work/
	cmp -s out first || bad "another text the second time"
	grep -q "$tmp" out && bad "the text holds a path of this machine"
	run 1 check -v work
	prints "| FAIL "
	run 0 check --pass work
	run 0 check --pass=80 work
	run 1 check --pass=81 work
	run 2 check --pass=0 work
	run 2 check --pass=101 work
	[ "$(ls work)" = "$(printf 'Makefile\ncompile_flags.txt\nfind.c\nsheet.md')" ] ||
		[ -e work/sheet.zh-CN.md ] || bad "something was left behind"
	;;
crash)
	# Each costs its own check, and is told as what it is.
	for how in null smash spin silent; do
		"$here/mistake.sh" "$lab" "$here/hostile/$how.patch" find.c
		run 1 check .
		prints "8 of 10 points"
		prints "FAIL  place"
		prints "  at find.c:"
	done
	;;
compiler)
	mkdir work
	sed 's/return false;/return false/' "$lab/starter/find.c" >work/find.c
	run 1 check work
	says "work/find.c:"
	says "error: expected"
	prints "does not compile: work/find.c:"
	prints "0 of 10 points"
	sed 's/lab_report("found", found);/no_such_function(0);/' \
		"$lab/starter/find.c" >work/find.c
	run 1 check work
	says "implicit declaration"
	{ echo 'int nowhere(void);'; sed 's/lab_report("found", found);/nowhere();/' \
		"$lab/starter/find.c"; } >work/find.c
	run 1 check work
	says "undefined reference to \`nowhere'"
	prints "does not compile: work/find.c:"
	grep -qE "kernel\.o|/lab\.o|/ld:" err && bad "names of the linker's"
	{ echo '#include <stdio.h>'; cat "$lab/starter/find.c"; } >work/find.c
	run 1 check work
	says "there is no libc here"
	cp "$lab/solution/find.c" work
	CC=no-such-compiler run 2 check work
	says "no C compiler"
	says "no-such-compiler"
	# Nothing to find a compiler with.
	mkdir empty
	PATH=$tmp/empty run 2 check work
	says "no C compiler"
	;;
grade)
	mkdir -p in/ada in/bob in/eve in/zoe
	cp "$lab/solution/find.c" in/ada
	"$here/mistake.sh" "$lab" "$lab/wrong/half-a-bus.patch" in/bob/find.c
	echo 'int broken(' >in/zoe/find.c
	echo 'notes' >in/notes.txt
	run 0 grade in/* --csv points.csv
	says "in/notes.txt is neither a folder nor a C file"
	cmp -s "$here/grade.txt" out || bad "another list: $(diff "$here/grade.txt" out)"
	tr -d '\r' <points.csv | cmp -s "$here/points.csv" - ||
		bad "another CSV: $(tr -d '\r' <points.csv | diff "$here/points.csv" -)"
	cp points.csv first.csv
	run 1 grade -j 1 in/zoe in/eve in/bob in/ada --csv points.csv --pass
	cmp -s points.csv first.csv || bad "the order of the words matters"
	run 0 grade in/ada in/bob --pass=80
	run 1 grade in/ada in/bob --pass=90
	run 0 grade in/bob --gradescope results.json
	grep -q '"score": 8,' results.json || bad "no score: $(cat results.json)"
	grep -q '"max_score": 2' results.json || bad "no max_score"
	python3 -m json.tool results.json >/dev/null || bad "no JSON"
	run 2 grade in/ada in/bob --gradescope results.json
	run 3 grade in/ada --csv no/such/folder.csv
	;;
mistakes)
	run 2
	says "say what"
	run 2 chekc
	says "did you mean 'check'"
	run 2 check
	says "holds the file of no lab"
	run 2 check no-such-folder
	says "no-such-folder: No such file"
	run 2 check a b
	run 2 grade
	run 2 grade .
	cp "$lab/starter/find.c" other.c
	run 2 check other.c
	says "say which lab by --lab"
	run 1 check --lab 1 other.c
	run 2 check --lab 77 other.c
	run 2 list all
	run 2 list --csv points.csv
	says "lab list: --csv is not for this"
	run 2 check --csv points.csv other.c
	run 2 image other.c --pass
	run 2 start 1 --lab 1
	run 2 list --labs nowhere
	says "there are no labs"
	cp -R "$here/badlab" labs
	run 2 list --labs labs
	cmp -s "$here/badlab.txt" err || bad "another text: $(diff "$here/badlab.txt" err)"
	;;
image)
	cp "$lab/solution/find.c" .
	run 0 image find.c
	[ "$(cat out)" = ./lab.so ] || bad "the image's place is not told"
	RINGSIDE_GUEST_PATH=. "$program" run "$lab/checks/place.yaml[queues=3]" \
		>out 2>&1 || bad "the image does not run"
	run 2 image
	run 2 image no-such.c
	run 2 image find.c --out no/such/folder
	;;
many)
	# Twenty at a time, in the order of their names.
	for i in 03 01 20 17 09 02 04 05 06 07 08 10 11 12 13 14 15 16 18 19; do
		mkdir -p "in/s$i"
		cp "$lab/solution/find.c" "in/s$i"
	done
	run 0 grade in/*
	prints "20 graded, 20 passed, 0 below"
	[ "$(sed -n 's/^\(s[0-9]*\) .*/\1/p' out)" = "$(ls in)" ] ||
		bad "another order"
	;;
interrupt)
	# While a run spins, which takes it 2 s of the processor.
	mkdir work t
	"$here/mistake.sh" "$lab" "$here/hostile/silent.patch" work/find.c
	TMPDIR=$tmp/t timeout -s INT 1 "$program" lab grade -j 1 work work work \
		--csv points.csv >out 2>err </dev/null
	status=$?
	# timeout tells that it was needed.
	[ "$status" -eq 124 ] || bad "was not interrupted: exit $status"
	TMPDIR=$tmp/t timeout --preserve-status -s INT 1 "$program" lab grade \
		-j 1 work work work >out 2>err </dev/null
	status=$?
	[ "$status" -eq 130 ] || bad "exit $status, not 130"
	[ ! -e points.csv ] || bad "half a CSV"
	[ -z "$(ls t)" ] || bad "left behind: $(ls t)"
	;;
*)
	bad "unknown check"
	;;
esac
exit 0
