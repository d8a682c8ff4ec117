"""events --format pcapng: Wireshark reads the journal's packets."""

import os
import pty
import subprocess

import pytest
from support import packets as mqtt
from support import tshark
from support.command import CommandLine
from support.raw_client import RawClient
from support.server import BINARY, Server, clean_environment
from support.device import Site
from support.waiting import PATIENCE_S, wait_until

SERVER_PORT = 1883


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    tshark.need_tshark()
    folder = tmp_path_factory.mktemp("server")
    with Server(folder, "--ephemeral", "--journal-packets", "--limits-max-shown-payload-bytes", "4096") as running:
        yield running


@pytest.fixture
def capture(site, tmp_path):
    """Writes a capture of the site: (file, what the command said)."""

    def write(*options):
        file = tmp_path / "packets.pcapng"
        line = CommandLine(site.server, site.connector)
        code, out, said = line.run("events", "--format", "pcapng", "--output", file, *options)
        assert (code, out) == (0, ""), said
        return file, said

    return write


def journalled(site):
    """(connection, from the server, type) of each packet in the journal."""
    kinds = {name: getattr(mqtt, name) for name in dir(mqtt) if name.isupper() and isinstance(getattr(mqtt, name), int)}
    return [
        (event["connection_id"], event["payload"]["direction"] == "out", kinds[event["payload"]["type"]])
        for event in site.events(type="packet")
    ]


def streams_of(rows):
    """The packets of each stream in their order: whatever the streams are called."""
    streams = {}
    for stream, from_server, kind in rows:
        streams.setdefault(stream, []).append((from_server, kind))
    return list(streams.values())


def test_every_packet(site, capture):
    """[D20] several connections, both ways: Wireshark sees each packet of the journal as MQTT and has no doubts"""
    one, two = site.device("one"), site.device("two")
    with one.connected() as first, two.connected(client_id="second") as second:
        first.subscribe("$resource/#", ("a/b", 1))
        first.publish_and_wait("$resource/data_in", b"1")
        second.send(mqtt.publish("$resource/data_in", b"2"), mqtt.packet(mqtt.PINGREQ, 0))
        second.expect(mqtt.PINGRESP)
        site.set_state({"data_out": "down"}, "one")
        assert first.message()[1] == b"down"
        first.unsubscribe("a/b")
        first.send(mqtt.packet(mqtt.DISCONNECT, 0))
        first.expect_closed()
    wait_until(lambda: len(site.events(type="disconnect")) == 4, "all connections to be over")
    file, said = capture()
    assert tshark.doubts(file) == []
    seen = [(stream, port == SERVER_PORT, kind) for stream, port, kind in tshark.packets(file)]
    expected = journalled(site)
    assert sorted(streams_of(seen)) == sorted(streams_of(expected)) and len(expected) > 20
    assert said == f"{len(expected)} packets of 4 connections\n"
    # Nothing but MQTT carries data; each connection has its handshake and its end.
    assert tshark.lines(file, "tcp.len > 0 && !mqtt") == []
    assert len(tshark.lines(file, "tcp.flags.syn == 1 && tcp.flags.ack == 0")) == 4
    assert len(tshark.lines(file, "tcp.flags.fin == 1 || tcp.flags.reset == 1")) >= 4
    assert len(tshark.lines(file, 'frame.comment contains "DISCONNECT received"')) >= 1


def test_times_and_addresses(site, capture):
    """the times of the frames are those of the events, to the microsecond; the device's address is its own"""
    site.device("one")
    file, _ = capture()
    rows = tshark.fields(file, ["frame.time_epoch", "ip.src", "tcp.srcport", "ip.dst"])
    events = site.events(type="packet")
    assert [round(float(row[0][0]) * 1_000_000) for row in rows] == [event["timestamp"] for event in events]
    assert {row[1][0] for row in rows} == {"127.0.0.1"} == {event["ip"] for event in events}


def test_secrets_are_masked(site, capture):
    """[D20] the token, which the device sent as its password and got as a reply, is not in the file"""
    device = site.device()
    with device.connected() as client:
        client.barrier()
    file, _ = capture()
    assert device.token.encode() not in file.read_bytes()
    assert tshark.fields(file, ["mqtt.passwd"], only="mqtt.passwd")[0] == [["*" * 40]]


def test_large_messages(site, capture):
    """a message that an event shows only the beginning of is whole in the file, in several segments"""
    payload = bytes(range(256)) * 1000
    with site.device().connected() as client:
        client.subscribe("back/#")
        client.publish_and_wait("back/1", payload, packet_id=3)
    shown = site.events(type="packet", topic="back/#")
    assert shown and all(event.get("truncated") for event in shown)
    file, said = capture()
    assert tshark.doubts(file) == [] and "not whole" not in said
    messages = tshark.fields(file, ["mqtt.msg"], only='mqtt.topic contains "back/1"')
    assert len(messages) == len(shown)
    assert {message[0][0].replace(":", "") for message in messages} == {payload.hex()}
    assert len(tshark.lines(file, "tcp.len == 65000")) >= 3


def test_identity(site, capture):
    """--identity keeps the whole of that device's connections, the CONNECT before its login too"""
    one, two = site.device("one"), site.device("two")
    with one.connected() as first, two.connected() as second:
        first.barrier()
        second.barrier()
    wait_until(lambda: len(site.events(type="disconnect")) == 4, "all connections to be over")
    file, said = capture("--identity", "two")
    assert tshark.doubts(file) == []
    kinds = [kind for _, _, kind in tshark.packets(file)]
    assert kinds == [mqtt.CONNECT, mqtt.CONNACK, mqtt.PUBLISH, mqtt.PUBACK]
    assert said == "4 packets of 1 connection\n"
    assert len(tshark.lines(file, 'frame.comment contains "identity two" || tcp.flags.syn == 1')) >= 2


def test_refused_and_broken(site, capture):
    """a refused CONNECT ends its stream; what is no MQTT is shown as it came, and breaks nothing behind it"""
    with site.open() as client:
        assert client.refused(username="", password="x" * 40) == 4
    with site.device().connected() as client:
        client.send(b"\x36\x02ab")  # QoS 3
        client.expect_closed()
    with site.device("two").connected() as client:
        client.barrier()
    file, _ = capture()
    assert len(tshark.lines(file, 'frame.comment contains "CONNECT refused"')) == 1
    assert [kind for _, _, kind in tshark.packets(file)].count(mqtt.PUBACK) == 1
    assert [line for line in tshark.doubts(file) if "Malformed" not in line] == []


def test_from_the_middle(site, capture):
    """packets whose connection began before --since make a stream without a handshake, which says so"""
    with site.device().connected() as client:
        client.barrier()
        since = site.events(type="packet")[-1]["cursor"]
        client.send(mqtt.packet(mqtt.PINGREQ, 0))
        client.expect(mqtt.PINGRESP)
    file, _ = capture("--since", since)
    assert [kind for _, _, kind in tshark.packets(file)] == [mqtt.PINGREQ, mqtt.PINGRESP]
    assert tshark.doubts(file) == []
    assert tshark.lines(file, "tcp.flags.syn == 1") == []
    assert len(tshark.lines(file, 'frame.comment contains "no CONNECT"')) == 1


def test_ipv6(tmp_path):
    """a connection over IPv6 is one in the file"""
    tshark.need_tshark()
    with Server(tmp_path, "--ephemeral", "--journal-packets", mqtts="[::1]:0") as server:
        Site(server, "six").device()
        file = tmp_path / "six.pcapng"
        CommandLine(server).ok("events", "--format", "pcapng", "--output", file)
        assert {row[0][0] for row in tshark.fields(file, ["ipv6.src"])} == {"::1"}
        assert tshark.doubts(file) == []


def test_no_packets(tmp_path):
    """nothing journalled: a file that Wireshark opens, and how packets come into the journal"""
    tshark.need_tshark()
    with Server(tmp_path, "--ephemeral") as server:
        Site(server, "quiet").device()
        file = tmp_path / "none.pcapng"
        code, _, said = CommandLine(server).run("events", "--format", "pcapng", "--output", file)
        assert code == 0 and said.startswith("0 packets of 0 connections\n") and "--journal-packets" in said
        assert tshark.lines(file, "frame") == []


def test_follow(site, tmp_path):
    """--follow writes each packet as it happens"""
    file = tmp_path / "live.pcapng"
    line = CommandLine(site.server, site.connector)
    site.control.patch_connector(site.connector, {"journal": {"packets": True}})  # now it is known
    with line.start("events", "--follow", "--format", "pcapng", "--output", file):
        device = site.device()
        wait_until(lambda: file.exists() and len(tshark.packets(file)) >= 4, "the packets of the provisioning")
        with device.connected() as client:
            client.barrier()
        wait_until(lambda: tshark.packets(file)[-1][2] == mqtt.PUBACK, "the packets of the next connection")
    assert tshark.doubts(file) == []


def test_pipe(site):
    """without --output the capture goes to standard output, where that is no terminal"""
    site.device()
    command = CommandLine(site.server, site.connector)
    done = subprocess.run(
        command.command("events", "--format", "pcapng"), env=command.environment(), capture_output=True, check=True
    )
    assert done.stdout.startswith(b"\x0a\x0d\x0d\x0a")
    read = subprocess.run(["tshark", "-r", "-"], input=done.stdout, capture_output=True, check=True)
    assert b"Connect Command" in read.stdout


def test_terminal(site):
    """a capture on a terminal is refused: exit code 2, and what to type instead"""
    ours, theirs = pty.openpty()
    line = CommandLine(site.server, site.connector)
    done = subprocess.run(
        line.command("events", "--format", "pcapng"),
        env=line.environment(),
        stdout=theirs,
        stderr=subprocess.PIPE,
        text=True,
        timeout=PATIENCE_S,
    )
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 2 and "--output FILE" in done.stderr and "wireshark -k -i -" in done.stderr


@pytest.mark.parametrize(
    "options, words",
    [
        (["--format", "pcapn"], "--format pcapn: it is text, json or pcapng; did you mean pcapng?"),
        (["--format", "xml"], "--format xml: it is text, json or pcapng"),
        (["--format", "pcapng", "--output", "x", "--type", "finding"], "leave out --type"),
        (["--format", "pcapng", "--output", "x", "--rule", "R28"], "leave out --rule"),
        (["--format", "pcapng", "--output", "x", "--json"], "--json and --format pcapng exclude each other"),
        (["--format", "text", "--json"], "--json and --format text exclude each other"),
        (["--output", ""], "--output needs the name of a file"),
    ],
)
def test_bad_usage(site, options, words):
    """what does not fit together is said before anything is written: exit code 2"""
    assert words in CommandLine(site.server).fails("events", *options, code=2)
    assert not os.path.exists("x")


def test_output_that_cannot_be_written(site, tmp_path):
    """a folder that does not exist: exit code 1, the file and the reason; an old file stays as it was"""
    line = CommandLine(site.server, site.connector)
    for more in ([], ["--follow"]):
        said = line.fails("events", "--format", "pcapng", "--output", tmp_path / "none" / "x", *more)
        assert "cannot write" in said and "No such file or directory" in said
    old = tmp_path / "old"
    old.write_text("old")
    nowhere = clean_environment(MURANO_EMULATOR_URL="http://127.0.0.1:9")
    done = subprocess.run([BINARY, "events", "--format", "pcapng", "--output", old], env=nowhere, capture_output=True)
    assert done.returncode == 1 and old.read_text() == "old"


def test_text_output(site, tmp_path):
    """--output takes the other forms, too"""
    site.device()
    line = CommandLine(site.server, site.connector)
    file = tmp_path / "events.json"
    assert line.ok("events", "--format", "json", "--output", file) == ""
    assert file.read_text() == line.ok("events", "--json")


def test_plain_port(tmp_path):
    """a connection without TLS is in the file as one with TLS is"""
    tshark.need_tshark()
    settings = {"connector_defaults": {"protocol": {"devmode": True}, "journal": {"packets": True}}}
    with Server(tmp_path, "--ephemeral", "--mqtt", "127.0.0.1:0", settings=settings) as server:
        with RawClient.plain(server.plain_address) as client:
            client.login()
        file = tmp_path / "plain.pcapng"
        CommandLine(server).ok("events", "--format", "pcapng", "--output", file)
        assert [kind for _, _, kind in tshark.packets(file)] == [mqtt.CONNECT, mqtt.CONNACK]
