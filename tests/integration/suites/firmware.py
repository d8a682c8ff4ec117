"""A device, as a suite about firmware has one: what it says is said with the tests' own packets."""

import contextlib
import threading

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


@contextlib.contextmanager
def living(murano, device, topic="$resource/data_in"):
    """Firmware that runs: it reports ten times a second, and comes back whenever it is cut off."""
    ends = threading.Event()

    def live():
        while not ends.wait(0.1):
            with contextlib.suppress(OSError, AssertionError), connected(murano, device) as client:
                while not ends.wait(0.1):
                    client.publish_and_wait(topic, b"21")

    thread = threading.Thread(target=live)
    thread.start()
    try:
        yield
    finally:
        ends.set()
        thread.join()
