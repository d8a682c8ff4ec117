"""Faults of the TCP layer: refuse, outage, silence, close, latency, bandwidth, slice."""

import socket
import time

import pytest

from support import packets as mqtt
from support.device import Site
from support.faults import FAULTS, add, fault, hits, remove, show, wait_for_hit
from support.raw_client import RawClient
from support.server import Server
from support.waiting import PATIENCE_S, wait_until


SETTINGS = {"connectors": {"plain": {"protocol": {"devmode": True}}}, "default_connector": "local"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("server"), "--ephemeral", "--mqtt", "127.0.0.1:0=plain", settings=SETTINGS) as running:
        yield running


@pytest.fixture(autouse=True)
def no_faults(server):
    yield
    server.control.ok("DELETE", FAULTS, status=(204,))


def plain_site(server):
    """A site whose devices come without TLS; it is empty."""
    plain = Site(server, "plain")
    plain.open = lambda **_: RawClient.plain(server.plain_address)
    plain.control.ok("POST", "/_emulator/v1/reset?connector=plain", status=(204,))
    return plain


@pytest.fixture(params=["tls", "plain"])
def lane(request, server, site):
    """A site whose devices come with TLS, and one whose devices come without."""
    if request.param == "tls":
        return site
    return plain_site(server)


def reported(device):
    return device.state().get("data_in", {}).get("reported")


def is_quiet(client, seconds=0.3):
    """Nothing comes for a while, and the connection stays open: what cannot be waited for is given time."""
    client.stream.settimeout(seconds)
    try:
        return client.stream.recv(1) is None
    except (socket.timeout, TimeoutError):
        return True
    except OSError:
        return False


def test_refuse_resets_right_after_accept(server, site):
    site.device("first")
    name = add(server, "refuse", times=1)["fault_name"]
    with pytest.raises(OSError):
        site.open()
    assert show(server, name)["state"] == "spent"
    with site.open() as client:
        client.login()


def test_refuse_strikes_addresses_that_it_names(server, site):
    add(server, "refuse", ip="192.0.2.0/24")
    with site.open() as client:
        client.login()


def test_outage_refuses_connections_resets_open_ones_and_ends(server, site):
    with site.anonymous() as client:
        name = add(server, "outage")["fault_name"]
        client.expect_closed()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(server.address, timeout=PATIENCE_S)
    assert site.control.ok("GET", "/_emulator/v1/health").json()["faults"] == 1
    assert show(server, name)["hits"] == 1
    remove(server, name)
    with site.anonymous() as client:
        client.silent()


def test_outage_ends_by_its_time(server, site):
    add(server, "outage", for_ms=200)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(server.address, timeout=PATIENCE_S)

    def listens():
        try:
            socket.create_connection(server.address, timeout=PATIENCE_S).close()
            return True
        except ConnectionRefusedError:
            return False

    wait_until(listens, "the port listens again")


def test_silence_of_a_live_connection_ends_with_a_reset_when_it_is_deleted(lane):
    device = lane.device("quiet")
    with device.connected() as client:
        with fault(lane, "silence", identity="quiet"):
            client.send(mqtt.publish("$resource/data_in", b"1", qos=1))
            assert is_quiet(client)
        client.expect_closed()
    assert hits(lane)[-1]["kind"] == "silence"
    assert lane.events(type="disconnect")[-1]["closed_by"] == "fault"


def test_silence_that_ends_by_its_time_lets_bytes_flow_again(lane):
    device = lane.device("later")
    with device.connected() as client:
        name = add(lane.server, "silence", connector=lane.connector, identity="later", for_ms=300)["fault_name"]
        client.send(mqtt.publish("$resource/data_in", b"1", qos=1, packet_id=7))
        client.until_puback(7)
        assert show(lane.server, name)["state"] == "spent"
    assert reported(device) == "1"


def test_keep_alive_does_not_strike_in_silence(site):
    with site.device("sleepy").connected(keep_alive=1) as client:
        with fault(site, "silence", identity="sleepy"):
            assert is_quiet(client, 2.5)
            assert [row["identity"] for row in site.control.connections()] == ["sleepy"]


def test_silence_out_still_hears_the_device(site):
    device = site.device("ear")
    with device.connected() as client:
        with fault(site, "silence", identity="ear", direction="out"):
            client.send(mqtt.publish("$resource/data_in", b"heard", qos=1))
            wait_until(lambda: reported(device) == "heard", "the report")
            assert is_quiet(client)


def test_the_devices_own_end_is_noticed_in_silence(site):
    device = site.device("goes")
    with device.connected() as client:
        with fault(site, "silence", identity="goes"):
            client.close()
            site.control.wait_events(site.connector, type="disconnect", identity="goes")


def test_silence_after_bytes_lets_exactly_so_many_pass(site):
    device = site.device("count")
    with device.connected() as client:
        one = mqtt.publish("$resource/data_in", b"x", qos=1, packet_id=1)
        with fault(site, "silence", identity="count", direction="in", after_bytes=len(one)):
            client.send(one)
            client.until_puback(1)
            client.send(mqtt.publish("$resource/data_in", b"y", qos=1, packet_id=2))
            assert is_quiet(client)
            assert reported(device) == "x"


@pytest.mark.parametrize("how", ["fin", "reset"])
def test_close_at_once(lane, how):
    with lane.device("closed").connected() as client:
        with fault(lane, "close", identity="closed", how=how):
            client.expect_closed()
    assert lane.events(type="disconnect")[-1]["closed_by"] == "fault"


def test_close_half_ends_only_our_side(lane):
    device = lane.device("half")
    with device.connected() as client:
        with fault(lane, "close", identity="half", how="half", times=1):
            client.expect_closed()
            if lane.connector == "plain":  # with TLS the client's library takes the end for both
                client.send(mqtt.publish("$resource/data_in", b"still heard", qos=1))
                wait_until(lambda: reported(device) == "still heard", "the report")


def test_close_after_bytes_out(lane):
    device = lane.device("bytes")
    with device.connected() as client:
        with fault(lane, "close", identity="bytes", after_bytes=6):
            client.send(mqtt.pingreq() * 3)
            assert [client.receive().kind for _ in range(3)] == [mqtt.PINGRESP] * 3
            client.expect_closed()


def test_close_of_an_idle_connection_at_its_next_byte(site):
    with fault(site, "close", identity="idle", idle_ms=200):
        with site.device("idle").connected() as client:
            client.silent()
            assert not client.readable(0.3)
            client.send(mqtt.pingreq())
            client.expect_closed()


def round_trip_s(client):
    begin = time.monotonic()
    client.send(mqtt.pingreq())
    client.expect(mqtt.PINGRESP)
    return time.monotonic() - begin


def test_latency_on_a_live_connection_and_off_again(lane):
    with lane.device("far").connected() as client:
        with fault(lane, "latency", identity="far", delay_ms=100):
            assert 0.2 <= round_trip_s(client) < 1
        assert round_trip_s(client) < 0.1


def test_latency_of_the_handshake(site):
    with fault(site, "latency", direction="out", delay_ms=100, connector=None, ip="127.0.0.1"):
        begin = time.monotonic()
        with site.open():
            assert time.monotonic() - begin >= 0.1


def test_what_is_delayed_leaves_at_once_when_the_fault_is_deleted(site):
    with site.device("held").connected() as client:
        with fault(site, "latency", identity="held", delay_ms=60_000, direction="out"):
            client.send(mqtt.pingreq())
            assert is_quiet(client)
        client.expect(mqtt.PINGRESP)


def test_bandwidth_of_what_leaves(lane):
    device = lane.device("slow")
    with device.connected() as client:
        client.subscribe("a/#")
        with fault(lane, "bandwidth", identity="slow", bytes_per_s=20_000, direction="out"):
            begin = time.monotonic()
            lane.control.publish(lane.connector, "slow", "a/b", "x" * 10_000)
            client.message()
            assert 0.35 <= time.monotonic() - begin < 3


def test_slice_leaves_in_small_segments(server):
    plain = plain_site(server)
    with plain.device("thin").connected() as client:
        with fault(plain, "slice", identity="thin", bytes=1, delay_ms=20):
            client.send(mqtt.pingreq())
            client.stream.settimeout(PATIENCE_S)
            assert client.stream.recv(100) == b"\xd0"
            assert client.stream.recv(100) == b"\x00"


def pubacks(*packet_ids):
    return b"".join(bytes([0x40, 2, 0, packet_id]) for packet_id in packet_ids)


def test_coalesce_sends_so_many_packets_in_one_segment(lane):
    device = lane.device("one")
    with device.connected() as client:
        with fault(lane, "coalesce", identity="one", packets=3, times=1) as name:
            for number in (1, 2, 3):
                client.send(mqtt.publish("$resource/data_in", str(number), qos=1, packet_id=number))
                wait_until(lambda number=number: reported(device) == str(number), "its commit")
            client.stream.settimeout(PATIENCE_S)
            assert client.stream.recv(4096) == pubacks(1, 2, 3)
            client.silent()
            assert show(lane.server, name)["hits"] == 1
        (hit,) = hits(lane)
        assert (hit["packet"], hit["detail"]) == ("PUBACK", "PUBACK 1 leaves in one segment with the next 2")


def test_coalesce_sends_what_comes_within_its_time(lane):
    device = lane.device("time")
    with device.connected() as client:
        with fault(lane, "coalesce", identity="time", ms=300, times=1):
            begin = time.monotonic()
            client.send(mqtt.pingreq())
            client.send(mqtt.publish("$resource/data_in", b"1", qos=1, packet_id=1))
            client.stream.settimeout(PATIENCE_S)
            assert client.stream.recv(4096) == b"\xd0\x00" + pubacks(1)
            assert 0.3 <= time.monotonic() - begin
            client.silent()


def test_coalesce_waits_a_second_for_packets_that_do_not_come(lane):
    with lane.device("few").connected() as client:
        with fault(lane, "coalesce", identity="few", packets=3, times=1):
            client.send(mqtt.pingreq())
            assert not client.readable(0.7)
            client.expect(mqtt.PINGRESP)


def test_coalesced_packets_leave_at_once_when_the_fault_is_deleted(lane):
    with lane.device("gone").connected() as client:
        with fault(lane, "coalesce", identity="gone", ms=60_000):
            client.send(mqtt.pingreq())
            assert is_quiet(client)
        client.expect(mqtt.PINGRESP)


def test_a_coalesced_connack_leaves_with_what_is_behind_it(lane):
    device = lane.device("early")
    lane.control.set_state(lane.connector, "early", {"config_io": "waits"})
    with fault(lane, "coalesce", identity="early", packets=2, times=1):
        with lane.open() as client:
            client.send(mqtt.connect(username="", password=device.token))
            client.stream.settimeout(PATIENCE_S)
            both = client.stream.recv(4096)
            assert both.startswith(b"\x20\x02\x00\x00\x30") and b"waits" in both


def test_a_fault_on_one_device_leaves_the_others(site):
    one, other = site.device("one"), site.device("other")
    with one.connected() as client, other.connected() as neighbour:
        with fault(site, "silence", identity="one"):
            client.send(mqtt.pingreq())
            assert is_quiet(client)
            neighbour.silent()


def test_connections_tell_what_holds_them(site):
    with site.device("told").connected():
        with fault(site, "latency", identity="told", delay_ms=1) as name:
            wait_for_hit(site.server, name)
            (row,) = [row for row in site.control.connections() if row["identity"] == "told"]
            assert row["faults"] == [name]


def test_sigterm_ends_silence_at_once(tmp_path):
    with Server(tmp_path, "--ephemeral") as server:
        site = Site(server, "lab")
        with site.device("quiet").connected():
            add(server, "silence", identity="quiet")
            add(server, "outage", after_ms=1)
            wait_until(lambda: len(site.control.ok("GET", FAULTS).json()["faults"]) == 2, "both")
