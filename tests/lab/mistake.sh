#!/bin/sh
# SPDX-License-Identifier: MIT
# A student's file with a mistake: the lab's solution, changed as a patch says.
# Usage: mistake.sh <folder of the lab> <patch> <file to write>
set -eu
exec patch -s -o "$3" "$1"/solution/*.c "$2" </dev/null
