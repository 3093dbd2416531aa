# SPDX-License-Identifier: MIT
# The code of a page: the block that begins with "```LANGUAGE NAME".
/^```/ && on { exit }
on
/^```/ && $2 == name { on = 1; found = 1 }
END { exit !found }
