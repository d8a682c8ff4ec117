"""What a newcomer types first, and what the first start leaves behind."""

import os
import pty
import resource
import signal
import stat
import subprocess

import pytest

from support.server import BINARY, Server, clean_environment, run
from support.waiting import PATIENCE_S, wait_until

TOO_FEW = "the limit of open files allows fewer connections"


def test_no_command(tmp_path):
    """without a command: the help on standard output, exit code 2, and no server that listens or writes keys"""
    code, out, said = run(cwd=tmp_path)
    assert (code, said) == (2, "") and out == run("--help")[1]
    assert not list(tmp_path.iterdir())


def test_flags_without_a_command(tmp_path):
    """flags of serve without it: exit code 2, and the whole command is named"""
    code, out, said = run("--data-dir=x", "--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0", cwd=tmp_path)
    assert code == 2 and not out and '"murano-emulator serve --data-dir"' in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [["help"], ["-h"], ["help", "help"], ["help", "version"]])
def test_help_of_all(words):
    """help and -h are --help"""
    assert run(*words) == run("--help") and run(*words)[0] == 0


@pytest.mark.parametrize("command", ["serve", "identity", "config", "health", "cert", "completion"])
def test_help_of_a_command(command):
    """help COMMAND is COMMAND --help"""
    assert run("help", command) == run(command, "--help") and run("help", command)[0] == 0


def test_help_of_no_command():
    """help with a word that is no command: exit code 2, and the nearest is named"""
    code, _, said = run("help", "idntity")
    assert code == 2 and 'did you mean "identity"?' in said


def test_version():
    """version and -V are --version"""
    assert run("version") == run("-V") == run("--version") and run("-V")[0] == 0


def ignored_by_git(folder):
    """The files below `folder` that git would not offer to commit."""
    subprocess.run(["git", "init", "-q", folder], check=True)
    seen = subprocess.run(["git", "status", "--porcelain"], cwd=folder, capture_output=True, text=True, check=True)
    return seen.stdout == ""


def test_data_folder_is_hidden_from_git(tmp_path):
    """no file of the data folder, keys above all, is committed by accident"""
    before = os.umask(0)
    try:
        with Server(tmp_path / "elsewhere", data_dir=tmp_path / "project" / "data") as server:
            assert (server.data_dir / "certs" / "ca.key").exists()
            assert stat.S_IMODE((server.data_dir / ".gitignore").stat().st_mode) == 0o644
            assert ignored_by_git(tmp_path / "project")
    finally:
        os.umask(before)


def test_certificates_are_hidden_from_git(tmp_path):
    """nor of the data folder that `cert ca` makes"""
    assert run("cert", "ca", cwd=tmp_path)[0] == 0
    assert (tmp_path / "murano-data" / "certs" / "ca.key").exists()
    assert ignored_by_git(tmp_path)


def test_project_is_not_hidden_from_git(tmp_path):
    """a data folder in which the user keeps files of his own gets no .gitignore, and his own one stays"""
    (tmp_path / "mine" / "src").mkdir(parents=True)
    with Server(tmp_path / "one", data_dir=tmp_path / "mine"):
        assert not (tmp_path / "mine" / ".gitignore").exists()
    (tmp_path / "yours").mkdir()
    (tmp_path / "yours" / ".gitignore").write_text("*.key\n")
    with Server(tmp_path / "two", data_dir=tmp_path / "yours"):
        assert (tmp_path / "yours" / ".gitignore").read_text() == "*.key\n"


def started_in_a_terminal(folder, files, *flags):
    """What a server with so many open files writes to a terminal until it has stopped."""
    ours, terminal = pty.openpty()
    ready = folder / "ready.json"

    def fewer():
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

    process = subprocess.Popen(
        [BINARY, "serve", "--ephemeral", "--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0", "--ready-file", ready, *flags],
        stdin=terminal, stdout=terminal, stderr=terminal, env=clean_environment(), preexec_fn=fewer,
    )  # fmt: skip
    os.close(terminal)
    try:
        wait_until(ready.exists, "a ready server")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0
    said = b""
    while True:
        try:
            said += os.read(ours, 65536)
        except OSError:  # the end of a terminal
            break
    os.close(ours)
    return said.decode().splitlines()


def test_few_open_files_are_told_after_ready(tmp_path):
    """where fewer than 1,000 devices could connect, the terminal says so in its own format, behind the ready line"""
    lines = started_in_a_terminal(tmp_path, 400)
    (warning,) = [number for number, line in enumerate(lines) if TOO_FEW in line]
    (ready,) = [number for number, line in enumerate(lines) if line.startswith("murano-emulator ready: ")]
    assert ready < warning and not lines[warning].startswith("{")


def test_open_files_for_a_thousand_devices(tmp_path):
    """where the limit leaves room for 1,000 devices, or for as many as the settings allow, nothing is said of it"""
    assert not [line for line in started_in_a_terminal(tmp_path, 4096) if TOO_FEW in line]
    few = started_in_a_terminal(tmp_path, 400, "--limits-max-connections", "10")
    assert not [line for line in few if TOO_FEW in line]

