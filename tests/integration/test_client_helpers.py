"""clients/: the helpers for test suites do what their README says."""

import pathlib
import subprocess
import sys
import xml.etree.ElementTree

import pytest
from support.server import BINARY, Server, clean_environment
from support.waiting import PATIENCE_S

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
    assert len(outcomes) == 7
    assert "the device broke rules of Murano:\n  R28: " in said


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
