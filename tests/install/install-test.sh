#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs the build into a folder, moves it, and uses it from there: the
# program, the first scenario, and find_package(Ringside) from a project of its
# own.  No installed binary may know where it was built.
# Usage: install-test.sh <cmake> <source> <build folder>
set -u
cmake=$1 source=$2 build=$3
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

bad() {
	echo "install-test: $*" >&2
	[ ! -e "$tmp/log" ] || tail -n 30 "$tmp/log" >&2
	exit 1
}

"$cmake" --install "$build" --prefix "$tmp/first" >"$tmp/log" 2>&1 ||
	bad "cmake --install failed"
mv "$tmp/first" "$tmp/a moved tree"
tree="$tmp/a moved tree"
ringside=$tree/bin/ringside
unset RINGSIDE_GUEST_PATH
cd "$tmp" || exit 1

"$ringside" --version >"$tmp/log" 2>&1 || bad "--version failed"
for file in "$ringside" "$tree"/lib/ringside/guests/*.so; do
	[ -e "$file" ] || bad "${file##*/} is not installed"
	# A coverage build's counters and the sanitizers' reports need paths.
	grep -qE 'RINGSIDE_(COVERAGE|SANITIZE):BOOL=ON' \
		"$build/CMakeCache.txt" && continue
	for path in "$source" "$build"; do
		LC_ALL=C grep -qF -- "$path" "$file" &&
			bad "${file##*/} holds the path $path"
	done
done

# Nothing of Linux, built or as it came, may be handed on: docs/licence.md.
find "$tree" -name 'linux-*.so' | grep -q . && bad "a Linux image is installed"
grep -lF 'drivers/virtio/' "$tree"/lib/ringside/guests/*.so >"$tmp/log" &&
	bad "an image holds something of Linux"
grep -rlE 'SPDX-License-Identifier:.*GPL|Licensed under .*GPL' "$tree" \
	>"$tmp/log" && bad "something of Linux is installed"

first="$tree/share/ringside/scenarios/00-first-light.yaml"
if [ -e "$source/scenarios/00-first-light.yaml" ]; then
	"$ringside" run "$first" >"$tmp/log" 2>&1 || bad "the first scenario failed"
fi

mkdir "$tmp/outside"
cp "$here"/outside/* "$tmp/outside"
"$cmake" -S "$tmp/outside" -B "$tmp/outside/build" -G Ninja \
	-DCMAKE_PREFIX_PATH="$tree" >"$tmp/log" 2>&1 ||
	bad "find_package failed"
"$cmake" --build "$tmp/outside/build" >"$tmp/log" 2>&1 ||
	bad "a project outside does not build"
for entry in ringside_guest:guest ringside_device:device; do
	nm -D --defined-only "$tmp/outside/build/${entry#*:}.so" >"$tmp/log"
	grep -q " T ${entry%:*}\$" "$tmp/log" || bad "no ${entry%:*}"
	[ "$(wc -l <"$tmp/log")" -eq 1 ] || bad "${entry#*:}.so exports more"
done
nm -D --undefined-only "$tmp/outside/build/guest.so" >"$tmp/log"
grep -q ' U ' "$tmp/log" && bad "the guest needs something"
exit 0
