"""The journal, the log and the metrics: everything that happens is there, with who, where and when."""

import json
import re

from support import packets as mqtt
from support.device import Site
from support.server import Server
from support.waiting import wait_until

DAY_US = 86_400_000_000


def all_that_can_happen(site):
    """One device's life: an event of every type but the packets."""
    device = site.device("dev")
    with device.connected() as client:
        client.publish_and_wait("$resource/data_in", b"21")
        client.publish_and_wait("own/topic", b"\x00\xff")
        site.set_state({"config_io": "1"}, "dev")
        client.message()
        client.publish_and_wait("$resource/datain", b"x")
        client.send(mqtt.disconnect())
        client.expect_closed()


def test_every_event_tells_who_where_and_when(site):
    """The connection's id ties together what happened on it; times by the emulator's clock and in real."""
    all_that_can_happen(site)
    site.control.delete_identity(site.connector, "dev")
    events = site.events()
    assert [event["cursor"] for event in events] == sorted(event["cursor"] for event in events)
    types = {event["type"] for event in events}
    assert types == {"connect", "disconnect", "provisioned", "data_in", "data_out", "publish", "finding", "deleted"}
    of_device = [event for event in events if event["type"] in ("data_in", "publish") and "connection_id" in event]
    assert len({event["connection_id"] for event in of_device}) == 1
    gone = [event for event in events if event["type"] == "disconnect"][-1]
    assert gone["connection_id"] == of_device[0]["connection_id"]
    assert (gone["closed_by"], bool(gone["reason"])) == ("device", True)
    for event in events:
        assert event["connector"] == site.connector
        assert event["protocol"] in ("mqtt", "http", "control")
        assert abs(event["timestamp"] - event["real_timestamp"]) < 60_000_000
        if event["protocol"] == "mqtt":
            assert event["connection_id"] and event["ip"] == "127.0.0.1"
    message = next(event for event in events if event["type"] == "publish")["payload"]
    assert message == {"topic": "own/topic", "payload": "AP8=", "encoding": "base64"}
    finding = next(event for event in events if event["type"] == "finding" and event["rule"] == "R37")
    assert {"rule", "code", "severity", "packet", "message", "hint"} <= finding.keys()


def test_findings_by_code(site):
    """[R37, R40] rule= finds all codes of a rule, and a code too; code= takes whole codes only; wait takes both"""
    site.resources(count={"format": "number"})
    with site.device().connected() as client:
        client.publish_and_wait("$resource/count", b"21,5", packet_id=1)
        client.publish_and_wait("$resource/count", b"NaN", packet_id=2)
        client.publish_and_wait("$resource/datain", b"1", packet_id=3)

    def codes(**query):
        return [finding["code"] for finding in site.events(type="finding", **query)]

    assert codes() == ["R40.comma_for_point", "R40.nan", "R37.misspelt_alias"]
    assert codes(rule="R40") == ["R40.comma_for_point", "R40.nan"]
    assert codes(rule="R40.nan") == codes(code="R40.nan") == codes(code="r40.nan") == ["R40.nan"]
    assert codes(code="R40.nan", rule="R37") == []
    for path in ("events", "report"):
        refused = site.control.request("GET", f"/_emulator/v1/{path}?connector={site.connector}&code=R40")
        assert refused.status == 400 and "rule takes R40" in refused.text, refused
    match = {"connector": site.connector, "type": "finding", "code": "R40.comma_for_point"}
    assert site.control.ok("POST", "/_emulator/v1/wait", {"match": match, "since": 0}).json()["events"]
    refused = site.control.request("POST", "/_emulator/v1/wait", {"match": {**match, "code": "R40"}, "since": 0})
    assert refused.status == 400 and "rule takes R40" in refused.text, refused


def test_the_emulators_clock_and_real_time_are_told_apart(site):
    """[R39] timestamp follows the clock of the connector, real_timestamp does not"""
    device = site.device()
    site.control.ok("POST", f"/_emulator/v1/clock/advance?connector={site.connector}", {"by": "24h"})
    with device.connected() as client:
        client.publish_and_wait("$resource/data_in", b"1")
    (event,) = site.events(type="data_in")
    assert DAY_US - 60_000_000 < event["timestamp"] - event["real_timestamp"] < DAY_US + 60_000_000


def test_packets_where_a_connector_wants_them(site):
    """Both directions, decoded and as raw bytes; the other connectors journal none."""
    device = site.device()
    site.control.patch_connector(site.connector, {"journal": {"packets": True}})
    other = Site(site.server, f"{site.connector}-other")
    other.device()
    with device.connected() as client:
        client.publish_and_wait("$resource/data_in", b"21", packet_id=7)
        client.subscribe(("$resource/config_io", 1))
    packets = [event["payload"] for event in site.events(type="packet")]
    kinds = [(packet["direction"], packet["type"]) for packet in packets]
    assert kinds[:2] == [("in", "CONNECT"), ("out", "CONNACK")]
    assert ("in", "PUBLISH") in kinds and ("out", "PUBACK") in kinds and ("out", "SUBACK") in kinds
    sent = next(packet for packet in packets if packet["type"] == "PUBLISH")
    assert bytes.fromhex(sent["raw"]) == mqtt.publish("$resource/data_in", b"21", qos=1, packet_id=7)
    assert (sent["topic"], sent["payload"], sent["qos"], sent["id"]) == ("$resource/data_in", "21", 1, 7)
    assert device.token not in json.dumps(packets) and device.token.encode().hex() not in json.dumps(packets)
    assert other.events(type="packet") == []


def lines_of(server):
    return [json.loads(line) for line in server.log().splitlines() if line.startswith("{")]


def test_the_log_names_connection_connector_and_identity(tmp_path):
    """Every line about a device does; with --log-packets there is one for each packet. Secrets are in none."""
    with Server(tmp_path, "--ephemeral", "--log-packets") as server:
        site = Site(server, "logged")
        device = site.device("dev")
        with device.connected() as client:
            client.publish_and_wait("$resource/data_in", b"21")
            client.send(b"\x38" + mqtt.publish("$resource/data_in", b"1")[1:])
            client.expect_closed()
        wait_until(lambda: "device disconnected" in server.log(), "the end of the connection in the log")
        lines = [line for line in lines_of(server) if line.get("connector") == "logged"]
        log = server.log()
    after_login = [line for line in lines if line.get("identity") == "dev"]
    said = {line["message"] for line in after_login}
    assert {"<- PUBLISH", "-> PUBACK", "device disconnected"} <= said
    assert any(line.get("rule") == "R28" for line in after_login)
    assert all(line.get("connection") for line in lines), lines
    assert device.token not in log


def test_metrics_follow_the_rules_of_prometheus(site):
    """Families with HELP and TYPE, counters that end with _total, base units, and what the product promises."""
    all_that_can_happen(site)
    answer = site.control.ok("GET", "/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families, family = {}, None
    for line in answer.text.splitlines():
        if line.startswith("# HELP "):
            family = line.split()[2]
            assert re.fullmatch(r"murano_emulator_[a-z_]+", family) and family not in families
        elif line.startswith("# TYPE "):
            assert line.split()[2] == family
            families[family] = line.split()[3]
        else:
            sample = re.fullmatch(r'([a-z_]+)(\{([a-z_]+="[^"\\]*",?)+\})? ([0-9.]+)', line)
            assert sample, line
            assert sample[1] == family or (families[family] == "histogram" and sample[1].startswith(family)), line
    for name, kind in families.items():
        assert (kind == "counter") == name.endswith("_total"), name
        assert not re.search(r"_(ms|us|milliseconds|kilobytes|mb|count|sum|bucket)$", name), name
    promised = "connections_total packets_total bytes_total events_total commits_total commit_latency_seconds "
    promised += "journal_events_dropped_total tls_handshake_failures_total queued_bytes outbox_bytes resident_memory_bytes "
    promised += "paused_connections_total dropped_copies_total buffered_bytes downloads uploads event_streams "
    promised += "event_streams_stalled refused_connections_total evicted_connections_total"
    assert {f"murano_emulator_{name}" for name in promised.split()} <= families.keys()
    assert re.search(r'build_info\{version="[0-9.]+"\} 1', answer.text)
    assert float(re.search(r"process_start_time_seconds ([0-9.]+)", answer.text)[1]) > 1.6e9
    buckets = [int(count) for count in re.findall(r"latency_seconds_bucket\{[^}]*\} (\d+)", answer.text)]
    assert buckets == sorted(buckets) and buckets[-1] > 0
    assert buckets[-1] == int(re.search(r"latency_seconds_count (\d+)", answer.text)[1])


def test_expired_is_an_event(site):
    """an activation window that runs out is told when its time has come"""
    site.control.put_identity(site.connector, "short")
    at = site.control.ok("GET", f"/_emulator/v1/clock?connector={site.connector}").json()["now_us"] + 3_600_000_000
    site.control.patch_identity(site.connector, "short", {"auth": {"expire": at}})
    site.control.ok("POST", f"/_emulator/v1/clock/advance?connector={site.connector}", {"by": "2h"})
    (event,) = site.control.wait_events(site.connector, type="expired")
    assert event["identity"] == "short"
