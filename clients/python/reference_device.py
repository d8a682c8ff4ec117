#!/usr/bin/python3
"""A well-behaved device: an example to copy, for firmware in any language.

    reference_device.py            with python3-paho-mqtt 1.6 or 2; settings come from the environment

MURANO_HOST      name of the server: for SNI, and for the check of its certificate
MURANO_ADDRESS   where to connect, if that is not what the name resolves to (a test server)
MURANO_PORT      default 8883
MURANO_CA        file with the certificate authority; without it the system's
MURANO_IDENTITY  the device's id
MURANO_TOKEN     its credential; without one it provisions, and stores the token in TOKEN_FILE
TOKEN_FILE       default ./token-<identity>
CONTENT_FOLDER   folder for content, default ./content-<identity>

What to copy, and the checks of `murano-emulator verify` that test it:

  Pauses      Each failure doubles the pause, up to a limit, and chance spreads it. Not CONNACK sets it back, but the
              first acknowledged report: a server that drops devices behind CONNACK must not be stormed, nor another
              device of our name be fought. Then the least pause is LET_IN_S. CON-02 to CON-06, SES-04
  Verifying   The server's certificate, its name and its dates are checked before a credential is sent. TLS-04 to TLS-07
  Giving up   Nothing is waited for without end: TCP, TLS handshake, CONNACK, PUBACK, PINGRESP. CONNACK tells how slow the
              network is, and so how long a PUBACK may take. TLS-11, CON-03, CON-07, KA-02, KA-03, PUB-10
  Storing     A report is forgotten when its PUBACK has come, not when it was sent. PUB-05, PUB-09, ROB-03
  Settings    The newest one is in force, in whatever order they come. RX-01 to RX-07
  Credential  A refused token is given up, and the device provisions again, with the same pauses. PRV-04 to PRV-06
  Content     In a file of its own, reference_content.py. CNT-01 to CNT-06
"""

import argparse
import collections
import json
import os
import pathlib
import random
import signal
import socket
import ssl
import sys
import time

import paho.mqtt.client as mqtt
from reference_content import Content, https

CONNECT_PATIENCE_S = 10  # of TCP; the TLS handshake may take one Keep Alive
LET_IN_S = 2.5  # the least pause behind a CONNACK that let it in, until a report is acknowledged
PUBACK_PATIENCE_S = 2  # at least; or four times what CONNACK took
MOST_STORED = 1000  # reports; then the oldest goes
BATCH = 50  # stored reports in one message
MOST_CONTENT = 8 * 1024 * 1024  # bytes of an item: the room on this device
BAD_CREDENTIAL = (4, 5)  # CONNACK codes


class Backoff:
    """How long to wait before the next attempt."""

    def __init__(self, first_s, most_s):
        self._first_s, self._most_s = first_s, most_s
        self._next_s = first_s

    def pause_s(self):
        """The pause now; the next one is twice as long. Jitter keeps devices from returning all at once."""
        pause_s = self._next_s
        self._next_s = min(2 * self._next_s, self._most_s)
        return pause_s * random.uniform(0.5, 1.5)

    def let_in(self):
        """Where nothing comes of a CONNACK, the next attempt must not follow soon."""
        self._next_s = max(self._next_s, LET_IN_S)

    def reset(self):
        """The connection is good: the next failure is a new one."""
        self._next_s = self._first_s


class Credential:
    """The token, stored so that a power cut cannot leave half of it."""

    def __init__(self, token, file):
        self._file = pathlib.Path(file)
        self.token = token or (self._file.read_text() if self._file.exists() else "")

    def keep(self, token):
        temporary = self._file.with_name(self._file.name + ".new")
        with open(temporary, "w") as out:
            out.write(token)
            out.flush()
            os.fsync(out.fileno())
        temporary.rename(self._file)
        self.token = token

    def forget(self):
        self._file.unlink(missing_ok=True)
        self.token = ""


class Connection(mqtt.Client):
    """Paho's client, with separate name and address of the server."""

    address = connack = None

    def _create_socket_connection(self):
        return socket.create_connection((self.address or self._host, self._port), CONNECT_PATIENCE_S)


class Device:
    def __init__(self, options, environment):
        self.options = options
        self.host = environment["MURANO_HOST"]
        self.address = environment.get("MURANO_ADDRESS")
        self.port = int(environment.get("MURANO_PORT", "8883"))
        self.ca = environment.get("MURANO_CA")
        self.identity = environment["MURANO_IDENTITY"]
        token_file = environment.get("TOKEN_FILE", f"token-{self.identity}")
        self.credential = Credential(environment.get("MURANO_TOKEN"), token_file)
        self.backoff = Backoff(options.first_pause, options.max_pause)
        self.stored = collections.deque(maxlen=MOST_STORED)  # (time in µs, values): not yet acknowledged
        self.sent_at, self.puback_within = 0.0, 0.0  # when the message in flight was sent; seconds from then
        self.in_flight = {}  # packet id: how many of the stored ones it carries
        self.next_report = time.monotonic()
        self.count = 0
        self.setting_at = 0  # when the current setting was set, in µs
        self.content = Content(
            environment.get("CONTENT_FOLDER", f"content-{self.identity}"),
            MOST_CONTENT,
            options.look,
            Backoff(1, 60),
            https(self.tls(), self.address, options.patience),
        )

    # --- one connection ---
    def tls(self):
        """Verifies: TLS 1.2 or newer, our certificate authority, the host's name, the dates."""
        context = ssl.create_default_context(cafile=self.ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def client(self, client_id, clean_session):
        """A client that is not connected yet."""
        version = getattr(mqtt, "CallbackAPIVersion", None)  # required by Paho 2
        first = [version.VERSION1] if version else []
        client = Connection(*first, client_id=client_id, clean_session=clean_session)
        client.address = self.address
        client.tls_set_context(self.tls())
        client.on_connect = self.on_connack
        return client

    def on_connack(self, client, _userdata, _flags, code):
        client.connack = code
        if code == 0 and self.credential.token:  # not where it provisions
            self.backoff.let_in()

    def open(self, client):
        """Connects and waits for CONNACK. Returns its code, or None if none came in time."""
        client.connect(self.host, self.port, self.options.keep_alive)
        began = time.monotonic()
        while client.connack is None and time.monotonic() < began + self.options.patience:
            if client.loop(0.1) != mqtt.MQTT_ERR_SUCCESS:
                break
        self.puback_within = max(PUBACK_PATIENCE_S, 4 * (time.monotonic() - began))
        return client.connack

    @staticmethod
    def close(client):
        """Closes at once; otherwise Paho would continue an unfinished handshake."""
        client.disconnect()
        sock = client.socket()
        if sock:
            sock.close()

    # --- provisioning ---
    def provision(self):
        """Requests a token as an anonymous client, then closes that connection. True: it has one now."""
        client = self.client("", True)
        answers = []
        client.on_message = lambda _client, _userdata, message: answers.append(message.payload.decode())
        try:
            if self.open(client) != 0:
                return False
            client.publish(f"$provision/{self.identity}", None, qos=0)
            until = time.monotonic() + self.options.patience
            while not answers and time.monotonic() < until:
                if client.loop(0.1) != mqtt.MQTT_ERR_SUCCESS:
                    break
        finally:
            self.close(client)
        if not answers or not answers[0]:
            return False
        self.credential.keep(answers[0])
        return True

    # --- reports ---
    def values(self):
        """What the device measures."""
        self.count += 1
        return {self.options.alias: json.dumps({"count": self.count})}

    def measure(self):
        if time.monotonic() < self.next_report:
            return
        self.next_report = time.monotonic() + self.options.interval
        self.stored.append((time.time_ns() // 1000, self.values()))

    def send_stored(self, client):
        """One message at a time: stored reports are removed only when acknowledged."""
        if not self.stored or self.in_flight:
            return
        entries = list(self.stored)[:BATCH]
        payload = json.dumps([{"timestamp": at, "values": values} for at, values in entries])
        sent = self.publish(client, "$resource.batch", payload)
        self.in_flight[sent] = len(entries)
        self.sent_at = time.monotonic()

    def publish(self, client, topic, payload):
        """The packet id."""
        return client.publish(topic, payload, qos=1).mid

    def on_acknowledged(self, _client, _userdata, packet_id):
        self.backoff.reset()
        for _ in range(self.in_flight.pop(packet_id, 0)):
            if self.stored:
                self.stored.popleft()

    def on_message(self, client, _userdata, message):
        """The cloud has set a value. If the device applies it, it reports the value in force."""
        if message.topic == "$content":
            return self.content.listed(message.payload)
        kind, alias, set_at, *_ = *message.topic.split("/"), "", ""
        if kind != "$resource" or alias != self.options.setting or not set_at.isdigit():
            return None  # not ours: ignored
        if int(set_at) < self.setting_at:
            return None  # overtaken by a newer one
        self.setting_at = int(set_at)
        return client.publish(f"$resource/{alias}", message.payload, qos=1)

    # --- life ---
    def lost_acknowledgement(self):
        """A PUBACK that is so late will not come: MQTT sends again on the next connection only."""
        return bool(self.in_flight) and time.monotonic() - self.sent_at > self.puback_within

    def work(self, client):
        """From CONNACK until the connection ends, or until it has to. It reports at once that it is back."""
        if not self.stored:
            self.next_report = time.monotonic()
        while client.loop(0.05) == mqtt.MQTT_ERR_SUCCESS and not self.lost_acknowledgement():
            self.measure()
            self.send_stored(client)
            if self.content.is_due():
                client.publish("$content", None, qos=0)

    def live_once(self):
        """One attempt and its result."""
        if not self.credential.token and not self.provision():
            return
        self.in_flight.clear()  # unacknowledged reports are sent again from the store
        client = self.client(self.identity, True)
        client.username_pw_set("", self.credential.token)
        client.on_message = self.on_message
        client.on_publish = self.on_acknowledged
        try:
            code = self.open(client)
            if code in BAD_CREDENTIAL and self.options.reprovision:
                self.credential.forget()
            if code == 0:
                self.work(client)
        finally:
            self.close(client)

    def live(self):
        while True:
            try:
                self.live_once()
            except Exception as failure:  # Paho's errors on malformed packets (struct.error, IndexError): continue
                print(f"{type(failure).__name__}: {failure}", file=sys.stderr, flush=True)
            until = time.monotonic() + self.backoff.pause_s()
            while time.monotonic() < until:
                self.measure()
                time.sleep(min(0.05, max(0.0, until - time.monotonic())))


def parser():
    described = argparse.ArgumentParser(description="A device that does everything right.")
    described.add_argument("--alias", default="data_in", help="what it reports")
    described.add_argument("--setting", default="config_io", help="what it lets the cloud set")
    described.add_argument("--interval", type=float, default=0.5, help="seconds between reports")
    described.add_argument("--look", type=float, default=5, help="seconds between looks for content")
    described.add_argument("--keep-alive", type=int, default=5, help="seconds; 60 to 600 where traffic costs")
    described.add_argument("--patience", type=float, default=4.5, help="seconds to wait for CONNACK, a token, HTTP")
    described.add_argument("--first-pause", type=float, default=0.07, help="seconds before the second attempt")
    described.add_argument("--max-pause", type=float, default=60, help="seconds; no pause is longer, but for chance")
    described.add_argument("--reprovision", action="store_true", help="gives up a refused token")
    return described


def main(device=Device):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    device(parser().parse_args(), os.environ).live()


if __name__ == "__main__":
    main()
