"""Limits strike where they should, say so, and leave everybody else alone."""

import contextlib
import json
import re
import resource
import socket
import subprocess

import pytest

from support import packets as mqtt
from support.device import Site
from support.raw_client import RawClient
from support.server import BINARY, Server, clean_environment
from support.waiting import Deadline, wait_until

MIB = 1024 * 1024


def metric(server, name):
    text = server.control.ok("GET", "/metrics").text
    return float(re.search(rf"^murano_emulator_{name}(?:{{[^}}]*}})? (\S+)$", text, re.M).group(1))


def limited(folder, **limits):
    defaults = {"protocol": {"devmode": True}}  # plain connections are welcome
    return Server(folder, "--ephemeral", "--mqtt", "127.0.0.1:0",
                  settings={"limits": limits, "connector_defaults": defaults})  # fmt: skip


def closed(stream):
    """Whether the server has closed the connection; waits for it."""
    stream.settimeout(Deadline().left())
    try:
        return stream.recv(1) == b""
    except (ConnectionResetError, BrokenPipeError):
        return True


def test_strangers_make_room_for_devices(tmp_path):
    """[R25] who has not logged in takes at most half of max_connections, the oldest goes first; devices stay"""
    with limited(tmp_path, max_connections=8) as server, contextlib.ExitStack() as stack:
        site = Site(server, "local")
        devices = [site.device(f"device{n}") for n in range(3)]
        clients = [stack.enter_context(device.connected(client_id=device.identity)) for device in devices]
        strangers = [socket.create_connection(server.plain_address) for _ in range(20)]
        assert all(closed(stranger) for stranger in strangers[:16])
        for n, client in enumerate(clients):
            client.publish_and_wait("$resource/data_in", f"still here {n}", packet_id=1)
        late = site.device("late")
        with late.connected() as client:
            client.publish_and_wait("$resource/data_in", "there is room for a device")
        assert metric(server, "evicted_connections_total") >= 16
        for stranger in strangers:
            stranger.close()


def test_full_of_devices(tmp_path):
    """with every place taken by a device a newcomer is closed, the log says which limit, the control port answers"""
    with limited(tmp_path, max_connections=2) as server:
        site = Site(server, "local")
        first, second = site.device("first"), site.device("second")
        with first.connected(client_id="a") as a, second.connected(client_id="b") as b:
            with socket.create_connection(server.plain_address) as third:
                assert closed(third)
            a.publish_and_wait("$resource/data_in", "1")
            b.publish_and_wait("$resource/data_in", "1")
            assert metric(server, "refused_connections_total") == 1
        assert '"limit":"limits.max_connections"' in server.log()


def test_one_address(tmp_path):
    """limits.max_connections_per_address"""
    with limited(tmp_path, max_connections_per_address=2) as server:
        kept = [socket.create_connection(server.plain_address) for _ in range(2)]
        with socket.create_connection(server.plain_address) as third:
            assert closed(third)
        other = socket.create_connection(server.plain_address, source_address=("127.0.0.2", 0))
        with RawClient(other) as client:
            client.login(client_id="from elsewhere")
        assert '"limit":"limits.max_connections_per_address"' in server.log()
        for stream in kept:
            stream.close()


def test_control_connections(tmp_path):
    """limits.max_api_connections; devices have places of their own"""
    with limited(tmp_path, max_api_connections=2) as server:
        place = server.control.url.removeprefix("http://").rsplit(":", 1)
        address = place[0], int(place[1])
        kept = [socket.create_connection(address) for _ in range(2)]
        wait_until(lambda: '"limit":"limits.max_api_connections"' in server.log() or refused(address), "a refusal")
        with RawClient.plain(server.plain_address) as client:
            client.login(client_id="a device")
        for stream in kept:
            stream.close()


def refused(address):
    with socket.create_connection(address) as stream:
        stream.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return closed(stream)


def test_memory_budget_takes_the_slow_reader_first(tmp_path):
    """[R45b] limits.max_buffered_bytes: who does not read goes before who sends a large packet"""
    with limited(tmp_path, max_buffered_bytes=2 * MIB, max_outbox_bytes=16 * MIB) as server:
        site = Site(server, "local")
        slow, busy = site.device("slow"), site.device("busy")
        with slow.connected(client_id="slow") as lazy, busy.connected(client_id="busy") as client:
            lazy.subscribe("bulk")
            client.send(mqtt.publish("$resource/data_in", b"x" * MIB, qos=1, packet_id=7)[: MIB // 2])
            payload = "y" * (512 * 1024)
            # The sockets themselves take a few of them; at most 64 MiB until the server has to hold 2 MiB.
            for _ in range(128):
                if any("limits.max_buffered_bytes" in line for line in server.log().splitlines()):
                    break
                site.control.publish("local", "slow", "bulk", payload)
            (ended,) = site.control.wait_events("local", type="disconnect", identity="slow")
            assert "max_buffered_bytes" in ended["reason"]
            client.send(mqtt.publish("$resource/data_in", b"x" * MIB, qos=1, packet_id=7)[MIB // 2 :])
            client.until_puback(7)


def test_memory_budget_of_partial_packets(tmp_path):
    """limits.max_buffered_bytes: partial packets of many connections are bounded together"""
    with limited(tmp_path, max_buffered_bytes=MIB) as server, contextlib.ExitStack() as stack:
        site = Site(server, "local")
        devices = [site.device(f"device{n}") for n in range(4)]
        clients = [stack.enter_context(device.connected(client_id=device.identity)) for device in devices]
        packet = mqtt.publish("$resource/data_in", b"x" * MIB, qos=1, packet_id=7)
        for client in clients:
            with contextlib.suppress(OSError):  # the one that is closed may still be sending
                client.send(packet[: 400 * 1024])

        def reasons():
            return [event["reason"] for event in site.control.events("local", type="disconnect")]

        wait_until(lambda: any("max_buffered_bytes" in reason for reason in reasons()), lambda: f"one: {reasons()}")
        wait_until(lambda: metric(server, "buffered_bytes") <= MIB, "what is held to be within the budget")


def test_few_open_files(tmp_path):
    """with few open files the places are fewer, the log says so, and the server neither spins nor falls"""
    files = 200

    def fewer():
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

    ready = tmp_path / "ready.json"
    process = subprocess.Popen(
        [BINARY, "serve", "--ephemeral", "--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0", "--mqtt", "127.0.0.1:0",
         "--ready-file", ready, "--log-format", "json"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=clean_environment(),
        preexec_fn=fewer,
    )  # fmt: skip
    try:
        wait_until(ready.exists, "a ready server")
        server = Server(tmp_path / "names")
        server.ready = json.loads(ready.read_text())
        site = Site(server, "local")
        device = site.device("device")
        with device.connected() as client:
            crowd = [socket.create_connection(server.plain_address) for _ in range(300)]
            client.publish_and_wait("$resource/data_in", "still served")
            assert closed(crowd[0])
            for stream in crowd:
                stream.close()
    finally:
        process.terminate()
        _, said = process.communicate()
    assert process.returncode == 0
    assert b"the limit of open files allows fewer connections" in said


@pytest.mark.parametrize("limit", ["max_connections", "max_api_connections", "max_buffered_bytes"])
def test_no_limit_of_zero(tmp_path, limit):
    """a limit that would let nothing in is refused at start"""
    settings = tmp_path / "settings.jsonc"
    settings.write_text('{"limits": {"%s": 0}}' % limit)
    done = subprocess.run([BINARY, "config", "check", settings], capture_output=True, text=True, env=clean_environment())
    assert done.returncode == 2
    assert f"limits.{limit}" in done.stdout + done.stderr
