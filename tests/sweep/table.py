# SPDX-License-Identifier: MIT
"""Injected runs by point and guest, from `ringside sweep --json`, into a page.

Usage: table.py RUNS.jsonl PAGE OPTIONS
The table replaces what stands between the page's two markers.
"""
import json
import re
import sys
from collections import Counter, defaultdict

BEGIN, END = "<!-- table.py begins -->", "<!-- table.py ends -->"


def point_of(run):
    if len(run["faults"]) > 1:
        return "two faults"
    if not run["faults"]:
        return "none"
    return re.split("[@#=]", run["faults"][0])[0]


def read(path):
    runs, failed, kinds = defaultdict(Counter), Counter(), defaultdict(Counter)
    reach = cells = 0
    for line in open(path):
        entry = json.loads(line)
        if "ringside_sweep_cell" in entry and entry["swept"]:
            reach += entry["in_reach"]
            cells += 1
        if "ringside_sweep_run" not in entry:
            continue
        point, guest = point_of(entry), entry["guest"]
        runs[point][guest] += 1
        failed[guest] += entry["verdict"] == "fail"
        for code in {f["code"] for f in entry["findings"]}:
            kinds[guest][point + " -> " + code] += 1
    return runs, failed, kinds, reach, cells


def table(path, options):
    runs, failed, kinds, reach, cells = read(path)
    guests = sorted({g for by in runs.values() for g in by})
    total = Counter()
    for by in runs.values():
        total.update(by)
    out = ["`tests/sweep/all.sh ringside %s`: %d injected runs of %d in reach, "
           "%d cells." % (options, sum(total.values()), reach, cells), "",
           "| fault point | " + " | ".join(guests) + " |",
           "|---|" + "---|" * len(guests)]
    for point in sorted(runs):
        out.append("| `%s` | " % point + " | ".join(
            str(runs[point][g]) for g in guests) + " |")
    out.append("| all | " + " | ".join(str(total[g]) for g in guests) + " |")
    out.append("| **with a finding** | " + " | ".join(
        "**%d**" % failed[g] for g in guests) + " |")
    out.append("")
    for guest in guests:
        for kind in sorted(kinds[guest]):
            out.append("* %s: `%s`, %d runs" % (guest, kind,
                                                kinds[guest][kind]))
    return "\n".join(out).rstrip() + "\n"


def main():
    path, page, options = sys.argv[1:]
    text = open(page).read()
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    with open(page, "w") as f:
        f.write(head + BEGIN + "\n" + table(path, options) + END + tail)


main()
