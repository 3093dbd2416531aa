# SPDX-License-Identifier: MIT
# Is the second file what the first one says?  A line "..." of the first stands
# for any number of lines.
NR == FNR { want[++w] = $0; next }
{ got[++g] = $0 }
END {
	i = j = 1
	while (j <= g) {
		if (i <= w && want[i] == "...") {
			star = i++
			back = j
		} else if (i <= w && want[i] == got[j]) {
			i++
			j++
		} else if (star) {
			i = star + 1
			j = ++back
		} else {
			exit 1
		}
	}
	while (i <= w && want[i] == "...")
		i++
	exit i <= w
}
