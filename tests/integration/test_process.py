"""The process from outside: exit codes, ready file, lock, signals, settings."""

import json
import os
import re
import signal
import sqlite3
import stat
import subprocess

import pytest

from support import packets as mqtt
from support.device import Site
from support.server import BINARY, Server, clean_environment, run
from support.waiting import PATIENCE_S, wait_until


def test_ready_file(tmp_path):
    """The ready file has the real ports, is there when ready, and is removed at stop"""
    with Server(tmp_path, "--mqtt", "127.0.0.1:0") as server:
        ready = server.ready
        assert ready["pid"] == server.process.pid and ready["domain"] == "m2.exosite.io"
        assert all(not place.endswith(":0") for place in ready["mqtts"] + ready["mqtt"])
        assert ready["ca"] == str(server.data_dir / "certs" / "ca.crt")
        assert server.control.ok("GET", "/_emulator/v1/health").status == 200
        assert server.control.ok("GET", "/healthz").status == 200
        assert server.control.ok("GET", "/_emulator/v1/ca.crt").text.startswith("-----BEGIN CERTIFICATE-----")
        assert server.stop() == 0
    assert not server.ready_file.exists()


def test_modes_of_files(tmp_path):
    """Folder 0755, keys and database 0600, ca.crt 0644"""
    with Server(tmp_path) as server:
        Site(server, "any").provision()
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in server.data_dir.rglob("*") if p.is_file()}
        assert stat.S_IMODE(server.data_dir.stat().st_mode) == 0o755
    assert modes["ca.crt"] == 0o644
    private = {name: mode for name, mode in modes.items() if name.endswith(".key") or ".db" in name or "sqlite" in name}
    assert private and set(private.values()) == {0o600}


@pytest.mark.parametrize("umask", [0, 0o077, 0o027])
def test_modes_whatever_the_umask(tmp_path, umask):
    """Data folder and certs/ 0755, content/ and snapshots/ 0700; keys, database, content and snapshots 0600"""
    item = tmp_path / "logo.gif"
    item.write_bytes(b"GIF89a")
    seeds = {"connectors": {"any": {"content": {"logo.gif": {"file": str(item), "mime": "image/gif"}}}}}
    before = os.umask(umask)
    try:
        with Server(tmp_path, data_dir=tmp_path / "deep" / "data", settings=seeds) as server:
            server.control.ok("POST", "/_emulator/v1/snapshots/one")
            server.control.upload("any", "more.gif", b"GIF89a")
            modes = {p.relative_to(tmp_path).as_posix(): stat.S_IMODE(p.stat().st_mode) for p in server.data_dir.rglob("*")}
            modes["deep"] = stat.S_IMODE((tmp_path / "deep").stat().st_mode)
            modes["deep/data"] = stat.S_IMODE(server.data_dir.stat().st_mode)
    finally:
        os.umask(before)
    for name, mode in modes.items():
        expected = 0o600
        if name in ("deep", "deep/data", "deep/data/certs"):
            expected = 0o755
        elif name in ("deep/data/content", "deep/data/snapshots", "deep/data/snapshots/tmp"):
            expected = 0o700
        elif name.endswith(".crt"):
            expected = 0o644
        elif name.endswith(".gitignore"):
            continue
        assert oct(mode) == oct(expected), name
    assert any(name.startswith("deep/data/content/") for name in modes)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_clean_stop(tmp_path, how):
    """[R7] SIGTERM and SIGINT: Wills are processed, everything received is committed, exit code 0"""
    with Server(tmp_path) as server:
        device = Site(server, "any").device()
        with device.connected(will=("$resource/data_out", "server went", 0, False)) as client:
            client.publish_and_wait("$resource/data_in", "kept")
            server.process.send_signal(how)
            client.expect_closed()
            assert server.process.wait(PATIENCE_S) == 0
        server.start()
        assert server.control.state("any", "12345")["data_in"]["reported"] == "kept"
        assert server.control.state("any", "12345")["data_out"]["reported"] == "server went"


def test_restart_keeps_everything(tmp_path):
    """[R18a] tokens, values, sessions, settings and the CA are kept over a restart"""
    with Server(tmp_path) as server:
        site = Site(server, "any")
        device = site.device()
        site.patch({"identity_format": {"type": "base10"}})
        with site.open() as client:
            client.login(client_id="a", clean=False, username="", password=device.token)
            client.subscribe("news")
            client.publish_and_wait("$resource/data_in", "kept")
        before = server.control.ok("GET", "/_emulator/v1/ca.crt").body
        assert server.stop() == 0
        server.start()
        site = Site(server, "any")
        assert server.control.ok("GET", "/_emulator/v1/ca.crt").body == before
        assert site.state()["data_in"]["reported"] == "kept"
        assert site.control.settings("any")["identity_format"]["type"] == "base10"
        with site.open() as client:
            assert client.login(client_id="a", clean=False, username="", password=device.token) == 1
            client.send(mqtt.publish("news", "hello"))
            assert client.message() == ("news", b"hello")


def test_data_folder_is_locked(tmp_path):
    """A second server on the same data folder is refused: exit code 1, and the folder is named"""
    with Server(tmp_path) as server:
        code, _, said = run("serve", "--data-dir", server.data_dir, "--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0")
        assert code == 1 and str(server.data_dir) in said


def test_ephemeral_servers_start_side_by_side(tmp_path):
    """None takes the new folder of another for an abandoned one"""
    command = [BINARY, "serve", "--ephemeral", "--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0"]
    starting = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean_environment())
        for _ in range(24)
    ]
    said = [one.stdout.readline() or one.stderr.read() for one in starting]
    for one in starting:
        one.terminate()
    for one in starting:
        one.communicate(timeout=PATIENCE_S)
    assert all(line.startswith("murano-emulator ready") for line in said), said


def test_port_in_use(tmp_path):
    """A port in use: exit code 1, and the port is named"""
    with Server(tmp_path / "one") as server:
        taken = server.ready["mqtts"][0]
        code, _, said = run("serve", "--ephemeral", "--api", "127.0.0.1:0", "--mqtts", taken)
        assert code == 1 and taken.rpartition(":")[2] in said


def test_newer_database(tmp_path):
    """A database of a newer version: exit code 1, and both versions are named"""
    with Server(tmp_path) as server:
        Site(server, "any").provision()
    (database,) = [p for p in server.data_dir.iterdir() if p.is_file() and p.read_bytes()[:6] == b"SQLite"]
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA user_version = 9999")
    connection.close()
    code, _, said = run("serve", "--data-dir", server.data_dir, "--api", "127.0.0.1:0", "--mqtts", "127.0.0.1:0")
    assert code == 1 and "has version 9999, made by a newer" in said and re.search(r"knows versions up to \d+\.", said), said
    with sqlite3.connect(database) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (9999,)
    connection.close()


def test_bad_settings_file(tmp_path):
    """A bad settings file: exit code 2, file, line, column, path, what may stand there, and the nearest key"""
    file = tmp_path / "settings.jsonc"
    file.write_text('{\n  // comment\n  "listen": {},\n  "conectors": {},\n  "domain": 5,\n}\n')
    for arguments in (["serve", "--config", file], ["config", "check", file]):
        code, out, said = run(*arguments)
        text = out + said
        assert code == 2 and f"{file}:4:" in text and "connectors" in text and f"{file}:5:" in text


def test_bad_usage():
    """An unknown flag names the nearest known one, exit code 2"""
    code, out, said = run("serve", "--data-dri", "x")
    assert code == 2 and "--data-dir" in out + said


def test_api_beyond_loopback_needs_a_token(tmp_path):
    """A non-loopback --api without --api-token or --api-open: exit code 2"""
    code, out, said = run("serve", "--ephemeral", "--api", "0.0.0.0:0", "--mqtts", "127.0.0.1:0")
    assert code == 2 and "--api-token" in out + said


def test_help():
    """--help on every command"""
    for arguments in (["--help"], ["serve", "--help"], ["config", "--help"], ["health", "--help"], ["cert", "--help"]):
        code, out, _ = run(*arguments)
        assert code == 0 and out.startswith(("Usage", "usage"))


def test_health_command(tmp_path):
    """health: exit code 0 when ready, 3 when not reached"""
    with Server(tmp_path) as server:
        assert run("health", "--url", server.ready["api"])[0] == 0
        assert run("health", "--ready-file", server.ready_file)[0] == 0
    assert run("health", "--url", server.ready["api"])[0] == 3


def test_cert_commands(tmp_path):
    """[R58] cert ca prints the CA, cert device writes a client certificate that a certificate connector takes"""
    settings = {"connectors": {"any": {"provisioning": {"auth_type": "certificate"}}}}
    with Server(tmp_path, settings=settings) as server:
        assert run("cert", "ca", "--data-dir", server.data_dir)[1] == server.control.ok("GET", "/_emulator/v1/ca.crt").text
        out = tmp_path / "device"
        code, _, said = run("cert", "device", "--data-dir", server.data_dir, "--identity", "gadget", "--out", out)
        assert code == 0, said
        with server.client("any", certificate=(out / "cert.pem", out / "key.pem")) as client:
            client.login()
            client.publish_and_wait("$resource/data_in", "x")
        assert server.control.state("any", "gadget")["data_in"]["reported"] == "x"


def test_settings_file(tmp_path):
    """Settings, identities and content of the file are there from the first start"""
    (tmp_path / "logo.gif").write_bytes(b"GIF89a")
    connector = {
        "resources": {"temperature": {"format": "number", "settable": True}},
        "identities": {"12345": {"auth": {"type": "token", "key": "T" * 40}}},
        "content": {"logo.gif": {"file": "./logo.gif", "mime": "image/gif"}},
    }
    with Server(tmp_path, settings={"connectors": {"mine": connector}}) as server:
        with server.client("mine") as client:
            client.login(username="12345", password="T" * 40)
            client.publish_and_wait("$resource/temperature", "20.5")
            client.send(mqtt.publish("$content"))
            (item,) = json.loads(client.message()[1])
        assert (item["name"], item["length"], item["mime"]) == ("logo.gif", 6, "image/gif")
        assert server.control.state("mine", "12345")["temperature"]["reported"] == 20.5


def test_reload(tmp_path):
    """SIGHUP reads the settings file again; a bad one changes nothing and says why"""
    with Server(tmp_path, settings={"connectors": {"mine": {"identity_format": {"type": "base10"}}}}) as server:
        file = tmp_path / "settings.jsonc"

        def identity_type():
            return server.control.settings("mine")["identity_format"]["type"]

        assert identity_type() == "base10"
        file.write_text(json.dumps({"connectors": {"mine": {"identity_format": {"type": "base16"}}}}))
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: identity_type() == "base16", "the new setting")
        file.write_text('{"connectors": {"mine": {"identity_format": {"type": "base17"}}}}')
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "base17" in server.log(), "a line about the bad file")
        assert identity_type() == "base16"


def test_ephemeral_leaves_nothing(tmp_path):
    """--ephemeral removes its folder at stop, and the one of a killed predecessor at start"""
    with Server(tmp_path, "--ephemeral") as server:
        first = server.ready["ca"]
        server.kill()
        server.start()
        assert server.ready["ca"] != first
        second = server.ready["ca"]
    for ca in (first, second):
        with pytest.raises(FileNotFoundError):
            open(ca).close()


def test_api_token(tmp_path):
    """With --api-token every control call needs it, except health and ca.crt"""
    with Server(tmp_path, "--api-token", "secret-of-the-test") as server:
        path = "/_emulator/v1/connectors"
        assert server.control.request("GET", path).status == 401
        for scheme in ("token", "Bearer"):
            headers = {"Authorization": f"{scheme} secret-of-the-test"}
            assert server.control.request("GET", path, headers=headers).status == 200
        for public in ("/_emulator/v1/health", "/healthz", "/_emulator/v1/ca.crt"):
            assert server.control.request("GET", public).status == 200
        assert "secret-of-the-test" not in server.log()


def test_foreign_host_header(tmp_path):
    """On a loopback listener without a token, Host must name a loopback address"""
    with Server(tmp_path) as server:
        path = "/_emulator/v1/connectors"
        assert server.control.request("GET", path, headers={"Host": "evil.example"}).status == 403
        assert server.control.request("GET", path, headers={"Origin": "http://evil.example"}).status == 403


def test_environment_settings(tmp_path):
    """Each flag is an environment variable too, and a flag wins"""
    environment = clean_environment(MURANO_EMULATOR_DOMAIN="env.example", MURANO_EMULATOR_DEFAULT_CONNECTOR="fromenv")
    command = [BINARY, "config", "print", "--json", "--domain", "flag.example"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert "flag.example" in done.stdout and "fromenv" in done.stdout and "env.example" not in done.stdout
