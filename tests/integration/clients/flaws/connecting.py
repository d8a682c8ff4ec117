"""Flaws of CONNECT, of its answers, and of the pauses between attempts."""

import pathlib
import struct
import sys
import time

from flaws.base import Device, hang, mqtt, publish_packet, reference, with_options


class FixedPause(Device):
    """Tries again every 0.2 s, whatever happens."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.backoff.pause_s = lambda: 0.2


class NoJitter(Device):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        reference.random.uniform = lambda _least, _most: 1.0


class OtherClientId(Device):
    def client(self, client_id, clean_session):
        return super().client(client_id + "-x" if client_id else "", clean_session)


class Trusting(Device):
    """Begins its pauses anew with each CONNACK."""

    def on_connack(self, client, userdata, flags, code):
        super().on_connack(client, userdata, flags, code)
        if not code:
            self.backoff.reset()


class CarriesOn(Device):
    """Takes any CONNACK for a good one, until the connection ends."""

    def on_connack(self, client, userdata, flags, code):
        if code:
            client.socket().sendall(publish_packet(f"$resource/{self.options.alias}", b"1"))
        super().on_connack(client, userdata, flags, code)


class DeafToSilence(Device):
    """Never looks whether its PINGREQ is answered, nor its reports."""

    def client(self, *arguments):
        client = super().client(*arguments)
        client._check_keepalive = lambda: self.ping(client)
        return client

    @staticmethod
    def ping(client):
        if time.monotonic() - client._last_msg_out >= client._keepalive:
            client._send_pingreq()
            client._ping_t = 0

    def lost_acknowledgement(self):
        return False


class PatientForConnack(DeafToSilence):
    def open(self, client):
        self.options.patience, patience = 1e6, self.options.patience
        try:
            return super().open(client)
        finally:
            self.options.patience = patience


class GivesUp(Device):
    """Its third failure in a row is its last."""

    failures = 0

    def live_once(self):
        self.failures += 1
        if self.failures > 3:
            hang()
        super().live_once()

    def on_acknowledged(self, *arguments):
        self.failures = 0
        super().on_acknowledged(*arguments)


class DiesOfAReset(Device):
    """What it takes for the end of the world is the end of a connection."""

    def client(self, *arguments):
        client = super().client(*arguments)
        client.on_disconnect = lambda _client, _userdata, code: code == mqtt.MQTT_ERR_CONN_LOST and hang()
        return client


class KeepsSession(Device):
    """Clean Session 0, and a subscription that a new session needs."""

    def client(self, client_id, clean_session):
        return super().client(client_id, clean_session and not client_id)

    def on_connack(self, client, userdata, flags, code):
        super().on_connack(client, userdata, flags, code)
        if not code and client._client_id and self.subscribes(flags["session present"]):
            client.subscribe("greenhouse/#")

    def subscribes(self, session_present):
        return not session_present


class SubscribesOnce(KeepsSession):
    """In its life, whatever became of the session."""

    has = False

    def subscribes(self, session_present):
        self.has, had = True, self.has
        return not had


class SubscribesAlways(KeepsSession):
    """Each second it comes back by itself."""

    def subscribes(self, _session_present):
        self.until = time.monotonic() + 1
        return True

    def lost_acknowledgement(self):
        return time.monotonic() > self.until


class SubscribesInALoop(KeepsSession):
    """Until it is granted."""

    def subscribes(self, _session_present):
        return True

    def client(self, client_id, clean_session):
        client = super().client(client_id, clean_session)
        client.on_subscribe = lambda _client, _userdata, _id, codes: codes[0] == 128 and client.subscribe("greenhouse/#")
        return client


class NewClientIds(KeepsSession):
    def client(self, client_id, clean_session):
        return super().client(f"{client_id}-{time.monotonic_ns()}" if client_id else "", clean_session)


class Anonymous(Device):
    """Without a credential it does more than provision."""

    def on_connack(self, client, userdata, flags, code):
        super().on_connack(client, userdata, flags, code)
        if not client._client_id:
            client.subscribe("$resource/#")


class AsksWithPayload(Device):
    def client(self, client_id, clean_session):
        client = super().client(client_id, clean_session)
        publish = client.publish
        if not client_id:
            client.publish = lambda topic, _payload, qos: publish(topic, "please", qos=qos)
        return client


class TellsItsToken(Device):
    def publish(self, client, topic, payload):
        return super().publish(client, f"$resource/{self.options.alias}", self.credential.token)


class ForgetsItsToken(Device):
    """Keeps no token over a restart, and then asks without a pause."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.is_old = pathlib.Path("was_here").exists()
        pathlib.Path("was_here").touch()
        self.credential.forget()

    def live_once(self):
        if self.is_old:
            self.backoff.pause_s = lambda: 0.05
            self.credential.token = "a token that nobody gave, and that is no good"
        super().live_once()


class DiesOfALock(Device):
    """A power cut leaves its lock file, and with that it does not start."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        if pathlib.Path("lock").exists():
            hang()
        pathlib.Path("lock").touch()


class DiesOfMalformedPackets(Device):
    def live_once(self):
        try:
            super().live_once()
        except (IndexError, ValueError, UnicodeDecodeError, TypeError, struct.error) as failure:
            print(f"died of {failure!r}", file=sys.stderr, flush=True)
            hang()


class Mute(Device):
    """Opens TCP connections and says nothing."""

    def live(self):
        while True:
            with reference.socket.create_connection((self.address, self.port)):
                time.sleep(0.5)


FLAWS = {
    "fixed_pause": FixedPause,
    "no_jitter": NoJitter,
    "other_client_id": OtherClientId,
    "trusting": Trusting,
    "carries_on": CarriesOn,
    "patient_for_connack": PatientForConnack,
    "gives_up": GivesUp,
    "impatient": with_options(patience=1.5),
    "long_keep_alive": with_options(keep_alive=1300),
    "deaf_to_silence": DeafToSilence,
    "dies_of_a_reset": DiesOfAReset,
    "keeps_session": KeepsSession,
    "subscribes_once": SubscribesOnce,
    "subscribes_always": SubscribesAlways,
    "subscribes_in_a_loop": SubscribesInALoop,
    "new_client_ids": NewClientIds,
    "anonymous": Anonymous,
    "asks_with_payload": AsksWithPayload,
    "tells_its_token": TellsItsToken,
    "forgets_its_token": ForgetsItsToken,
    "dies_of_a_lock": DiesOfALock,
    "dies_of_malformed_packets": DiesOfMalformedPackets,
    "mute": Mute,
}
