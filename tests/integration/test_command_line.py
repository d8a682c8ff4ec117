"""The commands that talk to a server: identity, state, content, events, health, completion."""

import contextlib
import json
import os
import shutil
import subprocess

import pytest
from support import packets as mqtt
from support.certificates import self_signed
from support.command import CommandLine
from support.raw_client import RawClient
from support.server import Server, run


@pytest.fixture
def line(site):
    return CommandLine(site.server, site.connector)


def test_identity_list_and_show(site, line):
    """[R63] identity list and show: a table for people, Murano's own JSON with --json"""
    site.device("one")
    line.ok("identity", "add", "two")
    table = line.ok("identity", "list")
    assert table.splitlines()[0].split() == ["IDENTITY", "STATUS", "AUTH", "ONLINE", "LAST", "SEEN", "ADDRESS"]
    rows = {row.split()[0]: row.split()[1:4] for row in table.splitlines()[1:]}
    assert rows == {"one": ["provisioned", "token", "-"], "two": ["whitelisted", "token", "-"]}
    assert {device["identity"] for device in line.json("identity", "list")["devices"]} == {"one", "two"}
    listed = line.json("identity", "list", "--status", "whitelisted")["devices"]
    assert [device["identity"] for device in listed] == ["two"]
    assert line.json("identity", "list", "--match", "^o")["devices"][0]["identity"] == "one"
    assert "There are more" in line.run("identity", "list", "--limit", 1)[2]
    assert line.ok("identity", "show", "two").startswith("identity     two\nstatus       whitelisted\n")
    assert line.json("identity", "show", "two") == site.control.identity(site.connector, "two")


def test_identity_credentials(site, line, tmp_path):
    """[R10] identity add gives a token, a password or a certificate; secret tells it"""
    line.ok("identity", "add", "t", "--token", "the-token-of-the-test")
    assert line.ok("identity", "secret", "t") == "the-token-of-the-test\n"
    with site.open() as client:
        client.login(username="", password="the-token-of-the-test")
    line.ok("identity", "add", "p", "--password", "a password of more than 20")
    with site.open() as client:
        client.login(username="p", password="a password of more than 20")
    certificate, _ = self_signed(tmp_path, "c")
    assert line.json("identity", "add", "c", "--cert", certificate)["auth"]["type"] == "certificate"
    assert line.json("identity", "secret", "c")["key"] == certificate.read_text()
    assert "not a certificate in PEM" in line.fails("identity", "add", "d", "--cert", __file__, code=2)
    assert "none does not exist" in line.fails("identity", "add", "d", "--cert", tmp_path / "none")
    assert "has this token" in line.fails("identity", "add", "d", "--token", "the-token-of-the-test")


def test_identity_life(site, line):
    """[R63] lock, unlock, revoke and rm do what the API does, and name an identity that is not there"""
    device = site.device()
    with device.connected() as client:
        assert line.ok("identity", "lock", "12345") == "locked 12345\n"
        client.expect_closed()
    assert line.json("identity", "unlock", "12345")["status"] == "provisioned"
    line.ok("identity", "revoke", "12345")
    assert line.json("identity", "show", "12345")["status"] == "reprovision"
    assert line.json("identity", "rm", "12345") == {"removed": "12345"}
    assert "no such identity (the server answered 404)" in line.fails("identity", "show", "12345")
    for command in (("lock", "x"), ("rm", "x"), ("secret", "x")):
        assert "404" in line.fails("identity", *command)


def test_state(site, line):
    """[R40a] state set types a value by its resource's format, state get shows what is set and reported"""
    site.resources(n={"format": "number", "settable": True}, b={"format": "boolean", "settable": True})
    device = site.device()
    assert line.ok("state", "set", "12345", "n=1.50", "b=true", "data_out=1.50=x") == "set n\nset b\nset data_out\n"
    with device.connected() as client:
        client.send(mqtt.publish("$resource/data_in", b"up"))
        client.barrier()
    state = line.json("state", "get", "12345")
    assert (state["n"]["set"], state["b"]["set"], state["data_out"]["set"]) == (1.5, True, "1.50=x")
    assert '"set":1.50' in line.ok("state", "get", "12345", "--json")
    assert list(line.json("state", "get", "12345", "data_in")) == ["data_in"]
    row = line.ok("state", "get", "12345", "data_in").splitlines()[1].split()
    assert row[:3] == ["data_in", "up", "-"]


def test_state_refusals(site, line):
    """[R41] state set says which alias cannot be set and why, and then sets nothing"""
    site.resources(n={"format": "number", "settable": True})
    site.device()
    assert '"n" is a number, which "warm" is not' in line.fails("state", "set", "12345", "data_out=x", "n=warm")
    assert "not settable" in line.fails("state", "set", "12345", "data_in=x")
    assert 'did you mean "data_out"?' in line.fails("state", "set", "12345", "data_uot=x")
    assert 'did you mean "data_in"?' in line.fails("state", "get", "12345", "data_inn")
    assert "is not ALIAS=VALUE" in line.fails("state", "set", "12345", "x", code=2)
    assert "404" in line.fails("state", "set", "nobody", "data_out=x")
    assert line.json("state", "get", "12345") == {}


def test_content(site, line, tmp_path):
    """[R60] content put, ls, get and rm carry any bytes under any name"""
    data = os.urandom(700_000)
    (tmp_path / "in").write_bytes(data)
    name = "firmware/../ü 1.bin"
    line.ok("content", "put", name, tmp_path / "in", "--type", "application/x-firmware")
    (item,) = line.json("content", "ls")
    assert (item["id"], item["type"], item["length"]) == (name, "application/x-firmware", len(data))
    assert line.ok("content", "ls").splitlines()[1].startswith(f"{name}  application/x-firmware  700.0 kB")
    line.ok("content", "get", name, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == data
    piped = subprocess.run(line.command("content", "get", name, "-"), capture_output=True, env=line.environment())
    assert piped.stdout == data
    line.ok("content", "rm", name)
    assert line.json("content", "ls") == []


def test_content_refusals(site, line, tmp_path):
    """[R60] content says what is not there, and leaves no half of a file"""
    site.device()
    assert 'there is no content item "none"' in line.fails("content", "get", "none", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
    assert "none does not exist" in line.fails("content", "put", "a", tmp_path / "none")
    assert "cannot write" in line.fails("content", "get", "none", tmp_path / "no" / "folder")
    assert "404" in line.fails("content", "rm", "none")


def test_content_too_large(tmp_path):
    """[R65] an upload over the limit is told, however far it got"""
    with Server(tmp_path, "--ephemeral", settings={"limits": {"max_content_bytes": 1_000_000}}) as server:
        (tmp_path / "in").write_bytes(bytes(20_000_000))
        line = CommandLine(server)
        assert "413" in line.fails("content", "put", "a", tmp_path / "in")
        (tmp_path / "in").write_bytes(bytes(1_000_000))
        line.ok("content", "put", "a", tmp_path / "in")


def test_events(site, line):
    """events prints what is kept, a line each, filtered; --json gives the events themselves"""
    device = site.device()
    with device.connected() as client:
        client.send(mqtt.publish("$resource/data_in", b"1"))
        client.barrier()
    lines = line.ok("events").splitlines()
    assert any("  provisioned  12345" in one for one in lines)
    (event,) = map(json.loads, line.ok("events", "--type", "data_in", "--json").splitlines())
    assert event["payload"][0]["values"] == {"data_in": "1"}
    assert line.ok("events", "--type", "data_in", "--since", event["cursor"]) == ""
    assert line.ok("events", "--identity", "nobody") == ""
    assert "--type: there is no event type" in line.fails("events", "--type", "nonsense", code=2)


def test_bad_usage_that_only_the_server_sees(site, line):
    """Exit code 2, and the message names what was typed"""
    site.device()
    for arguments, said in (
        (("identity", "list", "--limit", "abc"), "--limit: must be a whole number from 1 to 10000"),
        (("identity", "list", "--match", "("), "--match: "),
        (("identity", "list", "--status", "x"), "--status: "),
        (("events", "--topic", "a#"), "--topic: "),
        (("events", "--since", "x"), "--since: "),
        (("wait-for", "connect", "--regex", "("), "--regex: "),
        (("wait-for", "conect"), "TYPE: there is no event type"),
        (("report", "--since", "x"), "--since: "),
    ):
        told = line.fails(*arguments, code=2)
        assert said in told and f"See murano-emulator {arguments[0]} --help." in told, told
        assert "?" not in told.split(said)[0] and "$." not in told


def test_events_follow(site, line):
    """events --follow, or -f, prints what happens when it happens"""
    device = site.device()
    with line.start("events", "-f", "--type", "data_in", "--json") as following, device.connected() as client:
        for number in (b"1", b"2"):
            client.send(mqtt.publish("$resource/data_in", number))
            assert json.loads(following.line())["payload"][0]["values"]["data_in"] == number.decode()


def test_default_connector(tmp_path):
    """Without --connector a command means the server's default one"""
    with Server(tmp_path, "--ephemeral", "--default-connector", "mine") as server:
        CommandLine(server).ok("identity", "add", "12345")
        assert server.control.has_identity("mine", "12345")


@pytest.fixture
def three(tmp_path):
    """A server with devices "a" in "one", "b" in "two" and "both" in both, and a line without --connector."""
    with Server(tmp_path, "--ephemeral") as server:
        for connector, identities in (("one", ("a", "both")), ("two", ("b", "both"))):
            for identity in identities:
                server.control.put_identity(connector, identity)
        yield server, CommandLine(server)


def test_lists_are_of_all_connectors(three, tmp_path):
    """Without --connector identity list, content ls and events show all, each with its connector"""
    server, line = three
    rows = [row.split() for row in line.ok("identity", "list").splitlines()]
    assert rows[0][-1] == "CONNECTOR"
    assert {(row[0], row[-1]) for row in rows[1:]} == {("a", "one"), ("both", "one"), ("b", "two"), ("both", "two")}
    listed = line.json("identity", "list")["devices"]
    assert {(device["identity"], device["connector"]) for device in listed} == {(row[0], row[-1]) for row in rows[1:]}
    assert len(line.json("identity", "list", "--limit", 3)["devices"]) == 3
    assert "There are more" in line.run("identity", "list", "--limit", 3)[2]
    assert "CONNECTOR" not in line.ok("identity", "list", "--connector", "one")
    (tmp_path / "file").write_bytes(b"12345")
    line.ok("content", "put", "x", tmp_path / "file", "--connector", "two")
    assert [(item["id"], item["connector"]) for item in line.json("content", "ls")] == [("x", "two")]
    assert line.ok("content", "ls").splitlines()[1].split()[-1] == "two"
    line.ok("content", "get", "x", tmp_path / "got")
    assert (tmp_path / "got").read_bytes() == b"12345"
    assert line.ok("content", "rm", "x") == "removed x of connector two\n"
    assert 'no connector has the content item "x"' in line.fails("content", "rm", "x")


def test_a_device_is_found_where_it_is(three):
    """Without --connector a command means the connector that has the device; where several have it, it asks"""
    server, line = three
    assert line.ok("identity", "lock", "b") == "locked b of connector two\n"
    assert line.json("identity", "show", "b")["locked"]
    line.ok("state", "set", "a", "config_io=1")
    assert line.json("state", "get", "a")["config_io"]["set"] == "1"
    assert server.control.state("one", "a")["config_io"]["set"] == "1"
    line.ok("identity", "add", "a", "--token", "the-token-of-the-test")
    assert server.control.secret("one", "a")["key"] == line.ok("identity", "secret", "a").strip()
    for command in (("identity", "show", "both"), ("identity", "add", "both"), ("state", "get", "both")):
        said = line.fails(*command, code=2)
        assert 'several connectors have the identity "both": one, two; say which one with --connector' in said
    line.ok("identity", "rm", "both", "--connector", "two")
    line.ok("identity", "show", "both")
    assert 'no connector has the identity "nobody"' in line.fails("state", "get", "nobody")


def test_what_is_there(site, line):
    """connector list, connections, sessions, publish and history, as tables and as the API's JSON"""
    device = site.device()
    with device.connected(client_id="gadget", clean=False) as client:
        client.subscribe("a/b")
        assert line.ok("publish", "12345", "a/b", "hello") == "published to a/b of 12345\n"
        assert client.message() == ("a/b", b"hello")
        client.publish_and_wait("$resource/data_in", b"21")
        (row,) = line.ok("connections").splitlines()[1:]
        assert row.split()[1:5] == [site.connector, "12345", "gadget", "127.0.0.1"]
        assert line.json("connections")["connections"][0]["client_id"] == "gadget"
        (row,) = line.ok("sessions").splitlines()[1:]
        assert row.split() == [site.connector, "12345", "gadget", '["a/b"]', "now"]
    everywhere = CommandLine(site.server)
    (counts,) = [row for row in everywhere.ok("connector", "list").splitlines() if row.startswith(site.connector + " ")]
    assert counts.split() == [site.connector, "1", "0"]
    assert line.ok("history", "12345").splitlines()[1].endswith("UTC  data_in  21")
    assert line.json("history", "12345", "--alias", "data_in")["values"][0]["value"] == "21"
    assert line.json("history", "12345", "--alias", "config_io")["values"] == []
    assert "--limit: must be" in line.fails("history", "12345", "--limit", "x", code=2)
    assert "404" in line.fails("publish", "nobody", "a/b", "x")


def test_an_unknown_connector_is_an_error(three):
    """A typo in --connector is never an empty list: exit code 1 and the nearest connector, at once"""
    _, line = three
    for command in (
        *(("events",), ("events", "-f"), ("report", "--fail-on", "violation"), ("report", "--format", "junit")),
        *(("wait-for", "finding", "--count", "0", "--within", "10m"), ("identity", "list"), ("identity", "show", "a")),
        *(("state", "get", "a"), ("content", "ls"), ("content", "rm", "x"), ("clock", "show"), ("reset",)),
        *(("connections",), ("sessions",), ("publish", "a", "t", "x"), ("history", "a")),
    ):
        said = line.fails(*command, "--connector", "twoo")
        assert '--connector: there is no connector "twoo"; did you mean "two"?' in said, command


def test_findings_of_no_connector(three):
    """[R3] Without --connector events, wait-for and report show findings of connections that named none"""
    server, line = three
    with contextlib.suppress(OSError), RawClient.tls(server.address, None, server.ca) as client:
        client.expect_closed()
    said = line.ok("wait-for", "finding", "--rule", "R3", "--since", 0)
    assert "  finding  -  violation R3.no_sni" in said
    assert "  finding  -  violation R3" in line.ok("events")
    assert "  finding  -  " not in line.ok("events", "--connector", "one")
    assert "violation R3.no_sni  -  (anonymous, 127.0.0.1)" in line.fails_with_output("report", "--fail-on", "violation")
    assert line.ok("report", "--connector", "one", "--fail-on", "violation") == "no findings\n"
    assert 'failures="1"' in line.ok("report", "--format", "junit")
    said = line.fails("wait-for", "finding", "--since", 0, "--count", 0, "--within", "1ms", code=3)
    assert "violation R3" in said
    said = line.fails("wait-for", "data_in", "--connector", "one", "--since", 0, "--within", "1ms", code=3)
    assert "a connection that named no connector broke a rule, R3" in said


def test_api_token(tmp_path):
    """--api-token is sent; without it the refusal is told"""
    with Server(tmp_path, "--ephemeral", "--api-token", "secret-of-the-test") as server:
        line = CommandLine(server)
        said = line.fails("identity", "list")
        assert "401" in said and "--api-token TOKEN, or MURANO_EMULATOR_API_TOKEN" in said
        assert "not the one" in line.fails("identity", "list", "--api-token", "another")
        line.ok("identity", "list", "--api-token", "secret-of-the-test")
        line.ok("identity", "list", "--api-token", "secret-of-the-test", "--ready-file", server.ready_file)


def test_no_server(tmp_path):
    """A server that cannot be reached: exit code 1; health: 3"""
    where = ("--ready-file", tmp_path / "none")
    for arguments in (("identity", "list"), ("state", "get", "a"), ("content", "ls"), ("events",)):
        code, out, said = run(*arguments, *where)
        assert (code, out) == (1, "") and "names none" in said
    assert run("health", *where)[0] == 3
    assert run("events", "--url", "http://127.0.0.1:1")[0] == 1


def test_completion():
    """completion bash completes commands, their words and options"""
    _, script, _ = run("completion", "bash")
    ask = """
    complete_line() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _murano_emulator; echo "${COMPREPLY[*]}"; }
    complete_line murano-emulator ide; complete_line murano-emulator identity re
    complete_line murano-emulator events --fol; complete_line murano-emulator serve --ephem
    complete_line murano-emulator vers; complete_line murano-emulator help comp
    complete_line murano-emulator report --format j; complete_line murano-emulator wait-for da
    complete_line murano-emulator fault add withh; complete_line murano-emulator events --type verd
    complete_line murano-emulator verify --only KA-0; complete_line murano-emulator verify --suite qu
    complete_line murano-emulator serve --log-format j; complete_line murano-emulator config schema su
    """
    said = subprocess.run(["bash", "-euc", script + ask], capture_output=True, text=True, check=True).stdout
    assert said.split("\n") == ["identity", "revoke", "--follow", "--ephemeral", "version", "completion", "json junit",
                                "data_in data_out", "withhold", "verdict", "KA-01 KA-02 KA-03 KA-04", "quick", "json", "suite", ""]


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh here")
def test_completion_zsh(tmp_path):
    """completion zsh is a script that zsh reads"""
    (tmp_path / "_murano").write_text(run("completion", "zsh")[1])
    subprocess.run(["zsh", "-n", tmp_path / "_murano"], check=True)


@pytest.mark.skipif(not shutil.which("fish"), reason="no fish here")
def test_completion_fish(tmp_path):
    """completion fish is a script that fish reads, and completes values of options"""
    script = tmp_path / "murano-emulator.fish"
    script.write_text(run("completion", "fish")[1])
    ask = f"source {script}; complete -C 'murano-emulator ident'; complete -C 'murano-emulator report --format j'"
    said = subprocess.run(["fish", "-N", "-c", ask], capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert said.splitlines()[0].split("\t")[0] == "identity" and said.split()[-2:] == ["json", "junit"], said
