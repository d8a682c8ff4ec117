"""From the cloud to the device, and between a device's own connections: R41 to R45b."""

import pytest

from support import packets as mqtt


def cloud_value(client):
    """(alias, timestamp, value) of the next packet."""
    topic, payload = client.message()
    root, alias, timestamp = topic.split("/")
    assert root == "$resource" and len(timestamp) == 16 and timestamp.isdigit()
    return alias, int(timestamp), payload.decode()


def test_cloud_value_goes_to_every_connection(site):
    """[R41, R43] at once, QoS 0, on $resource/<alias>/<µs>, the raw value, to each connection of the device"""
    device = site.device()
    with device.connected() as one, device.connected() as two:
        site.set_state({"config_io": '{"channels":{}}'})
        timestamp = device.state()["config_io"]["timestamp"]
        for client in (one, two):
            assert cloud_value(client) == ("config_io", timestamp, '{"channels":{}}')
    entry = device.state()["config_io"]
    assert entry["set"] == '{"channels":{}}' and "reported" not in entry
    assert site.events(type="data_out")


def test_equal_value_goes_out_again(site):
    """[R41] also when it equals the old one"""
    with site.device().connected() as client:
        site.set_state({"config_io": "x"})
        first = cloud_value(client)
        site.set_state({"config_io": "x"})
        second = cloud_value(client)
    assert first[2] == second[2] == "x" and second[1] >= first[1]


@pytest.mark.parametrize("kind, value, text", [("number", 73.5, "73.5"), ("boolean", True, "true")])
def test_typed_values_go_out_as_text(site, kind, value, text):
    """[R43] a number or a boolean goes out as its text"""
    site.resources(r={"format": kind, "settable": True})
    with site.device().connected() as client:
        site.set_state({"r": value})
        assert cloud_value(client)[2] == text
    assert site.state()["r"]["set"] == value


def test_unacknowledged_value_is_sent_on_each_connect(site):
    """[R42] after CONNACK, the newest value with its original time, on every connect until it is reported"""
    device = site.device()
    site.set_state({"config_io": "old"})
    site.set_state({"config_io": "new"})
    timestamp = device.state()["config_io"]["timestamp"]
    for _ in range(2):
        with device.connected() as client:
            assert cloud_value(client) == ("config_io", timestamp, "new")
            client.silent()
    with device.connected() as client:
        cloud_value(client)
        client.publish_and_wait("$resource/config_io", "new")
    with device.connected() as client:
        client.silent()


def test_old_batch_entry_acknowledges_too(site):
    """[R42] any valid report of the alias acknowledges, however old its timestamp"""
    device = site.device()
    site.set_state({"config_io": "x"})
    with device.connected() as client:
        cloud_value(client)
        client.publish_and_wait("$resource.batch", '[{"timestamp":1000000,"values":{"config_io":"x"}}]')
    with device.connected() as client:
        client.silent()


def test_initial_value(site):
    """[R42] `initial` is a set value that a new identity has not acknowledged"""
    site.resources(r={"format": "string", "settable": True, "initial": "start"})
    with site.device().connected() as client:
        assert cloud_value(client)[2] == "start"


def test_no_sync(site):
    """[R42] sync false: only to connections that are open at the set"""
    site.resources(r={"format": "string", "settable": True, "sync": False})
    device = site.device()
    with device.connected() as client:
        site.set_state({"r": "now"})
        assert cloud_value(client)[2] == "now"
    with device.connected() as client:
        client.silent()


def test_no_echo(site):
    """[R44] a device's own report comes back to none of its connections"""
    device = site.device()
    with device.connected() as one, device.connected() as two:
        one.publish_and_wait("$resource/config_io", "mine")
        one.silent()
        two.silent()


def test_devices_are_isolated(site):
    """[R45] equal topics of two devices never meet, whatever the filters"""
    with site.device("one").connected() as one, site.device("two").connected() as two:
        one.subscribe("#", "$resource/#")
        one.subscribe("news")
        two.publish_and_wait("news", "secret")
        two.publish_and_wait("$resource/config_io", "secret")
        site.set_state({"config_io": "secret"}, "two")
        one.unsubscribe("#", "news")
        one.silent()


def test_connectors_are_isolated(site):
    """[R45] so are devices of the same name in two connectors"""
    other = type(site)(site.server, site.connector + "b")
    with site.device().connected() as here, other.device().connected() as there:
        here.subscribe("news")
        there.publish_and_wait("news", "secret")
        other.set_state({"config_io": "secret"})
        here.silent()
    assert "set" not in site.state().get("config_io", {})


def test_arbitrary_topic(site):
    """[R45a] an event, and one QoS 0 copy for each subscribed connection, the publisher's included [MQTT-3.3.5-1]
    [MQTT-4.5.0-1] [MQTT-3.3.2-3]"""
    device = site.device()
    with device.connected() as one, device.connected() as two, device.connected() as deaf:
        one.subscribe("news/#", "news/+", ("news/today", 2))
        two.subscribe("+/today")
        one.send(mqtt.publish("news/today", b"\x00\xff", qos=1, packet_id=3))
        packets = [one.receive(), one.receive()]
        assert {packet.kind for packet in packets} == {mqtt.PUBACK, mqtt.PUBLISH}
        (copy,) = [packet for packet in packets if packet.kind == mqtt.PUBLISH]
        assert (copy.flags, copy.topic, copy.payload) == (0, "news/today", b"\x00\xff")
        one.silent()
        assert two.message() == ("news/today", b"\x00\xff")
        deaf.silent()
    event = site.events(type="publish", topic="news/today")[0]
    assert event["payload"]["topic"] == "news/today" and event["payload"]["encoding"] == "base64"


def test_messages_of_one_topic_stay_in_order(site):
    """[R45a] messages of one topic reach a subscriber in order [MQTT-4.6.0-5]"""
    with site.device().connected() as client:
        client.subscribe("count")
        client.send(*(mqtt.publish("count", str(n)) for n in range(300)))
        assert [int(client.message()[1]) for _ in range(300)] == list(range(300))


def test_wildcards_do_not_match_dollar_topics(site):
    """[R45a] the control side's publication to $-topics does not match a leading wildcard [MQTT-4.7.2-1]"""
    with site.device().connected() as client:
        client.subscribe("#", "+/config_io/#")
        site.set_state({"config_io": "once"})
        assert cloud_value(client)[2] == "once"
        site.control.publish(site.connector, "12345", "from/cloud", "hello")
        assert client.message() == ("from/cloud", b"hello")


def test_cloud_side_publishes_to_subscribers_only(site):
    """[R45a] the control side can publish to a device's arbitrary topic"""
    device = site.device()
    with device.connected() as listening, device.connected() as deaf:
        listening.subscribe("orders/+")
        site.control.publish(site.connector, "12345", "orders/1", "go")
        assert listening.message() == ("orders/1", b"go")
        deaf.silent()


def test_not_settable(site):
    """[R41] setting an undefined or not settable alias: 400, and nothing of the request happens"""
    device = site.device()
    path = site.control.device2(site.connector, "/identity/12345/state")
    for culprit in ("data_in", "undefined"):
        answer = site.control.request("PATCH", path, {"config_io": "x", culprit: "y"})
        assert answer.status == 400 and "not settable" in answer.text
    with device.connected() as client:
        client.silent()


def test_connection_that_does_not_read(site):
    """[R45b] one that does not read loses copies, with one finding; another one gets all"""
    device = site.device()
    limit_mb, value = 16, "x" * 1_000_000
    with device.connected(client_id="deaf"), device.connected(client_id="good") as good:
        for _ in range(limit_mb * 2 + 8):
            site.set_state({"config_io": value})
            assert len(cloud_value(good)[2]) == len(value)
        assert len(site.control.wait_events(site.connector, type="finding", rule="R45b")) == 1
