#!/bin/sh
# SPDX-License-Identifier: MIT
# One mutant: a copy of one of our own source files with a mistake in it, and
# what the scenarios say about it.
#
# A mutant is a patch below driver/ (guestdrv/: the image `mutant` is built) or
# device/ (models/: the program is linked anew).  The lines above the patch:
#   About: what is wrong        Refs: where it happened    Scenario: FILE[cell]
#   Found: the code of the finding that the scenario has to end with
# Only the file that changes is compiled, with the commands of the build folder.
#
# Usage, in the source's root:
#   mutant.sh <build folder> <patch> <folder to work in>
#     its scenario has to pass without the mistake and to fail with it, as Found
#   mutant.sh <build folder> <patch> <folder to work in> PATH...
#     how many cells of these scenarios fail, by code
set -u
build=$1 patch=$2 tmp=$3
shift 3
export NO_COLOR=1
unset RINGSIDE_GUEST_PATH

die() {
	echo "$patch: $*"
	exit 1
}

# field <name>: a line above the patch.
field() {
	sed -n "/^--- /q;s/^$1: *//p" "$patch"
}

# made_by <output>: the command that makes it.
made_by() {
	ninja -C "$build" -t commands -s "$1" | tail -n 1
}

# compile <object> <copy of its source>: $tmp/mutant.o.
compile() {
	command=$(made_by "$1" | sed -e "s| -MD -MT [^ ]* -MF [^ ]*||" \
		-e "s| -o [^ ]* -c [^ ]*| -w -o $tmp/mutant.o -c $2|")
	(cd "$build" && sh -c "$command") || die "does not compile"
}

# relink <made> <to> <what> <by>: <to>, with <by> in the place of <what>; not
# optimised as a whole, which would take longer than all the rest.
relink() {
	command=$(made_by "$1" | sed -e "s| $3 | $4 |" \
		-e "s| -o [^ ]* | -o $2 |" -e "s| -flto[^ ]*||g")
	case $command in
	*mutant.o*) ;;
	*) die "has no place among what is linked" ;;
	esac
	(cd "$build" && sh -c "$command") || die "does not link"
}

# suite PATH...: on the mutant, as JSON in $tmp/out.
suite() {
	"$program" suite $guest --json "$@" >"$tmp/out" 2>"$tmp/err"
}

# codes: of the cells that failed: how many, the code, and the first of them.
codes() {
	awk '!/"verdict": "(fail|fixed|simulator)"/ { next }
	{
		path = cell = $0
		sub(/.*"path": "/, "", path)
		sub(/".*/, "", path)
		sub(/.*"cell": "/, "", cell)
		sub(/".*/, "", cell)
		split("", seen)
		while (match($0, /"code": "[^"]*"/)) {
			code = substr($0, RSTART + 9, RLENGTH - 10)
			$0 = substr($0, RSTART + RLENGTH)
			if (seen[code]++)
				continue
			if (!cells[code]++)
				first[code] = path (cell ? "[" cell "]" : "")
		}
	}
	END {
		for (code in cells)
			print cells[code], code, first[code]
	}' "$tmp/out" | sort -k1,1nr -k2
}

mkdir -p "$tmp/bin" && tmp=$(cd "$tmp" && pwd) && build=$(cd "$build" && pwd) ||
	exit 1
trap 'rm -rf "$tmp"' EXIT
file=$(sed -n 's|^+++ b/||p' "$patch")
[ "$(echo "$file" | wc -w)" -eq 1 ] || die "changes other than one file"
scenario=$(field Scenario) found=$(field Found)
cp "$file" "$tmp/source.c" || exit 1
patch -s -F 1 "$tmp/source.c" <"$patch" || die "does not apply"

program=$build/bin/ringside guest=
if [ $# -eq 0 ]; then
	suite "$scenario" || die "$scenario fails without the mistake"
fi
case $file in
guestdrv/*)
	object=guestdrv/CMakeFiles/reference.dir/${file#guestdrv/}.o
	compile "$object" "$tmp/source.c"
	relink lib/ringside/guests/reference.so "$tmp/mutant.so" \
		"$object" "$tmp/mutant.o"
	export RINGSIDE_GUEST_PATH="$tmp"
	guest="--guest mutant"
	;;
models/*)
	library=${file#models/}
	library=${library%%/*}
	models=models/$library/lib${library}_models.a
	compile "models/$library/CMakeFiles/${library}_models.dir/${file##*/}.o" \
		"$tmp/source.c"
	# An archive's member is not taken where its names are defined already.
	relink bin/ringside "$tmp/bin/ringside" \
		"$models" "$tmp/mutant.o $models"
	ln -s "$build/lib" "$tmp/lib"
	program=$tmp/bin/ringside
	;;
*) die "is neither of guestdrv/ nor of models/" ;;
esac

if [ $# -gt 0 ]; then
	suite "$@"
	codes
	tail -n 1 "$tmp/out" | grep -q ringside_suite || cat "$tmp/err"
	exit 0
fi
suite "$scenario"
status=$?
if [ "$status" -eq 1 ] && codes | awk -v code="$found" \
	'$2 == code { hit = 1 } END { exit !hit }'
then
	exit 0
fi
echo "NOT FOUND: $(field About)"
echo "$scenario ends with $status, and should say $found:"
codes
cat "$tmp/err"
exit 1
