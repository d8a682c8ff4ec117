"""instructions.py BINARY: instructions that the server executes for one message or connection, counted by callgrind.

The same on a busy machine and on a quiet one, within a few percent, so two commits can be compared: --save FILE on
one, --against FILE on the other; --fault JSON puts on a fault before it is measured. System calls count as one instruction: it is our code and the libraries', not the kernel.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from support import generator, servers

CONNECTIONS = 50
PATHS = {  # messages (or connections), bench_load's mode and options
    "qos1-w20": (4000, "publish", {"window": 20}),
    "qos1-w1": (4000, "publish", {"window": 1}),
    "qos1-w20-1k": (4000, "publish", {"window": 20, "payload": 1024, "content": "reports"}),
    "qos1-w1-1k": (4000, "publish", {"window": 1, "payload": 1024, "content": "reports"}),
    "lone": (2000, "publish", {"window": 1, "connections": 1}),
    "qos1-w20-tls": (4000, "publish", {"window": 20, "tls": "p256"}),
    "qos0": (4000, "publish", {"qos": 0}),
    "echo": (4000, "publish", {"window": 20, "echo": True}),
    "batch100": (500, "publish", {"window": 20, "batch": 100}),
    "connect": (500, "storm", {}),
    "connect-p256": (200, "storm", {"tls": "p256"}),
    "connect-p256-resumed": (200, "storm", {"tls": "p256", "resume": True}),
}


class Callgrind:
    """Ours under callgrind, which counts only between two dumps; starting up is not measured."""

    def __init__(self, folder, binary, certificates, fault):
        self.folder = pathlib.Path(folder)
        self.server = servers.Murano(self.folder, binary, CONNECTIONS, certificates, fault=fault)
        self.dumps = 0

    def __enter__(self):
        self.server.start((
            *("valgrind", "--tool=callgrind", "--instr-atstart=no", "--fair-sched=yes"),
            f"--callgrind-out-file={self.folder}/out",
        ))  # fmt: skip
        return self

    def __exit__(self, *_):
        self.server.stop()

    def control(self, *words):
        done = subprocess.run(["callgrind_control", *words, str(self.server.pid)], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"callgrind_control {' '.join(words)}: {done.stdout}{done.stderr}")

    def dump(self):
        """The file with what was executed since the last dump."""
        self.control("--dump")
        self.dumps += 1
        return self.folder / f"out.{self.dumps}"


def executed(file):
    return int(re.search(r"^(?:totals|summary): (\d+)", file.read_text(), re.MULTILINE).group(1))


def count(binary, path, folder, certificates, annotate, fault):
    """Instructions of one message: connecting and warming up are in both runs, and cancel out."""
    with Callgrind(folder, binary, certificates, fault) as callgrind:
        callgrind.control("--instr=on")
        messages, mode, options = PATHS[path]
        values = {"connections": CONNECTIONS, "patience": 300, **options}
        counts = []
        for factor in (1, 3):
            generator.run(binary, mode, callgrind.server, {**values, "messages": factor * messages})
            file = callgrind.dump()
            counts.append(executed(file))
        if annotate:
            show = ["callgrind_annotate", "--threshold=80", "--show-percs=yes", str(file)]
            print(subprocess.run(show, capture_output=True, text=True).stdout)
    return (counts[1] - counts[0]) / (2 * messages)


def main():
    parser = argparse.ArgumentParser(prog="script/bench instructions", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("binary", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PATHS)}; default all")
    parser.add_argument("--annotate", action="store_true", help="shows the functions, too")
    parser.add_argument("--fault", metavar="JSON", help="on another device, say: what it costs those that it does not strike")
    parser.add_argument("--save", type=pathlib.Path, metavar="FILE", help="writes the numbers")
    parser.add_argument("--against", type=pathlib.Path, metavar="FILE", help="compares with numbers written before")
    asked = parser.parse_intermixed_args()
    unknown = set(asked.names) - set(PATHS)
    if unknown:
        parser.error(f"no path {', '.join(unknown)}; there are: {', '.join(PATHS)}")
    before = json.loads(asked.against.read_text()) if asked.against else {}
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        certificates = servers.make_certificates(folder, asked.binary)
        print(f"{'instructions for one':30}{'now':>10}{'before':>10}{'change':>9}")
        for path in asked.names or PATHS:
            found[path] = count(asked.binary, path, pathlib.Path(folder) / path, certificates, asked.annotate, asked.fault)
            old = before.get(path)
            change = f"{old:>10.0f}{found[path] / old - 1:>+9.1%}" if old else ""
            print(f"{path:30}{found[path]:>10.0f}{change}", flush=True)
    if asked.save:
        asked.save.write_text(json.dumps(found, indent=1) + "\n")


main()
