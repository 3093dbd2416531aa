#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes words.img.gz, the disk image of the first scenarios: numbered lines of
# made-up words, 1024 of 48 bytes each, which makes 96 sectors of 512 bytes.  The
# same bytes come out each time: the words follow from a fixed seed, and gzip is
# told to leave name and time out.
#
# usage: scenarios/data/make-words.sh [FILE]
set -eu

out=${1:-$(dirname "$0")/words.img.gz}

words() {
	LC_ALL=C awk 'BEGIN {
		split("ba ce di fo gu ka le mi no pu ra se ti vo xu za", syllable, " ")
		state = 20240101
		for (line = 1; line <= 1024; line++) {
			text = sprintf("%05d", line)
			for (word = 0; word < 6; word++) {
				text = text " "
				for (i = 0; i < 3; i++) {
					# Lehmer: exact in the 53 bits of awk
					state = (state * 16807) % 2147483647
					text = text syllable[int(state / 65536) % 16 + 1]
				}
			}
			print text
		}
	}'
}

tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
words >"$tmp"
gzip -9 -n <"$tmp" >"$out"
