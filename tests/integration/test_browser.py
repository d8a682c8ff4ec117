"""What a web page in the developer's browser may do with the control API: nothing, unless it is our own."""

import socket
import urllib.parse

import pytest

from support.https import device_request
from support.waiting import Deadline

RESET = "/_emulator/v1/reset"
OF_THE_PAGE = {"X-Murano-Page": "1"}


def ask(server, request):
    """The first line of the answer, and the whole of it."""
    place = urllib.parse.urlsplit(server.ready["api"])
    with socket.create_connection((place.hostname, place.port), timeout=Deadline().left()) as stream:
        stream.sendall(request.replace("HOST", place.netloc).encode())
        answer = stream.recv(65536).decode()
    return answer.split("\r\n")[0], answer


def test_a_page_of_another_local_server(server):
    """scheme, host and port of Origin must be ours: another server on this machine is not"""
    own = server.ready["api"]
    port = urllib.parse.urlsplit(own).port
    foreign = ["http://127.0.0.1:1", own.replace("http:", "https:"), f"http://localhost:{port}", "http://127.0.0.1", "null"]
    for origin in foreign:
        answer = server.control.request("POST", RESET, headers={"Origin": origin, **OF_THE_PAGE})
        assert answer.status == 403, origin
    assert server.control.request("POST", RESET, headers={"Origin": own, **OF_THE_PAGE}).status == 204


@pytest.mark.parametrize("sign", [{"Origin": ""}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}])
def test_a_form_that_a_person_was_led_to(server, sign):
    """a browser's call that changes something needs the header that only our own page can set"""
    sign = {name: value or server.ready["api"] for name, value in sign.items()}
    refused = server.control.request("POST", RESET, headers=sign)
    assert refused.status == 403 and "X-Murano-Page" in refused.text
    assert server.control.request("POST", RESET, headers={**sign, **OF_THE_PAGE}).status == 204
    assert server.control.request("GET", "/_emulator/v1/connectors", headers=sign).status == 200


@pytest.mark.parametrize("method, path", [("GET", "/healthz"), ("HEAD", "/healthz"), ("POST", RESET)])
def test_calls_from_other_sites(server, method, path):
    """Sec-Fetch-Site cross-site is refused whatever the method; the user's own navigation is not"""
    assert server.control.request(method, path, headers={"Sec-Fetch-Site": "cross-site"}).status == 403
    assert server.control.request(method, path, headers={"Sec-Fetch-Site": "same-site"}).status == 403
    for site in ("none", "same-origin"):
        headers = {"Sec-Fetch-Site": site, **OF_THE_PAGE}
        assert server.control.request(method, path, headers=headers).status in (200, 204)


def test_an_upload_is_no_page(site):
    """a device's HTML is saved, never shown: it would run in the origin of the control API"""
    token = site.provision()
    headers = {"Authorization": f"token {token}", "Content-Type": "text/html"}
    put = device_request(site, "PUT", "/provision/content/readme.html", b"<script>alert(1)</script>", headers)
    assert put.status == 201
    path = f"/api:1/service/{site.connector}/content/item/device2%2F12345%2Freadme.html/download"
    url = urllib.parse.urlsplit(site.control.ok("GET", path).json()["url"])
    answer = site.control.ok("GET", f"{url.path}?{url.query}")
    assert answer.headers["content-disposition"] == "attachment"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "sandbox"


def test_absolute_targets(server):
    """the host of a target in absolute form wins over Host, and may not differ from it"""
    assert " 200 " in ask(server, "GET http://HOST/healthz HTTP/1.1\r\nHost: HOST\r\n\r\n")[0]
    assert " 403 " in ask(server, "GET http://evil.example/healthz HTTP/1.1\r\nHost: HOST\r\n\r\n")[0]
    assert " 400 " in ask(server, "GET http://HOST/healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n")[0]


@pytest.mark.parametrize("coding", ["gzip, chunked", "chunked, gzip", "identity"])
def test_transfer_codings(server, coding):
    """501 for a coding that nobody would undo"""
    first, _ = ask(server, f"POST {RESET} HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: {coding}\r\n\r\n")
    assert " 501 " in first


@pytest.mark.parametrize("chunk", ["zz", "5\n", "0x5\r\n", "5\r\nhellozz"])
def test_a_broken_chunk_size_is_answered_at_once(server, chunk):
    """400 while the client still waits with the rest"""
    request = "POST /_emulator/v1/wait HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\n"
    first, answer = ask(server, f"{request}Transfer-Encoding: chunked\r\n\r\n{chunk}")
    assert " 400 " in first and "chunk" in answer


def test_a_body_that_a_call_does_not_understand(server, site):
    """reset with a body, or with a parameter that it does not know, resets nothing and says so"""
    site.provision()
    for path, body in [(RESET, {"connector": "nobody"}), (RESET, b"all"), (f"{RESET}?conector=nobody", None)]:
        answer = server.control.request("POST", path, body)
        assert answer.status == 400 and "nothing was done" in answer.text, path
    assert site.control.has_identity(site.connector, "12345")
    server.control.ok("POST", RESET, {}, status=(204,))
    assert not site.control.has_identity(site.connector, "12345")
