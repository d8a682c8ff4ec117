"""The page in a real browser, with real devices behind it. A picture of each view is kept in the build folder, page/."""

import json
import math

from support import packets as mqtt
from support.device import Site
from support.page_devices import busy_device, report
from support.server import Server
from support.waiting import wait_until


def test_before_any_device_came(tmp_path, browser):
    """the first screen: the CA, the line for /etc/hosts and commands with this server's real port"""
    with Server(tmp_path, "--ephemeral") as server:
        browser.open(server)
        browser.wait_text("main", "No device has come yet")
        port = server.address[1]
        assert f"-h local.m2.exosite.io -p {port} --cafile ca.crt" in browser.text()
        assert "127.0.0.1 local.m2.exosite.io" in browser.text()
        browser.show("first-screen")


def test_somebody_to_look_at(tmp_path, browser):
    """a button starts a simulated device inside the server, another one stops it"""
    with Server(tmp_path, "--ephemeral") as server:
        browser.open(server)
        browser.wait_text("main", "No device has come yet")
        browser.click("Start a simulated device")
        browser.wait_text("main", "Devices of local: 1, 1 online")
        browser.wait_text("main", "1 simulated device")
        wait_until(lambda: server.control.state("local", "simulated-1").get("data_in"), "a report")
        browser.show("simulated")
        browser.click("Stop", within="main")
        browser.wait_text("main", "1, 0 online")
        assert server.control.findings("local") == []
        browser.quiet()


def test_the_overview(site, browser):
    """devices come, are online, report and go, and the page shows it without being asked"""
    busy_device(site)
    browser.open(site.server, f"#/?connector={site.connector}")
    browser.wait_text("main", "Devices of " + site.connector + ": 1, 0 online")
    assert "violation R40" in browser.text() and "its format is number" in browser.text()
    fresh = site.device("67890")
    with fresh.connected() as client:
        browser.wait_text("main", "2, 1 online")
        report(client, "data_in", "1")
        rate = f"[data-rate='{site.connector}/67890'] svg"
        seen = lambda: browser.attribute(rate, "aria-label") or "0.0"  # noqa: E731
        wait_until(lambda: "0.0" not in seen(), "a report a second on the plot")
        browser.show("overview")
    browser.wait_text("main", "2, 0 online")
    browser.quiet()


def test_a_device(site, browser):
    """values as they come, one set from the page, the plot, the secret, locking and disconnecting"""
    device = busy_device(site)
    browser.open(site.server, f"#/device/{site.connector}/12345")
    browser.wait_text("main", "Numbers over time")
    browser.wait_text(".legend", "temperature")
    browser.wait_text(".legend", "data_in/002/level")
    with device.connected() as client:
        client.send(mqtt.subscribe(1, "$resource/#"))
        client.expect(mqtt.SUBACK)
        report(client, "temperature", "31.5")
        browser.wait_text("[data-value=temperature][data-kind=reported]", "31.5")
        browser.wait_text("main", "TLSv1.3")
        browser.type("New value of temperature", "hot")
        browser.wait_text("main", "A number as JSON writes it")
        browser.type("New value of temperature", "22.25", enter=True)
        topic, payload = client.message()
        assert topic.startswith("$resource/temperature") and payload == b"22.25"
        browser.wait_text("[data-value=temperature][data-kind=set]", "22.25")
        browser.click("Show the secret")
        browser.wait_text("main", device.token)
        browser.click("Hide")
        browser.wait_gone("main", device.token)
        browser.show("device")
        browser.click("Disconnect")
        client.expect_closed()
    browser.wait_text("main", "offline")
    browser.click("Lock")
    browser.wait_text(".facts", "locked")
    assert site.control.identity(site.connector, "12345")["locked"]
    browser.click("Unlock")
    browser.wait_gone(".facts", "locked")
    browser.quiet()


def test_the_picture_of_the_readme(tmp_path, browser):
    """a thermostat's hour: build/<preset>/page/readme.png, which docs/page.png is a copy of"""
    with Server(tmp_path, "--ephemeral") as server:
        site = Site(server, "greenhouse")
        site.resources(temperature={"format": "number", "settable": False}, target={"format": "number", "settable": True})
        device = site.device("thermostat-7")
        now = server.control.ok("GET", "/_emulator/v1/clock").json()["now_us"]
        hour = [
            {
                "timestamp": now - (180 - number) * 20_000_000,
                "values": {
                    "temperature": round(21 + 2.5 * math.sin(number / 14) + 0.4 * math.sin(number / 3), 2),
                    "data_in": json.dumps({"humidity": round(48 + 9 * math.cos(number / 22), 1), "valve": number // 30 % 2 * 30}),
                },
            }
            for number in range(180)
        ]
        with device.connected() as client:
            client.send(mqtt.publish("$resource.batch", json.dumps(hour), qos=1))
            client.expect(mqtt.PUBACK)
            server.control.set_state("greenhouse", "thermostat-7", {"target": 21.5})
            browser.open(server, "#/device/greenhouse/thermostat-7")
            browser.wait_text(".legend", "data_in/valve")
            browser.wait_text("main", "TLSv1.3")
            browser.wait_text("[data-value=target]", "21.5")
            browser.run("document.querySelector('mu-list').closest('section').remove()")
            browser.show("readme")


def test_the_plot_zooms(site, browser):
    """by buttons and by keys; what it shows stands in its name"""
    device = busy_device(site)
    site.control.ok("POST", f"/_emulator/v1/clock/advance?connector={site.connector}", {"by": "10s"})  # a span to zoom into
    with device.connected() as client:
        report(client, "temperature", "30")
    browser.open(site.server, f"#/device/{site.connector}/12345")
    browser.wait_text(".legend", "temperature")
    name = lambda: browser.attribute("mu-plot canvas", "aria-label")  # noqa: E731
    wait_until(name, "a plot with a name")
    whole = name()
    browser.click("Zoom in")
    wait_until(lambda: name() != whole, "another span")
    browser.run("document.querySelector('mu-plot canvas').focus()")
    browser.press("0")
    wait_until(lambda: name() == whole, "the whole span again")
    browser.quiet()


def test_revoking_and_deleting_are_asked_about(site, browser):
    """nothing happens on Cancel"""
    site.provision("gone")
    browser.open(site.server, f"#/device/{site.connector}/gone")
    browser.click("Delete", ".actions")
    browser.wait_text("dialog", "Delete gone")
    browser.click("Cancel", "dialog")
    assert site.control.has_identity(site.connector, "gone")
    browser.click("Delete", "section .actions")
    browser.click("Delete", "dialog")
    wait_until(lambda: not site.control.has_identity(site.connector, "gone"), "the device to be deleted")
    browser.wait_text("h1", "Overview")
    browser.quiet()


def test_a_device_that_is_deleted_meanwhile(site, browser):
    """the view says so, and asks no more"""
    site.provision("short-lived")
    browser.open(site.server, f"#/device/{site.connector}/short-lived")
    browser.wait_text("main", "provisioned")
    site.control.delete_identity(site.connector, "short-lived")
    browser.wait_text("main", "There is no such device, or no more.")
    said = browser.console()
    assert len(said) == 1 and "404" in said[0], said


def test_the_timeline(site, browser):
    """live, newest first; the filter is in the address; a finding stands beside its packet and its rule"""
    site.control.patch_connector(site.connector, {"journal": {"packets": True}})
    device = busy_device(site)
    browser.open(site.server, f"#/timeline?connector={site.connector}")
    browser.wait_text("mu-list", "R37")
    with device.connected() as client:
        report(client, "temperature", "99.5")
        browser.wait_text("mu-list .row.active, mu-list", "99.5")
    browser.show("timeline")
    browser.choose("Type", "finding")
    wait_until(lambda: "type=finding" in browser.driver.current_url, "the filter in the address")
    browser.wait_text("main", "2 events")
    browser.driver.refresh()
    browser.wait_text("main", "2 events")
    browser.wait_text("mu-list", "R40")  # rows are drawn after the count
    row = next(one for one in browser.all("mu-list .row") if "R40" in one.text)
    row.find_element("css selector", ".what").click()
    browser.wait_text("main .detail section", "PUBLISH")
    browser.wait_text("main", "Rule R40 (")
    assert "77 61 72 6d" in browser.text("main .detail .hex"), "the bytes of 'warm'"
    browser.show("finding")


def test_a_sequence_chart(site, browser):
    """an arrow a packet, the finding where it happened, the bytes behind a click; keys work"""
    site.control.patch_connector(site.connector, {"journal": {"packets": True}})
    busy_device(site)
    finding = site.findings("R40")[0]
    browser.open(site.server, f"#/connection/{site.connector}/{finding['connection_id']}?near={finding['cursor']}")
    browser.wait_text(".chart", "PUBLISH $resource/temperature · id 1 · QoS 1")
    browser.wait_text(".chart", "PUBACK id 12")
    browser.wait_text(".detail", "its format is number")
    browser.show("sequence")
    browser.run("document.querySelector('.chart .step').focus()")
    browser.press("\ue007")
    browser.wait_text(".detail", "CONNECT")
    browser.quiet()


def test_journalling_of_packets_is_switched_on_from_the_timeline(site, browser):
    """one click, and back"""
    site.provision()
    browser.open(site.server, f"#/timeline?connector={site.connector}")
    path = site.control.emulator(f"/connectors/{site.connector}")
    for label, wanted in (("Journal packets", True), ("Stop journalling packets", False)):
        browser.click(label)
        wait_until(lambda: site.control.ok("GET", path).json()["journal"]["packets"] is wanted, label)
    browser.quiet()
