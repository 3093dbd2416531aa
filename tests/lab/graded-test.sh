#!/bin/sh
# SPDX-License-Identifier: MIT
# A lab's files are graded as they say: the starter compiles without a word and
# gets nothing, the solution everything, and the solution with a mistake, a patch
# in wrong/, loses just the tasks that stand above the patch, with the words that
# stand there:
#
#   Wrong: what is wrong
#   Loses: sizing, place          (ids of lab.yaml)
#   Says: what `lab check` prints (a line each; several are fine)
#
# There are at least five of them.  With `without-words` what is printed counts for
# nothing, only what is lost.
# Usage: graded-test.sh <program> <root of the source> <lab> [without-words]
set -u
program=$1 root=$2 lab=$3 words=${4-}
dir=$root/labs/$lab
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
export NO_COLOR=1
bad=0

fail() {
	echo "$lab: $*" >&2
	sed 's/^/  | /' "$tmp/out" "$tmp/err" >&2
	bad=1
}

check() {
	"$program" lab check --lab "$lab" "$1" >"$tmp/out" 2>"$tmp/err" \
		</dev/null
	status=$?
}

# lost: the ids of tasks that failed, in the lab's order.
lost() {
	sed -n 's/^  FAIL  \([^ ]*\) .*/\1/p' "$tmp/out" | paste -sd' ' -
}

# tag <name> <patch>: what stands above it behind "<name>: ".
tag() {
	sed -n "/^--- /q;s/^$1: *//p" "$2"
}

for starter in "$dir"/starter/*.c; do
	check "$starter"
	[ "$status" -eq 1 ] || fail "the starter: exit $status, not 1"
	[ ! -s "$tmp/err" ] || fail "the starter does not compile without a word"
	grep -q "^$lab: .*, 0 of " "$tmp/out" || fail "the starter gets points"
done
for solution in "$dir"/solution/*.c; do
	check "$solution"
	[ "$status" -eq 0 ] || fail "the solution: exit $status, not 0"
	[ ! -s "$tmp/err" ] || fail "the solution does not compile without a word"
	[ -z "$(lost)" ] || fail "the solution loses $(lost)"
done

n=0
for wrong in "$dir"/wrong/*.patch; do
	n=$((n + 1))
	name=wrong/${wrong##*/}
	handin=$tmp/$(basename "$wrong" .patch).c
	"$root/tests/lab/mistake.sh" "$dir" "$wrong" "$handin" || exit 1
	check "$handin"
	[ -n "$(tag Wrong "$wrong")" ] || fail "$name does not say what is wrong"
	want=$(tag Loses "$wrong" | tr -d ,)
	[ -n "$want" ] || fail "$name does not say what it loses"
	[ "$(lost)" = "$want" ] || fail "$name loses '$(lost)', not '$want'"
	[ "$status" -eq 1 ] || fail "$name: exit $status, not 1"
	tag Says "$wrong" >"$tmp/says"
	[ -s "$tmp/says" ] || fail "$name does not say what is printed"
	[ "$words" != without-words ] || continue
	while IFS= read -r line; do
		grep -qF -- "$line" "$tmp/out" ||
			fail "$name: nothing says '$line'"
	done <"$tmp/says"
done
[ "$n" -ge 5 ] || fail "only $n wrong solutions"
exit "$bad"
