#!/bin/sh
# SPDX-License-Identifier: MIT
# `ringside guest build` as a person uses it: from C files, from a Linux tree,
# with mistakes.  The tree is the one that the build took from a package; where
# there is none, exit 77.
# The folder is always the same, so that ccache knows what it has seen.
# Usage: guest-build-test.sh <program> <check> <tree> <folder to work in>
set -u
program=$1 check=$2 tree=$3 tmp=$4
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$tmp"
mkdir -p "$tmp" || exit 1
trap 'rm -rf "$tmp"' EXIT
export XDG_DATA_HOME="$tmp/data" NO_COLOR=1
unset RINGSIDE_GUEST_PATH

bad() {
	echo "guest-build-test $check: $*" >&2
	for f in "$tmp/out" "$tmp/err"; do
		[ ! -e "$f" ] || sed "s|^|  ${f##*/}: |" "$f" >&2
	done
	exit 1
}

# run <exit code> <argument>...
run() {
	want=$1
	shift
	"$program" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	status=$?
	[ "$status" -eq "$want" ] || bad "$*: exit $status, not $want"
}

says() {
	grep -qF -- "$1" "$tmp/err" || bad "does not say: $1"
}

cp "$here"/files/* "$tmp"
cd "$tmp" || exit 1
case $check in
files)
	run 0 guest build --name hello hello.c
	[ "$(cat out)" = "$tmp/data/ringside/guests/hello.so" ] ||
		bad "the image's place is not told"
	[ ! -s err ] || bad "noise"
	run 0 run hello.yaml
	run 0 guest build --name hello --out here hello.c
	[ -e here/hello.so ] || bad "--out is not followed"
	;;
mistakes)
	sed -i 's/pr_info/no_such_function/' hello.c
	run 2 guest build --name hello hello.c
	says "hello.c:7:"
	says no_such_function
	says "no image hello was built"
	grep -qE '^\[|ninja|FAILED|CMake Error' err && bad "noise of the build"
	sed -i 's/no_such_function/pr_info/; s/return 0/return later()/' hello.c
	sed -i 's/^static int/int later(void);\n&/' hello.c
	run 2 guest build --name hello hello.c
	says 'undefined reference to `later'
	run 2 guest build --name hello no-such.c
	says "no-such.c: No such file"
	run 2 guest build --name reference hello.c
	says "of Ringside's own"
	run 2 guest build --name 'a b' hello.c
	run 2 guest build hello.c
	run 2 guest build --name hello
	run 2 guest build --name hello --tree . hello.c
	run 2 guest build --name hello --tree .
	says "this is no Linux tree"
	printf 'VERSION = 6\nPATCHLEVEL = 1\n' >Makefile
	run 2 guest build --name hello --tree .
	says "drivers/virtio/virtio.c"
	says "include/linux/virtio.h"
	;;
tree)
	[ -e "$tree/Makefile" ] || exit 77
	cp -R "$tree" linux
	git -C linux init -q && git -C linux add -A &&
		git -C linux -c user.name=x -c user.email=x@x commit -qm x &&
		git -C linux tag -a -m x v0 2>/dev/null ||
		git -C linux -c user.name=x -c user.email=x@x tag -a -m x v0
	run 0 guest build --tree linux --name mine
	run 0 list guests mine
	grep -q 'Linux 6\.[0-9.]*, v0 ' out || bad "the commit is not told"
	run 0 guest build --tree linux --name mine
	[ ! -s err ] || bad "noise"
	sed -i 's/virtio_pci_probe(/virtio_pci_probe_of_mine(/' \
		linux/drivers/virtio/virtio_pci_common.c
	run 2 guest build --tree linux --name mine
	says "drivers/virtio/virtio_pci_common.c:"
	sed -i 's/virtio_pci_probe\>/virtio_pci_probe_of_mine/' \
		linux/drivers/virtio/virtio_pci_common.c
	run 0 guest build --tree linux --name mine
	run 0 list guests mine
	grep -q 'v0-dirty ' out || bad "the change is not told"
	strings "$XDG_DATA_HOME/ringside/guests/mine.so" |
		grep -q virtio_pci_probe_of_mine || bad "the change is not in it"
	;;
*)
	bad "unknown check"
	;;
esac
exit 0
