"""Files that poison: snapshots and databases whose rows the server could not read later."""

import random
import sqlite3

import pytest
from support.device import Device, Site
from support.server import Server, run

SNAPSHOTS = "/_emulator/v1/snapshots"
PORTS = ("--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0")
SEAL = b"murano-emulator snapshot CRC-64 "
HIGHEST = 2**63 - 1


def furnished(server):
    """A device with a session, values and content; a snapshot "good" of it."""
    site = Site(server, "mine")
    device = site.device()
    with device.connected(client_id="a", clean=False) as client:
        client.subscribe("news")
        client.publish_and_wait("$resource/data_in", b"kept")
    server.control.upload("mine", "logo.gif", b"GIF89a")
    server.control.ok("POST", f"{SNAPSHOTS}/good", status=(201,))
    return device


def export(server, name="good"):
    return server.control.ok("GET", f"{SNAPSHOTS}/{name}/file", status=(200,)).body


def poisoned(snapshot, sql, *values, folder):
    """The snapshot as version 0.1.0 would have made it, without a checksum, and changed."""
    file = folder / "poisoned"
    file.write_bytes(snapshot[: snapshot.rindex(SEAL)])
    connection = sqlite3.connect(file)
    connection.execute("DROP TABLE snapshot_format")
    connection.execute(sql, values)
    connection.commit()
    connection.close()
    return file.read_bytes()


def check_as_before(server, device):
    assert Site(server, "mine").state()["data_in"]["reported"] == "kept"
    with Device(Site(server, "mine"), "12345", device.token).connected(client_id="a", clean=False) as client:
        server.control.publish("mine", "12345", "news", "still here")
        assert client.message() == ("news", b"still here")


POISONS = [
    ("sessions", "UPDATE sessions SET filters = ?", b"\x93\x12\xfe\x07garbage"),
    ("journal", "UPDATE journal SET last_cursor = ?", HIGHEST),
    ("journal", "UPDATE journal SET first_cursor = ?", HIGHEST),
    ("journal", "UPDATE journal SET bytes = ?", b"\0\1\2"),
    ("counters", "INSERT OR REPLACE INTO counters VALUES('journal_last_cursor', ?)", HIGHEST),
    ("counters", "UPDATE counters SET value = ? WHERE name = 'max_device_id'", HIGHEST),
    ("identities", "UPDATE identities SET device_id = ?", HIGHEST),
    ("connectors", "UPDATE connectors SET settings_json = ?", '{"quirks":{"will":"maybe"}}'),
    ("connectors", "UPDATE connectors SET settings_json = ?", "no JSON"),
]


@pytest.mark.parametrize("table, sql, value", POISONS, ids=[f"{p[0]}-{n}" for n, p in enumerate(POISONS)])
def test_a_poisoned_snapshot(tmp_path, table, sql, value):
    """an import, a load and a start refuse it with table and row; the server goes on as before, and after a restart"""
    with Server(tmp_path / "one") as server:
        device = furnished(server)
        data = poisoned(export(server), sql, value, folder=tmp_path)
        answer = server.control.request("PUT", f"{SNAPSHOTS}/bad/file", data)
        message = answer.json()["error"]["message"]
        assert answer.status == 400 and "cannot be read" in message and f"table {table} " in message, answer
        (server.data_dir / "snapshots" / "bad.snapshot").write_bytes(data)  # as a hand may have put it there
        answer = server.control.request("POST", f"{SNAPSHOTS}/bad/load")
        assert answer.status == 400 and f"table {table} " in answer.json()["error"]["message"], answer
        check_as_before(server, device)
        server.kill()
        server.start()
        check_as_before(server, device)
    code, _, told = run("serve", "--snapshot", tmp_path / "poisoned", "--data-dir", tmp_path / "x", *PORTS)
    assert code == 2 and "--snapshot" in told and f"table {table} " in told, (code, told)


def test_a_snapshot_of_version_0_1_0(tmp_path):
    """one without a checksum, as version 0.1.0 made it, is taken"""
    with Server(tmp_path) as server:
        device = furnished(server)
        data = poisoned(export(server), "DELETE FROM hidden_events", folder=tmp_path)
        server.control.ok("PUT", f"{SNAPSHOTS}/old/file", data, status=(204,))
        server.control.delete_identity("mine", "12345")
        server.control.ok("POST", f"{SNAPSHOTS}/old/load", status=(204,))
        check_as_before(server, device)


def test_flipped_bytes(tmp_path):
    """a snapshot with a damaged byte is refused, wherever that byte is"""
    with Server(tmp_path) as server:
        device = furnished(server)
        whole = export(server)
        choice = random.Random(14)
        for number in range(150):
            data = bytearray(whole)
            place = choice.randrange(len(data))
            data[place] ^= choice.randrange(1, 256)
            answer = server.control.request("PUT", f"{SNAPSHOTS}/bad/file", bytes(data))
            assert answer.status in (400, 409), (number, place, answer)  # 409: in the version
        assert server.control.request("PUT", f"{SNAPSHOTS}/cut/file", whole[:-1]).status == 400
        check_as_before(server, device)


def test_ids_go_on_behind_those_of_a_snapshot(tmp_path):
    """identities that are made behind a load do not take the place of those that came with it"""
    with Server(tmp_path / "one") as server:
        furnished(server)
        for number in range(20):
            server.control.put_identity("mine", f"old-{number}")
        server.control.ok("POST", f"{SNAPSHOTS}/many", status=(201,))
        data = export(server, "many")
    with Server(tmp_path / "two") as server:
        server.control.ok("PUT", f"{SNAPSHOTS}/many/file", data, status=(204,))
        server.control.ok("POST", f"{SNAPSHOTS}/many/load", status=(204,))
        for number in range(30):
            server.control.put_identity("mine", f"new-{number}")
        assert all(server.control.has_identity("mine", f"{kind}-{number}") for kind in ("old", "new") for number in range(20))
        assert server.control.has_identity("mine", "12345")


DAMAGES = [
    ("sessions", "UPDATE sessions SET filters = x'ff'"),
    ("connectors", "UPDATE connectors SET settings_json = '{' WHERE connector = 'mine'"),
    ("identities", "UPDATE identities SET tags_json = '[' WHERE identity = 'other'"),
    ("journal", "UPDATE journal SET bytes = x'0102'"),
    ("content", "UPDATE content SET file = '../murano.db'"),
    ("meta", "UPDATE meta SET value = x'00' WHERE key = 'clock'"),
]


@pytest.mark.parametrize("table, sql", DAMAGES, ids=[table for table, _ in DAMAGES])
def test_a_damaged_row_in_the_data_folder(tmp_path, table, sql):
    """the start names --recover; that leaves the row out, says which and why, and starts"""
    with Server(tmp_path) as server:
        device = furnished(server)
        server.control.put_identity("mine", "other")
        server.control.advance("1h")
    connection = sqlite3.connect(server.data_dir / "murano.db")
    assert connection.execute(sql).rowcount > 0
    connection.commit()
    connection.close()
    code, _, told = run("serve", "--data-dir", server.data_dir, *PORTS)
    assert code == 1 and "--recover" in told and f"table {table} " in told, told
    with Server(tmp_path, "--recover") as again:
        left_out = [line for line in again.log().splitlines() if "a row was left out" in line]
        assert left_out and all(f'"table":"{table}"' in line and '"why":' in line for line in left_out), again.log()
        with Device(Site(again, "mine"), "12345", device.token).connected() as client:
            client.publish_and_wait("$resource/data_in", b"again")
    with Server(tmp_path) as again:
        assert Site(again, "mine").state()["data_in"]["reported"] == "again"
