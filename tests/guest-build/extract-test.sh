#!/bin/sh
# SPDX-License-Identifier: MIT
# Taking files from a package that was never tried warns, and goes on; from one
# that was tried it does not.  The package is the installed one; what says its
# version, and what unpacks it, is ours.  Without the package, exit 77.
# Usage: extract-test.sh <guestdrv/linux> <folder to work in>
set -u
linux=$1 tmp=$2
archive=/usr/src/linux-source-6.1.tar.xz
[ -e "$archive" ] || exit 77
rm -rf "$tmp"
mkdir -p "$tmp/bin" || exit 1
trap 'rm -rf "$tmp"' EXIT
printf '#!/bin/sh\nprintf %%s "$PRETENDED"\n' >"$tmp/bin/dpkg-query"
printf '#!/bin/sh\necho unpacked >&2\nexit 1\n' >"$tmp/bin/tar"
chmod +x "$tmp"/bin/*

# extract <version>: what is said on the way.
extract() {
	PRETENDED=$1 PATH="$tmp/bin:$PATH" cmake -DVERSION=6.1 \
		-DARCHIVE="$archive" -DTREE="$tmp/tree" \
		-P "$linux/extract.cmake" >"$tmp/said" 2>&1
	grep -q unpacked "$tmp/said" && return
	echo "extract-test: $1: ended before it unpacked" >&2
	cat "$tmp/said" >&2
	exit 1
}

tried=$(sed -n '/^set(RINGSIDE_LINUX_TESTED/,/)/s/^\t\(6\.1\.[^)]*\).*/\1/p' \
	"$linux/manifest.cmake")
[ -n "$tried" ] || { echo "extract-test: no 6.1 was tried" >&2; exit 1; }
for version in $tried; do
	extract "$version"
	grep -q "not been tried" "$tmp/said" || continue
	echo "extract-test: warns of $version, which was tried" >&2
	exit 1
done
extract 6.1.9999-1
grep -q "linux-source-6.1 6.1.9999-1 has not been tried" "$tmp/said" &&
	exit 0
echo "extract-test: does not warn of 6.1.9999-1" >&2
cat "$tmp/said" >&2
exit 1
