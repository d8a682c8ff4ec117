"""What each TLS policy accepts, asked with `openssl s_client`: every version, and every suite that OpenSSL has. R3a."""

import json
import re
import socket
import sqlite3
import struct
import subprocess

import pytest

from support.server import Server, run, split_address
from support.waiting import PATIENCE_S, Deadline

VERSIONS = {"-tls1": "TLSv1", "-tls1_1": "TLSv1.1", "-tls1_2": "TLSv1.2", "-tls1_3": "TLSv1.3"}
EVERYTHING = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"
MODERN = {
    *("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"),
    *("ECDHE-ECDSA-AES128-CCM", "ECDHE-ECDSA-AES256-CCM"),
    *("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305"),
    *("DHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES256-GCM-SHA384", "DHE-RSA-CHACHA20-POLY1305"),
}
TLS_1_3 = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"}
NEVER = re.compile(r"NULL|ADH|AECDH|RC4|RC2|DES|EXP|PSK|SRP|MD5|IDEA|DSS")
TLS_SETTINGS = {
    "modern": {"policy": "TLSv1.2"},
    "legacy": {"policy": "TLSv1.0"},
    "custom": {"policy": "custom", "min_version": "TLSv1.1", "ciphers": ["ECDHE-RSA-AES128-SHA"]},
    "newest": {"policy": "custom", "min_version": "TLSv1.3", "ciphers": ["TLS_AES_256_GCM_SHA384"]},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    connectors = {name: {"protocol": {"tls": tls}} for name, tls in TLS_SETTINGS.items()}
    settings = {"connectors": connectors, "default_connector": "legacy", "tls": {"require_sni": False}}
    with Server(tmp_path_factory.mktemp("tls"), "--ephemeral", "--api-tls", "127.0.0.1:0", settings=settings) as running:
        yield running


def shaken(server, connector, *options, address=None):
    """(version, suite) that came of it, or None."""
    host, port = address or server.address
    command = ["openssl", "s_client", "-connect", f"{host}:{port}", "-servername", server.host(connector), *options]
    done = subprocess.run(command, input="", capture_output=True, text=True, timeout=PATIENCE_S)
    found = re.search(r"^New, (\S+), Cipher is (\S+)$", done.stdout, re.M)
    version = re.search(r"^\s*Protocol\s*: (\S+)$", done.stdout, re.M)
    assert found, done.stdout + done.stderr
    if found[2] == "(NONE)":
        assert done.returncode != 0
        return None
    return version[1] if version else found[1], found[2]


@pytest.mark.parametrize("connector, accepted", [
    ("modern", {"TLSv1.2", "TLSv1.3"}),
    ("legacy", {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"}),
    ("custom", {"TLSv1.1", "TLSv1.2"}),
    ("newest", {"TLSv1.3"}),
])  # fmt: skip
def test_versions(server, connector, accepted):
    """[R3a] each version against each policy, the client willing to take any suite"""
    found = {}
    for flag, name in VERSIONS.items():
        suites = [] if flag == "-tls1_3" else ["-cipher", EVERYTHING]
        found[name] = shaken(server, connector, flag, *suites)
    assert {name for name, made in found.items() if made} == accepted
    assert all(made[0] == name for name, made in found.items() if made)


def suites_of(flag):
    listed = subprocess.run(["openssl", "ciphers", "-s", flag, EVERYTHING], capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.strip().split(":") if not name.startswith("TLS_")]


def taken(server, connector, flag):
    return {suite for suite in suites_of(flag) if shaken(server, connector, flag, "-cipher", f"{suite}:@SECLEVEL=0")}


def test_suites_of_the_modern_policy(server):
    """[R3a] of all suites for TLS 1.2 exactly those with forward secrecy and AEAD, none more"""
    assert len(suites_of("-tls1_2")) > 50
    assert taken(server, "modern", "-tls1_2") == MODERN


def test_suites_of_the_legacy_policy(server):
    """[R3a] the legacy policy takes old suites, but none without encryption or authentication, and no RC4 or DES"""
    accepted = taken(server, "legacy", "-tls1")
    assert "ECDHE-RSA-AES128-SHA" in accepted and "AES128-SHA" in accepted
    assert not [suite for suite in accepted | taken(server, "legacy", "-tls1_2") if NEVER.search(suite)]


def test_suites_of_a_custom_policy(server):
    """[R3a] a custom policy takes the suites that it names"""
    assert taken(server, "custom", "-tls1_2") == {"ECDHE-RSA-AES128-SHA"}
    every = sorted(TLS_1_3)
    assert {name for name in every if shaken(server, "newest", "-tls1_3", "-ciphersuites", name)} == {
        "TLS_AES_256_GCM_SHA384"
    }
    assert {name for name in every if shaken(server, "modern", "-tls1_3", "-ciphersuites", name)} == TLS_1_3


def test_versions_of_the_control_port(server):
    """the control port over TLS speaks 1.2 and 1.3 only"""
    address = split_address(server.ready["api_tls"][0])
    found = {name: shaken(server, "modern", flag, "-cipher", EVERYTHING, address=address)
             for flag, name in VERSIONS.items()}  # fmt: skip
    assert {name for name, made in found.items() if made} == {"TLSv1.2", "TLSv1.3"}


def client_hello(version):
    """Of SSL 3.0, which openssl does not speak any more; without SNI, which is the legacy connector here."""
    body = bytes([3, version]) + bytes(32) + b"\0" + struct.pack(">H2H", 4, 0x002F, 0xC013) + b"\1\0"
    hello = b"\1" + struct.pack(">I", len(body))[1:] + body
    return bytes([22, 3, version]) + struct.pack(">H", len(hello)) + hello


SSL_2 = bytes.fromhex("802e0100020015000000100100800200800300800400800500800600400700c0") + bytes(16)


@pytest.mark.parametrize("hello", [client_hello(0), SSL_2], ids=["SSL 3.0", "SSL 2.0"])
def test_no_ssl(server, hello):
    """[R3a] SSL 2.0 and 3.0 are refused by every policy: an alert or nothing, never a ServerHello"""
    with socket.create_connection(server.address, Deadline().left()) as stream:
        stream.sendall(hello)
        answer = b""
        while piece := stream.recv(4096):
            answer += piece
    assert answer[:1] in (b"", b"\x15"), answer  # 21 is an alert, 22 would be a ServerHello


def test_tls_1_0_hello_is_understood(server):
    """[R3a] the same bytes with version 1.0 are answered: what is refused above is the version"""
    with socket.create_connection(server.address, Deadline().left()) as stream:
        stream.sendall(client_hello(1))
        assert stream.recv(1) == b"\x16"


WRONG = {"policy": "custom", "ciphers": ["AES128-SHA", "TLS_RSA_WITH_AES_256_CBC_SHB"]}
SAID = ("protocol.tls.ciphers[1]", '"TLS_RSA_WITH_AES_256_CBC_SHB"', '"TLS_RSA_WITH_AES_256_CBC_SHA"')


def test_unknown_suite_is_refused(server, tmp_path):
    """[R3a] a suite that is none: refused by PATCH, check and start, each time with name, key and nearest"""
    for path in ("/_emulator/v1/connectors/custom", "/api:1/service/custom/device2"):
        answer = server.control.request("PATCH", path, {"protocol": {"tls": WRONG}})
        assert answer.status == 400 and all(part.strip('"') in answer.text for part in SAID), answer.text
    assert server.control.settings("custom")["protocol"]["tls"] == TLS_SETTINGS["custom"]
    file = tmp_path / "settings.jsonc"
    file.write_text(json.dumps({"connectors": {"custom": {"protocol": {"tls": WRONG}}}}))
    for command in (["config", "check", file], ["serve", "--ephemeral", "--config", file]):
        code, out, said = run(*command)
        assert code == 2 and all(part in out + said for part in SAID), out + said


def test_iana_names(server):
    """[R3a] suites by IANA's names, or both kinds mixed, are in force at once and shown as they were given"""
    tls = {"policy": "custom", "ciphers": ["AES128-SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"]}
    server.control.ok("PATCH", "/_emulator/v1/connectors/mixed", {"protocol": {"tls": tls}})
    assert server.control.settings("mixed")["protocol"]["tls"] == {**tls, "min_version": ""}
    assert taken(server, "mixed", "-tls1_2") == {"AES128-SHA", "AES256-SHA"}


def test_policy_of_an_earlier_version(tmp_path):
    """[R3a] a stored policy that cannot be in force: the log says so, all other settings of the connector count"""
    with Server(tmp_path) as server:
        server.control.ok("PATCH", "/_emulator/v1/connectors/old", {"description": "kept"})
        assert server.stop() == 0
        with sqlite3.connect(server.data_dir / "murano.db") as database:
            (row,) = database.execute("SELECT settings_json FROM connectors WHERE connector = 'old'").fetchone()
            settings = json.loads(row)
            settings["protocol"]["tls"] = WRONG
            change = "UPDATE connectors SET settings_json = ? WHERE connector = 'old'"
            database.execute(change, (json.dumps(settings, separators=(",", ":")),))
        database.close()
        server.start()
        shown = server.control.settings("old")
        assert shown["description"] == "kept" and shown["protocol"]["tls"]["policy"] == "TLSv1.2"
        assert "TLS policy of a connector cannot be used" in server.log()
