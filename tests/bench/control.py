"""control.py BINARY: pages of 10,000 identities, and a 512 MB content item up and down. Printed, not judged."""

import http.client
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

IDENTITIES = 10_000
ROUNDS = 20
CONTENT_BYTES = 512 * 1024 * 1024
DEADLINE_S = 20


def resident_mb(pid, field="VmRSS"):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split(f"{field}:")[1].split()[0]) / 1024


def started(binary, folder):
    """(process, host:port of the control API)"""
    ready = folder / "ready.json"
    command = [binary, "serve", "--data-dir", folder / "data", "--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0"]
    with open(folder / "log", "ab") as log:
        server = subprocess.Popen([*command, "--ready-file", ready], stdout=log, stderr=log)
    began = time.perf_counter()
    while not ready.exists():
        if server.poll() is not None or time.perf_counter() - began > DEADLINE_S:
            server.kill()
            sys.exit(f"the server did not get ready:\n{(folder / 'log').read_text()}")
        time.sleep(0.001)
    return server, json.loads(ready.read_text())["api"].removeprefix("http://")


def call(connection, method, path, body=None, headers=None):
    connection.request(method, path, body=body, headers=headers or {})
    answer = connection.getresponse()
    data = answer.read()
    if answer.status >= 300:
        sys.exit(f"{method} {path}: {answer.status} {data[:300]}")
    return data


def fill(connection):
    """Identities with three values each."""
    head = 'Content-Disposition: form-data; name="identities"; filename="i.csv"\r\nContent-Type: text/csv'
    rows = "ID\n" + "\n".join(f"device-{number:05}" for number in range(IDENTITIES))
    form = f"--B\r\n{head}\r\n\r\n{rows}\r\n--B--\r\n"
    path = "/api:1/service/bench/device2"
    call(connection, "POST", f"{path}/identities", form, {"Content-Type": "multipart/form-data; boundary=B"})
    for number in range(IDENTITIES):
        body = json.dumps({"data_out": "x" * 40, "config_io": "y" * 40})
        call(connection, "PATCH", f"{path}/identity/device-{number:05}/state", body,
             {"Content-Type": "application/json"})  # fmt: skip


def list_pages(connection):
    print(f"{'list of 10,000 identities':34}{'median':>10}{'worst':>10}{'goal':>10}")
    for query in ("limit=50", "limit=500", "limit=1000", "limit=10000", "limit=50&status=whitelisted&identity=9$",
                  "limit=50&before=1"):  # fmt: skip
        times = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            call(connection, "GET", f"/api:1/service/bench/device2/identity/?{query}")
            times.append((time.perf_counter() - began) * 1000)
        goal = "" if "10000" in query else f"{20:>7} ms"
        print(f"{query:42.42}{statistics.median(times):>7.1f} ms{max(times):>7.1f} ms{goal}")


def content(binary, folder, api, pid):
    """Up and down with the command line, and what the server held meanwhile."""
    big, back = folder / "big", folder / "back"
    with open(big, "wb") as file:
        for _ in range(CONTENT_BYTES // (1024 * 1024)):
            file.write(os.urandom(1024) * 1024)
    before = resident_mb(pid)
    for what, arguments in (("up", ("put", "big", big)), ("down", ("get", "big", back))):
        began = time.perf_counter()
        subprocess.run([binary, "content", *arguments, "--url", f"http://{api}"], check=True, capture_output=True)
        print(f"{'512 MB ' + what:34}{time.perf_counter() - began:>8.1f} s")
    print(f"{'resident memory, peak - before':34}{resident_mb(pid, 'VmHWM') - before:>7.1f} MB{'goal 8 MB':>20}")


def main():
    binary = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        server, api = started(binary, folder)
        try:
            content(binary, folder, api, server.pid)
            connection = http.client.HTTPConnection(api)
            fill(connection)
            list_pages(connection)
        finally:
            server.terminate()
            server.wait(DEADLINE_S)


main()
