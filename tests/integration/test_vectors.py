"""tests/vectors/mqtt.txt over sockets: bytes in, bytes out, and whether the connection lives. Its format is in the file."""

import pathlib
import re

import pytest

from support.raw_client import RawClient
from support.server import Server
from support.waiting import Deadline

VECTORS = pathlib.Path(__file__).resolve().parents[1] / "vectors" / "mqtt.txt"
CONNECT = bytes.fromhex("100c00044d5154540402003c0000")
CONNACK = bytes.fromhex("20020000")
PINGREQ, PINGRESP = b"\xc0\x00", b"\xd0\x00"


def unhex(text):
    text = re.sub(r"\{(..)\*(\d+)\}", lambda match: match[1] * int(match[2]), text)
    return b"" if text.strip() == "-" else bytes.fromhex(text)


def rows():
    prelude = None
    for line in VECTORS.read_text().splitlines():
        if line.startswith("@connect"):
            prelude = line.split()[1]
        elif line.strip() and not line.startswith("#"):
            name, rules, sent, expected, end = (part.strip() for part in line.split(" | "))
            yield pytest.param(prelude, unhex(sent), unhex(expected), end, id=f"{name} [{rules}]")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A token connector with default settings, without devices, on a plain and on a TLS port."""
    settings = {"connectors": {"vectors": {"protocol": {"devmode": True}}}}
    flags = ["--ephemeral", "--mqtt", "127.0.0.1:0=vectors"]
    with Server(tmp_path_factory.mktemp("server"), *flags, settings=settings) as running:
        yield running


def read(stream, length, deadline):
    """Exactly so many bytes, or fewer where the server closes before."""
    data = b""
    while len(data) < length:
        stream.settimeout(deadline.left())
        try:
            part = stream.recv(length - len(data))
        except ConnectionResetError:  # it closed with bytes of ours unread
            part = b""
        if not part:
            break
        data += part
    return data


@pytest.mark.parametrize("port", ["tcp", "tls"])
@pytest.mark.parametrize("prelude, sent, expected, end", rows())
def test_row(server, port, prelude, sent, expected, end):
    client = RawClient.plain(server.plain_address) if port == "tcp" else server.client("vectors")
    with client:
        deadline = Deadline()
        if prelude == "anonymous":
            client.send(CONNECT)
            assert read(client.stream, len(CONNACK), deadline) == CONNACK
        try:
            client.send(sent)
        except (ConnectionResetError, BrokenPipeError):
            assert end == "closed"
        assert read(client.stream, len(expected), deadline).hex() == expected.hex()
        if end == "open":
            client.send(PINGREQ)
            assert read(client.stream, len(PINGRESP), deadline) == PINGRESP
        else:
            assert read(client.stream, 1, deadline) == b""
