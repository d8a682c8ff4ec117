"""What a device reports, and what becomes of it: R6, R37 to R40a."""

import json

import pytest

from support import packets as mqtt

LIMIT = 1_048_576


def values(site):
    """The entries of all data_in events."""
    return [entry for event in site.events(type="data_in") for entry in event["payload"]]


def send(device, topic, payload):
    """Published and committed."""
    with device.connected() as client:
        assert client.publish_and_wait(topic, payload if isinstance(payload, (str, bytes)) else json.dumps(payload)) == []


def test_raw_value(site):
    """[R37] the payload of $resource/<alias> is the raw value, its time the time of receipt"""
    device = site.device()
    send(device, "$resource/data_in", '{"001":73.16492}')
    entry = device.state()["data_in"]
    assert entry["reported"] == '{"001":73.16492}' and "set" not in entry
    (event,) = site.events(type="data_in")
    assert event["payload"] == [{"timestamp": entry["timestamp"], "values": {"data_in": '{"001":73.16492}'}}]
    assert event["identity"] == "12345" and abs(event["timestamp"] - entry["timestamp"]) < 60_000_000


def test_settable_resource_takes_set_too(site):
    """[R37] a report of a settable resource is reported and set"""
    device = site.device()
    send(device, "$resource/config_io", "{}")
    assert device.state()["config_io"]["reported"] == device.state()["config_io"]["set"] == "{}"


def test_undefined_alias(site):
    """[R37] an undefined alias: event, no state, and a finding with the nearest alias"""
    device = site.device()
    send(device, "$resource/datain", "x")
    assert "datain" not in device.state()
    assert values(site)[0]["values"] == {"datain": "x"}
    (finding,) = site.findings("R37")
    assert finding["severity"] == "warning" and "data_in" in finding["hint"]


def test_empty_payload(site):
    """[R37, R40] an empty payload is the empty string, and no number"""
    site.resources(count={"format": "number"})
    device = site.device()
    send(device, "$resource/data_in", "")
    send(device, "$resource/count", "")
    assert device.state()["data_in"]["reported"] == ""
    assert "count" not in device.state()


def test_batch(site):
    """[R38] $resource.batch: one event with one element per entry, each with its own timestamp"""
    device = site.device()
    batch = [
        {"timestamp": 1531111131679000, "values": {"data_in": '{"001":73.16492}'}},
        {"timestamp": 1531111131689665, "values": {"data_in": '{"001":72.73459}', "config_io": "{}"}},
    ]
    send(device, "$resource.batch", batch)
    (event,) = site.events(type="data_in")
    assert event["payload"] == batch
    assert device.state()["data_in"] == {"reported": '{"001":72.73459}', "timestamp": 1531111131689665}
    history = site.control.history(site.connector, "12345", alias="data_in")
    assert [row["timestamp"] for row in history] == [1531111131679000, 1531111131689665]


def test_old_batch_entries_leave_the_state(site):
    """[R38] an entry that is older than the newest reported timestamp goes to the history only; an equal one counts"""
    device = site.device()
    send(device, "$resource.batch", [{"timestamp": 2000000000000000, "values": {"data_in": "new"}}])
    send(device, "$resource.batch", [{"timestamp": 1999999999999999, "values": {"data_in": "old"}}])
    assert device.state()["data_in"]["reported"] == "new"
    send(device, "$resource.batch", [{"timestamp": 2000000000000000, "values": {"data_in": "equal"}}])
    assert device.state()["data_in"]["reported"] == "equal"
    assert [entry["values"]["data_in"] for entry in values(site)] == ["new", "old", "equal"]
    send(device, "$resource/data_in", "now")
    assert device.state()["data_in"]["reported"] == "now"


@pytest.mark.parametrize("timestamp", [1531111131, 1531111131679])
def test_seconds_and_milliseconds(site, timestamp):
    """[R38] a timestamp that looks like seconds or milliseconds is taken as it stands, with a finding"""
    device = site.device()
    send(device, "$resource.batch", [{"timestamp": timestamp, "values": {"data_in": "x"}}])
    assert device.state()["data_in"]["timestamp"] == timestamp
    assert site.findings("R38")


@pytest.mark.parametrize("payload", ["[]", '[{"timestamp":1531111131679000,"values":{}}]'])
def test_empty_batch(site, payload):
    """[R38] an empty batch does nothing; extra keys would be ignored"""
    device = site.device()
    send(device, "$resource.batch", payload)
    assert device.state() == {} or all("reported" not in entry for entry in device.state().values())


def test_extra_keys_in_a_batch(site):
    """[R38] extra keys are ignored"""
    device = site.device()
    send(device, "$resource.batch", [{"timestamp": 1531111131679000, "unit": "F", "values": {"data_in": "x"}}])
    assert device.state()["data_in"]["reported"] == "x"


def test_many_resources(site):
    """[R39] $resource/: an object, one event, time of receipt"""
    device = site.device()
    send(device, "$resource/", {"data_in": "1", "config_io": "2"})
    (event,) = site.events(type="data_in")
    assert event["payload"][0]["values"] == {"data_in": "1", "config_io": "2"}
    assert device.state()["config_io"]["set"] == "2"


@pytest.mark.parametrize(
    "topic, payload",
    [
        ("$resource/", "{"),
        ("$resource/", "[]"),
        ("$resource/", '"text"'),
        ("$resource/", '{"data_in":"a","data_in":"b"}'),
        ("$resource/", b'{"data_in":"\xff"}'),
        ("$resource/", '{"data_in":"a"} x'),
        ("$resource.batch", "{}"),
        ("$resource.batch", '[{"timestamp":1.5,"values":{"data_in":"a"}}]'),
        ("$resource.batch", '[{"timestamp":-1,"values":{"data_in":"a"}}]'),
        ("$resource.batch", '[{"timestamp":"1531111131679000","values":{"data_in":"a"}}]'),
        ("$resource.batch", '[{"values":{"data_in":"a"}}]'),
        ("$resource.batch", '[{"timestamp":1531111131679000}]'),
        ("$resource.batch", '[{"timestamp":1531111131679000,"values":{"data_in":"a"}},7]'),
    ],
)
def test_malformed_messages(site, topic, payload):
    """[R40] malformed JSON, wrong shape, duplicate keys: PUBACK, the whole message dropped, a finding"""
    device = site.device()
    send(device, topic, payload)
    assert values(site) == [] and "reported" not in device.state().get("data_in", {})
    assert any(finding["rule"] in ("R38", "R39", "R40") for finding in site.findings())


FORMATS = [
    ("string", ['"a"', "1", "true"], ["{}", "[]", "null"]),
    ("number", ["1", "-0.5", "1e3", '"73.16492"'], ['"abc"', '" 1"', "true", "null", "{}"]),
    ("boolean", ["true", "false", '"true"'], ["1", '"yes"', "null"]),
]


@pytest.mark.parametrize("kind, good, bad", FORMATS)
def test_formats_in_json(site, kind, good, bad):
    """[R40] in JSON a value must fit the format; a bad one is dropped and the rest of its message kept"""
    site.resources(r={"format": kind})
    device = site.device()
    with device.connected() as client:
        for text in good + bad:
            client.publish_and_wait("$resource/", f'{{"r":{text},"data_in":"kept"}}')
    kept = [entry["values"] for entry in values(site)]
    assert ["r" in entry for entry in kept] == [True] * len(good) + [False] * len(bad)
    assert all(entry["data_in"] == "kept" for entry in kept)
    assert len(site.findings("R40")) == len(bad)


@pytest.mark.parametrize(
    "kind, good, bad",
    [("number", ["1", "-1.5e-3", "0"], ["01", "+1", " 1", "1 ", "NaN", "0x1"]), ("boolean", ["true"], ["True", "1"])],
)
def test_formats_of_raw_values(site, kind, good, bad):
    """[R40] a raw number has JSON's grammar, a raw boolean is true or false"""
    site.resources(r={"format": kind})
    device = site.device()
    with device.connected() as client:
        for text in good + bad:
            client.publish_and_wait("$resource/r", text)
    assert len(values(site)) == len(good)


def test_allowed(site):
    """[R40] allowed: values compared as numbers, and inclusive ranges"""
    site.resources(r={"format": "number", "allowed": [1, "9-11", "-5--1"]})
    device = site.device()
    with device.connected() as client:
        for text in ["1.0", "10e-1", "9", "11", "10.5", "-5", "-1", "8.999", "11.001", "0", "-5.1", "2"]:
            client.publish_and_wait("$resource/r", text)
    assert len(values(site)) == 7


def test_quirk_invalid_value_disconnect(site):
    """[R40] quirk invalid_value: disconnect"""
    site.resources(r={"format": "number"})
    device = site.device()
    site.quirk(invalid_value="disconnect")
    with device.connected() as client:
        client.send(mqtt.publish("$resource/r", "not a number", qos=1))
        client.expect_closed()


@pytest.mark.parametrize("text", ["73.16492", "1.0", "1e3", "12345678901234567890.123456789", "-0.0"])
def test_numbers_keep_their_text(site, text):
    """[R40a] a number comes back with the text it was sent with"""
    site.resources(r={"format": "number"})
    device = site.device()
    send(device, "$resource/r", text)
    path = site.control.device2(site.connector, "/identity/12345/state")
    assert f'"reported":{text}' in site.control.ok("GET", path).text.replace(" ", "")


def test_value_limit(site):
    """[R6] 1,048,576 bytes are accepted, one more is dropped; the others of the message are kept"""
    device = site.device()
    send(device, "$resource/data_in", b"a" * LIMIT)
    assert len(device.state()["data_in"]["reported"]) == LIMIT
    send(device, "$resource/data_in", b"b" * (LIMIT + 1))
    assert device.state()["data_in"]["reported"][0] == "a"
    send(device, "$resource/", {"data_in": "c" * (LIMIT + 1), "config_io": "kept"})
    assert device.state()["config_io"]["reported"] == "kept"
    assert device.state()["data_in"]["reported"][0] == "a"
    assert len(site.findings("R6")) == 2


def test_message_far_over_the_value_limit(site):
    """[R6] a batch far over 1 MiB is fine while each value is within"""
    device = site.device()
    batch = [{"timestamp": 1600000000000000 + n, "values": {"data_in": str(n) * 500_000}} for n in range(6)]
    send(device, "$resource.batch", batch)
    assert device.state()["data_in"]["reported"] == "5" * 500_000


def test_message_of_too_many_values(site):
    """[R40] more entries and values than limits.max_report_values: dropped with a finding that names it, acknowledged,
    and the connection goes on"""
    device = site.device()
    with device.connected() as client:
        many = ",".join(f'"unknown-{n}":1' for n in range(20_001))
        client.publish_and_wait("$resource/", f'{{"data_in":"x",{many}}}'.encode())
        entry = '{"timestamp":1600000000000000,"values":{"data_in":"x"}}'
        client.publish_and_wait("$resource.batch", f"[{','.join([entry] * 10_000)}]".encode())
        client.publish_and_wait("$resource/data_in", b"good")
    assert device.state()["data_in"]["reported"] == "good"
    findings = site.findings("R40")
    assert len(findings) == 2
    assert all("limits.max_report_values" in finding["message"] for finding in findings)
    assert len(site.events(type="data_in")) == 1
