"""hostile.py BINARY [--connections N] [--seconds S] [--places N]: 100 devices work while N connections (8,000) are half
open, slow, or send garbage. Latency of the devices before, during and after, memory, lost messages. Printed, not judged.

--places N: limits.max_connections; with fewer than twice the connections, strangers make room all the time."""

import argparse
import http.client
import json
import multiprocessing
import os
import pathlib
import re
import resource
import select
import socket
import subprocess
import sys
import tempfile
import time

from support import crowd

DEVICES = 100
EACH_S = 0.2  # a device publishes at QoS 1 so often, and waits for its PUBACK
DEADLINE_S = 60
MIB = 1024 * 1024


def text(value):
    return len(value).to_bytes(2, "big") + value


def packet(first, body):
    assert len(body) < 128
    return bytes([first, len(body)]) + body


def token(number):
    return f"{number:040}"


def settings(places):
    auth = {f"device-{n}": {"auth": {"type": "token", "key": token(n)}} for n in range(DEVICES)}
    limits = {"max_connections": places} if places else {}
    return {"connectors": {"bench": {"protocol": {"devmode": True}, "identities": auth}}, "limits": limits}


class Server:
    def __init__(self, binary, folder, places):
        ready = folder / "ready.json"
        (folder / "settings.json").write_text(json.dumps(settings(places)))
        command = [binary, "serve", "--data-dir", folder / "data", "--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0"]
        command += ["--mqtt", "127.0.0.1:0=bench", "--config", folder / "settings.json", "--ready-file", ready]
        self.log = folder / "log"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until(ready.exists, "the server is not ready")
        told = json.loads(ready.read_text())
        self.api = told["api"].removeprefix("http://")
        self.tls_port, self.plain_port = (int(told[kind][0].rpartition(":")[2]) for kind in ("mqtts", "mqtt"))

    def metrics(self):
        connection = http.client.HTTPConnection(self.api, timeout=DEADLINE_S)
        connection.request("GET", "/metrics")
        lines = connection.getresponse().read().decode()
        connection.close()
        found = re.findall(r"^murano_emulator_(\S+) (\S+)$", lines, re.M)
        return {name: float(value) for name, value in found}

    def device_connections(self):
        told = self.metrics()
        return int(told['connections_open{port="mqtts"}'] + told['connections_open{port="mqtt"}'])

    def stop(self):
        self.process.terminate()
        return self.process.wait(DEADLINE_S)


def until(met, what):
    end = time.monotonic() + DEADLINE_S
    while not met():
        if time.monotonic() > end:
            raise RuntimeError(what)
        time.sleep(0.01)


class Device:
    """Publishes numbers; each is late where the PUBACK of the one before is."""

    def __init__(self, number, port, begin):
        login = text(b"MQTT") + b"\x04\xc2\x00\x3c" + text(b"") + text(b"") + text(token(number).encode())
        self.stream = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)
        self.stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream.sendall(packet(0x10, login))
        if self.stream.recv(4, socket.MSG_WAITALL) != b"\x20\x02\x00\x00":
            raise RuntimeError("a device was refused")
        self.due = begin + EACH_S * number / DEVICES
        self.sent = self.acknowledged = 0
        self.began = None

    def publish(self, now):
        self.sent += 1
        identifier = (self.sent % 65535 + 1).to_bytes(2, "big")
        self.stream.sendall(packet(0x32, text(b"$resource/data_in") + identifier + str(self.sent).encode()))
        self.began = now
        self.due += EACH_S

    def answered(self, now):
        """The seconds that it took."""
        expected = b"\x40\x02" + (self.sent % 65535 + 1).to_bytes(2, "big")
        if self.stream.recv(4, socket.MSG_WAITALL) != expected:
            raise RuntimeError("a device did not get its PUBACK")
        self.acknowledged += 1
        took, self.began = now - self.began, None
        return took


class Fleet:
    def __init__(self, port):
        begin = time.perf_counter() + 0.1
        self.devices = [Device(number, port, begin) for number in range(DEVICES)]
        self._poll = select.epoll()
        self._of = {device.stream.fileno(): device for device in self.devices}
        for descriptor in self._of:
            self._poll.register(descriptor, select.EPOLLIN)

    def work(self, seconds=None, done=None):
        """The latencies of that time (until done() says so), all answers waited for."""
        took = []
        end = time.perf_counter() + (seconds or DEADLINE_S)
        while time.perf_counter() < end and not (done and done()):
            now = time.perf_counter()
            for device in self.devices:
                if device.began is None and device.due <= now:
                    device.publish(time.perf_counter())
            took += self._take(0.001)
        while any(device.began for device in self.devices):
            took += self._take(DEADLINE_S) or sys.exit("PUBACKs are missing")
        return took

    def _take(self, patience):
        ready = self._poll.poll(patience)
        return [self._of[descriptor].answered(time.perf_counter()) for descriptor, _ in ready]


def share(times, part):
    return sorted(times)[min(len(times) - 1, int(len(times) * part))] * 1000


def show(name, times, server):
    told = server.metrics()
    memory = told["resident_memory_bytes"] / MIB
    held = told["buffered_bytes"] / MIB
    print(f"{name:10}{len(times):>10}{share(times, 0.5):>12.2f}{share(times, 0.99):>10.2f}{max(times) * 1000:>10.1f}"
          f"{server.device_connections():>13}{memory:>12.1f}{held:>12.1f}", flush=True)  # fmt: skip
    return share(times, 0.5), share(times, 0.99)


def besieged(server, fleet, arguments):
    """The latencies while the crowd is there."""
    shared = multiprocessing.Array("q", 3, lock=False)
    stop = multiprocessing.Event()
    ports = server.tls_port, server.plain_port
    attacker = multiprocessing.Process(target=crowd.run, args=(ports, arguments.connections, shared, stop), daemon=True)
    attacker.start()
    try:
        most = arguments.connections * 9 // 10
        rise = fleet.work(done=lambda: shared[0] >= most or shared[2] > 2 * arguments.connections)
        show("rise", rise, server)
        before = list(shared)
        during = show("during", fleet.work(arguments.seconds), server)
        opened, ended = (shared[n] - before[n] for n in (1, 2))
        print(f"{'':10}{shared[0]} hostile connections; {opened / arguments.seconds:.0f} opened and "
              f"{ended / arguments.seconds:.0f} closed by the server per second")  # fmt: skip
    finally:
        stop.set()
        attacker.join(DEADLINE_S)
    return during


def run(server, arguments):
    fleet = Fleet(server.plain_port)
    fleet.work(1)  # warm
    print(f"{'':10}{'messages':>10}{'median ms':>12}{'p99 ms':>10}{'max ms':>10}{'connections':>13}{'memory MB':>12}{'held MB':>12}")
    before = show("before", fleet.work(arguments.seconds), server)
    during = besieged(server, fleet, arguments)
    fleet.work(done=lambda: server.device_connections() <= DEVICES)
    show("after", fleet.work(arguments.seconds), server)
    told = server.metrics()
    sent = sum(device.sent for device in fleet.devices)
    kept = int(told['events_total{type="data_in"}'])
    print(f"during / before: median {during[0] / before[0]:.1f}, p99 {during[1] / before[1]:.1f} (goal: within 3)")
    print(f"messages: {sent} sent and acknowledged, {kept} in the journal, {sent - kept} lost (goal: 0)")
    print(f"refused {told['refused_connections_total']:.0f}, evicted {told['evicted_connections_total']:.0f}, "
          f"connections at the end {server.device_connections()} (goal: {DEVICES})")  # fmt: skip


def main():
    parser = argparse.ArgumentParser(prog="script/bench hostile", description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--connections", type=int, default=8000)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--places", type=int, default=0)
    arguments = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    arguments.connections = min(arguments.connections, hard - 500)
    print(f"{arguments.connections} hostile connections (the limit of open files is {hard}), {DEVICES} devices, "
          f"one message each {EACH_S:g} s")  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        server = Server(os.path.abspath(arguments.binary), pathlib.Path(name), arguments.places)
        try:
            run(server, arguments)
        finally:
            code = server.stop()
        print(f"the server stopped with {code}")


if __name__ == "__main__":
    main()
