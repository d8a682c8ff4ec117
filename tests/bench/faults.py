"""faults.py BINARY [--packets N]: how exactly delays are kept. Of each kind that delays, N packets (1,000) of one device,
one every 5 ms, each delayed by 100 ms: by how much they leave later than that, in percentiles. MISSED: a packet that leaves
early, or a 99th percentile of more than 10 ms (on an idle machine). Exit code 1 where anything is missed.

What a message costs with a fault on another device: script/bench instructions --save FILE, then the same with
--against FILE --fault '{"kind":"withhold","packet":"PUBACK","identity":"nobody"}'."""

import argparse
import http.client
import json
import os
import pathlib
import sys
import tempfile
import threading
import time

from support import servers
from support.bystander import login, publish

DELAY_MS, MOST_MS, EACH_S = 100, 10, 0.005
CLOCK_MS = 0.5  # the server's steady time is read once a turn
FAULTS = {
    "delay": {"packet": "PUBACK", "delay_ms": DELAY_MS},
    "latency": {"direction": "out", "delay_ms": DELAY_MS},
}


class Puback:
    """Reads PUBACKs beside the sender, with the time of each."""

    def __init__(self, stream, count):
        self._stream, self._count = stream, count
        self.came = {}
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self):
        got = b""
        while len(self.came) < self._count:
            piece = self._stream.recv(65536)
            now = time.perf_counter()
            if not piece:
                return
            got += piece
            while len(got) >= 4:
                self.came.setdefault(int.from_bytes(got[2:4], "big"), now)
                got = got[4:]

    def wait(self):
        self._thread.join()


def round_trips_ms(port, packets):
    """Of so many reports, in order."""
    with login(port, f"T{0:039}") as stream:
        reader = Puback(stream, packets)
        begin, sent = time.perf_counter(), {}
        for number in range(1, packets + 1):
            time.sleep(max(0, begin + number * EACH_S - time.perf_counter()))
            sent[number] = time.perf_counter()
            stream.sendall(publish("$resource/data_in", b"1", number))
        reader.wait()
    return [1000 * (reader.came[number] - at) for number, at in sent.items() if number in reader.came]


def percentiles(values):
    ordered = sorted(values)
    return [ordered[min(len(ordered) - 1, len(ordered) * share // 1000)] for share in (0, 500, 900, 990, 1000)]


def call(api, method, path, body=None):
    connection = http.client.HTTPConnection(api, timeout=30)
    connection.request(method, path, body=json.dumps(body), headers={"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    if answer.status >= 300:
        sys.exit(f"{method} {path}: {answer.status}")


def show(name, values):
    print(f"{name:12}" + "".join(f"{value:>9.2f}" for value in values), end="", flush=True)


def measure(server, packets):
    """How many kinds missed."""
    api = f"127.0.0.1:{server.api_port}"
    print(f"{'ms late':12}" + "".join(f"{what:>9}" for what in ("least", "50 %", "90 %", "99 %", "most")))
    show("no fault", percentiles(round_trips_ms(server.plain_port, packets)))
    print()
    missed = 0
    for kind, keys in FAULTS.items():
        path = f"/_emulator/v1/faults/{kind}"
        call(api, "PUT", path, {"kind": kind, "identity": servers.device_id(0), **keys})
        late = percentiles([trip - DELAY_MS for trip in round_trips_ms(server.plain_port, packets)])
        call(api, "DELETE", path)
        bad = late[0] < -CLOCK_MS or late[3] > MOST_MS
        missed += bad
        show(kind, late)
        print("  MISSED" if bad else "  ok", flush=True)
    return missed


def main():
    parser = argparse.ArgumentParser(prog="script/bench faults", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("binary", type=os.path.abspath, help=argparse.SUPPRESS)
    parser.add_argument("--packets", type=int, default=1000, choices=range(1, 60_001), metavar="N")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        certificates = servers.make_certificates(folder, asked.binary)
        with servers.Murano(pathlib.Path(folder) / "server", asked.binary, 1, certificates) as server:
            return 1 if measure(server, asked.packets) else 0


if __name__ == "__main__":
    sys.exit(main())
