"""Flaws of reports."""

import json

from flaws.base import Device, KnowsConnected, mqtt, publish_packet


class Unacknowledged(Device):
    """What it sent is gone, whether it arrived or not."""

    def publish(self, client, topic, payload):
        self.stored.clear()
        return super().publish(client, topic, payload)


class DupOnFirstSend(Device):
    """DUP with QoS 0, which nothing can be a repeat of."""

    def publish(self, client, topic, payload):
        client._send_publish(0, topic.encode(), payload.encode(), 0, False, True, mqtt.MQTTMessageInfo(0))
        self.stored.clear()
        return 0


class Qos2(Device):
    def publish(self, client, topic, payload):
        self.stored.clear()
        return client.publish(topic, payload, qos=2).mid


class UnknownAlias(Device):
    def publish(self, client, topic, payload):
        return super().publish(client, topic, payload.replace("data_in", "data_inn"))


class Seconds(Device):
    """Timestamps of batches in seconds."""

    def publish(self, client, topic, payload):
        entries = json.loads(payload)
        for entry in entries:
            entry["timestamp"] //= 1_000_000
        return super().publish(client, topic, json.dumps(entries))


class Retain(Device):
    def publish(self, client, topic, payload):
        return client.publish(topic, payload, qos=1, retain=True).mid


class NestedJson(Device):
    """Puts a JSON document into another as an object, not as a string."""

    def publish(self, client, _topic, payload):
        return super().publish(client, "$resource/", f'{{"data_in":{payload}}}')


class Unquoted(Device):
    """Forgets the quotes around the alias, so that no value of it is taken."""

    def publish(self, client, _topic, payload):
        return super().publish(client, "$resource/", f"{{data_in:{payload}}}")


class TooLarge(Device):
    """More than 1,048,576 bytes."""

    def publish(self, client, topic, payload):
        self.publish = super().publish  # once is enough
        return client.publish(f"$resource/{self.options.alias}", b"x" * 1_048_577, qos=1).mid


class StoresNothing(KnowsConnected):
    """Measures only while it is connected."""

    def measure(self):
        if self.is_connected:
            super().measure()


class Acknowledges(Device):
    """What nobody asked it to."""

    def publish(self, client, topic, payload):
        client._send_puback(7)
        return super().publish(client, topic, payload)


class ReusesIds(Device):
    """Sends two messages at once with the same packet id."""

    packet_id = 60_000  # that Paho does not come to

    def publish(self, client, topic, payload):
        alias = f"$resource/{self.options.alias}"
        client.socket().sendall(b"".join(publish_packet(alias, value, self.packet_id) for value in (b"1", b"2")))
        return super().publish(client, topic, payload)


class Repeats(Device):
    """Sends every report twice."""

    def publish(self, client, topic, payload):
        super().publish(client, topic, payload)
        return super().publish(client, topic, payload)


FLAWS = {
    "unacknowledged": Unacknowledged,
    "dup": DupOnFirstSend,
    "qos2": Qos2,
    "unknown_alias": UnknownAlias,
    "seconds": Seconds,
    "retain": Retain,
    "nested": NestedJson,
    "unquoted": Unquoted,
    "too_large": TooLarge,
    "stores_nothing": StoresNothing,
    "acknowledges": Acknowledges,
    "reuses_ids": ReusesIds,
    "repeats": Repeats,
}
