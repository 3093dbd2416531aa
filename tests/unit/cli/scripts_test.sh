#!/bin/sh
# SPDX-License-Identifier: MIT
# What the program writes for other programs: bash takes the completion script
# and completes by it, and the man page has its parts.
set -eu
program=$1
script=$("$program" completion bash)
reply=$(bash -c "$script"'
COMP_WORDS=(ringside l) COMP_CWORD=1 && _ringside && echo "${COMPREPLY[@]}"
COMP_WORDS=(ringside run --s) COMP_CWORD=2 && _ringside && echo "${COMPREPLY[@]}"
COMP_WORDS=(ringside list tim) COMP_CWORD=2 && _ringside && echo "${COMPREPLY[@]}"')
want='list lab
--seed --set --stop-at
timings'
if [ "$reply" != "$want" ]; then
	printf 'wanted:\n%s\ngot:\n%s\n' "$want" "$reply" >&2
	exit 1
fi
for part in '^\.TH RINGSIDE 1' '^\.SH COMMANDS' '^\.SS ringside run FILE' \
	'^\.B \\-\\-trace F' 'NO_COLOR'; do
	"$program" man | grep -q -e "$part" || {
		echo "the man page lacks $part" >&2
		exit 1
	}
done
