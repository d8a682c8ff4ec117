"""tests/vectors/mqtt.txt: bytes in, bytes out, and whether the connection lives. Its format is in the file."""

import dataclasses
import pathlib
import re

FILE = pathlib.Path(__file__).resolve().parents[2] / "vectors" / "mqtt.txt"
ANONYMOUS_CONNECT = bytes.fromhex("100c00044d5154540402003c0000")
CONNACK = bytes.fromhex("20020000")


@dataclasses.dataclass(frozen=True)
class Row:
    prelude: str  # "none", or "anonymous": ANONYMOUS_CONNECT goes before it
    name: str
    rules: str
    sent: bytes
    expected: bytes
    end: str  # "open" or "closed"

    @property
    def closes(self):
        return self.end == "closed"


def unhex(text):
    text = re.sub(r"\{(..)\*(\d+)\}", lambda match: match[1] * int(match[2]), text)
    return b"" if text.strip() == "-" else bytes.fromhex(text)


def rows():
    prelude = None
    for line in FILE.read_text().splitlines():
        if line.startswith("@connect"):
            prelude = line.split()[1]
        elif line.strip() and not line.startswith("#"):
            name, rules, sent, expected, end = (part.strip() for part in line.split(" | "))
            yield Row(prelude, name, rules, unhex(sent), unhex(expected), end)


def read(stream, length, deadline):
    """Exactly so many bytes, or fewer where the server closes before."""
    data = b""
    while len(data) < length:
        stream.settimeout(deadline.left())
        try:
            part = stream.recv(length - len(data))
        except ConnectionResetError:  # it closed with bytes of ours unread
            part = b""
        if not part:
            break
        data += part
    return data
