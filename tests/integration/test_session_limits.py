"""What one session, one connector and the HTTP ports may take: each limit strikes, says so, and lets go again."""

import contextlib
import json
import re
import socket
import ssl

from support import packets as mqtt
from support.device import Site
from support.https import device_request
from support.raw_client import tls_context
from support.server import Server
from support.waiting import Deadline, wait_until


def metric(server, name):
    text = server.control.ok("GET", "/metrics").text
    return float(re.search(rf"^murano_emulator_{name}(?:{{[^}}]*}})? (\S+)$", text, re.M).group(1))


def limited(folder, **limits):
    return Server(folder, "--ephemeral", settings={"limits": limits})


def suback(client, packet_id, *filters):
    client.send(mqtt.subscribe(packet_id, *filters))
    packet = client.receive()
    assert packet.kind == mqtt.SUBACK, packet
    return list(packet.body[2:])


def test_subscriptions_of_a_session(tmp_path):
    """[R35] limits.max_subscriptions: 0x80 and a finding beyond it; an identical filter and UNSUBSCRIBE make no more"""
    with limited(tmp_path, max_subscriptions=3) as server:
        site = Site(server, "local")
        with site.device("device").connected(client_id="a", clean=False) as client:
            assert suback(client, 1, "one", "two", "three", "four") == [0, 0, 0, 0x80]
            assert suback(client, 2, "two") == [0]
            (finding,) = site.findings("R35")
            assert "limits.max_subscriptions" in finding["message"] and "'four'" in finding["message"]
            client.send(mqtt.unsubscribe(3, "one"))
            assert client.receive().kind == mqtt.UNSUBACK
            assert suback(client, 4, "four", "five") == [0, 0x80]
            site.control.publish("local", "device", "four", "still delivered")
            assert client.message() == ("four", b"still delivered")


def test_size_of_a_filter(tmp_path):
    """[R35] limits.max_filter_bytes and limits.max_filter_levels: 0x80, a finding, and the session goes on"""
    with limited(tmp_path, max_filter_bytes=20, max_filter_levels=4) as server:
        site = Site(server, "local")
        with site.device("device").connected() as client:
            assert suback(client, 1, "x" * 20, "x" * 21, "a/b/c/d", "a/b/c/d/e", "/" * 4) == [0, 0x80, 0, 0x80, 0x80]
            said = " ".join(finding["message"] for finding in site.findings("R35"))
            assert "limits.max_filter_bytes is 20" in said and "limits.max_filter_levels is 4" in said
            client.barrier()


def test_large_filters_by_default(site):
    """[R35] the defaults refuse nothing that devices use: 500 filters, one of 1,000 levels, one of 60,000 bytes"""
    with site.device().connected() as client:
        assert suback(client, 1, *(f"topic/{n}" for n in range(500))) == [0] * 500
        assert suback(client, 2, "/".join("a" * 1000), "x" * 60_000) == [0, 0]


def test_identities_of_a_connector(tmp_path):
    """[R53] limits.max_identities: MQTT, HTTPS and the control API refuse another identity; a deleted one makes room"""
    with limited(tmp_path, max_identities=2) as server:
        site = Site(server, "full")
        first, _ = site.device("first"), site.device("second")
        with site.anonymous() as client:
            client.send(mqtt.publish("$provision/third", qos=1, packet_id=9))
            client.until_puback(9)
            client.silent()
        (finding,) = site.findings("R53")
        assert "limits.max_identities" in finding["message"] and "'third'" in finding["message"]
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = device_request(site, "POST", "/provision/activate", b"id=third", form)
        assert (answer.status, "limits.max_identities" in answer.text) == (507, True)
        answer = server.control.request("PUT", server.control.device2("full", "/identity/third"), {})
        assert (answer.status, "limits.max_identities" in answer.text) == (507, True)
        server.control.put_identity("full", "first", {"locked": False})  # those that are there may change
        server.control.delete_identity("full", "second")
        site.device("third")
        Site(server, "other").device("of another connector")
        with first.connected() as client:
            client.publish_and_wait("$resource/data_in", "1")


def test_identities_over_a_restart(tmp_path):
    """[R53] limits.max_identities counts what was there before, and a reset empties the connector"""
    server = Server(tmp_path, settings={"limits": {"max_identities": 1}})
    with server:
        Site(server, "local").device("first")
    with server:
        path = server.control.device2("local", "/identity/second")
        assert server.control.request("PUT", path, {}).status == 507
        server.control.ok("POST", "/_emulator/v1/reset?connector=local")
        server.control.put_identity("local", "second")
        assert server.control.request("PUT", server.control.device2("local", "/identity/third"), {}).status == 507


def test_identities_of_a_file(tmp_path):
    """[R53] limits.max_identities: a CSV with too many makes none, and names the line"""
    with limited(tmp_path, max_identities=3) as server:
        boundary = "b"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="identities"; filename="i.csv"\r\n\r\n'
        body = (head + "ID\na\nb\nb\nc\nd\n" + f"\r\n--{boundary}--\r\n").encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        answer = server.control.request("POST", server.control.device2("local", "/identities"), body, headers)
        assert (answer.status, "line 6" in answer.text) == (507, True), answer
        assert not server.control.has_identity("local", "a")


@contextlib.contextmanager
def opened(server, request):
    """A connection to the control port on which this request was sent."""
    host, port = server.control.url.removeprefix("http://").rsplit(":", 1)
    with socket.create_connection((host, int(port)), Deadline().left()) as stream:
        stream.sendall(request.encode())
        yield stream


def get(target, *fields):
    return "\r\n".join([f"GET {target} HTTP/1.1", "Host: localhost", *fields, "", ""])


def test_event_streams(tmp_path):
    """limits.max_event_streams: 503 with Retry-After; a stream that ends gives its place back"""
    with limited(tmp_path, max_event_streams=1) as server:
        request = get("/_emulator/v1/events", "Accept: text/event-stream")
        with opened(server, request) as first:
            assert first.recv(12) == b"HTTP/1.1 200"
            assert metric(server, "event_streams") == 1
            refused = server.control.request("GET", "/_emulator/v1/events", headers={"Accept": "text/event-stream"})
            assert (refused.status, refused.headers["retry-after"]) == (503, "1")
            assert "limits.max_event_streams" in refused.text
            assert server.control.request("GET", "/_emulator/v1/events").status == 200  # pages need no place
        wait_until(lambda: metric(server, "event_streams") == 0, "the stream to be over")
        with opened(server, request) as second:
            assert second.recv(12) == b"HTTP/1.1 200"


def test_downloads_and_uploads(tmp_path):
    """[R60] limits.max_downloads and limits.max_uploads: the next one gets 503, the first ones end well"""
    size = 32 * 1024 * 1024  # more than the sockets take
    with limited(tmp_path, max_downloads=1, max_uploads=1) as server:
        control = server.control
        control.upload("local", "large", b"x" * size)
        link = control.ok("GET", "/api:1/service/local/content/item/large/download").json()["url"]
        target = link[link.index("/content/") :]
        with opened(server, get(target)) as first:
            assert first.recv(12) == b"HTTP/1.1 200"
            assert metric(server, "downloads") == 1
            refused = control.request("GET", target)
            assert (refused.status, refused.headers["retry-after"]) == (503, "1")
        wait_until(lambda: metric(server, "downloads") == 0, "the download to be over")
        assert len(control.ok("GET", target).body) == size

        upload = "PUT /_emulator/v1/snapshots/a/file HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nbegin"
        with opened(server, upload):
            wait_until(lambda: metric(server, "uploads") == 1, "the upload to begin")
            refused = control.request("PUT", "/_emulator/v1/snapshots/b/file", b"x")
            assert (refused.status, refused.headers["retry-after"]) == (503, "1")
        wait_until(lambda: metric(server, "uploads") == 0, "the upload to be over")


def trickle(stream):
    """Sends a head byte by byte, without end, until the server has had enough; its answer."""
    answer = b""
    stream.settimeout(0.02)
    deadline = Deadline()
    with contextlib.suppress(OSError):
        stream.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ")
    while deadline.left() > 0:
        with contextlib.suppress(TimeoutError, ssl.SSLWantReadError):
            try:
                piece = stream.recv(4096)
            except ConnectionError:
                return answer
            if not piece:
                return answer
            answer += piece
        with contextlib.suppress(OSError):
            stream.sendall(b"x")
    raise AssertionError("the server never had enough")


def test_a_head_byte_by_byte(tmp_path):
    """limits.connect_timeout_ms: a request head that trickles in ends with 408, on both ports"""
    with limited(tmp_path, connect_timeout_ms=700) as server:
        with opened(server, "") as stream:
            assert trickle(stream).startswith(b"HTTP/1.1 408 ")
        with opened(server, get("/healthz")) as kept:  # the second request of a connection as well
            assert kept.recv(4096).startswith(b"HTTP/1.1 200")
            assert b"HTTP/1.1 408 " in trickle(kept)
        with socket.create_connection(server.address) as plain:
            secure = tls_context(server.ca).wrap_socket(plain, server_hostname=server.host("local"))
            assert trickle(secure).startswith(b"HTTP/1.1 408 ")
            secure.close()


def test_keys_of_a_body(server):
    """a JSON body with too many keys, or with a great many duplicate ones, is refused in one short sentence"""
    path = server.control.device2("local", "/identity/keys")
    many = "{" + ",".join(f'"{n:x}":1' for n in range(105_000)) + "}"
    answer = server.control.request("PUT", path, many.encode())
    assert (answer.status, "more than 100000 keys" in answer.text) == (400, True), answer.text[:300]
    items = b'{"tags":[' + b"[]," * 200_000 + b"[]]}"
    answer = server.control.request("PUT", path, items)
    assert (answer.status, "keys and array items" in answer.text) == (400, True), answer.text[:300]
    name = "n" * 10_000
    deep = f'{{"{name}":' * 30 + "{" + ",".join('"a":1' for _ in range(90_000)) + "}" + "}" * 30
    answer = server.control.request("PUT", path, deep.encode())
    assert answer.status == 400 and "twice" in answer.text, answer.text[-300:]
    assert json.loads(answer.text)["statusCode"] == 400
