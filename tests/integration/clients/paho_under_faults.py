"""A device with paho-mqtt: HOST PORT CA TOKEN. Says what happens to it, one line each, for test_clients_under_faults.py."""

import ssl
import sys

import paho.mqtt
import paho.mqtt.client as mqtt

KEEP_ALIVE_S = 2


def say(*words):
    print(*words, flush=True)


def connected(client, _, flags, code):
    say("connected", code)
    if not client.has_published:
        client.has_published = True
        client.publish("$resource/data_in", "from paho python", qos=1)


def main():
    host, port, ca, token = sys.argv[1:]
    say("version", paho.mqtt.__version__)
    client = mqtt.Client("under-faults", clean_session=False)
    client.has_published = False
    client.username_pw_set("", token)
    client.tls_set(ca)
    client.reconnect_delay_set(1, 1)
    client.on_connect = connected
    client.on_publish = lambda *_: say("published")
    client.on_disconnect = lambda _, __, code: say("lost", code, mqtt.error_string(code))
    try:
        client.connect(host, int(port), KEEP_ALIVE_S)
    except ssl.SSLError as error:
        say("failed", type(error).__name__, error)
        sys.exit(1)
    client.loop_forever()


main()
