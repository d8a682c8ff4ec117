"""Recorded exchanges with Murano's REST: request bytes in, status and the shape of the body out.

A shape is JSON in which a type stands for any value of it, "..." as a key for any further members, and a name in
braces (in requests too) for what an earlier answer had there: Keep("token") keeps, "{token}" uses.
"""

import json
import socket
import urllib.parse

from support.waiting import PATIENCE_S


class Keep:
    """A text of which later requests make use."""

    def __init__(self, name):
        self.name = name


def filled(value, kept):
    for name, text in kept.items():
        value = value.replace("{" + name + "}", text)
    return value


def fits(shape, value, kept):
    if isinstance(shape, Keep):
        kept[shape.name] = str(value)
        return True
    if isinstance(shape, type):
        return type(value) is shape
    if isinstance(shape, dict):
        known = {key: one for key, one in shape.items() if key != "..."}
        complete = "..." in shape or known.keys() == value.keys()
        return complete and all(key in value and fits(one, value[key], kept) for key, one in known.items())
    if isinstance(shape, list):
        return len(shape) == len(value) and all(fits(one, other, kept) for one, other in zip(shape, value))
    if isinstance(shape, str):
        return filled(shape, kept) == value
    return shape == value


def request_bytes(request, body, host):
    """`request` is "METHOD path"; headers as Exosite's own tool sends them."""
    payload = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    kind = "multipart/form-data; boundary=B" if payload.startswith(b"--B") else "application/json"
    head = f"{request} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\nUser-Agent: MrMurano/3.2.0\r\nContent-Type: {kind}\r\n"
    return f"{head}Content-Length: {len(payload)}\r\nConnection: close\r\n\r\n".encode() + payload


def exchanged(url, request, body):
    """(status, body bytes) over a socket of its own."""
    host = urllib.parse.urlsplit(url).netloc
    name, port = host.rsplit(":", 1)
    with socket.create_connection((name, int(port)), PATIENCE_S) as stream:
        stream.sendall(request_bytes(request, body, host))
        answer = b""
        while piece := stream.recv(65536):
            answer += piece
    head, _, rest = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), rest


def play(url, exchanges, kept):
    """Every exchange in order; fails with the first that is answered differently."""
    for request, body, status, shape in exchanges:
        sent = filled(body, kept) if isinstance(body, str) else body
        found, answer = exchanged(url, filled(request, kept), sent.encode() if isinstance(sent, str) else sent)
        said = f"{request}: {found} {answer[:500]!r}"
        assert found == status, said
        if shape is None:
            assert answer == b"", said
        elif isinstance(shape, bytes):
            assert answer == shape, said
        else:
            assert fits(shape, json.loads(answer), kept), said
