"""A start that fails, and a command that cannot read or write a file: which one, why, and what to do about it."""

import ctypes
import os

import pytest

from support.server import Server, run

PORTS = ("--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0")
UID = os.geteuid()
_DROP = 24  # PR_CAPBSET_DROP
_OVERRIDES = (1, 2, 10)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_NET_BIND_SERVICE


def _like_others():
    """Root may do everything; without these capabilities it is held to modes and ports as others are."""
    for capability in _OVERRIDES if UID == 0 else ():
        ctypes.CDLL(None).prctl(_DROP, capability, 0, 0, 0)


LIKE_OTHERS = {"preexec_fn": _like_others}


@pytest.fixture
def forbidden(tmp_path):
    """A folder in which the server's user may do nothing."""
    folder = tmp_path / "forbidden"
    folder.mkdir()
    (folder / "file").write_text("something")
    folder.chmod(0)
    yield folder
    folder.chmod(0o700)


def start(*flags, **options):
    code, out, said = run("serve", *PORTS, *flags, **options)
    assert not out.startswith("murano-emulator ready"), out
    return code, said


def test_data_folder_without_permission(forbidden):
    """a data folder that may not be written: the folder, the uid, and what to do"""
    code, said = start("--data-dir", forbidden / "data", **LIKE_OTHERS)
    assert code == 1 and f"data folder {forbidden / 'data'}: " in said and "Permission denied" in said
    assert f"runs as uid {UID}" in said and "chown" in said


def test_low_port_without_permission(tmp_path):
    """a port below 1024 without the right to it: the port, the uid, and what to do"""
    with open("/proc/sys/net/ipv4/ip_unprivileged_port_start") as file:
        if int(file.read()) <= 443:
            pytest.skip("EVERYBODY MAY LISTEN ON PORT 443 HERE")
    code, said = start("--mqtts", "127.0.0.1:443", "--ephemeral", **LIKE_OTHERS)
    assert code == 1 and "127.0.0.1:443: Permission denied" in said
    assert "CAP_NET_BIND_SERVICE" in said and f"runs as uid {UID}" in said


@pytest.mark.parametrize("flag", ["--config", "--ca-cert", "--tls-key"])
def test_file_without_permission(forbidden, flag):
    """a file of the settings that may not be read: exit code 2, the file, the reason and the uid"""
    code, said = start("--ephemeral", flag, forbidden / "file", **LIKE_OTHERS)
    assert code == 2 and str(forbidden / "file") in said
    assert f"cannot be read: Permission denied (this process runs as uid {UID})" in said


def test_ready_file_that_cannot_be_written(tmp_path):
    """a ready file in a folder that is not there: exit code 1, the file and the reason"""
    code, said = start("--ephemeral", "--ready-file", tmp_path / "none" / "ready.json")
    assert code == 1 and f"ready file {tmp_path / 'none' / 'ready.json'}: No such file or directory" in said


@pytest.mark.parametrize("kind", ["ca", "tls"])
@pytest.mark.parametrize("empty", ["cert", "key"])
def test_empty_certificate_or_key(tmp_path, kind, empty):
    """an empty certificate or key: exit code 2, and the file is named as empty"""
    for part in ("cert", "key"):
        (tmp_path / part).write_text("" if part == empty else "-----BEGIN")
    flags = [word for part in ("cert", "key") for word in (f"--{kind}-{part}", tmp_path / part)]
    code, said = start("--ephemeral", *flags)
    assert code == 2 and f"--{kind}-{empty}: {tmp_path / empty} is empty" in said


@pytest.mark.parametrize("kind", ["ca", "tls"])
def test_certificate_that_is_none(tmp_path, kind):
    """a certificate file with something else in it: the file is named, and what is expected"""
    for part in ("cert", "key"):
        (tmp_path / part).write_text("not PEM\n")
    flags = [word for part in ("cert", "key") for word in (f"--{kind}-{part}", tmp_path / part)]
    code, said = start("--ephemeral", *flags)
    assert code == 1 and "PEM" in said and any(str(tmp_path / part) in said for part in ("cert", "key"))


def test_data_folder_beside_ephemeral(tmp_path):
    """--data-dir beside --ephemeral: exit code 2, and nothing is written there"""
    code, said = start("--ephemeral", "--data-dir", tmp_path / "data")
    assert code == 2 and "--data-dir: has no effect with ephemeral" in said and not (tmp_path / "data").exists()


def test_files_of_commands(tmp_path, forbidden):
    """commands that cannot read or write a file say why"""
    (tmp_path / "empty").write_text("")
    with Server(tmp_path / "server") as server:
        url = ("--url", server.ready["api"])

        def refused(*words):
            code, _, said = run(*words, *url, **LIKE_OTHERS)
            assert code == 1, said
            return said

        server.control.ok("POST", "/_emulator/v1/snapshots/one")
        for command in (("content", "put", "a"), ("snapshot", "import", "a"), ("identity", "add", "d", "--cert")):
            assert f"{tmp_path} is a folder" in run(*command, tmp_path, *url)[2]
            assert f"{tmp_path / 'none'} does not exist" in run(*command, tmp_path / "none", *url)[2]
            said = refused(*command, forbidden / "file")
            assert f"{forbidden / 'file'} cannot be read: Permission denied (this process runs as uid {UID})" in said
        assert "is empty, expected a certificate" in run("identity", "add", "d", "--cert", tmp_path / "empty", *url)[2]
        said = refused("snapshot", "export", "one", forbidden / "copy")
        assert f"cannot write {forbidden / 'copy'}: Permission denied (this process runs as uid {UID})" in said
        said = run("snapshot", "export", "one", tmp_path / "none" / "copy", *url)[2]
        assert f"cannot write {tmp_path / 'none' / 'copy'}: No such file or directory" in said
