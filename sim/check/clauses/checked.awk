# SPDX-License-Identifier: MIT
# A row of clause_checked[] for each clause that the sources given name.
BEGIN {
	print "/* SPDX-License-Identifier: MIT */"
	print "/* Made from the sources that name clauses. */"
}
{
	while (match($0, /CLAUSE_[A-Z0-9]+_[A-Z0-9_]*[0-9]+/)) {
		name = substr($0, RSTART, RLENGTH)
		$0 = substr($0, RSTART + RLENGTH)
		if (!(name in seen))
			printf "\t[%s] = true,\n", name
		seen[name] = 1
	}
}
