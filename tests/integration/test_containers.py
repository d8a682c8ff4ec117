"""What stands in docker/: the compose files are read, and what the sharded one starts is tried as processes."""

import collections
import os
import pathlib
import shutil
import subprocess
import threading

import pytest

from support.control import Control
from support.device import Device, Site
from support.names import own_address
from support.raw_client import RawClient
from support.server import Server, clean_environment, run
from support.waiting import PATIENCE_S, wait_until

pytestmark = pytest.mark.usefixtures("own_network")

DOCKER = pathlib.Path(__file__).resolve().parents[2] / "docker"
CONNECTORS = [f"field{number}" for number in range(12)]


@pytest.mark.parametrize("name", ["compose.yaml", "seeded/compose.yaml", "sharded/compose.yaml"])
def test_compose_file(name):
    """A compose file is one that docker-compose reads"""
    if not shutil.which("docker-compose"):
        pytest.skip(f"DOCKER-COMPOSE IS NOT INSTALLED: docker/{name} was not validated")
    done = subprocess.run(
        ["docker-compose", "--file", DOCKER / name, "config", "--quiet"], capture_output=True, text=True, cwd="/"
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_seeded_settings(tmp_path):
    """The settings file of the seeded example has no mistake, and its device can connect"""
    settings = DOCKER / "seeded" / "settings.jsonc"
    assert run("config", "check", settings)[0] == 0
    with Server(tmp_path, "--ephemeral", "--config", settings) as server:
        site = Site(server, "greenhouse")
        token = server.control.secret("greenhouse", "12345")["key"]
        with Device(site, "12345", token).connected() as client:
            client.publish_and_wait("$resource/temperature", b"21.5")
        assert site.state()["temperature"]["reported"] == 21.5


class Shards:
    """Two emulators with one authority, and HAProxy in front, set up as docker/sharded does it."""

    def __init__(self, folder):
        self.folder = folder
        self.domain = "m2.exosite.io"
        code, self.ca, _ = run("cert", "ca", "--data-dir", folder / "authority")
        assert code == 0
        certs = folder / "authority" / "certs"
        authority = ("--ca-cert", certs / "ca.crt", "--ca-key", certs / "ca.key")
        self.emulators = [self._emulator(folder / f"emulator{number}", authority) for number in (1, 2)]
        self.at = own_address()
        self.ca_file = str(certs / "ca.crt")
        self.control = Control(f"http://{self.at}:8080")
        self.proxy = None

    @staticmethod
    def _emulator(folder, authority):
        at = own_address()  # a restart finds its ports again
        return Server(folder, *authority, mqtts=f"{at}:8883", api=f"{at}:8080")

    def __enter__(self):
        for emulator in self.emulators:
            emulator.start()
        one, two = (emulator.ready for emulator in self.emulators)
        settings = {
            "DEVICES": f"{self.at}:8883",
            "CONTROL": f"{self.at}:8080",
            **{"DEVICES_1": one["mqtts"][0], "DEVICES_2": two["mqtts"][0]},
            **{"CONTROL_1": one["api"].removeprefix("http://"), "CONTROL_2": two["api"].removeprefix("http://")},
        }
        log = open(self.folder / "haproxy.log", "wb")
        with log:
            self.proxy = subprocess.Popen(
                ["haproxy", "-db", "-f", DOCKER / "sharded" / "haproxy.cfg"],
                stdout=log,
                stderr=log,
                env=clean_environment(**settings),
            )
        wait_until(self._listens, lambda: "HAProxy: " + (self.folder / "haproxy.log").read_text())
        return self

    def _listens(self):
        assert self.proxy.poll() is None, (self.folder / "haproxy.log").read_text()
        try:
            return self.control.request("GET", "/").status == 400
        except OSError:
            return False

    def __exit__(self, kind, *rest):
        if self.proxy:
            self.proxy.kill()
            self.proxy.wait(PATIENCE_S)
        for emulator in self.emulators:
            emulator.__exit__(kind, *rest)

    def client(self, connector):
        """What Site wants of a server: a connection through the proxy."""
        return RawClient.tls((self.at, 8883), f"{connector}.{self.domain}", self.ca_file)

    def homes(self):
        """Connector to the number of the emulator that has it."""
        found = {}
        for number, emulator in enumerate(self.emulators):
            for row in emulator.control.ok("GET", "/_emulator/v1/connectors").json()["connectors"]:
                assert row["connector"] not in found, f"{row} has two homes"
                found[row["connector"]] = number
        return found


def report_until(device, enough, acknowledged):
    """Numbers at QoS 1, each after the PUBACK of the one before; connects again when the connection is lost."""
    number = 0
    while not enough.is_set():
        try:
            with device.connected() as client:
                while not enough.is_set():
                    client.publish_and_wait("$resource/data_in", str(number + 1).encode(), number % 60000 + 1)
                    number += 1
                    acknowledged[device.site.connector] = number
        except (OSError, AssertionError):
            continue  # its emulator is away: again


@pytest.mark.skipif(not shutil.which("haproxy"), reason="HAPROXY IS NOT INSTALLED: the sharded set-up was not tried")
def test_sharded(tmp_path):
    """[R3, R25a] two emulators behind HAProxy: each connector has one home, and kill -9 of one loses nothing acknowledged"""
    with Shards(tmp_path) as shards:
        devices = [Site(shards, connector).device() for connector in CONNECTORS]
        homes = shards.homes()
        assert set(homes) == set(CONNECTORS) and set(homes.values()) == {0, 1}

        acknowledged = collections.Counter()
        enough = threading.Event()
        reporters = [
            threading.Thread(target=report_until, args=(device, enough, acknowledged)) for device in devices
        ]
        for reporter in reporters:
            reporter.start()
        try:
            all_have(acknowledged, 20)
            victim = shards.emulators[0]
            victim.kill()
            others = [connector for connector in CONNECTORS if homes[connector] == 1]
            goal = max(acknowledged.values()) + 20
            all_have(acknowledged, goal, others)  # they do not notice
            victim.start()
            all_have(acknowledged, goal)
        finally:
            enough.set()
            for reporter in reporters:
                reporter.join(2 * PATIENCE_S)
        assert shards.homes() == homes
        for connector in CONNECTORS:
            history = shards.control.history(connector, "12345", alias="data_in", limit=10000)
            kept = {int(row["value"]) for row in history}
            assert set(range(1, acknowledged[connector] + 1)) <= kept, connector


def all_have(acknowledged, goal, connectors=tuple(CONNECTORS)):
    def reached():
        return all(acknowledged[connector] >= goal for connector in connectors)

    wait_until(reached, lambda: f"{goal} acknowledged values of {connectors}: {acknowledged}", 3 * PATIENCE_S)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="NO SYSTEMD-ANALYZE: the unit file was not verified")
def test_systemd_unit(tmp_path):
    """The unit file is one that systemd takes without a warning, and it leaves little to the service"""
    text = (DOCKER.parent / "packaging" / "murano-emulator.service.in").read_text()
    unit = tmp_path / "murano-emulator.service"
    # systemd looks whether the program and its manual are there.
    unit.write_text(
        text.replace("@CMAKE_INSTALL_FULL_BINDIR@/murano-emulator", os.environ["MURANO_EMULATOR"]).replace(
            "Documentation=man:murano-emulator(1)\n", ""
        )
    )
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if "murano-emulator" in line]
    assert (done.returncode, complaints) == (0, []), done.stderr
