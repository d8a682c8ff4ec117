"""`simulate`: devices that do everything right, and those that do one thing wrong. Also against mosquitto."""

import json
import os
import pty
import re
import signal
import subprocess
import threading

from support.command import CommandLine
from support.device import Site
from support.mosquitto import NAME, PASSWORD, USER, Mosquitto
from support.server import BINARY, Server, clean_environment
from support.simulate import Simulation, quick_profile
from support.verdict import outcomes, told, verify
from support.waiting import PATIENCE_S, wait_until

COUNT = 20


def online(site):
    listed = site.control.ok("GET", site.control.device2(site.connector, "/identity/?limit=1000")).json()["devices"]
    return [device["identity"] for device in listed if device["online"]]


def reported(site, identity, alias="data_in"):
    """None where it has not reported that yet, or has not come yet."""
    there = site.control.has_identity(site.connector, identity)
    return site.state(identity).get(alias, {}).get("reported") if there else None


def downloads_over(server, total):
    """So many bytes have left, and no connection of a download is open any more."""
    text = server.control.ok("GET", "/metrics").text
    left = re.search(r'bytes_total\{direction="out"\} (\d+)', text)
    opened = re.search(r'connections_open\{port="mqtts"\} (\d+)', text)
    return int(left.group(1)) >= total and int(opened.group(1)) == COUNT


def test_devices_come_report_take_settings_and_fetch_content(site, tmp_path):
    """[R31], [R41], [R48], [R61] all of it without one finding, and a clean end with a summary"""
    site.control.upload(site.connector, "firmware.bin", b"f" * 200_000)
    profile = quick_profile(tmp_path)
    with Simulation(site.server, "--connector", site.connector, "--count", COUNT, "--profile", profile) as devices:
        wait_until(lambda: len(online(site)) == COUNT, "all devices online")
        wait_until(lambda: reported(site, f"simulated-{COUNT}"), "a report of the last one")
        assert "001" in json.loads(reported(site, f"simulated-{COUNT}"))
        site.set_state({"config_io": "on"}, "simulated-3")
        wait_until(lambda: reported(site, "simulated-3", "config_io") == "on", "the setting, reported back")
        wait_until(lambda: downloads_over(site.server, COUNT * 200_000), "the end of all downloads")
        summary = devices.end()
    assert summary["most_logged_in"] == summary["provisioned"] == COUNT
    assert summary["logins"] == COUNT and summary["failures"] == 0
    assert summary["reports"] >= COUNT and summary["settings"] == 1 and summary["downloads"] == COUNT
    assert summary["all_logged_in_after_ms"] > 0
    assert site.findings() == []
    wait_until(lambda: online(site) == [], "that all are gone")
    closed = [event["closed_by"] for event in site.events(type="disconnect")]
    assert set(closed) == {"device"}, closed


def test_the_thermostat_has_the_resources_that_it_needs(site, tmp_path):
    """those that the connector lacks are added, and those that it has stay"""
    site.resources(mode={"format": "string", "settable": True, "allowed": ["heat", "off"]})
    flags = ("--connector", site.connector, "--profile", "thermostat", "--rate", 5)
    with Simulation(site.server, *flags) as devices:
        wait_until(lambda: reported(site, "simulated", "temperature") is not None, "a temperature")
        site.set_state({"setpoint": "25"}, "simulated")
        wait_until(lambda: reported(site, "simulated", "setpoint") == 25, "the setpoint, reported back")
        wait_until(lambda: reported(site, "simulated", "temperature") > 18, "that it gets warmer")
        devices.end(signal.SIGTERM)
    assert site.control.settings(site.connector)["resources"]["mode"]["allowed"] == ["heat", "off"]
    assert site.findings() == []


def test_a_device_that_was_here_before_goes_on_with_its_token(site, tmp_path):
    flags = ("--connector", site.connector, "--profile", quick_profile(tmp_path), "--identity", "unit {}")
    for provisioned in (1, 0):
        with Simulation(site.server, *flags) as devices:
            wait_until(lambda: online(site) == ["unit 1"], "the device online")
            assert devices.end()["provisioned"] == provisioned


def test_a_device_lives_through_lock_revoke_and_a_restart(tmp_path):
    """[R63] a locked one waits, a revoked one provisions again, after an outage all come back"""
    with Server(tmp_path / "server", mqtts="127.0.0.1:0") as server:
        site = Site(server, "lab")
        flags = ("--connector", "lab", "--profile", quick_profile(tmp_path), "--count", 3)
        with Simulation(server, *flags) as devices:
            wait_until(lambda: len(online(site)) == 3, "all devices online")
            token = site.control.secret("lab", "simulated-1")["key"]
            site.control.patch_identity("lab", "simulated-1", {"locked": True})
            wait_until(lambda: site.findings("R12"), "that a locked device tries again")
            site.control.patch_identity("lab", "simulated-1", {"locked": False})
            wait_until(lambda: len(online(site)) == 3, "the unlocked device")
            assert site.control.secret("lab", "simulated-1")["key"] == token
            CommandLine(server, "lab").ok("identity", "revoke", "simulated-2")
            wait_until(lambda: len(online(site)) == 3 and site.control.secret("lab", "simulated-2"), "a new token")
            ports = ("127.0.0.1:%d" % server.address[1], server.ready["api"].removeprefix("http://"))
            server.kill()
            with Server(tmp_path / "server", mqtts=ports[0], api=ports[1]) as again:
                site = Site(again, "lab")
                wait_until(lambda: len(online(site)) == 3, "all devices after the restart")
                summary = devices.end()
    assert summary["provisioned"] == 4 and summary["failures"] >= 3


def test_devices_of_a_password_connector(site, tmp_path):
    """[R51] they choose their passwords"""
    site.patch({"provisioning": {"auth_type": "password"}})
    flags = ("--connector", site.connector, "--profile", quick_profile(tmp_path))
    for provisioned in (1, 0):
        with Simulation(site.server, *flags) as devices:
            wait_until(lambda: online(site) == ["simulated"], "the device online")
            assert devices.end()["provisioned"] == provisioned
    site.patch({"provisioning": {"auth_type": "certificate"}})
    said = CommandLine(site.server, site.connector).fails("simulate", "--for", "1s")
    assert "wants certificates" in said


# The kind, and the rule of the finding that it leaves; where it leaves none, who closes the connection.
KINDS = {
    "comma": "R40",
    "text-for-number": "R40",
    "bad-json": "R40",
    "seconds": "R38",
    "milliseconds": "R38",
    "unknown-resource": "R37",
    "unknown-topic": "R46",
    "foreign-topic": "R34",
    "qos2": "R26",
    "dup": "R28",
    "retain": "R23",
    "pubrec": "R30",
    "second-connect": "MQTT-3.1.0-2",
    "mqtt5": "MQTT-3.1.2-2",
    "client-id": "R13",
    "line-end": "R12",
    "no-sni": "R3",
}


def test_the_help_lists_every_kind_with_its_rule(server):
    text = CommandLine(server).ok("simulate", "--help")
    listed = dict(re.findall(r"^  ([a-z0-9-]+) +\S.*?(?:\((R\d+|MQTT-[0-9.-]+)\))?$", text.split("Kinds of")[1], re.M))
    assert {kind: rule for kind, rule in listed.items() if rule} == KINDS
    assert {"no-pause", "no-ping", "mute"} <= set(listed)
    words = re.search(r'--misbehave\) words="(.*)"', CommandLine(server).ok("completion", "bash")).group(1).split()
    assert set(words) == {"all", *listed}


def test_each_kind_of_misbehaviour_leaves_its_finding(server, tmp_path):
    """a device each, and nothing else is wrong with it"""
    site = Site(server, "flawed")
    flags = ("--connector", "flawed", "--count", 20, "--misbehave", "all", "--profile", "thermostat", "--rate", 2)
    with Simulation(server, *flags) as devices:
        names = [*KINDS, "no-pause", "no-ping", "mute"]
        wanted = {(f"simulated-{names.index(kind) + 1}", rule) for kind, rule in KINDS.items()}
        # Who did not get as far as to be known by name.
        unnamed = {"mqtt5", "no-sni"}

        def missing():
            mine = server.control.events_so_far("flawed", type="finding")
            found = {(event.get("identity"), event["rule"]) for event in mine}
            of_all = server.control.ok("GET", "/_emulator/v1/events?type=finding&limit=10000").json()["events"]
            rules = {event["rule"] for event in of_all}
            named = {pair for pair in wanted if names[int(pair[0].rsplit("-")[-1]) - 1] not in unnamed}
            claimed = {(event.get("claimed_identity"), event["rule"]) for event in mine}
            return (named - found - claimed) | {pair for pair in wanted - named if pair[1] not in rules}

        wait_until(lambda: not missing(), lambda: f"findings; missing {missing()}", 3 * PATIENCE_S)
        identity = "simulated-19"  # no-ping
        closed = lambda: [e for e in site.events(type="disconnect") if e.get("identity") == identity]  # noqa: E731
        wait_until(closed, "the end of the one that does not ping")
        assert closed()[0]["closed_by"] == "server"
        back = lambda: [e for e in site.events(type="connect") if e.get("identity") == "simulated-18"]  # noqa: E731
        wait_until(lambda: len(back()) > 5, "the one that comes back without a pause")
        devices.end()


def test_against_mosquitto(tmp_path):
    """over TLS, with a password given: reports arrive, a setting is taken and reported back, no connection is lost"""
    with Mosquitto(tmp_path / "mosquitto") as broker:
        listen = subprocess.Popen(
            broker.client("mosquitto_sub", "-v", "-t", "$resource/#"), stdout=subprocess.PIPE, text=True
        )
        lines = []
        threading.Thread(target=lambda: lines.extend(iter(listen.stdout.readline, "")), daemon=True).start()
        flags = [
            *("--device-host", NAME, "--device-address", "127.0.0.1", "--device-port", broker.tls_port),
            *("--ca", broker.ca, "--username", USER, "--password", PASSWORD, "--subscribe"),
            *("--profile", quick_profile(tmp_path, keep_alive_s=1, report_interval_s=2, content_interval_s=0)),
            *("--count", 3, "--identity", "board"),
        ]
        with Simulation(None, *flags) as devices:
            seen = lambda text: [line for line in lines if text in line]  # noqa: E731
            wait_until(lambda: len(seen("$resource/data_in")) >= 3, "reports of all")
            subprocess.run(broker.client("mosquitto_pub", "-q", 1, "-t", "$resource/config_io", "-m", "on"), check=True)
            wait_until(lambda: len(seen("$resource/config_io on")) >= 4, "the value, and three reports of it")
            wait_until(lambda: broker.log.read_text().count("PINGREQ from board") >= 3, "pings")
            summary = devices.end()
        listen.kill()
        listen.communicate()
    assert summary["logins"] == 3 and summary["failures"] == 0 and summary["settings"] >= 3
    log = broker.log.read_text()
    assert log.count("Received DISCONNECT from board") == 3
    lost = [line for line in log.splitlines() if "Client board" in line and not line.endswith("disconnected.")]
    assert not lost, lost


def test_mosquitto_with_a_wrong_password_and_a_wrong_authority(tmp_path):
    """what is wrong is told, and no device is let in"""
    with Mosquitto(tmp_path / "mosquitto") as broker:
        base = [BINARY, "simulate", "--for", "2s", "--device-host", NAME, "--device-address", "127.0.0.1"]

        def fails(*flags):
            done = subprocess.run([*base, *map(str, flags)], capture_output=True, text=True, env=clean_environment())
            assert done.returncode == 1, done.stderr
            return done.stderr

        wrong = ("--username", USER, "--password", "wrong")
        assert "refused by CONNACK 5" in fails("--plain", "--device-port", broker.plain_port, *wrong)
        (tmp_path / "other").mkdir()
        with Server(tmp_path / "other", "--ephemeral") as server:
            said = fails("--ca", server.ca, "--device-port", broker.tls_port, *wrong)
        assert "certificate" in said
        assert broker.log.read_text().count("New client connected") == 0


def test_a_simulated_device_passes_the_quick_suite(tmp_path):
    """as the program of --device-cmd, which finds its server in its environment"""
    profile = quick_profile(
        tmp_path, report_interval_s=0.3, first_pause_s=0.15, max_pause_s=2.5, patience_s=2, content_interval_s=0
    )
    command = f"exec {BINARY} simulate --profile {profile} # $MURANO_TOKEN"
    code, run, said = verify(tmp_path, command)
    assert code == 0, said + told(run)
    judged = outcomes(run)
    assert not {"failed", "warned"} & set(judged.values()), told(run)
    for check in ("TLS-01", "TLS-02", "TLS-04", "TLS-05", "TLS-06", "CON-01", "CON-02", "CON-03", "CON-05", "KA-03"):
        assert judged[check] == "passed", told(run)
    assert judged["PUB-05"] == judged["RX-01"] == judged["RX-06"] == "passed", told(run)


def test_bad_usage_says_what_is_wrong_and_what_may_stand_there(server, tmp_path):
    command = CommandLine(server)

    def said(*arguments):
        return command.fails("simulate", *arguments, code=2)

    kinds = said("--misbehave", "coma")
    assert "did you mean comma?" in kinds and all(kind in kinds for kind in KINDS)
    assert "expected a number from 1 to 50000" in said("--count", "0")
    assert "expected a number from 1 to 50000" in said("--count", "many")
    assert "--rate" in said("--rate", "0")
    assert "--for" in said("--for", "soon")
    assert "did you mean thermostat?" in said("--profile", "thermostate")
    assert "needs a resource of format number" in said("--misbehave", "comma", "--profile", "tutorial")
    assert "--token is one device's" in said("--count", 2, "--token", "x")
    assert "--username needs --password" in said("--username", "x")
    assert "1 to 255 bytes" in said("--identity", "i" * 300)
    file = tmp_path / "mine.json"
    file.write_text('{\n  "resources": {\n    "t": {"report": {"sin": {}}}\n  }\n}\n')
    assert f"{file}:3:22: resources.t.report.sin: unknown key, did you mean \"sine\"?" in said("--profile", file)
    printed = command.ok("simulate", "--print-profile", "thermostat")
    file.write_text(printed)
    command.ok("simulate", "--profile", file, "--for", "300ms", "--connector", "printed")


def test_a_server_that_is_not_there(tmp_path):
    with Server(tmp_path, "--ephemeral") as server:
        url = server.ready["api"]
    done = subprocess.run([BINARY, "simulate", "--url", url], capture_output=True, text=True, env=clean_environment())
    assert done.returncode == 1 and "murano-emulator simulate: " in done.stderr


def test_a_terminal_gets_one_line_that_changes(server):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [BINARY, "simulate", "--count", "3", "--connector", "terminal", "--rate", "5"],
        env=clean_environment(MURANO_EMULATOR_URL=server.ready["api"]),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    text = ""
    while not re.search(r"\r\x1b\[K3 of 3 logged in, [1-9]\d* reports", text):
        text += os.read(ours, 4096).decode()
    assert "All 3 logged in after" in text
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=PATIENCE_S)
    os.close(ours)
    assert process.returncode == 0 and out.startswith(b"3 devices in ")


def test_without_a_terminal_lines_are_plain(server):
    """and --for ends it"""
    done = subprocess.run(
        [BINARY, "simulate", "--connector", "plain", "--for", "3s"],
        env=clean_environment(MURANO_EMULATOR_URL=server.ready["api"]),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "\r" not in done.stderr and "\x1b" not in done.stderr
    assert "Logged in after" in done.stderr and done.stdout.startswith("1 device in ")


def test_many_devices_in_one_process(server):
    """they come a few at a time, and none is lost on the way"""
    site = Site(server, "many")
    with Simulation(server, "--connector", "many", "--count", 500) as devices:
        wait_until(lambda: site.control.has_identity("many", "simulated-500"), "the last one", 6 * PATIENCE_S)
        wait_until(lambda: len(online(site)) == 500, "all of them online", 6 * PATIENCE_S)
        summary = devices.end()
    assert summary["most_logged_in"] == summary["logins"] == summary["provisioned"] == 500, summary
    assert site.findings() == []
