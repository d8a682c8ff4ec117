"""A device with Paho Python's own reconnects and its other defaults: it reports each second. Settings come from the
environment of `murano-emulator verify`; PATIENCE_S is Keep Alive instead of the library's own. For
test_verify_libraries.py."""

import os
import time

import paho.mqtt.client as mqtt

version = getattr(mqtt, "CallbackAPIVersion", None)  # Paho 2 asks for it
first = [version.VERSION1] if version else []
client = mqtt.Client(*first, client_id=os.environ["MURANO_IDENTITY"])
client.username_pw_set("", os.environ["MURANO_TOKEN"])
client.tls_set(os.environ["MURANO_CA"])
patience = {"keepalive": int(os.environ["PATIENCE_S"])} if "PATIENCE_S" in os.environ else {}
client.connect_async(os.environ["MURANO_HOST"], int(os.environ["MURANO_PORT"]), **patience)
client.loop_start()
count = 0
while True:
    time.sleep(1)
    if client.is_connected():
        count += 1
        client.publish("$resource/data_in", count, qos=1)
