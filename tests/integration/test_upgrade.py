"""Data folders and snapshots of earlier versions (kept/): today's server opens them with everything that was in them."""

import sqlite3

import pytest
from support import kept
from support.device import Device, Site
from support.raw_client import RawClient
from support.server import Server, run


@pytest.fixture(params=kept.names())
def old(request, tmp_path):
    return kept.unpack(request.param, tmp_path / "old")


def schema(database):
    with sqlite3.connect(database) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return version


def check_devices(server, old):
    """Each kind of credential still opens the door, and what waited for its device arrives once."""
    local = Site(server, "local")
    device = Device(local, "12345", old.secret("local", "12345"))
    with device.connected(client_id="kept", clean=False) as client:
        waited = dict(client.message() for _ in range(2))
        assert {topic.split("/")[1]: value for topic, value in waited.items()} == {
            "config_io": b"waits for the device",
            "level": b"7",
        }
        client.publish_and_wait("$resource/config_io", b"waits for the device", packet_id=1)
        client.publish_and_wait("$resource/level", b"7", packet_id=2)
        client.publish_and_wait("$resource/data_in", b"after the update", packet_id=3)
        server.control.publish("local", "12345", "alarm/one/two", "subscribed before the update")
        assert client.message() == ("alarm/one/two", b"subscribed before the update")
    assert local.state()["data_in"]["reported"] == "after the update"
    with Site(server, "passwords").open() as client:
        client.login(username="secretive", password=old.secret("passwords", "secretive"))
    certificate = old.data_dir.parent / "certificate.pem"
    certificate.write_text(old.secret("certificates", kept.CERTIFIED))
    pair = certificate, kept.key_of(old.data_dir.parent, kept.CERTIFIED)
    with RawClient.tls(server.address, server.host("certificates"), server.ca, certificate=pair) as client:
        client.login()
        client.publish_and_wait("$resource/data_in", b"with the old certificate")
    local.provision("waiting")


def check_refusals(server, old):
    """Who had no way in has none."""
    with Site(server, "local").open() as client:
        assert client.refused(username="", password="x" * 40) == 4
    with Site(server, "local").anonymous() as client:
        client.publish_and_wait("$provision/locked")
        client.silent()


def check_world(server, old):
    """Nothing of what the old version told is lost, and content is the same byte for byte."""
    lost = kept.lost(old.told, kept.told(server.control))
    assert not lost, "\n".join(lost[:20])
    for name, data in kept.content().items():
        assert kept.download(server.control, "local", name) == data, name
    assert server.control.ok("GET", "/_emulator/v1/health").json()["status"] == "ready"


def stop(server):
    """Before the end of `with`, which would look for today's codes in the findings of then."""
    assert server.stop() == 0


def test_data_folder(old, tmp_path):
    """the data folder of an earlier version opens with all that was in it; devices come back; and so after a restart"""
    with Server(tmp_path, data_dir=old.data_dir) as server:
        check_world(server, old)
        check_refusals(server, old)
        check_devices(server, old)
        seen = kept.told(server.control)
        code, report, _ = run("report", "--url", server.ready["api"])
        assert code == 0 and "R37" in report and "datain" in report, report
        stop(server)
        server.start()
        assert kept.lost(seen, kept.told(server.control)) == []
        stop(server)
    with Server(tmp_path / "new") as fresh:
        fresh.control.ok("GET", "/_emulator/v1/health")
    assert schema(old.data_dir / "murano.db") == schema(fresh.data_dir / "murano.db")


def test_snapshot_within(old, tmp_path):
    """a snapshot that an earlier version left in the data folder loads"""
    with Server(tmp_path, data_dir=old.data_dir) as server:
        check_devices(server, old)
        server.control.ok("POST", "/_emulator/v1/snapshots/kept/load", status=(204,))
        check_world(server, old)
        check_devices(server, old)
        stop(server)


def test_snapshot_elsewhere(old, tmp_path):
    """a snapshot of an earlier version is imported by another server, and one starts from it"""
    with Server(tmp_path / "imports", "--ephemeral") as server:
        server.control.ok("PUT", "/_emulator/v1/snapshots/taken/file", old.snapshot.read_bytes(), status=(204,))
        server.control.ok("POST", "/_emulator/v1/snapshots/taken/load", status=(204,))
        check_world(server, old)
        stop(server)
    with Server(tmp_path / "begins", "--ephemeral", "--snapshot", old.snapshot) as server:
        check_world(server, old)
        check_devices(server, old)
        stop(server)
