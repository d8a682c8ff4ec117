"""start.py BINARY: start to ready with existing certificates, idle memory, time to stop. Printed, not judged."""

import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 10
DEADLINE_S = 20


def resident_mb(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def one_round(binary, folder):
    """(seconds to ready, resident megabytes, seconds to stop)"""
    ready = folder / "ready.json"
    command = [binary, "serve", "--data-dir", folder / "data", "--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0"]
    began = time.perf_counter()
    with open(folder / "log", "ab") as log:
        server = subprocess.Popen([*command, "--ready-file", ready], stdout=log, stderr=log)
    while not ready.exists():
        if server.poll() is not None or time.perf_counter() - began > DEADLINE_S:
            server.kill()
            sys.exit(f"the server did not get ready:\n{(folder / 'log').read_text()}")
        time.sleep(0.0002)
    started = time.perf_counter() - began
    memory = resident_mb(server.pid)
    began = time.perf_counter()
    server.send_signal(signal.SIGTERM)
    if server.wait(DEADLINE_S) != 0:
        sys.exit(f"the server ended with {server.returncode}")
    return started, memory, time.perf_counter() - began


def main():
    binary = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        first = one_round(binary, pathlib.Path(folder))
        rounds = [one_round(binary, pathlib.Path(folder)) for _ in range(ROUNDS)]
    started, memory, stopped = zip(*rounds)
    print(f"{'':34}{'median':>10}{'worst':>10}{'goal':>10}")
    for name, values, unit, scale, goal in (
        ("start to ready, certificates there", started, "ms", 1000, 100),
        ("resident memory, idle", memory, "MB", 1, 20),
        ("SIGTERM to exit", stopped, "ms", 1000, 500),
    ):
        middle, worst = statistics.median(values) * scale, max(values) * scale
        print(f"{name:34}{middle:>7.1f} {unit}{worst:>7.1f} {unit}{goal:>7} {unit}")
    print(f"{'the very first start (makes keys)':34}{first[0] * 1000:>7.1f} ms")


main()
