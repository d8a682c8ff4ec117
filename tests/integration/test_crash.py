"""kill -9 at any moment: nothing that was acknowledged is lost."""

import pytest

from support import packets as mqtt
from support.device import Device, Site
from support.server import Server

ROUNDS = 4
AHEAD = 40  # publications on the way at once


def stream_until_killed(client, server, first, kill_after):
    """Publishes numbers at QoS 1, kills the server after so many PUBACKs; returns the last acknowledged number."""
    sent, acknowledged = first, first - 1
    while True:
        while sent - acknowledged <= AHEAD:
            client.send(mqtt.publish("$resource/data_in", str(sent), qos=1, packet_id=sent % 60000 + 1))
            sent += 1
        packet = client.receive()
        assert packet is not None and packet.kind == mqtt.PUBACK
        acknowledged += 1
        assert packet.packet_id == acknowledged % 60000 + 1
        if acknowledged - first == kill_after:
            server.kill()
            break
    # What was acknowledged before the end but not read yet counts too.
    while True:
        try:
            packet = client.receive()
        except OSError:
            packet = None
        if packet is None:
            return acknowledged, sent
        acknowledged += 1


@pytest.mark.parametrize("durability", ["normal", "full"])
def test_kill_in_a_stream_of_publishes(tmp_path, durability):
    """[R25a] after kill -9 in a stream of QoS 1 publishes, every acknowledged value is in state, history and events"""
    with Server(tmp_path, settings={"storage": {"durability": durability}}) as server:
        token = Site(server, "any").device().token
        nextup = 1
        for round_number in range(ROUNDS):
            device = Device(Site(server, "any"), "12345", token)
            with device.connected() as client:
                acknowledged, nextup = stream_until_killed(client, server, nextup, 37 * (round_number + 1))
            server.start()
            check_everything(server, acknowledged)


def check_everything(server, acknowledged):
    control = server.control
    reported = int(control.state("any", "12345")["data_in"]["reported"])
    assert reported >= acknowledged
    events = control.events("any", type="data_in")
    journalled = [int(entry["values"]["data_in"]) for event in events for entry in event["payload"]]
    assert set(range(acknowledged - 36, acknowledged + 1)) <= set(journalled)
    assert journalled == sorted(journalled) and journalled[-1] == reported
    history = [int(row["value"]) for row in control.history("any", "12345", alias="data_in", limit=10000)]
    assert sorted(history) == journalled


def test_token_survives_a_kill(tmp_path):
    """[R50] a token that was handed out is valid after kill -9"""
    with Server(tmp_path) as server:
        token = Site(server, "any").provision()
        server.kill()
        server.start()
        with Device(Site(server, "any"), "12345", token).connected() as client:
            client.silent()


def test_control_answers_survive_a_kill(tmp_path):
    """[R41] what a control call confirmed is there after kill -9"""
    with Server(tmp_path) as server:
        site = Site(server, "any")
        site.provision()
        site.set_state({"config_io": "confirmed"})
        server.kill()
        server.start()
        assert server.control.state("any", "12345")["config_io"]["set"] == "confirmed"
        assert server.control.events("any", type="data_out")


def test_connected_sessions_count_from_the_restart(tmp_path):
    """[R18a] a session that was connected at the crash is kept, and its age counts from the restart"""
    with Server(tmp_path) as server:
        device = Site(server, "any").device()
        with device.connected(client_id="a", clean=False) as client:
            client.subscribe("news")
            server.kill()
        server.start()
        server.control.advance("23h")
        again = Device(Site(server, "any"), "12345", device.token)
        with again.connected(client_id="b"):
            pass
        with Site(server, "any").open() as client:
            assert client.login(client_id="a", clean=False, username="", password=device.token) == 1
