"""The commands clock, reset and snapshot."""

import json

import pytest
from support.command import CommandLine
from support.device import Site
from support.server import Server


@pytest.fixture
def line(site):
    return CommandLine(site.server, site.connector)


def test_clock(site, line):
    """clock show, set, advance, freeze, unfreeze and reset, for one connector"""
    site.provision()
    assert "(real time +0s)" in line.ok("clock", "show")
    assert line.ok("clock", "freeze").endswith("frozen)\n")
    assert line.ok("clock", "set", "2033-05-18T03:33:20Z").startswith("2033-05-18 03:33:20.000 UTC")
    assert line.json("clock", "set", "2000000000000000")["now_us"] == 2_000_000_000_000_000
    assert line.json("clock", "advance", "25h")["now_us"] == 2_000_090_000_000_000
    assert line.json("clock", "advance", "-1h")["now_us"] == 2_000_086_400_000_000
    assert line.json("clock", "unfreeze")["frozen"] is False
    assert abs(line.json("clock", "reset")["offset_us"]) < 1_000_000
    assert "is not a time" in line.fails("clock", "set", "tomorrow", code=2)
    assert "not a duration" in line.fails("clock", "advance", "1 day", code=2)


def test_reset(site, line):
    """reset of one identity, of one connector and of everything"""
    for name in ("a", "b"):
        site.control.put_identity(site.connector, name)
    assert line.ok("reset", "--identity", "a") == f"reset {site.connector} a\n"
    assert not site.control.has_identity(site.connector, "a") and site.control.has_identity(site.connector, "b")
    assert line.json("reset") == {"connector": site.connector, "identity": ""}
    assert not site.control.has_identity(site.connector, "b")
    assert "no identity" in line.fails("reset", "--identity", "a")


def test_snapshot(tmp_path):
    """snapshot save, ls, load, export, import and rm"""
    with Server(tmp_path, "--ephemeral") as server:
        line = CommandLine(server, None)
        Site(server, "mine").provision()
        assert line.ok("snapshot", "save", "one") == "saved one\n"
        assert line.ok("snapshot", "ls").splitlines()[1].split()[0] == "one"
        file = tmp_path / "file"
        assert line.json("snapshot", "export", "one", file) == {"exported": "one"}
        assert file.stat().st_mode & 0o777 == 0o600
        assert line.ok("reset") == "reset everything\n"
        assert line.ok("snapshot", "import", "two", file) == "imported two\n"
        assert line.ok("snapshot", "load", "two") == "loaded two\n"
        assert server.control.has_identity("mine", "12345")
        for name in ("one", "two"):
            assert line.ok("snapshot", "rm", name) == f"removed {name}\n"
        assert line.json("snapshot", "ls") == {"snapshots": []}
        assert "no snapshot" in line.fails("snapshot", "load", "one")
        assert "letters, digits" in line.fails("snapshot", "save", "a/b", code=2)
        assert "not a snapshot" in line.fails("snapshot", "import", "bad", __file__, code=2)
        assert not list(tmp_path.glob("*.part*"))
        assert "unknown command snapshot safe" in line.fails("snapshot", "safe", code=2)
        assert json.dumps(server.control.ok("GET", "/_emulator/v1/snapshots").json())
