"""control.py BINARY: pages of 10,000 identities, questions about a journal of a million events, with what a device
waits for a PUBACK meanwhile, and a 512 MB content item up and down. Printed, not judged."""

import http.client
import json
import multiprocessing
import os
import pathlib
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time

IDENTITIES = 10_000
EVENTS = 1_000_000
EVENTS_AT_ONCE = 1000
TOKEN = "T" * 40
ROUNDS = 20
CONTENT_BYTES = 512 * 1024 * 1024
DEADLINE_S = 20


def resident_mb(pid, field="VmRSS"):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split(f"{field}:")[1].split()[0]) / 1024


def started(binary, folder, *flags):
    """(process, host:port of the control API, of the plain device port of the connector "bench")"""
    ready = folder / "ready.json"
    command = [binary, "serve", *flags, "--data-dir", folder / "data", "--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0"]
    with open(folder / "log", "ab") as log:
        server = subprocess.Popen([*command, "--mqtt", "127.0.0.1:0=bench", "--ready-file", ready],
                                  stdout=log, stderr=log)  # fmt: skip
    began = time.perf_counter()
    while not ready.exists():
        if server.poll() is not None or time.perf_counter() - began > DEADLINE_S:
            server.kill()
            sys.exit(f"the server did not get ready:\n{(folder / 'log').read_text()}")
        time.sleep(0.001)
    said = json.loads(ready.read_text())
    return server, said["api"].removeprefix("http://"), said["mqtt"][0]


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


def text(value):
    return struct.pack(">H", len(value)) + value.encode()


def packet(first, body):
    """Of less than 128 bytes."""
    return bytes([first, len(body)]) + body


def connected_device(api, place, identity, token=TOKEN):
    body = json.dumps({"protocol": {"devmode": True}})  # for a port without TLS
    call(http.client.HTTPConnection(api), "PATCH", "/api:1/service/bench/device2", body,
         {"Content-Type": "application/json"})  # fmt: skip
    body = json.dumps({"auth": {"type": "token", "key": token}})
    call(http.client.HTTPConnection(api), "PUT", f"/api:1/service/bench/device2/identity/{identity}", body,
         {"Content-Type": "application/json"})  # fmt: skip
    host, port = place.rsplit(":", 1)
    stream = socket.create_connection((host, int(port)))
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    stream.sendall(packet(0x10, text("MQTT") + bytes([4, 0xC2, 0, 0]) + text("") + text("") + text(token)))
    if stream.recv(4) != b"\x20\x02\0\0":
        sys.exit("the device was refused")
    return stream


def publish_and_wait(stream, value):
    stream.sendall(packet(0x32, text("$resource/data_in") + b"\0\1" + str(value).encode()))
    received = b""
    while len(received) < 4:
        received += stream.recv(4)


def many_events(stream):
    for first in range(0, EVENTS, EVENTS_AT_ONCE):
        stream.sendall(b"".join(packet(0x30, text("$resource/data_in") + str(first + i).encode())
                                for i in range(EVENTS_AT_ONCE)))  # fmt: skip
    publish_and_wait(stream, "end")


def lone_device(stream, pipe):
    """A process: publishes with QoS 1, one at a time. At each word it tells how long (ms) it waited since the last."""
    times, count = [], 0
    while True:
        if pipe.poll():
            if pipe.recv() == "end":
                return
            pipe.send(times)
            times = []
        began = time.perf_counter()
        publish_and_wait(stream, count)
        times.append((time.perf_counter() - began) * 1000)
        count += 1


def puback_times(pipe):
    pipe.send("tell")
    return pipe.recv()


def questions(connection, pipe):
    """Long ones, one after the other, while a device publishes."""
    print(f"\n{'what a device waits meanwhile':46}{'answer':>10}{'PUBACK median':>15}{'worst':>10}")
    puback_times(pipe)
    time.sleep(1)
    alone = puback_times(pipe)
    print(f"{'nothing is asked':46}{'':>10}{statistics.median(alone):>12.2f} ms{max(alone):>7.1f} ms")
    for path in ("/api:1/service/bench/device2/identity/?limit=1000", "/api:1/service/bench/device2/identity/?limit=10000",
                 "/_emulator/v1/connectors/bench/identities/lone/history?limit=10000",
                 "/_emulator/v1/events?type=publish", "/_emulator/v1/events?limit=10000",
                 "/api:1/solution/quiet/logs"):  # fmt: skip
        puback_times(pipe)
        began = time.perf_counter()
        call(connection, "GET", path)
        took = (time.perf_counter() - began) * 1000
        times = puback_times(pipe) or [0]
        shown = path.removeprefix("/api:1/").removeprefix("service/bench/").removeprefix("/_emulator/v1/")
        print(f"{shown:46.46}{took:>7.0f} ms{statistics.median(times):>12.2f} ms{max(times):>7.1f} ms")


def with_a_device(connection, api, place):
    stream = connected_device(api, place, "lone")
    began = time.perf_counter()
    many_events(stream)
    print(f"\n{EVENTS:,} events reported in {time.perf_counter() - began:.1f} s")
    ours, its = multiprocessing.Pipe()
    device = multiprocessing.Process(target=lone_device, args=(stream, its), daemon=True)
    device.start()
    questions(connection, ours)
    ours.send("end")
    device.join(DEADLINE_S)


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
        server, api, place = started(binary, folder)
        try:
            content(binary, folder, api, server.pid)
            connection = http.client.HTTPConnection(api)
            fill(connection)
            list_pages(connection)
            with_a_device(connection, api, place)
        finally:
            server.terminate()
            server.wait(DEADLINE_S)


if __name__ == "__main__":
    main()
