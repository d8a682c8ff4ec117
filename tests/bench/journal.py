"""journal.py BINARY [SECONDS]: the journal at its cap while devices report as fast as they can. What a device with one
message at a time waits for its PUBACK while old entries go, and what memory does. Printed, not judged; the goals: no
PUBACK later than 20 ms because of the journal, and memory flat."""

import http.client
import json
import multiprocessing
import os
import pathlib
import statistics
import sys
import tempfile
import time

from control import DEADLINE_S, connected_device, packet, publish_and_wait, resident_mb, started, text

SECONDS = 30
WINDOW = 64
MOST_EVENTS = 100_000
MOST_BYTES = 16 * 1024 * 1024


def firehose(stream, counter):
    """A process: QoS 1, a window of publishes at a time."""
    message = packet(0x32, text("$resource/data_in") + b"\0\1" + b"x" * 60)
    while True:
        stream.sendall(message * WINDOW)
        left = 4 * WINDOW
        while left:
            left -= len(stream.recv(left))
        counter.value += WINDOW


def probe(stream, seconds):
    """PUBACK times in ms."""
    times, end = [], time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        publish_and_wait(stream, len(times))
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times)


def dropped(api):
    connection = http.client.HTTPConnection(api)
    connection.request("GET", "/_emulator/v1/events?limit=1&type=deleted")
    return json.loads(connection.getresponse().read())["dropped"]


def show(name, times, before, after):
    p99 = times[int(len(times) * 0.99)]
    print(f"{name:26}{statistics.median(times):>9.2f} ms{p99:>8.2f} ms{times[-1]:>8.1f} ms{before:>10.1f}{after:>10.1f}")


def measure(api, place, pid, seconds):
    lone = connected_device(api, place, "lone")
    counter = multiprocessing.Value("q", 0, lock=False)
    stream = connected_device(api, place, "hose", "H" * 40)
    hose = multiprocessing.Process(target=firehose, args=(stream, counter), daemon=True)
    print(f"{'PUBACK of a lone device':26}{'median':>12}{'p99':>11}{'worst':>11}{'MB before':>10}{'after':>10}")
    alone = probe(lone, seconds / 6)
    show("nobody else reports", alone, resident_mb(pid), resident_mb(pid))
    hose.start()
    began = time.perf_counter()
    while dropped(api) == 0:
        before = resident_mb(pid)
        show("firehose, journal filling", probe(lone, seconds / 6), before, resident_mb(pid))
    for _ in range(3):
        before = resident_mb(pid)
        show("firehose, journal full", probe(lone, seconds / 3), before, resident_mb(pid))
    rate = counter.value / (time.perf_counter() - began)
    hose.terminate()
    hose.join(DEADLINE_S)
    print(f"\n{rate:,.0f} reports/s, {dropped(api):,} events dropped")


def main():
    binary = os.path.abspath(sys.argv[1])
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else SECONDS
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        cap = {"journal": {"max_events": MOST_EVENTS, "max_bytes": MOST_BYTES}}
        (folder / "settings.jsonc").write_text(json.dumps(cap))
        server, api, place = started(binary, folder, "--config", folder / "settings.jsonc")
        try:
            measure(api, place, server.pid, seconds)
        finally:
            server.terminate()
            server.wait(DEADLINE_S)


if __name__ == "__main__":
    main()
