"""The reference device, from which every flawed one differs in one thing."""

import importlib.util
import pathlib
import signal
import sys

PYTHON = pathlib.Path(__file__).resolve().parents[4] / "clients" / "python"
sys.path.insert(0, str(PYTHON))  # where its other part is
_spec = importlib.util.spec_from_file_location("reference_device", PYTHON / "reference_device.py")
reference = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(reference)
Device = reference.Device
mqtt = reference.mqtt


def with_options(**changes):
    """A device that was told other numbers."""

    class Told(Device):
        def __init__(self, options, environment):
            vars(options).update(changes)
            super().__init__(options, environment)

    return Told


def hang():
    """What firmware does that has died: nothing, until it is killed."""
    while True:
        signal.pause()


class KnowsConnected(Device):
    """Remembers whether a connection is at work."""

    is_connected = False

    def work(self, client):
        self.is_connected = True
        try:
            super().work(client)
        finally:
            self.is_connected = False


def publish_packet(topic, payload, packet_id=None):
    """A small PUBLISH, with QoS 1 where it has a packet id: for what Paho would not send."""
    name = topic.encode()
    body = len(name).to_bytes(2, "big") + name + (packet_id.to_bytes(2, "big") if packet_id else b"") + payload
    assert len(body) < 128  # its length is one byte
    return bytes([0x32 if packet_id else 0x30, len(body)]) + body
