#!/bin/sh
# SPDX-License-Identifier: MIT
# A student, for the transcript of a sheet ($EDITOR FILE): the first time the
# starter becomes a file with a mistake, the patch LAB_MISTAKE of wrong/; the
# second time the solution.
set -eu
lab=$(cd "$LAB_FOLDER" && pwd)
if cmp -s "$1" "$lab/starter/${1##*/}"; then
	"$(dirname "$0")/mistake.sh" "$lab" "$lab/wrong/$LAB_MISTAKE" "$1"
else
	cp "$lab/solution/${1##*/}" "$1"
fi
