#!/bin/sh
# SPDX-License-Identifier: MIT
# run-case.sh sees each kind of difference.  The program is a stand-in that
# prints its arguments, a file, and what it is told to.
# Usage: run-case-test.sh <check>
set -u
check=$1
runner=$(cd "$(dirname "$0")" && pwd)/run-case.sh
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
unset RINGSIDE_UPDATE_GOLDEN

bad() {
	echo "run-case-test $check: $*" >&2
	[ ! -e "$tmp/log" ] || cat "$tmp/log" >&2
	exit 1
}

cat >"$tmp/program" <<'END'
#!/bin/sh
for a; do echo "[$a]"; done
[ ! -e hello ] || cat hello
echo "colour ${NO_COLOR:-on}" >&2
case ${1-} in
slow) sleep 5 ;;
fail) exit 2 ;;
esac
END
chmod +x "$tmp/program"

case_dir=$tmp/case
mkdir -p "$case_dir/files"
echo 'run "a b" $((1 + 1))' >"$case_dir/cmd"
echo 'colour 1' >"$case_dir/stderr"
printf '[run]\n[a b]\n[2]\nhello\n' >"$case_dir/stdout"
echo hello >"$case_dir/files/hello"

runs() {
	"$runner" "$tmp/program" "$case_dir" >"$tmp/log" 2>&1
}

case $check in
passes)
	runs || bad "red"
	;;
stdout | stderr)
	echo more >>"$case_dir/$check"
	runs && bad "green with another $check"
	grep -q '^-more' "$tmp/log" || bad "no diff"
	rm "$case_dir/$check"
	runs && bad "green without $check"
	;;
exit)
	echo 2 >"$case_dir/exit"
	runs && bad "green with another exit code"
	echo fail >"$case_dir/cmd"
	printf '[fail]\nhello\n' >"$case_dir/stdout"
	runs || bad "red with the right exit code"
	rm "$case_dir/exit"
	runs && bad "green: a missing exit file means 0"
	;;
files)
	mkdir "$case_dir/files/scenarios"
	runs || bad "red"
	rm "$case_dir/files/hello"
	runs && bad "green without the file"
	;;
filter)
	echo 's/^\[2\]$/[N]/' >"$case_dir/filter.sed"
	runs && bad "not filtered"
	printf '[run]\n[a b]\n[N]\nhello\n' >"$case_dir/stdout"
	runs || bad "red"
	;;
quoting)
	# shellcheck disable=SC2016 # the case's shell expands it
	echo "run '\$HOME' 'x;y' \\*" >"$case_dir/cmd"
	# shellcheck disable=SC2016
	printf '[run]\n[$HOME]\n[x;y]\n[*]\nhello\n' >"$case_dir/stdout"
	runs || bad "red"
	;;
guests)
	mkdir -p "$tmp/build/bin" "$tmp/build/lib/ringside/guests"
	mv "$tmp/program" "$tmp/build/bin/program"
	touch "$tmp/build/lib/ringside/guests/a.so"
	echo b >"$case_dir/needs"
	"$runner" "$tmp/build/bin/program" "$case_dir" >"$tmp/log" 2>&1
	[ $? -eq 77 ] || bad "not skipped without the guest it needs"
	echo a >"$case_dir/needs"
	"$runner" "$tmp/build/bin/program" "$case_dir" >"$tmp/log" 2>&1 ||
		bad "red with the guest it needs"
	# shellcheck disable=SC2016 # the case's program expands it
	printf '%s\n' '#!/bin/sh' 'ls "$(dirname "$0")/../lib/ringside/guests"' \
		>"$tmp/build/bin/program"
	rm "$case_dir/stderr"
	echo a.so >"$case_dir/stdout"
	"$runner" "$tmp/build/bin/program" "$case_dir" >"$tmp/log" 2>&1 ||
		bad "the guest is not seen"
	echo a >"$case_dir/without"
	"$runner" "$tmp/build/bin/program" "$case_dir" >"$tmp/log" 2>&1 &&
		bad "the guest is still seen"
	;;
timeout)
	echo slow >"$case_dir/cmd"
	printf '[slow]\nhello\n' >"$case_dir/stdout"
	RINGSIDE_CASE_SECONDS=0.2 runs && bad "green although it hangs"
	grep -q '^+124' "$tmp/log" || bad "no word of the time-out"
	;;
update)
	echo fail >"$case_dir/cmd"
	RINGSIDE_UPDATE_GOLDEN=1 runs || bad "update failed"
	[ "$(cat "$case_dir/exit")" = 2 ] || bad "no exit code"
	runs || bad "red after an update"
	;;
*)
	bad "unknown check"
	;;
esac
exit 0
