"""A device that does nothing but ask whether the server is there, and the peak of the server's memory meanwhile."""

import multiprocessing
import pathlib
import socket
import struct
import time

DEADLINE_S = 120
EACH_S = 0.001
MIB = 1024 * 1024


def text(value):
    data = value if isinstance(value, bytes) else value.encode()
    return struct.pack(">H", len(data)) + data


def packet(first, body):
    """Of any length."""
    length, digits = len(body), bytearray()
    while True:
        length, digit = divmod(length, 128)
        digits.append(digit | (0x80 if length else 0))
        if not length:
            return bytes([first]) + bytes(digits) + body


def publish(topic, payload, packet_id=1):
    """QoS 1."""
    return packet(0x32, text(topic) + struct.pack(">H", packet_id) + payload)


def login(port, token):
    stream = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    stream.sendall(packet(0x10, text("MQTT") + b"\x04\xc2\x00\x00" + text("") + text("") + text(token)))
    answer = stream.recv(4, socket.MSG_WAITALL)
    if not answer:
        raise ConnectionError("the server closed the connection")
    if answer != b"\x20\x02\x00\x00":
        raise RuntimeError("a device was refused")
    return stream


def login_again(port, token):
    """The load of a snapshot closes all connections, also one that came while it ran."""
    until = time.monotonic() + DEADLINE_S
    while True:
        try:
            return login(port, token)
        except ConnectionError:
            if time.monotonic() > until:
                raise
            time.sleep(EACH_S)


def wait_for_puback(stream):
    """Whatever comes before it is skipped: values of the cloud."""
    got = b""
    while not got.endswith(b"\x40\x02\x00\x01"):
        piece = stream.recv(65536)
        if not piece:
            raise RuntimeError("the server closed the device's connection")
        got = got[-3:] + piece


def ask(stream, question, length):
    """The answer; empty: the connection is closed."""
    try:
        stream.sendall(question)
        return stream.recv(length, socket.MSG_WAITALL)
    except ConnectionError:
        return b""


def worst_times(port, token, question, answer, pipe):
    """A process: asks again and again; at each word it tells the worst time (ms) since the last one."""
    stream = login(port, token)
    worst = 0.0
    while True:
        if pipe.poll():
            if pipe.recv() == "end":
                return
            pipe.send(worst)
            worst = 0.0
        began = time.perf_counter()
        got = ask(stream, question, len(answer))
        if got == answer:
            worst = max(worst, (time.perf_counter() - began) * 1000)
        elif got:
            raise RuntimeError(f"{answer!r} was expected, not {got!r}")
        else:
            stream = login_again(port, token)
        time.sleep(EACH_S)


class Bystander:
    """`question` and its `answer`: packets, the same ones each time."""

    def __init__(self, port, token, question, answer):
        self._ours, its = multiprocessing.Pipe()
        arguments = port, token, question, answer, its
        self._process = multiprocessing.Process(target=worst_times, args=arguments, daemon=True)
        self._process.start()
        its.close()

    def worst_ms(self):
        """Since it was last asked."""
        self._ours.send("tell")
        return self._ours.recv()

    def stop(self):
        self._ours.send("end")
        self._process.join(DEADLINE_S)


class Peak:
    """The most memory of a process since this was made."""

    def __init__(self, pid):
        self._status = pathlib.Path(f"/proc/{pid}/status")
        pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")

    def mb(self):
        return int(self._status.read_text().split("VmHWM:")[1].split()[0]) / 1024
