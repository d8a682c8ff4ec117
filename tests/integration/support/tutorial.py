"""The four Python programs of Exosite's tutorial, cut out of the document where it is at hand."""

import pathlib

NAMES = ["provision.py", "publish.py", "subscribe.py", "cert_pubsub.py"]
FIRST_LINE, LAST_LINE = "from paho.mqtt import client as mqtt", "client.loop_forever()"

_ROOT = pathlib.Path(__file__).resolve().parents[3]
OWN = pathlib.Path(__file__).resolve().parents[1] / "clients" / "tutorial_device.py"


def document():
    """The document's path, or None: it is not part of this repository."""
    places = [_ROOT.parent / "shared" / "spec" / "seed.txt", _ROOT / "shared" / "spec" / "seed.txt"]
    return next((place for place in places if place.is_file()), None)


def unpack(folder):
    """Writes the document's programs to folder, unmodified."""
    lines = document().read_text().splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if line.strip() == FIRST_LINE]
    assert len(starts) == len(NAMES), f"{len(starts)} programs in the document, not {len(NAMES)}"
    for name, start in zip(NAMES, starts):
        end = next(number for number in range(start, len(lines)) if lines[number].strip() == LAST_LINE)
        (folder / name).write_text("".join(lines[start : end + 1]))


def command(source, folder, name):
    """The command that runs one of the programs: the document's, or our own that does the same."""
    if source == "document":
        return ["/usr/bin/python3", "-u", folder / name]
    return ["/usr/bin/python3", "-u", OWN, name]
