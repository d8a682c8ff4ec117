"""compare.py BINARY [NAME...] [OPTIONS]: ours and mosquitto on the same workloads, in turn (A B A B), as a table.
Where FLASHMQ names that broker's binary, it is the third, and has a line of its own behind each.

NAME is a workload, the beginning of several followed by a star (qos1-*), quick (under two minutes) or all (default).
--list names them. --connections, --payload, --window, --tls [p256|rsa], --seconds and --rounds change what is named.
--against BINARY and --fault JSON compare ours with ours instead: with another build, and with a fault in the other one.
"""

import argparse
import contextlib
import dataclasses
import fnmatch
import os
import pathlib
import subprocess
import sys
import tempfile

from support import content, generator, servers, starting, table, workloads


def options():
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("binary", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", default=["all"], metavar="NAME")
    parser.add_argument("--list", action="store_true", help="names the workloads")
    parser.add_argument("--connections", type=int)
    parser.add_argument("--payload", type=int, help="bytes")
    parser.add_argument("--content", choices=("letters", "reports", "noise"), help="of the payloads")
    parser.add_argument("--window", type=int, help="unacknowledged messages of a connection")
    parser.add_argument("--tls", nargs="?", const="p256", choices=("p256", "rsa"))
    parser.add_argument("--seconds", type=float, help="of one measurement")
    parser.add_argument("--rounds", type=int, help="measurements of each server")
    parser.add_argument("--only-ours", action="store_true", help="without mosquitto")
    parser.add_argument("--against", type=os.path.abspath, metavar="BINARY", help="another build of ours, in the place of mosquitto")
    parser.add_argument("--fault", metavar="JSON", help="ours with that fault, in the place of mosquitto")
    return parser.parse_intermixed_args()


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
    """The workload with what the command line says about it. Other than named, or beside ours, it has no target."""
    if asked.against or asked.fault:
        workload = dataclasses.replace(workload, targets=(), cpu_targets=())
    changes = {name: getattr(asked, name) for name in ("connections", "payload", "content", "window", "tls")}
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
        self.seconds = asked.seconds or (0.8 if quick else 2)
        self.rounds = asked.rounds or (2 if quick else 3)

    def ours(self, folder, options, known, binary=None, fault=None):
        known = known or options.get("connections", 50)
        return servers.Murano(folder, binary or self.asked.binary, known, self.certificates, fault=fault)

    def sides(self, workload):
        """[(server, bench_load's options)]: ours, then what it is compared with."""
        folder = self.folder / workload.name
        mine = {"seconds": self.seconds, **workload.options}
        found = [(self.ours(folder / "ours", mine, workload.devices), mine)]
        if self.asked.against or self.asked.fault:
            other = self.ours(folder / "other", mine, workload.devices, self.asked.against, self.asked.fault)
            found.append((other, mine))
        elif workload.against:
            theirs = {**mine, **workload.against}
            known = theirs.pop("devices", 0)
            found.append((self.ours(folder / "other", theirs, known), theirs))
        elif not (workload.only_ours or self.asked.only_ours):
            found.append((servers.Mosquitto(folder / "mosquitto", self.certificates), mine))
            if os.environ.get("FLASHMQ"):
                found.append((servers.FlashMQ(folder / "flashmq", self.certificates), mine))
        return found

    def one_run(self, workload, server, values):
        if workload.mode == "start":
            return starting.run(server)
        if workload.mode == "deliver" and server.api_port:
            values = {**values, "api-port": server.api_port}
        if workload.mode == "download":
            values = {**values, "path": content.path_of_item(self.asked.binary, server)}
        return generator.run(self.asked.binary, workload.mode, server, values)

    def measured(self, workload):
        """The numbers of each round, a list for each side. The servers are new, and live through all rounds."""
        sides = self.sides(workload)
        results = [[] for _ in sides]
        with contextlib.ExitStack() as running:
            for server, _ in sides:
                running.enter_context(server)
            if workload.mode == "start":  # once started, so that everything is there
                running.close()
            if workload.loaded:
                running.enter_context(busy_core())
            for _ in range(workload.rounds or self.rounds):
                for (server, values), rows in zip(sides, results):
                    rows.append(self.one_run(workload, server, values))
        return results

    def show(self, workload):
        """False: a server failed; the others go on."""
        try:
            ours, *others = self.measured(workload)
            table.result(workload, ours, *others[:1])
            if others[1:]:
                table.result(workloads.against_flashmq(workload), ours, others[1])
        except generator.Failed as failure:
            table.failure(workload, failure)
            return False
        return True


@contextlib.contextmanager
def busy_core():
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        busy.kill()
        busy.wait()


def main():
    asked = options()
    if asked.list:
        print("\n".join(each.name for each in workloads.ALL))
        return
    servers.raise_file_limit()
    with tempfile.TemporaryDirectory() as folder:
        comparison = Comparison(asked, folder)
        table.head()
        well = [comparison.show(changed(workload, asked)) for workload in chosen(asked.names)]
    sys.exit(not all(well))


main()
