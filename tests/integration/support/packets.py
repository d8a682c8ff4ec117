"""MQTT 3.1.1 on the wire, written for the tests: it shares nothing with the server, so an error does not cancel out."""

import dataclasses
import struct

CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP = 1, 2, 3, 4, 5, 6, 7
SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT = 8, 9, 10, 11, 12, 13, 14


def encode(value):
    return value.encode() if isinstance(value, str) else bytes(value)


def string(value):
    data = encode(value)
    return struct.pack(">H", len(data)) + data


def remaining_length(length):
    out = bytearray()
    while True:
        length, digit = divmod(length, 128)
        out.append(digit | (0x80 if length else 0))
        if not length:
            return bytes(out)


def packet(kind, flags, body=b""):
    return bytes([kind << 4 | flags]) + remaining_length(len(body)) + body


def connect(client_id="", clean=True, keep_alive=60, username=None, password=None, will=None, level=4, name="MQTT"):
    """will: (topic, payload, qos, retain)."""
    flags = 0x02 if clean else 0
    payload = string(client_id)
    if will is not None:
        topic, message, qos, retain = will
        flags |= 0x04 | qos << 3 | (0x20 if retain else 0)
        payload += string(topic) + string(message)
    if username is not None:
        flags |= 0x80
        payload += string(username)
    if password is not None:
        flags |= 0x40
        payload += string(password)
    return packet(CONNECT, 0, string(name) + bytes([level, flags]) + struct.pack(">H", keep_alive) + payload)


def publish(topic, payload=b"", qos=0, packet_id=1, dup=False, retain=False):
    flags = (8 if dup else 0) | qos << 1 | (1 if retain else 0)
    identifier = struct.pack(">H", packet_id) if qos else b""
    return packet(PUBLISH, flags, string(topic) + identifier + encode(payload))


def subscribe(packet_id, *filters):
    """Each filter a text (QoS 0) or a pair (text, QoS)."""
    pairs = [(f, 0) if isinstance(f, (str, bytes)) else f for f in filters]
    return packet(SUBSCRIBE, 2, struct.pack(">H", packet_id) + b"".join(string(f) + bytes([q]) for f, q in pairs))


def unsubscribe(packet_id, *filters):
    return packet(UNSUBSCRIBE, 2, struct.pack(">H", packet_id) + b"".join(map(string, filters)))


def acknowledgement(kind, packet_id):
    return packet(kind, 2 if kind == PUBREL else 0, struct.pack(">H", packet_id))


def pingreq():
    return packet(PINGREQ, 0)


def disconnect():
    return packet(DISCONNECT, 0)


@dataclasses.dataclass(frozen=True)
class Packet:
    """One packet from the server."""

    kind: int
    flags: int
    body: bytes

    @property
    def topic(self):
        (length,) = struct.unpack(">H", self.body[:2])
        return self.body[2 : 2 + length].decode()

    @property
    def payload(self):
        """Of a PUBLISH at QoS 0, the only one that the server may send."""
        assert self.flags == 0, f"PUBLISH with flags {self.flags:04b}"
        (length,) = struct.unpack(">H", self.body[:2])
        return self.body[2 + length :]

    @property
    def packet_id(self):
        return struct.unpack(">H", self.body[:2])[0]


def split(buffer):
    """(packet, rest) of the first whole packet in buffer, or (None, buffer)."""
    length, shift = 0, 0
    for index in range(1, min(len(buffer), 5)):
        length |= (buffer[index] & 0x7F) << shift
        shift += 7
        if not buffer[index] & 0x80:
            end = index + 1 + length
            if len(buffer) < end:
                return None, buffer
            return Packet(buffer[0] >> 4, buffer[0] & 15, bytes(buffer[index + 1 : end])), buffer[end:]
    return None, buffer
