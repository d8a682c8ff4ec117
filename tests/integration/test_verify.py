"""The verdict: the reference device passes, and each device with one flaw fails where its flaw is. [verdict.md]"""

import pathlib
import subprocess
import xml.etree.ElementTree as tree

from support.command import CommandLine
from support.device import Site
from support.server import Server
from support.server import run as run_binary
from support.verdict import device_command, outcomes, told, verify
from support.waiting import wait_until


def test_the_reference_device_passes_the_quick_suite(tmp_path):
    reports = [tmp_path / name for name in ("verdict.xml", "verdict.html", "verdict.md", "verdict.tap", "verdict.txt")]
    code, run, said = verify(tmp_path, device_command(), *(f"--output={report}" for report in reports))
    assert code == 0, said + told(run)
    judged = outcomes(run)
    assert not {"failed", "warned"} & set(judged.values()), told(run)
    for check in ("TLS-01", "TLS-02", "TLS-04", "TLS-05", "TLS-06", "CON-01", "CON-02", "CON-03", "CON-05", "KA-03"):
        assert judged[check] == "passed", told(run)
    junit = tree.parse(reports[0]).getroot()
    assert len(list(junit.iter("testcase"))) == len(run["checks"])
    assert "<script" not in reports[1].read_text()
    assert all(report.stat().st_size > 0 for report in reports)
    assert run["state"] == "done" and run["server"]["version"]


def test_a_device_that_says_nothing_never_connected(tmp_path):
    code, run, said = verify(tmp_path, device_command("mute"), "--watch-only", watch_s=2)
    assert code == 3, said + told(run)
    assert "it opened a TCP connection" in said and "sent nothing" in said


def test_a_device_that_does_not_come_at_all(tmp_path):
    code, _, said = verify(tmp_path, "exec sleep 60", "--watch-only", wait_s=1)
    assert code == 3 and "nothing came from it" in said


def test_a_program_that_is_not_there_is_not_waited_for(tmp_path):
    code, _, said = verify(tmp_path, "exec ./no-firmware --token $MURANO_TOKEN", "--watch-only", wait_s=600)
    assert code == 4, said
    assert "the device's program could not be started (exit code 127): look at --device-cmd" in said


def test_warnings_may_fail_and_checks_may_be_required(tmp_path):
    command = device_command("qos2")
    assert verify(tmp_path, command, "--only", "PUB-06", "--watch-only", "--warnings-as", "fail")[0] == 1
    code, _, said = verify(tmp_path, device_command(), "--only", "PUB-06,TLS-12", "--watch-only", "--require", "TLS-*")
    assert code == 1 and "required, and not judged: TLS-12" in said


def test_bad_usage_says_what_is_wrong(server):
    command = CommandLine(server)
    assert "no check fits 'CON-99'" in command.fails("verify", "--identity", "1", "--only", "CON-99", code=2)
    assert "--identity ID" in command.fails("verify", code=2)
    assert "--output report.pdf" in command.fails("verify", "--identity", "1", "--output", "report.pdf", code=2)
    said = command.fails("verify", "--identity", "1", "--set", "patience=3", code=2)
    assert "patience_s" in said or "patience" in said
    assert "TLS-04" in command.ok("verify", "--list", "--suite", "full")


def test_without_a_server_the_run_cannot_be_done(tmp_path):
    code, _, said = run_binary("verify", "--identity", "1", "--url", "http://127.0.0.1:1", cwd=tmp_path)
    assert code == 4 and said


def test_runs_by_the_api(site):
    control = site.control
    device = site.device()
    body = {"connector": site.connector, "identity": device.identity, "watch_only": True, "parameters": {"watch_s": 60}}
    run = control.ok("POST", "/_emulator/v1/runs", body).json()
    assert run["state"] == "waiting_for_device"
    path = f"/_emulator/v1/runs/{run['id']}"
    assert control.request("POST", "/_emulator/v1/runs", body).status == 409
    assert control.request("GET", "/_emulator/v1/runs/none").status == 404
    assert control.request("POST", f"{path}/hooks/report", {"done": True}).status == 404
    assert control.request("GET", f"{path}/report?format=pdf").status == 400
    with device.connected():
        wait_until(lambda: control.ok("GET", path).json()["state"] == "running", "a run that has seen its device")
    for form in ("junit", "markdown", "tap", "html", "text", "json"):
        assert control.request("GET", f"{path}/report?format={form}").status == 200
    assert control.request("DELETE", path).status == 204
    assert control.ok("GET", path).json()["state"] == "aborted"
    told_events = [event["payload"]["what"] for event in site.events(type="verdict")]
    assert told_events[0] == "began" and told_events[-1] == "ended"
    assert control.request("DELETE", path).status == 204
    assert control.request("GET", path).status == 404


def test_an_aborted_run_takes_its_faults_away(site):
    control = site.control
    device = site.device()
    body = {"connector": site.connector, "identity": device.identity, "only": ["CON-02"], "parameters": {"look_s": 0}}
    run = control.ok("POST", "/_emulator/v1/runs", body).json()
    with device.connected():
        wait_until(lambda: control.ok("GET", "/_emulator/v1/faults").json()["faults"], "the run's fault")
    assert control.request("POST", f"/_emulator/v1/reset?connector={site.connector}").status == 204
    assert control.ok("GET", "/_emulator/v1/faults").json()["faults"] == []
    after = control.ok("GET", f"/_emulator/v1/runs/{run['id']}").json()
    assert after["state"] == "aborted" and after["aborted_because"] == "the device was reset"


def test_interrupting_the_command_aborts_the_run(server, site, tmp_path):
    device = site.device()
    command = CommandLine(server, site.connector)
    process = subprocess.Popen(
        command.command("verify", "--identity", device.identity, "--watch-only"),
        env=command.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )

    def mine():
        runs = site.control.ok("GET", "/_emulator/v1/runs").json()["runs"]
        return [run for run in runs if run["connector"] == site.connector]

    wait_until(mine, "the run")
    process.terminate()
    _, said = process.communicate(timeout=30)
    assert process.returncode == 4, said
    assert mine()[0]["state"] == "aborted"


def test_a_run_that_a_crash_cut_off_is_aborted_after_the_restart(tmp_path):
    with Server(tmp_path / "server") as server:
        site = Site(server, "lab")
        device = site.device()
        body = {"connector": "lab", "identity": device.identity, "watch_only": True}
        run = site.control.ok("POST", "/_emulator/v1/runs", body).json()
        server.kill()
        server.start()
        after = server.control.ok("GET", f"/_emulator/v1/runs/{run['id']}").json()
        assert (after["state"], after["aborted_because"]) == ("aborted", "the server was restarted")
        again = server.control.ok("POST", "/_emulator/v1/runs", body).json()
        assert int(again["id"]) > int(run["id"])


def test_checks_that_strike_before_connect_need_the_address_to_themselves(server, site, tmp_path):
    """On a running server, whose name does not resolve here: the device goes to MURANO_ADDRESS with that name."""
    with site.device("67890").connected():
        only = ("--only", "TLS-04,CON-02", "--connector", site.connector)
        code, run, said = verify(tmp_path, device_command(), *only, server=server)
    assert outcomes(run) == {"TLS-04": "not_run", "CON-02": "passed"}, said + told(run)
    assert code == 0 and "MURANO_ADDRESS" in said
    assert "another device is connected on this connector" in run["checks"][0]["message"]
    assert site.control.ok("GET", "/_emulator/v1/faults").json()["faults"] == []


def test_a_power_cycle_kills_the_program_and_its_children(tmp_path):
    """The device is a process group; nothing of it outlives the command."""
    pids = tmp_path / "pids"
    command = f"sleep 1000 & echo $! >> {pids}; echo $$ >> {pids}; wait"
    assert verify(tmp_path, command, "--watch-only", wait_s=1)[0] == 3
    for pid in pids.read_text().split():
        status = pathlib.Path(f"/proc/{pid}/status")
        assert not status.exists() or "State:\tZ" in status.read_text()
