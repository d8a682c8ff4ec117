"""stall.py BINARY [--only PART]...: what another device waits for its PINGRESP, and how much memory the server takes, while
each of the heaviest calls and messages runs. MISSED: over 50 ms (100 ms beside a message of more than 50 MB), or over
limits.max_buffered_bytes (its default) plus 100 MB. PUBACK: of a third device; it waits for the disk, too. Exit code 1
where anything is missed.

--only PART: patterns, journal, identities, messages, content, faults; may be given more than once."""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

from support.bystander import DEADLINE_S, MIB, Bystander, Peak, login, packet, publish, text, wait_for_puback

PING_MS, PING_MS_LARGE = 50, 100
LARGE_BYTES = 50_000_000
MOST_MB = 512 + 100
LISTED = 300_000
IMPORTED = 100_000
GIANT = 200_000_000
JOURNAL_MB = 60
CROWD = 5_000
FAULTS = 1_000
TOKENS = {name: f"{number:040}" for number, name in enumerate(("ping", "report", "heavy"))}
DEVICE2 = "/api:1/service/{}/device2"


class World:
    """A server with three devices: one that pings, one that reports, and one for the heavy work."""

    def __init__(self, binary, folder):
        ready = folder / "ready.json"
        identities = {name: {"auth": {"type": "token", "key": token}} for name, token in TOKENS.items()}
        bench = {"protocol": {"devmode": True}, "identities": identities}
        (folder / "settings.json").write_text(json.dumps({"connectors": {"bench": bench}}))
        command = [binary, "serve", "--config", folder / "settings.json", "--data-dir", folder / "data"]
        command += ["--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0", "--mqtt", "127.0.0.1:0=bench", "--ready-file", ready]
        with open(folder / "log", "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until = time.monotonic() + DEADLINE_S
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > until:
                self.process.kill()
                sys.exit(f"the server did not get ready:\n{(folder / 'log').read_text()[-2000:]}")
            time.sleep(0.001)
        told = json.loads(ready.read_text())
        self.api = told["api"].removeprefix("http://")
        self.port = int(told["mqtt"][0].rpartition(":")[2])
        self.folder = folder
        self.ping = Bystander(self.port, TOKENS["ping"], b"\xc0\x00", b"\xd0\x00")
        report = publish("$resource/data_in", b"still there")
        self.report = Bystander(self.port, TOKENS["report"], report, b"\x40\x02\x00\x01")
        self.missed = 0

    def stop(self):
        self.ping.stop()
        self.report.stop()
        self.process.terminate()
        self.process.wait(DEADLINE_S)

    def call(self, method, path, body=None, content_type="application/json"):
        connection = http.client.HTTPConnection(self.api, timeout=DEADLINE_S)
        headers = {"Content-Type": content_type, "Connection": "close"} if body is not None else {"Connection": "close"}
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        while answer.read(MIB):
            pass
        connection.close()
        return answer.status

    def form(self, path, field, data, content_type, key=""):
        head = f'--B\r\nContent-Disposition: form-data; name="key"\r\n\r\n{key}\r\n' if key else ""
        head += f'--B\r\nContent-Disposition: form-data; name="{field}"; filename="f"\r\nContent-Type: {content_type}\r\n\r\n'
        return self.call("POST", path, head.encode() + data + b"\r\n--B--\r\n", "multipart/form-data; boundary=B")

    def say(self, topic, payload):
        """As the heavy device; returns with its PUBACK."""
        with login(self.port, TOKENS["heavy"]) as stream:
            stream.sendall(publish(topic, payload))
            wait_for_puback(stream)

    def measured(self, name, work, size=0):
        self.ping.worst_ms(), self.report.worst_ms()
        peak = Peak(self.process.pid)
        began = time.perf_counter()
        try:
            told = work()
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            told = f"{type(error).__name__}: {error}"
        took = time.perf_counter() - began
        ping, report, memory = self.ping.worst_ms(), self.report.worst_ms(), peak.mb()
        limit = PING_MS_LARGE if size > LARGE_BYTES else PING_MS
        missed = [what for what, bad in (("time", ping > limit), ("memory", memory > MOST_MB)) if bad]
        self.missed += bool(missed)
        print(f"{name:52.52}{took:>9.2f} s{ping:>9.0f} ms{report:>9.0f} ms{memory:>9.0f} MB  "
              f"{('MISSED: ' + ', '.join(missed)) if missed else 'ok':24}{told or ''}", flush=True)  # fmt: skip


def patterns(world):
    with login(world.port, TOKENS["heavy"]) as stream:
        stream.sendall(publish("$resource/data_in", b"a" * 500) * 2000)
        wait_for_puback(stream)
    for pattern in ("^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y", "(.*?,){200}P", ".*.*.*.*.*.*.*.*.*.*z"):
        body = json.dumps({"match": {"regex": pattern}, "since": 0, "within_ms": 200})
        world.measured(f"wait, {pattern}", lambda body=body: world.call("POST", "/_emulator/v1/wait", body))
    for _ in range(3):
        world.say("$resource/data_in", b"ab" * 32 * 1024)
    body = json.dumps({"match": {"regex": "[ab]*a[ab]{900}c"}, "since": 0, "within_ms": 200})
    world.measured("wait over values of 64 KB", lambda: world.call("POST", "/_emulator/v1/wait", body))


def streams(world, count, query):
    """So many that read nothing, for two seconds."""
    head = f"GET /_emulator/v1/events?{query} HTTP/1.1\r\nHost: {world.api}\r\nAccept: text/event-stream\r\n\r\n"
    with contextlib.ExitStack() as opened:
        for _ in range(count):
            host, port = world.api.split(":")
            stream = opened.enter_context(socket.create_connection((host, int(port))))
            stream.sendall(head.encode())
        time.sleep(2)


def waiters(world):
    """Ten that never find anything, while large messages come."""
    body = json.dumps({"match": {"regex": "never", "type": "publish"}, "within_ms": 20_000})
    head = f"POST /_emulator/v1/wait HTTP/1.1\r\nHost: {world.api}\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()
    with contextlib.ExitStack() as opened:
        for _ in range(10):
            host, port = world.api.split(":")
            opened.enter_context(socket.create_connection((host, int(port)))).sendall(request)
        for _ in range(3):
            world.say("any/topic", b"n" * 60_000_000)


def journal(world):
    with login(world.port, TOKENS["heavy"]) as stream:
        for _ in range(JOURNAL_MB):
            stream.sendall(packet(0x30, text("any/topic") + b"j" * 1000) * 1000)
        stream.sendall(publish("any/topic", b"end"))
        wait_for_puback(stream)
    world.measured("200 event streams that read nothing", lambda: streams(world, 200, "after=0"))
    world.measured("20 event streams of identity=nobody", lambda: streams(world, 20, "after=0&identity=nobody"))
    world.measured("events?limit=10000", lambda: world.call("GET", "/_emulator/v1/events?limit=10000"))
    world.measured("events?type=deleted", lambda: world.call("GET", "/_emulator/v1/events?type=deleted"))
    world.measured("logs of a connector", lambda: world.call("GET", "/api:1/solution/bench/logs"))
    world.measured("10 waits, 3 messages of 60 MB", lambda: waiters(world), 60_000_000)
    for number in (1, 2):
        world.measured(f"arbitrary topic, 200 MB ({number})", lambda: world.say("any/topic", b"\x01" * GIANT), GIANT)
    world.measured("events?limit=10 behind them", lambda: world.call("GET", "/_emulator/v1/events?limit=10"))
    world.measured("events?type=publish, all pages", lambda: world.call("GET", "/_emulator/v1/events?type=publish&limit=10000"))
    world.measured("logs behind them", lambda: world.call("GET", "/api:1/solution/bench/logs"))
    world.measured("3 event streams behind them", lambda: streams(world, 3, "after=0"))
    world.measured("snapshot save", lambda: world.call("POST", "/_emulator/v1/snapshots/full"))
    world.measured("snapshot load", lambda: world.call("POST", "/_emulator/v1/snapshots/full/load"))


def csv(first, count):
    return ("ID\n" + "\n".join(f"device-{number:07}" for number in range(first, first + count))).encode()


def identities(world):
    upload = DEVICE2.format("many") + "/identities"
    for first in range(0, LISTED, IMPORTED):
        name = f"CSV of {IMPORTED:,} rows, beside {first:,}"
        world.measured(name, lambda first=first: world.form(upload, "identities", csv(first, IMPORTED), "text/csv"))
    listed = DEVICE2.format("many") + "/identity/?"
    for query in ("limit=50", "limit=50&before=1", "limit=50&status=whitelisted", "limit=50&status=provisioned",
                  "limit=50&identity=9$", "limit=50&identity=nothing", "limit=50&tag=a:b", "limit=10000"):  # fmt: skip
        world.measured(f"list of {LISTED:,}: {query}", lambda query=query: world.call("GET", listed + query))
    call = "/api:1/solution/many/serviceconfig/device2/call/"
    world.measured("countIdentities", lambda: world.call("POST", call + "countIdentities", "{}"))
    world.measured("listTagNames", lambda: world.call("POST", call + "listTagNames", "{}"))
    world.measured("snapshot save", lambda: world.call("POST", "/_emulator/v1/snapshots/many"))
    world.measured(f"reset?connector=, {LISTED:,} identities", lambda: world.call("POST", "/_emulator/v1/reset?connector=many"))


def messages(world):
    aliases = ",".join(f'"unknown-{number}":1' for number in range(1_000_000))
    world.measured("$resource/, a million unknown aliases", lambda: world.say("$resource/", f"{{{aliases}}}".encode()))
    keys = f'[{{"timestamp":1531111131679000,"values":{{{aliases}}}}}]'.encode()
    world.measured("$resource.batch, a million keys", lambda: world.say("$resource.batch", keys))
    entries = ",".join(f'{{"timestamp":{1_531_111_131_679_000 + n},"values":{{"data_in":"1"}}}}' for n in range(1_000_000))
    world.measured("$resource.batch, a million entries", lambda: world.say("$resource.batch", f"[{entries}]".encode()),
                   len(entries))  # fmt: skip
    many = f"[{','.join([entries] * 4)}]"[:238_000_000].rpartition(",{")[0] + "]"
    world.measured("$resource.batch of 238 MB", lambda: world.say("$resource.batch", many.encode()), len(many))
    one = b'[{"timestamp":1531111131679000,"values":{"data_in":"' + b"v" * GIANT + b'"}}]'
    world.measured("$resource.batch, one value of 200 MB", lambda: world.say("$resource.batch", one), len(one))
    world.measured("$resource/data_in, 200 MB", lambda: world.say("$resource/data_in", b"v" * GIANT), GIANT)
    state = DEVICE2.format("bench") + "/identity/heavy/state"
    nested = ('{"data_out":[' + "[]," * 5_000_000 + "[]]}").encode()
    world.measured("state PATCH, 15 MB of [[],[],...]", lambda: world.call("PATCH", state, nested))


def content(world):
    data = os.urandom(MIB) * 200
    connection = http.client.HTTPConnection(world.api)
    connection.request("GET", "/api:1/service/bench/content/item/large/upload?type=text/plain")
    target = urllib.parse.urlsplit(json.loads(connection.getresponse().read())["url"])
    form = f"{target.path}?{target.query}"
    world.measured("content upload, 200 MB", lambda: world.form(form, "file", data, "text/plain", "large"), len(data))
    world.measured("snapshot save with it", lambda: world.call("POST", "/_emulator/v1/snapshots/full"))
    world.measured("snapshot load with it", lambda: world.call("POST", "/_emulator/v1/snapshots/full/load"))


def stranger(port):
    """A client without credentials: it may stay connected."""
    stream = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)
    stream.sendall(packet(0x10, text("MQTT") + b"\x04\x02\x00\x00" + text("")))
    if stream.recv(4, socket.MSG_WAITALL) != b"\x20\x02\x00\x00":
        raise RuntimeError("a client was refused")
    return stream


def faults(world):
    """Every connection is asked whether a fault concerns it."""
    def put(count, kind, **more):
        listed = [{"kind": kind, **{key: value.format(number) if key == "identity" else value for key, value in more.items()}}
                  for number in range(count)]  # fmt: skip
        status = world.call("PUT", "/_emulator/v1/faults", json.dumps({"faults": listed}))
        return "" if status in (200, 204) else f"answer {status}"

    with contextlib.ExitStack() as opened:
        for _ in range(CROWD):
            opened.enter_context(stranger(world.port))
        for kind, more in (("withhold", {"packet": "PUBACK"}), ("latency", {"delay_ms": 100}), ("silence", {})):
            for count in (1, FAULTS):
                world.measured(f"{count:,} {kind} of other devices, {CROWD:,} connections",
                               lambda kind=kind, more=more, count=count: put(count, kind, identity="other-{}", **more))  # fmt: skip
        world.measured(f"latency of {CROWD:,} connections", lambda: put(1, "latency", delay_ms=1, anonymous=True))
        world.measured("its end", lambda: put(0, "latency"))


PARTS = {part.__name__: part for part in (patterns, journal, identities, messages, content, faults)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("--only", action="append", choices=PARTS, default=[])
    arguments = parser.parse_args()
    print(f"{'while this runs':52}{'takes':>11}{'PINGRESP':>12}{'PUBACK':>12}{'memory':>12}")
    missed = 0
    for name in arguments.only or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            world = World(arguments.binary, pathlib.Path(folder))
            try:
                PARTS[name](world)
            finally:
                world.stop()
            missed += world.missed
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
