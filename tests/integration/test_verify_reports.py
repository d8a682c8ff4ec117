"""Reports as their readers take them: JUnit by a schema, HTML in a browser. [verdict.md 1, 2]"""

import pathlib
import re
import subprocess

import pytest

from support.browser import NARROW, WIDE, Browser
from support.verdict import device_command, told, verify
from support.waiting import wait_until

SCHEMA = pathlib.Path(__file__).resolve().parent / "support" / "junit.xsd"
# One of each outcome, with what is hostile in markup: the device's own words stand in the messages.
FLAWS = {"failed": "fixed_pause", "warned": "retain"}


@pytest.fixture(scope="module", params=FLAWS)
def reports(request, tmp_path_factory):
    """(what the run is judged, the folder with its reports)"""
    folder = tmp_path_factory.mktemp("reports")
    outputs = [f"--output={folder / name}" for name in ("verdict.xml", "verdict.html", "verdict.md", "verdict.tap")]
    only = ("--only", "CON-02,PUB-08,TLS-01,TLS-12")
    _, run, said = verify(folder, device_command(FLAWS[request.param]), *only, *outputs)
    assert run["outcome"] == request.param, said + told(run)
    return request.param, folder


def test_junit_is_what_its_readers_take(reports):
    outcome, folder = reports
    report = folder / "verdict.xml"
    checked = subprocess.run(["xmllint", "--noout", "--schema", SCHEMA, report], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    text = report.read_text()
    assert text.count("<failure ") == (1 if outcome == "failed" else 0)
    assert text.count("<skipped ") == 1  # TLS-12
    assert re.search(r'CON-02 [^>]* time="[1-9][\d.]*"', text), text  # its turn took seconds


def test_markdown_and_tap_name_each_check(reports):
    _, folder = reports
    for name in ("verdict.md", "verdict.tap"):
        text = (folder / name).read_text()
        assert all(check in text for check in ("CON-02", "PUB-08", "TLS-01", "TLS-12")), text


def test_html_opens_by_itself_in_a_browser(reports):
    """One file: no outside reference, no script, nothing that the console complains of."""
    outcome, folder = reports
    with Browser() as browser:
        browser.driver.get((folder / "verdict.html").as_uri())
        wait_until(lambda: outcome in browser.text("body").lower(), "the report")
        browser.picture(f"verdict-{outcome}")
        wide = browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
        browser.resize(NARROW)
        wait_until(lambda: browser.run("return document.documentElement.clientWidth") <= NARROW[0], "a narrow window")
        browser.picture(f"verdict-{outcome}-narrow")
        assert browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        browser.resize(WIDE)
        assert browser.run("return document.querySelectorAll('svg[aria-label]').length") >= 2  # a timeline, and the pauses
        assert browser.run("return performance.getEntriesByType('resource').map((one) => one.name)") == []
        assert browser.run("return document.scripts.length") == 0
        rows = browser.run("return [...document.querySelectorAll('td.id')].map((one) => one.innerText)")
        assert rows == ["TLS-01", "TLS-12", "CON-02", "PUB-08"]
        browser.quiet()
