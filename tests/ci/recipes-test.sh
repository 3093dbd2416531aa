#!/bin/sh
# SPDX-License-Identifier: MIT
# The recipes of docs/ci.md, run:
#   bisect    git bisect run finds the commit that broke a driver, past commits
#             that do not build, are invalid, or lack the guest.
#   parallel  Parts with GNU parallel, and their merge (77 where there is none).
#   ctest     A test a part, and one that merges.
#   pages     What the page shows is what the files hold.
# Usage: recipes-test.sh <program> <check>
set -u
program=$1 check=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
unset NO_COLOR RINGSIDE_GUEST_PATH GITHUB_ACTIONS
export LC_ALL=C RINGSIDE="$program"
mkdir "$tmp/bin" "$tmp/run"
ln -s "$program" "$tmp/bin/ringside"
PATH=$tmp/bin:$PATH
cd "$tmp/run" || exit 1

bad() {
	echo "recipes-test $check: $*" >&2
	[ ! -e ../log ] || tail -n 30 ../log >&2
	exit 1
}

# disk <vectors> <guest>
disk() {
	cat >disk.yaml <<-END
	schema: 1
	machine:
	  guest: $2
	  memory: 16MiB
	  devices:
	    - {id: disk0, model: virtio-blk, image: words.img.gz}
	expect:
	  - {device: disk0, vectors: $1}
	END
}

commit() {
	git add -A
	git -c user.name=t -c user.email=t@example.org commit -qm "$1" ||
		bad "no commit"
}

case $check in
bisect)
	command -v git >/dev/null || exit 77
	export HOME="$tmp" GIT_CONFIG_NOSYSTEM=1
	cp "$root/scenarios/data/words.img.gz" .
	git init -q . || bad "no repository"
	echo exit 0 >build
	disk 2 reference
	commit good
	for n in 1 2 3; do
		echo "$n" >note
		commit "good $n"
	done
	echo exit 1 >build
	commit "does not build"
	echo exit 0 >build
	echo 'sede: 1' >>disk.yaml
	commit "invalid"
	disk 2 none-such-guest
	commit "no guest"
	disk 3 reference
	commit "the first bad one"
	for n in 1 2 3; do
		echo "bad $n" >note
		commit "bad $n"
	done
	git bisect start HEAD HEAD~10 >../log 2>&1 || bad "no bisection"
	git bisect run "$root/docs/ci/bisect-run.sh" 'sh ./build' disk.yaml \
		>>../log 2>&1
	# The commits before it cannot tell: one of the four it is.
	grep -q "There are only 'skip'ped commits left" ../log ||
		bad "not narrowed down to those that cannot tell"
	first=$(git log --format=%H --grep 'the first bad one' --all -1)
	[ "$(git rev-parse refs/bisect/bad)" = "$first" ] ||
		bad "the first bad commit is not the one"

	git bisect reset >/dev/null 2>&1
	# Without those that cannot tell it is one.
	git bisect start HEAD HEAD~4 >../log 2>&1
	git bisect run "$root/docs/ci/bisect-run.sh" 'sh ./build' disk.yaml \
		>>../log 2>&1
	grep -q "^$first is the first bad commit" ../log ||
		bad "not found"
	# And nothing that can tell is no end of the search.
	git bisect reset >/dev/null 2>&1
	"$root/docs/ci/bisect-run.sh" 'exit 7' disk.yaml >/dev/null 2>&1
	[ $? -eq 125 ] || bad "a build that fails is not skipped"
	RINGSIDE=$tmp/none "$root/docs/ci/bisect-run.sh" true disk.yaml \
		>/dev/null 2>&1
	[ $? -eq 255 ] || bad "without the program it goes on"
	;;
parallel)
	parallel --version 2>/dev/null | grep -q '^GNU parallel' || exit 77
	ln -s "$root/scenarios" scenarios
	set -- scenarios/ladder/pins.yaml scenarios/ladder/top.yaml
	"$root/docs/ci/parallel.sh" 3 "$@" >merged.txt 2>../log ||
		bad "exit $?"
	ringside suite --junit whole.xml "$@" >whole.txt
	cmp whole.txt merged.txt && cmp whole.xml ringside.xml ||
		bad "not what one suite tells"
	;;
ctest)
	command -v ctest >/dev/null || exit 77
	ln -s "$root/scenarios" scenarios
	cp "$root/docs/ci/CMakeLists.txt" .
	cmake -S . -B build -DRINGSIDE="$program" \
		-DRINGSIDE_PATHS=scenarios/ladder/pins.yaml >../log 2>&1 ||
		bad "not configured"
	ctest --test-dir build -j 2 >../log 2>&1 || bad "exit $?"
	grep -q '100% tests passed, 0 tests failed out of 5' ../log ||
		bad "not four parts and their merge"
	grep -q 'tests="8" failures="0"' build/ringside.xml ||
		bad "no merged result"
	;;
pages)
	for file in slurm-array.sh bisect-run.sh parallel.sh CMakeLists.txt; do
		awk -v name="docs/ci/$file" '
			index($0, name) { near = 1 }
			/^```/ && show { exit }
			near && /^```/ { show = 1; next }
			show { print }
		' "$root/docs/ci.md" >shown
		diff -u "$root/docs/ci/$file" shown ||
			bad "docs/ci.md does not show docs/ci/$file"
	done
	;;
*)
	bad "no such check"
	;;
esac
exit 0
