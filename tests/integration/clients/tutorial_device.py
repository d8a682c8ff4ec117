"""What the four programs of Exosite's tutorial do, for where the document is not at hand.

tutorial_device.py provision.py|publish.py|subscribe.py|cert_pubsub.py, in a folder with DigiCertGlobalRootCA.cer and,
for the last one, certs/cert.pem and certs/key.pem. Asks for what it needs; prints what the tutorial's programs print.
"""

import pathlib
import ssl
import sys

from paho.mqtt.client import Client

PORT = 8883


def connector():
    remembered = pathlib.Path("connector_id.txt")
    if not remembered.exists():
        remembered.write_text(input("Connector ID? "))
    name = remembered.read_text()
    print(f"Using IoT Connector ID: {name}")
    return name


def run(host, token=None, certificate=None, **callbacks):
    """Connects as the tutorial does (empty ClientID, verified server) and works until the client disconnects."""
    client = Client(client_id="")
    files = {"certfile": certificate[0], "keyfile": certificate[1]} if certificate else {}
    client.tls_set(ca_certs="DigiCertGlobalRootCA.cer", cert_reqs=ssl.CERT_REQUIRED, **files)
    if token:
        client.username_pw_set("", token)
    for name, function in callbacks.items():
        setattr(client, name, function)
    client.connect(host, PORT)
    client.loop_forever()


def provision(host):
    identity = input("Device ID? ")

    def ask(client, *_):
        client.publish(f"$provision/{identity}", None, qos=0)

    def answered(client, _, message):
        token = message.payload.decode()
        print(f"Identity '{message.topic.split('/')[1]}' successfully provisioned!")
        print(f"Cloud-Generated Token: {token}")
        pathlib.Path("token.txt").write_text(token)
        client.disconnect()

    run(host, on_connect=ask, on_message=answered)


def ask_and_publish(client, *_):
    topic = "$resource/" + input("Resource? ")
    value = input("Value? ")
    print(f"Publishing value '{value}' to topic '{topic}'")
    client.publish(topic, value, qos=0)
    print("Done! Disconnecting...")
    client.disconnect()


def wait_for_cloud(client, *_):
    print("Connected and awaiting cloud-originated messages...")


def show_cloud_value(client, _, message):
    _, resource, timestamp = message.topic.split("/")
    print("New cloud-originated message received!")
    print(f"Resource: {resource}\nValue: {message.payload.decode()}\nTimestamp: {timestamp}")
    print("Disconnecting...")
    client.disconnect()


def main():
    program = sys.argv[1]
    host = f"{connector()}.m2.exosite.io"
    if program == "provision.py":
        provision(host)
    elif program == "publish.py":
        run(host, token=pathlib.Path("token.txt").read_text(), on_connect=ask_and_publish)
    elif program == "subscribe.py":
        token = pathlib.Path("token.txt").read_text()
        run(host, token=token, on_connect=wait_for_cloud, on_message=show_cloud_value)
    elif program == "cert_pubsub.py":
        pair = ("certs/cert.pem", "certs/key.pem")
        run(host, certificate=pair, on_connect=ask_and_publish, on_message=show_cloud_value)


main()
