"""Faults of content: downloads that break off, and lists that lie."""

import http.client
import json
import time
import urllib.parse

import pytest

from support import packets as mqtt
from support.faults import FAULTS, fault, hits
from support.https import DeviceHttps, device_request, download

BODY = bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def no_faults(server):
    yield
    server.control.ok("DELETE", FAULTS, status=(204,))


def listing(client):
    client.send(mqtt.publish("$content", b""))
    topic, answer = client.message()
    assert topic == "$content"
    return json.loads(answer)


@pytest.fixture
def link(site):
    """Of an item that the device 7 asked for."""
    site.control.upload(site.connector, "firmware.bin", BODY)
    with site.device("7").connected() as client:
        return listing(client)[0]["url"]


def cut(site, url):
    """What comes of the body before the connection ends."""
    server = site.server
    connection = DeviceHttps(server.address, server.host(site.connector), server.ca)
    parts = urllib.parse.urlsplit(url)
    connection.request("GET", parts.path + "?" + parts.query, headers={"Host": server.host(site.connector)})
    answer = connection.getresponse()
    assert int(answer.headers["Content-Length"]) == len(BODY)
    got = b""
    try:
        while piece := answer.read1(65536):
            got += piece
    except (http.client.IncompleteRead, OSError):
        pass
    connection.close()
    return got


def test_status_with_its_fields(site, link):
    with fault(site, "http_status", status=503, retry_after_s=7, name="firmware*", times=1):
        answer = download(site, link)
        assert (answer.status, answer.headers["retry-after"]) == (503, "7")
        assert download(site, link).status == 200
    with fault(site, "http_status", status=302, location="https://elsewhere.example/"):
        assert download(site, link).headers["location"] == "https://elsewhere.example/"
    with fault(site, "http_status", status=500, body="empty"):
        assert download(site, link).body == b""


def test_status_of_other_requests(site):
    with fault(site, "http_status", status=503, request="activate"):
        assert device_request(site, "POST", "/provision/activate", b"id=9",
                              {"Content-Type": "application/x-www-form-urlencoded"}).status == 503
    token = site.provision("9")
    with fault(site, "http_status", status=507, request="upload"):
        answer = device_request(site, "PUT", "/provision/content/log", b"x", {"Authorization": f"token {token}"})
        assert answer.status == 507
        assert site.control.request("GET", f"/api:1/service/{site.connector}/content/item/device2%2F9%2Flog").status == 404


def test_other_items_and_other_devices_are_left_alone(site, link):
    with fault(site, "http_status", status=503, name="other.bin"), fault(site, "http_status", status=503, identity="8"):
        assert download(site, link).status == 200
    with fault(site, "http_status", status=503, identity="7"):
        assert download(site, link).status == 503
        assert hits(site, kind="http_status")[-1]["detail"].endswith("503")


@pytest.mark.parametrize("how", ["fin", "reset"])
@pytest.mark.parametrize("after", [0, 100])
def test_the_body_ends_early(site, link, how, after):
    with fault(site, "body_cut", after_bytes=after, how=how, times=1):
        got = cut(site, link)
        assert BODY.startswith(got) and len(got) <= after
        if how == "fin":
            assert len(got) == after
    assert download(site, link).body == BODY


def test_one_byte_is_wrong(site, link):
    usual = download(site, link)
    with fault(site, "body_flip"):
        answer = download(site, link)
    wrong = [at for at in range(len(BODY)) if answer.body[at] != BODY[at]]
    assert wrong == [len(BODY) // 2] and answer.headers["etag"] == usual.headers["etag"]
    with fault(site, "body_flip", at=3):
        assert download(site, link).body[:4] == BODY[:3] + bytes([BODY[3] ^ 1])


def test_the_body_comes_slowly(site, link):
    with fault(site, "body_slow", bytes_per_s=20_000):
        begin = time.monotonic()
        assert download(site, link).body == BODY
        assert 0.3 <= time.monotonic() - begin < 5


def test_the_range_is_ignored(site, link):
    assert download(site, link, headers={"Range": "bytes=10-19"}).status == 206
    with fault(site, "no_range"):
        answer = download(site, link, headers={"Range": "bytes=10-19"})
        assert (answer.status, answer.body) == (200, BODY)


def test_the_content_changes_between_two_requests(site, link):
    with fault(site, "content_changed"):
        first = download(site, link, headers={"Range": "bytes=0-99"})
        assert (first.status, first.body) == (206, BODY[:100])
        headers = {"Range": "bytes=100-", "If-Range": first.headers["etag"]}
        second = download(site, link, headers=headers)
        assert second.status == 200
        assert len(second.body) == len(BODY) and second.body != BODY
        assert second.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize("how", ["expired_urls", "wrong_length", "wrong_mime", "extra", "malformed", "empty"])
def test_the_list_lies(site, how):
    site.control.upload(site.connector, "firmware.bin", BODY)
    with site.device("7").connected() as client:
        with fault(site, "content_list", count=3, **{"as": how}):
            client.send(mqtt.publish("$content", b""))
            payload = client.message()[1]
    if how == "malformed":
        with pytest.raises(ValueError):
            json.loads(payload)
        return
    items = json.loads(payload)
    if how == "empty":
        assert items == []
    elif how == "extra":
        assert len(items) == 4
    elif how == "wrong_length":
        assert items[0]["length"] != len(BODY)
    elif how == "wrong_mime":
        assert items[0]["mime"] == "application/x-wrong"
    else:
        answer = download(site, items[0]["url"])
        assert answer.status == 403 and "expired" in answer.text
