"""reset.py BINARY: resets and snapshots with 1,000 identities and 100,000 events. Printed, not judged."""

import http.client
import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time

IDENTITIES = 1000
EVENTS = 100_000
ROUNDS = 20
DEADLINE_S = 120
TOKEN = "t" * 40
SETTINGS = {"connectors": {"bench": {"protocol": {"devmode": True}}}}


def started(binary, folder):
    """(process, control API, plain device port)"""
    ready = folder / "ready.json"
    (folder / "settings.json").write_text(json.dumps(SETTINGS))
    command = [binary, "serve", "--data-dir", folder / "data", "--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0"]
    command += ["--mqtt", "127.0.0.1:0=bench", "--config", folder / "settings.json", "--ready-file", ready]
    with open(folder / "log", "ab") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    began = time.perf_counter()
    while not ready.exists():
        if server.poll() is not None or time.perf_counter() - began > DEADLINE_S:
            server.kill()
            sys.exit(f"the server did not get ready:\n{(folder / 'log').read_text()}")
        time.sleep(0.001)
    told = json.loads(ready.read_text())
    return server, told["api"].removeprefix("http://"), int(told["mqtt"][0].rpartition(":")[2])


def call(connection, method, path, body=None, content_type="application/json"):
    connection.request(method, path, body=body, headers={"Content-Type": content_type} if body else {})
    answer = connection.getresponse()
    data = answer.read()
    if answer.status >= 300:
        sys.exit(f"{method} {path}: {answer.status} {data[:300]}")
    return data


def add_identities(connection, connector):
    """With one value each; the first one has a token."""
    head = 'Content-Disposition: form-data; name="identities"; filename="i.csv"\r\nContent-Type: text/csv'
    rows = "ID\n" + "\n".join(f"device-{number:05}" for number in range(IDENTITIES))
    form = f"--B\r\n{head}\r\n\r\n{rows}\r\n--B--\r\n"
    path = f"/api:1/service/{connector}/device2"
    call(connection, "POST", f"{path}/identities", form, "multipart/form-data; boundary=B")
    for number in range(IDENTITIES):
        call(connection, "PATCH", f"{path}/identity/device-{number:05}/state", json.dumps({"config_io": "y" * 40}))
    if connector == "bench":
        auth = json.dumps({"auth": {"type": "token", "key": TOKEN}})
        call(connection, "PUT", f"{path}/identity/device-00000", auth)


def text(value):
    return len(value).to_bytes(2, "big") + value


def packet(first, body):
    assert len(body) < 128
    return bytes([first, len(body)]) + body


def publish_events(port):
    """QoS 0 reports, and one of QoS 1 whose PUBACK says that all of them are committed."""
    login = text(b"MQTT") + b"\x04\xc2\x00\x3c" + text(b"") + text(b"") + text(TOKEN.encode())
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S) as device:
        device.sendall(packet(0x10, login))
        if device.recv(4, socket.MSG_WAITALL) != b"\x20\x02\x00\x00":
            sys.exit("the device was refused")
        report = packet(0x30, text(b"$resource/data_in") + b"x" * 40)
        for _ in range(EVENTS // 100):
            device.sendall(report * 100)
        device.sendall(packet(0x32, text(b"$resource/data_in") + b"\x00\x01" + b"last"))
        wanted = b"\x40\x02\x00\x01"
        got = b""
        while not got.endswith(wanted):
            piece = device.recv(65536)
            if not piece:
                sys.exit("the device was disconnected")
            got += piece


def timed(connection, method, path):
    began = time.perf_counter()
    call(connection, method, path)
    return (time.perf_counter() - began) * 1000


def show(name, times, goal=""):
    print(f"{name:44}{statistics.median(times):>9.1f} ms{max(times):>9.1f} ms{goal:>9}")


def measure(connection, port):
    add_identities(connection, "bench")
    add_identities(connection, "other")
    publish_events(port)
    root = "/_emulator/v1"
    show("snapshot save", [timed(connection, "POST", f"{root}/snapshots/full") for _ in range(5)])
    size = json.loads(call(connection, "GET", f"{root}/snapshots"))["snapshots"][0]["bytes"]
    loads, identities, connectors, all_of_it = [], [], [], []
    for _ in range(ROUNDS):
        loads.append(timed(connection, "POST", f"{root}/snapshots/full/load"))
        identities.append(timed(connection, "POST", f"{root}/reset?connector=bench&identity=device-00001"))
        connectors.append(timed(connection, "POST", f"{root}/reset?connector=other"))
        all_of_it.append(timed(connection, "POST", f"{root}/reset"))
    show("snapshot load", loads)
    show("reset of one identity", identities, "10 ms")
    show("reset of a connector, 1,000 identities", connectors, "10 ms")
    show("reset of everything, 1,000 identities left", all_of_it, "10 ms")
    print(f"{'size of the snapshot':44}{size / 1e6:>9.1f} MB")


def main():
    binary = os.path.abspath(sys.argv[1])
    print(f"{2 * IDENTITIES} identities of two connectors, {EVENTS} events{'median':>20}{'worst':>12}{'goal':>9}")
    with tempfile.TemporaryDirectory() as name:
        server, api, port = started(binary, pathlib.Path(name))
        try:
            connection = http.client.HTTPConnection(api, timeout=DEADLINE_S)
            measure(connection, port)
            connection.close()
        finally:
            server.terminate()
            server.wait(DEADLINE_S)


main()
