# SPDX-License-Identifier: MIT
# clauses.csv as C: -v as=ids an enumerator for each clause, -v as=rows the table.
# A field may stand in double quotes, and has none inside.
function split_line(line, f,    n, end) {
	for (n = 0; ; ) {
		if (substr(line, 1, 1) == "\"") {
			end = index(substr(line, 2), "\"")
			f[++n] = substr(line, 2, end - 1)
			line = substr(line, end + 2)
			end = 1
		} else {
			end = index(line, ",")
			f[++n] = end ? substr(line, 1, end - 1) : line
			line = end ? substr(line, end) : ""
		}
		if (line == "")
			return n
		line = substr(line, 2)
	}
}
function enumerator(id) {
	gsub(/[^A-Za-z0-9]/, "_", id)
	return "CLAUSE_" toupper(id)
}
function text(s) {
	gsub(/\\/, "\\\\", s)
	return "\"" s "\""
}
BEGIN {
	print "/* SPDX-License-Identifier: MIT */"
	print "/* Made from clauses.csv. */"
}
FNR == 1 {
	next
}
{
	split_line($0, f)
	if (as == "ids") {
		printf "\t%s,\n", enumerator(f[2])
		next
	}
	printf "\t[%s] = {\n\t\t.id = %s,\n\t\t.chapter = %s,\n", \
		enumerator(f[2]), text(f[2]), text(f[1])
	printf "\t\t.section = %s,\n\t\t.summary = %s,\n", text(f[3]), text(f[10])
	printf "\t\t.party = CLAUSE_OF_%s,\n\t\t.strength = CLAUSE_%s,\n", \
		toupper(f[4]), toupper(f[5])
	printf "\t\t.seen = CLAUSE_SEEN_%s,\n\t},\n", toupper(f[6])
}
