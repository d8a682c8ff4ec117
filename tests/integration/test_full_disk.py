"""What cannot be written is not acknowledged: devices are dropped, callers are told, and nothing acknowledged is lost.

A file size limit of the server's process stands in for the full disk: no file can be written while it is 0.
"""

import contextlib
import http.client
import resource

from support import packets as mqtt
from support.device import Site
from support.server import Server, split_address
from support.waiting import PATIENCE_S


@contextlib.contextmanager
def full_disk(server):
    pid = server.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def reported(site):
    return site.state()["data_in"]["reported"]


def test_full_disk(tmp_path):
    """[R25a] a publication that cannot be committed gets no PUBACK, its connection ends, and only it is lost"""
    with Server(tmp_path) as server:
        site = Site(server, "any")
        device = site.device()
        with device.connected() as client:
            client.publish_and_wait("$resource/data_in", "1")
            with full_disk(server):
                client.send(mqtt.publish("$resource/data_in", "2", qos=1, packet_id=2))
                client.expect_closed()
                assert reported(site) == "1"
        with device.connected() as client:
            client.publish_and_wait("$resource/data_in", "3")
        server.kill()
        server.start()
        site = Site(server, "any")
        assert reported(site) == "3"
        values = [event["payload"][0]["values"]["data_in"] for event in site.events(type="data_in")]
        assert values == ["1", "3"]


def test_who_has_said_nothing_yet(tmp_path):
    """A connection from which nothing was read loses nothing by a failed commit, so it stays open"""
    with Server(tmp_path) as server:
        site = Site(server, "any")
        api = http.client.HTTPConnection(*split_address(server.ready["api"].removeprefix("http://")), timeout=PATIENCE_S)
        api.connect()
        with site.device().connected() as client, site.open() as silent, contextlib.closing(api):
            with full_disk(server):
                client.send(mqtt.publish("$resource/data_in", "1", qos=1, packet_id=2))
                client.expect_closed()
                api.request("GET", "/_emulator/v1/health")
                assert api.getresponse().status == 200
            silent.login()


def test_calls_on_a_full_disk(tmp_path):
    """[R25a] a call whose changes cannot be committed is answered with 503 in its family's shape, and changes nothing"""
    with Server(tmp_path) as server:
        control = server.control
        control.put_identity("any", "a")
        control.set_state("any", "a", {"data_out": "1"})
        with full_disk(server):
            answer = control.request("PATCH", control.device2("any", "/identity/a/state"), {"data_out": "2"})
            assert answer.status == 503 and answer.headers["connection"] == "close"
            assert answer.json()["statusCode"] == 503 and "data folder" in answer.json()["message"]
            answer = control.request("PATCH", "/_emulator/v1/connectors/any", {"name": "other"})
            assert answer.status == 503 and answer.json()["error"]["code"] == "not_committed"
            assert control.state("any", "a")["data_out"]["set"] == "1"
            assert control.request("GET", "/_emulator/v1/health").status == 200
        control.set_state("any", "a", {"data_out": "3"})
        assert control.state("any", "a")["data_out"]["set"] == "3"
        assert control.settings("any")["name"] != "other"


def test_waiting_calls_outlive_a_full_disk(tmp_path):
    """A long poll that lost nothing goes on waiting, and a connection that is kept alive takes the next call"""
    with Server(tmp_path) as server:
        server.control.put_identity("any", "a")
        place = server.ready["api"].removeprefix("http://")
        waiting, idle = (http.client.HTTPConnection(place, timeout=PATIENCE_S) for _ in range(2))
        idle.request("GET", "/healthz")
        idle.getresponse().read()
        waiting.request("GET", "/_emulator/v1/events?type=data_out&wait=60000")
        with full_disk(server):
            path = server.control.device2("any", "/identity/a/state")
            assert server.control.request("PATCH", path, {"data_out": "2"}).status == 503
        server.control.set_state("any", "a", {"data_out": "3"})
        events = waiting.getresponse()
        assert b'"data_out":"3"' in events.read()
        kept = idle.sock
        idle.request("GET", "/healthz")
        assert idle.getresponse().status == 200 and idle.sock is kept
        waiting.close()
        idle.close()
