"""Bad input for every call of the control API, over a real socket: the calls are those of the OpenAPI document."""

import http.client
import re

import pytest
from support.raw_client import RawClient
from support.waiting import PATIENCE_S

METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")
HUGE = 10**12
POSITION = re.compile(r"line \d+, column \d+|offset \d+")


@pytest.fixture(scope="module")
def calls(server):
    """[(METHOD, path with every parameter filled in, operation, methods of that path)]"""
    paths = server.control.ok("GET", "/_emulator/v1/openapi.json").json()["paths"]
    return [
        (method.upper(), re.sub(r"\{[^}]*\}", "a", path), operation, {one.upper() for one in operations})
        for path, operations in paths.items()
        for method, operation in operations.items()
    ]


def ask(server, method, path, body=b"", kind=None, length=None):
    """(status, headers, body); `length`: what Content-Length says, whatever is sent."""
    connection = http.client.HTTPConnection(server.ready["api"].removeprefix("http://"), timeout=PATIENCE_S)
    connection.putrequest(method, path)
    if kind:
        connection.putheader("Content-Type", kind)
    if body or length is not None:
        connection.putheader("Content-Length", str(len(body) if length is None else length))
    connection.endheaders(body)
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    connection.close()
    return found


def body_types(operation):
    return list(operation.get("requestBody", {}).get("content", {}))


def json_calls(calls):
    return [call for call in calls if "application/json" in body_types(call[2])]


def test_wrong_method(server, calls):
    """A path that is known answers a wrong method with 405 and says in Allow which ones it takes"""
    for method, path, _, known in calls:
        wrong = next(one for one in METHODS if one not in known)
        status, headers, _ = ask(server, wrong, path)
        if status == 404 or status < 300:  # another route, whose parameter takes several segments
            continue
        if path.endswith("/faults/kinds") and wrong in ("PUT", "DELETE"):  # where the name of a fault may stand
            assert status == 400
            continue
        assert status == 405, (wrong, path, status)
        assert method in headers["allow"].split(", "), (path, headers)
        assert wrong not in headers["allow"].split(", "), (path, headers)


def test_unknown_path(server, calls):
    """A path that nobody knows is 404, below every known one and beside it"""
    for method, path, _, _ in calls:
        assert ask(server, method, "/nothing" + path)[0] == 404, (method, path)


def test_no_json(server, calls):
    """A body that is no JSON is 400, with the place of the error in it"""
    assert len(json_calls(calls)) > 10
    for method, path, _, _ in json_calls(calls):
        status, _, text = ask(server, method, path, b'{"a": nothing}', "application/json")
        assert status == 400, (method, path, status, text)
        assert POSITION.search(text), (method, path, text)


def test_wrong_type(server, calls):
    """A body of the wrong JSON type is 400, with the JSON path of the culprit"""
    for method, path, _, _ in json_calls(calls):
        status, _, text = ask(server, method, path, b"[1]", "application/json")
        assert status == 400, (method, path, status, text)
        assert "$" in text, (method, path, text)


def test_wrong_media_type(server, calls):
    """A body of another media type is 415"""
    typed = [call for call in calls if set(body_types(call[2])) & {"application/json", "multipart/form-data"}]
    assert len(typed) > len(json_calls(calls))
    for method, path, _, _ in typed:
        assert ask(server, method, path, b"<a/>", "text/xml")[0] == 415, (method, path)


def test_too_large(server, calls):
    """A body that is larger than the call takes is 413 before a byte of it is read"""
    for method, path, operation, _ in calls:
        kinds = body_types(operation)
        kind = "multipart/form-data; boundary=B" if "multipart/form-data" in kinds else (kinds or ["text/plain"])[0]
        if "*" in kind:
            kind = "application/octet-stream"
        assert ask(server, method, path, kind=kind, length=HUGE)[0] in (403, 413), (method, path)


@pytest.mark.parametrize("port", ["api", "device"])
@pytest.mark.parametrize("body", [b"0\r\n\r\n", b"5\r\n[1, 2\r\n2\r\n, \r\n0\r\n\r\n"], ids=["empty", "two chunks"])
def test_chunks_in_pieces(server, port, body):
    """A chunked body is taken however its bytes are cut, those of the last chunk too, on both ports"""
    host, _, number = server.ready["api"].removeprefix("http://").rpartition(":")
    target = b"PUT /provision/content/x" if port == "device" else b"POST /_emulator/v1/wait"
    head = b" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
    with server.client("any") if port == "device" else RawClient.plain((host, int(number))) as client:
        client.send(target + head + b"Connection: close\r\n\r\n")
        for byte in body:
            server.control.ok("GET", "/_emulator/v1/health")  # an answer to who came later: all before was read
            client.send(bytes([byte]))
        assert re.match(rb"HTTP/1\.1 4\d\d ", client.stream.recv(65536))
