# SPDX-License-Identifier: MIT
# docs/differences.md, from what `ringside suite --compare` prints and a table
# kept by hand of what each difference is about.  The table, separated by tabs:
#   pattern   a regular expression on "FILE[cell]" and what each guest went
#             through, in one line; the first row that fits a difference is taken
#   title
#   text      what it comes from, and where that is written
# A difference that no row fits, and a row that fits none, are errors.
# Usage: awk -f differences.awk <table> <output of suite --compare>
BEGIN {
	FS = "\t"
}
function wrong(what) {
	print "differences: " what >"/dev/stderr"
	bad = 1
}
# Cells that differ in the same way share a block.
function close_block(    i, line, key) {
	if (block == "")
		return
	line = cell " " block
	gsub(/[ \n]+/, " ", line)
	for (i = 1; i <= rows; i++)
		if (line ~ pattern[i])
			break
	if (i > rows) {
		wrong("no reference for " line)
	} else {
		key = i SUBSEP block
		if (!(key in cells)) {
			blocks[i]++
			text_of[i, blocks[i]] = block
		}
		cells[key] = cells[key] name_of(cell, key)
	}
	block = ""
}
# A file's name once, then its cells.
function name_of(cell, key,    file, row) {
	file = cell
	sub(/\[.*/, "", file)
	sub(/^scenarios\//, "", file)
	row = cell
	if (!sub(/^[^[]*\[/, "", row))
		row = "]"
	sub(/\]$/, "", row)
	if (last[key] == file)
		return row == "" ? "" : ", " row
	last[key] = file
	return (cells[key] == "" ? "" : "\n") file (row == "" ? "" : ": " row)
}
FNR == NR {
	if ($0 == "" || /^#/)
		next
	if (NF != 3)
		wrong("line " FNR " of the table has not three parts")
	pattern[++rows] = $1
	title[rows] = $2
	text[rows] = $3
	next
}
# "  disk0  linux-6.12  intx", then a line a guest with blanks for the device.
/^  [^ ]/ {
	close_block()
	device = $0
	sub(/^  /, "", device)
	sub(/ .*/, "", device)
	block = $0 "\n"
	next
}
/^   / {
	block = block $0 "\n"
	next
}
{
	close_block()
}
/^[^ ].*\.yaml/ {
	cell = $0
}
/^[0-9]+ of [0-9]+ cells? differs?$/ {
	sum = $0
}
END {
	close_block()
	if (sum == "")
		wrong("nothing was compared")
	print "# Where the guests differ"
	print ""
	print "The same machine, the same faults, and drivers that end elsewhere. Each scenario that names several guests in its matrix was run on all of them; this is what was not the same on all: for each device the rungs that the driver left, with the error that made it, and where it ended. Made by `tests/docs/differences.sh` from a run and from `docs/differences.txt`, and compared with a new run by a test: " sum "."
	for (i = 1; i <= rows; i++) {
		if (!blocks[i]) {
			wrong("nothing differs any more by '" title[i] "'")
			continue
		}
		printf "\n## %s\n\n%s\n", title[i], text[i]
		for (n = 1; n <= blocks[i]; n++)
			printf "\n```\n%s%s\n```\n", text_of[i, n], cells[i SUBSEP text_of[i, n]]
	}
	exit bad
}
