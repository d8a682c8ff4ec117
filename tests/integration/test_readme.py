"""The first screen of the README works when pasted."""

import pathlib
import re
import shutil
import subprocess

import pytest

from support.command import CommandLine
from support.device import Site
from support.names import wrapped_environment
from support.waiting import PATIENCE_S

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
MARK = "<!-- tested by tests/integration/test_readme.py -->\n```sh\n"


def first_screen():
    lines = README.read_text().partition(MARK)[2].partition("```")[0]
    assert "mosquitto_rr" in lines
    return lines


def test_first_screen(server, tmp_path):
    """[R37, R42, R48] the lines of the README's first screen, with this server's ports in the place of the usual ones"""
    if not (shutil.which("mosquitto_rr") and shutil.which("curl")):
        pytest.skip("MOSQUITTO-CLIENTS OR CURL IS NOT INSTALLED: the README's lines were not run")
    lines = first_screen().replace("murano-data/certs/ca.crt", server.ca).replace("-p 8883", f"-p {server.address[1]}")
    lines = lines.replace("http://127.0.0.1:8080", server.ready["api"])
    environment = wrapped_environment(tmp_path, {"localhost": "127.0.0.1"})  # a bare system may not know it
    done = subprocess.run(["bash", "-euc", lines], capture_output=True, text=True, timeout=PATIENCE_S, env=environment)
    assert done.returncode == 0, done.stderr
    assert '{\\"hello\\": \\"world\\"}' in done.stdout
    assert re.search(r'^\$resource/config_io/\d{16} \{"channels":\{\}\}$', done.stdout, re.MULTILINE)


def said_by_script_server(folder, *arguments):
    """What script/server prints beside a build that only names a program that does nothing."""
    done = subprocess.run(["script/server", *arguments], cwd=folder, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    return done.stderr


def script_server(folder):
    """A copy of script/server in `folder`, beside a build that is done at once."""
    (folder / "script").mkdir()
    for name in ("README.md", "script/server", "script/lib.sh"):
        shutil.copy(README.parent / name, folder / name)
    build = folder / "script/build"
    build.write_text("#!/bin/sh\necho /bin/true\n")
    build.chmod(0o755)


def test_own_connector_and_a_wrong_topic(server, tmp_path):
    """[R35] The README's own path, own connector, wrong topic: the command that script/server prints says what is wrong"""
    script_server(tmp_path)
    (command,) = re.findall("^/bin/true (.*)$", said_by_script_server(tmp_path), re.MULTILINE)
    assert f"murano-emulator {command}" in " ".join(README.read_text().split())
    site = Site(server, "x2lmj5npsktbuik9")
    with site.device().connected() as client:
        client.publish_and_wait("$resources/data_in", b"21")
    line = CommandLine(server)
    found = line.ok(*command.split())
    assert "x2lmj5npsktbuik9  12345" in found and "$resources/data_in" in found and "Did you mean" in found, found
    assert "1 violation" in line.fails(*command.split(), "--fail-on", "violation")


def test_script_server_says_what_to_try(tmp_path):
    """The README's first screen, unless arguments move the ports"""
    script_server(tmp_path)
    assert first_screen() in said_by_script_server(tmp_path)
    assert "mosquitto" not in said_by_script_server(tmp_path, "--mqtts", "127.0.0.1:0")
