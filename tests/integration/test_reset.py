"""POST /_emulator/v1/reset: everything, one connector or one identity back to the settings file's state."""

import json
import sqlite3
import urllib.parse

import pytest
from support import packets as mqtt
from support.device import Device, Site
from support.server import Server

SEED_TOKEN = "seedseedseedseedseedseedseedseedseedseed"
SETTINGS = {
    "connectors": {
        "seeded": {
            "identities": {"s1": {"auth": {"type": "token", "key": SEED_TOKEN}, "state": {"config_io": "from the file"}}},
            "content": {"hello.txt": {"text": "hello", "mime": "text/plain"}},
        }
    }
}


def reset(server, **query):
    server.control.ok("POST", f"/_emulator/v1/reset?{urllib.parse.urlencode(query)}", status=(204,))


def content_names(server, connector):
    items = server.control.ok("GET", f"/api:1/service/{connector}/content/item").json()
    return sorted(item["id"] if isinstance(item, dict) else item for item in items)


def use_everything(site, identity="12345"):
    """One of each thing that has a state."""
    device = site.device(identity)
    with device.connected(client_id="a", clean=False) as client:
        client.subscribe("news")
        client.send(mqtt.publish("$resource/data_in", b"1", qos=1, packet_id=1))
        client.receive()
    site.set_state({"config_io": "x"}, identity)
    site.control.upload(site.connector, "logo.gif", b"GIF89a")
    site.patch({"provisioning": {"auth_type": "password"}})
    site.control.ok("POST", f"/_emulator/v1/clock/advance?connector={site.connector}", {"by": "1h"})
    return device


def test_everything(tmp_path):
    """[R9] a reset of everything leaves what a fresh server has: every table, every answer, the clock, no connection"""
    with Server(tmp_path, "--data-dir", tmp_path / "a", settings=SETTINGS) as server:
        fresh = everything_told(server)
        seeded = Site(server, "seeded")
        for site in (Site(server, "one"), Site(server, "two")):
            use_everything(site)
        seeded.set_state({"config_io": "changed"}, "s1")
        server.control.advance("25h")
        before = server.control.ok("GET", "/_emulator/v1/events").json()["next"]
        device = Device(seeded, "s1", SEED_TOKEN)
        with device.connected(will=("$resource/data_in", b"gone", 0, False)) as client:
            client.receive()  # config_io, which it has not acknowledged
            reset(server)
            client.expect_closed()
        assert everything_told(server) == fresh
        assert server.control.state("seeded", "s1")["config_io"]["set"] == "from the file"
        assert all(e["cursor"] > before for e in server.control.ok("GET", "/_emulator/v1/events").json()["events"])
        with Device(seeded, "s1", SEED_TOKEN).connected():
            assert len(server.control.connections()) == 1
        assert server.stop() == 0
        server.start()  # and so it stays
        assert content_names(server, "seeded") == ["hello.txt"]
        assert server.control.connections() == []
        assert {c["connector"] for c in connectors(server)} == {"seeded"}


def connectors(server):
    return server.control.ok("GET", "/_emulator/v1/connectors").json()["connectors"]


def without_times(value):
    """What the control side tells, without the moments at which it became so."""
    text = json.dumps(value)
    return json.loads(text, object_hook=lambda d: {k: v for k, v in d.items() if k not in TIMES})


TIMES = ("timestamp", "real_timestamp", "cursor", "next", "now_us", "lastseen", "last_modified", "saved_us", "dropped")


def everything_told(server):
    told = {}
    for path in ("/connectors", "/connections", "/sessions", "/events", "/clock", "/clock?connector=one", "/snapshots"):
        answer = server.control.request("GET", f"/_emulator/v1{path}")
        told[path] = (answer.status, answer.json())
    for name in ("one", "seeded"):
        told[name] = (
            server.control.settings(name),
            server.control.ok("GET", f"/api:1/service/{name}/device2/identity/").json(),
            content_names(server, name),
        )
    return without_times(told)


def test_connector(server, site):
    """a reset of one connector: its devices, events and clock go; another connector notices nothing"""
    other = Site(server, site.connector + "-other")
    kept = use_everything(other)
    gone = use_everything(site)
    other_events = other.events()
    assert site.events()
    cursor = server.control.ok("GET", "/_emulator/v1/events?limit=10000").json()["next"]
    with kept.connected(client_id="stays") as staying, gone.connected(client_id="goes") as going:
        for client in (staying, going):
            assert client.message()[1] == b"x"  # what it has not acknowledged
        other_events = other.events()
        reset(server, connector=site.connector)
        going.expect_closed()
        staying.barrier()
    assert site.events() == []
    assert other.events()[: len(other_events)] == other_events
    assert not server.control.has_identity(site.connector, "12345")
    assert server.control.sessions(site.connector) == [] and len(server.control.sessions(other.connector)) == 1
    assert content_names(server, site.connector) == [] and content_names(server, other.connector) == ["logo.gif"]
    assert server.control.settings(site.connector)["provisioning"]["auth_type"] == "token"
    assert server.control.request("GET", f"/_emulator/v1/clock?connector={site.connector}").status == 404
    site.provision()  # a fresh start
    assert all(event["cursor"] > cursor for event in site.events())
    clock = server.control.ok("GET", f"/_emulator/v1/clock?connector={other.connector}").json()
    assert abs(clock["offset_us"] - 3_600_000_000) < 1_000_000
    clock = server.control.ok("GET", f"/_emulator/v1/clock?connector={site.connector}").json()
    assert abs(clock["offset_us"]) < 1_000_000


def test_identity(server, site):
    """a reset of one identity: its values, sessions, uploads and events go, its neighbour's stay"""
    use_everything(site, "a")
    site.patch({"provisioning": {"auth_type": "token"}})
    use_everything(site, "b")
    reset(server, connector=site.connector, identity="a")
    assert not server.control.has_identity(site.connector, "a")
    assert site.events(identity="a") == [] and site.events(identity="b")
    assert [row["identity"] for row in server.control.sessions(site.connector)] == ["b"]
    assert server.control.history(site.connector, "b")
    assert content_names(server, site.connector) == ["logo.gif"]  # the connector's
    answer = server.control.request("POST", f"/_emulator/v1/reset?connector={site.connector}&identity=a")
    assert answer.status == 404 and "no identity" in answer.json()["error"]["message"]


def test_hidden_events_stay_hidden(tmp_path):
    """what a reset has hidden is hidden after a kill, in queries, in the history and for who waits"""
    with Server(tmp_path) as server:
        site = Site(server, "mine")
        for _ in range(2):
            use_everything(site)
            reset(server, connector="mine")
        server.kill()
        server.start()
        site = Site(server, "mine")
        assert site.events() == []
        answer = server.control.ok("GET", "/_emulator/v1/events?connector=mine&wait=50&after=0").json()
        assert answer["events"] == [] and answer["dropped"] == 0
        site.provision()
        assert server.control.history("mine", "12345") == []


def test_an_identity_of_the_settings_file_comes_back(tmp_path):
    """a reset of an identity that the settings file names brings it back as the file says"""
    with Server(tmp_path, settings=SETTINGS) as server:
        server.control.delete_identity("seeded", "s1")
        for _ in range(2):
            reset(server, connector="seeded", identity="s1")
            assert server.control.state("seeded", "s1")["config_io"]["set"] == "from the file"
        server.control.put_identity("seeded", "s2")
        reset(server, connector="seeded")
        assert server.control.secret("seeded", "s1")["key"] == SEED_TOKEN
        assert not server.control.has_identity("seeded", "s2")
        assert content_names(server, "seeded") == ["hello.txt"]


def test_a_reset_and_nothing_between(server, site):
    """a device that connects in the moment of the reset finds nothing of before"""
    for _ in range(20):
        token = site.provision()
        with site.open() as waiting:
            reset(server, connector=site.connector)
            assert_refused(waiting, token)


def assert_refused(client, token):
    with pytest.raises(AssertionError):
        client.login(username="", password=token)


def test_bad_reset(server):
    """an identity without its connector is a mistake that is told"""
    answer = server.control.request("POST", "/_emulator/v1/reset?identity=a")
    assert answer.status == 400 and answer.json()["error"]["path"] == "?connector"


def test_every_table_is_named(tmp_path):
    """the database of a server that was used and reset holds nothing that a fresh one does not"""
    with Server(tmp_path / "used", settings=SETTINGS) as server:
        use_everything(Site(server, "one"))
        reset(server)
    with Server(tmp_path / "fresh", settings=SETTINGS) as server:
        pass
    used, fresh = (tables(tmp_path / name / "data" / "murano.db") for name in ("used", "fresh"))
    for gone in ("journal", "hidden_events", "counters", "meta"):
        used.pop(gone), fresh.pop(gone)
    assert used == fresh


def tables(file):
    """The texts of every row, by table: numbers are moments and ids."""
    connection = sqlite3.connect(file)
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = {name: [tuple(cell for cell in row if isinstance(cell, str)) for row in connection.execute(f"SELECT * FROM {name}")] for name in names}
    content = [row[:2] + row[3:] for row in rows["content"]]  # file names are random
    connection.close()
    return {**rows, "content": content}
