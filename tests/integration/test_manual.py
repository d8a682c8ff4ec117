"""The manual that is written from the binary: the reference, the man page, and what --version tells."""

import pathlib
import re
import shutil
import subprocess
import sys

import pytest

from support.server import BINARY, run

ROOT = pathlib.Path(__file__).resolve().parents[2]
MANUAL = ROOT / "script" / "manual"


def test_reference_is_up_to_date():
    """docs/reference.md says what the binary says; else run script/manual with the path of the binary"""
    done = subprocess.run([sys.executable, MANUAL, BINARY, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_man_page_tells_every_command_and_flag(tmp_path):
    """The man page has a section for every command, and each flag of serve"""
    page = tmp_path / "murano-emulator.1"
    subprocess.run([sys.executable, MANUAL, BINARY, "--man", page], check=True)
    text = page.read_text().replace("\\-", "-")
    for name in re.findall(r"^  ([a-z]+)  ", run("--help")[1], re.MULTILINE):
        assert f".SH {name.upper()}\n" in text
    for flag in re.findall(r"^  (--\S+)", run("serve", "--help")[1], re.MULTILINE):
        assert f".B {flag}" in text
    if not shutil.which("mandoc"):
        pytest.skip("MANDOC IS NOT INSTALLED: the man page was not checked for its form")
    subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], check=True)


def test_version_tells_version_and_commit():
    """--version tells the version of the build files, and a commit of this checkout's"""
    version, commit = re.fullmatch(r"murano-emulator (\S+) \((\w+)\)\n", run("--version")[1]).groups()
    assert f"project(murano-emulator VERSION {version} " in (ROOT / "CMakeLists.txt").read_text()
    if subprocess.run(["git", "-C", ROOT, "rev-parse"], capture_output=True).returncode != 0:
        pytest.skip("NO CHECKOUT THAT GIT READS: there is no commit to compare with")
    subprocess.run(["git", "-C", ROOT, "cat-file", "-e", f"{commit}^{{commit}}"], check=True)
