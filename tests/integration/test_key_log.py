"""--tls-key-log: with it Wireshark decrypts what devices sent over TLS; without it nothing is written."""

import os
import re
import stat

import pytest
from support import packets as mqtt
from support import tshark
from support.device import Site
from support.raw_client import RawClient
from support.recorder import Recorder
from support.server import Server, run
from support.waiting import wait_until
from test_full_disk import full_disk

LINE = re.compile(r"[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]{64,96}")


def logged(file):
    return file.read_text().splitlines()


def test_decrypted(tmp_path):
    """a recorded connection is MQTT to Wireshark with the key log, and TLS only without it"""
    tshark.need_tshark()
    keys, capture = tmp_path / "keys", tmp_path / "tls.pcap"
    with Server(tmp_path, "--ephemeral", "--tls-key-log", keys) as server:
        device = Site(server, "any").device()
        with Recorder(server.address) as recorder:
            with RawClient.tls(recorder.address, server.host("any"), server.ca) as client:
                client.login(username="", password=device.token)
                client.publish_and_wait("$resource/data_in", b"secret no more")
        recorder.write(capture)
        wait_until(lambda: logged(keys), "the keys to be written")
        assert stat.S_IMODE(keys.stat().st_mode) == 0o600
        assert "anyone who reads it can decrypt" in server.log()
    assert all(LINE.fullmatch(line) for line in logged(keys))
    assert tshark.packets(capture) == []
    with_keys = ("-o", f"tls.keylog_file:{keys}")
    kinds = [kind for _, _, kind in tshark.packets(capture, *with_keys)]
    assert kinds == [mqtt.CONNECT, mqtt.CONNACK, mqtt.PUBLISH, mqtt.PUBACK]
    sent = tshark.fields(capture, ["mqtt.msg"], *with_keys, only="mqtt.msg")
    assert bytes.fromhex(sent[0][0][0].replace(":", "")) == b"secret no more"


def test_off_by_default(server):
    """without the flag the log knows of no key log"""
    with Site(server, "any").open() as client:
        client.login()
    assert "tls_key_log" not in server.log()


def test_appends(tmp_path):
    """a file that is there is kept, gets the mode 0600, and the keys behind what it holds"""
    keys = tmp_path / "keys"
    keys.write_text("# mine\n")
    keys.chmod(0o644)
    with Server(tmp_path, "--ephemeral", environment={"MURANO_EMULATOR_TLS_KEY_LOG": str(keys)}) as server:
        assert stat.S_IMODE(keys.stat().st_mode) == 0o600
        with Site(server, "any").open() as client:
            client.login()
    first, *rest = logged(keys)
    assert first == "# mine" and rest and all(LINE.fullmatch(line) for line in rest)


def test_handshake_threads(tmp_path):
    """handshakes on several threads at a time: each line is whole"""
    keys = tmp_path / "keys"
    with Server(tmp_path, "--ephemeral", "--threads", 3, "--tls-key-log", keys) as server:
        site = Site(server, "any")
        clients = [site.open() for _ in range(40)]
        for client in clients:
            client.login()
            client.close()
    lines = logged(keys)
    assert len({line.split()[1] for line in lines}) == 40 and all(LINE.fullmatch(line) for line in lines)


@pytest.mark.parametrize("make", [lambda path: path / "none" / "keys", lambda path: path])
def test_cannot_be_opened(tmp_path, make):
    """a file that cannot be opened is no start: exit code 2, the flag, the file and the reason"""
    name = make(tmp_path)
    code, out, said = run("serve", "--ephemeral", "--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0", "--tls-key-log", name)
    assert (code, out) == (2, "") and f"--tls-key-log {name} cannot be written: " in said


def test_pipe(tmp_path):
    """a pipe, whose reader could stop the writer, is refused"""
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    code, _, said = run(
        *("serve", "--ephemeral", "--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0", "--tls-key-log", tmp_path / "pipe")
    )
    os.close(reader)
    assert code == 2 and "it is not a regular file" in said


def test_full_disk(tmp_path):
    """a full disk costs keys and a line in the log, not the server; what is written later is whole"""
    keys = tmp_path / "keys"
    keys.write_text("# " + "x" * 4_000_000 + "\n")  # longer than the server's other files, which are not full
    size = keys.stat().st_size
    with Server(tmp_path, "--ephemeral", "--tls-key-log", keys) as server:
        site = Site(server, "any")
        with full_disk(server, size + 20):
            device = site.device()
            wait_until(lambda: "keys of TLS connections could not be written" in server.log(), "the warning")
            with device.connected() as client:
                client.publish_and_wait("$resource/data_in", b"1")
        assert keys.stat().st_size == size + 20
        with site.open():
            wait_until(lambda: keys.stat().st_size > size + 100, "keys of the next connection")
        assert server.log().count("could not be written") == 1, "told once"
    _, cut, *whole = logged(keys)
    assert len(cut) == 20 and whole and all(LINE.fullmatch(line) for line in whole)
