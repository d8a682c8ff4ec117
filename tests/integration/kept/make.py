"""Makes kept/NAME.tar.xz with a binary, today's or that of an earlier version: see README.md."""

import collections
import io
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support import kept, server as server_module
from support import packets as mqtt
from support.certificates import openssl
from support.device import Site
from support.https import device_request
from support.server import Server, split_address

NOW_US = 4_000_000_000_000_000  # the clock stands, so sessions, tokens and links stay as old as they are
HOUR_US = 3_600_000_000
KEPT_NAMES = ("murano.db", "murano.db-blocks", "content", "snapshots")
DAYS_OF_CERTIFICATE = 36_500  # longer than until NOW_US


def furnish_local(site, server):
    """Token devices: values, a session, cloud values that wait, findings, packets, content, tags; a deleted one."""
    site.resources(level={"format": "number", "settable": True}, on={"format": "boolean"})
    site.quirk(invalid_value="disconnect")
    many = site.device("many")
    report_with_mosquitto(server, site, many)
    device = site.device()
    with device.connected(client_id="kept", clean=False) as client:
        client.subscribe("news", "alarm/+/#")
        client.publish_and_wait("$resource/data_in", "grün".encode(), packet_id=1)
        client.publish_and_wait("$resource.batch", b'[{"timestamp": 3999999999000000, "values": {"level": 1.50}}]', packet_id=2)
        client.publish_and_wait("any/topic", b"\x00\xff" * 60_000, packet_id=3)
        client.publish_and_wait("$resource/datain", b"no such resource", packet_id=4)
        client.send(mqtt.disconnect())
        client.expect_closed()
    site.control.patch_connector(site.connector, {"journal": {"packets": True}})
    with device.connected() as client:
        client.publish_and_wait("$resource/on", b"true")
    site.control.patch_connector(site.connector, {"journal": {"packets": False}})
    site.set_state({"config_io": "waits for the device", "level": 7})
    for name, data in kept.content().items():
        site.control.upload(site.connector, name, data)
    upload = device_request(site, "PUT", "/provision/content/log.txt", b"of a device", {"Authorization": f"token {device.token}"})
    assert upload.status == 201, upload
    for identity, body in (
        ("waiting", {}),
        ("locked", {"locked": True}),
        ("short", {"auth": {"expire": NOW_US + HOUR_US}}),
        ("gone", {}),
    ):
        site.control.put_identity(site.connector, identity, body)
    site.control.delete_identity(site.connector, "gone")
    tag = {"identity": "waiting", "name": "site", "value": "north"}
    site.control.ok("POST", f"/api:1/solution/{site.connector}/serviceconfig/device2/call/addIdentityTag", tag)


def report_with_mosquitto(server, site, device):
    """200 reports of somebody else's client."""
    host, port = split_address(server.ready["mqtts"][0])
    command = ["mosquitto_pub", "-V", "mqttv311", "-h", "localhost", "-p", str(port), "--cafile", server.ca, "-u", device.identity]
    command += ["-P", device.token, "-q", "1", "-t", "$resource/data_in", "-l"]
    subprocess.run(command, input="".join(f"{n}\n" for n in range(200)).encode(), check=True)


def furnish_others(server, folder):
    """Devices by password and by certificate, and a connector of which a reset has hidden the events."""
    passwords = Site(server, "passwords")
    passwords.patch({"provisioning": {"auth_type": "password"}})
    with passwords.anonymous() as client:
        client.publish_and_wait("$provision/secretive", "a password that is kept")
    server.control.ok("PUT", "/_emulator/v1/clock?connector=passwords", {"now_us": NOW_US + 48 * HOUR_US, "frozen": True})
    certificates = Site(server, "certificates")
    certificates.patch({"provisioning": {"auth_type": "certificate"}})
    key, certificate = kept.key_of(folder, kept.CERTIFIED), folder / "certificate.pem"
    openssl("req", "-x509", "-key", key, "-subj", f"/CN={kept.CERTIFIED}", "-days", DAYS_OF_CERTIFICATE, "-out", certificate)
    with certificates.open(certificate=(certificate, key)) as client:
        client.login()
        client.publish_and_wait("$resource/data_in", b"by certificate")
    hidden = Site(server, "hidden")
    hidden.device()
    server.control.ok("POST", "/_emulator/v1/reset?connector=hidden", status=(204,))
    hidden.device()


def check_tables(database):
    """Every table has something."""
    with sqlite3.connect(database) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {table: connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in tables}
    connection.close()
    assert all(rows.values()), rows
    return rows


def pack(archive, folder, told):
    """Without the certificate authority: each start makes what is missing."""

    def plain(entry):
        entry.uid = entry.gid = entry.mtime = 0
        entry.uname = entry.gname = ""
        return entry

    with tarfile.open(archive, "w:xz", preset=9) as out:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.relative_to(folder).parts[0] in KEPT_NAMES:
                out.add(file, pathlib.Path("data") / file.relative_to(folder), filter=plain)
        text = json.dumps(told).encode()
        entry = tarfile.TarInfo("told.json")
        entry.size = len(text)
        out.addfile(entry, io.BytesIO(text))


def main(binary, name):
    server_module.BINARY = binary
    folder = pathlib.Path(tempfile.mkdtemp())
    server = Server(folder).start()
    try:
        server.control.ok("PUT", "/_emulator/v1/clock", {"now_us": NOW_US, "frozen": True})
        furnish_local(Site(server, "local"), server)
        furnish_others(server, folder)
        server.control.advance("1h")
        server.control.wait_events("local", type="expired")
        server.control.ok("POST", "/_emulator/v1/snapshots/kept", status=(201,))
        told = kept.told(server.control)
        assert server.stop() == 0
    finally:
        server.kill()
    print(check_tables(server.data_dir / "murano.db"))
    print(collections.Counter(event["type"] for one in told["connectors"].values() for event in one["events"]))
    pack(kept.KEPT / f"{name}.tar.xz", server.data_dir, told)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
