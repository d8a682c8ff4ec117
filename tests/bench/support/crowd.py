"""Connections that mean no good, or are only half-finished firmware: opened, fed byte by byte, and opened again when the
server has had enough of them. One process of its own, so that it does not slow down who measures."""

import collections
import errno
import heapq
import random
import select
import socket
import time

ANONYMOUS = b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x00\x00\x00"  # keep alive 0: no time limit
HELLO = bytes.fromhex("16030102000100") + b"\x01\xfc\x03\x03" + bytes(500)
CONNECT = b"\x10\xff\x7f\x00\x04MQTT\x04\x02\x00\x3c\x3f\xff" + b"c" * 16_000
PUBLISH = b"\x30\xff\x7f\x00\x10$resource/data_i" + b"p" * 16_000
GARBAGE = bytes(range(255, -1, -1)) * 8
TRICKLE_S = 1.0
RISE_S = 10.0  # they come over so long, so that they do not time out together
AGAIN_S = 2.0  # garbage is refused at once, and comes again after this; all others come again at once
PINGS = b"\xc0\x00" * 20

# name: (TLS port, sent at once, then byte by byte, sent whole with each byte)
KINDS = {
    "silent": (True, b"", b"", b""),
    "half a ClientHello, silent": (True, HELLO[:60], b"", b""),
    "a ClientHello byte by byte": (True, HELLO[:5], HELLO[5:], b""),
    "garbage for TLS": (True, GARBAGE, b"", b""),
    "garbage for MQTT": (False, GARBAGE, b"", b""),
    "a CONNECT byte by byte": (False, CONNECT[:14], CONNECT[14:], b""),
    "anonymous, a PUBLISH byte by byte": (False, ANONYMOUS + PUBLISH[:22], PUBLISH[22:], b""),
    "anonymous, never reads its PINGRESPs": (False, ANONYMOUS, b"x" * 16_000, PINGS),
}


class Hostile:
    def __init__(self, kind, ports, number):
        tls, first, rest, whole = KINDS[kind]
        self.kind, self._rest, self._whole, self._at = kind, rest, whole, 0
        self._first = first
        self.reads = not whole
        self.stream = socket.socket()
        self.stream.setblocking(False)
        # Many addresses: storms must not run out of local ports.
        self.stream.bind((f"127.0.1.{number % 200 + 1}", 0))
        code = self.stream.connect_ex(("127.0.0.1", ports[0] if tls else ports[1]))
        if code not in (0, errno.EINPROGRESS):
            raise OSError(code, "connect")

    def begin(self):
        self.send(self._first)

    def feed(self):
        if self._whole:
            self.send(self._whole)
        elif self._at < len(self._rest):
            self.send(self._rest[self._at : self._at + 1])
            self._at += 1

    def send(self, data):
        try:
            if data:
                self.stream.send(data)
        except BlockingIOError:
            pass
        except OSError:
            pass  # it is closed; epoll tells

    @property
    def feeds(self):
        return bool(self._rest or self._whole)


class Crowd:
    """`shared`: numbers that the parent reads: open, opened, closed by the server."""

    def __init__(self, ports, size, shared):
        self._ports, self._size, self._shared = ports, size, shared
        self._poll = select.epoll()
        self._open = {}
        self._feed = collections.deque()  # (when, descriptor, the one that had it)
        self._later = sorted((time.monotonic() + random.uniform(0, RISE_S), kind) for kind in self._kinds())
        self._number = 0

    def _kinds(self):
        """As many that stay as the size says, and a tenth more that do not."""
        short = [name for name in KINDS if name.startswith("garbage")]
        staying = [name for name in KINDS if name not in short]
        kinds = [staying[n % len(staying)] for n in range(self._size)]
        return kinds + [short[n % len(short)] for n in range(self._size // 10)]

    def run(self, stop):
        while not stop.is_set():
            now = time.monotonic()
            self._open_due(now)
            self._feed_due(now)
            for descriptor, happened in self._poll.poll(0.005):
                self._on_event(descriptor, happened)
        for one in self._open.values():
            one.stream.close()

    def _open_due(self, now, most=20):
        while most and self._later and self._later[0][0] <= now:
            most -= 1
            _, kind = heapq.heappop(self._later)
            try:
                one = Hostile(kind, self._ports, self._number)
            except OSError:
                heapq.heappush(self._later, (now + AGAIN_S, kind))
                continue
            self._number += 1
            self._open[one.stream.fileno()] = one
            self._poll.register(one.stream.fileno(), select.EPOLLOUT)
            self._shared[1] += 1
        self._shared[0] = len(self._open)

    def _feed_due(self, now):
        while self._feed and self._feed[0][0] <= now:
            _, descriptor, one = self._feed.popleft()
            if self._open.get(descriptor) is one:
                one.feed()
                self._feed.append((now + TRICKLE_S, descriptor, one))

    def _on_event(self, descriptor, happened):
        one = self._open[descriptor]
        if happened & (select.EPOLLERR | select.EPOLLHUP):
            return self._closed(descriptor)
        if happened & select.EPOLLOUT:
            one.begin()
            self._poll.modify(descriptor, select.EPOLLIN if one.reads else 0)
            if one.feeds:
                self._feed.append((time.monotonic() + TRICKLE_S, descriptor, one))
        if happened & select.EPOLLIN:
            try:
                if one.stream.recv(65536):
                    return None
            except BlockingIOError:
                return None
            except OSError:
                pass
            return self._closed(descriptor)
        return None

    def _closed(self, descriptor):
        one = self._open.pop(descriptor)
        self._poll.unregister(descriptor)
        one.stream.close()
        rest = AGAIN_S if one.kind.startswith("garbage") else 0
        heapq.heappush(self._later, (time.monotonic() + rest, one.kind))
        self._shared[2] += 1


def run(ports, size, shared, stop):
    Crowd(ports, size, shared).run(stop)
