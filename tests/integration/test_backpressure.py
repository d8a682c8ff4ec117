"""Who does not keep up is bounded, shows in the metrics, and nobody else notices: a device, a reader of events."""

import contextlib
import re
import socket

from support.device import Site
from support.server import Server
from support.waiting import Deadline, wait_until

LARGE = "x" * 60_000


def metric(server, name):
    text = server.control.ok("GET", "/metrics").text
    return float(re.search(rf"^murano_emulator_{name} (\S+)$", text, re.M).group(1))


@contextlib.contextmanager
def event_stream(server, query):
    host, port = server.control.url.removeprefix("http://").rsplit(":", 1)
    with socket.create_connection((host, int(port)), Deadline().left()) as stream:
        fields = "Host: localhost\r\nAccept: text/event-stream\r\n\r\n"
        stream.sendall(f"GET /_emulator/v1/events?{query} HTTP/1.0\r\n{fields}".encode())
        yield stream


def test_stalled_event_stream(site, server):
    """[R25] a stream that nobody reads holds 256 KiB and no more; devices go on; read again, nothing is missing"""
    device = site.device()
    with event_stream(server, f"connector={site.connector}&type=data_in") as stream:
        with device.connected() as client:
            count = 0
            while not metric(server, "event_streams_stalled"):
                count += 1
                assert count < 500, "the stream never stalled"
                client.publish_and_wait("$resource/data_in", LARGE, packet_id=count)
            assert metric(server, "event_streams") >= 1
            for _ in range(20):
                count += 1
                client.publish_and_wait("$resource/data_in", LARGE, packet_id=count)
            assert metric(server, "buffered_bytes") < 4 * 1024 * 1024
        seen, rest = 0, b""
        while seen < count:
            piece = stream.recv(1024 * 1024)
            assert piece, f"the stream ended after {seen} of {count} events"
            text = rest + piece
            seen += text.count(b"\ndata: ")
            rest = text[-6:] if not text.endswith(b"\ndata: ") else b""
        wait_until(lambda: not metric(server, "event_streams_stalled"), "the stream to go on")
    wait_until(lambda: not metric(server, "event_streams"), "the stream to end")


def test_device_that_does_not_read(tmp_path):
    """[R45b] what waits for it, and what was dropped, shows; another device gets what is its own"""
    settings = {"limits": {"max_outbox_bytes": 200_000}}
    with Server(tmp_path, "--ephemeral", settings=settings) as server:
        site = Site(server, "local")
        slow, good = site.device("slow"), site.device("good")
        with slow.connected() as lazy, good.connected() as client:
            for each in (lazy, client):
                each.subscribe("bulk")
            for _ in range(500):
                if metric(server, "dropped_copies_total"):
                    break
                site.control.publish("local", "slow", "bulk", LARGE)
            assert metric(server, "dropped_copies_total") >= 1
            assert 100_000 <= metric(server, "outbox_bytes") <= 200_000
            site.control.publish("local", "good", "bulk", "arrives")
            assert client.message() == ("bulk", b"arrives")
        wait_until(lambda: metric(server, "outbox_bytes") == 0, "what waited to be gone with the device")
