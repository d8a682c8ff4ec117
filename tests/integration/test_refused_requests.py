"""HTTP on the device port that is refused: the body and a finding say why, and slips are told for what they are."""

import json

import pytest

from support import packets as mqtt
from support.device import Site
from support.https import device_request, download
from support.raw_client import RawClient
from support.waiting import wait_until

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def link(site):
    """The url of an item, as a device gets it."""
    site.control.upload(site.connector, "logo.gif", b"x" * 1000)
    with site.device().connected() as client:
        client.send(mqtt.publish("$content"))
        return json.loads(client.message()[1])[0]["url"]


def told(site, answer, rule):
    """The one finding of that rule; its message holds what the body says."""
    (finding,) = site.control.wait_events(site.connector, type="finding", rule=rule)
    assert answer.body.decode().strip() in finding["message"]
    assert f"refused with {answer.status}" in finding["message"]
    assert finding["protocol"] == "http" and finding["ip"] and finding["connection_id"]
    return finding


@pytest.mark.parametrize(
    "change, cause",
    [
        (lambda url: url[:-8], "signature has 56 of 64 characters"),
        (lambda url: url.replace("&", "&amp;"), '"&amp;" where "&" belongs'),
        (lambda url: url.split("?")[0], "it has no signature"),
        (lambda url: url.replace("logo.gif", "other.gif"), "that of another link"),
    ],
    ids=["cut", "escaped", "bare", "other"],
)
def test_a_link_that_was_changed(site, change, cause):
    """[R60] 403 with the cause, in the body and in a finding that names no signature"""
    answer = download(site, change(link(site)))
    assert answer.status == 403 and cause in answer.text
    finding = told(site, answer, "R60")
    assert finding["hint"] and "signature=" not in json.dumps(finding)


def test_a_link_that_expired_and_one_of_another_name(site):
    """[R60] an expired link says since when, one of another host name whose it is"""
    url = link(site)
    answer = download(site, url, name=site.server.host(site.connector + "x"))
    assert answer.status == 403 and f"belongs to connector {site.connector}," in answer.text
    site.control.ok("POST", f"/_emulator/v1/clock/advance?connector={site.connector}", {"by": "11m"})
    answer = download(site, url)
    assert answer.status == 403 and "has expired" in answer.text
    assert told(site, answer, "R60")


def test_a_range_behind_the_end_and_an_item_that_is_gone(site):
    """[R60] 416 and 404 leave a finding, a condition that fails does not"""
    url = link(site)
    assert download(site, url, headers={"If-Match": '"other"'}).status == 412
    assert download(site, url, headers={"If-None-Match": "*"}).status == 304
    answer = download(site, url, headers={"Range": "bytes=1000-"})
    assert answer.status == 416 and "has 1000 bytes" in answer.text
    assert answer.headers["content-range"] == "bytes */1000"
    told(site, answer, "R60")
    site.control.ok("DELETE", f"/api:1/service/{site.connector}/content/item/logo.gif")
    assert download(site, url).status == 404
    assert len(site.control.wait_events(site.connector, 2, type="finding", rule="R60")) == 2


@pytest.mark.parametrize(
    "method, target, body, headers, status, rule, cause",
    [
        ("GET", "/index.html", None, {}, 404, "R60", "nothing at this path"),
        ("GET", "/provision/activate", None, {}, 405, "R64", "takes POST"),
        ("post", "/provision/activate", b"id=1", FORM, 405, "R64", "methods are written in capitals: send POST"),
        ("POST", "/provision/activate", b"{}", {"Content-Type": "application/json"}, 415, "R64", "x-www-form-urlencoded"),
        ("POST", "/provision/activate", b"vendor=x", FORM, 400, "R64", "must name the device"),
        ("PUT", "/provision/content/f", b"x", {}, 401, "R65", "no valid credential"),
    ],
)
def test_other_refusals(site, method, target, body, headers, status, rule, cause):
    """[R60, R64, R65] what the device port cannot serve is told to the developer too"""
    site.device()
    answer = device_request(site, method, target, body, headers)
    assert answer.status == status and cause in answer.text
    told(site, answer, rule)


def raw(site, request):
    """What comes back until the server closes."""
    with RawClient.tls(site.server.address, site.server.host(site.connector), site.server.ca) as client:
        client.send(request)
        answer = b""
        while data := client.stream.recv(65536):
            answer += data
        return answer.decode()


@pytest.mark.parametrize("method, target", [("POST", "/provision/activate"), ("PUT", "/provision/content/f")])
def test_no_length(site, method, target):
    """[R64, R65] 411 where Content-Length is missing, and nothing is stored"""
    token = site.provision()
    fields = f"Host: h\r\nConnection: close\r\nAuthorization: token {token}\r\n"
    answer = raw(site, f"{method} {target} HTTP/1.1\r\n{fields}\r\n".encode())
    assert answer.startswith("HTTP/1.1 411 Length Required\r\n") and "Content-Length must say" in answer
    site.control.wait_events(site.connector, type="finding", rule="R64" if method == "POST" else "R65")
    assert site.control.ok("GET", f"/api:1/service/{site.connector}/content/item").json() == []


def test_lines_that_end_in_lf(site):
    """[R60] the LF is named, at once, not the version of HTTP or a missing CONNECT"""
    site.device()
    answer = raw(site, b"GET /content/x HTTP/1.1\nHost: h\n\n")
    assert answer.startswith("HTTP/1.1 400 ") and "ends in LF alone" in answer
    (finding,) = site.control.wait_events(site.connector, type="finding", rule="R60")
    assert "ends in LF alone" in finding["message"]


def test_a_leading_empty_line(site):
    """an empty line in front of a request is no reason to refuse it (RFC 9112, section 2.2)"""
    answer = raw(site, b"\r\nGET /content/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    assert answer.startswith("HTTP/1.1 404 ")


def test_an_mqtt_packet_before_connect_is_no_http(server):
    """[MQTT-3.1.0-1] a PUBREL, whose first byte is a small letter, is still told as MQTT"""
    site = Site(server, "early-pubrel")
    site.device()
    with site.open() as client:
        client.send(b"\x62\x02\x00\x01")
        client.expect_closed()
    wait_until(lambda: site.findings("MQTT-3.1.0-1"), "a finding about the missing CONNECT")


def test_findings_of_one_connection_are_bounded(site):
    """[R60] a client that asks for nothing that is there does not push everything else out of the journal"""
    site.device()
    request = b"GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n"
    last = request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    assert raw(site, request * 49 + last).count("HTTP/1.1 404 ") == 50
    findings = site.control.wait_events(site.connector, 21, type="finding", rule="R60")
    assert len(findings) == 21 and "not recorded one by one" in findings[-1]["message"]
