#!/bin/sh
# SPDX-License-Identifier: MIT
# Whatever a page names is there: its links, paths of the source in backticks,
# and functions written as `name()` in `path`.  Prints what is not; exit 1.
# Usage: links.sh <page>...      in the source's root
# shellcheck disable=SC2016 # the backticks are a page's
set -u
missing=$(mktemp) || exit 1
trap 'rm -f "$missing"' EXIT

# each <awk's pattern> <page>: "LINE<tab>WORD" of every match of a pattern.
each() {
	awk -v pattern="$1" '
	/^```/ { code = !code }
	!code {
		s = $0
		while (match(s, pattern)) {
			print FNR "\t" substr(s, RSTART, RLENGTH)
			s = substr(s, RSTART + RLENGTH)
		}
	}' "$2"
}

say() {
	echo "$1" >>"$missing"
}

tab=$(printf '\t')
for page; do
	folder=${page%/*}
	[ "$folder" != "$page" ] || folder=.
	[ -r "$page" ] || say "$page: no such page"

	each '[]][(][^)]*[)]' "$page" | while IFS=$tab read -r line link; do
		target=${link#"]("}
		target=${target%")"}
		case $target in http*:* | '#'*) continue ;; esac
		[ -e "$folder/${target%%#*}" ] ||
			say "$page:$line: the link leads nowhere: $target"
	done

	each '`[a-z.]*/[A-Za-z0-9_./-]*`' "$page" |
	while IFS=$tab read -r line path; do
		path=$(echo "$path" | tr -d '`')
		case $path in
		*/[A-Z]*/*) continue ;; # a placeholder
		bench/* | cmake/* | docs/* | examples/* | guestdrv/* | models/* | \
			scenarios/* | sim/* | tests/* | .ci/*) ;;
		*) continue ;;
		esac
		[ -e "$path" ] || say "$page:$line: no such file: $path"
	done

	each '`[a-z_0-9]+[(][)]` in `[^`]*`' "$page" |
	while IFS=$tab read -r line words; do
		name=$(echo "$words" | sed 's/^`\([a-z_0-9]*\)().*/\1/')
		path=$(echo "$words" | sed 's/.* in `\(.*\)`$/\1/')
		[ -e "$path" ] && ! grep -q "\\b$name(" "$path" &&
			say "$page:$line: $path has no $name()"
	done
done

cat "$missing"
[ ! -s "$missing" ]
