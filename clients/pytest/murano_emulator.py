"""pytest fixtures for tests of device firmware against murano-emulator. One file; needs pytest and nothing else.

Put it beside your conftest.py and say there:

    pytest_plugins = ["murano_emulator"]

    def test_my_device_reports(murano):
        device = murano.provisioned()
        start_my_firmware(murano.address, murano.port, sni=murano.host, ca=murano.ca, token=device.token)
        murano.wait_for("data_in", identity=device.identity, alias="temperature", jsonpath=">20")

Each test gets a connector of its own, so that tests run side by side. A test in which the device breaks a rule of Murano
(a finding of severity "violation") fails; @pytest.mark.allow_violations says that it may, @pytest.mark.
allow_violations("R28") which rule.

Where the server is: that of MURANO_EMULATOR_URL, if it is set (then many processes share one; MURANO_EMULATOR_READY_FILE
or MURANO_EMULATOR_MQTTS=HOST:PORT tells its device port, MURANO_EMULATOR_API_TOKEN its token); else the binary of
MURANO_EMULATOR, else `murano-emulator` of the PATH, is started on free ports and stopped at the end.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

import pytest

START_S = 30
CALL_S = 30


class EmulatorError(AssertionError):
    """What the server refused, in its words."""


class WaitRanOut(AssertionError):
    """What was waited for did not happen; `near_misses` are events that came near, each with a why."""

    def __init__(self, message, near_misses):
        lines = [message, *(f"  {miss['why']}: {json.dumps(miss['event'])}" for miss in near_misses)]
        super().__init__("\n".join(lines))
        self.near_misses = near_misses


def quote(text):
    return urllib.parse.quote(str(text), safe="")


class Emulator:
    """A running server: its control API, and where its devices connect."""

    def __init__(self, url, ready=None, token=None):
        self.url = url.rstrip("/")
        self._token = token
        self._ready = ready or {}
        self._ca_folder = None

    def request(self, method, path, body=None, patience=CALL_S):
        """(status, body as bytes)"""
        headers = {"Authorization": f"token {self._token}"} if self._token else {}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=patience) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def call(self, method, path, body=None):
        """The answer's JSON, or None where it has none. Anything but a 2xx is an EmulatorError."""
        status, answer = self.request(method, path, body)
        if not 200 <= status < 300:
            raise EmulatorError(f"{method} {path}: {status} {answer.decode(errors='replace')}")
        return json.loads(answer) if answer else None

    @property
    def domain(self):
        return self._ready.get("domain", "m2.exosite.io")

    @property
    def address(self):
        """(host, port) where devices connect with TLS."""
        place = os.environ.get("MURANO_EMULATOR_MQTTS") or next(iter(self._ready.get("mqtts", [])), None)
        if place is None:
            place = f"{urllib.parse.urlsplit(self.url).hostname}:8883"
        host, _, port = place.rpartition(":")
        return host.strip("[]").replace("0.0.0.0", "127.0.0.1"), int(port)

    @property
    def ca(self):
        """The file with the certificate authority that devices trust."""
        if self._ca_folder is None:
            self._ca_folder = tempfile.TemporaryDirectory(prefix="murano-ca-")
            status, certificate = self.request("GET", "/_emulator/v1/ca.crt")
            assert status == 200, f"no CA: {status}"
            self._ca_file().write_bytes(certificate)
        return str(self._ca_file())

    def _ca_file(self):
        return pathlib.Path(self._ca_folder.name) / "ca.crt"


class Device:
    """An identity that is provisioned: what its firmware needs to log in (user name empty, the token as password)."""

    def __init__(self, identity, token):
        self.identity = identity
        self.token = token


class Connector:
    """One connector, that of this test."""

    def __init__(self, emulator, connector):
        self.emulator = emulator
        self.connector = connector
        self.allowed = set()  # rules that devices of this test may violate; "*": all
        nothing = {"match": {}, "count": {"exactly": 0}, "within_ms": 0}
        self.start = emulator.call("POST", "/_emulator/v1/wait", nothing)["next"]  # cursor: older events are not ours

    # --- where devices connect ---
    @property
    def host(self):
        """What a device says in SNI; resolves to nothing: connect to `address`."""
        return f"{self.connector}.{self.emulator.domain}"

    @property
    def address(self):
        return self.emulator.address[0]

    @property
    def port(self):
        return self.emulator.address[1]

    @property
    def ca(self):
        return self.emulator.ca

    # --- devices ---
    def provisioned(self, identity=None):
        identity = identity or uuid.uuid4().hex[:12]
        token = uuid.uuid4().hex + uuid.uuid4().hex[:8]
        body = {"auth": {"type": "token", "key": token}}
        self.emulator.call("PUT", self._device2(identity), body)
        return Device(identity, token)

    def state(self, identity):
        """{alias: {"reported", "set", "timestamp"}}"""
        return self.emulator.call("GET", f"{self._device2(identity)}/state")

    def set_state(self, identity, **values):
        self.emulator.call("PATCH", f"{self._device2(identity)}/state", values)

    def publish(self, identity, topic, payload):
        path = f"/_emulator/v1/connectors/{self.connector}/identities/{quote(identity)}/publish"
        self.emulator.call("POST", path, {"topic": topic, "payload": payload})

    def settings(self, **change):
        """Changes the connector's settings, in the shape of the settings file."""
        self.emulator.call("PATCH", f"/_emulator/v1/connectors/{self.connector}", change)

    def _device2(self, identity):
        return f"/api:1/service/{self.connector}/device2/identity/{quote(identity)}"

    # --- what happened ---
    def events(self, **filters):
        """All events that fit, oldest first."""
        found, after = [], filters.pop("after", self.start)
        while True:
            query = urllib.parse.urlencode({"connector": self.connector, **filters, "after": after})
            page = self.emulator.call("GET", f"/_emulator/v1/events?{query}")
            if not page["events"]:
                return found
            found += page["events"]
            after = page["next"]

    def findings(self, severity=None):
        found = self.events(type="finding")
        return [one for one in found if severity in (None, one["severity"])]

    def wait_for(self, kind, within=10, count=None, since=None, **match):
        """The events of that type (a list) that fit, as soon as they are there; WaitRanOut after `within` seconds.

        match: identity, topic, alias, rule, equals, contains, regex, jsonpath. count: {"exactly": N} or {"at_least": N};
        {"exactly": 0} holds when none came. since: a cursor; without it all that happened in this test counts.
        """
        body = {"match": {"connector": self.connector, "type": kind, **match}, "within_ms": int(within * 1000)}
        if count is not None:
            body["count"] = count
        return self._wait(body, within, since)

    def wait_for_sequence(self, *steps, within=10, since=None):
        """Each step is a match: {"type": …, "alias": …}; they must come in this order."""
        sequence = [{"connector": self.connector, **step} for step in steps]
        return self._wait({"sequence": sequence, "within_ms": int(within * 1000)}, within, since)

    def _wait(self, body, within, since):
        body["since"] = self.start if since is None else since
        status, answer = self.emulator.request("POST", "/_emulator/v1/wait", body, within + CALL_S)
        answer = json.loads(answer)
        if status == 408:
            raise WaitRanOut(answer["error"]["message"], answer["near_misses"])
        if status != 200:
            raise EmulatorError(answer["error"]["message"])
        return answer["events"]

    # --- time and state ---
    def clock(self):
        return self._clock("GET")

    def freeze(self):
        return self._clock("PUT", {"frozen": True})

    def unfreeze(self):
        return self._clock("PUT", {"frozen": False})

    def advance(self, by):
        """by: "25h", "90s"; this connector's clock only."""
        return self._clock("POST", {"by": by}, "/advance")

    def real_time(self):
        return self._clock("DELETE")

    def _clock(self, method, body=None, rest=""):
        return self.emulator.call(method, f"/_emulator/v1/clock{rest}?connector={self.connector}", body)

    def reset(self):
        self.emulator.call("POST", f"/_emulator/v1/reset?connector={self.connector}")

    def remove(self):
        self.emulator.request("DELETE", f"/_emulator/v1/connectors/{self.connector}")

    def check(self):
        """Fails on findings of severity violation that are not allowed."""
        wrong = [one for one in self.findings("violation") if not self.allowed & {"*", one["rule"]}]
        if wrong:
            lines = (f"  {one['rule']}: {one['message']} {one.get('hint', '')}" for one in wrong)
            pytest.fail("the device broke rules of Murano:\n" + "\n".join(lines), pytrace=False)


def _ready(process, file, log):
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        if file.exists():
            return json.loads(file.read_text())
        time.sleep(0.01)
    process.kill()
    pytest.fail(f"murano-emulator did not start:\n{log.read_text(errors='replace')[-2000:]}", pytrace=False)


def _started(folder):
    binary = os.environ.get("MURANO_EMULATOR") or shutil.which("murano-emulator")
    if not binary:
        pytest.fail("no murano-emulator in the PATH; MURANO_EMULATOR may name it, MURANO_EMULATOR_URL a running one")
    log, ready_file = folder / "server.log", folder / "ready.json"
    flags = ["--ephemeral", "--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0", "--ready-file", str(ready_file)]
    # Settings of the emulator that the developer happens to have are not for the tests.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MURANO_EMULATOR")}
    with open(log, "wb") as out:
        process = subprocess.Popen(
            [binary, "serve", *flags], stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment
        )
    return process, _ready(process, ready_file, log)


@pytest.fixture(scope="session")
def emulator(tmp_path_factory):
    """The server: a running one, else one of its own."""
    url = os.environ.get("MURANO_EMULATOR_URL")
    ready_file = os.environ.get("MURANO_EMULATOR_READY_FILE")
    if url or ready_file:
        ready = json.loads(pathlib.Path(ready_file).read_text()) if ready_file else None
        yield Emulator(url or ready["api"], ready, os.environ.get("MURANO_EMULATOR_API_TOKEN"))
        return
    process, ready = _started(tmp_path_factory.mktemp("murano-emulator"))
    yield Emulator(ready["api"], ready)
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


@pytest.fixture
def murano(emulator, request):
    """A connector that no other test uses."""
    connector = Connector(emulator, f"test-{uuid.uuid4().hex[:16]}")
    for marker in request.node.iter_markers("allow_violations"):
        connector.allowed |= set(marker.args or ["*"])
    yield connector
    connector.remove()


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "allow_violations(*rules): devices of this test may break these rules of Murano, or any"
    )


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    """After the test's own assertions: what its devices did wrong fails it."""
    outcome = yield
    connector = getattr(item, "funcargs", {}).get("murano")
    if outcome.excinfo is None and isinstance(connector, Connector):
        connector.check()
