#!/bin/sh
# SPDX-License-Identifier: MIT
# As on a PC of a lab: the build is installed into a prefix that nobody may write
# to, and a user without any rights, without a home and with a C compiler alone
# starts a lab, checks it, and is graded.  The answers are not installed.
# Usage: installed-test.sh <cmake> <source> <build folder>
set -u
cmake=$1 source=$2 build=$3
tmp=$(mktemp -d) || exit 1
trap 'chmod -R u+w "$tmp"; rm -rf "$tmp"' EXIT
prefix="$tmp/a prefix"

bad() {
	echo "installed-test: $*" >&2
	for f in "$tmp/log" "$tmp/desk/out"; do
		[ ! -e "$f" ] || tail -n 30 "$f" >&2
	done
	exit 1
}

"$cmake" --install "$build" --prefix "$prefix" >"$tmp/log" 2>&1 ||
	bad "cmake --install failed"
find "$prefix" \( -name solution -o -name wrong -o -name instructor.md \) |
	grep -q . && bad "the answers are installed"
chmod -R a+rX "$prefix"
chmod -R a-w "$prefix"
chmod 755 "$tmp"

# Nothing but the compiler and what it calls; no CMake, no ninja.
mkdir "$tmp/bin" "$tmp/desk"
for tool in gcc cc as ld sh cp grep; do
	path=$(command -v "$tool") && ln -s "$(readlink -f "$path")" "$tmp/bin/$tool"
done
cp "$source/labs/01-find-the-device/solution/find.c" "$tmp/desk/answer.c"
chmod 644 "$tmp/desk/answer.c"
chmod 777 "$tmp/desk"

# user <command>...: as nobody, if this is root.
user() {
	if [ "$(id -u)" -eq 0 ]; then
		set -- setpriv --reuid 65534 --regid 65534 --clear-groups \
			env -i PATH="$tmp/bin" NO_COLOR=1 \
			ASAN_OPTIONS="${ASAN_OPTIONS:-}" "$@"
	else
		set -- env -i PATH="$tmp/bin" NO_COLOR=1 \
			ASAN_OPTIONS="${ASAN_OPTIONS:-}" "$@"
	fi
	(cd "$tmp/desk" && "$@") >"$tmp/out" 2>&1 </dev/null
	status=$?
	cp "$tmp/out" "$tmp/desk/out"
	return "$status"
}

if [ "$(id -u)" -eq 0 ]; then
	command -v setpriv >/dev/null || exit 77
	setpriv --reuid 65534 --regid 65534 --clear-groups \
		touch "$prefix/x" 2>/dev/null && bad "the prefix can be written"
fi
lab="$prefix/bin/ringside"
user "$lab" lab list || bad "lab list"
grep -q '^01-find-the-device ' "$tmp/out" || bad "lab 1 is not there"
user "$lab" lab start 1 || bad "lab start"
user "$lab" lab check 01-find-the-device && bad "the starter gets full marks"
grep -q ' 0 of 10 points' "$tmp/out" || bad "the starter"
user cp answer.c 01-find-the-device/find.c || bad "cp"
user "$lab" lab check 01-find-the-device || bad "the solution"
grep -q ' 10 of 10 points' "$tmp/out" || bad "the solution's points"
user "$lab" lab grade 01-find-the-device --csv points.csv --pass ||
	bad "lab grade"
grep -q '^01-find-the-device,01-find-the-device,10,10,100,yes' \
	"$tmp/desk/points.csv" || bad "the CSV"
grep -qF "$source" "$tmp/desk/01-find-the-device/compile_flags.txt" &&
	bad "compile_flags.txt leads into the source"
exit 0
