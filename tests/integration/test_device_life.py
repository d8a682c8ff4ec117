"""The whole life of a device, with nothing but curl, mosquitto and the command line, as a shell script would have it."""

import json
import re
import subprocess

from support.command import CommandLine
from support.names import Program, wrapped_environment
from support.server import clean_environment
from support.waiting import PATIENCE_S


def curl(*arguments):
    """(status, body)"""
    command = ["curl", "-s", "-m", str(PATIENCE_S), "-w", "\n%{http_code}", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=clean_environment())
    body, _, status = done.stdout.rpartition("\n")
    return int(status), body


class Shell:
    """What a person has in two terminals: one for the cloud's side, one for the device."""

    def __init__(self, site, folder):
        self.line = CommandLine(site.server, site.connector)
        self.api = f"{site.server.ready['api']}/api:1/service/{site.connector}/device2"
        self._folder = folder
        self._ca = site.server.ca
        self._host = site.server.host(site.connector)
        self._address, self._port = site.server.address
        self._environment = wrapped_environment(folder, {self._host: self._address})

    def device_curl(self, target, *arguments):
        there = ("--resolve", f"{self._host}:{self._port}:{self._address}", "--cacert", self._ca)
        url = target if target.startswith("https://") else f"https://{self._host}:{self._port}{target}"
        return curl(*there, *arguments, url)

    def activate(self, identity):
        return self.device_curl("/provision/activate", "-d", f"id={identity}")

    def mosquitto(self, program, *arguments):
        reach = ("-V", "mqttv311", "-h", self._host, "-p", self._port, "--cafile", self._ca)
        return Program([f"mosquitto_{program}", *reach, *arguments], self._environment, self._folder)

    def publish(self, token, topic, message):
        """True where the device got in."""
        arguments = ("-u", "12345", "-P", token, "-q", "1", "-t", topic, "-m", message)
        with self.mosquitto("pub", *arguments) as program:
            return program.exit_code() == 0


def whitelist_and_provision(shell):
    assert curl("-X", "PATCH", "-H", "Content-Type: application/json", shell.api,
                "-d", '{"provisioning": {"presenter_identity": false}}')[0] == 204  # fmt: skip
    assert shell.activate("12345")[0] == 404
    shell.line.ok("identity", "add", "12345")
    assert shell.line.json("identity", "show", "12345")["status"] == "whitelisted"
    status, token = shell.activate("12345")
    assert status == 200 and re.fullmatch("[A-Za-z0-9]{40}", token)
    assert shell.activate("12345")[0] == 409
    assert shell.line.ok("identity", "secret", "12345") == token + "\n"
    return token


def exchange_values(shell, token):
    assert shell.publish(token, "$resource/data_in", "21.5")
    assert json.loads(curl(f"{shell.api}/identity/12345/state")[1])["data_in"]["reported"] == "21.5"
    shell.line.ok("state", "set", "12345", 'config_io={"channels":{}}')
    with shell.mosquitto("sub", "-u", "12345", "-P", token, "-t", "$resource/#", "-C", "1", "-v") as device:
        assert re.fullmatch(r'\$resource/config_io/\d{16} {"channels":{}}\n', device.finish())
    assert shell.publish(token, "$resource/config_io", '{"channels":{}}')  # else it comes with each connection


def upload_and_download(shell, token, folder):
    data = bytes(range(256)) * 20
    (folder / "firmware.bin").write_bytes(data)
    shell.line.ok("content", "put", "firmware.bin", folder / "firmware.bin")
    listing = ("-u", "12345", "-P", token, "-t", "$content", "-e", "$content", "-n")
    with shell.mosquitto("rr", *listing) as device:
        (item,) = json.loads(device.finish())
    assert (item["name"], item["length"]) == ("firmware.bin", len(data))
    assert shell.device_curl(item["url"], "-o", folder / "whole")[0] == 200
    assert (folder / "whole").read_bytes() == data
    assert shell.device_curl(item["url"], "-r", "100-199", "-o", folder / "part")[0] == 206
    assert (folder / "part").read_bytes() == data[100:200]


def lock_and_revoke(shell, token):
    shell.line.ok("identity", "lock", "12345")
    assert not shell.publish(token, "$resource/data_in", "locked")
    shell.line.ok("identity", "unlock", "12345")
    assert shell.publish(token, "$resource/data_in", "unlocked")
    shell.line.ok("identity", "revoke", "12345")
    assert not shell.publish(token, "$resource/data_in", "revoked")
    status, new_token = shell.activate("12345")
    assert status == 200 and new_token != token
    assert shell.publish(new_token, "$resource/data_in", "again")
    assert shell.line.json("state", "get", "12345")["data_in"]["reported"] == "again"
    return new_token


def test_life_of_a_device(site, tmp_path):
    """[R63, R64] whitelist, provision, report, set, download, lock, unlock, revoke, provision again, delete"""
    shell = Shell(site, tmp_path)
    token = whitelist_and_provision(shell)
    exchange_values(shell, token)
    upload_and_download(shell, token, tmp_path)
    token = lock_and_revoke(shell, token)
    shell.line.ok("identity", "rm", "12345")
    assert not shell.publish(token, "$resource/data_in", "deleted")
    assert curl(f"{shell.api}/identity/12345")[0] == 404
    types = [json.loads(one)["type"] for one in shell.line.ok("events", "--json").splitlines()]
    assert (types.count("provisioned"), types.count("deleted")) == (2, 1)
