"""Snapshots: named copies of everything that is kept, saved and loaded while running, exported and imported as files."""

import re
import sqlite3
import urllib.parse

import pytest
from support import packets as mqtt
from support.device import Device, Site
from support.server import Server, run

SNAPSHOTS = "/_emulator/v1/snapshots"


def save(server, name):
    server.control.ok("POST", f"{SNAPSHOTS}/{name}", status=(201,))


def load(server, name):
    server.control.ok("POST", f"{SNAPSHOTS}/{name}/load", status=(204,))


def names(server):
    return [row["name"] for row in server.control.ok("GET", SNAPSHOTS).json()["snapshots"]]


def export(server, name):
    return server.control.ok("GET", f"{SNAPSHOTS}/{name}/file", status=(200,)).body


def furnish(site):
    """A device with a session, values, settings, content and a clock of its own."""
    device = site.device()
    with device.connected(client_id="a", clean=False) as client:
        client.subscribe("news")
        client.publish_and_wait("$resource/data_in", b"before")
    site.set_state({"config_io": "set before"})
    site.control.upload(site.connector, "logo.gif", b"GIF89a" * 1000)
    site.quirk(invalid_value="disconnect")
    site.control.ok("PUT", "/_emulator/v1/clock", {"now_us": 4_000_000_000_000_000, "frozen": True})
    return device


def check_furnished(server, device):
    """Everything of furnish() is as it was."""
    site = Site(server, device.site.connector)
    assert site.state()["data_in"]["reported"] == "before" and site.state()["config_io"]["set"] == "set before"
    assert server.control.secret(site.connector, "12345")["key"] == device.token
    assert [row["subscriptions"] for row in server.control.sessions(site.connector)] == [["news"]]
    link = server.control.ok("GET", f"/api:1/service/{site.connector}/content/item/logo.gif/download").json()["url"]
    place = urllib.parse.urlsplit(link)
    assert server.control.ok("GET", f"{place.path}?{place.query}").body == b"GIF89a" * 1000
    settings = server.control.ok("GET", f"/_emulator/v1/connectors/{site.connector}").json()
    assert settings["quirks"]["invalid_value"] == "disconnect"
    clock = server.control.ok("GET", "/_emulator/v1/clock").json()
    assert clock["now_us"] == 4_000_000_000_000_000 and clock["frozen"]
    again = Device(site, "12345", device.token)
    with again.connected(client_id="a", clean=False) as client:
        assert client.message()[0].startswith("$resource/config_io")


def spoil(server, device):
    """Everything of furnish() is changed."""
    site = device.site
    with device.connected() as client:
        client.send(mqtt.publish("$resource/data_in", b"after"))
    site.control.upload(site.connector, "logo.gif", b"other")
    site.control.upload(site.connector, "more.gif", b"more")
    site.quirk(invalid_value="ignore")
    site.control.delete_identity(site.connector, "12345")
    Site(server, "another").provision()
    server.control.ok("DELETE", "/_emulator/v1/clock")


def test_save_and_load(tmp_path):
    """a load brings back identities, credentials, values, sessions, content, settings, events and the clock"""
    with Server(tmp_path) as server:
        device = furnish(Site(server, "mine"))
        events = device.site.events()
        save(server, "first")
        spoil(server, device)
        before = server.control.ok("GET", "/_emulator/v1/events?limit=10000").json()["next"]
        load(server, "first")
        assert not server.control.has_identity("another", "12345")
        assert device.site.events()[: len(events)] == events
        check_furnished(server, device)
        newer = server.control.ok("GET", f"/_emulator/v1/events?after={before}").json()
        assert newer["events"] and newer["next"] > before  # cursors go on
        server.kill()
        server.start()
        check_furnished(server, device)
        assert server.control.ok("GET", "/_emulator/v1/events?limit=10000").json()["next"] > newer["next"]


def test_load_closes_connections(tmp_path):
    """[R9, R18a] a load closes connections without a Will, and ends sessions that were connected when it was saved"""
    with Server(tmp_path) as server:
        site = Site(server, "mine")
        device = site.device()
        with device.connected(client_id="a", clean=False, will=("$resource/data_in", b"gone", 0, False)) as client:
            save(server, "busy")
            load(server, "busy")
            client.expect_closed()
        assert [row["connected"] for row in server.control.sessions("mine")] == [False]
        assert "data_in" not in site.state() or "reported" not in site.state()["data_in"]
        assert site.events(type="disconnect")[-1]["reason"] == "a snapshot was loaded"
        with device.connected(client_id="a", clean=False):
            assert len(server.control.connections()) == 1


def test_cursors_and_ids_never_go_back(tmp_path):
    """after the load of an empty world and a restart, cursors go on where they were"""
    with Server(tmp_path) as server:
        save(server, "empty")
        Site(server, "mine").device()
        newest = server.control.ok("GET", "/_emulator/v1/events").json()["next"]
        load(server, "empty")
        assert server.control.ok("GET", "/_emulator/v1/connectors").json()["connectors"] == []
        assert server.stop() == 0
        server.start()
        Site(server, "mine").provision()
        assert all(event["cursor"] > newest for event in Site(server, "mine").events())


def test_while_devices_talk(tmp_path):
    """what was acknowledged before a save is in it, whatever goes on meanwhile; devices come back after a load"""
    with Server(tmp_path) as server:
        site = Site(server, "mine")
        device = site.device()
        for number in range(1, 6):
            with device.connected() as client:
                client.publish_and_wait("$resource/data_in", str(number).encode(), packet_id=number)
                save(server, "now")
                client.publish_and_wait("$resource/data_in", b"later", packet_id=number)
                load(server, "now")
                client.expect_closed()
            assert site.state()["data_in"]["reported"] == str(number)


def test_export_and_start_from_it(tmp_path):
    """an exported file is imported by another instance, and serve --snapshot starts from it"""
    with Server(tmp_path / "one") as server:
        device = furnish(Site(server, "mine"))
        save(server, "first")
        file = tmp_path / "first.snapshot"
        file.write_bytes(export(server, "first"))
    with Server(tmp_path / "two", "--ephemeral") as server:
        server.control.ok("PUT", f"{SNAPSHOTS}/taken/file", file.read_bytes(), status=(204,))
        assert names(server) == ["taken"]
        load(server, "taken")
        check_furnished(server, device)
    with Server(tmp_path / "three", "--ephemeral", "--snapshot", file) as server:
        check_furnished(server, device)


def test_list_replace_and_remove(tmp_path):
    """snapshots are listed with size, time and version; one of the same name is replaced; files are private"""
    with Server(tmp_path) as server:
        for name in ("b", "a.B_c-1", "b"):
            save(server, name)
        rows = server.control.ok("GET", SNAPSHOTS).json()["snapshots"]
        assert [row["name"] for row in rows] == ["a.B_c-1", "b"]
        assert all(row["bytes"] > 1000 and row["saved_us"] > 0 and row["version"] >= 2 for row in rows)
        files = list((server.data_dir / "snapshots").glob("*.snapshot"))
        assert len(files) == 2 and all(file.stat().st_mode & 0o777 == 0o600 for file in files)
        server.control.ok("DELETE", f"{SNAPSHOTS}/b", status=(204,))
        assert names(server) == ["a.B_c-1"]
        assert not list((server.data_dir / "snapshots" / "tmp").iterdir())


def test_names_begin_with_a_letter_or_digit(tmp_path):
    """a snapshot's name is never a hidden file or a flag; one that an earlier version made can still be removed"""
    with Server(tmp_path) as server:
        for name in (".hidden", "-rf", "_x"):
            for method, path in (("POST", ""), ("PUT", "/file")):
                answer = server.control.request(method, f"{SNAPSHOTS}/{name}{path}", b"x" if method == "PUT" else None)
                assert answer.status == 400 and "letter or digit" in answer.json()["error"]["message"], (name, answer)
            (server.data_dir / "snapshots" / f"{name}.snapshot").write_bytes(b"of an earlier version")
            server.control.ok("DELETE", f"{SNAPSHOTS}/{name}", status=(204,))


@pytest.mark.parametrize("name", ["..%2F..%2Fetc", "a%20b", "%2e%2e%2fx", "x" * 65, "%C3%A4"])
def test_bad_names(server, name):
    """a name is never a path"""
    for method, path in (("POST", ""), ("POST", "/load"), ("DELETE", ""), ("PUT", "/file"), ("GET", "/file")):
        answer = server.control.request(method, f"{SNAPSHOTS}/{name}{path}", b"x" if method == "PUT" else None)
        assert answer.status in (400, 404), (method, path, answer)


def test_unknown(server):
    """a snapshot that is not there is a 404"""
    for method, path in (("POST", "/load"), ("DELETE", ""), ("GET", "/file")):
        answer = server.control.request(method, f"{SNAPSHOTS}/none{path}")
        assert answer.status == 404 and answer.json()["error"]["message"]


def broken_files(whole):
    middle = len(whole) // 2 // 4096 * 4096
    version = whole[:60] + (9999).to_bytes(4, "big") + whole[64:]
    return {
        "nothing": (400, b""),
        "garbage": (400, b"This is no snapshot at all." * 1000),
        "cut": (400, whole[: len(whole) // 2]),
        "zeroed": (400, whole[:middle] + bytes(8192) + whole[middle + 8192 :]),
        "newer": (409, version),
    }


def test_broken_files(tmp_path):
    """a file that is no snapshot, damaged or newer is refused with its reason, and changes nothing"""
    with Server(tmp_path / "one") as server:
        device = furnish(Site(server, "mine"))
        save(server, "good")
        for kind, (status, data) in broken_files(export(server, "good")).items():
            answer = server.control.request("PUT", f"{SNAPSHOTS}/bad/file", data)
            assert answer.status == status, (kind, answer)
            assert answer.json()["error"]["message"], kind
            (server.data_dir / "snapshots" / "bad.snapshot").write_bytes(data)  # as a disk may have it
            assert server.control.request("POST", f"{SNAPSHOTS}/bad/load").status == status, kind
            (tmp_path / kind).write_bytes(data)
        check_furnished(server, device)
        assert len(list((server.data_dir / "content").iterdir())) == 1
    for kind in broken_files(b"0" * 9000):
        code, _, told = run("serve", "--snapshot", tmp_path / kind, "--data-dir", tmp_path / "x", *PORTS)
        assert code == 2 and f"--snapshot {tmp_path / kind}: " in told, (kind, told)
    code, _, told = run("serve", "--snapshot", tmp_path / "none", "--data-dir", tmp_path / "x", *PORTS)
    assert code == 2 and "No such file" in told


PORTS = ("--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0")


def test_foreign_tables(tmp_path):
    """a database with triggers, views or tables of somebody else is no snapshot"""
    with Server(tmp_path / "one") as server:
        save(server, "good")
        for sql in (
            "CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM identities; END",
            "ALTER TABLE content RENAME TO c2; CREATE VIEW content AS SELECT * FROM c2",
            "DROP TABLE snapshot_content",
        ):
            file = tmp_path / "changed"
            file.write_bytes(export(server, "good"))
            connection = sqlite3.connect(file)
            connection.executescript(sql)
            connection.close()
            answer = server.control.request("PUT", f"{SNAPSHOTS}/bad/file", file.read_bytes())
            assert answer.status == 400, (sql, answer)
        assert names(server) == ["good"]


def test_an_older_version_is_migrated(tmp_path):
    """a snapshot of an older version loads"""
    with Server(tmp_path) as server:
        device = furnish(Site(server, "mine"))
        save(server, "old")
        file = server.data_dir / "snapshots" / "old.snapshot"
        data = file.read_bytes()
        file.write_bytes(data[: data.rindex(b"murano-emulator snapshot CRC-64 ")])  # it had no checksum
        connection = sqlite3.connect(file)
        connection.executescript("DROP TABLE snapshot_format; DROP TABLE hidden_events; PRAGMA user_version = 1")
        connection.close()
        spoil(server, device)
        load(server, "old")
        check_furnished(server, device)


def test_secrets_of_the_folder_stay(tmp_path):
    """[R60] the key that signs content links is not in a snapshot"""
    with Server(tmp_path) as server:
        save(server, "one")
        connection = sqlite3.connect(server.data_dir / "snapshots" / "one.snapshot")
        keys = {row[0] for row in connection.execute("SELECT key FROM meta")}
        connection.close()
        assert keys <= {"clock"}


def test_a_kill_leaves_nothing_half_there(tmp_path):
    """what a kill leaves of a save or an upload is gone after the next start"""
    with Server(tmp_path) as server:
        (server.data_dir / "snapshots" / "tmp" / "half").write_bytes(b"x")
        (server.data_dir / "content" / "orphan").write_bytes(b"x")
        server.kill()
        server.start()
        assert not list((server.data_dir / "snapshots" / "tmp").iterdir())
        assert not (server.data_dir / "content" / "orphan").exists()
        assert names(server) == []
        assert not re.search("error", server.log().split("ready")[-1])


def test_refusals_name_no_path_of_the_machine(server, tmp_path):
    """what a file is not is said without where it lies: the caller may be on another machine"""
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as database:
        database.execute("CREATE TABLE theirs(x)")
    for content in (foreign.read_bytes(), b"no database", b""):
        answer = server.control.request("PUT", f"{SNAPSHOTS}/foreign/file", content)
        assert answer.status == 400 and str(server.data_dir) not in answer.text and ".snapshot" not in answer.text
        assert "/" not in answer.json()["error"]["message"], answer.text
