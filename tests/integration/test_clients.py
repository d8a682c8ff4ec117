"""Other people's clients, each through the same life: provision, publish at QoS 1, get a cloud value, list content."""

import json
import os
import pathlib
import shutil

from support.names import Program, need, wrapped_environment
from support.waiting import wait_until

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("MURANO_BUILD_DIR", "."))
CLOUD_VALUE = '{"channels":{}}'


def life_of_a_device(site, folder, command, published):
    """The program says `token`, `published`, `cloud` and `content` in turn (see clients/)."""
    site.control.upload(site.connector, "logo.gif", b"GIF89a", "image/gif")
    host, (address, port) = site.server.host(site.connector), site.server.address
    environment = wrapped_environment(folder, {host: address}, NODE_PATH="/usr/share/nodejs")
    with Program([*command, host, port, site.server.ca, "12345"], environment, folder) as program:
        token = program.wait_for("token ").split()[1]
        assert site.control.secret(site.connector, "12345")["key"] == token
        program.wait_for("published")
        assert site.state()["data_in"]["reported"] == published
        site.set_state({"config_io": CLOUD_VALUE})
        assert program.wait_for("cloud ").split() == ["cloud", "config_io", CLOUD_VALUE]
        items = json.loads(program.wait_for("content ").partition(" ")[2])
        assert [(item["name"], item["length"]) for item in items] == [("logo.gif", 6)]
        program.finish()


def test_mqtt_js(site, tmp_path):
    """[R25, R41, R48, R60] MQTT.js"""
    need(shutil.which("node") and pathlib.Path("/usr/share/nodejs/mqtt").exists(), "MQTT.js (node-mqtt)")
    life_of_a_device(site, tmp_path, ["node", HERE / "clients" / "mqttjs_device.js"], "from mqtt.js")


def test_paho_c(site, tmp_path):
    """[R25, R41, R48, R60] the Paho C library"""
    program = BUILD / "paho_c_device"
    need(program.exists(), "the Paho C library (libpaho-mqtt-dev)")
    life_of_a_device(site, tmp_path, [program], "from paho c")


class Mosquitto:
    """mosquitto_pub, mosquitto_sub and mosquitto_rr with the flags of the README."""

    def __init__(self, site, folder):
        need(shutil.which("mosquitto_rr"), "mosquitto-clients")
        self._folder = folder
        host, (address, port) = site.server.host(site.connector), site.server.address
        self._environment = wrapped_environment(folder, {host: address})
        self._where = ["-h", host, "-p", port, "--cafile", site.server.ca]

    def start(self, tool, *arguments):
        return Program([f"mosquitto_{tool}", *self._where, *arguments], self._environment, self._folder)

    def run(self, tool, *arguments):
        with self.start(tool, *arguments) as program:
            return program.finish()


def test_mosquitto(site, tmp_path):
    """[R25, R31, R41, R48, R60] mosquitto_rr, mosquitto_pub and mosquitto_sub"""
    site.control.upload(site.connector, "logo.gif", b"GIF89a", "image/gif")
    mosquitto = Mosquitto(site, tmp_path)
    provision = "$provision/12345"
    token = mosquitto.run("rr", "-V", "mqttv311", "-t", provision, "-e", provision, "-n").strip()
    assert site.control.secret(site.connector, "12345")["key"] == token
    login = ["-u", "12345", "-P", token]

    mosquitto.run("pub", *login, "-q", "1", "-t", "$resource/data_in", "-m", "from mosquitto")
    assert site.state()["data_in"]["reported"] == "from mosquitto"

    with mosquitto.start("sub", *login, "-t", "$resource/#", "-C", "1", "-v") as subscriber:
        wait_until(lambda: site.control.identity(site.connector, "12345")["online"], "mosquitto_sub online")
        site.set_state({"config_io": CLOUD_VALUE})
        topic, value = subscriber.finish().split()
    assert topic.startswith("$resource/config_io/") and value == CLOUD_VALUE

    mosquitto.run("pub", *login, "-q", "1", "-t", "$resource/config_io", "-m", CLOUD_VALUE)
    items = mosquitto.run("rr", "-V", "mqttv311", *login, "-t", "$content", "-e", "$content", "-n")
    assert [item["name"] for item in json.loads(items)] == ["logo.gif"]


def test_mosquitto_password(site, tmp_path):
    """[R10, R51] a password device with mosquitto_pub"""
    site.patch({"provisioning": {"auth_type": "password"}})
    mosquitto, password = Mosquitto(site, tmp_path), "a1b2c3d4e5f6g7h8i9j0"
    mosquitto.run("pub", "-q", "1", "-t", "$provision/12345", "-m", password)
    mosquitto.run("pub", "-u", "12345", "-P", password, "-q", "1", "-t", "$resource/data_in", "-m", "x")
    assert site.state()["data_in"]["reported"] == "x"
