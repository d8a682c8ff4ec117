"""`exec`: a server and a device for one command; `health --wait`."""

import json
import os
import signal
import subprocess
import sys
import threading
import xml.etree.ElementTree

import pytest

from support.server import BINARY, Server, clean_environment
from support.waiting import PATIENCE_S, wait_until

# A device in Python's standard library and the tests' own packets: connects, publishes, waits for its acknowledgements.
DEVICE = """
import os
from support import packets as mqtt
from support.raw_client import RawClient
place = (os.environ["MURANO_ADDRESS"], int(os.environ["MURANO_PORT"]))
with RawClient.tls(place, os.environ["MURANO_HOST"], os.environ["MURANO_CA"]) as client:
    client.login(username="", password=os.environ["MURANO_TOKEN"])
    client.publish_and_wait("%s", b"21")
"""


def device(topic):
    return [sys.executable, "-c", DEVICE % topic]


def start(tmp_path, *arguments, **options):
    environment = clean_environment(PYTHONPATH=os.path.dirname(__file__), MURANO_EMULATOR_URL="http://127.0.0.1:1")
    return subprocess.Popen(
        [BINARY, "exec", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**environment, "TMPDIR": str(tmp_path)},
        **options,
    )


def execute(tmp_path, *arguments):
    process = start(tmp_path, *arguments)
    out, said = process.communicate(timeout=3 * PATIENCE_S)
    return process.returncode, out, said


def test_a_device_that_keeps_the_rules(tmp_path):
    """The device finds server and token in its environment; exit code 0, and nothing is left behind"""
    code, out, said = execute(tmp_path, "--fail-on", "warning", "--", *device("$resource/data_in"))
    assert (code, out) == (0, "no findings\n"), said
    assert list(tmp_path.iterdir()) == []


def test_a_device_that_breaks_a_rule(tmp_path):
    """[R46] The report names the rule; --fail-on makes it exit code 1, --junit a failure for the build server"""
    command = device("$resources/data_in")
    code, out, said = execute(tmp_path, "--junit", "report.xml", "--fail-on", "violation", "--", *command)
    assert code == 1 and "$resources/data_in" in out and "R46" in out, said
    suite = xml.etree.ElementTree.parse(tmp_path / "report.xml").getroot()
    assert suite.get("failures") == "1"
    assert execute(tmp_path, "--", *command)[0] == 0


def test_exit_codes(tmp_path):
    """The command's exit code is ours, a signal is 128 and its number; usage, settings and programs that are not there"""
    assert execute(tmp_path, "--", "sh", "-c", "exit 7")[0] == 7
    assert execute(tmp_path, "--", "sh", "-c", "kill -9 $$")[0] == 128 + signal.SIGKILL
    (tmp_path / "bad.json").write_text('{"listenn": 1}')
    for arguments, expected, words in (
        (("true",), 2, '"--" is missing before the command'),
        (("--",), 2, "the command is missing"),
        (("--junti", "x", "--", "true"), 2, "did you mean --junit?"),
        (("--fail-on", "infos", "--", "true"), 2, "it is violation or warning"),
        (("--config", "bad.json", "--", "true"), 2, "listenn"),
        (("--log", "no/such/folder", "--", "true"), 1, "cannot write the log"),
        (("--", "no-such-program"), 127, "cannot run no-such-program: No such file or directory"),
        (("--", str(tmp_path)), 126, "Permission denied"),
        (("--junit", "no/such/folder", "--", "true"), 1, "no/such/folder"),
    ):
        code, _, said = execute(tmp_path, *arguments)
        assert (code, words in said) == (expected, True), f"{arguments}: {code} {said}"


def test_the_commands_of_the_emulator_find_the_server(tmp_path):
    """MURANO_EMULATOR and MURANO_EMULATOR_READY_FILE stand in the environment; another server's URL does not"""
    script = '"$MURANO_EMULATOR" identity show mine --json && env'
    code, out, said = execute(tmp_path, "--identity", "mine", "--connector", "other", "--", "sh", "-c", script)
    assert code == 0, said
    assert json.loads(out.splitlines()[0])["status"] == "provisioned"
    assert "MURANO_HOST=other.m2.exosite.io\n" in out and "MURANO_EMULATOR_URL" not in out


def test_the_settings_file_is_the_servers(tmp_path):
    """--config: a device that has a token there keeps it"""
    auth = {"type": "token", "key": "the-token-of-the-settings"}
    settings = {"connectors": {"local": {"identities": {"known": {"auth": auth}}}}}
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    script = 'echo "$MURANO_TOKEN"'
    code, out, said = execute(tmp_path, "--config", "settings.json", "--identity", "known", "--", "sh", "-c", script)
    assert (code, out) == (0, "the-token-of-the-settings\nno findings\n"), said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_command_and_all_that_it_started(tmp_path, number):
    """SIGTERM and Ctrl-C end the command; the report is written all the same, and nothing runs on"""
    script = 'trap "exit 5" TERM INT; sleep 1000 & echo $! >child.tmp; mv child.tmp child; wait'
    process = start(tmp_path, "--", "sh", "-c", script)
    wait_until((tmp_path / "child").exists, "the command to run")
    child = int((tmp_path / "child").read_text())
    process.send_signal(number)
    out, said = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out) == (5, "no findings\n"), said
    wait_until(lambda: not runs(child), "the end of what the command started")


def test_nothing_runs_on_after_a_kill(tmp_path):
    """kill -9: server and command end too"""
    process = start(tmp_path, "--", "sh", "-c", 'echo $$ >me.tmp; mv me.tmp me; exec sleep 1000')
    wait_until((tmp_path / "me").exists, "the command to run")
    ids = [int((tmp_path / "me").read_text()), *children(process.pid)]
    process.kill()
    process.communicate(timeout=PATIENCE_S)
    wait_until(lambda: not any(map(runs, ids)), "the end of server and command")


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return list(map(int, file.read().split()))


def runs(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_health_waits_until_the_server_is_ready(tmp_path):
    """health --wait: the ready file may come later; exit code 3 when the time is over, 2 for no duration"""
    server = Server(tmp_path / "server", "--ephemeral")
    command = [BINARY, "health", "--ready-file", str(server.ready_file)]
    environment = clean_environment()
    waiting = subprocess.Popen([*command, "--wait", f"{int(PATIENCE_S)}s"], stdout=subprocess.PIPE, text=True, env=environment)
    threading.Thread(target=server.start).start()
    out, _ = waiting.communicate(timeout=2 * PATIENCE_S)
    assert waiting.returncode == 0 and out.startswith("ready (http://127.0.0.1:"), out
    server.stop()
    late = subprocess.run([*command, "--wait", "60ms"], capture_output=True, text=True, env=environment)
    assert late.returncode == 3 and "the ready file" in late.stderr
    bad = subprocess.run([*command, "--wait", "soon"], capture_output=True, text=True, env=environment)
    assert bad.returncode == 2 and "--wait" in bad.stderr
