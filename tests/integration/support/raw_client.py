"""A client that sends exactly the bytes it is told, and reads packets with deadlines."""

import select
import socket
import ssl

from support import packets as mqtt
from support.waiting import Deadline

BARRIER_ID = 0xFFF0


def tls_context(ca, certificate=None, tune=None):
    """A context as a device has it: verifies the chain and the name; certificate: (cert.pem, key.pem)."""
    context = ssl.create_default_context(cafile=str(ca))
    if certificate:
        context.load_cert_chain(*map(str, certificate))
    if tune:
        tune(context)
    return context


class RawClient:
    """One connection. Waiting fails the test at its deadline."""

    def __init__(self, stream):
        self.stream = stream
        self._buffer = b""

    @classmethod
    def tls(cls, address, sni, ca, certificate=None, tune=None, session=None):
        """sni None: no server name at all (and no check of the name in the certificate)."""
        context = tls_context(ca, certificate, tune)
        if sni is None:
            context.check_hostname = False
        plain = socket.create_connection(address, timeout=Deadline().left())
        try:
            return cls(context.wrap_socket(plain, server_hostname=sni, session=session))
        except BaseException:
            plain.close()
            raise

    @classmethod
    def plain(cls, address):
        return cls(socket.create_connection(address, timeout=Deadline().left()))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Drops the connection without DISCONNECT."""
        self.stream.close()

    def send(self, *parts):
        self.stream.sendall(b"".join(parts))

    def receive(self, deadline=None):
        """The next packet, or None when the server has closed the connection."""
        deadline = deadline or Deadline()
        while True:
            packet, self._buffer = mqtt.split(self._buffer)
            if packet:
                return packet
            self.stream.settimeout(deadline.left())
            try:
                data = self.stream.recv(65536)
            except (ConnectionResetError, BrokenPipeError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
                return None
            except (socket.timeout, TimeoutError):
                raise AssertionError("waited in vain for a packet or the end of the connection") from None
            if not data:
                assert not self._buffer, f"the connection ended inside a packet: {self._buffer.hex()}"
                return None
            self._buffer += data

    def within(self, seconds):
        """The next packet, or None where none comes in time. ConnectionError: the connection is over."""
        packet, self._buffer = mqtt.split(self._buffer)
        if packet or not self.readable(seconds):
            return packet
        packet = self.receive()
        if packet is None:
            raise ConnectionError("the server closed the connection")
        return packet

    def expect(self, kind):
        packet = self.receive()
        assert packet is not None, f"expected packet type {kind}, and the connection was closed"
        assert packet.kind == kind, f"expected packet type {kind}, got {packet}"
        return packet

    def expect_closed(self):
        """Nothing more comes, and the server closes."""
        packet = self.receive()
        assert packet is None, f"expected the end of the connection, got {packet}"

    def connack(self):
        """(session present, return code)"""
        packet = self.expect(mqtt.CONNACK)
        assert len(packet.body) == 2 and packet.flags == 0
        return packet.body[0], packet.body[1]

    def login(self, **fields):
        """CONNECT that must be accepted; returns Session Present."""
        self.send(mqtt.connect(**fields))
        present, code = self.connack()
        assert code == 0, f"CONNACK {code}"
        return present

    def refused(self, **fields):
        """CONNECT that must be refused: the code, after which the connection must be closed."""
        self.send(mqtt.connect(**fields))
        present, code = self.connack()
        assert present == 0 and code != 0, (present, code)
        self.expect_closed()
        return code

    def publish_and_wait(self, topic, payload=b"", packet_id=1):
        """QoS 1, until its PUBACK; returns the packets that came before it."""
        self.send(mqtt.publish(topic, payload, qos=1, packet_id=packet_id))
        return self.until_puback(packet_id)

    def until_puback(self, packet_id):
        before = []
        while True:
            packet = self.receive()
            assert packet is not None, f"the connection was closed before PUBACK {packet_id}"
            if packet.kind == mqtt.PUBACK and packet.packet_id == packet_id:
                return before
            before.append(packet)

    def barrier(self):
        """Everything sent before is processed and committed: its answers, in order. [R25a]

        It publishes to a topic that nobody subscribes to and waits for the acknowledgement.
        """
        return self.publish_and_wait("barrier-of-the-tests", b"", BARRIER_ID)

    def readable(self, seconds):
        """Whether something comes within this time, be it the end of the connection."""
        return bool(select.select([self.stream], [], [], seconds)[0])

    def silent(self):
        """Nothing came in answer to what was sent so far, and the connection is open."""
        before = self.barrier()
        assert before == [], before

    def subscribe(self, *filters, packet_id=10):
        """The return codes."""
        self.send(mqtt.subscribe(packet_id, *filters))
        packet = self.expect(mqtt.SUBACK)
        assert packet.packet_id == packet_id
        return list(packet.body[2:])

    def unsubscribe(self, *filters, packet_id=11):
        self.send(mqtt.unsubscribe(packet_id, *filters))
        assert self.expect(mqtt.UNSUBACK).body == packet_id.to_bytes(2, "big")

    def message(self):
        """(topic, payload) of the next packet, which must be a PUBLISH."""
        packet = self.expect(mqtt.PUBLISH)
        return packet.topic, packet.payload
