#!/bin/sh
# SPDX-License-Identifier: MIT
# The rules of the source tree that a compiler does not check: which world may
# see which, what a model may use, and what no file may hold.  Each finding is
# a line "file:line: [rule] text"; any finding makes the exit code 1.
# layering-test.sh shows that each rule can fail.
# Usage: layering.sh <root of the source>
set -u
LC_ALL=C
export LC_ALL
cd "$1" || exit 2
found=$(mktemp) || exit 2
trap 'rm -f "$found"' EXIT

# files <folder>... -- <name pattern>...: those that exist, in order of name.
# Nothing that was built or fetched.
files() {
	folders=
	while [ "$1" != -- ]; do
		[ -e "$1" ] && folders="$folders $1"
		shift
	done
	shift
	[ -n "$folders" ] || return 0
	names=
	for pattern; do
		names="$names -o -name $pattern"
	done
	set -f
	# shellcheck disable=SC2086 # lists of words
	find $folders \( -path ./build -o -path ./.git \) -prune -o \
		-type f \( -false $names \) -print | sed 's|^\./||' | sort
	set +f
}

c_files() {
	files "$@" -- '*.c' '*.h'
}

all_source() {
	files . -- '*.c' '*.h' '*.cc' '*.cpp' '*.hpp' '*.S'
}

# Scripts and build files; the launcher and the gate have no ending.
all_scripts() {
	files . -- '*.sh' '*.cmake' 'CMakeLists.txt' '*.py'
	files ringside .ci/run -- ringside run
}

all_text() {
	all_source
	all_scripts
	files . -- '*.md' '*.yaml' '*.yml' '*.json' '*.txt' '*.in'
}

# forbid <rule> <why> <regular expression>: in the files named on standard
# input no line may match.
forbid() {
	tr '\n' '\0' | xargs -0 -r grep -nHE -- "$3" |
		awk -v rule="$1" -v why="$2" '{
			colon = index($0, ":")
			rest = substr($0, colon + 1)
			at = substr($0, 1, colon) substr(rest, 1, index(rest, ":"))
			print at " [" rule "] " why ":" \
				substr(rest, index(rest, ":") + 1)
		}' >>"$found"
}

include='^[[:space:]]*#[[:space:]]*include[[:space:]]*'

# Two worlds that meet only at the doors: a wrong constant or a shared helper
# must not cancel out on both sides.
c_files guestdrv | forbid guest-includes-model \
	"the guest's side has its own constants" "${include}[\"<](\.\./)*models/"
c_files models | forbid model-includes-guest \
	"the device's side has its own constants" "${include}[\"<](\.\./)*guestdrv/"

c_files models | forbid model-includes-sim \
	"a model knows its host only by door 2" "${include}[\"<](\.\./)*sim/"
c_files models | forbid model-impure \
	"a model has no SystemC, no stdio and no clock" \
	"${include}<(systemc|tlm|sysc/|stdio\.h|time\.h|sys/time\.h|unistd\.h|fcntl\.h|pthread\.h)"
c_files models | forbid model-impure \
	"a model has no stdio and no clock" \
	'(^|[^A-Za-z0-9_])(printf|fprintf|puts|fopen|clock_gettime|gettimeofday|time|rand|getenv)\('

# The platform moves bytes and messages; what they mean is in models/.
files sim/platform -- '*' | forbid platform-knows-virtio \
	"sim/platform knows no device" '[Vv][Ii][Rr][Tt][Ii][Oo]'
files sim/platform -- '*' | forbid platform-knows-registers \
	"sim/platform knows no register" \
	'(^|[^A-Z_])PCI_(CAP_|COMMAND|STATUS|VENDOR_ID|DEVICE_ID|BASE_ADDRESS|MSIX?_|EXP_|HEADER_TYPE|INTERRUPT_|BRIDGE_)'

# The hostile function does to any device what it does to one: it sees door 2, and
# none of the two sides' constants.
c_files sim/hostile | forbid hostile-knows-devices \
	"sim/hostile knows only door 2" \
	"${include}[\"<](\.\./)*(guestdrv/|models/virtio/|models/pci/[^f]|sim/platform/)"

# A guest has no libc: gcc's four headers, our own, and the project's.  What is
# for Linux sources also sees those that stand in for theirs, and real uapi ones.
c_files guestdrv | tr '\n' '\0' |
	xargs -0 -r grep -nHE "${include}[\"<]" |
	while IFS= read -r hit; do
		case $hit in
		*\<*)
			header=${hit#*<}
			header=${header%%>*}
			[ -e "guestdrv/include/$header" ] && continue
			case $hit in
			guestdrv/linux/*)
				[ -e "guestdrv/linux/include/$header" ] && continue
				case $header in uapi/* | net/9p/*) continue ;; esac
				;;
			esac
			;;
		*)
			header=${hit#*\"}
			header=${header%%\"*}
			case $header in guestdrv/* | linux_package.h) continue ;; esac
			;;
		esac
		case $header in
		stdarg.h | stdbool.h | stddef.h | stdint.h) continue ;;
		models/* | *../models/*) continue ;; # said above
		esac
		at=${hit%%:#*}
		echo "${at%%:[!0-9]*}: [guest-libc] a guest has no libc:" \
			"$header"
	done >>"$found"

# C++ stays where SystemC and GoogleTest need it.
files . -- '*.cc' '*.cpp' '*.cxx' '*.hh' '*.hpp' |
	grep -vE '^(sim/platform|tests/shim|bench|examples)/' |
	sed 's|$|:1: [cxx-outside-platform] C++ belongs in sim/platform|' \
		>>"$found"

# A script's first line may be its interpreter's.
all_source | while IFS= read -r file; do
	head -n 1 "$file" | grep -q '^/\* SPDX-License-Identifier: MIT \*/$' ||
		echo "$file:1: [spdx] the first line names the licence"
done >>"$found"
all_scripts | while IFS= read -r file; do
	head -n 3 "$file" | grep -q '^# SPDX-License-Identifier: MIT$' ||
		echo "$file:1: [spdx] one of the first lines names the licence"
done >>"$found"

all_source | grep -v '^tests/fuzz/' | tr '\n' '\0' | xargs -0 -r wc -l |
	awk '$2 != "total" && $1 > 600 {
		print $2 ":" $1 ": [long-file] over 600 lines: more than one topic?"
	}' >>"$found"

# Words of unfinished work, and paths of one machine.  The brackets keep this
# file from finding itself.
all_text | forbid unfinished "finish it or leave it out" \
	'(^|[^A-Za-z_])(TO[D]O|FIX[M]E|X[X]X|HA[C]K)([^A-Za-z_]|$)'
all_text | forbid machine-path "a path of one machine" \
	'(^|[^A-Za-z0-9_.])/(wo[r]k|fa[r]m|ho[m]e|ro[o]t)/'

sort -u "$found" | sort -t: -k1,1 -k2,2n
[ ! -s "$found" ]
