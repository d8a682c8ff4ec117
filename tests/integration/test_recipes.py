"""docs/recipes/github-actions.md and gitlab.md: each job as it stands there, its steps run as the runner would, with a device
that keeps the rules (green) and one that breaks one (red, and a JUnit file that says which). What is not ours is not run:
checkout, upload, apt-get, the service's image, in whose place the server runs with the image's own variables."""

import contextlib
import re
import subprocess
import xml.etree.ElementTree

import pytest

from support.github_job import ROOT, expanded, new_job, release_tarball, yaml
from support.names import need, own_address, wrapped_environment
from support.server import BINARY, Server

pytestmark = pytest.mark.usefixtures("own_network")

HOST = "x2lmj5npsktbuik9.m2.exosite.io"
RELEASED = re.compile(r"https://github\.com/OWNER/murano-emulator/releases/download/v([\d.]+)/(.*)")
# The firmware's tests, under the name that the recipes give them: one device, which provisions where it has no token.
DEVICE_TESTS = """#!/bin/sh
set -eu
host=${MURANO_HOST:-} port=${MURANO_PORT:-8883} ca=${MURANO_CA:-} token=${MURANO_TOKEN:-}
while [ $# -gt 0 ]; do
    case $1 in --host) host=$2 ;; --port) port=$2 ;; --ca) ca=$2 ;; esac
    shift 2
done
[ -n "$token" ] || token=$(mosquitto_rr -V mqttv311 -h "$host" -p "$port" --cafile "$ca" \\
    -t '$provision/dev' -e '$provision/dev' -n -W 10)
mosquitto_pub -h "$host" -p "$port" --cafile "$ca" -u '' -P "$token" -q 1 -t "$TOPIC" -m 21
"""
GREEN, RED = "$resource/data_in", "$resources/data_in"


@pytest.fixture(params=[GREEN, RED], ids=["green", "red"])
def topic(request):
    return request.param


def snippets(name):
    """The page's examples: a workflow's jobs, or a few steps alone."""
    need(subprocess.run(["which", "mosquitto_rr"], capture_output=True).returncode == 0, "mosquitto-clients")
    blocks = re.findall(r"^```yaml\n(.*?)^```$", (ROOT / "docs/recipes" / name).read_text(), re.MULTILINE | re.DOTALL)
    return [yaml().safe_load(block) for block in blocks]


class Workplace:
    """The job's folder, and the name of the connector on an address of the test's own."""

    def __init__(self, folder, topic):
        self.folder, self.address = folder, own_address()
        (folder / "run-device-tests").write_text(DEVICE_TESTS)
        (folder / "run-device-tests").chmod(0o755)
        names = folder / "names"  # apart from the file that stands for the runner's /etc/hosts
        names.mkdir()
        self.variables = {**wrapped_environment(names, {HOST: self.address}), "TOPIC": topic}
        del self.variables["PATH"]

    @contextlib.contextmanager
    def service(self):
        """The image's server on the image's ports."""
        stage = (ROOT / "docker/Dockerfile").read_text().rpartition("FROM scratch")[2]
        variables = dict(re.findall(r"(MURANO_EMULATOR_\w+)=(\S+)", stage))
        ours = ("DATA_DIR", "READY_FILE", "MQTTS", "API")
        kept = {name: value for name, value in variables.items() if name.removeprefix("MURANO_EMULATOR_") not in ours}
        assert "MURANO_EMULATOR_API_OPEN" in kept
        with Server(self.folder / "service", environment=kept, mqtts="0.0.0.0:8883", api="0.0.0.0:8080"):
            yield

    def judge(self, topic, code, said, junit):
        """Green or red, and what the JUnit file says."""
        suites = xml.etree.ElementTree.parse(self.folder / junit).getroot()
        messages = [failure.get("message") for failure in suites.iter("failure")]
        assert suites.get("failures") == str(len(messages)) == ("0" if topic == GREEN else "1"), messages
        assert topic == GREEN or messages[0].startswith("R46.misspelt_topic: The PUBLISH to '$resources/data_in'"), messages
        assert (code == 0) == (topic == GREEN), said


def run_steps(job, place, steps, rewrite):
    """As a runner: after a step that fails only `if: always()` ones go on. (the first exit code that is not 0, all said)"""
    context, failed, said = {}, 0, ""
    for step in steps:
        if failed and step.get("if") != "always()":
            continue
        code, told = run_step(job, place, step, context, rewrite)
        failed, said = failed or code, said + told
    return failed, said


def run_step(job, place, step, context, rewrite):
    if "run" in step:
        done = job.shell(rewrite(expanded(step["run"], context)), place.variables)
        return done.returncode, done.stdout
    if step["uses"].startswith("actions/upload-artifact@"):
        assert (place.folder / step["with"]["path"]).is_file()
    elif step["uses"].startswith("OWNER/murano-emulator@"):
        code, said = job.use(**{name: rewrite(str(value)) for name, value in step.get("with", {}).items()})
        context.update({f"steps.{step.get('id')}.outputs.{name}": value for name, value in job.told("GITHUB_OUTPUT").items()})
        return code, said
    else:
        assert step["uses"].startswith("actions/checkout@"), step
    return 0, ""


def test_the_action(topic, tmp_path):
    """[R46] The workflow with the repository as an action"""
    place = Workplace(tmp_path, topic)
    steps = snippets("github-actions.md")[0]["jobs"]["device-tests"]["steps"]
    tarball = release_tarball(tmp_path)

    def rewrite(text):
        """The package comes from the network, and its name says its version twice."""
        released = RELEASED.fullmatch(text)
        assert not released or released[2] == f"murano-emulator-{released[1]}-linux-amd64.tar.gz"
        return str(tarball) if released else text

    with new_job(tmp_path) as job:
        code, said = run_steps(job, place, steps, rewrite)
        assert job.told("GITHUB_OUTPUT")["host"] == HOST
        assert (RED == topic) == ("R46" in job.files["GITHUB_STEP_SUMMARY"].read_text())
        place.judge(topic, code, said, "murano.xml")


def test_one_command_on_github(topic, tmp_path):
    """[R46] The step with `exec`"""
    place = Workplace(tmp_path, topic)
    release_tarball(tmp_path)
    with new_job(tmp_path) as job:
        code, said = run_steps(job, place, snippets("github-actions.md")[1], str)
    place.judge(topic, code, said, "report.xml")


def test_a_service_container_on_github(topic, tmp_path):
    """[R46] The workflow with the image beside the job; its ports are this test's address and not 127.0.0.1"""
    place = Workplace(tmp_path, topic)
    recipe = snippets("github-actions.md")[2]["jobs"]["device-tests"]
    assert recipe["services"]["murano"]["ports"] == ["8883:8883", "8080:8080"]
    with place.service(), new_job(tmp_path) as job:
        code, said = run_steps(job, place, recipe["steps"], lambda text: text.replace("127.0.0.1:", f"{place.address}:"))
    assert (tmp_path / "hosts").read_text() == f"127.0.0.1 {HOST}\n"
    place.judge(topic, code, said, "murano.xml")


def run_on_gitlab(job, place, recipe):
    """script, then after_script in a shell of its own, which decides nothing. apt-get is not ours to run."""
    place.variables.update(recipe.get("variables", {}))
    lines = [line for line in recipe["script"] if not line.startswith("apt-get ")]
    done = job.shell("\n".join(lines), place.variables)
    after = job.shell("\n".join(recipe.get("after_script", [])), place.variables)
    assert after.returncode == 0, after.stdout
    return done.returncode, done.stdout


def test_a_service_on_gitlab(topic, tmp_path):
    """[R46] The service answers to the connector's own name"""
    place = Workplace(tmp_path, topic)
    recipe = snippets("gitlab.md")[0]["device-tests"]
    assert recipe["services"][0]["alias"] == HOST
    with place.service(), new_job(tmp_path) as job:
        code, said = run_on_gitlab(job, place, recipe)
    place.judge(topic, code, said, recipe["artifacts"]["reports"]["junit"])


def test_one_command_on_gitlab(topic, tmp_path):
    """[R46] The job with `exec`"""
    place = Workplace(tmp_path, topic)
    recipe = snippets("gitlab.md")[1]["device-tests"]
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/murano-emulator").symlink_to(BINARY)
    with new_job(tmp_path) as job:
        code, said = run_on_gitlab(job, place, recipe)
    place.judge(topic, code, said, recipe["artifacts"]["reports"]["junit"])


def test_a_value_that_nobody_makes_is_no_recipe(tmp_path):
    """The runner here knows no outputs but those of the action"""
    with new_job(tmp_path) as job, pytest.raises(KeyError):
        run_steps(job, Workplace(tmp_path, GREEN), [{"run": "echo ${{ steps.murano.outputs.nonsense }}"}], str)
