"""A complete device with Paho Python: python3 device.py [REPORTS]. It reports each 5 seconds, without end unless told."""

import os
import random
import sys
import threading
import time

import paho.mqtt.client as mqtt

HOST, PORT, CA = os.environ["MURANO_HOST"], int(os.environ["MURANO_PORT"]), os.environ["MURANO_CA"]
TOKEN = os.environ["MURANO_TOKEN"]
NOT_KNOWN = (4, 5)  # CONNACK: the credential is not known


class Device:
    def __init__(self):
        versions = getattr(mqtt, "CallbackAPIVersion", None)  # Paho 2 asks for it
        self.client = mqtt.Client(*([versions.VERSION1] if versions else []), client_id="", clean_session=True)
        self.client.tls_set(CA)  # checks the certificate against HOST, and sends HOST in SNI
        self.client.username_pw_set("", TOKEN)
        self.client.on_connect = self.on_connect
        self.client.on_message = lambda _client, _data, message: print("cloud", message.topic, message.payload)
        self.code = None
        self.answered = threading.Event()

    def on_connect(self, _client, _data, _flags, code):
        self.code = int(code)
        self.answered.set()

    def connect(self):
        self.answered.clear()
        self.client.connect(HOST, PORT, keepalive=60)
        self.client.loop_start()
        if not self.answered.wait(20):
            raise TimeoutError("no CONNACK")
        if self.code in NOT_KNOWN:
            sys.exit("the credential is not known: provision again")
        if self.code != 0:
            raise ConnectionError(f"CONNACK {self.code}")

    def report(self, value):
        self.client.publish("$resource/data_in", value, qos=1).wait_for_publish(20)

    def hang_up(self):
        self.client.disconnect()
        self.client.loop_stop()


def main(reports):
    device, pause, sent = Device(), 1, 0
    while sent != reports:
        try:
            device.connect()
            pause = 1
            while sent != reports:
                device.report(sent + 20)
                sent += 1
                if sent != reports:
                    time.sleep(5)
        except (OSError, RuntimeError, ValueError) as error:
            print("again after a pause:", error)
            time.sleep(random.uniform(0, pause))  # by chance: a thousand devices must not come back together
            pause = min(pause * 2, 120)
        finally:
            device.hang_up()


main(int(sys.argv[1]) if len(sys.argv) > 1 else -1)
