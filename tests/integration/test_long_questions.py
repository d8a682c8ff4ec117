"""Questions that take long: patterns from outside, many readers of a long journal. They are answered in slices."""

import http.client
import json
import socket
import urllib.parse

from support import packets as mqtt
from support.waiting import Deadline, PATIENCE_S

LETTERS = b"a" * 500


def wait(site, body):
    return site.control.request("POST", "/_emulator/v1/wait", body)


def fill(client, count, payload=LETTERS):
    """That many values of data_in, committed when this returns."""
    for _ in range(count - 1):
        client.send(mqtt.publish("$resource/data_in", payload))
    client.publish_and_wait("$resource/data_in", payload)


def test_a_wait_keeps_its_time_while_it_looks(site):
    """A pattern that backtracks for seconds elsewhere, over 2,000 events: 408, and a device is served meanwhile."""
    with site.device().connected() as client:
        fill(client, 2000)
        match = {"connector": site.connector, "regex": "^(([a-z])+.)+[A-Z]([a-z])+$"}
        for within_ms in (0, 200):
            answer = wait(site, {"match": match, "since": 0, "within_ms": within_ms})
            assert answer.status == 408
            client.barrier()
        for pattern in ("(x+x+)+y", "(.*?,){200}P", ".*.*.*.*.*.*.*.*.*.*z"):
            assert wait(site, {"match": {**match, "regex": pattern}, "since": 0, "within_ms": 0}).status == 408


def test_patterns_on_large_values(site):
    """Values of 64 KB, and a pattern whose states do not fit in memory: the loop goes on."""
    with site.device().connected() as client:
        since = site.events()[-1]["cursor"]
        fill(client, 3, b"ab" * 32 * 1024)
        match = {"connector": site.connector, "regex": "[ab]*a[ab]{900}c"}
        answer = wait(site, {"match": match, "since": since, "within_ms": 0})
        assert answer.status == 408
        assert "bytes, which are all that is searched" in answer.text
        client.barrier()


def test_what_a_pattern_may_not_have_is_named(site):
    """Look-around and the like, and what is too large: 400 with what RE2 lacks, for waits and for identities."""
    for pattern in ("(?>(a+)+)b", "(?=a)b", "(a)\\1", "a++"):
        answer = wait(site, {"match": {"regex": pattern}})
        assert answer.status == 400
        assert answer.json()["error"]["path"] == "$.match.regex"
        assert "no back-references" in answer.json()["error"]["message"]
    assert wait(site, {"match": {"regex": "a{1000000}"}}).status == 400
    listed = site.control.request("GET", site.control.device2(site.connector, "/identity/?identity=(%3F%3Da)b"))
    assert listed.status == 400 and "look-around" in listed.text


def test_a_pattern_for_identities_takes_linear_time(site):
    """`(a+)+$b` over an id of 100 letters: an empty page, not a failure."""
    site.control.put_identity(site.connector, "a" * 100)
    page = site.control.ok("GET", site.control.device2(site.connector, "/identity/?identity=(a%2B)%2B%24b"))
    assert page.json()["devices"] == []


def test_readers_that_do_not_read_share_one_budget(site):
    """100 streams that read nothing, over a long journal: a device's QoS 1 and a page of another come nonetheless."""
    place = urllib.parse.urlsplit(site.control.url)
    request = (
        f"GET /_emulator/v1/events?connector={site.connector} HTTP/1.1\r\nHost: {place.netloc}\r\n"
        "Accept: text/event-stream\r\n\r\n"
    ).encode()
    with site.device().connected() as client:
        fill(client, 4000, LETTERS * 4)
        streams = []
        try:
            for _ in range(100):
                streams.append(socket.create_connection((place.hostname, place.port), Deadline().left()))
                streams[-1].sendall(request)
            for _ in range(10):
                client.publish_and_wait("$resource/data_in", b"1")
            events = site.control.ok("GET", f"/_emulator/v1/events?connector={site.connector}&alias=data_in&limit=10")
            assert len(events.json()["events"]) == 10
        finally:
            for stream in streams:
                stream.close()


def test_slices_reach_a_client_that_closes_behind_its_answer(site):
    """`Connection: close` and long work: the whole answer comes, and to a client that reads slowly, too."""
    with site.device().connected() as client:
        fill(client, 6000, LETTERS * 2)
    place = urllib.parse.urlsplit(site.control.url).netloc
    target = f"/_emulator/v1/events?connector={site.connector}&type=data_in&limit=10000"
    connection = http.client.HTTPConnection(place, timeout=PATIENCE_S)
    connection.request("GET", target, headers={"Connection": "close"})
    answer = connection.getresponse()
    pieces = []
    while piece := answer.read(256 * 1024):
        pieces.append(piece)
        site.control.ok("GET", "/healthz")  # something else between two pieces
    assert len(json.loads(b"".join(pieces))["events"]) == 6000


def test_a_connector_that_does_not_exist(site):
    """`events` and `wait` name it and the nearest one; the wait does so when its time is over, for it may come."""
    site.device()
    wrong = site.connector + "x"
    answer = site.control.request("GET", f"/_emulator/v1/events?connector={wrong}")
    assert answer.status == 404 and answer.json()["error"]["path"] == "?connector"
    assert f'there is no connector "{wrong}"; did you mean "' in answer.json()["error"]["message"]
    nothing = {"match": {"connector": wrong}, "count": {"exactly": 0}, "within_ms": 1}
    answer = wait(site, nothing)
    assert answer.status == 404 and answer.json()["error"]["path"] == "$.match.connector"


def test_a_large_payload_is_shown_in_part_and_fetched_whole(site):
    """An event shows 64 KiB of 4 MB; logs likewise; the whole comes by its own call, in pieces, also with `close`."""
    payload = b"\x01" * 4_000_000
    with site.device().connected() as client:
        client.publish_and_wait("a/topic", payload)
        client.barrier()
    (event,) = site.events(type="publish", topic="a/topic")
    assert (event["truncated"], event["length"]) == (True, len(payload))
    assert event["payload"]["payload"] == "\x01" * 65536
    logs = site.control.ok("GET", f"/api:1/solution/{site.connector}/logs")
    assert len(logs.body) < 1_000_000
    target = f"/_emulator/v1/events/{event['cursor']}/payload"
    for headers in ({}, {"Connection": "close"}):
        answer = site.control.ok("GET", target, headers=headers)
        assert answer.body == payload
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == "attachment"
    assert site.control.request("GET", "/_emulator/v1/events/999999999/payload").status == 404
