"""Every system call fails once: the Nth of its class, for N until a device's whole life needs fewer calls than that."""

import http.client
import json
import os

import pytest

from support import packets as mqtt
from support.device import Device, Site
from support.failing_calls import FAILURES, LIBRARY, FailingCalls, name_of
from support.https import download
from support.server import Server
from support.waiting import wait_until

# All numbers in the night; otherwise steps that grow, so that the start is tried in full and the rest in samples.
EVERY_CALL = os.environ.get("MURANO_TEST_EVERY_CALL") == "1"
CASES = [pytest.param(kind, error, id=f"{kind}-{name_of(error)}") for kind in FAILURES for error in FAILURES[kind]]
ENDED = (OSError, http.client.HTTPException)


class Ended(Exception):
    """The server ended a connection or refused: that may be when a call failed. It must never be silent."""


class Life:
    """What a device and its cloud do, as far as they come; remembers what was confirmed."""

    def __init__(self, server, identity):
        self.site = Site(server, "life")
        self.identity = identity
        self.token = self.reported = self.set = self.content = None

    def live(self):
        """True when nothing was refused."""
        try:
            self._provision()
            self._work()
            return True
        except TimeoutError as error:
            raise AssertionError(f"{self.identity}: a client waited in vain") from error
        except (*ENDED, Ended):
            return False

    def _packet(self, client, kind):
        """The next packet of that kind; a client that waits in vain fails the test."""
        while True:
            packet = client.receive()
            if packet is None:
                raise Ended
            if packet.kind == kind:
                return packet

    def _login(self, client, **fields):
        client.send(mqtt.connect(**fields))
        assert self._packet(client, mqtt.CONNACK).body[1] == 0

    def _provision(self):
        with self.site.open() as client:
            self._login(client)
            client.send(mqtt.publish(f"$provision/{self.identity}"))
            self.token = self._packet(client, mqtt.PUBLISH).payload.decode()

    def _work(self):
        with self.site.open() as client:
            self._login(client, username="", password=self.token)
            client.send(mqtt.subscribe(1, "news"))
            self._packet(client, mqtt.SUBACK)
            client.send(mqtt.publish("$resource/data_in", self.identity, qos=1, packet_id=2))
            self._packet(client, mqtt.PUBACK)
            self.reported = self.identity
            self._ask(lambda: self.site.set_state({"config_io": self.identity}, self.identity))
            self.set = self.identity
            assert self._packet(client, mqtt.PUBLISH).payload.decode() == self.identity
            data = self.identity.encode() * 5000
            self._ask(lambda: self.site.control.upload("life", self.identity, data))
            self.content = data
            client.send(mqtt.publish("$content"))
            listed = json.loads(self._packet(client, mqtt.PUBLISH).payload)
            self._ask(lambda: self._download(*[item["url"] for item in listed if item["name"] == self.identity]))
            self._ask(lambda: self.site.control.ok("POST", "/_emulator/v1/snapshots/life"))
            client.send(mqtt.disconnect())

    def _download(self, url):
        answer = download(self.site, url)
        assert answer.status == 200 and answer.body == self.content, answer.status

    @staticmethod
    def _ask(call):
        """A call may be answered with an error, or its connection be closed."""
        try:
            call()
        except AssertionError as error:
            raise Ended from error

    def check(self):
        """What was confirmed is there, now that nothing fails any more."""
        if self.token is not None:
            with Device(self.site, self.identity, self.token).connected():
                pass
        state = self.site.state(self.identity) if self.reported or self.set else {}
        if self.reported:
            assert state["data_in"]["reported"] == self.identity
        if self.set:
            assert state["config_io"]["set"] == self.identity
        if self.content:
            path = f"/api:1/service/life/content/item/{self.identity}"
            assert self.site.control.ok("GET", path).json()["length"] == len(self.content)
        self.forget()

    def forget(self):
        """The next life must not have more to list and to save than this one."""
        self.site.control.request("DELETE", f"/api:1/service/life/content/item/{self.identity}")
        self.site.control.request("DELETE", self.site.control.device2("life", f"/identity/{self.identity}"))


@pytest.fixture(scope="module")
def failing(tmp_path_factory):
    """(server, its orders, what has failed)"""
    assert LIBRARY, "MURANO_FAILING_CALLS must name the library (script/test sets it)"
    folder, failures = tmp_path_factory.mktemp("failing"), []
    calls = FailingCalls(folder / "orders")
    with Server(folder / "server", environment=calls.environment) as server:
        assert Life(server, "first").live()
        yield server, calls, failures
    print(f"{len(failures)} failed calls survived")


@pytest.mark.parametrize(("kind", "error"), CASES)
def test_every_call_fails_once(failing, kind, error):
    """[R25a] whatever call fails: no crash, nobody waits for ever, nothing confirmed is lost, and all is well afterwards"""
    server, calls, failures = failing
    number = 1
    while True:
        life = Life(server, f"{kind.replace(' ', '-')}{abs(error)}x{number}")
        calls.fail(kind, error, number)
        whole = life.live()
        if calls.stop() == 0:
            life.forget()
            assert whole, f"{kind} {number}: nothing failed, and yet something was refused"
            return
        failures.append((kind, error, number))
        check_all_is_well(server, life, f"{kind} {number} failed with {name_of(error)}")
        number += 1 if EVERY_CALL else 1 + number // 4


def check_all_is_well(server, life, what):
    assert server.process.poll() is None, f"the server died when {what}:\n{server.log()[-4000:]}"
    assert server.control.request("GET", "/healthz").status == 200, what
    life.check()
    wait_until(lambda: not server.control.connections(), lambda: f"{what}: stuck {server.control.connections()}")
