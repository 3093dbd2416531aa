#!/bin/sh
# SPDX-License-Identifier: MIT
# glossary.awk: headings become words, quotes and backslashes survive.
set -eu
made=$(printf '# Title\nignored\n\n## `MSI-X`\n\nA "message" \\ here.\n\n\n### INTx\nA line.\n' |
	awk -f "$1")
want='	{ "MSI-X", "A \"message\" \\ here." },
	{ "INTx", "A line." },
	{ 0, 0 },'
if [ "$(printf '%s\n' "$made" | grep '^	{')" != "$want" ]; then
	printf 'wanted:\n%s\ngot:\n%s\n' "$want" "$made" >&2
	exit 1
fi
