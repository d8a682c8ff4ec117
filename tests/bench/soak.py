"""soak.py BINARY [--minutes N]: half the top rate for long. Memory, latency and database size every 10 s, then a verdict.

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

CONNECTIONS = 50
STEP_S = 10
TOP_SECONDS = 5
COLUMNS = ("minute", "msg/s", "p50 us", "p99 us", "max us", "RSS MB", "data MB")


def data_bytes(folder):
    return sum(file.stat().st_size for file in pathlib.Path(folder).rglob("*") if file.is_file())


def row(number, line, server):
    return {
        "minute": number * STEP_S / 60,
        "msg/s": line["interval_rate"],
        **{f"{name} us": line.get(f"{name}_us", 0) for name in ("p50", "p99", "max")},
        "RSS MB": servers.resident_bytes(server.pid) / 1e6,
        "data MB": data_bytes(server.folder / "data") / 1e6,
    }


def soak(binary, server, options):
    """(rows, the last line: the numbers of the whole run)"""
    rows, last = [], {}
    run = subprocess.Popen(generator.command(binary, "publish", server, options), stdout=subprocess.PIPE, text=True)
    print("".join(f"{name:>10}" for name in COLUMNS), flush=True)
    for text in run.stdout:
        last = json.loads(text)
        if "interval_rate" in last:
            rows.append(row(len(rows) + 1, last, server))
            print("".join(f"{table.number(rows[-1][name]):>10}" for name in COLUMNS), flush=True)
    if run.wait() != 0:
        sys.exit("the soak ended early")
    return rows, last


def thirds(rows, name, judge=statistics.median):
    third = max(1, len(rows) // 3)
    return judge([row[name] for row in rows[-2 * third : -third] or rows]), judge([row[name] for row in rows[-third:]])


def verdicts(rows, last, rate):
    """(what, before, at the end, whether it is well)"""
    memory, latency = thirds(rows, "RSS MB"), thirds(rows, "p99 us")
    data = thirds(rows, "data MB", max)
    yield "memory, MB", *memory, memory[1] <= memory[0] * 1.05
    yield "latency p99, us", *latency, latency[1] <= latency[0] * 1.5
    yield "data folder, largest, MB", *data, data[1] <= data[0] * 1.1
    yield "rate asked and kept, msg/s", rate, last["rate"], last["rate"] >= rate * 0.99
    yield "messages sent and not acknowledged", 0, last["lost"], last["lost"] == 0


def main():
    parser = argparse.ArgumentParser(prog="script/bench soak", description=__doc__)
    parser.add_argument("binary", help=argparse.SUPPRESS)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--rate", type=float, help="messages a second; default: half of what it can")
    parser.add_argument("--tls", nargs="?", const="p256", default="", choices=("p256", "rsa"))
    asked = parser.parse_args()
    options = {"connections": CONNECTIONS, "window": 64, "tls": asked.tls}
    with tempfile.TemporaryDirectory() as folder:
        certificates = servers.make_certificates(folder, asked.binary)
        with servers.Murano(pathlib.Path(folder) / "ours", asked.binary, CONNECTIONS, certificates) as server:
            top = generator.run(asked.binary, "publish", server, {**options, "window": 20, "seconds": TOP_SECONDS})
            rate = asked.rate or top["rate"] / 2
            print(f"top rate {table.number(top['rate'])} msg/s, soak at {table.number(rate)} msg/s\n")
            length = {"seconds": asked.minutes * 60, "report-every": STEP_S, "rate": rate}
            rows, last = soak(asked.binary, server, {**options, **length})
    if not rows:
        sys.exit(f"too short for a verdict: at least {STEP_S} s are needed")
    print(f"\n{'':36}{'before':>10}{'end':>10}")
    for what, before, end, well in verdicts(rows, last, rate):
        print(f"{what:36}{table.number(before):>10}{table.number(end):>10}  {'ok' if well else 'NOT FLAT'}")


main()
