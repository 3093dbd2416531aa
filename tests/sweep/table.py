# SPDX-License-Identifier: MIT
"""Injected runs by point and guest, from `ringside sweep --json`, into a page.

Usage: table.py RUNS.jsonl PAGE OPTIONS     the first table: a sample
       table.py --exhausted FOLDER PAGE     the second: of exhaust.sh
       table.py --reach RUNS.jsonl          files by how much is in reach
A table replaces what stands between the page's two markers of that name.
"""
import json
import os
import re
import sys
from collections import Counter, defaultdict


class Runs:
    def __init__(self):
        self.by_point = defaultdict(Counter)
        self.failed = Counter()
        self.kinds = defaultdict(Counter)
        self.reach = defaultdict(int)  # by path
        self.cells = 0

    def add(self, path):
        for line in open(path):
            entry = json.loads(line)
            if "ringside_sweep_cell" in entry and entry["swept"]:
                self.reach[entry["scenario"]["path"]] += entry["in_reach"]
                self.cells += 1
            if "ringside_sweep_run" in entry:
                self.add_run(entry)

    def add_run(self, entry):
        point, guest = point_of(entry), entry["guest"]
        self.by_point[point][guest] += 1
        self.failed[guest] += entry["verdict"] == "fail"
        for code in {f["code"] for f in entry["findings"]}:
            self.kinds[guest][point + " -> " + code] += 1

    def total(self):
        return sum((by for by in self.by_point.values()), Counter())


def point_of(run):
    if len(run["faults"]) > 1:
        return "two faults"
    if not run["faults"]:
        return "none"
    return re.split("[@#=]", run["faults"][0])[0]


def rows(runs):
    total = runs.total()
    guests = sorted(total)
    out = ["| fault point | " + " | ".join(guests) + " |",
           "|---|" + "---|" * len(guests)]
    for point in sorted(runs.by_point):
        out.append("| `%s` | " % point + " | ".join(
            str(runs.by_point[point][g]) for g in guests) + " |")
    out.append("| all | " + " | ".join(str(total[g]) for g in guests) + " |")
    out.append("| **with a finding** | " + " | ".join(
        "**%d**" % runs.failed[g] for g in guests) + " |")
    out.append("")
    for guest in guests:
        for kind in sorted(runs.kinds[guest]):
            out.append("* %s: `%s`, %d runs" % (guest, kind,
                                                runs.kinds[guest][kind]))
    return out


def sample(path, options):
    runs = Runs()
    runs.add(path)
    return ["`tests/sweep/all.sh ringside %s`: %d injected runs of %d in "
            "reach, %d cells." % (options, sum(runs.total().values()),
                                  sum(runs.reach.values()), runs.cells),
            ""] + rows(runs)


def exhausted(folder):
    runs, missing = Runs(), []
    for line in open(os.path.join(folder, "order")):
        reach, path = line.split()
        name = os.path.join(folder, path.replace("/", "_") + ".jsonl")
        if os.path.exists(name):
            runs.add(name)
        else:
            missing.append((path, int(reach)))
    done = sum(runs.total().values())
    left = sum(n for _, n in missing)
    out = ["`tests/sweep/exhaust.sh ringside FOLDER -j 2`: %d injected runs, "
           "all that is in reach of %d files, %d cells." % (
               done, len(runs.reach), runs.cells), ""]
    if missing:
        out += ["Not run to exhaustion are %d files with %d faults in reach: "
                "%s." % (len(missing), left, ", ".join(
                    "`%s` (%d)" % (path.removeprefix("scenarios/"), n)
                    for path, n in missing)), ""]
    return out + rows(runs)


def by_reach(path):
    runs = Runs()
    runs.add(path)
    for name, n in sorted(runs.reach.items(), key=lambda r: (r[1], r[0])):
        print(n, name)


def put(page, name, lines):
    begin = "<!-- table.py begins: %s -->" % name
    end = "<!-- table.py ends: %s -->" % name
    text = open(page).read()
    head, rest = text.split(begin)
    tail = rest.split(end)[1]
    with open(page, "w") as f:
        f.write(head + begin + "\n" + "\n".join(lines).rstrip() + "\n" + end +
                tail)


def main():
    if sys.argv[1] == "--reach":
        by_reach(sys.argv[2])
    elif sys.argv[1] == "--exhausted":
        put(sys.argv[3], "exhausted", exhausted(sys.argv[2]))
    else:
        path, page, options = sys.argv[1:]
        put(page, "sample", sample(path, options))


main()
