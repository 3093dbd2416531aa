#!/bin/sh
# SPDX-License-Identifier: MIT
# Does the ladder's suite find what a change of Linux's driver breaks?  For each
# line of mutants.txt: a copy of the tree with that edit, an image of it, the
# scenarios of the ladder on it.  The image of the unchanged tree must pass, each
# other must fail with the word that the line holds.  Prints which scenarios
# named it.  Exit 77: there is no tree.
# Usage: mutants-test.sh <program> <tree> <version> <folder to work in>
set -u
program=$1 tree=$2 version=$3 tmp=$4
here=$(cd "$(dirname "$0")" && pwd)
[ -e "$tree/Makefile" ] || exit 77
rm -rf "$tmp"
mkdir -p "$tmp" || exit 1
trap 'rm -rf "$tmp"' EXIT
export XDG_DATA_HOME="$tmp/data" NO_COLOR=1
unset RINGSIDE_GUEST_PATH
root=$(cd "$here/../.." && pwd)
tab=$(printf '\t')

# ladder: the scenarios on the image made of $tmp/linux; its exit code.
ladder() {
	"$program" guest build --tree "$tmp/linux" --name changed \
		>"$tmp/out" 2>&1 || {
		cat "$tmp/out"
		return 2
	}
	for f in ladder-balloon common; do
		sed "s/linux-$version\\([],]\\)/changed\\1/g" \
			"$root/scenarios/linux/$f.yaml" >"$tmp/$f.yaml"
	done
	"$program" suite --filter "*guest=changed*" "$tmp/ladder-balloon.yaml" \
		>"$tmp/out" 2>&1
}

cp -R "$tree" "$tmp/linux" || exit 1
ladder || {
	echo "the unchanged tree does not pass:"
	cat "$tmp/out"
	exit 1
}

bad=0 n=0
while IFS="$tab" read -r word file edit about; do
	case $word in
	'' | '#'*) continue ;;
	esac
	n=$((n + 1))
	target=$tmp/linux/drivers/virtio/$file
	cp "$target" "$tmp/whole"
	sed -i "$edit" "$target"
	if cmp -s "$target" "$tmp/whole"; then
		echo "$about: the edit changes nothing"
		bad=1
		continue
	fi
	ladder
	status=$?
	cp "$tmp/whole" "$target"
	if [ "$status" -ne 1 ] || ! grep -q "$word" "$tmp/out"; then
		echo "NOT FOUND: $about (exit $status, no '$word')"
		cat "$tmp/out"
		bad=1
		continue
	fi
	echo "found: $about"
	sed -n 's/^FAIL .*\[\([^,]*\).*/  \1/p' "$tmp/out"
	grep -m 1 "$word" "$tmp/out"
done <"$here/mutants.txt"
[ "$n" -gt 0 ] || exit 1
exit "$bad"
