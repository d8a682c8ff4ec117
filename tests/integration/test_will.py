"""Wills: R7 to R9."""

import pytest

from support import packets as mqtt
from support.waiting import wait_until


def reported(device, alias):
    return device.state().get(alias, {}).get("reported")


def test_will_reports_a_value(site):
    """[R7] a Will to $resource/<alias> is processed as the device's report when the connection just ends"""
    device = site.device()
    with device.connected(will=("$resource/data_in", "gone", 0, False)) as client:
        client.silent()
        assert reported(device, "data_in") is None
    wait_until(lambda: reported(device, "data_in") == "gone", "the Will's value")
    assert len(site.events(type="data_in")) == 1


def test_will_is_removed_by_disconnect(site):
    """[R7] DISCONNECT drops the Will [MQTT-3.1.2-10] [MQTT-3.14.4-3]"""
    device = site.device()
    with device.connected(will=("$resource/data_in", "gone", 0, False)) as client:
        client.send(mqtt.disconnect())
        client.expect_closed()
    site.control.wait_events(site.connector, type="disconnect", identity=device.identity)
    assert reported(device, "data_in") is None


@pytest.mark.parametrize("qos", [1, 2])
def test_will_qos_and_retain_mean_nothing(site, qos):
    """[R8, R9] Will QoS 1 and 2 and Will Retain are accepted, and the Will is delivered at QoS 0, not retained [MQTT-3.1.2-16]
    [MQTT-3.1.2-17]"""
    device = site.device()
    with device.connected(client_id="watcher") as watcher:
        assert watcher.subscribe(("status", 2)) == [0]
        with device.connected(client_id="dying", will=("status", "gone", qos, True)):
            pass
        packet = watcher.expect(mqtt.PUBLISH)
        assert (packet.flags, packet.topic, packet.payload) == (0, "status", b"gone")
        with device.connected(client_id="late") as late:
            assert late.subscribe("status") == [0]
            late.silent()


def test_will_after_a_protocol_violation(site):
    """[R7, R28] the Will is processed when the server closes because of a violation [MQTT-3.1.2-8]"""
    device = site.device()
    with device.connected(will=("$resource/data_in", "gone", 0, False)) as client:
        client.send(mqtt.publish("$resource/data_in", "never", dup=True))
        client.expect_closed()
    wait_until(lambda: reported(device, "data_in") == "gone", "the Will's value")


def test_will_before_a_lock(site):
    """[R7, R63] the Will counts before the lock that closes the connection takes effect"""
    device = site.device()
    with device.connected(will=("$resource/data_in", "gone", 0, False)) as client:
        site.control.patch_identity(site.connector, device.identity, {"locked": True})
        client.expect_closed()
    assert reported(device, "data_in") == "gone"


def test_will_dropped_by_delete(site):
    """[R7, R63] delete drops the Will"""
    device = site.device()
    with device.connected(will=("$resource/data_in", "gone", 0, False)) as client:
        site.control.delete_identity(site.connector, device.identity)
        client.expect_closed()
    assert site.events(type="data_in") == []


def test_will_of_an_anonymous_client(site):
    """[R15] the Will of an anonymous client is dropped, and journalled"""
    with site.anonymous(will=("status", "gone", 0, False)):
        pass
    site.control.wait_events(site.connector, type="finding", rule="R15")
    assert site.events(type="publish") == []


def test_quirk_will_ignore(site):
    """[R7] quirk will: ignore"""
    device = site.device()
    site.quirk(will="ignore")
    with device.connected(will=("$resource/data_in", "gone", 0, False)):
        pass
    site.control.wait_events(site.connector, type="disconnect", identity=device.identity)
    assert reported(device, "data_in") is None
