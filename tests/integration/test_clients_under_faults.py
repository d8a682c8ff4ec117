"""Other people's clients while faults act on them. docs/clients.md says what each does; here each does it again."""

import concurrent.futures
import contextlib
import itertools
import json
import pathlib
import re
import subprocess
import time

import pytest

from support import packets as mqtt
from support.clients_under_faults import CLIENTS, Mosquitto, first_match
from support.device import Site
from support.faults import FAULTS, fault, wait_for_hit
from support.names import Program, need, wrapped_environment
from support.waiting import PATIENCE_S, wait_until

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "clients.md"
CERTIFICATES = ["untrusted_ca", "wrong_name", "expired", "not_yet_valid"]
FIRMWARE = bytes(range(256)) * 400
CUT_AFTER = 50_000

_numbers = itertools.count(1)


def documented():
    """{(client, fault): (version, what it does)} of the table in docs/clients.md."""
    rows = re.findall(r"^\| ([^|]+) \| (\d[^|]*) \| ([^|]+) \| ([^|]+) \|$", DOCUMENT.read_text(), re.MULTILINE)
    return {(client, strike.replace("`", "")): (version, does) for client, version, strike, does in rows}


def compare(strike, observed):
    """observed: {client: (version, what it did)}; another version than the table's says nothing about the table."""
    table = {client: documented()[client, strike] for client in observed}
    same = [client for client in observed if observed[client][0] == table[client][0]]
    assert {client: observed[client][1] for client in same} == {client: table[client][1] for client in same}
    for client in observed:
        need(client in same, f"{client} {table[client][0]} ({observed[client][0]} is here)")


@pytest.fixture(autouse=True)
def no_faults(server):
    yield
    server.control.ok("DELETE", FAULTS, status=(204,))


class Run:
    """One client against one site: what it says becomes phrases, one after the other, repetitions left out."""

    def __init__(self, server, client, strike, folder):
        self.client, self.site = client, Site(server, f"client{next(_numbers)}")
        self._strike, self._folder = strike, folder / self.site.connector
        self.phrases, self.program = [], None
        self.token = self.site.device().token
        self.site.control.patch_connector(self.site.connector, {"journal": {"packets": True}})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.program:
            self.program.__exit__()

    def start(self):
        self._folder.mkdir()
        host, (address, port) = self.site.server.host(self.site.connector), self.site.server.address
        environment = wrapped_environment(self._folder, {host: address}, NODE_PATH="/usr/share/nodejs")
        command = self.client.command([host, port, self.site.server.ca], self.token, self._strike)
        self.program = Program(command, environment, self._folder, 4 * PATIENCE_S)
        self.since = time.monotonic()
        self.version = self.client.version(self.program)

    def read(self, *wanted):
        """Reads until these phrases came, in any order, or the program has ended; collects what came."""
        left = set(wanted)
        while left or not wanted:
            line = self.program.read_line()
            if not line:
                self.phrases.append("ends")
                return
            phrase = self.client.says(line.strip())
            left.discard(phrase)
            if phrase and phrase not in self.phrases:
                self.phrases.append(phrase)
            if phrase and not wanted:
                return

    def forget(self):
        self.phrases.clear()
        self.since = time.monotonic()

    def described(self):
        return ", ".join(self.client.in_order(self.phrases)).replace("connects", "connects anew")

    def waited(self, timer):
        """The timer's name; its seconds are the least that it can have taken."""
        name, seconds = timer
        assert time.monotonic() - self.since >= seconds - 0.2
        return f"after {name} "

    # --- what the server saw of it ---
    def packets(self, kind):
        seen = [event["payload"] for event in self.site.events(type="packet")]
        return [packet for packet in seen if packet["type"] == kind and packet["direction"] == "in"]

    def resent(self):
        publications = self.packets("PUBLISH")
        assert publications and not publications[0]["dup"] and len(publications) <= 2, publications
        if len(publications) == 1:
            return "the PUBLISH is not sent again"
        assert publications[1]["id"] == publications[0]["id"]
        with_dup = publications[1]["dup"]
        return "the PUBLISH comes again " + ("with DUP" if with_dup else "without DUP, against [MQTT-3.3.1-1]")

    def close_connection(self):
        rows = self.site.control.connections()
        (row,) = [row for row in rows if (row["connector"], row["identity"]) == (self.site.connector, "12345")]
        self.site.control.ok("DELETE", f"/_emulator/v1/connections/{row['id']}")


def all_clients(server, strike, folder, play, around=contextlib.nullcontext):
    """play(run) says what a client did; all clients at the same time, for most of the time they wait."""
    there = [client for client in CLIENTS if pathlib.Path(client.needs).exists()]
    runs = [Run(server, client, strike, folder) for client in there]

    def one(run):
        with run:
            does = play(run)
            return run.client.name, (run.version, does)

    with around(), concurrent.futures.ThreadPoolExecutor(len(CLIENTS)) as pool:
        compare(strike, dict(pool.map(one, runs)))
    for client in CLIENTS:
        need(client in there, client.name)


def test_lost_connack(server, tmp_path):
    """a CONNACK that never comes: who gives up, when, and comes again"""

    def play(run):
        with fault(run.site, "withhold", packet="CONNACK", identity="12345", times=1):
            run.start()
            run.read()
            timer = run.waited(run.client.after_connack)
            if run.phrases != ["ends"]:
                run.read("connects", "has its PUBACK")
        assert len(run.packets("CONNECT")) == 1 + ("connects" in run.phrases)
        return timer + run.described()

    all_clients(server, "lost CONNACK", tmp_path, play)


def test_lost_puback(server, tmp_path):
    """a PUBACK that never comes: MQTT 3.1.1 sends again on the next connection only, if there is one"""

    def play(run):
        with fault(run.site, "withhold", packet="PUBACK", identity="12345", times=1) as name:
            run.start()
            run.read("connects")
            run.forget()
            wait_for_hit(run.site.server, name)
            waits = ""
            if run.client.pings:
                wait_until(lambda: run.packets("PINGREQ"), "a PINGREQ of the client that waits", 4 * PATIENCE_S)
                assert len(run.packets("PUBLISH")) == 1
                waits = "waits and pings; when the connection is closed it "
                run.close_connection()
            run.read("has its PUBACK", "connects")
        assert run.site.state()["data_in"]["reported"]
        return f"{waits}{run.described()}; {run.resent()}"

    all_clients(server, "lost PUBACK", tmp_path, play)


def test_black_hole(server, tmp_path):
    """nothing comes and nothing goes on a live connection: its own PINGREQ is what finds out"""

    def play(run):
        run.start()
        run.read("connects", *([] if isinstance(run.client, Mosquitto) else ["has its PUBACK"]))
        run.forget()
        with fault(run.site, "silence", identity="12345", times=1):
            run.read("connects")
            return run.waited(run.client.after_silence) + run.described()

    all_clients(server, "black hole", tmp_path, play)


@pytest.mark.parametrize("wrong", CERTIFICATES)
def test_wrong_certificate(server, tmp_path, wrong):
    """a certificate that does not hold: no credential leaves, and which alert tells the server why"""

    def play(run):
        run.start()
        again = run.client.phrases_of_two_attempts
        for _ in range(again or 0):
            run.read()
        while not again and run.phrases[-1:] != ["ends"]:
            run.read()
        wait_until(run.site.findings, "what the server found")
        assert run.packets("CONNECT") == []
        alert = first_match(r"alert (?:\d+ \()?([a-z_ ]+)", run.site.findings()[0]["message"])
        return f"{run.described()}{', tries again' if again else ''}; {f'alert `{alert}`' if alert else 'no alert'}"

    strike = f"tls_certificate as={wrong}"
    all_clients(server, strike, tmp_path, play, lambda: fault(Site(server, None), "tls_certificate", **{"as": wrong}))


def link_of(device):
    """Of the one content item that the device is told of."""
    with device.connected() as client:
        client.send(mqtt.publish("$content", b""))
        return json.loads(client.message()[1])[0]["url"]


def curl(site, folder, url, *arguments):
    (address, port), host = site.server.address, site.server.host(site.connector)
    where = ["--cacert", site.server.ca, "--connect-to", f"{host}::{address}:{port}"]
    done = subprocess.run(["curl", "-sS", *where, *arguments, "-o", "firmware.bin", url], cwd=folder, stderr=subprocess.PIPE)
    return done.returncode, (folder / "firmware.bin").read_bytes()


@pytest.mark.parametrize("how", ["fin", "reset"])
def test_cut_download(site, tmp_path, how):
    """a download that breaks off: what curl says, keeps, and fetches with --continue-at"""
    version = subprocess.run(["curl", "--version"], capture_output=True, text=True).stdout.split()[1]
    site.control.upload(site.connector, "firmware.bin", FIRMWARE)
    url = link_of(site.device())
    with fault(site, "body_cut", name="firmware.bin", after_bytes=CUT_AFTER, how=how, times=1):
        code, kept = curl(site, tmp_path, url)
    assert FIRMWARE.startswith(kept) and len(kept) <= CUT_AFTER
    again, whole = curl(site, tmp_path, url, "--continue-at", "-")
    assert (again, whole == FIRMWARE) == (0, True)
    does = f"exit code `{code}`, keeps what came; `--continue-at -` fetches the rest"
    compare(f"body_cut how={how}", {"curl": (version, does)})


def test_the_table_has_exactly_these_rows():
    faults = ["lost CONNACK", "lost PUBACK", "black hole", *(f"tls_certificate as={wrong}" for wrong in CERTIFICATES)]
    expected = set(itertools.product([client.name for client in CLIENTS], faults))
    assert set(documented()) == expected | {("curl", "body_cut how=fin"), ("curl", "body_cut how=reset")}
