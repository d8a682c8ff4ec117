"""Other people's clients while faults act: how each is started, and what its lines mean in the words of docs/clients.md.

`says` makes a phrase of a line, or None where the line tells nothing. `after_connack` and `after_silence` name the timer
that ends the client's wait, and its seconds. MQTTClient (Paho C) and mbedTLS do not connect anew: their programs do, or end."""

import os
import pathlib
import re
import shutil
import subprocess

BUILD = pathlib.Path(os.environ.get("MURANO_BUILD_DIR", "."))
PROGRAMS = pathlib.Path(__file__).resolve().parents[1] / "clients"
VALUE_TOPIC = "$resource/data_in"


def first_match(pattern, text):
    found = re.search(pattern, text)
    return found and found.group(1).strip()


class Client:
    """A program HOST PORT CA TOKEN that says `version V` first, then `connected`, `published`, `lost WHY`, `failed WHY`."""

    phrases_of_two_attempts = None  # where it tries again by itself, whatever the error
    pings = True

    def command(self, place, token, _fault):
        return [*self.program, *place, token]

    def version(self, program):
        return program.wait_for("version ").split()[1]

    def says(self, line):
        return {"connected": "connects", "published": "has its PUBACK"}.get(line.split()[0])

    def in_order(self, phrases):
        return phrases


class PahoPython(Client):
    name, needs = "paho-mqtt (Python)", "/usr/lib/python3/dist-packages/paho"
    program = ["/usr/bin/python3", PROGRAMS / "paho_under_faults.py"]
    after_connack = after_silence = ("Keep Alive", 2)

    def says(self, line):
        word, _, rest = line.partition(" ")
        if word == "lost":
            return f"drops the connection (`rc {rest.split()[0]}`)"
        if word == "failed":
            return f"`connect()` raises (`{first_match('failed: ([^(.,]*)', rest)}`)"
        return super().says(line)


class PahoC(Client):
    name, needs = "Paho C", BUILD / "paho_c_under_faults"
    program = [BUILD / "paho_c_under_faults"]
    after_connack, after_silence = ("`connectTimeout`", 3), ("Keep Alive", 2)

    def in_order(self, phrases):
        """A thread of the library tells of the PUBACK, at times before the program can say that it has connected."""
        return sorted(phrases, key=lambda phrase: phrase == "has its PUBACK") if "connects" in phrases else phrases

    def says(self, line):
        word, _, rest = line.partition(" ")
        if word == "tls":
            return "OpenSSL says `certificate verify failed`" if "certificate verify failed" in rest else None
        if word == "lost":
            return "calls `connectionLost`"
        if word == "failed":
            return f"`MQTTClient_connect` returns `{rest}`"
        return super().says(line)


class MqttJs(Client):
    name, needs = "MQTT.js", "/usr/share/nodejs/mqtt"
    program = ["node", PROGRAMS / "mqttjs_under_faults.js"]
    after_connack, after_silence = ("`connectTimeout`", 3), ("Keep Alive", 2)
    phrases_of_two_attempts = 3  # error, close, error

    def says(self, line):
        word, _, rest = line.partition(" ")
        if word == "lost":
            return "drops the connection"
        return f"emits `error` (`{rest.split()[0]}`)" if word == "failed" else super().says(line)


class Mosquitto(Client):
    """mosquitto_pub; where it has to stay, mosquitto_sub."""

    name, needs = "mosquitto-clients", shutil.which("mosquitto_sub") or "/usr/bin/mosquitto_sub"
    after_connack = after_silence = ("Keep Alive", 5)

    def command(self, place, token, fault):
        host, port, ca = place
        common = ["-h", host, "-p", port, "--cafile", ca, "-u", "12345", "-P", token, "-d", "-k", "5", "-i", "under-faults", "-c"]
        if fault == "black hole":
            return ["stdbuf", "-oL", "mosquitto_sub", *common, "-q", "1", "-t", "news"]
        return ["stdbuf", "-oL", "mosquitto_pub", *common, "-q", "1", "-t", VALUE_TOPIC, "-m", "from mosquitto"]

    def version(self, _):
        said = subprocess.run(["mosquitto_pub", "--version"], capture_output=True, text=True).stdout
        return first_match(r"version (\S+)", said)

    def says(self, line):
        if "received CONNACK (0)" in line:
            return "connects"
        if "received PUBACK" in line:
            return "has its PUBACK"
        why = first_match(r"(?:Error: |Unable to connect \()(.*?)\.?\)?\.?$", line)
        return f"says `{why}`" if why else None


class MbedTls(Client):
    name, needs = "mbedTLS, MQTT by hand", BUILD / "mbedtls_device"
    after_connack = after_silence = ("`mbedtls_ssl_conf_read_timeout`", 2)
    pings = False  # while it waits for an answer

    def command(self, place, token, _fault):
        return [BUILD / "mbedtls_device", *place, token, "faults"]

    def says(self, line):
        word, _, rest = line.partition(" ")
        if word == "verify":
            return f"says `{rest}`"
        if word == "error":
            return "`mbedtls_ssl_{}` returns `{}`".format(*rest.split())
        return super().says(line)


CLIENTS = [PahoPython(), PahoC(), MqttJs(), Mosquitto(), MbedTls()]
