"""Mosquitto as a server: somebody else's reading of MQTT, for our own clients."""

import os
import pathlib
import shutil
import socket
import subprocess

import pytest

from support.certificates import authority, signed
from support.waiting import PATIENCE_S, wait_until

NAME = "broker.example"
USER, PASSWORD = "simulated", "a password of its own"
PROGRAM = shutil.which("mosquitto") or "/usr/sbin/mosquitto"


def need_mosquitto():
    if os.path.exists(PROGRAM):
        return
    (pytest.fail if os.environ.get("MURANO_REQUIRE_CLIENTS") else pytest.skip)("MOSQUITTO IS NOT INSTALLED")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Mosquitto:
    """A plain and a TLS port on the loopback address; nobody gets in without the password."""

    def __init__(self, folder):
        need_mosquitto()
        self.folder = pathlib.Path(folder)
        self.plain_port, self.tls_port = free_port(), free_port()
        ca = authority(self.folder / "ca")
        certificate, key = signed(self.folder / "server", NAME, ca, f"subjectAltName=DNS:{NAME}")
        self.ca = ca[0]
        passwords = self.folder / "passwords"
        passwords.write_text(f"{USER}:{PASSWORD}\n")
        passwords.chmod(0o600)
        subprocess.run(["mosquitto_passwd", "-U", passwords], check=True, capture_output=True)
        self.log = self.folder / "mosquitto.log"
        lines = [
            *("allow_anonymous false", f"password_file {passwords}", "persistence false", "log_type all"),
            *(f"log_dest file {self.log}", *(["user root"] if os.geteuid() == 0 else [])),
            *(f"listener {self.plain_port} 127.0.0.1", f"listener {self.tls_port} 127.0.0.1"),
            *(f"certfile {certificate}", f"keyfile {key}"),
        ]
        (self.folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen([PROGRAM, "-c", self.folder / "mosquitto.conf"], stdin=subprocess.DEVNULL)
        wait_until(self._listens, "mosquitto on its ports")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(PATIENCE_S)

    def _listens(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            for port in (self.plain_port, self.tls_port):
                socket.create_connection(("127.0.0.1", port)).close()
            return True
        except ConnectionRefusedError:
            return False

    def client(self, program, *arguments):
        """mosquitto_pub or mosquitto_sub, logged in on the plain port."""
        place = ["-h", "127.0.0.1", "-p", str(self.plain_port), "-u", USER, "-P", PASSWORD]
        return [program, *place, *map(str, arguments)]
