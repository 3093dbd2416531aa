#!/bin/sh
# SPDX-License-Identifier: MIT
# transcripts.sh sees each kind of difference.  The program is a stand-in that
# prints its arguments, a line each.
# Usage: transcripts-test.sh <check>
set -u
check=$1
runner=$(cd "$(dirname "$0")" && pwd)/transcripts.sh
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
unset RINGSIDE_UPDATE_GOLDEN
page=$tmp/page.md

cat >"$tmp/program" <<'END'
#!/bin/sh
for a; do echo "[$a]"; done
[ "${1-}" != fail ] || exit 2
END
chmod +x "$tmp/program"

cat >"$page" <<'END'
# A page

    $ ringside this is no transcript

```console
$ ./ringside a b
[a]
[b]
$ ringside fail
[fail]
$ echo $?
2
```

```
$ ringside neither is this
```

```console
$ ringside 1 2 3 4 5 | cat
[1]
...
[4]
...
```
END

runs() {
	"$runner" "$tmp/program" "$page" >"$tmp/log" 2>&1
}

bad() {
	echo "transcripts-test $check: $*" >&2
	cat "$tmp/log" >&2
	exit 1
}

# red <sed command> <line that is to be named>: the page, so changed, fails.
red() {
	sed -i "$1" "$page"
	runs && bad "green"
	grep -q "page.md:$2: " "$tmp/log" || bad "line $2 is not named"
}

case $check in
passes) runs || bad "red" ;;
output) red 's/^\[b\]$/[c]/' 6 ;;
missing) red '/^\[b\]$/d' 6 ;;
more) red 's/^\[b\]$/[b]\n[c]/' 6 ;;
gap) red 's/^\[4\]$/[6]/' 20 ;;
order) red 's/^\[1\]$/[2]/' 20 ;;
exit) red 's/^2$/0/' 11 ;;
update)
	cp "$page" "$tmp/good"
	sed -i 's/^\[b\]$/[x]\n[y]/; s/^2$/0/' "$page"
	runs && bad "green before"
	RINGSIDE_UPDATE_GOLDEN=1 runs || bad "update failed"
	cmp "$page" "$tmp/good" || bad "another page than it was"
	;;
*) exit 1 ;;
esac
exit 0
