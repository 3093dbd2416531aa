#!/bin/sh
# SPDX-License-Identifier: MIT
# run-file.sh against a stand-in whose list and exit codes are given.
# Usage: run-file-test.sh <check>
set -u
check=$1
runner=$(cd "$(dirname "$0")" && pwd)/run-file.sh
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# A cell's exit code is its name's end; the list fails without a file.
cat >"$tmp/program" <<'END'
#!/bin/sh
case $1 in
list) cat "$4" ;;
run) echo "ran $2"; code=${2##*=}; exit "${code%]}" ;;
esac
END
chmod +x "$tmp/program"

# expect <exit code> <count of cells run> <cell>...
expect() {
	code=$1 runs=$2
	shift 2
	[ $# -eq 0 ] && : >"$tmp/f" || printf '%s\n' "$@" >"$tmp/f"
	"$runner" "$tmp/program" "$tmp/f" >"$tmp/out" 2>&1
	status=$?
	if [ "$status" -ne "$code" ] ||
		[ "$(grep -c '^ran' "$tmp/out")" -ne "$runs" ]; then
		echo "run-file-test $check: exit $status, not $code" >&2
		cat "$tmp/out" >&2
		exit 1
	fi
}

case $check in
passes) expect 0 2 'f[q=1,r=0]' 'f[g=a b,r=0]' ;;
one-cell-fails) expect 1 3 f=0 f=1 f=0 ;;
skips)
	expect 0 2 f=77 f=0
	expect 77 2 f=77 f=77
	expect 1 2 f=77 f=3
	;;
no-cells) expect 1 0 ;;
list-fails)
	"$runner" "$tmp/program" "$tmp/none" 2>"$tmp/out" && exit 1
	;;
*) exit 1 ;;
esac
exit 0
