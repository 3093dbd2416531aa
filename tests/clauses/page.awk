# SPDX-License-Identifier: MIT
# docs/clauses.md of clauses.csv, which knows the chapters, and of the table that
# `ringside suite --clauses` writes.
# Usage: awk -f page.awk clauses.csv table.csv

# The first field of a line, which *rest follows; it may stand in double quotes.
function first_field(line,    end) {
	if (substr(line, 1, 1) == "\"") {
		end = index(substr(line, 2), "\"")
		rest = substr(line, end + 3)
		return substr(line, 2, end - 1)
	}
	end = index(line, ",")
	rest = end ? substr(line, end + 1) : ""
	return end ? substr(line, 1, end - 1) : line
}

# What the cells did with it.
function fate(kept, waived, broken,    s) {
	s = kept ? "kept" : ""
	if (broken)
		s = s (s ? ", " : "") "broken on purpose"
	if (waived)
		s = s (s ? ", " : "") "broken and waived"
	return s ? s : "never reached"
}

function add(what, chapter, party) {
	total[what, chapter, party]++
	total[what, "", party]++
}

function row(chapter, party,    k) {
	k = chapter SUBSEP party
	if (!total["clauses", k])
		return
	printf "| %s | %s | %d | %d | %d | %d | %d |\n", chapter ? \
		chapter : "**all**", party, total["clauses", k],
		total["binding", k], total["checked", k], total["kept", k],
		total["broken", k]
}

FNR == 1 {
	next
}
FNR == NR {
	chapter = first_field($0)
	sub(/^Device Types: /, "", chapter)
	id = first_field(rest)
	of[id] = chapter
	if (!(chapter in known)) {
		known[chapter] = 1
		chapters[++nchapters] = chapter
	}
	next
}
{
	split($0, f, ",")
	id = f[1]
	party = f[2]
	chapter = of[id]
	words = $0
	for (i = 0; i < 8; i++)
		words = substr(words, index(words, ",") + 1)
	words = first_field(words)
	gsub(/[|]/, "\\|", words)
	gsub(/</, "\\&lt;", words)
	gsub(/\*/, "\\*", words)
	add("clauses", chapter, party)
	if (f[3] != "MAY")
		add("binding", chapter, party)
	if (f[5] == "yes")
		add("checked", chapter, party)
	if (f[6] > 0)
		add("kept", chapter, party)
	if (f[7] > 0 || f[8] > 0)
		add("broken", chapter, party)
	n[chapter]++
	line[chapter, n[chapter]] = sprintf("| %s | %s | %s | %s | %s |%s |",
		id, party, f[3], words, f[5],
		f[5] == "yes" ? " " fate(f[6], f[7], f[8]) : "")
}
END {
	print "# The clauses of virtio 1.2"
	print ""
	implied = n["Implied by the text"]
	printf "The %d statements of virtio 1.2 that say MUST, SHOULD or MAY, and %d that its text implies, ", \
		total["clauses", "", "driver"] + total["clauses", "", "device"] - \
		implied, implied
	print "in our own words: which of them the rule book ([rulebook.md](rulebook.md)) holds drivers and devices to, and what all scenarios together did with them. A clause was kept in a run if it applied to something that was done and that something was right. `ringside explain ID` shows one with its section. Made by `tests/clauses/page.sh` from a run of all scenarios, and compared with a new run by a test."
	print ""
	print "A MAY cannot be broken. Not checked are those too that bind what is not modelled (packed rings, MMIO, Channel I/O, network, console, SCSI, file system), that show in nothing that a bus carries, or about which a check would be wrong now and then."
	print ""
	print "| chapter | party | clauses | MUST, SHOULD | checked | kept in a scenario | broken there |"
	print "|---|---|---|---|---|---|---|"
	for (i = 1; i <= nchapters; i++) {
		row(chapters[i], "driver")
		row(chapters[i], "device")
	}
	row("", "driver")
	row("", "device")
	for (i = 1; i <= nchapters; i++) {
		printf "\n## %s\n\n", chapters[i]
		print "| clause | party | strength | what it asks | checked | in the scenarios |"
		print "|---|---|---|---|---|---|"
		for (k = 1; k <= n[chapters[i]]; k++)
			print line[chapters[i], k]
	}
}
