"""The views of the page with which a person changes the server, in a real browser."""

import json
import re

from support.page_devices import busy_device, report
from support.server import Server
from support.waiting import wait_until


def test_faults(site, browser):
    """added by a form that is made from the kinds, counted while it strikes, cleared with a click"""
    device = busy_device(site)
    browser.open(site.server, "#/faults")
    browser.choose("Kind", "delay")
    browser.choose("packet *", "PUBACK")
    browser.type("delay_ms *", "1")
    browser.type("connector", site.connector)
    browser.type("fault_name", "slow-acks")
    browser.click("Add the fault")
    browser.wait_text("table", "slow-acks")
    fault = site.control.ok("GET", site.control.emulator("/faults/slow-acks")).json()
    assert (fault["kind"], fault["packet"], fault["delay_ms"], fault["connector"]) == ("delay", "PUBACK", 1, site.connector)
    with device.connected() as client:
        report(client, "temperature", "1")
        browser.wait_text("table", "1 of 1 chances")
    browser.show("faults")
    browser.click("Clear slow-acks")
    browser.wait_text("main", "None: the server behaves.")
    browser.choose("Kind", "inject")
    browser.type("hex *", "ff")
    browser.type("identity", "nobody here")
    browser.type("times", "5")
    browser.click("Add the fault")
    browser.wait_text("table", "nobody here")
    browser.click("Clear all")
    browser.wait_text("main", "None: the server behaves.")
    browser.quiet()


def test_every_kind_of_fault_has_a_form(server, browser):
    """with all of its keys"""
    browser.open(server, "#/faults")
    for kind in server.control.ok("GET", "/_emulator/v1/faults/kinds").json()["kinds"]:
        browser.choose("Kind", kind["kind"])
        shown = browser.text("form")
        assert kind["help"] in shown
        for key in kind["keys"]:
            assert key["name"] in shown and key["help"] in shown, (kind["kind"], key["name"])
    browser.quiet()


def shows(browser, pattern):
    wait_until(lambda: re.search(pattern, browser.text("main")), lambda: f"{pattern} in {browser.text('main')}")


def test_the_clock(tmp_path, browser):
    """freeze, advance, real time again"""
    with Server(tmp_path, "--ephemeral") as server:
        clock = lambda: server.control.ok("GET", "/_emulator/v1/clock").json()  # noqa: E731
        browser.open(server, "#/clock")
        browser.click("Freeze")
        browser.wait_text("main", "frozen")
        assert clock()["frozen"]
        browser.click("+ 7d")
        shows(browser, "6 d 23 h|7 d ahead")  # it may have stood still for a moment
        assert abs(clock()["offset_us"]) > 6 * 86400 * 10**6
        browser.show("clock")
        browser.type("By", "-1h", enter=True)
        shows(browser, "6 d 22 h|6 d 23 h")
        browser.click("Real time again")
        browser.wait_text("main", "as real time")
        assert clock()["offset_us"] == 0 and not clock()["frozen"]
        browser.quiet()


def test_content(site, browser, tmp_path):
    """upload with its progress, list, delete"""
    file = tmp_path / "firmware-1.2.bin"
    file.write_bytes(bytes(range(256)) * 4000)
    site.provision()
    browser.open(site.server, f"#/content/{site.connector}")
    browser.wait_text("main", "There is no content item.")
    browser.field("File").send_keys(str(file))
    browser.click("Upload", "form")
    browser.wait_text("table", "firmware-1.2.bin")
    browser.wait_text("table", "1.0 MB")
    browser.show("content")
    browser.click("Delete firmware-1.2.bin")
    browser.click("Delete", "dialog")
    browser.wait_text("main", "There is no content item.")
    browser.quiet()


def test_settings(site, browser):
    """a field with its help, the whole as JSON, and the server's error where it is wrong"""
    site.provision()
    path = site.control.emulator(f"/connectors/{site.connector}")
    settings = lambda: site.control.ok("GET", path).json()  # noqa: E731
    browser.open(site.server, f"#/settings/{site.connector}")
    browser.choose("quirks.invalid_value", "disconnect")
    wait_until(lambda: settings()["quirks"]["invalid_value"] == "disconnect", "the quirk")
    changed = {**settings(), "name": "Greenhouse"}
    del changed["resources"]["data_out"]
    area = "All settings as JSON"
    browser.wait_text("#notices", "is changed")
    browser.run("arguments[0].value = arguments[1]", browser.field(area), json.dumps(changed))
    browser.click("Apply what differs")
    wait_until(lambda: settings()["name"] == "Greenhouse", "the name")
    assert "data_out" not in settings()["resources"] and "data_in" in settings()["resources"]
    browser.show("settings")
    wrong = json.dumps({**settings(), "quirks": {**settings()["quirks"], "will": "perhaps"}})
    browser.run("arguments[0].value = arguments[1]", browser.field(area), wrong)
    browser.click("Apply what differs")
    browser.wait_text("main [role=alert]", "perhaps")
    said = browser.console()
    assert all("400" in line for line in said), said


def test_snapshots(tmp_path, browser):
    """save, load, delete; reset is asked about"""
    with Server(tmp_path, "--ephemeral") as server:
        server.control.put_identity("local", "kept")
        browser.open(server, "#/snapshots")
        browser.type("Name", "before")
        browser.click("Save now")
        browser.wait_text("table", "before")
        browser.show("snapshots")
        browser.click("Reset everything")
        browser.click("Reset", "dialog")
        wait_until(lambda: not server.control.has_identity("local", "kept"), "the reset")
        browser.click("Load before")
        browser.click("Load", "dialog")
        wait_until(lambda: server.control.has_identity("local", "kept"), "the load")
        browser.click("Delete before")
        browser.click("Delete", "dialog")
        browser.wait_text("main", "There is no snapshot.")
        browser.quiet()
