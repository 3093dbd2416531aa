#!/bin/sh
# SPDX-License-Identifier: MIT
# The launcher in a small tree of its own, with stand-ins for cmake, ctest,
# dpkg-query, apt-get and id, each of which writes down how it was called.
# Usage: launcher-test.sh <launcher> <check>
set -u
launcher=$1 check=$2
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
tree="$tmp/a tree"
calls=$tmp/calls
unset RINGSIDE_CMAKE_ARGS RINGSIDE_NO_PACKAGE_CHECK

bad() {
	echo "launcher-test $check: $*" >&2
	for f in "$tmp/out" "$tmp/err" "$calls"; do
		[ -e "$f" ] && sed "s|^|  ${f##*/}: |" "$f" >&2
	done
	exit 1
}

# stand_in <name>: its body comes from standard input.
stand_in() {
	{
		echo '#!/bin/sh'
		echo "echo \"${1##*/} \$*\" >>'$calls'"
		cat
	} >"$tmp/bin/$1"
	chmod +x "$tmp/bin/$1"
}

make_tree() {
	mkdir -p "$tree/sim" "$tmp/bin" "$tmp/elsewhere"
	cp "$launcher" "$tree/ringside"
	touch "$tree/CMakeLists.txt" "$tree/sim/a.c"
	: >"$calls"
	# The program shows where it runs and with what.
	stand_in cmake <<-'END'
	echo "noise of $*"
	case $1 in
	--preset)
		[ -z "${FAKE_CONFIGURE_FAILS:-}" ] || { echo "cause"; exit 1; }
		mkdir -p build/release/bin
		touch build/release/build.ninja
		pwd | sed 's/^/CMAKE_HOME_DIRECTORY:INTERNAL=/' \
			>build/release/CMakeCache.txt
		;;
	--build)
		[ -z "${FAKE_BUILD_FAILS:-}" ] || { echo "cause"; exit 1; }
		[ -z "${FAKE_SLOW:-}" ] || sleep 1
		printf '#!/bin/sh\necho "in $PWD"\nfor a; do echo "[$a]"; done\nexit 42\n' \
			>"$2/bin/ringside"
		chmod +x "$2/bin/ringside"
		;;
	esac
	END
	stand_in ctest <<-'END'
	for a; do echo "[$a]"; done
	exit "${FAKE_CTEST_EXIT:-0}"
	END
	stand_in dpkg-query <<-'END'
	shift 2
	for p; do
		[ "$p" = "${FAKE_MISSING:-}" ] || printf '%s/installed ' "$p"
	done
	END
	stand_in id <<-'END'
	echo "${FAKE_UID:-1000}"
	END
	stand_in apt-get <<-'END'
	# Nothing can be installed before an update.
	case $1 in
	update) touch "$0.updated" ;;
	install) [ -e "$0.updated" ] ;;
	esac
	END
}

# run <argument>...: from elsewhere; leaves out, err and status.
run() {
	(cd "$tmp/elsewhere" && PATH="$tmp/bin:$PATH" "$tree/ringside" "$@") \
		>"$tmp/out" 2>"$tmp/err" </dev/null
	status=$?
}

called() {
	grep -q -- "$1" "$calls"
}

is_exit() {
	[ "$status" -eq "$1" ] || bad "exit $status, not $1"
}

make_tree
case $check in
up-to-date)
	run x
	is_exit 42
	called 'cmake --preset release' || bad "was not configured"
	called 'cmake --build .*--target runtime' || bad "was not built"
	grep -q waiting "$tmp/err" && bad "waited for itself"
	: >"$calls"
	run y
	is_exit 42
	[ -s "$calls" ] && bad "built again"
	[ -s "$tmp/err" ] && bad "noise when up to date"
	;;
rebuilds)
	for change in "rm '$tree/build/release/launcher.stamp'" \
		"touch '$tree/sim/a.c'" \
		"touch '$tree/sim/new.c'" "rm '$tree/sim/new.c'"; do
		run x
		: >"$calls"
		sleep 0.02
		eval "$change"
		run x
		called 'cmake --build' || bad "not built after: $change"
		called 'cmake --preset' && bad "configured after: $change"
	done
	;;
arguments)
	run run 'two words' '' '*' '$HOME' --x='a b'
	is_exit 42
	printf '%s\n' "in $tmp/elsewhere" '[run]' '[two words]' '[]' '[*]' \
		'[$HOME]' '[--x=a b]' >"$tmp/want"
	diff -u "$tmp/want" "$tmp/out" || bad "other arguments"
	ln -s "$tree/ringside" "$tmp/link"
	PATH="$tmp/bin:$PATH" "$tmp/link" z >"$tmp/out" 2>"$tmp/err"
	status=$?
	is_exit 42
	;;
build-fails)
	export FAKE_BUILD_FAILS=1
	run x
	is_exit 3
	[ -s "$tmp/out" ] && bad "noise on standard output"
	grep -q '^cause$' "$tmp/err" || bad "no cause"
	grep -q "full log is in $tree/build/launcher.log" "$tmp/err" ||
		bad "no log named"
	unset FAKE_BUILD_FAILS
	run x
	is_exit 42
	;;
configure-fails)
	export FAKE_CONFIGURE_FAILS=1
	run x
	is_exit 3
	grep -q '^cause$' "$tmp/err" || bad "no cause"
	unset FAKE_CONFIGURE_FAILS
	run x
	is_exit 42
	;;
moved-tree)
	run x
	mv "$tree" "$tmp/moved"
	tree=$tmp/moved
	: >"$calls"
	sleep 0.02
	touch "$tree/sim/a.c"
	run x
	is_exit 42
	called 'cmake --preset release --fresh' || bad "old build folder kept"
	;;
missing-user)
	export FAKE_MISSING=libsystemc-dev
	run x
	is_exit 2
	grep -qx 'apt-get install -y libsystemc-dev' "$tmp/err" ||
		bad "no line to copy"
	called 'apt-get' && bad "called apt-get without being root"
	RINGSIDE_NO_PACKAGE_CHECK=1
	export RINGSIDE_NO_PACKAGE_CHECK
	run x
	is_exit 42
	;;
missing-root)
	export FAKE_MISSING=libsystemc-dev FAKE_UID=0
	run x
	is_exit 42
	called 'apt-get update' || bad "no update"
	called 'apt-get install .*libsystemc-dev' || bad "not installed"
	called 'libgtest-dev' && bad "a run asked for the tests' packages"
	;;
foreign)
	rm "$tmp/bin/apt-get" "$tmp/bin/dpkg-query"
	# Only what the launcher itself calls, so that no real apt is found.
	for tool in sh readlink find mkdir cat tail tee flock grep nproc sleep \
		sed pwd touch chmod; do
		ln -s "$(command -v $tool)" "$tmp/bin/$tool"
	done
	(cd "$tmp/elsewhere" && PATH=$tmp/bin "$tree/ringside" x) \
		>"$tmp/out" 2>"$tmp/err"
	status=$?
	is_exit 2
	grep -q 'not Debian' "$tmp/err" || bad "not said"
	grep -q 'libsystemc-dev' "$tmp/err" || bad "not named"
	;;
test-command)
	run test -R 'a b'
	is_exit 0
	called 'cmake --preset release -DRINGSIDE_TESTS=ON' || bad "no tests"
	called 'cmake --build .*--target all' || bad "not all built"
	grep -qx '\[a b\]' "$tmp/out" || bad "arguments lost"
	called 'no-tests=error' || bad "an empty run would pass"
	called 'dpkg-query .*libgtest-dev' || bad "packages not asked for"
	export FAKE_CTEST_EXIT=8
	run test
	is_exit 1
	: >"$calls"
	run test --help
	is_exit 0
	[ -s "$calls" ] && bad "built for --help"
	;;
linux-sources)
	# Wanted by tests only, and only wanted: without them tests go on.
	export FAKE_MISSING=linux-source-6.1
	run x
	is_exit 42
	[ ! -s "$tmp/err" ] || grep -q linux-source "$tmp/err" &&
		bad "a run asked for Linux's sources"
	run test
	is_exit 0
	grep -qx 'apt-get install -y --no-install-recommends linux-source-6.1' \
		"$tmp/err" || bad "no line to copy"
	called 'apt-get' && bad "called apt-get without being root"
	export FAKE_UID=0
	stand_in apt-get </dev/null
	echo 'exit 100' >>"$tmp/bin/apt-get"
	run test
	is_exit 0
	called 'apt-get install .*linux-source-6.1' || bad "not tried"
	grep -q 'are skipped' "$tmp/err" || bad "not said"
	;;
browser)
	# The same for the browser in which pages are tested.
	export FAKE_MISSING=chromium
	run x
	is_exit 42
	grep -q chromium "$tmp/err" && bad "a run asked for a browser"
	run test
	is_exit 0
	grep -qx 'apt-get install -y --no-install-recommends chromium' \
		"$tmp/err" || bad "no line to copy"
	grep -q 'in a browser are skipped' "$tmp/err" || bad "not said"
	;;
lock)
	export FAKE_SLOW=1
	PATH="$tmp/bin:$PATH" "$tree/ringside" x >/dev/null 2>&1 &
	sleep 0.3
	run x
	is_exit 42
	grep -q 'waiting for another build' "$tmp/err" || bad "did not wait"
	wait
	[ "$(grep -c 'cmake --build' "$calls")" -eq 1 ] || bad "built twice"
	;;
*)
	bad "unknown check"
	;;
esac
exit 0
