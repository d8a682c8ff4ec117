"""The data of an earlier version that tests/integration/kept holds: how to unpack it, and what a server tells of it."""

import base64
import dataclasses
import hashlib
import json
import pathlib
import tarfile
import urllib.parse

from support.certificates import openssl
from support.control import quote

KEPT = pathlib.Path(__file__).resolve().parents[1] / "kept"
CERTIFIED = "certified"  # the device that logs in by certificate


@dataclasses.dataclass
class Kept:
    """An unpacked archive: the data folder as that version left it, and what it told before it stopped."""

    data_dir: pathlib.Path
    told: dict

    @property
    def snapshot(self):
        return self.data_dir / "snapshots" / "kept.snapshot"

    def secret(self, connector, identity):
        return self.told["connectors"][connector]["secrets"][identity]["key"]


def unpack(name, folder):
    with tarfile.open(KEPT / f"{name}.tar.xz") as archive:
        archive.extractall(folder)
    return Kept(folder / "data", json.loads((folder / "told.json").read_text()))


def names():
    return sorted(file.name.removesuffix(".tar.xz") for file in KEPT.glob("*.tar.xz"))


def content():
    """Name to bytes of what was uploaded: any bytes, a few hundred KB that xz makes small, and nothing."""
    return {
        "bytes.bin": b"".join(hashlib.sha256(bytes([n])).digest() for n in range(64)),
        "large.txt": b"".join(b"line %06d\n" % n for n in range(25_000)),
        "empty": b"",
    }


def key_of(folder, identity):
    """The throw-away key of that identity, always the same, so that none has to be kept."""
    number = hashlib.sha256(f"the throw-away key of {identity}".encode()).digest()
    bare, key = folder / f"{identity}.der", folder / f"{identity}-key.pem"
    prime256v1 = bytes.fromhex("a00a06082a8648ce3d030107")
    bare.write_bytes(bytes([0x30, 5 + len(number) + len(prime256v1), 2, 1, 1, 4, len(number)]) + number + prime256v1)
    openssl("ec", "-inform", "DER", "-in", bare, "-out", key)
    return key


def clock(control, query=""):
    """Where it stands; how far that is from now is of no meaning for a clock that is frozen."""
    shown = control.ok("GET", control.emulator("/clock") + query).json()
    return {"now_us": shown["now_us"], "frozen": shown["frozen"]}


def whole(control, event):
    """An event with the checksum of its message in the place of the message, of which large ones are shown in part."""
    if event["type"] != "publish":
        return event
    payload = dict(event["payload"])
    answer = control.request("GET", control.emulator(f"/events/{event['cursor']}/payload"))
    text, is_base64 = payload.pop("payload"), payload.pop("encoding", None) == "base64"
    data = base64.b64decode(text) if is_base64 else text.encode()
    payload["sha256"] = hashlib.sha256(answer.body if answer.status == 200 else data).hexdigest()
    return {**event, "payload": payload}


def told_of_connector(control, name):
    """Everything that its calls tell of one connector, times and cursors included."""
    devices = control.ok("GET", control.device2(name, "/identity/?limit=1000")).json()["devices"]
    identities = [device["identity"] for device in devices]
    secrets = {}
    for identity in identities:
        answer = control.request("GET", control.emulator(f"/connectors/{name}/identities/{quote(identity)}/secret"))
        secrets[identity] = answer.json() if answer.status == 200 else {}
    return {
        "settings": control.ok("GET", control.emulator(f"/connectors/{name}")).json(),
        "clock": clock(control, f"?connector={name}"),
        "devices": devices,
        "secrets": secrets,
        "sessions": control.sessions(name),
        "content": control.ok("GET", f"/api:1/service/{name}/content/item?full=true").json(),
        "history": {identity: control.history(name, identity) for identity in identities},
        "events": [whole(control, event) for event in control.events(name)],
    }


def told(control):
    names = [row["connector"] for row in control.ok("GET", control.emulator("/connectors")).json()["connectors"]]
    return {
        "clock": clock(control),
        "connectors": {name: told_of_connector(control, name) for name in names},
    }


def lost(before, after, path="$"):
    """Where `after` does not tell what `before` told. New keys of objects, and new entries of lists, may follow."""
    if isinstance(before, dict) and isinstance(after, dict):
        missing = [f"{path}.{key} is missing" for key in before.keys() - after.keys()]
        return missing + [why for key in before.keys() & after.keys() for why in lost(before[key], after[key], f"{path}.{key}")]
    if isinstance(before, list) and isinstance(after, list):
        fewer = [f"{path} has {len(after)} entries, not {len(before)}"] if len(after) < len(before) else []
        return fewer + [why for n, (one, other) in enumerate(zip(before, after)) for why in lost(one, other, f"{path}[{n}]")]
    return [] if before == after else [f"{path}: {before!r:.200} is now {after!r:.200}"]


def download(control, connector, name):
    link = control.ok("GET", f"/api:1/service/{connector}/content/item/{quote(name)}/download").json()["url"]
    place = urllib.parse.urlsplit(link)
    return control.ok("GET", f"{place.path}?{place.query}").body
