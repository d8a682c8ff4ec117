"""Wireshark on the command line: what it sees in a file. It shares nothing with the server's own reader or writer."""

import json
import shutil
import subprocess

from support.names import need
from support.waiting import PATIENCE_S

# What Wireshark says of frames that do not fit together: a gap, a retransmission, a wrong checksum, a broken packet.
DOUBTS = "_ws.malformed || tcp.analysis.flags || tcp.checksum.status == 0 || ip.checksum.status == 0"
CHECKED = ("-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE")


def need_tshark():
    need(shutil.which("tshark"), "tshark")


def _run(file, *arguments):
    done = subprocess.run(
        ["tshark", "-n", "-r", str(file), *CHECKED, *arguments], capture_output=True, text=True, timeout=2 * PATIENCE_S
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def fields(file, names, *options, only="mqtt"):
    """A row for each frame that the display filter `only` lets through; a field that is there more often: a list."""
    chosen = [part for name in names for part in ("-e", name)]
    found = json.loads(_run(file, "-Y", only, "-T", "json", *chosen, *options))
    return [[frame["_source"]["layers"].get(name, []) for name in names] for frame in found]


def packets(file, *options):
    """All MQTT packets in the order of the file, as [stream, source port, type]; a frame may hold several."""
    rows = fields(file, ["tcp.stream", "tcp.srcport", "mqtt.msgtype"], *options)
    return [(int(stream[0]), int(port[0]), int(kind)) for stream, port, kinds in rows for kind in kinds]


def doubts(file, *options):
    """One line for each frame about which Wireshark has a doubt."""
    return _run(file, "-Y", DOUBTS, *options).splitlines()


def lines(file, only):
    return _run(file, "-Y", only).splitlines()
