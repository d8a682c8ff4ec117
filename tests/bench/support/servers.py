"""The two servers that are compared, each with the same devices, ports for plain and TLS, and the same certificates."""

import contextlib
import http.client
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time

DEADLINE_S = 60
CONNECTOR = "local"
KEY_TYPES = {"p256": "ecdsa", "rsa": "rsa"}  # bench_load's name for it: the server's


def device_id(number):
    """As bench_load names its devices."""
    return f"d{number:06}"


def raise_file_limit():
    """Children inherit it: each server gets as many connections as the machine allows."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def resident_bytes(pid):
    return int(pathlib.Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0]) * 1024


class Server:
    """A process with a folder of its own; stopped cleanly at the end of `with`."""

    name = ""
    clean_ends = (0,)

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = None
        self.plain_port = 0
        self.tls_ports = {}
        self.api_port = 0

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def command(self):
        raise NotImplementedError

    def is_ready(self):
        raise NotImplementedError

    def launch(self, prefix=()):
        log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen([*prefix, *map(str, self.command())], stdout=log, stderr=log)
        log.close()

    def start(self, prefix=()):
        """`prefix`: a program that runs it, as valgrind."""
        self.launch(prefix)
        until = time.monotonic() + DEADLINE_S
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > until:
                self.process.kill()
                sys.exit(f"{self.name} did not start:\n{(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.001)

    def end(self):
        """The exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(DEADLINE_S)

    def stop(self):
        code = self.end()
        if code not in self.clean_ends:
            sys.exit(f"{self.name} ended with {code}:\n{(self.folder / 'log').read_text()[-2000:]}")

    @property
    def pid(self):
        return self.process.pid


class Murano(Server):
    """Ours, with its defaults: durability normal, journal on. The devices are in its settings file. `fault`, JSON, is put on
    at each start."""

    name = "ours"

    def __init__(self, folder, binary, devices, certificates, more_flags=(), fault=None):
        super().__init__(folder)
        self.binary = binary
        self.more_flags = more_flags
        self.fault = fault
        self.plain_port = free_port()
        self.ready_file = self.folder / "ready.json"
        shutil.copytree(certificates, self.folder / "data" / "certs")
        identities = {device_id(n): {"auth": {"type": "token", "key": f"T{n:039}"}} for n in range(devices)}
        connector = {"protocol": {"devmode": True}, "identities": identities}
        (self.folder / "settings.json").write_text(json.dumps({"connectors": {CONNECTOR: connector}}))

    def command(self):
        return [
            *(self.binary, "serve", "--config", self.folder / "settings.json", "--data-dir", self.folder / "data"),
            *("--mqtts", "0.0.0.0:0", "--mqtt", f"0.0.0.0:{self.plain_port}", "--api", "127.0.0.1:0", "--ready-file", self.ready_file),
            *self.more_flags,
        ]

    def start(self, prefix=()):
        super().start(prefix)
        if self.fault:
            self.put_on_fault()

    def put_on_fault(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.api_port, timeout=DEADLINE_S)
        connection.request("POST", "/_emulator/v1/faults", body=self.fault, headers={"Content-Type": "application/json"})
        answer = connection.getresponse()
        if answer.status != 201:
            sys.exit(f"the fault was refused: {answer.read().decode()}")

    def is_ready(self):
        if not self.ready_file.exists():
            return False
        ready = json.loads(self.ready_file.read_text())
        self.tls_ports = dict.fromkeys(KEY_TYPES, int(ready["mqtts"][0].rsplit(":", 1)[1]))
        self.api_port = int(ready["api"].rsplit(":", 1)[1])
        return True


class Mosquitto(Server):
    """Everybody may log in, nothing is kept or dropped, and no packet waits for another's acknowledgement."""

    name = "mosquitto"
    clean_ends = (0, -signal.SIGTERM)  # it listens before it minds signals
    ask_again_s = 2

    def __init__(self, folder, certificates):
        super().__init__(folder)
        self.plain_port = free_port()
        self.tls_ports = {kind: free_port() for kind in KEY_TYPES}
        lines = [
            *("allow_anonymous true", "set_tcp_nodelay true", "max_inflight_messages 0", "max_queued_messages 0"),
            *("persistence false", "log_type error", "sys_interval 0", *(["user root"] if os.geteuid() == 0 else [])),
            f"listener {self.plain_port}",
        ]
        for kind, port in self.tls_ports.items():
            stem = pathlib.Path(certificates) / f"server-{KEY_TYPES[kind]}"
            lines += [f"listener {port}", f"certfile {stem}.crt", f"keyfile {stem}.key"]
        (self.folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")

    def end(self):
        """It forgets a SIGTERM that comes between minding signals and its main loop: it is told again."""
        for _ in range(0, DEADLINE_S, self.ask_again_s):
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                return self.process.wait(self.ask_again_s)
        return super().end()

    def command(self):
        return [shutil.which("mosquitto") or "/usr/sbin/mosquitto", "-c", self.folder / "mosquitto.conf"]

    def is_ready(self):
        try:
            for port in (self.plain_port, *self.tls_ports.values()):
                socket.create_connection(("127.0.0.1", port)).close()
            return True
        except ConnectionRefusedError:
            return False


class FlashMQ(Mosquitto):
    """The binary that FLASHMQ names: two threads, keeps nothing; ports, certificates and readiness as mosquitto's."""

    name = "FlashMQ"

    def __init__(self, folder, certificates):
        super().__init__(folder, certificates)
        lines = ["thread_count 2", "allow_anonymous true", "quiet true", f"log_file {self.folder}/flashmq.log"]
        listeners = {self.plain_port: []}
        for kind, port in self.tls_ports.items():
            stem = pathlib.Path(certificates) / f"server-{KEY_TYPES[kind]}"
            listeners[port] = [f"fullchain {stem}.crt", f"privkey {stem}.key"]
        for port, more in listeners.items():
            lines += ["listen {", "protocol mqtt", f"port {port}", "tcp_nodelay true", *more, "}"]
        (self.folder / "flashmq.conf").write_text("\n".join(lines) + "\n")

    def command(self):
        return [os.environ["FLASHMQ"], "--config-file", self.folder / "flashmq.conf"]


def make_certificates(folder, binary):
    """A data folder's certs, made by a first start, for both servers and every later start."""
    maker = pathlib.Path(folder) / "first"
    (maker / "none").mkdir(parents=True)
    with Murano(maker, binary, 0, maker / "none"):
        pass
    return maker / "data" / "certs"
