"""The guide's chapter "Break it on purpose" and the faults of README: every command in them runs."""

import pathlib
import re
import shlex

import pytest

from support import packets as mqtt
from support.command import CommandLine
from support.device import Site
from support.faults import FAULTS
from support.server import run

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHAPTER = (ROOT / "docs" / "guide.md").read_text().partition("## Break it on purpose\n")[2].partition("\n## ")[0]
COMMANDS = re.findall(r"^\| `(fault [^`]+)` \|", CHAPTER, re.MULTILINE)
BLOCK = [line.removeprefix("murano-emulator ") for line in re.findall(r"^murano-emulator .*$", CHAPTER, re.MULTILINE)]
PAGES = [ROOT / "README.md", *(page for page in (ROOT / "docs").rglob("*.md") if page.name != "guide.md")]
ELSEWHERE = [
    command
    for page in PAGES
    for command in re.findall(r"^murano-emulator (fault (?!kinds|ls)[^#\n]+)", page.read_text(), re.MULTILINE)
]
KEYS = re.findall(r"`((?:[a-z_]+=\S+|--times \d+)(?: (?:[a-z_]+=[^` ]+|--times \d+))*)`", CHAPTER)


@pytest.fixture(autouse=True)
def no_faults(server):
    yield
    server.control.ok("DELETE", FAULTS, status=(204,))


def test_the_chapter_is_found():
    assert len(COMMANDS) == 10 and len(BLOCK) == 3 and ELSEWHERE
    assert {"skip=2 --times 3", "probability=0.1 seed=7", "per=identity", "after=NAME"} <= set(KEYS)


@pytest.mark.parametrize("words", [*COMMANDS, *ELSEWHERE, "fault kinds", "fault ls", "events --type fault"])
def test_each_command_runs(server, words):
    CommandLine(server).ok(*shlex.split(words))


@pytest.mark.parametrize("keys", KEYS)
def test_each_key_is_taken(server, keys):
    """How often and when, as the chapter writes it, on a fault that takes it."""
    command = CommandLine(server)
    command.ok("fault", "add", "withhold", "packet=PINGRESP", "--name", "NAME")
    command.ok("fault", "add", "withhold", "packet=PUBACK", *shlex.split(keys))


def test_the_block_as_pasted(server):
    """A fault, a device that meets it, a test that waits for it, and its end."""
    command, site = CommandLine(server), Site(server, "local")
    add, wait, rm = (shlex.split(line, comments=True) for line in BLOCK)
    device = site.device()
    command.ok(*add)
    with device.connected() as client:
        client.send(mqtt.publish("$resource/data_in", b"1", qos=1))
        assert "lost-puback" in command.ok(*wait)
    command.ok(*rm)
    assert server.control.ok("GET", FAULTS).json()["faults"] == []


def test_the_settings_file_as_written(tmp_path):
    (written,) = re.findall(r'`("faults": \[.*?\])`', CHAPTER)
    (tmp_path / "settings.jsonc").write_text("{" + written + "}")
    code, _, said = run("config", "check", str(tmp_path / "settings.jsonc"))
    assert code == 0, said
