"""A job on a GitHub runner, as far as action.yml and the recipes need one: folders, files, variables, and the shell."""

import contextlib
import os
import pathlib
import re
import subprocess
import sys
import tarfile

import pytest

from support.server import BINARY, clean_environment
from support.waiting import PATIENCE_S

ROOT = pathlib.Path(__file__).resolve().parents[3]
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


def expanded(text, context):
    """With the values of `${{ … }}`; one that nobody knows fails."""
    return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda match: context[match.group(1)], text)


def yaml():
    return pytest.importorskip("yaml", reason="PYTHON3-YAML IS NOT INSTALLED: what is for GitHub was not read")


def release_tarball(folder):
    """A release's tarball, as far as the action and the recipes look into it."""
    file = folder / "murano-emulator-0.1.0-linux-amd64.tar.gz"
    with tarfile.open(file, "w:gz", compresslevel=1) as tar:
        tar.add(BINARY, "murano-emulator-0.1.0-linux-amd64/bin/murano-emulator")
    return file


@contextlib.contextmanager
def new_job(folder):
    """A job with the checkout's action; a server that it started is stopped at the end."""
    job = Job(yaml().safe_load((ROOT / "action.yml").read_text()), folder)
    yield job
    if (folder / "murano-emulator/ready.json").exists():
        job.use(run="report", fail_on="never")


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
            name: expanded(value, context) for name, value in step["env"].items()
        }
        assert "${{" not in step["run"], "an input in a script is an injection: hand it over as a variable"
        return self.shell(step["run"], variables, "-o", "pipefail")

    def shell(self, script, variables, *options):
        """A `run:` as GitHub calls it: `shell: bash` adds -o pipefail."""
        environment = clean_environment(
            **{name: str(file) for name, file in self.files.items()}, RUNNER_TEMP=str(self.folder), **self.told("GITHUB_ENV")
        )
        environment.update(variables)
        added = self.files["GITHUB_PATH"].read_text().split()
        environment["PATH"] = ":".join([str(self.folder / "tools"), *reversed(added), environment["PATH"]])
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", *options, "-c", script],
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
