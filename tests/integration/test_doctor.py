"""`doctor` against set-ups that are broken in one way each: the right line says what is wrong, and what to do."""

import json
import socket
import ssl
import subprocess
import threading
import time

import pytest

from support import packets as mqtt
from support.certificates import self_signed
from support.device import Site
from support.names import wrapped_environment
from support.raw_client import RawClient
from support.server import BINARY, Server
from support.waiting import PATIENCE_S, wait_until


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """It knows its connectors: none is made for an unknown name."""
    settings = {"auto_create_connectors": False, "connectors": {"local": {}, "known": {}}}
    folder = tmp_path_factory.mktemp("server")
    with Server(folder, "--ephemeral", "--mqtt", "127.0.0.1:0", settings=settings) as running:
        yield running


@pytest.fixture
def doctor(server, tmp_path):
    """Runs it; gives the exit code, and the checks that are not good as {check: (outcome, message, remedy)}."""

    def run(*arguments):
        names = {"localhost": "127.0.0.1", "known.m2.exosite.io": "127.0.0.1", "strange.m2.exosite.io": "127.0.0.1"}
        done = subprocess.run(
            [BINARY, "doctor", "--json", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=3 * PATIENCE_S,
            env=wrapped_environment(tmp_path, names, MURANO_EMULATOR_READY_FILE=str(server.ready_file)),
        )
        assert done.returncode in (0, 1), done.stderr
        checks = json.loads(done.stdout)["checks"]
        bad = {one["check"]: (one["outcome"], one["message"], one["remedy"]) for one in checks if one["outcome"] != "ok"}
        return done.returncode, bad

    server.control.ok("POST", "/_emulator/v1/reset")
    return run


@pytest.fixture
def expect(doctor):
    """One check is wrong, with these words in its message and its remedy."""

    def check(name, message, remedy, *arguments):
        code, bad = doctor(*arguments)
        assert code == 1 and [each for each in bad if bad[each][0] == "WRONG"] == [name], bad
        assert message in bad[name][1] and remedy in bad[name][2], bad

    return check


def test_all_is_well(doctor, server):
    """Nothing is wrong: exit code 0, and a token that the server knows is taken"""
    token = Site(server, "known").device().token
    assert doctor() == (0, {})
    assert doctor("--device-host", "known.m2.exosite.io", "--token", token) == (0, {})


def test_wrong_name(expect):
    expect("name", "nowhere.invalid leads nowhere", "127.0.0.1 nowhere.invalid", "--device-host", "nowhere.invalid")


def test_wrong_name_in_the_certificate(server, tmp_path, expect):
    """A server that has only its own certificate"""
    certificate, key = self_signed(tmp_path / "other", "other.example")
    with tls_server(certificate, key) as port:
        expect("tls", "is not for localhost", "Connect by the name", "--ca", certificate, "--device-port", port)


def test_wrong_ca(tmp_path, expect):
    certificate, _ = self_signed(tmp_path / "other", "another authority")
    expect("tls", "not signed by the trusted authority", "ca.crt", "--ca", certificate)
    (tmp_path / "empty.crt").write_text("no certificate")
    expect("ca", "the file of --ca has no certificate", "murano-data/certs/ca.crt", "--ca", tmp_path / "empty.crt")


def test_no_sni(doctor):
    """[R3] A device that connects to an address sends no host name"""
    code, bad = doctor("--device-host", "127.0.0.1")
    assert code == 1
    assert bad["name"][0] == "note" and "sends no host name (SNI)" in bad["name"][1]
    assert "handshake" in bad["tls"][1] and "SNI" in bad["tls"][2]


def test_port_not_published(expect):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # not listening
        port = taken.getsockname()[1]
        expect("port", f"127.0.0.1:{port}: Connection refused", "published (-p 8883:8883)", "--device-port", port)


def test_token_revoked(server, doctor):
    """[R53] The server's own finding says more than the code of the CONNACK"""
    site = Site(server, "known")
    token = site.device().token
    site.control.patch_identity("known", "12345", {"auth": {"expire": 0}})
    code, bad = doctor("--device-host", "known.m2.exosite.io", "--token", token)
    assert code == 1
    told = [text for check, text in bad.items() if check in ("token", "device")]
    assert any("revoked" in message for _, message, _ in told), bad


def test_clock_of_1970(server, doctor):
    """The emulator's clock was moved; that of the machine is judged by a unit test"""
    day_us = 86_400_000_000
    server.control.ok("PUT", "/_emulator/v1/clock", {"offset_us": day_us - int(time.time() * 1_000_000)})
    try:
        _, bad = doctor()
        assert bad["clock"][0] == "note" and "1970-01-02" in bad["clock"][1] and "clock reset" in bad["clock"][2]
    finally:
        server.control.ok("DELETE", "/_emulator/v1/clock")


def test_connector_refused(expect):
    """[R3] A name whose connector does not exist"""
    name = "strange.m2.exosite.io"
    expect("tls", f"refuses the name {name}", "auto_create_connectors", "--device-host", name)


def test_plain_port_without_devmode(server, doctor):
    """[R1] What devices have met is told from the server's findings"""
    with RawClient.plain(server.plain_address) as client:
        client.send(mqtt.connect())
        assert client.receive().body == b"\0\5"
        client.expect_closed()
    wait_until(lambda: "device" in doctor()[1], "the finding")
    assert "devmode" in " ".join(doctor()[1]["device"])


class tls_server:
    """Something else that speaks TLS, such as a proxy that opens connections."""

    def __init__(self, certificate, key):
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        self._socket = socket.create_server(("127.0.0.1", 0))

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self._socket.getsockname()[1]

    def __exit__(self, *_):
        self._socket.close()

    def _serve(self):
        try:
            connection, _ = self._socket.accept()
            with self._context.wrap_socket(connection, server_side=True) as tls:
                tls.recv(1)
        except OSError:
            pass


def test_proxy_in_between(tmp_path, expect):
    """What answers has a certificate of its own authority"""
    certificate, key = self_signed(tmp_path / "proxy", "Corporate Proxy CA")
    with tls_server(certificate, key) as port:
        expect("tls", '"Corporate Proxy CA"', "another server or a proxy", "--device-port", port)


def test_server_not_there(expect, tmp_path):
    expect("server", "no server answers at http://127.0.0.1:1", "murano-emulator serve", "--url", "http://127.0.0.1:1")
    expect("server", "names none", "murano-emulator serve", "--ready-file", tmp_path / "none.json")


def test_something_else_on_the_port_of_the_control_api(expect):
    with socket.create_server(("127.0.0.1", 0)) as other:

        def answer():
            connection, _ = other.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")

        threading.Thread(target=answer, daemon=True).start()
        url = f"http://127.0.0.1:{other.getsockname()[1]}"
        expect("server", "is not murano-emulator", "--url", "--url", url)


def test_what_people_read(server, tmp_path):
    """Each check is a line, what to do stands below it, and no line is longer than 100 columns"""
    environment = wrapped_environment(tmp_path, {}, MURANO_EMULATOR_READY_FILE=str(server.ready_file))
    command = [BINARY, "doctor", "--device-host", "nowhere.invalid"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=3 * PATIENCE_S)
    assert done.returncode == 1
    assert "\nWRONG  name       nowhere.invalid leads nowhere" in done.stdout
    assert "\n                  → Add a line to /etc/hosts" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
