"""action.yml: its shell steps do what it says, with the variables that GitHub gives them."""

import os
import pathlib
import re
import subprocess
import sys
import tarfile
import xml.etree.ElementTree

import pytest

from support.server import BINARY, clean_environment
from support.waiting import PATIENCE_S

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Sudo is not there, and /etc/hosts is not a test's to change.
SUDO = '#!/bin/sh\nif [ "$1" = tee ]; then exec tee -a "$RUNNER_TEMP/hosts"; fi\necho "$*" >>"$RUNNER_TEMP/sudo"\n'
DEVICE = """
import sys
from support.raw_client import RawClient
host, port, ca, token, topic = sys.argv[1:]
with RawClient.tls(("127.0.0.1", int(port)), host, ca) as client:
    client.login(username="", password=token)
    client.publish_and_wait(topic, b"21")
"""


@pytest.fixture(scope="module")
def action():
    yaml = pytest.importorskip("yaml", reason="PYTHON3-YAML IS NOT INSTALLED: action.yml was not read")
    return yaml.safe_load((ROOT / "action.yml").read_text())


class Job:
    """One job on a runner: its folders and files, and the action's steps with these inputs."""

    def __init__(self, action, folder):
        self.action, self.folder = action, folder
        self.files = {name: folder / name for name in ("GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STEP_SUMMARY")}
        for file in self.files.values():
            file.write_text("")
        (folder / "tools").mkdir()
        (folder / "tools/sudo").write_text(SUDO)
        (folder / "tools/sudo").chmod(0o755)

    def told(self, name):
        """What a step wrote into one of GitHub's files, as a dict."""
        return dict(line.split("=", 1) for line in self.files[name].read_text().splitlines())

    def use(self, **inputs):
        """`uses:` with these inputs: (exit code of the first step that failed or 0, what all of them said)."""
        given = {name: spec["default"] for name, spec in self.action["inputs"].items()}
        given.update({name.replace("_", "-"): value for name, value in inputs.items()})
        said = ""
        for step in self.action["runs"]["steps"]:
            name, value = re.fullmatch(r"inputs\.([\w-]+) == '(\w+)'", step["if"]).groups()
            if given[name] != value:
                continue
            done = self._run(step, given)
            said += done.stdout
            if done.returncode:
                return done.returncode, said
        return 0, said

    def _run(self, step, given):
        context = {"github.action_path": str(ROOT), **{f"inputs.{name}": value for name, value in given.items()}}
        variables = {
            name: re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda match: context[match.group(1)], value)
            for name, value in step["env"].items()
        }
        assert "${{" not in step["run"], "an input in a script is an injection: hand it over as a variable"
        environment = clean_environment(
            **variables, **{name: str(file) for name, file in self.files.items()}, RUNNER_TEMP=str(self.folder)
        )
        environment["PATH"] = f"{self.folder / 'tools'}:{environment['PATH']}"
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]  # as GitHub calls it
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.folder,
            env=environment,
            timeout=6 * PATIENCE_S,
        )

    def command(self, *arguments):
        """The installed binary, in a step of the job's own"""
        binary = pathlib.Path(self.files["GITHUB_PATH"].read_text().strip()) / "murano-emulator"
        environment = clean_environment(**self.told("GITHUB_ENV"))
        subprocess.run([binary, *arguments], check=True, capture_output=True, timeout=PATIENCE_S, env=environment)

    def publish(self, topic):
        """As a device that is provisioned"""
        told, token = self.told("GITHUB_OUTPUT"), "0123456789abcdef0123456789abcdef01234567"
        connector = told["host"].partition(".")[0].replace("localhost", "local")
        self.command("identity", "add", "dev", "--token", token, "--connector", connector)
        subprocess.run(
            [sys.executable, "-c", DEVICE, told["host"], told["port"], told["ca"], token, topic],
            check=True,
            env=clean_environment(PYTHONPATH=os.path.dirname(__file__)),
            timeout=PATIENCE_S,
        )


@pytest.fixture
def tarball(tmp_path):
    """A release's tarball, as far as the action looks into it."""
    file = tmp_path / "murano-emulator-0.1.0-linux-amd64.tar.gz"
    with tarfile.open(file, "w:gz", compresslevel=1) as tar:
        tar.add(BINARY, "murano-emulator-0.1.0-linux-amd64/bin/murano-emulator")
    return file


@pytest.fixture
def job(action, tmp_path):
    made = Job(action, tmp_path)
    yield made
    ready = tmp_path / "murano-emulator/ready.json"
    if ready.exists():
        made.use(run="report", fail_on="never")


def started(job, tarball, **inputs):
    code, said = job.use(package=str(tarball), port="0", api_port="0", **inputs)
    assert code == 0, said
    return job.told("GITHUB_OUTPUT")


def test_a_job_whose_device_breaks_a_rule_is_red(job, tarball):
    """[R46] The outputs lead a device to the server; the report is in the summary and in the JUnit file"""
    told = started(job, tarball, connector="x2lmj5npsktbuik9")
    assert told["host"] == "x2lmj5npsktbuik9.m2.exosite.io"
    assert (job.folder / "hosts").read_text() == "127.0.0.1 x2lmj5npsktbuik9.m2.exosite.io\n"
    assert job.told("GITHUB_ENV") == {"MURANO_EMULATOR_READY_FILE": told["ready-file"]}
    job.publish("$resources/data_in")
    code, said = job.use(run="report")
    assert code == 1 and "::error::a device broke a rule of Murano" in said, said
    suites = xml.etree.ElementTree.parse(job.folder / "murano.xml").getroot()
    assert suites.get("failures") != "0"
    assert "R46" in job.files["GITHUB_STEP_SUMMARY"].read_text()
    assert not pathlib.Path(told["ready-file"]).exists(), "the server is still there"


def test_a_job_without_a_mistake_is_green(job, tarball):
    told = started(job, tarball, flags="--log-level debug")
    assert told["host"] == "localhost"
    code, said = job.use(run="report", junit="own.xml")
    assert code == 0 and "no findings" in said, said
    assert xml.etree.ElementTree.parse(job.folder / "own.xml").getroot().get("failures") == "0"


def test_a_server_that_does_not_start_says_why(job, tarball):
    code, said = job.use(package=str(tarball), port="0", api_port="0", flags="--nonsense", wait="200ms")
    assert code == 1 and "--nonsense" in said and "::error::murano-emulator is not ready after 200ms" in said


def test_a_package_that_is_none(job):
    code, said = job.use(package="https.zip")
    assert code == 1 and "::error::package: 'https.zip' is neither a .deb nor a .tar.gz" in said


def test_a_deb_is_installed_by_apt(job, tmp_path):
    """What it asks of apt; that the package works, script/try-package shows"""
    package = tmp_path / "own.deb"
    package.write_bytes(b"")
    _, said = job.use(package=str(package), port="0", api_port="0", wait="200ms")  # apt is not asked, so nothing starts
    asked = (tmp_path / "sudo").read_text()
    assert f"apt-get install -q -y --no-install-recommends {package}" in asked, said


def test_every_input_is_used_and_every_output_is_made(action, job, tarball):
    used = set(re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", str(action["runs"]))) | {"run"}
    assert used == set(action["inputs"])
    assert set(started(job, tarball)) == set(action["outputs"])
    for name, output in action["outputs"].items():
        assert output["value"] == "${{ steps.start.outputs.%s }}" % name
