"""The reference device with one flaw, for tests of the verdict: flawed_device.py FLAW [its options]."""

import importlib.util
import pathlib
import ssl
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
_spec = importlib.util.spec_from_file_location("reference_device", ROOT / "clients" / "python" / "reference_device.py")
reference = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(reference)


class FixedPause(reference.Device):
    """Tries again every 0.2 s, whatever happens."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.backoff.pause_s = lambda: 0.2


class NoVerification(reference.Device):
    def client(self, *arguments):
        client = super().client(*arguments)
        client.tls_insecure_set(True)
        return client

    def tls(self):
        context = super().tls()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context


class NoName(reference.Device):
    """Verifies the certificate, and not whose it is."""

    def client(self, *arguments):
        client = super().client(*arguments)
        client.tls_insecure_set(True)
        return client


class LongKeepAlive(reference.Device):
    def __init__(self, options, environment):
        options.keep_alive = 1300
        super().__init__(options, environment)


class DupOnFirstSend(reference.Device):
    """DUP with QoS 0, which nothing can be a repeat of."""

    def publish(self, client, topic, payload):
        client._send_publish(0, topic.encode(), payload.encode(), 0, False, True, reference.mqtt.MQTTMessageInfo(0))
        self.stored.clear()
        return 0


class Qos2(reference.Device):
    def publish(self, client, topic, payload):
        self.stored.clear()
        return client.publish(topic, payload, qos=2).mid


class UnknownAlias(reference.Device):
    def publish(self, client, topic, payload):
        return super().publish(client, topic.replace("data_in", "data_inn"), payload)


class Seconds(reference.Device):
    """Timestamps of batches in seconds."""

    def publish(self, client, _topic, payload):
        entry = f'[{{"timestamp":{int(reference.time.time())},"values":{{"data_in":"{{}}"}}}}]'
        return super().publish(client, "$resource.batch", entry)


class NestedJson(reference.Device):
    """Puts a JSON document into another as an object, not as a string."""

    def publish(self, client, _topic, payload):
        return super().publish(client, "$resource/", f'{{"data_in":{payload}}}')


class Unquoted(reference.Device):
    """Forgets the quotes around the alias, so that no value of it is taken."""

    def publish(self, client, _topic, payload):
        return super().publish(client, "$resource/", f"{{data_in:{payload}}}")


class Retain(reference.Device):
    def publish(self, client, topic, payload):
        return client.publish(topic, payload, qos=1, retain=True).mid


class Mute(reference.Device):
    """Opens TCP connections and says nothing."""

    def live(self):
        while True:
            with reference.socket.create_connection((self.address, self.port)):
                reference.time.sleep(0.5)


FLAWS = {
    "none": reference.Device,
    "fixed_pause": FixedPause,
    "no_verification": NoVerification,
    "no_name": NoName,
    "long_keep_alive": LongKeepAlive,
    "dup": DupOnFirstSend,
    "qos2": Qos2,
    "unknown_alias": UnknownAlias,
    "seconds": Seconds,
    "nested": NestedJson,
    "unquoted": Unquoted,
    "retain": Retain,
    "mute": Mute,
}

if __name__ == "__main__":
    reference.main(FLAWS[sys.argv.pop(1)])
