"""A device that lives in the test: it does what suite files of the tests ask for."""

import threading

from support import packets as mqtt
from support.waiting import PATIENCE_S


class EchoingDevice:
    """Comes back whenever it is cut off, and reports as data_in what is set, with `makes` applied to it."""

    def __init__(self, device, makes=lambda value: value):
        self._device, self._makes = device, makes
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._live)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ends.set()
        self._thread.join(PATIENCE_S)

    def _live(self):
        while not self._ends.is_set():
            try:
                with self._device.connected() as client:
                    client.send(mqtt.publish("$resource/data_in", b"here"))
                    while not self._ends.is_set():
                        self._echo(client)
            except (OSError, AssertionError):
                self._ends.wait(0.1)  # the run cut it off, or a fault did

    def _echo(self, client):
        packet = client.within(0.1)
        if packet and packet.kind == mqtt.PUBLISH and packet.topic.startswith("$resource/data_out"):
            client.send(mqtt.publish("$resource/data_in", self._makes(packet.payload)))
