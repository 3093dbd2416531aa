#!/bin/sh
# SPDX-License-Identifier: MIT
# N parts with GNU parallel, on this machine or, with its --sshlogin, on others.
# Usage: parallel.sh N PATH...
parts=$1
shift
parallel --will-cite --halt never \
	ringside suite -j 1 --shard "{}/$parts" --json="part-{}.jsonl" "$@" \
	'>' 'part-{}.txt' ::: $(seq "$parts")
exec ringside merge --junit ringside.xml part-*.jsonl
