# SPDX-License-Identifier: MIT
# Files as a C table of lines: awk -v name=TABLE -f embed.awk FILE...
function quoted(s,    out, i, c) {
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		out = out (c == "\\" || c == "\"" ? "\\" : "") c
	}
	return out
}
BEGIN {
	print "/* SPDX-License-Identifier: MIT */"
	print "/* Made from the files of sim/report/html/. */"
	print "#include \"sim/report/html/parts.h\"\n"
	print "const char *const " name "[] = {"
}
# Licence and purpose stand in the files for those who read them there.
FNR == 1 { head = /SPDX/ }
head && /^$/ { head = 0 }
!head {
	print "\t\"" quoted($0) "\\n\","
}
END {
	print "\t0,"
	print "};"
}
