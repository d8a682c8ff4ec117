"""Content items and uploads: R60 to R62, R65."""

import base64
import hashlib
import json

import pytest

from support import certificates
from support import packets as mqtt
from support.https import device_request, download

LOGO = bytes(range(256)) * 64


def listing(client, payload=b""):
    client.send(mqtt.publish("$content", payload))
    topic, answer = client.message()
    assert topic == "$content"
    return json.loads(answer)


def upload(site, token, name, data=b"log", mime="text/plain", **headers):
    headers = {"Authorization": f"token {token}", "Content-Type": mime, **headers}
    return device_request(site, "PUT", f"/provision/content/{name}", data, headers)


def test_empty_list(site):
    """[R60] an empty store is an empty array"""
    with site.device().connected() as client:
        assert listing(client) == []


def test_list_and_download(site):
    """[R60] name, length, mime and url of each item, by name; the url serves the bytes over HTTPS on the device port"""
    site.control.upload(site.connector, "logo.gif", LOGO, "image/gif")
    site.control.upload(site.connector, "a.txt", b"hello", "text/plain")
    with site.device().connected() as client:
        items = listing(client)
    assert [item["name"] for item in items] == ["a.txt", "logo.gif"]
    assert sorted(items[1]) == ["length", "mime", "name", "url"]
    assert (items[1]["length"], items[1]["mime"]) == (len(LOGO), "image/gif")
    host, port = site.server.host(site.connector), site.server.address[1]
    assert items[1]["url"].startswith(f"https://{host}:{port}/")
    answer = download(site, items[1]["url"])
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, LOGO, "image/gif")


def test_payload_of_a_list_request(site):
    """[R60] a non-empty request payload is ignored, with a finding"""
    with site.device().connected() as client:
        assert listing(client, b"please") == []
        client.barrier()
    assert site.findings("R60")


def test_list_needs_no_subscription_and_comes_once(site):
    """[R60, R31] the reply comes once, subscribed or not"""
    with site.device().connected() as client:
        client.subscribe("$content")
        listing(client)
        client.silent()


def test_connectors_see_their_own_items(site):
    """[R61] two devices of one connector see the same list, another connector another one"""
    other = type(site)(site.server, site.connector + "b")
    site.control.upload(site.connector, "logo.gif", LOGO)
    lists = []
    for device in (site.device("one"), site.device("two"), other.device("one")):
        with device.connected() as client:
            lists.append([item["name"] for item in listing(client)])
    assert lists == [["logo.gif"], ["logo.gif"], []]


def test_link_holds_for_its_host_only(site):
    """[R62] 403 for another connector's host name, and for a changed signature"""
    site.control.upload(site.connector, "logo.gif", LOGO)
    with site.device().connected() as client:
        (item,) = listing(client)
    assert download(site, item["url"], name=site.server.host(site.connector + "b")).status == 403
    assert download(site, item["url"][:-1] + ("0" if item["url"][-1] != "0" else "1")).status == 403


def test_link_expires(site):
    """[R62] the link expires by the emulator's clock, after 600 s by default"""
    site.control.upload(site.connector, "logo.gif", LOGO)
    with site.device().connected() as client:
        (item,) = listing(client)
    clock = f"/_emulator/v1/clock/advance?connector={site.connector}"
    site.control.ok("POST", clock, {"by": "590s"})
    assert download(site, item["url"]).status == 200
    site.control.ok("POST", clock, {"by": "11s"})
    assert download(site, item["url"]).status == 403


def test_range_head_and_etag(site):
    """[R62] Range, If-None-Match and HEAD"""
    site.control.upload(site.connector, "logo.gif", LOGO)
    with site.device().connected() as client:
        (item,) = listing(client)
    part = download(site, item["url"], headers={"Range": "bytes=10-19"})
    assert (part.status, part.body) == (206, LOGO[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(LOGO)}"
    assert download(site, item["url"], headers={"Range": f"bytes={len(LOGO)}-"}).status == 416
    head = download(site, item["url"], method="HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(LOGO)))
    same = download(site, item["url"], headers={"If-None-Match": head.headers["etag"]})
    assert (same.status, same.body) == (304, b"")


def test_device_upload(site):
    """[R65, R62] 201, then 204; listed by its plain name for its own device only; event content_in"""
    one, two = site.device("one"), site.device("two")
    assert upload(site, one.token, "log.txt", b"first").status == 201
    assert upload(site, one.token, "log.txt", b"second").status == 204
    with one.connected() as client:
        (item,) = listing(client)
    assert (item["name"], item["length"]) == ("log.txt", 6)
    assert download(site, item["url"]).body == b"second"
    with two.connected() as client:
        assert listing(client) == []
    event = site.events(type="content_in")[0]
    assert event["payload"]["id"] == "device2/one/log.txt"
    items = site.control.ok("GET", f"/api:1/service/{site.connector}/content/item").json()
    assert items == ["device2/one/log.txt"]


def test_device_upload_credentials(site, tmp_path):
    """[R65] token, basic, or certificate; else 401"""
    device = site.device()
    assert upload(site, "A" * 40, "x").status == 401
    assert device_request(site, "PUT", "/provision/content/x", b"data").status == 401
    basic = base64.b64encode(f":{device.token}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}"}
    assert device_request(site, "PUT", "/provision/content/x", b"data", headers).status == 201
    headers = {"X-Exosite-CIK": device.token}
    assert device_request(site, "PUT", "/provision/content/y", b"data", headers).status == 201
    site.patch({"provisioning": {"auth_type": "certificate"}})
    pair = certificates.self_signed(tmp_path, "cert-device")
    with site.open(certificate=pair) as client:
        client.login()
    assert device_request(site, "PUT", "/provision/content/z", b"data", certificate=pair).status == 201


def test_upload_with_a_wrong_hash(site):
    """[R60] an upload whose bytes do not match the announced sha256 is refused with 400"""
    path = f"/api:1/service/{site.connector}/content/item/logo.gif/upload?sha256={hashlib.sha256(b'other').hexdigest()}"
    form = site.control.ok("GET", path).json()
    assert form["method"] == "POST" and form["field"] == "file"
    with pytest.raises(AssertionError, match="400"):
        site.control.post_form(form, "logo.gif", LOGO, "image/gif")
    assert site.control.ok("GET", f"/api:1/service/{site.connector}/content/item").json() == []
