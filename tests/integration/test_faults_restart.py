"""kill -9, SIGTERM and a restart in the middle of faults: what was acknowledged is there, the faults of the settings file
are back with counters from 0, those of calls are gone."""

import socket

import pytest

from support import packets as mqtt
from support.device import Device, Site
from support.faults import FAULTS, add, hits, remove, show, wait_for_hit
from support.server import Server
from support.waiting import PATIENCE_S, wait_until

OF_THE_FILE = {"kind": "withhold", "packet": "PINGRESP", "name": "of-the-file", "times": 1}
MIDDLES = {
    "silence": {"identity": "12345"},
    "delay": {"packet": "PUBACK", "identity": "12345", "delay_ms": 60_000},
    "latency": {"identity": "12345", "delay_ms": 60_000, "direction": "out"},
    "outage": {},
}


def report(client, value, packet_id):
    client.send(mqtt.publish("$resource/data_in", value, qos=1, packet_id=packet_id))


def acknowledged_reports(client, count):
    values = [f"value-{number}" for number in range(count)]
    for packet_id, value in enumerate(values, 1):
        report(client, value, packet_id)
    client.until_puback(count)
    return values


def in_the_middle(server, site, client, kind):
    """The fault acts, and where the device is still heard, one more value has been committed, not acknowledged."""
    name = add(server, kind, **MIDDLES[kind])["fault_name"]
    if kind in ("silence", "outage", "latency"):
        wait_for_hit(server, name)
    if kind == "outage":
        return []
    report(client, "late", 500)
    if kind == "silence":
        return []
    wait_until(lambda: site.state()["data_in"]["reported"] == "late", "its commit")
    return ["late"]


def end_of(server, how):
    if how == "kill":
        server.kill()
    else:
        assert server.stop() == 0


@pytest.mark.parametrize("how", ["kill", "SIGTERM"])
@pytest.mark.parametrize("kind", MIDDLES)
def test_an_end_in_the_middle(tmp_path, kind, how):
    with Server(tmp_path, settings={"faults": [OF_THE_FILE]}) as server:
        site = Site(server, "any")
        device = site.device()
        with device.connected() as client:
            client.send(mqtt.pingreq())
            wait_for_hit(server, "of-the-file")
            committed = acknowledged_reports(client, 20)
            committed += in_the_middle(server, site, client, kind)
            end_of(server, how)
            if how == "SIGTERM" and kind in ("delay", "latency"):
                client.until_puback(500)  # what was delayed leaves at once
            if kind != "outage":
                client.expect_closed()
        server.start()
        (stored,) = server.control.ok("GET", FAULTS).json()["faults"]
        assert (stored["name"], stored["hits"], stored["state"]) == ("of-the-file", 0, "active")
        site = Site(server, "any")
        history = [row["value"] for row in site.control.history("any", "12345", alias="data_in", limit=100)]
        assert sorted(set(history)) == sorted(committed)
        with Device(site, "12345", device.token).connected() as client:
            report(client, "after", 7)
            client.until_puback(7)
            client.send(mqtt.pingreq())
            wait_for_hit(server, "of-the-file")
            assert hits(site)[-1]["hit"] == 1


def listens(server):
    try:
        socket.create_connection(server.address, timeout=PATIENCE_S).close()
        return True
    except ConnectionRefusedError:
        return False


@pytest.mark.parametrize("how", ["kill", "SIGTERM"])
def test_an_outage_of_the_file_is_back_after_a_restart(tmp_path, how):
    with Server(tmp_path, settings={"faults": [{"kind": "outage", "name": "dark"}]}) as server:
        assert not listens(server)
        remove(server, "dark")
        wait_until(lambda: listens(server), "the port listens")
        device = Site(server, "any").device()
        end_of(server, how)
        server.start()
        assert not listens(server) and show(server, "dark")["hits"] == 1
        remove(server, "dark")
        wait_until(lambda: listens(server), "the port listens")
        with Device(Site(server, "any"), "12345", device.token).connected() as client:
            client.silent()
