"""Hostile text through every entry: it stays text, in logs, headers, events, reports and metrics."""

import json
import re
import socket
import xml.etree.ElementTree

import pytest

from support import packets as mqtt
from support.command import CommandLine
from support.control import quote
from support.device import Site
from support.server import Server

NASTY = [
    "\r\nSet-Cookie: forged=1\r\n\r\n",
    "line\n{\"level\":\"error\",\"message\":\"forged\"}",
    "\x1b[2J\x1b]0;title\x07",
    "</failure><script>alert(1)</script>",
    "]]>&amp;\"'<!--",
    "| forged | row |\n| a | b |",
    "'; DROP TABLE identities; --",
    "../../../../etc/passwd",
    "%0d%0aSet-Cookie:%20forged=1",
    "a\u202eb\u2028c\u0085d",
    "data: forged\n\nevent: x",
    "=cmd|' /C calc'!A0",
    "x" * 3000,
]  # fmt: skip
NAMES = [text[:20] for text in NASTY]


def logged(server):
    """Every line of the log but "ready", read as the JSON that it must be; no control character is raw in it."""
    text = server.log_file.read_bytes().decode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u0080-\u009f\u2028\u202e]", text)
    return [json.loads(line) for line in text.split("\n") if line and not line.startswith("murano-emulator ready: ")]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("nasty"), "--ephemeral", "--log-packets") as running:
        yield running
        assert not [line for line in logged(running) if line.get("message") == "forged"]


@pytest.fixture(scope="module")
def device(server):
    return Site(server, "nasty").device("device")


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_mqtt(server, device, text):
    """[R34, R40, R46] ClientID, topic, filter, Will, provisioning id and value of a device, and what is told of them"""
    site = device.site
    with device.connected(client_id=text, will=(text, text, 0, False)) as client:
        topic = text.replace("#", "").replace("+", "")
        client.send(mqtt.publish("$forbidden/" + topic, text, qos=1, packet_id=1))
        client.send(mqtt.subscribe(2, "$forbidden/" + topic, topic))
        client.publish_and_wait("$resource/data_in", text, packet_id=3)
        client.publish_and_wait("$provision/" + topic, text, packet_id=4)
    assert site.state("device")["data_in"]["reported"] == text
    assert any(event["type"] == "data_in" for event in site.events(limit=10_000))
    logged(server)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_names(server, text):
    """[D17] identities, aliases, tags and names of a connector: refused in a sentence, or kept as they are"""
    control = server.control
    path = control.device2("names", f"/identity/{quote(text)}")
    answer = control.request("PUT", path, {"tags": {text: text}, text: text})
    assert answer.status in (204, 400), answer
    assert "set-cookie" not in answer.headers
    if answer.status == 204:
        assert control.identity("names", text)["identity"] == text
    for body in ({"resources": {text: {"format": "string"}}}, {"name": text, "description": text}):
        answer = control.request("PATCH", control.device2("names"), body)
        assert answer.status in (204, 400) and "set-cookie" not in answer.headers
    answer = control.request("PATCH", control.device2("names", "/identity/nobody/state"), {text: text})
    assert answer.status in (400, 404)
    for header in ("X-Request-Id", "User-Agent", "Origin"):
        clean = re.sub(r"[^\x20-\x7e]", " ", text).strip()
        assert control.request("GET", "/healthz", headers={header: clean}).status in (200, 403)
    logged(server)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_content(server, text):
    """[R60, R61] content ids, media types and file names: no header of the download is theirs to write"""
    control = server.control
    path = f"/api:1/service/content/content/item/{quote(text)}/upload?type={quote('text/plain' + text)}"
    answer = control.request("GET", path)
    assert answer.status in (200, 400), answer
    if answer.status == 400:
        return
    control.post_form(answer.json(), "name", b"bytes", "text/plain")
    link = control.ok("GET", f"/api:1/service/content/content/item/{quote(text)}/download").json()["url"]
    answer = control.request("GET", link[link.index("/content/") :])
    assert answer.status == 200 and answer.body == b"bytes"
    assert "set-cookie" not in answer.headers
    assert not re.search(r"[\x00-\x1f\x7f]", "".join(answer.headers.values()))
    logged(server)


def test_files_stay_in_their_folder(server):
    """ids and names of snapshots with dots and slashes reach no other file"""
    for name in ("..", "../../etc/passwd", "a/b", ".hidden/../x"):
        for method in ("GET", "PUT"):
            answer = server.control.request(method, f"/_emulator/v1/snapshots/{quote(name)}/file", b"x" * 10)
            assert answer.status in (400, 404), (name, answer)


def csv_form(text):
    head = '--b\r\nContent-Disposition: form-data; name="identities"; filename="i.csv"\r\n\r\n'
    return (head + text + "\r\n--b--\r\n").encode()


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_csv(server, text):
    """a field of a CSV file is one identity or an error with its line, however it is quoted"""
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    quoted = '"' + text.replace('"', '""') + '"'
    path = server.control.device2("csv", "/identities")
    answer = server.control.request("POST", path, csv_form(f"ID\n{quoted}\n"), headers)
    assert answer.status in (204, 400), answer
    if answer.status == 204:
        assert server.control.has_identity("csv", text.strip())


def test_reports(server, device):
    """the report of the findings as JUnit, Markdown, text and JSON, after all that"""
    line = CommandLine(server, "nasty")
    for text in NASTY:  # of its own: the order of tests is nobody's promise
        with device.connected() as client:
            client.send(mqtt.subscribe(2, "$forbidden/" + text.replace("#", "").replace("+", "")))
            client.receive()
    count = len(device.site.findings())
    assert count >= len(NASTY)
    _, junit, _ = line.run("report", "--all", "--format", "junit")
    suite = xml.etree.ElementTree.fromstring(junit)
    assert len(list(suite.iter("testcase"))) == count and suite.find(".//script") is None
    _, markdown, _ = line.run("report", "--all", "--format", "markdown")
    rows = [row for row in markdown.splitlines() if row.startswith("|")]
    assert len(rows) == count + 2 and [row for row in rows if len(re.findall(r"(?<!\\)\|", row)) != 7] == []
    assert not re.search(r"(?<!\\)<", markdown)
    _, text, _ = line.run("report", "--all")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u0080-\u009f\u2028\u202e]", text + markdown)
    assert len(json.loads(line.run("report", "--all", "--format", "json")[1])["findings"]) == count


def test_event_stream(server, device):
    """a value cannot end an event of the stream, or begin one"""
    with device.connected() as client:
        client.publish_and_wait("$resource/data_in", "\n\nid: 999\ndata: forged\n\n", packet_id=9)
    after = server.control.events("nasty", type="data_in")[-1]["cursor"] - 1
    connection = server.control.url.removeprefix("http://").rsplit(":", 1)
    with socket.create_connection((connection[0], int(connection[1]))) as stream:
        target = f"/_emulator/v1/events?connector=nasty&type=data_in&after={after}"
        stream.sendall(f"GET {target} HTTP/1.0\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n".encode())
        text = b""
        while b"data: " not in text or not text.endswith(b"\n\n"):
            text += stream.recv(65536)
    body = text.partition(b"\r\n\r\n")[2].decode()
    assert all(line.startswith(("id: ", "data: {")) for line in body.splitlines() if line)
