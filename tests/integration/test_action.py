"""action.yml: its shell steps do what it says, with the variables that GitHub gives them."""

import pathlib
import re
import xml.etree.ElementTree

import pytest

from support.github_job import new_job, release_tarball


@pytest.fixture
def tarball(tmp_path):
    return release_tarball(tmp_path)


@pytest.fixture
def job(tmp_path):
    with new_job(tmp_path) as made:
        yield made


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


def test_every_input_is_used_and_every_output_is_made(job, tarball):
    action = job.action
    used = set(re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", str(action["runs"]))) | {"run"}
    assert used == set(action["inputs"])
    assert set(started(job, tarball)) == set(action["outputs"])
    for name, output in action["outputs"].items():
        assert output["value"] == "${{ steps.start.outputs.%s }}" % name
