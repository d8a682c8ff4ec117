"""What was answered wrongly once: each test failed before."""

import json

import pytest

from support import packets as mqtt
from support.waiting import wait_until

EMULATOR = "/_emulator/v1"


@pytest.mark.parametrize("topic", ["a/+", "#", "", "a\u0000b", "x" * 65_536])
def test_publish_topic(site, topic):
    """[R45a] a topic that no PUBLISH may carry is refused with the reason [MQTT-3.3.2-2, 1.5.3-2, 4.7.3-1]"""
    site.device("d")
    path = f"{EMULATOR}/connectors/{site.connector}/identities/d/publish"
    answer = site.control.request("POST", path, {"topic": topic, "payload": "x"})
    assert answer.status == 400 and "$.topic" in answer.text, answer.text


def history(site, identity):
    path = f"{EMULATOR}/connectors/{site.connector}/identities/{identity}/history"
    return site.control.ok("GET", path).json()["values"]


def test_history_begins_anew(site):
    """[R63] delete an identity and add it again: its old values are no history; nor those of a deleted connector"""
    for delete in (site.control.device2(site.connector, "/identity/d"), f"{EMULATOR}/connectors/{site.connector}"):
        with site.device("d").connected() as client:
            client.publish_and_wait("$resource/data_in", "old")
        assert history(site, "d")
        site.control.ok("DELETE", delete)
        with site.device("d").connected() as client:
            assert history(site, "d") == []
            client.publish_and_wait("$resource/data_in", "new")
        assert [each["value"] for each in history(site, "d")] == ["new"]
        site.control.ok("DELETE", site.control.device2(site.connector, "/identity/d"))


def test_large_copy(site):
    """[R45b] a copy of any size leaves where nothing waits"""
    with site.device().connected() as client:
        client.send(mqtt.subscribe(1, ("own/topic", 0)))
        client.receive()
        client.send(mqtt.publish("own/topic", "x" * 20_000_000))
        topic, payload = client.message()
    assert (topic, len(payload)) == ("own/topic", 20_000_000)
    assert site.findings("R45b") == []


def test_length_comes_back(site):
    """settings come back as they were sent: a length of 12.67 stays, and its whole part counts"""
    site.patch({"identity_format": {"type": "base10", "options": {"length": 12.67}}})
    kept = site.control.settings(site.connector)["identity_format"]["options"]["length"]
    assert kept == 12.67
    with site.anonymous() as client:
        client.send(mqtt.publish("$provision/123456789012"))
        assert client.message()[0] == "$provision/123456789012"


def test_new_solution_is_empty(server):
    """a connector made as Exosite's tools make it begins without resources"""
    made = server.control.ok("POST", "/api:1/business/b/solution/", {"label": "x", "type": "product"}).json()["id"]
    assert server.control.settings(made)["resources"] == {}


def test_older_entry_is_told(site):
    """[R38] an entry that changes the history only, and stamps far ahead or before 2000, leave findings"""
    with site.device().connected() as client:
        for number, stamp in enumerate((2_082_758_400_000_000, 1_531_111_131_679_000, 700_000_000_000_000), 1):
            payload = json.dumps([{"timestamp": stamp, "values": {"data_in": "x"}}])
            client.publish_and_wait("$resource.batch", payload, packet_id=number)
    told = [each["message"] for each in site.findings("R38")]
    assert any("more than a day ahead" in each for each in told)
    assert any("before the year 2000" in each for each in told)
    assert sum("changed the history only" in each and "2082758400000000" in each for each in told) == 2


def test_findings_of_one_message_are_bounded(site):
    """[R40] twenty findings of one message, whatever their kind, then one that counts the rest"""
    with site.device().connected() as client:
        client.publish_and_wait("$resource/", json.dumps({f"unknown{i}": "x" for i in range(500)}))
    wait_until(lambda: len(site.findings()) >= 21, "the findings")
    told = site.findings()
    assert len(told) == 21 and "480 more findings" in told[-1]["message"]
