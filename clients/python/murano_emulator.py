"""pytest fixtures for tests of device firmware against murano-emulator. One file; needs pytest and nothing else.

`pip install ./clients/python` adds the fixture `murano` to pytest. Or put this file beside your conftest.py and write there:

    pytest_plugins = ["murano_emulator"]

    def test_my_device_reports(murano):
        device = murano.provisioned()
        start_my_firmware(murano.address, murano.port, sni=murano.host, ca=murano.ca, token=device.token)
        murano.wait_for("data_in", identity=device.identity, alias="temperature", jsonpath=">20")

Each test gets its own connector, so that tests can run in parallel. Firmware with a compiled-in host name needs that
connector: set it by @pytest.mark.murano_connector("x2lmj5npsktbuik9"), the variable MURANO_EMULATOR_CONNECTOR, or the ini
value murano_connector, as an id or as the host name. A connector set this way is never deleted, and the next test finds
what one test leaves in it (identities, values): murano.reset() empties it.

A test in which the device breaks a rule of Murano (a finding of severity "violation") fails; @pytest.mark.
allow_violations allows all violations, @pytest.mark.allow_violations("R28") those of one rule. Findings of connections
that named no connector (no server name in the TLS handshake, no TLS at all) fail it too, because their device is unknown.
Violations on another connector of the server are reported: as a warning, and in the report of a failed test.

The server is the one at MURANO_EMULATOR_URL, if set (then many processes can share it; MURANO_EMULATOR_READY_FILE or
MURANO_EMULATOR_MQTTS=HOST:PORT gives its device port, MURANO_EMULATOR_API_TOKEN its token); else the binary
MURANO_EMULATOR, else `murano-emulator` from the PATH, is started on free ports and stopped at the end.
"""

import collections
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
LOOPBACK = ("127.0.0.1", "::1", "localhost")
OWN = "test-"  # how the names of connectors begin that are made here


class EmulatorError(AssertionError):
    """The server refused a call; the text is the server's."""


class BrokenElsewhere(UserWarning):
    """A device broke a rule on a connector other than the test's."""


class WaitRanOut(AssertionError):
    """The awaited event did not happen; `near_misses` are similar events, each with a reason."""

    def __init__(self, message, near_misses):
        lines = [message, *(f"  {miss['why']}: {json.dumps(miss['event'])}" for miss in near_misses)]
        super().__init__("\n".join(lines))
        self.near_misses = near_misses


class VerdictFailed(AssertionError):
    """The firmware failed the verdict; `run` is the whole run with its checks."""

    def __init__(self, message, run):
        wrong = [check for check in run["checks"] if check["outcome"] == "failed"]
        lines = [f"  {one['id']} {one['title']}: {one['message']} {one.get('hint', '')}".rstrip() for one in wrong]
        super().__init__("\n".join([message, *lines]))
        self.run = run


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
        """The answer's JSON, or None if it has none. Anything but a 2xx raises EmulatorError."""
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
    """A provisioned identity, with what its firmware needs to log in (empty user name, the token as password)."""

    def __init__(self, identity: str, token: str) -> None:
        self.identity = identity
        self.token = token


def _names(finding):
    """The names by which a test may allow it: its rule and its code (findings in an older journal have no code)."""
    return {finding["rule"], finding.get("code", finding["rule"])}


def _told(finding):
    """One finding as a line."""
    where = finding.get("connector") or f"no connector, from {finding.get('ip', 'somewhere')}"
    return f"  {finding.get('code', finding['rule'])}: {finding['message']} {finding.get('hint', '')}".rstrip() + f" ({where})"


def _lines(findings):
    """A line for each, those that are the same as one; each repetition is told by its number."""
    times = collections.Counter(map(_told, findings))
    return "\n".join(line if count == 1 else f"{line}, {count} times" for line, count in times.items())


class Fault:
    """A fault in force; it ends with its with statement."""

    def __init__(self, emulator, stored):
        self.emulator = emulator
        self.name = stored["fault_name"]

    def now(self):
        """The fault's current data from the server, with hits, chances and state."""
        return self.emulator.call("GET", f"/_emulator/v1/faults/{quote(self.name)}")

    @property
    def hits(self):
        return self.now()["hits"]

    def remove(self):
        self.emulator.request("DELETE", f"/_emulator/v1/faults/{quote(self.name)}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


class Connector:
    """The connector of this test."""

    def __init__(self, emulator, connector, named=False):
        self.emulator = emulator
        self.connector = connector
        self.named = named  # by the user, whose it is: it is never deleted
        path = f"/_emulator/v1/connectors/{quote(connector)}"
        if emulator.request("GET", path)[0] == 404:
            emulator.call("PATCH", path, {})
        self.allowed = set()  # rules that devices of this test may violate; "*": all
        self.faults = []  # that this test put
        nothing = {"match": {}, "count": {"exactly": 0}, "within_ms": 0}
        self.start = emulator.call("POST", "/_emulator/v1/wait", nothing)["next"]  # cursor: older events are not ours

    # --- where devices connect ---
    @property
    def host(self) -> str:
        """What a device says in SNI. It resolves to nothing: connect to `address`. That of `local` on this machine is localhost,
        for firmware that connects to the host whose name it says."""
        if self.connector == "local" and self.address in LOOPBACK:
            return "localhost"
        return f"{self.connector}.{self.emulator.domain}"

    @property
    def address(self):
        return self.emulator.address[0]

    @property
    def port(self) -> int:
        return self.emulator.address[1]

    @property
    def ca(self):
        return self.emulator.ca

    # --- devices ---
    def provisioned(self, identity: "str | None" = None) -> Device:
        identity = identity or uuid.uuid4().hex[:12]
        token = uuid.uuid4().hex + uuid.uuid4().hex[:8]
        body = {"auth": {"type": "token", "key": token}}
        self.emulator.call("PUT", self._device2(identity), body)
        return Device(identity, token)

    def state(self, identity: str) -> dict:
        """{alias: {"reported", "set", "timestamp"}}"""
        return self.emulator.call("GET", f"{self._device2(identity)}/state")

    def set_state(self, identity: str, **values) -> None:
        self.emulator.call("PATCH", f"{self._device2(identity)}/state", values)

    def publish(self, identity: str, topic: str, payload: str) -> None:
        path = f"/_emulator/v1/connectors/{self.connector}/identities/{quote(identity)}/publish"
        self.emulator.call("POST", path, {"topic": topic, "payload": payload})

    def settings(self, **change) -> None:
        """Changes the connector's settings, in the format of the settings file."""
        self.emulator.call("PATCH", f"/_emulator/v1/connectors/{self.connector}", change)

    def _device2(self, identity):
        return f"/api:1/service/{self.connector}/device2/identity/{quote(identity)}"

    # --- what happened ---
    def events(self, **filters) -> list:
        """All matching events, oldest first."""
        found, after = [], filters.pop("after", self.start)
        while True:
            query = urllib.parse.urlencode({"connector": self.connector, **filters, "after": after})
            page = self.emulator.call("GET", f"/_emulator/v1/events?{query}")
            if not page["events"]:
                return found
            found += page["events"]
            after = page["next"]

    def findings(self, severity: "str | None" = None) -> list:
        """Of this connector, and of connections that named none, because the device may be one of them."""
        return [one for one in self._all_findings(severity) if one.get("connector", self.connector) == self.connector]

    def _all_findings(self, severity=None, after=None):
        """Of all connectors and of connections that named none, since this test began."""
        found, after = [], self.start if after is None else after
        while True:
            page = self.emulator.call("GET", f"/_emulator/v1/events?type=finding&after={after}")
            if not page["events"]:
                return [one for one in found if severity in (None, one["severity"])]
            found += page["events"]
            after = page["next"]

    def _elsewhere(self):
        """Violations on other connectors, except those of parallel tests."""
        found = [(one.get("connector"), one) for one in self._all_findings("violation")]
        return [one for name, one in found if name not in (None, self.connector) and not name.startswith(OWN)]

    def wait_for(self, kind: str, /, within: float = 10, count=None, since=None, **match) -> list:
        """The matching events of that type (a list), as soon as they happen; raises WaitRanOut after `within` seconds.

        match: identity, topic, alias, rule, code ("R40.comma_for_point"), name and kind (of a fault), equals, contains, regex, jsonpath.
        count: {"exactly": N} or {"at_least": N}; {"exactly": 0} passes if none came. since: a cursor; without it
        everything in this test counts.
        """
        body = {"match": {"connector": self.connector, "type": kind, **match}, "within_ms": int(within * 1000)}
        if count is not None:
            body["count"] = count
        events = self._wait(body, within, since)
        if kind == "finding" and count == {"exactly": 0} and not match.keys() - {"rule", "code"}:
            self._check_none_adrift({value.upper() for value in match.values()}, since)
        return events

    def _check_none_adrift(self, wanted, since):
        """Fails if there are findings (of these rules and codes), those of connections that named no connector included."""
        adrift = [one for one in self._all_findings(after=since) if "connector" not in one]
        wrong = [one for one in adrift if wanted <= {name.upper() for name in _names(one)}]
        if wrong:
            why = "a connection that named no connector left it"
            raise WaitRanOut("findings came, and none was wanted", [{"event": one, "why": why} for one in wrong])

    def wait_for_sequence(self, *steps: dict, within: float = 10, since: "int | None" = None) -> list:
        """Each step is a match: {"type": …, "alias": …}; they must happen in this order."""
        sequence = [{"connector": self.connector, **step} for step in steps]
        return self._wait({"sequence": sequence, "within_ms": int(within * 1000)}, within, since)

    def _wait(self, body, within, since):
        body["since"] = self.start if since is None else since
        status, answer = self.emulator.request("POST", "/_emulator/v1/wait", body, within + CALL_S)
        answer = json.loads(answer)
        if status == 408:
            raise WaitRanOut(answer["error"]["message"] + self._nobody_came(), answer["near_misses"])
        if status != 200:
            raise EmulatorError(answer["error"]["message"])
        return answer["events"]

    def _nobody_came(self):
        """Where no device has connected since the test began, a line that says so: the commonest reason of all."""
        if self.events(type="connect", limit=1):
            return ""
        told = f"\nNo device has connected to {self.host} (port {self.port}) in this test"
        if self.host == "localhost":
            return f"{told}."
        return (
            f"{told}. That name is for SNI, and leads nowhere by itself: the device must connect to {self.address}. "
            'Where it knows one name for both, mark the test @pytest.mark.murano_connector("local").'
        )

    # --- what goes wrong on purpose ---
    def fault(self, kind: str, /, **keys) -> Fault:
        """Adds a fault for this connector's devices: fault("withhold", packet="PUBACK", times=3). Ends with the test."""
        if kind not in ("refuse", "outage"):  # these act before anybody knows the connector
            keys.setdefault("connector", self.connector)
        fault = Fault(self.emulator, self.emulator.call("POST", "/_emulator/v1/faults", {"kind": kind, **keys}))
        self.faults.append(fault)
        return fault

    # --- the verdict ---
    def verify(self, identity: str, /, suite="quick", hooks=None, within: float = 3600, **more) -> dict:
        """Judges the firmware of a running device, and returns the run; raises VerdictFailed if a check failed.

        suite: "quick", "full", or a suite file's content as a dict. more: only, skip (lists of ids and globs), watch_only,
        parameters. hooks: {"power_cycle": function}, called when a check requests it. The device's behaviour during the
        run counts as always: use @pytest.mark.allow_violations if the run's faults make it break a rule.
        """
        hooks = hooks or {}
        body = {"connector": self.connector, "identity": identity, "suite": suite, "hooks": sorted(hooks), **more}
        run = self.emulator.call("POST", "/_emulator/v1/runs", body)
        path = f"/_emulator/v1/runs/{run['id']}"
        try:
            run = self._followed(path, hooks, time.monotonic() + within)
        except BaseException:
            self.emulator.request("DELETE", path)  # the device is as before
            raise
        if run["state"] == "aborted":
            raise VerdictFailed(f"the run was aborted: {run.get('aborted_because')}", run)
        if not run.get("connected", True):
            raise VerdictFailed(f"the device never connected: {run.get('seen_instead')}", run)
        if run["outcome"] in ("failed", "not_run"):
            raise VerdictFailed("the device failed" if run["outcome"] == "failed" else "nothing was judged", run)
        return run

    def _followed(self, path, hooks, end):
        while True:
            run = self.emulator.call("GET", path)
            if run["state"] in ("done", "aborted"):
                return run
            for name in run.get("hooks_asked", []):
                hooks[name]()
                self.emulator.call("POST", f"{path}/hooks/{name}", {"done": True})
            if time.monotonic() > end:
                raise WaitRanOut("the run is not over", [])
            time.sleep(0.1)

    # --- time and state ---
    def clock(self) -> dict:
        return self._clock("GET")

    def freeze(self) -> dict:
        return self._clock("PUT", {"frozen": True})

    def unfreeze(self) -> dict:
        return self._clock("PUT", {"frozen": False})

    def advance(self, by: str) -> dict:
        """by: "25h", "90s"; this connector's clock only."""
        return self._clock("POST", {"by": by}, "/advance")

    def real_time(self):
        return self._clock("DELETE")

    def _clock(self, method, body=None, rest=""):
        return self.emulator.call(method, f"/_emulator/v1/clock{rest}?connector={self.connector}", body)

    def reset(self) -> None:
        self.emulator.call("POST", f"/_emulator/v1/reset?connector={self.connector}")

    def report(self, form: str = "json") -> "dict | str":
        """The findings of this connector, folded: json (a dict), text, junit or markdown."""
        path = f"/_emulator/v1/report?connector={self.connector}&since={self.start}&format={form}"
        status, answer = self.emulator.request("GET", path)
        assert status == 200, answer
        return json.loads(answer) if form == "json" else answer.decode()

    def remove(self):
        """Removes the test's faults, and the connector unless the user named it."""
        for fault in self.faults:
            fault.remove()
        if not self.named:
            self.emulator.request("DELETE", f"/_emulator/v1/connectors/{self.connector}")

    def check(self):
        """Fails on findings of severity violation that are not allowed."""
        wrong = [one for one in self.findings("violation") if not self.allowed & {"*", *_names(one)}]
        if wrong:
            pytest.fail("the device broke rules of Murano:\n" + _lines(wrong), pytrace=False)

    def warning(self):
        """About violations on other connectors; None: there are none."""
        lines = _lines(self._elsewhere())
        heading = f"a device broke rules of Murano on another connector than the test's, {self.connector}"
        return f"{heading}:\n{lines}" if lines else None

    def told(self):
        """All findings of this test and elsewhere, for the report of a test that failed."""
        return _lines(self.findings() + self._elsewhere())


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
    """The server: a running one, else its own."""
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


def _named(request, domain):
    """The connector named by the user: by a marker, the variable or the ini value; None: not named."""
    marker = request.node.get_closest_marker("murano_connector")
    name = marker.args[0] if marker else os.environ.get("MURANO_EMULATOR_CONNECTOR")
    name = name or request.config.getini("murano_connector")
    return name.removesuffix(f".{domain}") if name else None


@pytest.fixture
def murano(emulator, request):
    """A connector that no other test uses, or the one named by the user."""
    named = _named(request, emulator.domain)
    connector = Connector(emulator, named or f"{OWN}{uuid.uuid4().hex[:16]}", bool(named))
    for marker in request.node.iter_markers("allow_violations"):
        connector.allowed |= set(marker.args or ["*"])
    yield connector
    connector.remove()


def pytest_addoption(parser):
    parser.addini("murano_connector", "the connector of all tests, for firmware with a compiled-in host name")


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "allow_violations(*rules): devices of this test may break these rules of Murano, or any"
    )
    config.addinivalue_line("markers", "murano_connector(id): the connector of this test; it is never deleted")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    """After the test's own assertions: fails it for violations by its devices."""
    outcome = yield
    connector = getattr(item, "funcargs", {}).get("murano")
    if not isinstance(connector, Connector):
        return
    if outcome.excinfo is not None:
        item.add_report_section("call", "findings of murano-emulator", connector.told() or "none")
        return
    if warning := connector.warning():
        item.warn(BrokenElsewhere(warning))
    connector.check()
