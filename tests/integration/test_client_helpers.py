"""clients/: the helpers for test suites do what their README says."""

import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree

import pytest
from support.server import BINARY, Server, clean_environment
from support.waiting import PATIENCE_S

CLIENTS = pathlib.Path(__file__).resolve().parents[2] / "clients"
HERE = pathlib.Path(__file__).resolve().parent
SHELL = HERE.parents[1] / "clients" / "shell" / "test_my_firmware.sh"


def run_suite(name, tmp_path, *options, **environment):
    """{test: "passed", "failed" or "error"}, and what pytest said."""
    results = tmp_path / "results.xml"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--junitxml={results}", *options, HERE / "suites" / name],
        capture_output=True,
        text=True,
        timeout=12 * PATIENCE_S,
        env=clean_environment(PYTHONDONTWRITEBYTECODE="1", PYTHONPATH=str(HERE), MURANO_EMULATOR=BINARY, **environment),
        cwd=tmp_path,
    )
    assert results.exists(), done.stdout + done.stderr
    outcomes = {}
    for case in xml.etree.ElementTree.parse(results).iter("testcase"):
        kinds = [child.tag for child in case if child.tag in ("failure", "error")]
        outcomes[case.get("name")] = kinds[0] if kinds else "passed"
    return outcomes, done.stdout


def test_pytest_fixture(tmp_path):
    """It starts a server, and fails the tests whose devices broke a rule; only those."""
    outcomes, said = run_suite("suite_fixture.py", tmp_path)
    assert outcomes == {name: "failure" if name.endswith("_fails") else "passed" for name in outcomes}, said
    assert len(outcomes) == 13
    assert "the device broke rules of Murano:\n  R28.dup_with_qos_0: " in said
    assert re.search(r"R28\.dup_with_qos_0: .* \(test-\w+\), 2 times$", said, re.MULTILINE), said


def test_pytest_fixture_looks_beside_its_connector(tmp_path):
    """Connections without a connector fail a test; what happens on other connectors is told."""
    outcomes, said = run_suite("suite_elsewhere.py", tmp_path)
    assert outcomes == {name: "failure" if name.endswith("_fails") else "passed" for name in outcomes}, said
    assert len(outcomes) == 8
    assert "the device broke rules of Murano:\n  R3.no_sni: " in said and "(no connector, from 127.0.0.1)" in said
    warned = said.partition("warnings summary")[2]
    assert "BrokenElsewhere: a device broke rules of Murano on another connector than the test's" in warned
    assert "(strange)" in warned
    assert "findings of murano-emulator" in said and "(stranger)" in said


@pytest.mark.parametrize("way", ["variable", "ini", "host name"])
def test_pytest_fixture_with_a_connector_that_the_user_names(tmp_path, way):
    """A marker, a variable or an ini value names it, and it stays."""
    name = "x2lmj5npsktbuik9"
    options = {"variable": (), "ini": ("-o", f"murano_connector={name}"), "host name": ()}[way]
    variable = {"variable": name, "ini": None, "host name": f"{name}.m2.exosite.io"}[way]
    environment = {"MURANO_EMULATOR_CONNECTOR": variable} if variable else {}
    outcomes, said = run_suite("suite_named.py", tmp_path, *options, NAMED=name, **environment)
    assert len(outcomes) == 3 and set(outcomes.values()) == {"passed"}, said


def test_pytest_fixture_judges_firmware(tmp_path):
    """murano.verify: the run, or VerdictFailed with the checks that failed"""
    outcomes, said = run_suite("suite_verify.py", tmp_path)
    assert len(outcomes) == 4 and set(outcomes.values()) == {"passed"}, said


def test_200_tests_in_8_processes_share_one_server(tmp_path):
    """Each has its own connector; some reset it, some move its clock: nobody notices."""
    pytest.importorskip("xdist", reason="PYTHON3-PYTEST-XDIST IS NOT INSTALLED: the parallel suite was not run")
    with Server(tmp_path / "server", "--ephemeral") as server:
        ready = str(server.ready_file)
        outcomes, said = run_suite("suite_parallel.py", tmp_path, "-n8", MURANO_EMULATOR_READY_FILE=ready)
    assert len(outcomes) == 200
    assert set(outcomes.values()) == {"passed"}, said


def shell(tmp_path, script, within="10s"):
    (tmp_path / "hosts").write_text("127.0.0.1 localhost\n")  # a bare system may not know it
    return subprocess.run(
        [SHELL, "dev", "sh", "-c", script],
        capture_output=True,
        text=True,
        timeout=6 * PATIENCE_S,
        env=clean_environment(MURANO_EMULATOR=BINARY, WITHIN=within),
        cwd=tmp_path,
    )


PUBLISH = (
    'LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_HOSTS="$PWD/hosts" mosquitto_pub -h "$DEVICE_HOST" -p "$DEVICE_PORT" --cafile "$DEVICE_CA" -u "" -P "$DEVICE_TOKEN" '
    """-i "$DEVICE_IDENTITY" -q 1 -t '$resource/data_in' -m 21"""
)


def test_shell_example(tmp_path):
    """A device that reports: exit code 0, and a report in JUnit's form."""
    if subprocess.run(["sh", "-c", "command -v mosquitto_pub"], capture_output=True).returncode:
        pytest.skip("MOSQUITTO-CLIENTS IS NOT INSTALLED: the shell example was not run")
    done = shell(tmp_path, PUBLISH)
    assert done.returncode == 0, done.stderr
    assert '"data_in":"21"' in done.stdout
    suites = xml.etree.ElementTree.parse(tmp_path / "report.xml").getroot()
    assert suites.get("failures") == "0"


def test_shell_example_without_a_report(tmp_path):
    """A device that says nothing: exit code 3."""
    done = shell(tmp_path, "true", within="50ms")
    assert done.returncode == 3, done.stderr
    assert "did not" in done.stderr or "came near" in done.stderr


def test_shell_example_with_firmware_that_ends(tmp_path):
    """Nobody waits on for firmware that has ended: the exit codes of both are told."""
    done = shell(tmp_path, "exit 7", within="10m")
    assert done.returncode == 3, done.stderr
    assert "the firmware has ended with exit code 7" in done.stderr
    assert "no matching data_in event (wanted at least 1)" in done.stderr


SOURCED = """set -eu
. "$FUNCTIONS"
murano_start
murano_device dev
device() {
    LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_HOSTS="$PWD/hosts" mosquitto_pub -h "$MURANO_HOST" -p "$MURANO_PORT" \\
        --cafile "$MURANO_CA" -u "" -P "$MURANO_TOKEN" -q 1 -t "$1" -m 21
}
device '$resource/data_in'
murano_wait_for data_in --identity dev --equals 21 --within 5s
murano_set_state dev config_io=1
murano_fault withhold packet=PUBACK --times 1
murano_advance 25h
murano_report --fail-on violation
code=0
murano_verify --identity dev --watch-only --set wait_s=0.1 || code=$?
[ "$code" -eq 3 ]  # the device never connected
murano_reset
murano_device dev
device '$resources/data_in'
murano_report --fail-on violation || code=$?
[ "$code" -eq 1 ]
echo "$MURANO_FOLDER" >folder
"""


def test_shell_functions(tmp_path):
    """clients/shell/murano_emulator.sh: the words of the other helpers, for scripts of one's own; nothing is left behind"""
    if not shutil.which("mosquitto_pub"):
        pytest.skip("MOSQUITTO-CLIENTS IS NOT INSTALLED: the shell functions were not run")
    (tmp_path / "hosts").write_text("127.0.0.1 localhost\n")
    (tmp_path / "test.sh").write_text(SOURCED)
    environment = clean_environment(MURANO_EMULATOR=BINARY, FUNCTIONS=str(SHELL.with_name("murano_emulator.sh")))
    command = ["sh", tmp_path / "test.sh"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=6 * PATIENCE_S, env=environment, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not pathlib.Path((tmp_path / "folder").read_text().strip()).exists()
    assert subprocess.run(["pgrep", "-f", (tmp_path / "folder").read_text().strip()]).returncode == 1


def test_pytest_package(tmp_path):
    """pip install ./clients/python: pytest has the fixture without a word in conftest.py"""
    source, where = tmp_path / "source", tmp_path / "installed"
    shutil.copytree(CLIENTS / "python", source)
    pip = ["-m", "pip", "install", "-q", "--no-index", "--no-deps", "--no-build-isolation", "--target", where, source]
    if subprocess.run([sys.executable, "-c", "import setuptools, wheel, pip"], capture_output=True).returncode:
        pytest.skip("PYTHON3-PIP, PYTHON3-SETUPTOOLS OR PYTHON3-WHEEL IS NOT INSTALLED: the package was not built")
    subprocess.run([sys.executable, *pip], check=True, capture_output=True, timeout=6 * PATIENCE_S)
    (tmp_path / "test_it.py").write_text(
        "def test_it(murano):\n"
        "    assert murano.provisioned('dev').identity == 'dev'\n"
        "    assert murano.report()['violations'] == 0 and murano.report('text') == 'no findings\\n'\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"],
        capture_output=True,
        text=True,
        timeout=6 * PATIENCE_S,
        env=clean_environment(PYTHONPATH=str(where), MURANO_EMULATOR=BINARY),
        cwd=tmp_path,
    )
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout + done.stderr


def test_node_suite(tmp_path):
    """clients/js under Node's test runner, with MQTT.js as the firmware"""
    if not shutil.which("node") or not pathlib.Path("/usr/share/nodejs/mqtt").exists():
        pytest.skip("NODE OR MQTT.JS IS NOT INSTALLED: clients/js was not run")
    done = subprocess.run(
        ["node", "--test", HERE / "suites" / "firmware.test.js"],
        capture_output=True,
        text=True,
        timeout=6 * PATIENCE_S,
        env=clean_environment(MURANO_EMULATOR=BINARY, NODE_PATH="/usr/share/nodejs"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# fail 0" in done.stdout and "# pass 0" not in done.stdout, done.stdout


def test_c_suite(tmp_path):
    """clients/c: one header, with mosquitto_pub as the firmware"""
    if not shutil.which("gcc") or not shutil.which("mosquitto_pub"):
        pytest.skip("GCC OR MOSQUITTO-CLIENTS IS NOT INSTALLED: clients/c was not run")
    program = tmp_path / "firmware_test"
    for standard in ("-std=gnu11", "-std=c11"):
        flags = [standard, "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
        subprocess.run(["gcc", *flags, "-o", program, HERE / "suites" / "firmware_test.c"], check=True)
    (tmp_path / "hosts").write_text("127.0.0.1 localhost\n")
    environment = clean_environment(MURANO_EMULATOR=BINARY, NSS_WRAPPER_HOSTS=str(tmp_path / "hosts"))
    done = subprocess.run([program], capture_output=True, text=True, timeout=6 * PATIENCE_S, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


FIRMWARE = """#!/usr/bin/python3
import os
from support import packets as mqtt
from support.raw_client import RawClient
place = ("127.0.0.1", int(os.environ["MURANO_PORT"]))  # a bare system may not know localhost
with RawClient.tls(place, os.environ["MURANO_HOST"], os.environ["MURANO_CA"]) as client:
    client.login(username="", password=os.environ["MURANO_TOKEN"])
    client.send(mqtt.publish("$resource/data_in", b"21", qos=1, packet_id=1))
    while packet := client.receive():
        if packet.kind == mqtt.PUBLISH:
            client.send(mqtt.publish("$resource/config_io", b"1"))
"""


def example(tmp_path, language, environment, *command):
    """Files as clients/README.md shows them, each named in its first line, with a small device as ./firmware; what was said"""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", (CLIENTS / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        name = re.match(r"(?:#|//) ([\w.]+)", block)[1]
        (tmp_path / name).write_text(block)
    (tmp_path / "firmware").write_text(FIRMWARE)
    (tmp_path / "firmware").chmod(0o755)
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=6 * PATIENCE_S,
        env=clean_environment(PYTHONPATH=f"{CLIENTS / 'pytest'}:{HERE}", MURANO_EMULATOR=BINARY, **environment),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_pytest_example_of_the_readme(tmp_path):
    """conftest.py and test_firmware.py"""
    said = example(tmp_path, "python", {}, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_firmware.py")
    assert "3 passed" in said


def test_the_node_example_of_the_readme(tmp_path):
    if not shutil.which("node"):
        pytest.skip("NODE IS NOT INSTALLED: the example in JavaScript was not run")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/murano-emulator").symlink_to(CLIENTS / "js")
    assert "# pass 1" in example(tmp_path, "js", {}, "node", "--test", "firmware.test.js")


def test_the_c_example_of_the_readme(tmp_path):
    if not shutil.which("gcc"):
        pytest.skip("GCC IS NOT INSTALLED: the example in C was not run")
    build = f"gcc -std=c11 -Wall -Wextra -Werror -I{CLIENTS / 'c'} -o firmware_test firmware_test.c && ./firmware_test"
    assert '"data_in":"21"' in example(tmp_path, "c", {}, "sh", "-c", build)
