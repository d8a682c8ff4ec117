"""A failed TLS handshake is told in one finding and one log line in plain words: R1, R3, R3a."""

import json
import re
import socket
import ssl
import subprocess

import pytest

from support import packets as mqtt
from support.raw_client import RawClient
from support.server import Server
from support.waiting import Deadline, wait_until

pytestmark = pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")  # the old version is tested


def newest(server):
    """The newest cursor, to look for what comes behind it."""
    return server.control.ok("GET", "/_emulator/v1/events?limit=10000").json()["next"]


SENTENCE = re.compile(r"[A-Z$`].*[^.]\.", re.DOTALL)


def finding_after(server, cursor, severity="violation"):
    """The one finding that came since, of whatever connector: a refused name belongs to none."""
    path = f"/_emulator/v1/events?type=finding&limit=10000&after={cursor}"
    (finding,) = wait_until(lambda: server.control.ok("GET", path).json()["events"], "a finding")
    assert finding["connection_id"] and finding["severity"] == severity and finding["ip"] == "127.0.0.1"
    assert SENTENCE.fullmatch(finding["message"]), finding
    assert not finding["hint"] or SENTENCE.fullmatch(finding["hint"]), finding
    assert json.dumps(finding["message"])[1:-1] in server.log()
    return finding


def shake_hands(server, sni, tune=None):
    with pytest.raises((ssl.SSLError, ConnectionResetError, BrokenPipeError)):
        with RawClient.tls(server.address, sni, server.ca, tune=tune) as client:
            client.stream.recv(1)  # TLS 1.3 reports a refused client here
            raise ConnectionResetError


def old_version(context):
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1


def old_suite(context):
    context.set_ciphers("AES128-SHA:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(
    "name, tune, code, message, hint",
    [
        (None, None, "R3.no_sni", "no server name", "require_sni"),
        ("a.b.{domain}", None, "R3.several_labels", "more than one label", "<connector id>"),
        ("under_score.{domain}", None, "R3.no_connector_id", "connector id", "<connector id>"),
        ("a.{domain}:8883", None, "R3.port_in_sni", "a.{domain}:8883 holds a port", "Leave out the port"),
        ("old.{domain}", old_version, "R3a.tls_version", "TLS 1.0", "TLSv1.0"),
        ("narrow.{domain}", old_suite, "R3a.no_common_cipher", "AES128-SHA", "ECDHE"),
    ],
    ids=["no SNI", "two labels", "no connector id", "with a port", "version", "no common cipher"],
)
def test_refused_handshake(server, name, tune, code, message, hint):
    """[R3, R3a] no SNI, a refused name, an old version, no common cipher: what the device offers, and what to do"""
    cursor = newest(server)
    shake_hands(server, name and name.format(domain=server.domain), tune)
    finding = finding_after(server, cursor)
    assert finding["code"] == code and hint in finding["hint"], finding
    assert message.format(domain=server.domain) in finding["message"], finding


def test_no_common_signature_algorithm(server):
    """[R3a] no signature algorithm in common is told as that, with what the device offers"""
    cursor = newest(server)
    openssl = ["openssl", "s_client", "-connect", "{}:{}".format(*server.address), "-sigalgs", "ed25519"]
    done = subprocess.run(
        [*openssl, "-servername", server.host("narrow"), "-CAfile", server.ca],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=Deadline().left(),
    )
    assert done.returncode != 0
    finding = finding_after(server, cursor)
    assert finding["code"] == "R3a.no_common_signature_algorithm" and "signature algorithm in common" in finding["message"]
    assert "(the device offers ed25519)" in finding["message"] and "ecdsa_secp256r1_sha256" in finding["hint"]


def test_unknown_connector(tmp_path):
    """[R3] an unknown connector where none are made"""
    with Server(tmp_path, "--ephemeral", settings={"auto_create_connectors": False}) as server:
        cursor = newest(server)
        shake_hands(server, server.host("unknown"))
        finding = finding_after(server, cursor)
    assert finding["code"] == "R3.no_connector" and 'no connector "unknown"' in finding["message"]


def test_alert_of_the_client(server):
    """[R3a] a device that does not trust the CA: the alert that it sent, and where the CA is"""
    cursor = newest(server)
    context = ssl.create_default_context()  # trusts the system's authorities only
    with socket.create_connection(server.address) as plain, pytest.raises(ssl.SSLCertVerificationError):
        context.wrap_socket(plain, server_hostname=server.host("trust"))
    finding = finding_after(server, cursor)
    assert finding["code"] == "R3a.alert_unknown_ca" and "unknown_ca" in finding["message"] and "ca.crt" in finding["hint"]
    assert finding["connector"] == "trust"


@pytest.mark.parametrize(
    "sent, code, message",
    [
        (mqtt.connect(), "R1.plain_mqtt", "MQTT without TLS"),
        (b"GET / HTTP/1.1\r\n\r\n", "R1.plain_http", "plain HTTP"),
        (b"hello" * 9, "R1.not_tls", "not TLS"),
    ],
)
def test_no_tls_at_all(server, sent, code, message):
    """[R1] MQTT, HTTP and garbage without TLS on the TLS port"""
    cursor = newest(server)
    with RawClient.plain(server.address) as client:
        client.send(sent)
        finding = finding_after(server, cursor)
    assert finding["code"] == code and message in finding["message"]


def test_handshake_that_never_ends(tmp_path):
    """[R1] a client that opens a connection and says nothing"""
    with Server(tmp_path, "--ephemeral", settings={"limits": {"connect_timeout_ms": 1000}}) as server:
        cursor = newest(server)
        with RawClient.plain(server.address) as client:
            client.expect_closed()
        finding = finding_after(server, cursor)
    assert finding["code"] == "R1.no_client_hello" and "within limits.connect_timeout_ms" in finding["message"]
    assert "accepting the connection" in finding["hint"]


def test_bare_connections(tmp_path):
    """[R1] connections that end before a byte came break no rule: info, one finding for an address, debug in the log"""
    with Server(tmp_path, "--ephemeral", "--mqtt", "127.0.0.1:0") as server:
        cursor = newest(server)
        for address in (server.address, server.plain_address, server.address):
            RawClient.plain(address).close()
        line = "a connection ended before a single byte came"
        wait_until(lambda: server.log().count(line) == 2, "two lines of those that are only counted")
        finding = finding_after(server, cursor, severity="info")
        assert finding["code"] == "R1.bare_connection" and "from 127.0.0.1 ended before a single byte came" in finding["message"]
        entries = [json.loads(row) for row in server.log().splitlines() if "single byte came" in row]
        assert {entry["level"] for entry in entries} == {"debug"} and len(entries) == 3


def test_tls_that_ends_without_connect(tmp_path):
    """[MQTT-3.1.0-1] a device that ends TLS without CONNECT: what came instead"""
    with Server(tmp_path, "--ephemeral") as server:
        for sent, message in [(b"", "the device sent nothing"), (b"\x10\x0c\x00", "3 bytes of an unfinished packet")]:
            cursor = newest(server)
            with server.client("silent") as client:
                client.send(sent)
                client.stream.shutdown(socket.SHUT_WR) if sent else client.stream.unwrap()
                finding = finding_after(server, cursor, severity="warning")
            assert finding["code"] == "MQTT-3.1.0-1.closed_without_connect" and finding["connector"] == "silent"
            assert "No CONNECT came after the TLS handshake" in finding["message"] and message in finding["message"]
            ending = "with close_notify." if not sent else "without close_notify."
            assert finding["message"].endswith(ending)
