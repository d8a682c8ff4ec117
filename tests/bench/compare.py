"""compare.py BINARY [NAME...] [OPTIONS]: ours and mosquitto on the same workloads, in turn (A B A B), as a table.

NAME is a workload, the beginning of several followed by a star (qos1-*), quick (under two minutes) or all (default).
--list names them. --connections, --payload, --window, --tls [p256|rsa], --seconds and --rounds change what is named.
"""

import argparse
import dataclasses
import fnmatch
import pathlib
import statistics
import sys
import tempfile

from support import generator, servers, table, workloads


def options():
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("binary", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", default=["all"], metavar="NAME")
    parser.add_argument("--list", action="store_true", help="names the workloads")
    parser.add_argument("--connections", type=int)
    parser.add_argument("--payload", type=int, help="bytes")
    parser.add_argument("--window", type=int, help="unacknowledged messages of a connection")
    parser.add_argument("--tls", nargs="?", const="p256", choices=("p256", "rsa"))
    parser.add_argument("--seconds", type=float, help="of one measurement")
    parser.add_argument("--rounds", type=int, help="measurements of each server")
    parser.add_argument("--only-ours", action="store_true", help="without mosquitto")
    return parser.parse_args()


def chosen(names):
    found = []
    for name in names:
        fits = [
            each
            for each in workloads.ALL
            if name == "all" or (name == "quick" and each.quick) or fnmatch.fnmatchcase(each.name, name)
        ]
        if not fits:
            sys.exit(f"script/bench: no workload {name}; there are: {' '.join(each.name for each in workloads.ALL)}")
        found += [each for each in fits if each not in found]
    return found


def changed(workload, asked):
    """The workload with what the command line says about it. Other than named, it has no target."""
    changes = {name: getattr(asked, name) for name in ("connections", "payload", "window", "tls")}
    changes = {name: value for name, value in changes.items() if value is not None}
    if not changes:
        return workload
    name = " ".join((workload.name, *(str(value) for value in changes.values())))
    return dataclasses.replace(workload, name=name, options={**workload.options, **changes}, targets=())


class Comparison:
    def __init__(self, asked, folder):
        self.asked = asked
        self.folder = pathlib.Path(folder)
        self.certificates = servers.make_certificates(folder, asked.binary)
        quick = asked.names == ["quick"]
        self.seconds = asked.seconds or (1 if quick else 2)
        self.rounds = asked.rounds or (2 if quick else 3)

    def measured(self, workload):
        """{server name: [numbers of each round]}; both servers live through all rounds, and start afresh."""
        folder = self.folder / workload.name
        devices = max(2000, workload.options.get("connections", 50))
        sides = [servers.Murano(folder / "ours", self.asked.binary, devices, self.certificates)]
        if not (workload.only_ours or self.asked.only_ours):
            sides.append(servers.Mosquitto(folder / "mosquitto", self.certificates))
        results = {side.name: [] for side in sides}
        for side in sides:
            side.start()
        for _ in range(self.rounds):
            for side in sides:
                values = {"seconds": self.seconds, **workload.options}
                results[side.name].append(generator.run(self.asked.binary, workload.mode, side, values))
        for side in sides:
            side.stop()
        return results

    def show(self, workload):
        results = self.measured(workload)
        ours, theirs = results["ours"], results.get("mosquitto", [])

        def middle(rows, name):
            values = [row[name] for row in rows if name in row]
            return statistics.median(values) if values else None

        def cell(rows, name, scale=1.0):
            value = middle(rows, name)
            return "" if value is None else table.number(value * scale)

        def cpu(rows):
            values = [row["server_cpu_s"] / row["messages"] * 1e6 / workload.times for row in rows]
            return table.number(statistics.median(values)) if values else ""

        ratio = middle(ours, workload.measure) / middle(theirs, workload.measure) if theirs else None
        spreads = "/".join(f"{table.spread([row[workload.measure] for row in rows]):.0%}" for rows in (ours, theirs) if rows)
        table.line((
            *(workload.name, workload.unit, cell(ours, workload.measure, workload.times)),
            *(cell(theirs, workload.measure, workload.times), "" if ratio is None else f"{ratio:.2f}"),
            *("" if ratio is None else table.verdict(ratio, workload.targets, workload.less), spreads),
            *(cpu(ours), cpu(theirs), cell(ours, "p99_us"), cell(theirs, "p99_us")),
            *(cell(ours, "server_rss", 1e-6), cell(theirs, "server_rss", 1e-6)),
        ))  # fmt: skip


def main():
    asked = options()
    if asked.list:
        print("\n".join(each.name for each in workloads.ALL))
        return
    servers.raise_file_limit()
    with tempfile.TemporaryDirectory() as folder:
        comparison = Comparison(asked, folder)
        table.head()
        for workload in chosen(asked.names):
            comparison.show(changed(workload, asked))


main()
