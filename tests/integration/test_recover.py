"""serve --recover: a damaged database is refused at the start, and set aside when the user says so."""

import re
import sqlite3

import pytest
from support.device import Device, Site
from support.server import Server, run
from support.waiting import wait_until

PORTS = ("--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0")


def page_size(data):
    return int.from_bytes(data[16:18], "big")  # as the header says


def truncated(data):
    page = page_size(data)
    return data[: len(data) // (2 * page) * page]


def garbage_header(data):
    return b"\xde\xad\xbe\xef" * 25 + data[100:]


def zeroed_table(table):
    """The page at which the table begins is zeroed."""

    def damage(data, file):
        connection = sqlite3.connect(file)
        size = page_size(data)
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        connection.close()
        return data[: (page - 1) * size] + bytes(size) + data[page * size :]

    return damage


def used_server(folder):
    """A data folder with 200 identities, content and some events; a device of it."""
    with Server(folder) as server:
        site = Site(server, "mine")
        device = site.device()
        for number in range(200):
            server.control.put_identity("mine", f"device-{number:03}")
        with device.connected() as client:
            client.publish_and_wait("$resource/data_in", b"kept")
        server.control.upload("mine", "logo.gif", b"GIF89a")
    return server, device


def damage_database(server, damage):
    file = server.data_dir / "murano.db"
    data = file.read_bytes()
    broken = damage(data, file) if damage.__code__.co_argcount == 2 else damage(data)
    file.write_bytes(broken)
    return broken


@pytest.mark.parametrize(
    "damage, survives",
    [
        (truncated, False),
        (garbage_header, False),
        (zeroed_table("sessions"), True),
        (zeroed_table("journal"), True),
        (zeroed_table("identities"), False),
    ],
    ids=["truncated", "garbage header", "sessions", "journal", "identities"],
)
def test_recover(tmp_path, damage, survives):
    """a damaged database is refused with the way out; --recover keeps it and starts with what can be read"""
    server, device = used_server(tmp_path)
    broken = damage_database(server, damage)
    code, _, told = run("serve", "--data-dir", server.data_dir, *PORTS)
    assert code == 1 and "is damaged" in told and "--recover" in told, told
    assert (server.data_dir / "murano.db").read_bytes() == broken or damage is not truncated
    with Server(tmp_path, "--recover") as again:
        aside = list(again.data_dir.glob("murano.db.broken-*"))
        assert any(file.read_bytes() == broken for file in aside)
        assert "it was set aside" in again.log()
        assert re.search(r'"table":\s*"identities"', again.log())
        if survives:
            assert again.control.has_identity("mine", "device-199")
            assert again.control.state("mine", "12345")["data_in"]["reported"] == "kept"
            with Device(Site(again, "mine"), "12345", device.token).connected() as client:
                client.silent()
        else:
            Site(again, "mine").provision("newcomer")
    with Server(tmp_path) as again:  # and it is sound
        assert list((again.data_dir / "content").iterdir()) or list(again.data_dir.glob("content.broken-*"))


def test_a_sound_database_is_left_alone(tmp_path):
    """--recover with a sound database changes nothing"""
    server, device = used_server(tmp_path)
    with Server(tmp_path, "--recover") as again:
        assert again.control.has_identity("mine", "device-000")
        assert "is sound" in again.log()
    assert not list(server.data_dir.glob("*.broken-*"))


def test_damage_found_while_running(tmp_path):
    """damage that shows while running ends the connections that it concerns, and not the server"""
    server, device = used_server(tmp_path)
    with Server(tmp_path) as running:
        file = running.data_dir / "murano.db"
        size = page_size(file.read_bytes())
        connection = sqlite3.connect(file)
        roots = [row[0] for row in connection.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'identities'")]
        connection.close()
        with open(file, "r+b") as out:
            for page in roots:
                out.seek((page - 1) * size)
                out.write(b"\xff" * size)
        lost = Device(Site(running, "mine"), "12345", device.token)
        with lost.site.open() as client:
            client.send(b"")
            closes_or_refuses(client, lost.token)
        wait_until(lambda: "restart with --recover" in running.log(), "a line about the damage")
        assert running.control.request("GET", "/_emulator/v1/health").status == 200


def closes_or_refuses(client, token):
    try:
        client.login(username="", password=token)
    except AssertionError:
        return
    raise AssertionError("the server knew the device in spite of the damage")
