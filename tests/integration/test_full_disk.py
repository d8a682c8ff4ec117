"""What cannot be written is not acknowledged: devices are dropped, callers are told, and nothing acknowledged is lost.

A file size limit of the server's process stands in for the full disk: no file can be written while it is 0.
"""

import contextlib
import http.client
import json
import resource
import sqlite3

from support import packets as mqtt
from support.device import Site
from support.server import Server, run, split_address
from support.waiting import PATIENCE_S, wait_until

CLOCK = "/_emulator/v1/clock"
SNAPSHOTS = "/_emulator/v1/snapshots"


@contextlib.contextmanager
def full_disk(server, largest_file=0):
    pid = server.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest_file, before[1]))
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


def test_stored_sessions(tmp_path):
    """[R18a] a stored session whose connection a failed commit ends is as it was, and is left within a moment"""
    with Server(tmp_path) as server:
        device = Site(server, "any").device()
        with device.connected(client_id="a", clean=False) as client:
            client.subscribe("t/1")
            with full_disk(server):
                client.send(mqtt.subscribe(7, "t/2"))
                client.expect_closed()
            wait_until(
                lambda: [row["connected"] for row in server.control.sessions("any")] == [False],
                "the session to be without a connection",
            )
        assert [row["subscriptions"] for row in server.control.sessions("any")] == [["t/1"]]


def test_clock_on_a_full_disk(tmp_path):
    """[R25a] a clock that could not be kept does not stand"""
    with Server(tmp_path) as server:
        with full_disk(server):
            assert server.control.request("POST", f"{CLOCK}/advance", {"by": "1h"}).status == 503
        assert server.control.ok("GET", CLOCK).json()["offset_us"] == 0
        server.control.advance("2h")
        assert server.control.ok("GET", CLOCK).json()["offset_us"] == 2 * 3600 * 1_000_000


def test_load_of_a_snapshot_that_cannot_be_committed(tmp_path):
    """a load whose commit fails says so, everything is as before, and devices are served again"""
    with Server(tmp_path) as server:
        site = Site(server, "any")
        device = site.device()
        server.control.ok("POST", f"{SNAPSHOTS}/early", status=(201,))
        with device.connected() as client:
            client.publish_and_wait("$resource/data_in", "1")
        with contextlib.closing(sqlite3.connect(server.data_dir / "murano.db")) as other, device.connected() as client:
            other.execute("BEGIN IMMEDIATE")  # nobody else may write
            client.publish_and_wait("$resource/data_in", "2", packet_id=2)  # kept in the redo log
            # 507 when it is committed that nothing was loaded; 503 while even that cannot be
            assert server.control.request("POST", f"{SNAPSHOTS}/early/load").status in (503, 507)
            client.expect_closed()
            other.rollback()
        assert reported(site) == "2"
        with device.connected() as client:
            client.publish_and_wait("$resource/data_in", "3")
        server.control.ok("POST", f"{SNAPSHOTS}/early/load", status=(204,))
        assert "reported" not in site.state().get("data_in", {})


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
                assert api.getresponse().status == 503
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
            assert control.request("GET", "/_emulator/v1/health").status == 503
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


def health(server):
    answer = server.control.request("GET", "/_emulator/v1/health")
    return answer.status, answer.json().get("error", {}).get("code"), answer.text


def test_health_tells_of_a_full_disk(tmp_path):
    """health answers 503 storage_failing with the reason from the first failed commit to the next good one"""
    with Server(tmp_path) as server:
        server.control.put_identity("any", "a")
        assert health(server)[0] == 200
        with full_disk(server):
            path = server.control.device2("any", "/identity/a/state")
            assert server.control.request("PATCH", path, {"data_out": "2"}).status == 503
            for path in ("/healthz", "/_emulator/v1/health"):
                answer = server.control.request("GET", path)
                assert answer.status == 503 and answer.json()["error"]["code"] == "storage_failing", answer
                assert "disk" in answer.json()["error"]["message"], answer
            code, out, _ = run("health", "--url", server.ready["api"])
            assert code == 3 and "the last commit failed" in out
        server.control.set_state("any", "a", {"data_out": "3"})
        assert health(server)[0] == 200


def test_the_log_tells_of_a_full_disk(tmp_path):
    """a failed commit names the data folder and how much room it has"""
    with Server(tmp_path) as server:
        server.control.put_identity("any", "a")
        with full_disk(server, largest_file=300_000):  # room for the log
            path = server.control.device2("any", "/identity/a/state")
            assert server.control.request("PATCH", path, {"data_out": "x" * 900_000}).status == 503
        lines = [json.loads(line) for line in server.log().splitlines() if line.startswith("{")]
        failed = next(line for line in lines if line["message"].startswith("commit failed"))
        assert failed["data_dir"] == str(server.data_dir) and failed["free_bytes"] > 0 and failed["error"]


def test_health_recovers_by_itself(tmp_path):
    """a server that nobody writes to any more notices that there is space again"""
    with Server(tmp_path) as server:
        with full_disk(server):
            assert server.control.request("POST", f"{CLOCK}/advance", {"by": "1h"}).status == 503
            assert health(server)[1] == "storage_failing"
        wait_until(lambda: health(server)[0] == 200, "health to be ready again")
        assert not (server.data_dir / "space-check").exists()
