"""A hostile or broken client never disturbs another: every way to be closed, beside a device that works on."""

import concurrent.futures
import socket
import struct

import pytest

from support import packets as mqtt
from support.raw_client import RawClient
from support.vectors import ANONYMOUS_CONNECT, CONNACK, read, rows
from support.waiting import Deadline

CLOSING = [row for row in rows() if row.closes]


class Good:
    """A device that publishes at QoS 1 and receives cloud values, and misses none of either."""

    def __init__(self, device, client):
        self.device = device
        self._client = client
        self._rounds = 0

    def round(self):
        self._rounds += 1
        text, packet_id = str(self._rounds), self._rounds % 65535 + 1
        self._client.send(mqtt.publish("$resource/data_in", text, qos=1, packet_id=packet_id))
        self.device.site.set_state({"config_io": text}, self.device.identity)
        packets = {packet.kind: packet for packet in (self._client.receive(), self._client.receive())}
        assert packets.keys() == {mqtt.PUBACK, mqtt.PUBLISH}, packets
        assert packets[mqtt.PUBACK].packet_id == packet_id
        assert packets[mqtt.PUBLISH].topic.startswith("$resource/config_io/")
        assert packets[mqtt.PUBLISH].payload == text.encode()

    def nothing_lost(self):
        self._client.silent()
        site, identity = self.device.site, self.device.identity
        events = site.control.events(site.connector, type="data_in", identity=identity)
        values = [entry["values"]["data_in"] for event in events for entry in event["payload"]]
        assert values == [str(n) for n in range(1, self._rounds + 1)]
        assert site.control.events(site.connector, type="finding", identity=identity) == []
        assert self.device.state()["data_in"]["reported"] == values[-1]


@pytest.fixture
def good(site):
    device = site.device("good")
    with device.connected(client_id="good") as client:
        yield Good(device, client)


def misbehave(client, row, login):
    """Sends the row behind a CONNECT, reads to the end of the connection."""
    deadline = Deadline()
    if row.prelude == "anonymous":
        client.send(login)
        assert read(client.stream, len(CONNACK), deadline) == CONNACK
    try:
        client.send(row.sent)
    except (ConnectionResetError, BrokenPipeError):
        pass
    read(client.stream, len(row.expected) + 1, deadline)


def rows_for_a_device():
    """What closes an authenticated device too."""
    return [row for row in CLOSING if row.prelude == "anonymous" and "anonymous" not in row.name]


@pytest.mark.parametrize("prelude", ["none", "anonymous"])
def test_one_after_the_other(site, good, prelude):
    """[R25, R41] each closing row of the vectors by a stranger, and a device beside it works on [MQTT-4.8.0-1]"""
    chosen = [row for row in CLOSING if row.prelude == prelude]
    assert len(chosen) > 50
    for row in chosen:
        with site.open() as bad:
            misbehave(bad, row, ANONYMOUS_CONNECT)
        good.round()
    good.nothing_lost()


def test_other_connection_of_the_same_device(site):
    """[R22, R41] each closing row by one connection of a device, and its other connection works on [MQTT-4.8.0-1]"""
    device = site.device("good")
    login = mqtt.connect(client_id="bad", username="", password=device.token)
    with device.connected(client_id="good") as client:
        for number, row in enumerate(rows_for_a_device(), 1):
            with site.open() as bad:
                misbehave(bad, row, login)
            client.publish_and_wait("$resource/data_in", str(number), number)
            site.set_state({"config_io": str(number)}, "good")
            assert client.message()[1] == str(number).encode()
            client.publish_and_wait("$resource/config_io", "acknowledged", number)
        assert number > 50
        client.silent()


def test_all_at_once(site, good):
    """[R25, R41] six threads of strangers go through all closing rows while a device works on"""

    def hostile(share):
        for row in CLOSING[share::6]:
            with site.open() as bad:
                misbehave(bad, row, ANONYMOUS_CONNECT)
        return share

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        strangers = [pool.submit(hostile, share) for share in range(6)]
        while not all(stranger.done() for stranger in strangers):
            good.round()
        assert [stranger.result() for stranger in strangers] == list(range(6))
    good.nothing_lost()


def hold_half_a_packet(site):
    client = site.open()
    client.send(mqtt.connect(), mqtt.publish("$provision/12345", b"x" * 1000)[:500])
    return client


def hold_half_a_handshake(site):
    client = RawClient.plain(site.server.address)
    client.send(bytes.fromhex("16030100c8010000c40303"))
    return client


def hold_a_silent_connection(site):
    return RawClient.plain(site.server.address)


def send_garbage(site):
    client = RawClient.plain(site.server.address)
    client.send(bytes(range(256)) * 64)
    return client


def reset_in_the_middle(site):
    client = site.open()
    client.send(mqtt.connect(), mqtt.publish("$provision/12345")[:5])
    raw = socket.socket(fileno=client.stream.detach())
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raw.close()
    return client


def announce_256_megabytes(site):
    token = site.control.secret(site.connector, "huge")["key"]
    client = site.open()
    client.login(username="", password=token)
    client.send(bytes([0x30]) + b"\xff\xff\xff\x7f" + b"\x00\x01t" + b"x" * 200_000)
    return client


def flood_without_reading(site):
    client = site.open()
    client.login()
    client.stream.settimeout(0.2)
    try:
        for _ in range(40):
            client.send(mqtt.pingreq() * 8192)
    except (TimeoutError, socket.timeout):
        pass  # the server has stopped reading
    return client


WAYS = [hold_half_a_packet, hold_half_a_handshake, hold_a_silent_connection, send_garbage, reset_in_the_middle,
        announce_256_megabytes, flood_without_reading]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_below_the_packets(site, good, way):
    """[R25, R41] five clients that stop, reset, flood or send no TLS at all, while a device works on"""
    site.provision("huge")
    bad = []
    try:
        for _ in range(5):
            bad.append(way(site))
            good.round()
        for _ in range(20):
            good.round()
    finally:
        for client in bad:
            client.close()
    good.nothing_lost()
