#!/bin/sh
# SPDX-License-Identifier: MIT
# Each rule of layering.sh sees red: a clean small tree passes, and one file
# put into it makes exactly the rule named fail, at the line named.
set -u
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
failures=0
spdx='/* SPDX-License-Identifier: MIT */'

clean_tree() {
	rm -rf "$tmp/t"
	mkdir -p "$tmp/t" && cd "$tmp/t" || exit 1
	mkdir -p guestdrv/abi guestdrv/kernel guestdrv/include/linux \
		guestdrv/linux models/pci sim/platform tests/shim build .git
	printf '%s\n' "$spdx" '#include <stdint.h>' '#include <stdarg.h>' \
		'#include <linux/list.h>' '#include "guestdrv/abi/machine.h"' \
		>guestdrv/kernel/a.c
	echo "$spdx" >guestdrv/include/linux/list.h
	# The glue for Linux's sources sees their uapi headers too.
	printf '%s\n' "$spdx" '#include <uapi/linux/whatever.h>' >guestdrv/linux/glue.c
	printf '%s\n' "$spdx" '#include <string.h>' 'int runtime(int time);' \
		'#include "models/pci/function.h"' >models/pci/b.c
	printf '%s\n' "$spdx" '#define PCI_RESET_FLR 1' >sim/platform/c.cc
	echo "$spdx" >tests/shim/shim.cc
	printf '%s\n' '#!/bin/sh' '# SPDX-License-Identifier: MIT' >ringside
	echo 'no licence line, TO''DO' >build/generated.c
	echo 'X''XX' >.git/x.c
}

# red <rule> <file> <line number> <content>...: after the licence's line.
red() {
	rule=$1 file=$2 line=$3
	shift 3
	clean_tree
	mkdir -p "$(dirname "$file")"
	printf '%s\n' "$@" >"$file"
	"$here/layering.sh" "$tmp/t" >"$tmp/out" 2>&1
	if [ $? -ne 1 ] || [ "$(wc -l <"$tmp/out")" -ne 1 ] ||
		! grep -q "^$file:$line: \[$rule\] " "$tmp/out"; then
		echo "expected: $file:$line: [$rule], got:" >&2
		sed 's/^/  /' "$tmp/out" >&2
		failures=$((failures + 1))
	fi
}

clean_tree
if ! "$here/layering.sh" "$tmp/t" >"$tmp/out" 2>&1 || [ -s "$tmp/out" ]; then
	echo "a clean tree is red:" >&2
	cat "$tmp/out" >&2
	exit 1
fi

red guest-includes-model guestdrv/kernel/x.h 2 "$spdx" \
	'#include <models/pci/function.h>'
red guest-includes-model guestdrv/kernel/x.h 2 "$spdx" \
	'#include "../../models/pci/function.h"'
red hostile-knows-devices sim/hostile/x.c 2 "$spdx" \
	'#include "models/virtio/virtio.h"'
red hostile-knows-devices sim/hostile/x.c 3 "$spdx" \
	'#include "models/pci/function.h"' '#include "models/pci/msix.h"'
red guest-libc guestdrv/kernel/x.c 2 "$spdx" '#include <string.h>'
red guest-libc guestdrv/kernel/x.c 3 "$spdx" '' '#  include <stdio.h>'
red guest-libc guestdrv/kernel/x.c 2 "$spdx" '#include <stdlib.h>'
red guest-libc guestdrv/kernel/x.c 2 "$spdx" '#include <linux/no_such.h>'
red guest-libc guestdrv/kernel/x.c 2 "$spdx" '#include "local.h"'
red guest-libc guestdrv/kernel/x.c 2 "$spdx" '#include <uapi/linux/x.h>'
red guest-libc guestdrv/linux/x.c 2 "$spdx" '#include <string.h>'
red guest-libc guestdrv/linux/x.c 2 "$spdx" '#include <linux/no_such.h>'
red model-includes-guest models/pci/x.c 2 "$spdx" \
	'#include "../../guestdrv/abi/machine.h"'
red model-includes-sim models/pci/x.c 2 "$spdx" '#include "sim/fault/fault.h"'
red model-impure models/pci/x.c 2 "$spdx" '#include <systemc.h>'
red model-impure models/pci/x.c 2 "$spdx" '#include <stdio.h>'
red model-impure models/pci/x.h 2 "$spdx" '# include <time.h>'
red model-impure models/pci/x.c 3 "$spdx" 'int f(void)' '{ return time(0); }'
red platform-knows-virtio sim/platform/x.cc 2 "$spdx" '#define VIRTIO_F_X 1'
red platform-knows-virtio sim/platform/x.h 2 "$spdx" '/* for virtio */'
red platform-knows-registers sim/platform/x.h 2 "$spdx" 'int a = PCI_COMMAND;'
red platform-knows-registers sim/platform/x.c 2 "$spdx" '(PCI_CAP_ID_MSIX)'
red cxx-outside-platform sim/run/x.cc 1 "$spdx"
red cxx-outside-platform models/x.hpp 1 "$spdx"
red spdx sim/run/x.c 1 'int a;'
red spdx sim/run/x.c 1 '' "$spdx"
red spdx sim/run/x.sh 1 '#!/bin/sh' 'true'
red spdx tests/CMakeLists.txt 1 'project(x)'
red spdx ringside 1 '#!/bin/sh'
red unfinished sim/run/x.c 2 "$spdx" '/* TO''DO: later */'
red unfinished docs/x.md 1 'FIX''ME'
red unfinished scenarios/x.yaml 1 '# X''XX'
red machine-path docs/x.md 2 '' 'see /ho''me/me/x'
red machine-path sim/run/x.c 2 "$spdx" '"/wo''rk/x"'

# 601 lines; 600 are allowed.
long=$(awk -v first="$spdx" 'BEGIN {
	print first
	for (i = 0; i < 600; i++)
		print "int a;"
}')
red long-file sim/run/x.c 601 "$long"
clean_tree
printf '%s\n' "$long" | head -n 600 >sim/x.c
"$here/layering.sh" "$tmp/t" || failures=$((failures + 1))

# Templates of mkstemp are no unfinished work.
clean_tree
printf '%s\n' "$spdx" 'char t[] = "x.XXXXXX";' >sim/x.c
"$here/layering.sh" "$tmp/t" || failures=$((failures + 1))

[ "$failures" -eq 0 ]
