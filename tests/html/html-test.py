#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page of `ringside run --html` in headless Chromium.

usage: html-test.py PROGRAM CHECK [PICTURE.png]
Exits 77 where there is no Chromium.  With a name for a picture the page is kept
as it looks at the end.
"""
import json
import os
import subprocess
import sys
import tempfile

from chromium import Failure, Page, find

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
FIRST = "scenarios/00-first-light.yaml"
MANY = "bench/scenarios/qd1.yaml"
SLOW = 30.0  # seconds; ten times what a page of 100,000 events may take


def equal(what, expected, got):
    if expected != got:
        raise Failure(f"{what}: expected {expected!r}, got {got!r}")


def holds(what, true):
    if not true:
        raise Failure(what)


def make(program, folder, *arguments, verdict=0):
    path = os.path.join(folder, "page.html")
    run = subprocess.run([program, "run", *arguments, "--html", path], cwd=ROOT,
                         stdout=subprocess.DEVNULL, timeout=120, check=False)
    equal(f"exit code of run {' '.join(arguments)}", verdict, run.returncode)
    return path


def load(page, path):
    seconds = page.open("file://" + path)
    page.run("""
        window.text = s => document.querySelector(s).textContent.trim();
        window.cells = (caption, row) => {
            const t = [...document.querySelectorAll('#state table')]
                .find(t => t.caption.textContent === caption);
            const heads = [...t.tHead.rows[0].cells].map(c => c.textContent);
            const values = [...t.tBodies[0].rows[row].cells].map(c => c.textContent);
            return Object.fromEntries(heads.map((h, i) => [h, values[i]]));
        };
        window.about = name => [...document.querySelectorAll('#state dt, #event dt')]
            .find(t => t.textContent === name).nextSibling.textContent;
        0""")
    return seconds


def chosen(page):
    number = page.run("+document.getElementById('canvas').ariaValueNow")
    equal("the list's row", str(number), page.run(
        "text('#list [aria-selected=true] span')"))
    holds("the heading is not the slider's event", page.run(
        f"text('#event b') === 'Event {number}'"))
    return number


def count(page):
    return page.run("+document.getElementById('canvas').ariaValueMax")


def focus(page, name):
    page.run(f"document.getElementById('{name}').focus()")


def search(page, words, back=False):
    page.run(f"document.getElementById('search').value = {words!r}")
    focus(page, "search")
    page.key("Enter", shift=back)


def clean(page, path):
    equal("complaints of the page", [], page.complaints())
    equal("what was asked for", [], [url for url in page.requests()
                                     if url != "file://" + path
                                     and not url.startswith("data:")])


# ---- checks ----

def check_state(page, program, folder):
    """The state at events that are known."""
    path = make(program, folder, FIRST)
    load(page, path)
    equal("verdict", "PASS", page.run("text('.verdict')"))
    equal("reached", ["msix-per-queue"], page.run(
        "[...document.querySelectorAll('.rung.reached b')].map(b => b.textContent)"))
    focus(page, "canvas")
    page.key("Home")
    equal("driver at first", "none", page.run("about('Driver')"))
    equal("tables at first", 0, page.run(
        "document.querySelectorAll('#state table').length"))
    # The first step reads 96 sectors in 12 requests.
    search(page, "step-end blk.read")
    equal("driver", "virtio-pci, virtio_blk", page.run("about('Driver')"))
    equal("status", "0xf ACKNOWLEDGE, DRIVER, FEATURES_OK, DRIVER_OK",
          page.run("about('device_status')"))
    equal("MSI-X", "on, 2 entries", page.run("about('MSI-X')"))
    holds("VERSION_1 is negotiated", "F_VERSION_1" in page.run("about('Features')"))
    queue = page.run("cells('Virtqueues', 0)")
    equal("queue", ["0", "256", "1", "12", "12", "12", "0", "sent"],
          [queue[k] for k in ("Queue", "Size", "Vector", "Kicks", "Avail", "Used",
                              "In flight", "Interrupt")])
    vector = page.run("cells('MSI-X vectors', 1)")
    equal("vector", ["1", "queue 0", "open", "", "12", "virtio0-req.0, CPU 0"],
          [vector[k] for k in ("Vector", "Used by", "Mask", "Pending", "Sent",
                               "Owner")])
    # Between a kick and what the device makes of it a request is in flight.
    search(page, "device-request")
    queue = page.run("cells('Virtqueues', 0)")
    equal("in flight", "1", queue["In flight"])
    focus(page, "canvas")
    page.key("End")
    equal("driver at last", "none", page.run("about('Driver')"))
    clean(page, path)


def check_keys(page, program, folder):
    """Every key, the search, the buttons, and what a screen reader is told."""
    path = make(program, folder, FIRST)
    load(page, path)
    last = count(page)
    focus(page, "canvas")
    for keys, expected in ((["Home"], 1), (["ArrowRight"], 2), (["ArrowRight"], 3),
                           (["ArrowLeft"], 2), (["PageDown"], 102),
                           (["PageUp"], 2), (["ArrowLeft"] * 3, 1), (["End"], last),
                           (["ArrowRight"], last)):
        for key in keys:
            page.key(key)
        equal(f"after {keys}", expected, chosen(page))
    page.key("Home")
    lane = "text('#list [aria-selected=true] span:nth-child(4)')"
    page.key("ArrowRight", shift=True)
    holds("the same lane", page.run(lane) != "config-read" and chosen(page) > 1)
    page.key("ArrowDown")
    page.key("ArrowDown")
    holds("another lane", chosen(page) >= 1)
    focus(page, "list")
    page.key("Home")
    page.key("ArrowDown")
    equal("down the list", 2, chosen(page))
    search(page, "kick")
    first = chosen(page)
    equal("found", "kick", page.run(lane))
    page.key("Enter")
    holds("the next one", chosen(page) > first)
    page.key("Enter", shift=True)
    equal("the one before", first, chosen(page))
    holds("counted", page.run("text('#hits')").startswith("1 of "))
    search(page, "no such word")
    equal("nothing", "not found", page.run("text('#hits')"))
    for name, expected in (("first", 1), ("next", 2), ("before", 1), ("last", last)):
        page.run(f"document.getElementById('{name}').click()")
        equal(name, expected, chosen(page))
    equal("address", f"#event={last}", page.run("location.hash"))
    sliders = [n for n in page.call("Accessibility.getFullAXTree")["nodes"]
               if n.get("role", {}).get("value") == "slider"]
    equal("sliders", ["Chosen event"], [n["name"]["value"] for n in sliders])
    holds("told", page.run("document.getElementById('canvas').ariaValueText")
          .startswith(f"Event {last} of {last}, "))
    clean(page, path)


def check_pointer(page, program, folder):
    """Clicks into the lanes, the list, the machine and the ladder."""
    path = make(program, folder, FIRST)
    load(page, path)
    page.run("document.getElementById('timeline').scrollIntoView()")
    names = page.run("[...document.querySelectorAll('#names button')]"
                     ".map(b => b.textContent)")
    equal("lanes", ["Workload", "CPU 0", "Bus", "disk0", "Interrupts"], names)
    box = page.run("(r => [r.x, r.y, r.width])(document.getElementById('detail')"
                   ".getBoundingClientRect())")
    seen = set()
    for part in (0.35, 0.7, 0.9):
        page.click(box[0] + part * box[2], box[1] + 4.5 * 26)
        number = chosen(page)
        word = page.run("text('.kind')")
        holds(f"{word} is an interrupt", word in ("msi", "irq-raise", "intx"))
        seen.add(number)
    equal("events chosen by clicks", 3, len(seen))
    page.run("document.querySelectorAll('#names button')[3].click()")
    focus(page, "list")
    page.key("ArrowDown")
    holds("the list has one lane", page.run(
        "[...document.querySelectorAll('#list .rows .row span:nth-child(3)')]"
        ".every(c => c.textContent === 'disk0')"))
    page.run("document.querySelector('#list .rows .row').click()")
    holds("a row was chosen", chosen(page) > 0)
    view = page.run("document.getElementById('detail').toDataURL()")
    for name in ("in", "in", "axis"):
        page.run(f"document.getElementById('{name}').click()")
        page.frames()
        now = page.run("document.getElementById('detail').toDataURL()")
        holds(f"{name} changes the view", now != view)
        view = now
    # The second bind has a button that leads to the first.
    focus(page, "canvas")
    page.key("End")
    holds("bind 2", "bind 2 of 2" in page.run("text('#ladder')"))
    page.run("document.querySelector('#ladder .group button').click()")
    holds("bind 1", "bind 1 of 2" in page.run("text('#ladder')"))
    clean(page, path)


def check_fault(page, program, folder):
    """A run that failed: why, where, and how to see it again."""
    path = make(program, folder, FIRST, "--inject",
                "guest.irq.request@disk0#2=EBUSY", verdict=1)
    load(page, path)
    equal("verdict", "FAIL", page.run("text('.verdict')"))
    rung = page.run("text('.rung.failed')")
    for words in ("msix-per-queue", "EBUSY", "injected, call 2"):
        holds(f"the rung says {words}: {rung}", words in rung)
    equal("reached", "msix-shared", page.run("text('.rung.reached b')"))
    equal("again", f"ringside run {FIRST} --seed 1 --inject "
          "'guest.irq.request@disk0#2=EBUSY'", page.run("text('#again')"))
    equal("findings", 2, page.run("document.querySelectorAll('li.finding').length"))
    # Without a finding that has an event the page begins at the fault.
    equal("chosen", "fault", page.run("text('.kind')"))
    page.run("document.getElementById('first').click()")
    focus(page, "canvas")
    page.key("m")
    equal("next mark", "fault", page.run("text('.kind')"))
    page.run("document.querySelector('.rung.failed .link').click()")
    holds("the reason's event", "request_irq" in page.run("about('Text')"))
    clean(page, path)


def check_clause(page, program, folder):
    """A broken clause: no sound driver breaks one, so the page is told of it."""
    path = make(program, folder, FIRST)
    with open(path, encoding="utf-8") as file:
        head, rest = file.read().split('id="data">\n', 1)
    text, tail = rest.split("\n", 1)
    data = json.loads(text)
    asks = "Status writes never drop an already-set bit"
    data["page"]["clauses"]["STAT-D2"] = {
        "chapter": "Basic Facilities", "section": "Device Status Field",
        "party": "driver", "strength": "MUST", "summary": asks}
    data["result"]["findings"].append({
        "code": "driver-rule", "clause": "STAT-D2", "device": "disk0", "event": 200,
        "text": f"STAT-D2: the driver wrote 0x1 ({asks})",
        "callers": [{"function": "vp_set_status", "file": "vp.c", "line": 7}]})
    with open(path, "w", encoding="utf-8") as file:
        file.write(head + 'id="data">\n' + json.dumps(data) + "\n" + tail)
    load(page, path)
    equal("the page begins there", 200, chosen(page))
    equal("mark", "clause", page.run("text('#event .mark')"))
    equal("finding", "STAT-D2 disk0 the driver wrote 0x1",
          page.run("text('li.finding div')"))
    equal("rule", f"STAT-D2 (driver, MUST): {asks}", page.run(
        "text('.rule').replace(/ virtio 1.2, Basic.*/, '')"))
    holds("line", "vp_set_status  vp.c:7" in page.run("text('li.finding pre')"))
    clean(page, path)


def check_markup(page, program, folder):
    """What comes from a file is text, whatever it looks like."""
    bad = "</script><script>window.bad = 1</script><img src=x onerror=bad=1><!--"
    scenario = os.path.join(folder, "bad.yaml")
    with open(os.path.join(ROOT, FIRST), encoding="utf-8") as file:
        lines = file.read().replace("image: data/", f"image: {ROOT}/scenarios/data/")
    with open(scenario, "w", encoding="utf-8") as file:
        for line in lines.splitlines(keepends=True):
            file.write(f"about: '{bad}'\n" if line.startswith("about:") else line)
    path = make(program, folder, scenario)
    load(page, path)
    equal("about", bad, page.run("text('.about')"))
    equal("run by the browser", True, page.run("window.bad === undefined"))
    equal("images", 0, page.run("document.images.length"))
    clean(page, path)


def check_looks(page, program, folder):
    """Light and dark, wide and narrow, and a run that was stopped at once."""
    path = make(program, folder, FIRST)
    colour = "getComputedStyle(document.body).backgroundColor"
    load(page, path)
    light = page.run(colour)
    page.media(prefers_color_scheme="dark", prefers_reduced_motion="reduce")
    holds("dark differs from light", page.run(colour) != light)
    equal("transitions", "0s", page.run(
        "getComputedStyle(document.querySelector('button')).transitionDuration"))
    for width in (1920, 1280, 390, 320):
        page.size(width, 800)
        holds(f"nothing sticks out at {width}", page.run(
            "document.documentElement.scrollWidth <= innerWidth"))
    clean(page, path)
    path = make(program, folder, FIRST, "--stop-at", "3")
    load(page, path)
    equal("verdict", "STOPPED", page.run("text('.verdict')"))
    # The third event, and the one that says why the run ended there.
    equal("events", 4, count(page))
    equal("complaints of the page", [], page.complaints())


def check_large(page, program, folder):
    """More than 100,000 events."""
    path = make(program, folder, MANY, "--set", "workload.0.repeat.times=40")
    seconds = load(page, path)
    events = count(page)
    print(f"{events} events, {os.path.getsize(path)} bytes: "
          f"open after {seconds:.2f} s")
    holds(f"{events} events are too few for this test", events >= 100000)
    holds(f"open after {seconds:.1f} s", seconds < SLOW)
    holds("few rows are made", page.run(
        "document.querySelectorAll('#list .row').length < 100"))
    focus(page, "canvas")
    page.key("End")
    equal("chosen", events, chosen(page))
    # A turn reads 96 sectors, one a request: 3840, of a counter of 16 bits.
    search(page, "step-end", back=True)
    equal("found", "40 of 40", page.run("text('#hits')"))
    queue = page.run("cells('Virtqueues', 0)")
    equal("queue", ["3840", "3840", "3840", "0"],
          [queue[k] for k in ("Kicks", "Avail", "Used", "In flight")])
    page.run("document.getElementById('first').click()")
    equal("back at first", 1, chosen(page))
    clean(page, path)
    # And 255 devices, of which eight have lanes of their own.
    path = make(program, folder, "scenarios/pci/whole-bus.yaml")
    seconds = load(page, path)
    print(f"{count(page)} events of 255 devices: open after {seconds:.2f} s")
    equal("devices", 255, page.run("document.querySelectorAll('[data-device]').length"))
    names = page.run("[...document.querySelectorAll('#names .device')]"
                     ".map(b => b.textContent)")
    equal("lanes of devices", [f"disk{i}" for i in range(8)] + ["other devices"], names)
    page.run("document.getElementById('first').click()")
    search(page, "disk200 queue-enable")
    equal("device", "disk200", page.run("document.getElementById('device')"
                                        ".selectedOptions[0].textContent"))
    equal("queue", "256", page.run("cells('Virtqueues', 0)")["Size"])
    equal("complaints of the page", [], page.complaints())


def main():
    program, check = os.path.realpath(sys.argv[1]), sys.argv[2]
    browser = find()
    if not browser:
        print("html-test: there is no Chromium here: skipped")
        return 77
    with tempfile.TemporaryDirectory(prefix="ringside-page-") as folder:
        page = Page(browser)
        try:
            page.size(1280, 800)
            globals()["check_" + check](page, program, folder)
            if len(sys.argv) > 3:
                page.screenshot(sys.argv[3])
        except Failure as failure:
            print(f"html-test {check}: {failure}", file=sys.stderr)
            return 1
        finally:
            page.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
