#!/bin/sh
# SPDX-License-Identifier: MIT
# What the pages show is what the program prints: runs every command of the
# ```console blocks and compares (transcripts.awk, match.awk).  The commands of
# a page run one after the other in a folder where `ringside`, `scenarios`,
# `examples` and `docs` are; $? is that of the command before.
# RINGSIDE_UPDATE_GOLDEN=1 writes what came out into the page.
# Usage: transcripts.sh <program> <page>...
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
program=$(readlink -f "$1")
shift
[ -x "$program" ] || {
	echo "transcripts.sh: no program '$program'" >&2
	exit 1
}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
result=0

# The program finds its guests relative to where it really is.
mkdir "$tmp/bin"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$program" >"$tmp/bin/ringside"
chmod +x "$tmp/bin/ringside"

# A sanitizer's remark about stacks that it does not know; no finding.
without_remarks() {
	sed -e '/^==[0-9]*==WARNING: ASan is ignoring requested/d' \
		-e '/^False positive error reports may follow$/d' \
		-e '/google\/sanitizers\/issues\/189$/d' "$1"
}

# run <folder> <exit code before> <command>
run() {
	(cd "$1" && env -u RINGSIDE_GUEST_PATH PATH="$tmp/bin:$PATH" \
		GITHUB_ACTIONS= NO_COLOR=1 LC_ALL=C TERM=dumb timeout 60 \
		sh -c "(exit $2); $3") 2>&1 </dev/null
}

page() {
	parts=$tmp/parts work=$tmp/work n=1 status=0
	rm -rf "$parts" "$work"
	mkdir "$parts" "$work"
	awk -v out="$parts" -f "$here/transcripts.awk" "$1" || return 1
	for name in scenarios examples docs; do
		ln -s "$root/$name" "$work/$name"
	done
	ln -s "$tmp/bin/ringside" "$work/ringside"
	while [ -e "$parts/$n.cmd" ]; do
		run "$work" "$status" "$(cat "$parts/$n.cmd")" >"$tmp/raw"
		status=$?
		without_remarks "$tmp/raw" >"$parts/$n.got"
		[ -n "${RINGSIDE_UPDATE_GOLDEN:-}" ] ||
			awk -f "$here/match.awk" "$parts/$n.want" "$parts/$n.got" || {
			result=1
			printf '%s:%s: %s\n' "$1" "$(cat "$parts/$n.line")" \
				"$(cat "$parts/$n.cmd")"
			diff -u --label page --label program \
				"$parts/$n.want" "$parts/$n.got"
		}
		n=$((n + 1))
	done
	[ -z "${RINGSIDE_UPDATE_GOLDEN:-}" ] || {
		awk -v update=1 -v out="$parts" -f "$here/transcripts.awk" "$1" \
			>"$tmp/page" && cat "$tmp/page" >"$1"
	}
}

[ $# -gt 0 ] || exit 1
for file; do
	page "$file" || result=1
done
[ "$result" -eq 0 ] || echo "If this is what it should say:" \
	"RINGSIDE_UPDATE_GOLDEN=1 ./ringside test -R docs.transcripts"
exit "$result"
