"""SUBSCRIBE and UNSUBSCRIBE: R31 to R36, R47."""

import pytest

from support import packets as mqtt

ENTITLED = [
    *("$content", "$provision/12345", "$resource/#", "$resource/+", "$resource/data_in", "$resource/not_defined"),
    *("$resource.batch", "$resource/+/+", "$resource/data_in/+", "$resource/data_in/#"),
]
REFUSED = [
    *("$provision/other", "$provision/+", "$provision/#", "$provision", "$resource", "$resource/", "$content/#"),
    *("$SYS/#", "$unknown", "$resource/a/b/c"),
]
ARBITRARY = ["#", "+", "+/#", "a/b", "/a", "sensor/+/raw", "resource/data_in"]


def test_updates_need_no_subscription(site):
    """[R31] cloud values arrive without a subscription"""
    device = site.device()
    with device.connected() as client:
        site.set_state({"config_io": "x"})
        topic, payload = client.message()
        assert topic.startswith("$resource/config_io/") and payload == b"x"


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_entitled_filters_are_granted_at_qos_0(site, qos):
    """[R32, R33] every entitled filter is granted QoS 0 whatever is asked [MQTT-3.8.4-6]"""
    with site.device().connected() as client:
        assert client.subscribe(*((f, qos) for f in ENTITLED)) == [0] * len(ENTITLED)
        for wanted in ENTITLED:
            assert client.subscribe((wanted, qos)) == [0], wanted


def test_filters_that_are_not_entitled_fail(site):
    """[R34] 0x80 for such a filter, and the connection stays"""
    with site.device().connected() as client:
        for wanted in REFUSED:
            assert client.subscribe(wanted) == [0x80], wanted
        client.silent()


def test_arbitrary_filters_are_granted(site):
    """[R35] arbitrary topics, wildcards included, are granted 0"""
    with site.device().connected() as client:
        for wanted in ARBITRARY:
            assert client.subscribe((wanted, 1)) == [0], wanted


def test_one_code_for_each_filter_in_order(site):
    """[R34] mixed filters in one SUBSCRIBE have one code each, in order [MQTT-3.9.3-1] [MQTT-3.8.4-5]"""
    with site.device().connected() as client:
        assert client.subscribe("a", "$SYS/#", "$resource/#", "$provision/other") == [0, 0x80, 0, 0x80]


def test_subscribing_to_reserved_topics_changes_nothing(site):
    """[R36] no replay at the subscription and no second copy later"""
    device = site.device()
    with device.connected() as client:
        site.set_state({"config_io": "1"})
        client.message()
        client.subscribe("$resource/#", "$resource/+/+", "$resource/config_io/#")
        client.silent()
        site.set_state({"config_io": "2"})
        assert client.message()[1] == b"2"
        client.silent()


def test_unsubscribing_from_reserved_topics_changes_nothing(site):
    """[R36] UNSUBSCRIBE of a reserved topic is acknowledged, and updates keep coming"""
    device = site.device()
    with device.connected() as client:
        client.subscribe("$resource/#")
        client.unsubscribe("$resource/#")
        client.unsubscribe("$resource/config_io")
        site.set_state({"config_io": "still"})
        assert client.message()[1] == b"still"


def test_unsubscribing_from_an_arbitrary_topic_works(site):
    """[R36] UNSUBSCRIBE of an arbitrary topic stops its messages [MQTT-3.10.4-2] [MQTT-3.10.4-1]"""
    with site.device().connected() as client:
        client.subscribe("news", "News")
        client.unsubscribe("news")
        client.send(mqtt.publish("news", "1"), mqtt.publish("News", "2"))
        assert client.message() == ("News", b"2")
        client.silent()


def test_messages_before_an_unsubscribe_arrive(site):
    """[R36] a message that came before the UNSUBSCRIBE is still delivered [MQTT-3.10.4-3]"""
    with site.device().connected() as client:
        client.subscribe("news")
        client.send(mqtt.publish("news", "last"), mqtt.unsubscribe(7, "news"))
        packets = {packet.kind: packet for packet in (client.receive(), client.receive())}
        assert packets[mqtt.PUBLISH].payload == b"last" and packets[mqtt.UNSUBACK].packet_id == 7


def test_unsubscribe_where_nothing_was(site):
    """UNSUBACK comes also where nothing was subscribed [MQTT-3.10.4-5] [MQTT-3.10.4-4]"""
    with site.device().connected() as client:
        client.unsubscribe("never", "heard", "of")


def test_anonymous_client_may_subscribe_to_one_provisioning_topic(site):
    """[R47] an anonymous client may subscribe to the first $provision/<id> that it names, and to nothing else"""
    with site.anonymous() as client:
        assert client.subscribe("a", "#", "$resource/#", "$content", "$provision/+") == [0x80] * 5
        assert client.subscribe(("$provision/12345", 1)) == [0]
        assert client.subscribe("$provision/54321", "$provision/12345") == [0x80, 0]


def test_anonymous_subscription_and_provisioning(site):
    """[R47, R31] the reply comes once, whether or not its topic is subscribed"""
    with site.anonymous() as client:
        client.subscribe("$provision/12345")
        client.send(mqtt.publish("$provision/12345"))
        assert len(client.message()[1]) == 40
        client.silent()


def test_anonymous_subscription_must_fit_the_identity_format(site):
    """[R47] the id must have a valid format"""
    site.patch({"identity_format": {"type": "base10", "prefix": "", "options": {"casing": "mixed", "length": 5}}})
    with site.anonymous() as client:
        assert client.subscribe("$provision/abc") == [0x80]
        assert client.subscribe("$provision/12345") == [0]
