"""tests/vectors/mqtt.txt over sockets, without and with TLS."""

import pytest

from support.raw_client import RawClient
from support.server import Server
from support.vectors import ANONYMOUS_CONNECT, CONNACK, read, rows
from support.waiting import Deadline

PINGREQ, PINGRESP = b"\xc0\x00", b"\xd0\x00"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A token connector with default settings, without devices, on a plain and on a TLS port."""
    settings = {"connectors": {"vectors": {"protocol": {"devmode": True}}}}
    flags = ["--ephemeral", "--mqtt", "127.0.0.1:0=vectors"]
    with Server(tmp_path_factory.mktemp("server"), *flags, settings=settings) as running:
        yield running


@pytest.mark.parametrize("port", ["tcp", "tls"])
@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row.name} [{row.rules}]") for row in rows()])
def test_row(server, port, row):
    client = RawClient.plain(server.plain_address) if port == "tcp" else server.client("vectors")
    with client:
        deadline = Deadline()
        if row.prelude == "anonymous":
            client.send(ANONYMOUS_CONNECT)
            assert read(client.stream, len(CONNACK), deadline) == CONNACK
        try:
            client.send(row.sent)
        except (ConnectionResetError, BrokenPipeError):
            assert row.closes
        assert read(client.stream, len(row.expected), deadline).hex() == row.expected.hex()
        if row.closes:
            assert read(client.stream, 1, deadline) == b""
        else:
            client.send(PINGREQ)
            assert read(client.stream, len(PINGRESP), deadline) == PINGRESP
