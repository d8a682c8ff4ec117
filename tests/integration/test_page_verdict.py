"""The page's Verdict view in a real browser: a device is judged, live, and its report is read on the page."""

import contextlib
import os
import signal
import subprocess

from support.server import Server, clean_environment
from support.verdict import device_command
from support.waiting import PATIENCE_S, wait_until

RUN = "main section[aria-label='The run']"
FRAME = "iframe.report"
IN_FRAME = f"const inside = document.querySelector('{FRAME}').contentDocument; "


@contextlib.contextmanager
def device(server, token):
    """The reference device as a program."""
    host, port = server.address
    environment = clean_environment(
        MURANO_HOST=server.host("local"), MURANO_ADDRESS=host, MURANO_PORT=str(port), MURANO_CA=server.ca,
        MURANO_CONNECTOR="local", MURANO_IDENTITY="12345", MURANO_TOKEN=token, MURANO_API=server.ready["api"],
    )  # fmt: skip
    process = subprocess.Popen(
        ["sh", "-c", device_command()], env=environment, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE_S)


def start(browser, *checks):
    browser.type("Device", "12345")
    browser.choose("Suite", "")
    for box in browser.all("fieldset input"):
        if (box.get_attribute("value") in checks) != box.is_selected():
            browser.run("arguments[0].click()", box)
    browser.click("Start")


def read_report(browser):
    wait_until(lambda: browser.run(f"{IN_FRAME} return inside?.body?.innerText.includes('What the device did')"), "the report")
    return browser.run(f"{IN_FRAME} return inside.body.innerText")


def test_a_device_is_judged(tmp_path, browser):
    """started from the page, seen live, its report in a frame in which nothing runs"""
    with Server(tmp_path, "--ephemeral") as server:
        server.control.put_identity("local", "12345", {"auth": {"type": "token", "key": "a-token-for-the-verdict-view-0123456789"}})
        browser.open(server, "#/verdict?connector=local")
        browser.wait_text("main", "No device was judged yet")
        browser.show("verdict-form")
        start(browser, "PUB-05", "RX-01")
        browser.wait_text(RUN, "waits for")
        assert not browser.all(FRAME)
        browser.show("verdict-live")
        with device(server, server.control.secret("local", "12345")["key"]):
            wait_until(lambda: "done" in browser.text(RUN), lambda: browser.text(RUN), seconds=12 * PATIENCE_S)
        report = read_report(browser)
        run = server.control.ok("GET", "/_emulator/v1/runs").json()["runs"][0]
        assert run["outcome"] == "passed" and run["id"] in report and "PUB-05" in report and "RX-01" in report
        # Its own style is there, and what would run in a page of its own does not here.
        assert browser.run(f"{IN_FRAME} return getComputedStyle(inside.querySelector('.o')).display") == "inline-block"
        assert browser.attribute(FRAME, "sandbox") == "allow-same-origin"
        browser.run(
            f"{IN_FRAME} const one = inside.createElement('script'); one.textContent = 'parent.hacked = 1'; inside.body.append(one)"
        )
        assert browser.run("return window.hacked") is None
        browser.console()  # that the script was refused
        browser.show("verdict-report")
        browser.click("The events behind each check")
        browser.wait_text(f"{RUN} table", "PUB-05")
        browser.quiet()


def test_a_run_is_aborted(tmp_path, browser):
    """a device that never comes: the run is aborted from the page after a question, and its report says so"""
    with Server(tmp_path, "--ephemeral", "--api-token", "s3cret") as server:
        control = type(server.control)(server.ready["api"], "s3cret")
        control.put_identity("local", "12345")
        browser.driver.get(server.ready["api"] + "/#/verdict?connector=local")
        browser.type("Token", "s3cret", enter=True)
        browser.wait_live()
        start(browser, "CON-01")
        browser.click("Abort", RUN)
        browser.click("Abort", "dialog")
        browser.wait_text(RUN, "aborted")
        # With a token, too: a frame's address could not carry it.
        assert "CON-01" in read_report(browser)
    browser.console()  # the 401 before the token
