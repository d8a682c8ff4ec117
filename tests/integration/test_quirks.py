"""Both readings of every quirk, switched while the server runs: in force at once, on open connections too."""

import pytest

from support import packets as mqtt

PASSWORD = "a1b2c3d4e5f6g7h8i9j0"


def readings(first, second):
    """There, to the other reading, and back: what is in force never depends on what was."""
    return [(first, second), (second, first), (first, second)]


def answer(client, *parts):
    """What the server does with these packets: the PUBACK's packet id, or "closed"."""
    client.send(*parts)
    packet = client.receive()
    if packet is None:
        return "closed"
    assert packet.kind == mqtt.PUBACK
    return packet.packet_id


def reports(site):
    return [entry["values"]["data_in"] for event in site.events(type="data_in") for entry in event["payload"]]


def test_will(site):
    """[R7] quirk will: process makes the Will a report of the device, ignore drops it with a finding"""
    device = site.device()
    for number, (reading, _) in enumerate(readings("process", "ignore")):
        with device.connected(will=("$resource/data_in", f"{reading} {number}", 0, False)) as client:
            site.quirk(will=reading)
            client.silent()
        site.control.wait_events(site.connector, count=number + 1, type="disconnect", identity=device.identity)
    assert reports(site) == ["process 0", "process 2"]
    (finding,) = site.findings("R7")
    assert finding["severity"] == "info" and "will" in finding["hint"]


def test_client_id(site):
    """[R13] quirk client_id: any takes another ClientID with a finding, documented answers CONNACK 2"""
    device = site.device()
    for number, (reading, _) in enumerate(readings("any", "documented"), 1):
        site.quirk(client_id=reading)
        with site.open() as client:
            client.send(mqtt.connect(client_id="gadget", username="", password=device.token))
            assert client.connack() == (0, 0 if reading == "any" else 2)
        assert len(site.control.wait_events(site.connector, number, type="finding", rule="R13")) == number


@pytest.mark.parametrize("client_id, code", [("", 0), ("anything", 2)])
def test_client_id_while_a_password_is_provisioned(site, client_id, code):
    """[R13, R51] quirk client_id: documented wants an empty ClientID while a password is provisioned"""
    site.patch({"provisioning": {"auth_type": "password"}})
    site.quirk(client_id="documented")
    with site.open() as client:
        client.send(mqtt.connect(client_id=client_id))
        assert client.connack() == (0, code)


def test_unentitled_publish(site):
    """[R46] quirk unentitled_publish: drop acknowledges and drops, disconnect closes, and nothing comes of either"""
    device = site.device()
    for number, (before, reading) in enumerate(readings("drop", "disconnect"), 1):
        site.quirk(unentitled_publish=before)
        with device.connected() as client:
            client.silent()
            site.quirk(unentitled_publish=reading)
            expected = 7 if reading == "drop" else "closed"
            assert answer(client, mqtt.publish("$SYS/x", "x", qos=1, packet_id=7)) == expected
        assert len(site.control.wait_events(site.connector, number, type="finding", rule="R46")) == number
    assert site.events(type="publish", topic="$SYS/x") == []


@pytest.mark.parametrize(
    "topic, payload",
    [("$resource/count", "seven"), ("$resource/", '{"count":"seven"}'), ("$resource.batch", "{malformed")],
)
def test_invalid_value(site, topic, payload):
    """[R40] quirk invalid_value: ignore acknowledges and drops, disconnect closes, for values and whole messages"""
    site.resources(count={"format": "number"})
    device = site.device()
    for number, (before, reading) in enumerate(readings("ignore", "disconnect"), 1):
        site.quirk(invalid_value=before)
        with device.connected() as client:
            client.silent()
            site.quirk(invalid_value=reading)
            expected = 7 if reading == "ignore" else "closed"
            assert answer(client, mqtt.publish(topic, payload, qos=1, packet_id=7)) == expected
        assert len(site.control.wait_events(site.connector, number, type="finding", rule="R40")) == number
    assert "count" not in device.state()


def test_invalid_value_keeps_the_rest(site):
    """[R40] with invalid_value: disconnect the good values of the message count before the connection is closed"""
    site.resources(count={"format": "number"})
    device = site.device()
    site.quirk(invalid_value="disconnect")
    with device.connected() as client:
        assert answer(client, mqtt.publish("$resource/", '{"data_in":"good","count":"bad"}', qos=1)) == "closed"
    assert device.state()["data_in"]["reported"] == "good"


def test_password_reply(site):
    """[R51] quirk password_reply: none sends nothing behind the PUBACK, empty an empty PUBLISH"""
    site.patch({"provisioning": {"auth_type": "password"}})
    for number, (before, reading) in enumerate(readings("none", "empty")):
        site.quirk(password_reply=before)
        with site.anonymous() as client:
            site.quirk(password_reply=reading)
            client.publish_and_wait(f"$provision/{number}", PASSWORD)
            if reading == "empty":
                assert client.message() == (f"$provision/{number}", b"")
            client.silent()
        with site.open() as client:
            client.login(username=str(number), password=PASSWORD)


def test_provision_refusal(site):
    """[R53] quirk provision_refusal: silent acknowledges without a reply, disconnect closes"""
    site.patch({"provisioning": {"enabled": False}})
    for number, (before, reading) in enumerate(readings("silent", "disconnect"), 1):
        site.quirk(provision_refusal=before)
        with site.anonymous() as client:
            site.quirk(provision_refusal=reading)
            expected = 7 if reading == "silent" else "closed"
            assert answer(client, mqtt.publish("$provision/12345", qos=1, packet_id=7)) == expected
        assert len(site.control.wait_events(site.connector, number, type="finding", rule="R53")) == number
    assert not site.control.has_identity(site.connector, "12345")


def test_patch_resources(site):
    """Quirk patch_resources [D10]: replace makes `resources` what is sent, merge adds to what is there"""
    names = lambda: set(site.control.settings(site.connector)["resources"])  # noqa: E731
    tutorial = {"data_in", "data_out", "config_io"}
    site.quirk(patch_resources="merge")
    site.patch({"resources": {"one": {"format": "number"}}})
    assert names() == tutorial | {"one"}
    site.quirk(patch_resources="replace")
    site.patch({"resources": {"two": {"format": "number"}}})
    assert names() == {"two"}
    site.quirk(patch_resources="merge")
    site.patch({"resources": {"three": {"format": "number"}}})
    assert names() == {"two", "three"}


def test_quirks_of_one_connector_are_its_own(site):
    """[R46] a quirk of one connector changes nothing in another"""
    other = type(site)(site.server, site.connector + "b")
    site.quirk(unentitled_publish="disconnect")
    with other.device().connected() as client:
        assert answer(client, mqtt.publish("$SYS/x", "x", qos=1, packet_id=7)) == 7


def test_unknown_quirk(site):
    """An unknown quirk or reading is refused with the path, and changes nothing"""
    site.device()
    path = site.control.emulator(f"/connectors/{site.connector}")
    for wrong in ({"wil": "ignore"}, {"will": "sometimes"}):
        refused = site.control.request("PATCH", path, {"quirks": wrong})
        assert refused.status == 400 and next(iter(wrong)) in refused.text
    assert site.control.ok("GET", path).json()["quirks"]["will"] == "process"
