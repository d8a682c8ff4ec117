"""The commands that talk to a server: identity, state, content, events, health, completion."""

import json
import os
import shutil
import subprocess

import pytest
from support import packets as mqtt
from support.certificates import self_signed
from support.command import CommandLine
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
    assert "no certificate in PEM" in line.fails("identity", "add", "d", "--cert", __file__)
    assert "cannot read" in line.fails("identity", "add", "d", "--cert", tmp_path / "none")
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
    assert 'there is no content item "none"' in line.fails("content", "get", "none", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
    assert "cannot read" in line.fails("content", "put", "a", tmp_path / "none")
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
    assert "400" in line.fails("events", "--type", "nonsense")


def test_events_follow(site, line):
    """events --follow prints what happens when it happens"""
    device = site.device()
    with line.start("events", "--follow", "--type", "data_in", "--json") as following, device.connected() as client:
        for number in (b"1", b"2"):
            client.send(mqtt.publish("$resource/data_in", number))
            assert json.loads(following.line())["payload"][0]["values"]["data_in"] == number.decode()


def test_default_connector(tmp_path):
    """Without --connector a command means the server's default one"""
    with Server(tmp_path, "--ephemeral", "--default-connector", "mine") as server:
        CommandLine(server).ok("identity", "add", "12345")
        assert server.control.has_identity("mine", "12345")


def test_api_token(tmp_path):
    """--api-token is sent; without it the refusal is told"""
    with Server(tmp_path, "--ephemeral", "--api-token", "secret-of-the-test") as server:
        line = CommandLine(server)
        assert "401" in line.fails("identity", "list")
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
    complete_line murano-emulator events --fo; complete_line murano-emulator serve --ephem
    """
    said = subprocess.run(["bash", "-euc", script + ask], capture_output=True, text=True, check=True).stdout
    assert said.split("\n") == ["identity", "revoke", "--follow", "--ephemeral", ""]


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh here")
def test_completion_zsh(tmp_path):
    """completion zsh is a script that zsh reads"""
    (tmp_path / "_murano").write_text(run("completion", "zsh")[1])
    subprocess.run(["zsh", "-n", tmp_path / "_murano"], check=True)
