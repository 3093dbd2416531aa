# SPDX-License-Identifier: MIT
# Compares the lines of disk0 in two traces, the second of which has a device
# `idle` too, from power-on to the last step of the workload.  They are the same
# in number, order and content, and the same time apart, but for
#   - the page of an address in RAM: the heap is shared;
#   - the identity of an accounted resource, for the same reason;
#   - the time between two lines of disk0 with lines of `idle` in between: there
#     the guest was at work on that one.
function page_free(s,    out) {
	while (match(s, /0x40[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]/)) {
		out = out substr(s, 1, RSTART - 1) "RAM+" \
			substr(s, RSTART + RLENGTH - 3, 3)
		s = substr(s, RSTART + RLENGTH)
	}
	return out s
}
function wrong(what) {
	printf "line %d of disk0: %s\n  %s\n  %s\n", n, what, text[1, n], text[2, n]
	bad++
}
FNR == 1 {
	file++
	n = previous = between = 0
}
$2 == "idle" {
	between = 1
}
$3 == "step-end" {
	last[file] = n
}
$2 == "disk0" {
	n++
	gap[file, n] = sprintf("%.3f", $1 - previous)
	apart[n] = between # the second file's stays
	previous = $1
	between = 0
	sub(/^ *[0-9.]* /, "")
	sub(/ id=0x[0-9a-f]*/, "")
	text[file, n] = page_free($0)
}
END {
	if (last[1] < 500 || last[1] != last[2]) {
		printf "%d and %d lines of disk0\n", last[1], last[2]
		exit 1
	}
	for (n = 1; n <= last[1] && bad < 10; n++) {
		shifted += apart[n]
		if (text[1, n] != text[2, n])
			wrong("not the same")
		else if (!apart[n] && gap[1, n] != gap[2, n])
			wrong(gap[1, n] " and " gap[2, n] " ns after the one before")
	}
	if (!shifted || shifted > 20) {
		printf "%d shifts in time\n", shifted
		bad++
	}
	printf "%d lines of disk0, %d shifts in time, %d differences\n", \
		last[1], shifted, bad
	exit bad > 0
}
