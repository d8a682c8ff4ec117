"""What the journal tells about every message that is dropped, refused, ignored or doubtful: the wire cannot."""

import dataclasses
import json
import time

import pytest

from support import packets as mqtt
from support.device import Device, Site
from support.finding_table import complaint
from support.server import Server
from support.vectors import ANONYMOUS_CONNECT, CONNACK, read, rows
from support.waiting import Deadline

LIMIT = 1_048_576
NAMES = {mqtt.CONNECT: "CONNECT", mqtt.PUBLISH: "PUBLISH", mqtt.PUBACK: "PUBACK", mqtt.SUBSCRIBE: "SUBSCRIBE"}


@dataclasses.dataclass
class Case:
    code: str
    severity: str
    packet: dict  # what the finding must say about the packet
    sent: bytes
    message: str  # a part of it
    hint: str  # a part of it


def publishes(code, severity, topic, payload, message, hint, qos=1, **flags):
    packet = {"type": "PUBLISH", "topic": topic, **({"id": 5} if qos else {})}
    return Case(code, severity, packet, mqtt.publish(topic, payload, qos=qos, packet_id=5, **flags), message, hint)


def subscribes(code, severity, topic, message, hint, qos=0):
    packet = {"type": "SUBSCRIBE", "topic": topic, "id": 6}
    return Case(code, severity, packet, mqtt.subscribe(6, (topic, qos)), message, hint)


def batch(timestamp, **values):
    return json.dumps([{"timestamp": timestamp, "values": values}])


MICROSECONDS = 1531111131679000
NEAR_MISSES = [
    publishes("R37.alias_white_space", "warning", "$resource/data_in ", "x", "No resource", "'data_in'? The alias has white space"),
    publishes("R37.misspelt_alias", "warning", "$resource/datain", "x", "No resource", "Did you mean 'data_in'?"),
    publishes("R37.alias_case", "warning", "$resource/Data_In", "x", "No resource", "Case matters"),
    publishes("R37.misspelt_alias", "warning", "$resource/", '{"datain":"x"}', "No resource 'datain'", "Did you mean 'data_in'?"),
    publishes("R37.unknown_resource", "warning", "$resource/entirely_else", "x", "recorded as an event but not stored", "Define the resource"),
    publishes("R45a.misspelt_topic", "warning", "resource/data_in", "x", "one of the device's own", "'$resource/data_in'"),
    publishes("R45a.shell_expansion", "warning", "/data_in", "x", "one of the device's own", "'$resource/data_in'? In double quotes"),
    publishes("R45a.shell_expansion", "warning", "/", "{}", "one of the device's own", "'$resource/'? In double quotes a shell"),
    publishes("R45a.shell_expansion", "warning", ".batch", "[]", "one of the device's own", "'$resource.batch'? In double quotes"),
    publishes("R45a.shell_expansion", "warning", "/dev", "", "one of the device's own", "'$provision/dev'? In double quotes a shell"),
    publishes("R45a.misspelt_topic", "warning", "/provision/dev", "", "one of the device's own", "'$provision/dev'"),
    publishes("R45a.misspelt_topic", "warning", "/content", "", "one of the device's own", "'$content'"),
    publishes("R46.misspelt_topic", "violation", "$resources/data_in", "x", "knows no such topic", "'$resource/data_in'"),
    publishes("R46.misspelt_topic", "violation", "$Resource/data_in", "x", "knows no such topic", "'$resource/data_in'"),
    publishes("R46.no_slash", "violation", "$resource", "{}", "the slash is missing", "$resource/<alias>"),
    publishes("R46.third_level", "violation", "$resource/data_in/1531111131679000", "x", "two levels", "'$resource/data_in'"),
    publishes("R46.unknown_topic", "violation", "$SYS/broker", "x", "knows no such topic", "must not begin with a dollar sign"),
    publishes("R46.other_device", "violation", "$provision/other", "", "another device", "own id only"),
    publishes("R46.own_id_misspelt", "violation", "$provision/DEV", "", "another device", "Did you mean 'dev'?"),
    publishes("R46.own_id_misspelt", "violation", "$provision/dev ", "", "another device", "Did you mean 'dev'?"),
    publishes("R54.already_provisioned", "warning", "$provision/dev", "", "provisioned already", "revoke"),
    publishes("R60.payload_ignored", "warning", "$content", "{}", "payload", "empty", qos=0),
    publishes("R38.seconds_for_microseconds", "warning", "$resource.batch", batch(1531111131, data_in="x"), "looks like seconds", "16 digits"),
    publishes("R38.milliseconds_for_microseconds", "warning", "$resource.batch", batch(1531111131679, data_in="x"), "milliseconds", "16 digits"),
    publishes("R38.nanoseconds_for_microseconds", "warning", "$resource.batch", batch(MICROSECONDS * 1000, data_in="x"), "nanoseconds", "16 digits"),
    publishes("R40.nested", "violation", "$resource/", '{"data_in":{"001":73.1}}', "an object", "in a string"),
    publishes("R40.nested", "violation", "$resource.batch", batch(MICROSECONDS, data_in={"a": 1}), "an object", "in a string"),
    publishes("R40.null_value", "violation", "$resource/", '{"data_in":null}', "null", "Leave the alias out"),
    publishes("R40.array_for_object", "violation", "$resource/", '[{"data_in":"x"}]', "an array", "$resource.batch"),
    publishes("R40.object_for_array", "violation", "$resource.batch", '{"timestamp":1,"values":{}}', "an object", "Wrap the entry"),
    publishes("R40.json_cut_short", "violation", "$resource/", '{"data_in":"x"', "malformed JSON", "buffer"),
    publishes("R40.json_nan", "violation", "$resource/", '{"count":nan}', "NaN or Infinity", "isfinite()"),
    publishes("R40.json_nan", "violation", "$resource/", '{"count":-nan}', "NaN or Infinity", "isfinite()"),
    publishes("R40.json_unquoted_key", "violation", "$resource/", "{count:1}", "key without double quotes", "double quotes"),
    publishes("R40.json_extra_comma", "violation", "$resource/", '{"count":1,}', "a comma before", "Leave out the comma"),
    publishes("R40.json_zero_byte", "violation", "$resource/", b'{"count":1}\0', "a zero byte", "C string"),
    publishes("R40.zero_byte", "violation", "$resource/count", b"25.5\0", "format is number", "C string"),
    publishes("R40.zero_byte", "violation", "$resource/on", b"true\0", "format is boolean", "C string"),
    publishes("R40.duplicate_key", "violation", "$resource/", '{"data_in":"x","data_in":"y"}', "occurs twice", "once"),
    publishes("R40.empty_message", "violation", "$resource/", "", "payload is empty", "object"),
    publishes("R40.quoted_timestamp", "violation", "$resource.batch", batch(f"{MICROSECONDS}", data_in="x"), "whole number", "quotes"),
    publishes("R40.timestamp_not_whole", "violation", "$resource.batch", batch(1.5, data_in="x"), "whole number", "digits alone"),
    publishes("R40.no_timestamp", "violation", "$resource.batch", '[{"values":{}}]', "no `timestamp`", "microseconds"),
    publishes("R40.white_space", "violation", "$resource/count", "21.5\n", "format is number", "white space"),
    publishes("R40.comma_for_point", "violation", "$resource/count", "21,5", "format is number", "point"),
    publishes("R40.nan", "violation", "$resource/count", "NaN", "format is number", "NaN"),
    publishes("R40.value_not_allowed", "violation", "$resource/count", "1000", "not allowed", "0-100"),
    publishes("R40.boolean_spelling", "violation", "$resource/on", "True", "format is boolean", "true"),
    publishes("R40.value_not_utf8", "violation", "$resource/data_in", b"\xff", "UTF-8", "base64"),
    publishes("R6.value_too_large", "violation", "$resource/data_in", "x" * (LIMIT + 1), "1048577 bytes", "1048576"),
    publishes("R5.control_characters", "warning", "tab\there", "x", "control characters", "printable"),
]
PROTOCOL = [
    publishes("R27.dup_without_retry", "warning", "$resource/data_in", "x", "DUP is 1", "sent again", dup=True),
    publishes("R26.qos_2", "warning", "$resource/data_in", "x", "no PUBREC", "QoS 1", qos=2),
    publishes("R23.retain", "info", "$resource/data_in", "x", "RETAIN", "RETAIN 0", retain=True),
    Case("R29.unexpected_puback", "warning", {"type": "PUBACK", "id": 9}, mqtt.acknowledgement(mqtt.PUBACK, 9),
         "never sends QoS 1", "QoS 1"),
    subscribes("R34.unknown_filter", "violation", "$SYS/#", "0x80", "dollar sign"),
    subscribes("R34.resource_filter", "violation", "$resource", "0x80", "$resource/#"),
    subscribes("R34.other_device", "violation", "$provision/+", "0x80", "'$provision/dev'"),
    subscribes("R34.content_filter", "violation", "$content/#", "0x80", "$content"),
    subscribes("R34.misspelt_filter", "violation", "$resorce/#", "0x80", "'$resource/#'"),
    subscribes("R45a.misspelt_topic", "warning", "resource/#", "own", "'$resource/#'"),
    subscribes("R33.higher_qos", "info", "$resource/#", "QoS 0 is granted", "QoS 0", qos=1),
    Case("R36.unsubscribe_without_effect", "info", {"type": "UNSUBSCRIBE", "id": 7, "topic": "$resource/#"},
         mqtt.unsubscribe(7, "$resource/#"), "no effect", "keep coming"),
    Case("R5.control_characters", "warning", {"type": "UNSUBSCRIBE", "id": 7}, mqtt.unsubscribe(7, "a\x01"), "control characters", "printable"),
]  # fmt: skip


@pytest.fixture
def site(site):
    site.resources(count={"format": "number", "allowed": ["0-100"]}, on={"format": "boolean"})
    return site


def names(case):
    return f"{case.code} {case.packet['type']} {case.packet.get('topic', '').strip()}"


def check(finding, case, identity, connection_id):
    assert finding["severity"] == case.severity
    assert case.message in finding["message"] and case.hint in finding["hint"], finding
    assert finding["identity"] == identity and finding["connection_id"] == connection_id
    assert finding["packet"] == case.packet
    assert finding["message"].endswith("."), finding["message"]


@pytest.mark.parametrize("case", NEAR_MISSES + PROTOCOL, ids=names)
def test_finding(site, case):
    """Each near miss leaves one finding with rule and code, severity, who, which packet, what happened and what to do instead
    [R5, R6, R23, R26, R27, R29, R33, R34, R36, R37, R38, R40, R45a, R46, R54, R60]"""
    device = site.device("dev")
    with device.connected() as client:
        client.send(case.sent)
        client.barrier()
        (connection,) = [row for row in site.control.connections() if row["connector"] == site.connector]
    (finding,) = [event for event in site.findings() if event["packet"]["type"] != "CONNECT"]
    assert (finding["code"], finding["rule"]) == (case.code, case.code.split(".")[0]), finding
    check(finding, case, "dev", connection["id"])
    assert json.dumps(finding["message"])[1:-1] in site.server.log()


def test_each_finding_is_compared_with_the_table(site):
    """What docs/findings.tsv does not say, in severity, message or hint, fails the test that provoked it"""
    with site.device().connected() as client:
        client.publish_and_wait("$resource/datain", b"1")
    (finding,) = site.findings()
    assert complaint(finding) is None
    for change in ({"severity": "info"}, {"message": "Something else."}, {"hint": ""}, {"code": "R37.new"}, {"rule": "R38"}):
        assert complaint({**finding, **change}), change


def test_a_repeat_is_no_finding(site):
    """[R27] DUP on a repeat is as it should be, also on the next connection: no finding"""
    device = site.device()
    with device.connected() as client:
        for dup in (False, True):
            client.send(mqtt.publish("$resource/data_in", "x", qos=1, packet_id=5, dup=dup))
            client.until_puback(5)
    site.control.wait_events(site.connector, type="disconnect", identity=device.identity)
    with device.connected() as client:
        client.send(mqtt.publish("$resource/data_in", "x", qos=1, packet_id=5, dup=True))
        client.until_puback(5)
    assert site.findings() == []


def test_a_repeat_over_a_restart_is_no_finding(tmp_path):
    """[R27] DUP behind a restart may repeat what was sent before it: no finding; the connection after it is known again"""
    with Server(tmp_path) as server:
        device = Site(server, "any").device()
        server.kill()
        server.start()
        again = Device(Site(server, "any"), device.identity, device.token)
        for packet_id in (5, 6):
            with again.connected(client_id="same") as client:
                client.send(mqtt.publish("$resource/data_in", "x", qos=1, packet_id=packet_id, dup=True))
                client.until_puback(packet_id)
        (finding,) = server.control.findings("any", "R27")
    assert finding["packet"]["id"] == 6


def test_a_good_device_leaves_none(site):
    """What a device may do leaves no finding [R48, R37, R38, R39, R32, R60]"""
    device = site.device()
    with device.connected(will=("$resource/data_in", "gone", 0, False)) as client:
        client.subscribe("$resource/#", "$content", "news")
        client.publish_and_wait("$resource/data_in", '{"001":1}')
        client.publish_and_wait("$resource/", '{"data_in":"x","count":7,"on":true}')
        client.publish_and_wait("$resource.batch", batch(time.time_ns() // 1000, data_in="x"))
        client.send(mqtt.publish("$content"))
        assert client.message()[0] == "$content"
        client.send(mqtt.disconnect())
        client.expect_closed()
    assert site.findings() == []


@pytest.mark.parametrize(
    "fields, code, severity, hint",
    [
        ({"username": "", "password": "A" * 40}, "R12.unknown_token", "warning", "line end"),
        ({"username": "dev", "password": "A" * 40}, "R12.wrong_credential", "warning", "token"),
        ({"username": "nobody", "password": "A" * 40}, "R14.unknown_device", "warning", "Username"),
        ({"username": "dev"}, "R14.no_password", "violation", "Password"),
    ],
)
def test_refused_connect(site, fields, code, severity, hint):
    """[R12, R14] a refused CONNECT says why, and what the Username or Password should be"""
    site.device("dev")
    with site.open() as client:
        assert client.refused(**fields) == 4
    (finding,) = site.findings()
    assert (finding["code"], finding["severity"]) == (code, severity) and hint in finding["hint"]
    assert "code 4" in finding["message"] and finding["packet"] == {"type": "CONNECT"}
    assert "A" * 40 not in json.dumps(finding) + site.server.log()


@pytest.mark.parametrize(
    "will, codes",
    [
        (("$resource/data_in", "x", 1, False), {"R8.will_qos"}),
        (("$resource/data_in", "x", 2, True), {"R8.will_qos", "R9.will_retain"}),
        (("$resource/datain", "x", 0, False), {"R37.misspelt_alias"}),
        (("$SYS/x", "x", 0, False), {"R46.unknown_topic"}),
        (("$content", "", 0, False), {"R60.will_to_content"}),
    ],
)
def test_will(site, will, codes):
    """[R7, R8, R9] what of a Will is ignored or dropped leaves findings, at the CONNECT or when it is processed"""
    device = site.device()
    with device.connected(will=will):
        pass
    site.control.wait_events(site.connector, type="disconnect", identity=device.identity)
    findings = site.findings()
    assert {finding["code"] for finding in findings} == codes
    assert all(finding["identity"] == device.identity and finding["hint"] for finding in findings)


def test_keep_alive(site):
    """A device that is silent too long is told so [MQTT-3.1.2-24]"""
    device = site.device()
    with device.connected(keep_alive=1) as client:
        client.expect_closed()
    (finding,) = site.findings("MQTT-3.1.2-24")
    assert finding["code"] == "MQTT-3.1.2-24.silent_too_long"
    assert "PINGREQ" in finding["hint"] and finding["identity"] == device.identity


@pytest.mark.parametrize("sent", [b"", b"\x10", b"\x10\x0c\x00\x04MQ"])
def test_connect_that_never_comes(tmp_path, sent):
    """A client that opens a connection and sends no CONNECT, or half of one, is told so, and since when the time
    counts [MQTT-3.1.0-1]"""
    settings = {"limits": {"connect_timeout_ms": 1000}}
    with Server(tmp_path, "--ephemeral", settings=settings) as server:
        with server.client("slow") as client:
            client.send(sent)
            client.stream.settimeout(Deadline().left())
            assert client.stream.recv(1) == b""
        (finding,) = server.control.wait_events("slow", type="finding")
        assert finding["code"] == "MQTT-3.1.0-1.connect_timeout" and "connect_timeout_ms" in finding["message"]
        assert ("unfinished packet" if sent else "sent nothing") in finding["message"]
        assert "accepting the connection" in finding["hint"]


GOODBYES = ["DISCONNECT", "nothing behind DISCONNECT is processed", "a whole life in one write"]


def test_every_closing_row_of_the_vectors(server):
    """Whatever closes a connection in tests/vectors leaves exactly one finding: rule, type, message [MQTT-4.8.0-1]"""
    control, wordless = server.control, []
    Site(server, "vectors").provision("first")
    for row in rows():
        if not row.closes or row.name in GOODBYES:
            continue
        with server.client("vectors") as client:
            deadline = Deadline()
            if row.prelude == "anonymous":
                client.send(ANONYMOUS_CONNECT)
                assert read(client.stream, len(CONNACK), deadline) == CONNACK
            before = control.ok("GET", control.emulator("/events?connector=vectors&limit=10000")).json()["next"]
            client.send(row.sent)
            read(client.stream, len(row.expected) + 1, deadline)
        found = control.wait_events("vectors", type="finding", after=before)
        bad = [f for f in found if not (f["rule"] and f["message"] and f["connection_id"] and "packet" in f)]
        if len(found) != 1 or bad:
            wordless.append((row.name, found))
        elif row.sent[0] >> 4 in NAMES and " " not in row.name.split(",")[0]:
            assert found[0]["packet"]["type"] == NAMES[row.sent[0] >> 4], row.name
    assert wordless == []
