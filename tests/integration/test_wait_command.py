"""wait-for and report: waiting and judging from scripts."""

import json
import xml.etree.ElementTree

import pytest
from support import packets as mqtt
from support.command import CommandLine


@pytest.fixture
def line(site):
    return CommandLine(site.server, site.connector)


def report_value(device, value):
    with device.connected() as client:
        client.publish_and_wait("$resource/data_in", value.encode())


def misbehave(device):
    """DUP with QoS 0: a violation; and an alias that nobody defined: a warning."""
    with device.connected() as client:
        client.publish_and_wait("$resource/datain", b"1")
        client.send(b"\x38" + mqtt.publish("$resource/data_in", b"1")[1:])
        client.expect_closed()


def test_wait_for_prints_the_event(site, line):
    """What has happened since a cursor counts; --json prints the event."""
    report_value(site.device(), '{"channels":{"001":5}}')
    shown = line.ok("wait-for", "data_in", "--since", 0, "--alias", "data_in", "--jsonpath", "/channels/001>=5")
    assert "data_in" in shown and "12345" in shown
    event = line.json("wait-for", "data_in", "--since", 0, "--identity", "12345", "--contains", "channels")
    assert event["type"] == "data_in"


def test_wait_for_wakes(site, line):
    """It ends while the device is still there."""
    device = site.device()
    with line.start("wait-for", "data_in", "--regex", "^4[0-9]$", "--since", 0) as waiting:
        report_value(device, "41")
        assert "41" in waiting.line()


def test_wait_for_misses_with_3(site, line):
    """The near misses in plain words; with --json as the API tells them."""
    report_value(site.device(), "21")
    wanted = ("wait-for", "data_in", "--alias", "data_in", "--equals", "22", "--since", 0, "--within", "20ms")
    said = line.fails(*wanted, code=3)
    assert "no matching data_in event (wanted at least 1)" in said
    assert '"data_in": "21" is not "22"' in said
    code, out, _ = line.run(*wanted, "--json")
    assert code == 3
    assert json.loads(out)["near_misses"][0]["why"] == '"data_in": "21" is not "22"'
    said = line.fails("wait-for", "content_in", "--since", 0, "--within", "20ms", code=3)
    assert said.endswith("Nothing came near. What devices did wrong: murano-emulator report\n")


def test_wait_for_counts(site, line):
    """Exactly, at least, none."""
    device = site.device()
    report_value(device, "1")
    report_value(device, "2")
    assert len(line.ok("wait-for", "data_in", "--since", 0, "--count", ">=2").splitlines()) == 2
    assert len(line.ok("wait-for", "data_in", "--since", 0, "--count", "2", "--within", "10ms").splitlines()) == 2
    line.fails("wait-for", "data_in", "--since", 0, "--count", "1", "--within", "10ms", code=3)
    assert line.ok("wait-for", "data_in", "--count", "0", "--within", "10ms") == ""


def test_wait_for_bad_usage(site, line):
    """Exit code 2, and what is wrong."""
    site.device()
    assert "'>=N'" in line.fails("wait-for", "connect", "--count", "x", code=2)
    assert "--within" in line.fails("wait-for", "connect", "--within", "soon", code=2)
    assert "cursor" in line.fails("wait-for", "connect", "--since", "-1", code=2)
    assert "did you mean" in line.fails("wait-for", "conect", code=2)
    assert "--regex: " in line.fails("wait-for", "connect", "--regex", "(", code=2)
    line.fails("wait-for", code=2)


def test_report(site, line):
    """Findings in each format; --fail-on decides the exit code."""
    device = site.device()
    assert line.ok("report", "--fail-on", "warning") == "no findings\n"
    misbehave(device)
    line.ok("wait-for", "finding", "--rule", "R28", "--since", 0)
    assert "1 violation, 1 warning" in line.ok("report")
    assert line.ok("report") == site.control.ok("GET", f"/_emulator/v1/report?connector={site.connector}&format=text").text
    assert "1 violation" in line.fails("report", "--fail-on", "violation")
    line.ok("report", "--fail-on", "violation", "--rule", "R37")
    line.fails("report", "--fail-on", "warning", "--rule", "R37")
    line.ok("wait-for", "finding", "--rule", "R28.dup_with_qos_0", "--since", 0)
    line.fails("report", "--fail-on", "violation", "--rule", "R28.dup_with_qos_0")
    line.ok("report", "--fail-on", "violation", "--rule", "R28.another")
    said = line.fails("wait-for", "finding", "--rule", "R28.another", "--since", 0, "--within", "1ms", code=3)
    assert "its code is R28.dup_with_qos_0, not R28.another" in said
    assert line.json("report")["violations"] == 1
    suites = xml.etree.ElementTree.fromstring(line.ok("report", "--format", "junit"))
    assert (suites.get("tests"), suites.get("failures")) == ("2", "1")
    assert "murano-emulator.R28.dup_with_qos_0" in {case.get("classname") for case in suites.iter("testcase")}
    assert "| violation | R28.dup\\_with\\_qos\\_0 |" in line.ok("report", "--format", "markdown")
    line.fails("report", "--format", "html", code=2)
    line.fails("report", "--fail-on", "info", code=2)


def test_report_folds(site, line):
    """A mistake that is repeated is one entry with its count and one example; --all shows each"""
    device = site.device()
    with device.connected() as client:
        for value in (b"1", b"2", b"3"):
            client.publish_and_wait("$resource/datain", value)
    (entry,) = line.json("report")["findings"]
    first, *_, last = site.findings("R37")
    assert entry == {
        **first,
        "count": 3,
        "first_timestamp": first["timestamp"],
        "last_timestamp": last["timestamp"],
    }
    shown = line.ok("report")
    assert shown.count("warning R37.misspelt_alias") == 1 and "3 times, first " in shown and "1 warning (3 times)" in shown
    suites = xml.etree.ElementTree.fromstring(line.ok("report", "--format", "junit", "--fail-on", "violation"))
    assert suites.get("tests") == "1" and "3 times" in suites.find(".//system-out").text
    assert len(line.json("report", "--all")["findings"]) == 3
    assert line.ok("report", "--all").count("warning R37") == 3
    line.ok("report", "--since", last["cursor"], "--fail-on", "warning")


def test_report_over_http(site):
    """GET /report is the report as the command makes it: CI without the binary"""
    site.device()
    path = f"/_emulator/v1/report?connector={site.connector}"
    misbehave(site.device("other"))
    for form, kind in (("text", "text/plain"), ("json", "application/json"), ("junit", "xml"), ("markdown", "markdown")):
        answer = site.control.ok("GET", f"{path}&format={form}")
        assert kind in answer.headers["content-type"] and "R28" in answer.text, form
    junit = xml.etree.ElementTree.fromstring(site.control.ok("GET", f"{path}&format=junit&fail_on=warning").body)
    assert (junit.get("tests"), junit.get("failures")) == ("2", "2")
    for query, said in (("format=html", "text, json, junit or markdown"), ("fail_on=info", "fail_on"), ("all=1", "all"),
                        ("since=x", "since"), ("form=json", "no such parameter")):
        answer = site.control.request("GET", f"{path}&{query}")
        assert answer.status == 400 and said in answer.text


def test_events_export_as_json_lines(site, line):
    """`events --json` is one JSON document a line."""
    report_value(site.device(), "1")
    lines = line.ok("events", "--json").splitlines()
    assert len(lines) > 2
    assert [json.loads(one)["cursor"] for one in lines] == sorted(json.loads(one)["cursor"] for one in lines)
