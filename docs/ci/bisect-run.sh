#!/bin/sh
# SPDX-License-Identifier: MIT
# For `git bisect run`: 0 the cells pass, 1 one fails, 125 this commit cannot tell
# (it does not build, the scenario does not fit it, the guest is not there, the
# simulator is at fault), 255 stop.
# Usage: git bisect run .../bisect-run.sh 'BUILD COMMAND' PATH...
sh -c "$1" || exit 125
shift
${RINGSIDE:-ringside} suite --only-failed "$@"
case $? in
0) exit 0 ;;
1) exit 1 ;;
2 | 3 | 77) exit 125 ;;
*) exit 255 ;;
esac
