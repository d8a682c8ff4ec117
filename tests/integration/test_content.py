"""Content items and uploads: R60 to R62, R65."""

import base64
import hashlib
import itertools
import json
import signal

import pytest

from support import certificates
from support import packets as mqtt
from support.device import Device, Site
from support.https import device_request, download
from support.server import Server
from support.waiting import wait_until

LOGO = bytes(range(256)) * 64
_devices = itertools.count(1)


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


def test_links_of_one_connector_lead_elsewhere(site):
    """[R60] content.base_url of a connector, set and taken back while it runs; other connectors keep theirs"""
    other = Site(site.server, site.connector + "b")
    for one in (site, other):
        one.control.upload(one.connector, "logo.gif", LOGO)
    before = first_url(other)
    site.control.patch_connector(site.connector, {"content": {"base_url": "https://{host}:32768"}})
    host = site.server.host(site.connector)
    assert first_url(site).startswith(f"https://{host}:32768/content/")
    assert first_url(other).split("?")[0] == before.split("?")[0]
    settings = site.control.ok("GET", f"/_emulator/v1/connectors/{site.connector}").json()
    assert settings["content"] == {"base_url": "https://{host}:32768"}
    site.control.patch_connector(site.connector, {"content": None})
    assert first_url(site).startswith(f"https://{host}:{site.server.address[1]}/")
    answer = site.control.request(
        "PATCH", f"/_emulator/v1/connectors/{site.connector}", {"content": {"base_url": "https://{hots}"}}
    )
    assert answer.status == 400 and "{host}" in answer.text


def test_links_lead_where_the_device_came_by_https(site):
    """[R60] a Host with a port, of a device that showed its credential, is where its links lead: a mapped port"""
    site.control.upload(site.connector, "logo.gif", LOGO)
    device = site.device()
    host = site.server.host(site.connector)
    for named in (f"{host}:32768", host, f"{host}:0", f"{host}:99999"):
        headers = {"Authorization": f"token {device.token}", "Content-Type": "text/plain"}
        answer = device_request(site, "PUT", "/provision/content/log", b"x", headers, host=named)
        assert answer.status in (201, 204), answer
    assert bases(device) == {f"https://{host}:32768"}
    assert bases(site.device("other")) == {f"https://{host}:{site.server.address[1]}"}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    activated = device_request(site, "POST", "/provision/activate", b"id=third", form, host=f"{host}:40000")
    assert bases(Device(site, "third", activated.body.decode())) == {f"https://{host}:40000"}


def bases(device):
    """The begins of the links that it is given."""
    with device.connected() as client:
        return {item["url"].split("/content/")[0] for item in listing(client)}


def first_url(site):
    with site.device(f"d{next(_devices)}").connected() as client:
        return listing(client)[0]["url"]


def test_outside_address(tmp_path):
    """[R60, R64] one flag names the mapped port, for links and fqdn; the settings file and SIGHUP say more"""
    settings = {"connectors": {"c1": {"content": {"logo.gif": {"text": "GIF89a"}}}}}
    with Server(tmp_path, "--outside-address", "32768", settings=settings) as server:
        site = Site(server, "c1")
        assert first_url(site).startswith("https://c1.m2.exosite.io:32768/")
        assert site.control.settings("c1")["fqdn"] == "c1.m2.exosite.io:32768"
        settings["content"] = {"base_url": "https://files.example/{connector}"}
        write(server, settings)
        wait_until(lambda: first_url(site).startswith("https://files.example/c1/content/c1/"), "the server's base_url")
        settings["connectors"]["c1"]["content"]["base_url"] = "https://own.example"
        write(server, settings)
        wait_until(lambda: first_url(site).startswith("https://own.example/content/c1/"), "the connector's base_url")


def write(server, settings):
    (server.folder / "settings.jsonc").write_text(json.dumps(settings))
    server.process.send_signal(signal.SIGHUP)


def test_conditional_requests(site):
    """[R60] If-Match, If-Unmodified-Since and If-Modified-Since as RFC 9110 has them"""
    site.control.upload(site.connector, "logo.gif", LOGO)
    url = first_url(site)
    whole = download(site, url)
    day_before = "Mon, 01 Jan 2001 00:00:00 GMT"
    for field, value, status in [
        ("If-Match", whole.headers["etag"], 200),
        ("If-Match", '"other"', 412),
        ("If-Unmodified-Since", whole.headers["last-modified"], 200),
        ("If-Unmodified-Since", day_before, 412),
        ("If-Modified-Since", whole.headers["last-modified"], 304),
        ("If-Modified-Since", day_before, 200),
    ]:
        assert download(site, url, headers={field: value}).status == status, (field, value)


@pytest.mark.parametrize("name", [".", ".."])
def test_names_that_no_client_can_ask_for(site, name):
    """[R60, R65] 400 for "." and "..", which HTTP clients take out of a path"""
    item = f"/api:1/service/{site.connector}/content/item/{name.replace('.', '%2E')}/upload"
    assert site.control.request("GET", item).status == 400
    token = site.provision()
    assert upload(site, token, name.replace(".", "%2E")).status == 400
    assert site.control.ok("GET", f"/api:1/service/{site.connector}/content/item").json() == []


@pytest.mark.parametrize("mime", ["text/\x01plain", "caf\xe9"])
def test_media_types_that_are_none(site, mime):
    """[R60, R65] control characters and raw bytes in a media type are 400"""
    assert upload(site, site.provision(), "f", mime=mime).status == 400
    quoted = mime.replace("\x01", "%01").replace("\xe9", "%C3%A9")
    item = f"/api:1/service/{site.connector}/content/item/f/upload?type={quoted}"
    assert site.control.request("GET", item).status == 400
