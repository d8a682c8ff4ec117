"""What Exosite's tools ask of Murano's REST and what they get, as a table (murano-facts 3.1 to 3.3)."""

import http.client
import json

import pytest
from support.exchanges import Keep, play
from support.https import DeviceHttps
from support.server import Server, split_address
from support.waiting import PATIENCE_S

ERROR = {"statusCode": int, "message": str}
AUTH = {"type": "token", "...": 0}
DEVICE = {
    "identity": str, "auth": AUTH, "locked": bool, "reprovision": bool, "devmode": bool, "lastip": str, "lastseen": int,
    "status": str, "online": bool, "state": dict, "tags": list,
}  # fmt: skip
SETTINGS = {
    "name": str, "protocol": dict, "provisioning": dict, "identity_format": dict, "resources": dict, "fqdn": str,
    "...": 0,
}  # fmt: skip
LOG = {"type": str, "subject": str, "timestamp": int, "data": dict}
CALL = "POST /api:1/solution/{c}/serviceconfig/device2/call/"
SERVICE = "/api:1/service/{c}"


def csv(text, expire=b""):
    field = b'--B\r\nContent-Disposition: form-data; name="expire"\r\n\r\n' + expire + b"\r\n" if expire else b""
    head = b'--B\r\nContent-Disposition: form-data; name="identities"; filename="i.csv"\r\nContent-Type: text/csv\r\n\r\n'
    return field + head + text + b"\r\n--B--\r\n"


TABLE = {
    "account": [
        ("POST /api:1/token/", {"email": "m@example.com", "password": "x"}, 200, {"token": Keep("token")}),
        ("GET /api:1/token/{token}", None, 200, {"email": "m@example.com", "ttl": int}),
        ("DELETE /api:1/token/{token}", None, 204, None),
        ("GET /api:1/token/{token}", None, 404, ERROR),
        ("POST /api:1/token/", b"{", 400, ERROR),
        ("GET /api:1/user/m%40example.com/membership/", None, 200, [{"bizid": Keep("biz"), "role": str, "name": str}]),
    ],
    "second factor": [
        ("POST /api:1/token/", {"email": "m+twofactor@example.com", "password": "x"}, 409,
         {"statusCode": 409, "message": "twofactor", "key": Keep("code")}),
        ("GET /api:1/key/{code}", None, 200, {"email": "m+twofactor@example.com"}),
        ("POST /api:1/key/{code}", {"password": "x"}, 200, {"token": Keep("token")}),
        ("GET /api:1/token/{token}", None, 200, {"email": "m+twofactor@example.com", "ttl": int}),
        ("POST /api:1/key/{code}", {"password": "x"}, 404, ERROR),
    ],
    "logs": [
        ("GET /api:1/solution/{c}/logs", None, 200, {"items": []}),
        (f"PUT {SERVICE}/device2/identity/a", None, 204, None),
        (f"PATCH {SERVICE}/device2/identity/a/state", {"data_out": "on"}, 204, None),
        (f"DELETE {SERVICE}/device2/identity/a", None, 205, None),
        ("GET /api:1/solution/{c}/logs", None, 200,
         {"items": [{**LOG, "subject": "device2_deleted"}, {**LOG, "subject": "device2_data_out"}]}),
        ("GET /api:1/solution/{c}/logs?polling=maybe", None, 400, ERROR),
    ],
    "solutions": [
        ("POST /api:1/business/b/solution/", {"label": "L", "type": "product"}, 200, {"id": Keep("sid")}),
        ("GET /api:1/service/{sid}/device2", None, 200, {**SETTINGS, "name": "L"}),
        ("DELETE /api:1/business/b/solution/{sid}", None, 204, None),
        ("DELETE /api:1/business/b/solution/{sid}", None, 404, ERROR),
        ("PUT /api:1/business/b/solution/", {}, 405, ERROR),
    ],
    "settings": [
        (f"GET {SERVICE}/device2", None, 200, SETTINGS),
        (f"PATCH {SERVICE}/device2", {"identity_format": {"type": "base10", "options": {"length": 12.67}}}, 204, None),
        (f"PATCH {SERVICE}/device2", {"protocol": {"name": "mqtt", "port": "443"}}, 204, None),
        (f"PATCH {SERVICE}/device2", {"resources": {"t": {"format": "number", "settable": True}}}, 204, None),
        (f"GET {SERVICE}/device2", None, 200, {**SETTINGS, "resources": {"t": {"format": "number", "...": 0}}}),
        (f"PATCH {SERVICE}/device2", {"resources": {"t": {"format": "float"}}}, 400, ERROR),
    ],
    "identities": [
        (f"PUT {SERVICE}/device2/identity/a", None, 204, None),
        (f"PUT {SERVICE}/device2/identity/b", {"locked": False, "auth": {"type": "token", "key": "K"}}, 204, None),
        (f"GET {SERVICE}/device2/identity/a", None, 200, {**DEVICE, "status": "whitelisted"}),
        (f"GET {SERVICE}/device2/identity/", None, 200, {"mayLoadMore": False, "devices": [DEVICE, DEVICE]}),
        (f"GET {SERVICE}/device2/identity/?limit=1", None, 200, {"mayLoadMore": True, "devices": [DEVICE]}),
        (f"GET {SERVICE}/device2/identity/?status=provisioned", None, 200,
         {"mayLoadMore": False, "devices": [{**DEVICE, "identity": "b"}]}),
        (f"PATCH {SERVICE}/device2/identity/a", {"locked": True}, 204, None),
        (f"GET {SERVICE}/device2/identity/a", None, 200, {**DEVICE, "locked": True, "status": "locked"}),
        (f"PATCH {SERVICE}/device2/identity/b", {"auth": {"expire": 0}}, 204, None),
        (f"GET {SERVICE}/device2/identity/b", None, 200, {**DEVICE, "status": "reprovision"}),
        (f"DELETE {SERVICE}/device2/identity/a", None, 205, None),
        (f"GET {SERVICE}/device2/identity/a", None, 404, ERROR),
        (f"PATCH {SERVICE}/device2/identity/a", {"locked": True}, 404, ERROR),
        (f"POST {SERVICE}/device2/identities", csv(b"ID\r\nx\r\ny\r\n", b"1900000000000000"), 204, None),
        (f"GET {SERVICE}/device2/identity/x", None, 200, {**DEVICE, "auth": {"type": "token", "expire": int}}),
        (f"POST {SERVICE}/device2/identities", csv(b"x\ny\n"), 400, b"CSV file format invalid"),
        (f"POST {SERVICE}/device2/identities", csv(b"ID\nz\nno/slash\n"), 400, ERROR),
        (f"GET {SERVICE}/device2/identity/z", None, 404, ERROR),
    ],
    "state": [
        (f"PUT {SERVICE}/device2/identity/a", {}, 204, None),
        (f"GET {SERVICE}/device2/identity/a/state", None, 200, {}),
        (f"PATCH {SERVICE}/device2/identity/a/state", {"data_out": "on"}, 204, None),
        (f"GET {SERVICE}/device2/identity/a/state", None, 200, {"data_out": {"set": "on", "timestamp": int}}),
        (f"PATCH {SERVICE}/device2/identity/a/state", {"data_in": "1"}, 400, b"Value is not settable"),
        (f"PATCH {SERVICE}/device2/identity/a/state", {"none": "1"}, 400, b"Value is not settable"),
        (f"GET {SERVICE}/device2/identity/none/state", None, 404, ERROR),
    ],
    "calls": [
        (CALL + "addIdentity", {"identity": "a"}, 204, None),
        (CALL + "addIdentities", {"identities": ["b", "c"]}, 204, None),
        (CALL + "countIdentities", {}, 200, {"count": 3}),
        (CALL + "listIdentities", {"limit": 5000, "identity": "[bc]"}, 200,
         {"mayLoadMore": False, "devices": [DEVICE, DEVICE]}),
        (CALL + "getIdentity", {"identity": "a"}, 200, DEVICE),
        (CALL + "updateIdentity", {"identity": "a", "locked": True}, 204, None),
        (CALL + "updateIdentities", {"identities": ["b", "none"], "locked": True}, 404, ERROR),
        (CALL + "getIdentity", {"identity": "b"}, 200, {**DEVICE, "locked": False}),
        (CALL + "setIdentityState", {"identity": "a", "data_out": "x"}, 204, None),
        (CALL + "getIdentityState", {"identity": "a"}, 200, {"data_out": {"set": "x", "timestamp": int}}),
        (CALL + "addIdentityTag", {"identity": "a", "name": "site", "value": "north"}, 204, None),
        (CALL + "addIdentityTag", {"identity": "b", "name": "site", "value": "south"}, 204, None),
        (CALL + "getIdentityTag", {"identity": "a"}, 200, [{"name": "site", "value": "north"}]),
        (CALL + "listTagName", {}, 200, ["site"]),
        (CALL + "countIdentities", {"tag": {"name": "site", "value": "south"}}, 200, {"count": 1}),
        (f"GET {SERVICE}/device2/identity/?tag=site:north", None, 200, {"mayLoadMore": False, "devices": [DEVICE]}),
        (CALL + "removeIdentityTag", {"identity": "a", "name": "site", "value": "north"}, 204, None),
        (CALL + "addGatewayResource", {"alias": "t", "format": "number"}, 204, None),
        (CALL + "updateGatewayResource", {"alias": "t", "format": "boolean"}, 204, None),
        (CALL + "getGatewayResource", {"alias": "t"}, 200, {"format": "boolean", "...": 0}),
        (CALL + "removeGatewayResource", {"alias": "t"}, 204, None),
        (CALL + "getGatewaySettings", {}, 200, SETTINGS),
        (CALL + "makeIdentity", {}, 200, DEVICE),
        (CALL + "removeIdentity", {"identity": "a"}, 204, None),
        (CALL + "removeIdentity", {"identity": "a"}, 404, ERROR),
        (CALL + "nothing", {}, 404, ERROR),
    ],
    "content": [
        (f"GET {SERVICE}/content/item?full=true", None, 200, []),
        (f"GET {SERVICE}/content/item/logo/upload?type=image/gif&expires_in=30", None, 200,
         {"id": "logo", "url": Keep("url"), "method": "POST", "enctype": "multipart/form-data", "field": "file",
          "inputs": dict}),
        (f"GET {SERVICE}/content/item/none/download", None, 200, {"id": "none", "url": str, "method": "GET"}),
        (f"GET {SERVICE}/content/item/none", None, 404, ERROR),
        (f"DELETE {SERVICE}/content/item", None, 200, []),
    ],
}  # fmt: skip


@pytest.mark.parametrize("group", TABLE)
def test_recorded_exchange(site, group):
    """Each request is answered with the status and the shape that Murano's tools know (murano-facts 3.1 to 3.3)"""
    play(site.control.url, TABLE[group], {"c": site.connector})


def test_polled_log(site):
    """`solution/<id>/logs?polling=true` stays open and gives one JSON object after the other (murano-facts 3.1)"""
    site.control.put_identity(site.connector, "a")
    connection = http.client.HTTPConnection(site.control.url.removeprefix("http://"), timeout=PATIENCE_S)
    connection.request("GET", f"/api:1/solution/{site.connector}/logs?polling=true")
    answer = connection.getresponse()
    for value in ("on", "off"):
        site.set_state({"data_out": value}, "a")
        entry = json.loads(answer.readline())
        assert entry["subject"] == "device2_data_out"
        assert entry["data"]["payload"][0]["values"] == {"data_out": value}
    connection.close()


def test_api_tls(tmp_path):
    """[R3] --api-tls serves the control API with a certificate of our CA for whatever host name SNI asks"""
    with Server(tmp_path, "--ephemeral", "--api-tls", "127.0.0.1:0") as server:
        address = split_address(server.ready["api_tls"][0])
        for name in ("bizapi.hosted.exosite.io", "api.exosite.io", "localhost"):
            connection = DeviceHttps(address, name, server.ca)
            connection.request("GET", "/api:1/service/any/device2", headers={"Host": name})
            assert connection.getresponse().status == 200, name
            connection.close()
        connection = DeviceHttps(address, "evil.example", server.ca)
        connection.request("GET", "/api:1/token/x", headers={"Host": "evil.example", "Sec-Fetch-Site": "none"})
        assert connection.getresponse().status == 403  # a browser, by a rebound name
        connection.close()
