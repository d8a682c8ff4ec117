"""Credentials are nowhere but where they belong: not in logs, journal, errors, printed settings or the process list."""

import json
import pathlib
import stat
import subprocess

import pytest

from support import packets as mqtt
from support.control import Control
from support.device import Site
from support.server import BINARY, Server, clean_environment, run

API_TOKEN = "api-token-which-nobody-may-see"
SEEDED = "seeded0123456789abcdefghijABCDEFGHIJ0123"
PASSWORD = "password-which-nobody-may-see"
WRONG = "wrong-password-nobody-may-see"


def settings():
    seeded = {"identities": {"seeded": {"auth": {"type": "token", "key": SEEDED}}}}
    passwords = {"provisioning": {"auth_type": "password"}}
    return {"log": {"packets": True}, "connectors": {"tokens": seeded, "passwords": passwords}}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("secrets")
    running = Server(folder, "--api-token", API_TOKEN, "--log-level", "trace", "--journal-packets", settings=settings())
    with running:
        yield running


@pytest.fixture(scope="module")
def lived(server):
    """The secrets of a server on which everything has happened that handles one."""
    control = Control(server.ready["api"], API_TOKEN)
    tokens, passwords = Site(server, "tokens"), Site(server, "passwords")
    token = tokens.provision("device")
    for secret in (SEEDED, token):
        with tokens.open() as client:
            client.login(username="", password=secret)
    with passwords.anonymous() as client:
        client.send(mqtt.publish("$provision/device", PASSWORD, qos=1, packet_id=1))
        client.until_puback(1)
    for secret in (PASSWORD, WRONG):
        with passwords.open() as client:
            client.send(mqtt.connect(username="device", password=secret))
            client.receive()
    control.request("PUT", control.device2("tokens", "/identity/other"), {"auth": {"key": SEEDED}})
    control.request("PUT", control.device2("tokens", "/identity/other"), b'{"auth": {"key": "' + SEEDED.encode() + b"}")
    refused = Control(server.ready["api"], WRONG).request("GET", "/_emulator/v1/events")
    assert refused.status == 401
    return [API_TOKEN, SEEDED, PASSWORD, WRONG, token]


def told_by(server, *paths):
    control = Control(server.ready["api"], API_TOKEN)
    return "".join(control.ok("GET", path).text for path in paths)


def shown(secrets, text):
    return [secret for secret in secrets if secret in text]


def test_log(server, lived):
    """the log at its finest, with a trace of every packet"""
    assert "CONNECT" in server.log() and "PUBLISH" in server.log()
    assert shown(lived, server.log()) == []


def test_journal(server, lived):
    """[R12, R50, R51] the journal with every packet, findings, history, connections and metrics"""
    text = told_by(server, "/_emulator/v1/events?limit=10000", "/_emulator/v1/connections", "/metrics")
    assert '"type":"packet"' in text and '"finding"' in text
    assert shown(lived, text) == []


def test_errors(server, lived):
    """what is refused is not repeated in the answer"""
    control = Control(server.ready["api"], API_TOKEN)
    path = control.device2("tokens", "/identity/another")
    for body in ({"auth": {"key": SEEDED}}, {"auth": {"type": "certificate", "key": SEEDED}}, {"auth": SEEDED}):
        answer = control.request("PUT", path, body)
        assert answer.status in (400, 409)
        assert shown(lived, answer.text) == [], answer
    answer = Control(server.ready["api"]).request("GET", "/_emulator/v1/events", headers={"Authorization": WRONG})
    assert answer.status == 401 and shown(lived, answer.text) == []


def test_process_list(server):
    """--api-token is overwritten in the command line that every user of the machine may read"""
    told = pathlib.Path(f"/proc/{server.process.pid}/cmdline").read_bytes().decode()
    assert "--api-token" in told and API_TOKEN not in told
    with subprocess.Popen(
        [BINARY, "events", "--follow", f"--api-token={API_TOKEN}", "--connector", "tokens"],
        env=clean_environment(MURANO_EMULATOR_URL=server.ready["api"]), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
    ) as client:  # fmt: skip
        client.stdout.readline()  # it works: the token was read before
        told = pathlib.Path(f"/proc/{client.pid}/cmdline").read_bytes().decode()
        client.terminate()
    assert "--api-token=***" in told and API_TOKEN not in told


def test_config_print(server):
    """config print masks the token and the keys of identities"""
    code, out, said = run("config", "print", "--config", server.folder / "settings.jsonc", "--api-token", API_TOKEN)
    assert code == 0 and "seeded" in out
    assert shown([API_TOKEN, SEEDED], out + said) == []
    broken = server.folder / "broken.jsonc"
    broken.write_text(json.dumps({"api_token": ["", API_TOKEN], "connectors": {"a": {"identities": {
        "b": {"auth": {"type": "token", "key": SEEDED, "unknown": 1}}}}}}))  # fmt: skip
    code, out, said = run("config", "check", broken)
    assert code != 0 and shown([API_TOKEN, SEEDED], out + said) == []


def test_files(server, lived):
    """the data folder's files are their owner's alone, certificates and .gitignore excepted"""
    control = Control(server.ready["api"], API_TOKEN)
    control.ok("POST", "/_emulator/v1/snapshots/kept")
    control.upload("tokens", "item", b"content")
    modes = {}
    for path in server.data_dir.rglob("*"):
        if path.is_file() and path.suffix != ".crt" and path.name != ".gitignore":
            modes[str(path.relative_to(server.data_dir))] = stat.S_IMODE(path.stat().st_mode)
    assert any(name.endswith(".key") for name in modes) and any("kept" in name for name in modes)
    assert any(name.startswith("content/") for name in modes)
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}
