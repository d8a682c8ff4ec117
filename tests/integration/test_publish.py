"""What a device may send, and how it is acknowledged: R23 to R30, R46."""

import pytest

from support import packets as mqtt


def reports(site):
    """The values of all data_in events, in order."""
    return [entry["values"] for event in site.events(type="data_in") for entry in event["payload"]]


def test_retain_is_ignored(site):
    """[R23] RETAIN counts neither in nor out, and nothing is replayed [MQTT-3.3.1-5] [MQTT-3.3.1-6] [MQTT-3.3.1-9]"""
    device = site.device()
    with device.connected() as client:
        client.subscribe("news")
        client.send(mqtt.publish("news", "one", retain=True))
        packet = client.expect(mqtt.PUBLISH)
        assert (packet.flags, packet.payload) == (0, b"one")
        client.subscribe("news", "#")
        client.unsubscribe("#")
        client.silent()


def test_nothing_is_retained(site):
    """[R23] no form of RETAIN keeps or erases anything, not even in a session [MQTT-3.1.2-7] [MQTT-3.3.1-7]
    [MQTT-3.3.1-8] [MQTT-3.3.1-10] [MQTT-3.3.1-11] [MQTT-3.3.1-12]"""
    device = site.device()
    with device.connected(client_id="a", clean=False) as client:
        client.subscribe("news")
        for payload, retain in (("kept?", True), ("", True), ("plain", False)):
            client.send(mqtt.publish("news", payload, retain=retain))
            packet = client.expect(mqtt.PUBLISH)
            assert (packet.flags, packet.payload) == (0, payload.encode())
    with device.connected(client_id="a", clean=False) as client:
        client.subscribe("news")
        client.silent()


def test_dup_is_never_passed_on(site):
    """[R27] DUP going out is 0, whatever it was on the way in [MQTT-3.3.1-1] [MQTT-3.3.1-3] [MQTT-4.3.1-1]"""
    with site.device().connected() as client:
        client.subscribe("news")
        client.send(mqtt.publish("news", "x", qos=1, packet_id=2, dup=True))
        packets = {packet.kind: packet for packet in (client.receive(), client.receive())}
        assert packets[mqtt.PUBLISH].flags == 0 and packets[mqtt.PUBACK].packet_id == 2


def test_qos_0_has_no_answer(site):
    """[R24] QoS 0 is processed without an answer"""
    device = site.device()
    with device.connected() as client:
        client.send(mqtt.publish("$resource/data_in", "zero"))
        client.silent()
    assert device.state()["data_in"]["reported"] == "zero"


def test_qos_1_is_acknowledged(site):
    """[R25] QoS 1 gets PUBACK with the same packet id [MQTT-2.3.1-6]"""
    device = site.device()
    with device.connected() as client:
        for packet_id in (1, 65535, 1):
            assert client.publish_and_wait("$resource/data_in", "one", packet_id) == []


def test_puback_after_commit_in_order(site):
    """[R25a] PUBACKs keep the order of the PUBLISHes, and the value is there when its PUBACK is [MQTT-4.6.0-2]"""
    device = site.device()
    with device.connected() as client:
        client.send(*(mqtt.publish("$resource/data_in", str(n), qos=1, packet_id=n) for n in range(1, 201)))
        assert [client.expect(mqtt.PUBACK).packet_id for _ in range(200)] == list(range(1, 201))
        assert device.state()["data_in"]["reported"] == "200"
        assert reports(site) == [{"data_in": str(n)} for n in range(1, 201)]


def test_qos_2_is_processed_once_as_qos_0(site):
    """[R26] QoS 2 is processed once, without PUBREC"""
    device = site.device()
    with device.connected() as client:
        client.send(mqtt.publish("$resource/data_in", "two", qos=2, packet_id=7))
        client.silent()
    assert reports(site) == [{"data_in": "two"}]


@pytest.mark.parametrize("qos", [1, 2])
def test_dup_is_ignored(site, qos):
    """[R27] a repeat with DUP is processed and acknowledged again [MQTT-4.3.2-2]"""
    device = site.device()
    with device.connected() as client:
        for dup in (False, True, True):
            client.send(mqtt.publish("$resource/data_in", "again", qos=qos, packet_id=5, dup=dup))
            if qos == 1:
                assert client.until_puback(5) == []
        client.silent()
    assert len(reports(site)) == 3


def test_dup_with_qos_0_disconnects(site):
    """[R28] DUP with QoS 0 closes the connection and is not processed [MQTT-3.3.1-2]"""
    device = site.device()
    with device.connected() as client:
        client.send(mqtt.publish("$resource/data_in", "before"))
        client.send(mqtt.publish("$resource/data_in", "never", dup=True), mqtt.pingreq())
        client.expect_closed()
    site.control.wait_events(site.connector, type="finding", rule="R28")
    assert device.state()["data_in"]["reported"] == "before"


def test_puback_from_a_device_is_ignored(site):
    """[R29] PUBACK from a device is ignored and journalled"""
    device = site.device()
    with device.connected() as client:
        client.send(mqtt.acknowledgement(mqtt.PUBACK, 9))
        client.silent()
    site.control.wait_events(site.connector, type="finding", rule="R29")


@pytest.mark.parametrize("kind", [mqtt.PUBREC, mqtt.PUBREL, mqtt.PUBCOMP])
def test_qos_2_acknowledgements_disconnect(site, kind):
    """[R30] PUBREC, PUBREL and PUBCOMP close the connection at once"""
    device = site.device()
    with device.connected() as client:
        client.send(mqtt.acknowledgement(kind, 9), mqtt.publish("$resource/data_in", "never", qos=1))
        client.expect_closed()
    site.control.wait_events(site.connector, type="finding", rule="R30")
    assert reports(site) == []


UNENTITLED = ["$provision/other", "$SYS/x", "$unknown", "$resource", "$resource/a/b", "$content/x"]


@pytest.mark.parametrize("topic", UNENTITLED)
def test_unentitled_publish_is_acknowledged_and_dropped(site, topic):
    """[R46] PUBLISH to a topic that the device is not entitled to: PUBACK, dropped, journalled [MQTT-3.3.5-2]"""
    device = site.device()
    with device.connected() as client:
        client.subscribe("#")
        assert client.publish_and_wait(topic, "x", 3) == []
        client.send(mqtt.publish(topic, "x"), mqtt.pingreq())
        client.expect(mqtt.PINGRESP)
    findings = site.control.wait_events(site.connector, count=2, type="finding", identity=device.identity)
    assert {finding["rule"] for finding in findings} <= {"R46", "R48", "R53"}
    assert not site.control.has_identity(site.connector, "other")
    assert site.events(type="publish") == []


@pytest.mark.parametrize("topic", ["$resource/data_in", "$content", "news", "$resource.batch"])
def test_unentitled_publish_of_an_anonymous_client(site, topic):
    """[R46] an anonymous client may publish to $provision/<id> only"""
    with site.anonymous() as client:
        assert client.publish_and_wait(topic, "[]", 3) == []
    assert site.findings("R46")
    assert site.events(type="publish") == [] and site.events(type="data_in") == []


def test_quirk_unentitled_publish_disconnect(site):
    """[R46] quirk unentitled_publish: disconnect"""
    device = site.device()
    site.quirk(unentitled_publish="disconnect")
    with device.connected() as client:
        client.send(mqtt.publish("$SYS/x", "x", qos=1))
        client.expect_closed()


def test_a_violation_closes_only_its_own_connection(site):
    """A violation closes that connection, and only that one [MQTT-4.8.0-1]"""
    device = site.device()
    with device.connected(client_id="good") as good, device.connected(client_id="bad") as bad:
        bad.send(bytes([0xF0, 0]))
        bad.expect_closed()
        good.silent()
