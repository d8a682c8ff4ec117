"""A device, as a suite about firmware has one: what it says is said with the tests' own packets."""

import contextlib

from support import packets as mqtt
from support.raw_client import RawClient


@contextlib.contextmanager
def connected(murano, device):
    client = RawClient.tls((murano.address, murano.port), murano.host, murano.ca)
    with client:
        client.login(username="", password=device.token)
        yield client


@contextlib.contextmanager
def connected_to(murano, connector):
    """A device of some connector that nobody has provisioned yet."""
    with RawClient.tls((murano.address, murano.port), f"{connector}.{murano.emulator.domain}", murano.ca) as client:
        client.login()
        yield client


def connect_without_name(murano):
    """[R3] A handshake without a server name, as of firmware that connects by address."""
    with contextlib.suppress(OSError), RawClient.tls((murano.address, murano.port), None, murano.ca) as client:
        client.expect_closed()
    wanted = {"match": {"type": "finding", "rule": "R3"}, "since": murano.start}
    murano.emulator.call("POST", "/_emulator/v1/wait", wanted)


def report(client, value, alias="data_in"):
    client.publish_and_wait(f"$resource/{alias}", str(value).encode())


def break_a_rule(client):
    """[R28] DUP with QoS 0."""
    client.send(b"\x38" + mqtt.publish("$resource/data_in", b"1")[1:])
    client.expect_closed()
