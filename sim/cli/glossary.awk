# SPDX-License-Identifier: MIT
# docs/glossary.md as a C table: "## word" begins an entry, its text follows.
# Implementations differ in how gsub() takes backslashes.
function quoted(s,    out, i, c) {
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		out = out (c == "\\" || c == "\"" ? "\\" : "") c
	}
	return out
}
function finish() {
	if (word != "") {
		sub(/(\\n)+$/, "", text)
		printf "\t{ \"%s\", \"%s\" },\n", word, text
	}
}
BEGIN {
	print "/* SPDX-License-Identifier: MIT */"
	print "/* Made from docs/glossary.md. */"
	print "#include \"sim/cli/glossary.h\"\n"
	print "const struct glossary_word glossary[] = {"
}
/^###? / {
	finish()
	sub(/^###? +/, "")
	gsub(/[`*]/, "")
	word = quoted($0)
	text = ""
	next
}
word != "" && (text != "" || $0 != "") {
	text = text quoted($0) "\\n"
}
END {
	finish()
	print "\t{ 0, 0 },"
	print "};"
}
