"""Faults of the packet layer, each over a real socket."""

import json
import time

import pytest

from support import packets as mqtt
from support.faults import FAULTS, add, fault, hits, show
from support.waiting import wait_until


@pytest.fixture(autouse=True)
def no_faults(server):
    yield
    server.control.ok("DELETE", FAULTS, status=(204,))


def report(packet_id, value=b"1", topic="$resource/data_in"):
    return mqtt.publish(topic, value, qos=1, packet_id=packet_id)


def say(site, identity, topic, payload):
    site.control.publish(site.connector, identity, topic, payload)


def reported(device):
    return device.state().get("data_in", {}).get("reported")


def test_connack_refuses_with_its_code_and_nothing_comes_of_it(site):
    device = site.device("7")
    with fault(site, "connack", identity="7", code=3, times=1):
        with site.open() as client:
            assert client.refused(username="", password=device.token) == 3
        (hit,) = hits(site)
        assert (hit["kind"], hit["packet"], hit["claimed_identity"]) == ("connack", "CONNECT", "7")
        with device.connected() as client:
            client.silent()


def test_connack_with_another_session_present(site):
    device = site.device("7")
    with fault(site, "connack", identity="7", session_present=True, times=1):
        with site.open() as client:
            client.send(mqtt.connect(username="", password=device.token, client_id="7"))
            assert client.connack() == (1, 0)
            client.silent()


# --- withhold ---


def test_a_withheld_puback_is_committed(site):
    device = site.device("7")
    with device.connected() as client:
        with fault(site, "withhold", packet="PUBACK", topic="$resource/#", times=2):
            client.send(report(1, b"first"), report(2, b"second"), report(3, b"third"))
            assert [packet.packet_id for packet in client.until_puback(3)] == []
    assert [hit["detail"] for hit in hits(site)] == ["PUBACK 1 was withheld", "PUBACK 2 was withheld"]
    history = site.control.history(site.connector, "7", alias="data_in")
    assert {"first", "second", "third"} <= {row["value"] for row in history}


def test_a_withheld_connack_lets_nothing_else_leave(site):
    device = site.device("7")
    with fault(site, "withhold", packet="CONNACK", identity="7", times=1):
        with site.open() as client:
            client.send(mqtt.connect(username="", password=device.token), mqtt.pingreq(), report(1, b"heard"))
            wait_until(lambda: reported(device) == "heard", "the report")
            client.stream.settimeout(0.2)
            with pytest.raises((TimeoutError, OSError)):
                client.stream.recv(1)


@pytest.mark.parametrize("packet", ["SUBACK", "UNSUBACK", "PINGRESP"])
def test_other_answers_are_withheld_and_what_they_confirm_has_happened(site, packet):
    with site.device("7").connected() as client:
        with fault(site, "withhold", packet=packet):
            client.send(mqtt.subscribe(1, "a"), mqtt.unsubscribe(2, "b"), mqtt.pingreq())
            kinds = {answer.kind for answer in client.barrier()}
        names = {"SUBACK": mqtt.SUBACK, "UNSUBACK": mqtt.UNSUBACK, "PINGRESP": mqtt.PINGRESP}
        assert kinds == set(names.values()) - {names[packet]}
        say(site, "7", "a", "x")
        assert client.message() == ("a", b"x")


@pytest.mark.parametrize("scope", [{}, {"identity": "9"}], ids=["any", "identity"])
def test_the_token_is_lost(site, scope):
    """an anonymous client is the identity of its first $provision topic"""
    with fault(site, "withhold", packet="PUBLISH", topic="$provision/#", **scope):
        with site.anonymous() as client:
            client.send(mqtt.publish("$provision/9"))
            client.silent()
    assert site.control.has_identity(site.connector, "9")


# --- ignore ---


def test_an_ignored_publish_never_came(site):
    device = site.device("7")
    with device.connected() as client:
        with fault(site, "ignore", packet="PUBLISH", match={"contains": "lost"}):
            client.send(report(1, b"lost"), report(2, b"kept"))
            assert client.until_puback(2) == []
    assert reported(device) == "kept"


def test_an_ignored_connect_ignores_all_behind_it_and_is_not_closed(site):
    device = site.device("7")
    with fault(site, "ignore", packet="CONNECT", times=1):
        with site.open() as client:
            client.send(mqtt.connect(username="", password=device.token), report(1, b"nothing"))
            client.stream.settimeout(0.3)
            with pytest.raises((TimeoutError, OSError)):
                client.stream.recv(1)
    assert reported(device) != "nothing"


def test_an_ignored_disconnect_leaves_the_will(site):
    device = site.device("7")
    with fault(site, "ignore", packet="DISCONNECT"):
        with device.connected(will=("$resource/data_in", b"will", 0, False)) as client:
            client.send(mqtt.disconnect())
            client.silent()
    wait_until(lambda: reported(device) == "will", "the Will")


def test_an_ignored_pingreq_does_not_feed_keep_alive(site):
    with site.device("7").connected(keep_alive=1) as client:
        with fault(site, "ignore", packet="PINGREQ"):
            begin = time.monotonic()
            while not client.readable(0.2):  # the end of the connection
                client.send(mqtt.pingreq())
                assert time.monotonic() - begin < 4
            client.expect_closed()
    assert site.findings("MQTT-3.1.2-24")


# --- delay, duplicate, reorder ---


def test_a_delayed_packet_holds_up_those_behind_it(site):
    with site.device("7").connected() as client:
        with fault(site, "delay", packet="PUBACK", delay_ms=200):
            begin = time.monotonic()
            client.send(report(1), mqtt.pingreq())
            assert [client.receive().kind, client.receive().kind] == [mqtt.PUBACK, mqtt.PINGRESP]
            assert 0.19 <= time.monotonic() - begin < 2


def test_a_delayed_packet_may_be_overtaken(site):
    with site.device("7").connected() as client:
        with fault(site, "delay", packet="PUBACK", delay_ms=200, overtake=True, times=1):
            client.send(report(1), mqtt.pingreq())
            assert [client.receive().kind, client.receive().kind] == [mqtt.PINGRESP, mqtt.PUBACK]


def test_delays_add_up_and_leave_when_the_fault_is_deleted(site):
    with site.device("7").connected() as client:
        with fault(site, "delay", packet="PINGRESP", delay_ms=100):
            with fault(site, "delay", packet="PINGRESP", delay_ms=60_000):
                client.send(mqtt.pingreq())
                wait_until(lambda: len(hits(site)) == 2, "two hits")
            client.expect(mqtt.PINGRESP)


def test_a_duplicate_comes_right_behind(site):
    with site.device("7").connected() as client:
        with fault(site, "duplicate", packet="PUBACK", copies=2, times=1):
            client.send(report(5))
            assert [client.receive().packet_id for _ in range(3)] == [5, 5, 5]


def test_a_publish_leaves_behind_the_next(site):
    with site.device("7").connected() as client:
        client.subscribe("a/#")
        with fault(site, "reorder", by=2, times=1):
            for value in "123":
                say(site, "7", "a/b", value)
            assert [client.message()[1] for _ in range(3)] == [b"2", b"3", b"1"]


def test_a_reordered_publish_leaves_after_a_second_where_none_follows(site):
    with site.device("7").connected() as client:
        client.subscribe("a/#")
        with fault(site, "reorder", times=1):
            begin = time.monotonic()
            say(site, "7", "a/b", "1")
            assert client.message()[1] == b"1"
            assert time.monotonic() - begin >= 0.9


# --- replace, corrupt, inject ---


def test_replace_shortens_the_token(site):
    with fault(site, "replace", packet="PUBLISH", topic="$provision/#", payload="short"):
        with site.anonymous() as client:
            client.send(mqtt.publish("$provision/9"))
            assert client.message() == ("$provision/9", b"short")


def test_replace_topic_packet_id_and_code(site):
    with site.device("7").connected() as client:
        client.subscribe("a/#")
        with fault(site, "replace", packet="PUBLISH", topic="a/other", match={"topic": "a/b"}):
            say(site, "7", "a/b", "1")
            assert client.message() == ("a/other", b"1")
        with fault(site, "replace", packet="PUBACK", packet_id=77):
            client.send(report(1))
            assert client.expect(mqtt.PUBACK).packet_id == 77
        with fault(site, "replace", packet="SUBACK", code=128):
            client.send(mqtt.subscribe(3, "c"))
            assert client.expect(mqtt.SUBACK).body[-1] == 128


CORRUPTED = [
    ("PINGRESP", "remaining_length", "d0ffffffff7f"),
    ("PINGRESP", "reserved_flags", "df00"),
    ("PINGRESP", "packet_type", "f000"),
    ("PUBACK", "unknown_packet_id", "40028001"),
    ("PUBLISH", "qos3", "36090003612f6200013178"),
    ("PUBLISH", "truncated_utf8", "30070003612fc33178"),
    ("PUBLISH", "wildcard_topic", "30090005612f622f233178"),
    ("PUBACK", "oversize", "40ffffff7f0001"),
]


@pytest.mark.parametrize("packet, how, expected", CORRUPTED)
def test_corrupt(site, packet, how, expected):
    with site.device("7").connected() as client:
        client.subscribe("a/#")
        with fault(site, "corrupt", packet=packet, how=how):
            client.send(mqtt.pingreq() if packet == "PINGRESP" else report(1))
            if packet == "PUBLISH":
                client.expect(mqtt.PUBACK)
                say(site, "7", "a/b", "1x")
            client.stream.settimeout(10)
            got = b""
            while len(got) < len(expected) // 2:
                piece = client.stream.recv(1000)
                assert piece, got.hex()
                got += piece
            assert got.hex() == expected


def test_a_truncated_packet_is_the_last(site):
    with site.device("7").connected() as client:
        with fault(site, "corrupt", packet="PUBACK", how="truncated"):
            client.send(report(1))
            client.stream.settimeout(10)
            got = b""
            while piece := client.stream.recv(100):
                got += piece
            assert got.hex() == "400200"


def test_random_bits_are_the_same_with_the_same_seed(site):
    seen = []
    device = site.device("7")
    for _ in range(2):
        with device.connected() as client:
            with fault(site, "corrupt", packet="PINGRESP", seed=5, name="bits"):
                client.send(mqtt.pingreq())
                client.stream.settimeout(10)
                seen.append(client.stream.recv(100))
    assert seen[0] == seen[1] != b"\xd0\x00"


def test_inject_beside_a_packet_and_at_once(site):
    with site.device("7").connected() as client:
        with fault(site, "inject", hex="D0 00", packet="PUBACK", when="before"):
            client.send(report(1))
            assert [client.receive().kind, client.receive().kind] == [mqtt.PINGRESP, mqtt.PUBACK]
        other = site.device("8")
        with fault(site, "inject", hex="D000"):
            client.expect(mqtt.PINGRESP)
            with other.connected() as later:
                later.expect(mqtt.PINGRESP)


# --- close at a packet ---


def test_close_after_a_publish_stored_and_not_acknowledged(site):
    device = site.device("7")
    with device.connected() as client:
        with fault(site, "close", packet="PUBLISH", when="after", topic="$resource/#"):
            client.send(report(1, b"stored"))
            client.expect_closed()
    assert reported(device) == "stored"
    assert site.events(type="disconnect")[-1]["closed_by"] == "fault"


def test_close_before_a_publish_is_not_handled(site):
    device = site.device("7")
    with device.connected() as client:
        with fault(site, "close", packet="PUBLISH", topic="$resource/#"):
            client.send(report(1, b"never"))
            client.expect_closed()
    assert "never" not in json.dumps(device.state())


def test_close_before_and_behind_a_packet_to_the_device(site):
    device = site.device("7")
    with fault(site, "close", packet="PUBACK", when="after", times=1):
        with device.connected() as client:
            client.send(report(1))
            client.expect(mqtt.PUBACK)
            client.expect_closed()
    with fault(site, "close", packet="PUBACK", how="reset", times=1):
        with device.connected() as client:
            client.send(report(2))
            client.expect_closed()


def test_half_of_the_packet_still_leaves(site):
    with site.device("7").connected() as client:
        with fault(site, "close", packet="PUBACK", mid_packet=True):
            client.send(report(1))
            client.stream.settimeout(10)
            got = b""
            while piece := client.stream.recv(100):
                got += piece
            assert got.hex() == "4002"


# --- budgets and scopes ---


def test_skip_and_times(site):
    with site.device("7").connected() as client:
        with fault(site, "withhold", packet="PUBACK", topic="$resource/#", skip=1, times=2):
            client.send(*(report(packet_id) for packet_id in range(1, 6)))
            answered = [packet.packet_id for packet in client.until_puback(5)]
    assert answered == [1, 4]


def test_probability_with_a_seed_repeats_itself(site):
    runs = []
    device = site.device("7")
    for _ in range(2):
        with device.connected() as client:
            with fault(site, "withhold", packet="PUBACK", topic="$resource/#", probability=0.5, seed=3, name="dice"):
                client.send(*(report(packet_id) for packet_id in range(1, 40)))
                runs.append([packet.packet_id for packet in client.barrier()])
    assert runs[0] == runs[1]
    assert 0 < len(runs[0]) < 39


@pytest.mark.parametrize("scope", [{"identity": "other"}, {"client_id": "other"}, {"anonymous": True}, {"ip": "192.0.2.1"},
                                   {"connector": "another"}])
def test_whom_it_does_not_name_it_does_not_strike(site, scope):
    with fault(site, "withhold", packet="PINGRESP", **scope):
        with site.device("7").connected(client_id="7") as client:
            client.send(mqtt.pingreq())
            client.expect(mqtt.PINGRESP)


@pytest.mark.parametrize("scope", [{"identity": "7"}, {"client_id": "7"}, {"anonymous": False}, {"ip": "127.0.0.0/8"}])
def test_whom_it_names_it_strikes(site, scope):
    with fault(site, "withhold", packet="PINGRESP", **scope):
        with site.device("7").connected(client_id="7") as client:
            client.send(mqtt.pingreq())
            client.silent()


def test_a_fault_waits_and_ends(site):
    with site.device("7").connected() as client:
        name = add(site.server, "withhold", packet="PINGRESP", connector=site.connector, after_ms=500, for_ms=500)["name"]
        client.send(mqtt.pingreq())
        client.expect(mqtt.PINGRESP)
        wait_until(lambda: show(site.server, name)["state"] == "active", "its begin")
        client.send(mqtt.pingreq())
        client.silent()
        wait_until(lambda: show(site.server, name)["state"] == "spent", "its end")
        client.send(mqtt.pingreq())
        client.expect(mqtt.PINGRESP)


def test_one_begins_when_another_is_spent(site):
    with site.device("7").connected() as client:
        with fault(site, "withhold", packet="PINGRESP", times=1, name="first"):
            with fault(site, "duplicate", packet="PINGRESP", after="first", name="second"):
                client.send(mqtt.pingreq())
                client.silent()
                wait_until(lambda: show(site.server, "second")["state"] == "active", "its begin")
                client.send(mqtt.pingreq())
                assert [client.receive().kind for _ in range(2)] == [mqtt.PINGRESP] * 2


def test_the_first_that_withholds_decides(site):
    with site.device("7").connected() as client:
        with fault(site, "withhold", packet="PINGRESP", name="a"), fault(site, "duplicate", packet="PINGRESP", name="b"):
            client.send(mqtt.pingreq())
            client.silent()
            assert show(site.server, "b")["chances"] == 0
