# SPDX-License-Identifier: MIT
# Takes a page apart, or puts it together again.  Its transcripts are the
# commands in its ```console blocks, numbered from 1 through the page:
#
#	```console
#	$ ./ringside run FILE
#	what it prints
#	...
#	```
#
# Without `update`: writes <out>/<n>.cmd, <out>/<n>.want and <out>/<n>.line.
# update=1: prints the page with what is in <out>/<n>.got in place of what was
# there, but for transcripts that leave something out ("...").
function flush_old(    line, cut) {
	cut = old ~ /(^|\n)\.\.\.\n/
	if (n && update && !cut)
		while ((getline line < (out "/" n ".got")) > 0)
			print line
	else if (update)
		printf "%s", old
	old = ""
}
/^```/ && inside {
	flush_old()
	inside = 0
	if (update)
		print
	next
}
/^```console$/ {
	inside = 1
	fresh = 1
	if (update)
		print
	next
}
inside && /^\$ / {
	if (!fresh)
		flush_old()
	fresh = 0
	n++
	if (update) {
		print
	} else {
		print substr($0, 3) > (out "/" n ".cmd")
		print FNR > (out "/" n ".line")
		printf "" > (out "/" n ".want")
	}
	next
}
inside && fresh {
	print FILENAME ":" FNR ": a console block begins with '$ command'" \
		> "/dev/stderr"
	bad = 1
	exit
}
inside {
	old = old $0 "\n"
	if (!update)
		print > (out "/" n ".want")
	next
}
update { print }
END { exit bad + 0 }
