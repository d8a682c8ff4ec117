"""page.py BINARY [--minutes N]: the page in Chromium. What it weighs and how soon it is there; then a tab beside many devices
and events: whether its memory stays flat, its longest task, and what devices notice of it.

Flat means: the last third of the time against the third before it.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

from support import generator, servers, table
from support.tab import Tab

LOADS = 10
MOST_BYTES, MOST_PAINT_MS, MOST_TASK_MS = 200_000, 300, 100
STEP_S = 5
WARM_S = 20  # the lists fill up; not counted
SMOOTH_RATE, SMOOTH_S = 100, 20  # events/s at which no task may be long
VIEWS = {"overview": "#/?connector=local", "timeline": "#/timeline"}
COLUMNS = ("minute", "msg/s", "p99 us", "heap MB", "tab MB", "task ms", "server MB")


def line_of(cells):
    print("".join(f"{cell:>11}" for cell in cells), flush=True)


def loading(tab, url):
    """Verdicts on the weight and the first picture."""
    loads = [tab.load(url) for _ in range(LOADS)]
    paints, sizes = [load[0] for load in loads], [load[1] for load in loads]
    yield f"bytes of {loads[0][2]} files", MOST_BYTES, max(sizes), max(sizes) <= MOST_BYTES
    yield "first picture, ms, median", MOST_PAINT_MS, statistics.median(paints), statistics.median(paints) <= MOST_PAINT_MS
    yield "first picture, ms, worst", MOST_PAINT_MS, max(paints), None


def run(server, binary, options, sample):
    """(samples, the numbers of the whole run): `sample` is asked at each line of the generator."""
    load = subprocess.Popen(generator.command(binary, "publish", server, options), stdout=subprocess.PIPE, text=True)
    samples, last = [], {}
    for text in load.stdout:
        last = json.loads(text)
        if "interval_rate" in last:
            samples.append({"msg/s": last["interval_rate"], "p99 us": last.get("p99_us", 0), **sample()})
            line_of([f"{len(samples) * STEP_S / 60:.2f}", *(table.number(value) for value in samples[-1].values())])
    if load.wait() != 0:
        sys.exit("the devices ended early")
    return samples, last


def in_tab(tab, server):
    # Asked before the garbage is collected, which is a long task of its own, and forgotten behind it.
    task = tab.longest_task_ms()
    seen = {"heap MB": tab.heap_mb(), "tab MB": tab.resident_mb(), "task ms": task}
    tab.longest_task_ms()
    return {**seen, "server MB": servers.resident_bytes(server.pid) / 1e6}


def flat(name, samples, most):
    third = max(1, len(samples) // 3)
    before = statistics.median([each[name] for each in samples[-2 * third : -third] or samples])
    end = statistics.median([each[name] for each in samples[-third:]])
    return f"{name} before, end", before, end, end <= before * most


def watching(name, tab, server, binary, options):
    """Verdicts on one view beside the load."""
    print(f"\n{name}: {options['connections']} devices, {options['rate']:g} events/s")
    line_of(COLUMNS)
    alone = {"heap MB": 0, "tab MB": 0, "task ms": 0, "server MB": 0}
    calm, without = run(server, binary, {**options, "seconds": WARM_S}, lambda: alone)
    tab.watch(server.url + VIEWS[name])
    few = {**options, "rate": SMOOTH_RATE, "seconds": SMOOTH_S}
    smooth, _ = run(server, binary, few, lambda: in_tab(tab, server))
    samples, beside = run(server, binary, options, lambda: in_tab(tab, server))
    samples = samples[WARM_S // STEP_S :]
    kept = beside["rate"] / without["rate"]
    yield "rate without the page, with it", without["rate"], beside["rate"], kept >= 0.98
    yield "messages not acknowledged", 0, beside["lost"], beside["lost"] == 0
    cpu = [each["server_cpu_s"] / each["messages"] * 1e6 for each in (without, beside)]
    yield "server CPU, us a message", *cpu, None
    yield "latency p99, us", *(statistics.median(each["p99 us"] for each in rows) for rows in (calm, samples)), None
    yield flat("heap MB", samples, 1.05)
    yield flat("tab MB", samples, 1.05)
    tasks = [max(each["task ms"] for each in rows) for rows in (smooth[1:], samples)]  # without the one that draws it first
    yield f"longest task, ms, {SMOOTH_RATE} events/s, all", *tasks, tasks[0] <= MOST_TASK_MS


def show(verdicts):
    """Whether all is well."""
    well = True
    print()
    for what, before, end, fine in verdicts:
        well = well and fine is not False
        said = "" if fine is None else "ok" if fine else "MISSED"
        print(f"{what:36}{table.number(before):>10}{table.number(end):>10}  {said}", flush=True)
    return well


def main():
    parser = argparse.ArgumentParser(prog="script/bench page", description=__doc__)
    parser.add_argument("binary", help=argparse.SUPPRESS)
    parser.add_argument("--minutes", type=float, default=2, help="of each view (default 2)")
    parser.add_argument("--devices", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=1_000, help="events a second")
    parser.add_argument("--views", default=",".join(VIEWS), help="which ones, in turn")
    asked = parser.parse_args()
    if asked.minutes * 60 < WARM_S + 3 * STEP_S:
        parser.error(f"--minutes: at least {(WARM_S + 3 * STEP_S) / 60:.2f}, for a verdict")
    views = asked.views.split(",")
    if wrong := [view for view in views if view not in VIEWS]:
        parser.error(f"--views: no {wrong[0]}; there are {', '.join(VIEWS)}")
    servers.raise_file_limit()
    options = {"connections": asked.devices, "window": 4, "rate": asked.rate, "seconds": asked.minutes * 60, "report-every": STEP_S}
    well = True
    with tempfile.TemporaryDirectory() as folder:
        certificates = servers.make_certificates(folder, asked.binary)
        place = pathlib.Path(folder) / "ours"
        with servers.Murano(place, asked.binary, asked.devices, certificates) as server, Tab() as tab:
            server.url = f"http://127.0.0.1:{server.api_port}/"
            well = show(loading(tab, server.url)) and well
            for view in views:
                well = show(list(watching(view, tab, server, asked.binary, options))) and well
    sys.exit(0 if well else 1)


main()
