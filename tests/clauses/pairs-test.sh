#!/bin/sh
# SPDX-License-Identifier: MIT
# pairs.sh sees red: of a small tree in which each clause is seen both ways it
# says nothing, and it names what misses one.
set -u
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
failures=0

tree() {
	rm -rf "$tmp/t"
	mkdir -p "$tmp/t/sim/check/clauses" "$tmp/t/tests/unit/check" || exit 1
	cd "$tmp/t" || exit 1
	echo 'clause_judge(r, CLAUSE_ONE_D1, ok, CLAUSE_LONG_TWO_LV12, "");' \
		>sim/check/clauses/a.c
	echo '[RULE] = CLAUSE_OLD_V3,' >sim/check/b.c
	echo 'CLAUSE_NOT_A_CHECK_D9' >sim/check/clauses/clause.c
	echo 'EXPECT_STREQ("OLD-V3", f->clause);' >tests/unit/check/b_test.c
}

# expect <exit code> <what the tests say> [<line>]...
expect() {
	code=$1
	{
		echo '#!/bin/sh'
		echo "printf '$2' >\$RINGSIDE_CLAUSES_SAID"
	} >tests/program
	chmod +x tests/program
	shift 2
	"$here/pairs.sh" "$tmp/t" "$tmp/t/tests/program" >"$tmp/out" 2>&1
	got=$?
	for line; do
		printf '%s\n' "$line"
	done >"$tmp/want"
	if [ "$got" -ne "$code" ] ||
		! diff -u --label expected --label got "$tmp/want" "$tmp/out"; then
		echo "exit $got, expected $code"
		failures=$((failures + 1))
	fi
}

one='broken ONE-D1\nuntouched ONE-D1\n'
two='broken LONG-TWO-LV12\nkept LONG-TWO-LV12\n'

tree
expect 0 "$one$two"
expect 1 "kept ONE-D1\\n$two" \
	'ONE-D1 is checked, and no unit test sees it broken'
expect 1 "${one}broken LONG-TWO-LV12\\n" \
	'LONG-TWO-LV12 is checked, and no unit test sees it kept or untouched'
echo '/* OLD-V3 */' >tests/unit/check/b_test.c
expect 1 "$one$two" \
	'OLD-V3 is checked, and no unit test sees it broken' \
	'OLD-V3 is checked, and no unit test sees it kept or untouched'
tree
rm -r sim/check/clauses sim/check/b.c
expect 1 "$one$two" 'no clause is checked at all'
exit "$failures"
