"""Provisioning by token and password: R48 to R55, R64."""

import pytest

from support import packets as mqtt
from support.device import TOKEN
from support.https import device_request

FORM = "application/x-www-form-urlencoded"


def refused(site, identity="12345", payload=b"", packet_id=1):
    """A provisioning request that is acknowledged and not answered."""
    with site.anonymous() as client:
        assert client.publish_and_wait(f"$provision/{identity}", payload, packet_id) == []
        client.silent()
    findings = site.findings()
    assert findings and findings[-1]["message"] and findings[-1]["hint"]
    return findings[-1]["rule"]


def activate(site, body, **options):
    return device_request(site, "POST", "/provision/activate", body.encode(), {"Content-Type": FORM}, **options)


def test_token(site):
    """[R48, R50] an empty PUBLISH to $provision/<id> is answered by a bare token of 40 letters and digits"""
    token = site.provision("device-1")
    assert site.control.secret(site.connector, "device-1") == {"type": "token", "key": token}


def test_puback_goes_first(site):
    """[R50] the PUBACK of a QoS 1 request goes first"""
    with site.anonymous() as client:
        client.send(mqtt.publish("$provision/12345", qos=1, packet_id=8))
        assert client.expect(mqtt.PUBACK).packet_id == 8
        topic, payload = client.message()
    assert topic == "$provision/12345" and TOKEN.fullmatch(payload.decode())


def test_payload_of_a_token_request_is_ignored(site):
    """[R48] a payload is ignored, with a finding, and the request served"""
    with site.anonymous() as client:
        client.send(mqtt.publish("$provision/12345", "please"))
        assert TOKEN.fullmatch(client.message()[1].decode())
    assert site.findings("R48")


FORMATS = [
    ({"type": "base10", "options": {"casing": "mixed", "length": 8}}, ["00000001"], ["1", "0000000a"]),
    ({"type": "base16", "prefix": "x-", "options": {"casing": "lower"}}, ["x-0af"], ["0af", "x-0AF", "x-"]),
    ({"type": "mac:48"}, ["00:ee:ff:01:02:03"], ["00-ee-ff-01-02-03", "00:ee:ff:01:02"]),
    ({"type": "mac-48"}, ["00-ee-ff-01-02-03"], ["00:ee:ff:01:02:03"]),
    ({"type": "mac.48"}, ["00ee.ff01.0203"], ["00:ee:ff:01:02:03"]),
    ({"type": "uuidv4"}, ["651b3b4d-1c9c-4b3f-8f3e-1f2a3b4c5d6e"], ["651b3b4d1c9c4b3f8f3e1f2a3b4c5d6e"]),
    ({"type": "opaque"}, ["a", "x" * 255, "ü"], ["x" * 256]),
]


@pytest.mark.parametrize("identity_format, good, bad", FORMATS, ids=[f[0]["type"] for f in FORMATS])
def test_identity_format(site, identity_format, good, bad):
    """[R49] the id must fit identity_format"""
    site.patch({"identity_format": identity_format})
    for identity in good:
        site.provision(identity)
    for identity in bad:
        refused(site, identity)
        assert not site.control.has_identity(site.connector, identity)


def test_password(site):
    """[R51] the payload is the password; no reply; it works from the next CONNECT on"""
    site.patch({"provisioning": {"auth_type": "password"}})
    with site.anonymous() as client:
        assert client.publish_and_wait("$provision/12345", "ä" * 20) == []
        client.silent()
    with site.open() as client:
        client.login(username="12345", password="ä" * 20)


def test_short_password(site):
    """[R51, R53] 19 characters are refused, counted as code points"""
    site.patch({"provisioning": {"auth_type": "password"}})
    refused(site, payload="ä" * 19)
    assert not site.control.has_identity(site.connector, "12345")


def test_quirk_password_reply(site):
    """[R51] quirk password_reply: empty"""
    site.patch({"provisioning": {"auth_type": "password"}})
    site.quirk(password_reply="empty")
    with site.anonymous() as client:
        client.send(mqtt.publish("$provision/12345", "p" * 20))
        assert client.message() == ("$provision/12345", b"")


def test_connection_stays_anonymous(site):
    """[R52] status and event `provisioned`; the connection stays anonymous"""
    with site.anonymous() as client:
        client.send(mqtt.publish("$provision/12345"))
        client.message()
        client.publish_and_wait("$resource/data_in", "x")
    assert site.control.identity(site.connector, "12345")["status"] == "provisioned"
    assert len(site.events(type="provisioned", identity="12345")) == 1
    assert site.events(type="data_in") == []


def test_refusals(site):
    """[R53] disabled, unknown identity, address not allowed, locked: PUBACK, no reply, a finding"""
    site.patch({"provisioning": {"enabled": False}})
    refused(site)
    site.patch({"provisioning": {"enabled": True, "presenter_identity": False}})
    refused(site)
    site.control.put_identity(site.connector, "known")
    site.provision("known")
    change = {"presenter_identity": True, "ip_whitelisting": {"enabled": True, "allowed": ["10.0.0.0/8"]}}
    site.patch({"provisioning": change})
    refused(site)
    change["ip_whitelisting"]["allowed"] = ["10.1.2.3", "127.0.0.0/8"]
    site.patch({"provisioning": change})
    site.provision("near")
    site.control.put_identity(site.connector, "locked", {"locked": True})
    refused(site, "locked")
    site.patch({"provisioning": {"auth_type": "certificate"}})
    refused(site, "wrong-type")


def test_quirk_provision_refusal_disconnect(site):
    """[R53] quirk provision_refusal: disconnect"""
    site.patch({"provisioning": {"enabled": False}})
    site.quirk(provision_refusal="disconnect")
    with site.anonymous() as client:
        client.send(mqtt.publish("$provision/12345", qos=1))
        client.expect_closed()


def test_already_provisioned(site):
    """[R54] a provisioned identity is refused and its token stays; so for its own connection"""
    device = site.device()
    refused(site)
    with device.connected() as client:
        assert client.publish_and_wait("$provision/12345") == []
        client.silent()
    assert site.control.secret(site.connector, "12345")["key"] == device.token


def test_activation_window(site):
    """[R55] a whitelisted identity that has not provisioned by auth.expire becomes expired"""
    now = site.control.ok("GET", "/_emulator/v1/clock").json()["now_us"]
    site.control.put_identity(site.connector, "12345", {"auth": {"expire": now + 3_600_000_000}})
    assert site.control.identity(site.connector, "12345")["status"] == "whitelisted"
    site.control.ok("POST", f"/_emulator/v1/clock/advance?connector={site.connector}", {"by": "61m"})
    assert site.control.identity(site.connector, "12345")["status"] == "expired"
    assert len(site.control.wait_events(site.connector, type="expired")) == 1
    refused(site)


def test_activation_by_https(site):
    """[R64] POST /provision/activate: 200 and the token as text; 409 the second time"""
    answer = activate(site, "id=12345")
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/plain")
    assert TOKEN.fullmatch(answer.text)
    with site.open() as client:
        client.login(username="", password=answer.text)
    assert activate(site, "id=12345").status == 409
    assert TOKEN.fullmatch(activate(site, "vendor=x&model=y&sn=67890").text)


def test_activation_by_https_refused(site):
    """[R64] 400 bad format, 404 not whitelisted, 403 locked, 409 in a certificate connector"""
    site.patch({"identity_format": {"type": "base10"}})
    assert activate(site, "id=abc").status == 400
    site.patch({"provisioning": {"presenter_identity": False}})
    assert activate(site, "id=1").status == 404
    site.control.put_identity(site.connector, "2", {"locked": True})
    assert activate(site, "id=2").status == 403
    site.patch({"provisioning": {"presenter_identity": True, "auth_type": "certificate"}})
    assert activate(site, "id=3").status == 409


def test_activation_by_https_with_password(site):
    """[R64] password mode: 204, or 400 for a short one"""
    site.patch({"provisioning": {"auth_type": "password"}})
    assert activate(site, "id=12345&password=short").status == 400
    assert activate(site, "id=12345&password=a1b2c3d4e5f6g7h8i9j0").status == 204
    with site.open() as client:
        client.login(username="12345", password="a1b2c3d4e5f6g7h8i9j0")


def test_server_name_selects_the_connector_not_host(site):
    """[R64] SNI, not Host, selects the connector"""
    activate(site, "id=12345", host="another.m2.exosite.io")
    assert site.control.has_identity(site.connector, "12345")
