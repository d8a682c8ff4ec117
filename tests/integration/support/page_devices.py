"""Devices for the page to show."""

from support import packets as mqtt


def report(client, topic, value, packet_id=1):
    client.send(mqtt.publish(f"$resource/{topic}", value, qos=1, packet_id=packet_id))
    client.expect(mqtt.PUBACK)


def busy_device(site, identity="12345"):
    """With a number that changes, JSON, and a few mistakes."""
    site.resources(temperature={"format": "number", "settable": True, "unit": "°C"})
    device = site.device(identity)
    with device.connected() as client:
        for number in range(12):
            report(client, "temperature", str(20 + number % 5), packet_id=number + 1)
        report(client, "data_in", '{"001": 4.5, "002": {"level": 3}}')
        report(client, "temperature", "warm")
        report(client, "unknown", "1")
    return device
