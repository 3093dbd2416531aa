#!/bin/sh
# SPDX-License-Identifier: MIT
# A large gzip'd image that is broken in its middle: loading does not inflate
# it, so a run finds out when the driver reads there, and says so as the user's
# mistake; `check` looks at all of it.
# Usage: broken-image-test.sh <ringside>
set -u
ringside=$1
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
failures=0

# expect <exit code> <text> <command>...
expect() {
	code=$1
	text=$2
	shift 2
	"$@" >"$dir/out" 2>&1
	got=$?
	if [ "$got" -ne "$code" ] || ! grep -q "$text" "$dir/out"; then
		echo "$*: exit $got, wanted $code and '$text':" >&2
		cat "$dir/out" >&2
		failures=$((failures + 1))
	fi
}

head -c 4194304 /dev/urandom >"$dir/plain.img"
gzip -1n <"$dir/plain.img" >"$dir/whole.img.gz"
# A megabyte of it is lost, both ends are as they were.
{ head -c 2097152 "$dir/whole.img.gz"; tail -c 8 "$dir/whole.img.gz"; } \
	>"$dir/broken.img.gz"
for image in whole broken; do
	cat >"$dir/$image.yaml" <<-YAML
	schema: 1
	machine:
	  guest: reference
	  devices:
	    - {id: disk0, model: virtio-blk, image: $image.img.gz}
	workload:
	  - blk.read: {device: disk0, sectors: "\${sectors}", chunk: 128}
	matrix: {sectors: [8, 8192]}
	YAML
done

expect 0 '^PASS' "$ringside" run "$dir/whole.yaml[sectors=8192]"
expect 0 'ok' "$ringside" check "$dir/whole.yaml"
expect 0 '^PASS' "$ringside" run "$dir/broken.yaml[sectors=8]"
expect 2 'INVALID.*' "$ringside" run "$dir/broken.yaml[sectors=8192]"
expect 2 'disk0: .*\[bad-device\]' "$ringside" run "$dir/broken.yaml[sectors=8192]"
expect 2 'disk0: .*\[bad-device\]' "$ringside" check "$dir/broken.yaml"
[ "$failures" -eq 0 ]
