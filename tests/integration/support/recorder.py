"""A proxy that records what passes, and writes it as a capture: what a sniffer would have seen, without its rights."""

import select
import socket
import struct
import threading
import time

from support.waiting import PATIENCE_S

PORT = 8883  # as which the server's side is written: there Wireshark expects MQTT over TLS
MSS = 1400


class Recorder:
    """Passes one connection on to `address`. `with Recorder(address) as recorder:` listens on recorder.address."""

    def __init__(self, address):
        self._to = address
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = self._listener.getsockname()
        self.chunks = []  # (time in µs, from the device, bytes)
        self._thread = threading.Thread(target=self._pass_on, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "the recorded connection has not ended"
        self._listener.close()

    def _pass_on(self):
        device, _ = self._listener.accept()
        with device, socket.create_connection(self._to) as server:
            while True:
                ready, _, _ = select.select([device, server], [], [], PATIENCE_S)
                if not ready:
                    return
                for source in ready:
                    try:
                        data = source.recv(65536)
                    except ConnectionResetError:
                        data = b""
                    if not data:
                        return
                    self.chunks.append((time.time_ns() // 1000, source is device, data))
                    (server if source is device else device).sendall(data)

    def write(self, file):
        """A pcap file (not pcapng: another writer than the server's) with raw IP, microseconds."""
        out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101)
        sequence = {True: 1000, False: 5000}
        ports = {True: 40000, False: PORT}
        for at, from_device, data in self.chunks:
            for start in range(0, len(data), MSS):
                piece = data[start : start + MSS]
                numbers = sequence[from_device], sequence[not from_device]
                tcp = struct.pack(
                    ">HHIIHHHH", ports[from_device], ports[not from_device], *numbers, 0x5018, 0xFFFF, 0, 0
                )
                size = 20 + len(tcp) + len(piece)
                ip = struct.pack(">BBHIBBH4s4s", 0x45, 0, size, 0x4000, 64, 6, 0, b"\x7f\0\0\1", b"\x7f\0\0\1")
                out += struct.pack("<IIII", at // 1_000_000, at % 1_000_000, size, size) + ip + tcp + piece
                sequence[from_device] += len(piece)
        file.write_bytes(out)
