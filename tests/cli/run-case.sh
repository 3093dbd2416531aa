#!/bin/sh
# SPDX-License-Identifier: MIT
# One golden transcript: runs the program as a person at a terminal would and
# compares all that comes out.  A case is a folder that holds
#   cmd         the program's arguments, a line, quoted as for the shell
#   files/      optional; the run happens in a copy of it
#   stdout      what is expected there; missing: nothing
#   stderr      the same
#   exit        the exit code; missing: 0
#   needs       optional; names of guest images; one that is not built: exit 77
#   without     optional; names of guest images that are not there
#   filter.sed  optional; applied to both outputs before they are compared
# `scenarios`, `labs`, `examples` and `tests` are there as in the source tree.
# RINGSIDE_CASE_GUESTS: where guest images are found besides the program's own.
# RINGSIDE_UPDATE_GOLDEN=1 writes down what came out instead of comparing.
# Usage: run-case.sh <program> <folder of the case>
set -u
program=$1 case=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
limit=${RINGSIDE_CASE_SECONDS:-60}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

[ -r "$case/cmd" ] || {
	echo "$case/cmd: no such file" >&2
	exit 1
}
mkdir "$tmp/run"
[ ! -d "$case/files" ] || cp -R "$case/files/." "$tmp/run"
for folder in scenarios labs examples tests; do
	[ -e "$tmp/run/$folder" ] || [ ! -d "$root/$folder" ] ||
		ln -s "$root/$folder" "$tmp/run/$folder"
done

guests=$(dirname "$program")/../lib/ringside/guests
if [ -e "$case/needs" ]; then
	while IFS= read -r name; do
		[ -e "$guests/$name.so" ] || exit 77
	done <"$case/needs"
fi

# The program finds its images beside itself: it gets a place of its own.
if [ -e "$case/without" ]; then
	lib=$(dirname "$program")/../lib/ringside
	mkdir -p "$tmp/bin" "$tmp/lib/ringside/guests"
	cp "$program" "$tmp/bin/ringside"
	for file in "$lib"/*.so "$lib"/guests/*.so; do
		[ -e "$file" ] || continue
		name=$(basename "$file" .so)
		grep -qxF -- "$name" "$case/without" && continue
		ln -s "$(readlink -f "$file")" "$tmp/lib/ringside/${file#"$lib"/}"
	done
	program=$tmp/bin/ringside
fi

eval "set -- $(cat "$case/cmd")"
unset RINGSIDE_GUEST_PATH
export XDG_DATA_HOME="$tmp/data"
[ -z "${RINGSIDE_CASE_GUESTS:-}" ] ||
	export RINGSIDE_GUEST_PATH="$RINGSIDE_CASE_GUESTS"
(cd "$tmp/run" && env -u GITHUB_ACTIONS NO_COLOR=1 LC_ALL=C TERM=dumb \
	timeout "$limit" "$program" "$@") \
	>"$tmp/raw.stdout" 2>"$tmp/raw.stderr" </dev/null
status=$?
for stream in stdout stderr; do
	if [ -e "$case/filter.sed" ]; then
		sed -f "$case/filter.sed" "$tmp/raw.$stream" >"$tmp/$stream"
	else
		mv "$tmp/raw.$stream" "$tmp/$stream"
	fi
done
echo "$status" >"$tmp/exit"

if [ -n "${RINGSIDE_UPDATE_GOLDEN:-}" ]; then
	for part in stdout stderr exit; do
		rm -f "$case/$part"
		[ ! -s "$tmp/$part" ] || cp "$tmp/$part" "$case/$part"
	done
	[ "$status" -ne 0 ] || rm -f "$case/exit"
	exit 0
fi

echo 0 >"$tmp/zero"
: >"$tmp/nothing"
result=0
# compare <part> <what a missing file means>
compare() {
	want=$case/$1
	[ -e "$want" ] || want=$2
	diff -u --label "$1 expected" --label "$1" "$want" "$tmp/$1" || result=1
}
compare exit "$tmp/zero"
compare stderr "$tmp/nothing"
compare stdout "$tmp/nothing"
[ "$result" -eq 0 ] || {
	echo "ringside $(cat "$case/cmd")"
	echo "If this is what it should say: RINGSIDE_UPDATE_GOLDEN=1" \
		"./ringside test -R cli.${case##*/}"
}
exit "$result"
