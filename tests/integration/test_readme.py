"""The first screen of the README works when pasted."""

import pathlib
import re
import shutil
import subprocess

import pytest

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


def test_script_server_says_what_to_try(tmp_path):
    """The README's first screen, unless arguments move the ports"""
    (tmp_path / "script").mkdir()
    for name in ("README.md", "script/server", "script/lib.sh"):
        shutil.copy(README.parent / name, tmp_path / name)
    build = tmp_path / "script/build"
    build.write_text("#!/bin/sh\necho /bin/true\n")
    build.chmod(0o755)
    assert first_screen() in said_by_script_server(tmp_path)
    assert "mosquitto" not in said_by_script_server(tmp_path, "--mqtts", "127.0.0.1:0")
