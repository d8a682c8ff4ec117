"""Suite files: own checks as steps, by the API and by the command, and what a run changes is as before. [verdict.md 4]"""

import json

import pytest

from support.command import CommandLine
from support.echoing_device import EchoingDevice
from support.verdict import device_command, outcomes, told, verify
from support.waiting import PATIENCE_S, wait_until

STEPS = [
    {"set": {"data_out": "7"}},
    {"expect": {"type": "data_in", "alias": "data_in", "equals": "7"}, "within": "10s", "hint": "Report what is set."},
]


def suite(*steps, **check):
    return {"suite": "Own", "checks": [{"id": "GH-01", "title": "It echoes", "timeout_s": 20, "steps": list(steps), **check}]}


def judged(site, own_suite, device=None, **body):
    """The run, once it is over."""
    control = site.control
    body = {"connector": site.connector, "identity": "12345", "suite": own_suite, **body}
    body["parameters"] = {"look_s": 0, "watch_s": 1, "patience_s": 10, **body.get("parameters", {})}
    run = control.ok("POST", "/_emulator/v1/runs", body).json()
    path = f"/_emulator/v1/runs/{run['id']}"
    wait_until(lambda: control.ok("GET", path).json()["state"] == "done", "the end of the run", 3 * PATIENCE_S)
    return control.ok("GET", path).json()


def test_a_check_of_its_own_passes_and_the_value_is_put_back(site):
    with EchoingDevice(site.device()):
        run = judged(site, suite(*STEPS))
    assert outcomes(run) == {"GH-01": "passed"}, run
    assert run["suite"] == "Own"
    assert site.state()["data_out"].get("set") is None


def test_a_message_of_any_topic_reaches_a_device_that_subscribes_to_nothing(site):
    with EchoingDevice(site.device()):
        run = judged(site, suite({"publish": {"topic": "$resource/data_out/1", "payload": "7"}}, STEPS[1]))
    assert outcomes(run) == {"GH-01": "passed"}, told(run)


def test_a_fault_strikes_the_message_that_comes_right_behind_it(site):
    steps = [
        {"fault": {"kind": "withhold", "packet": "PUBLISH"}},
        {"publish": {"topic": "$resource/data_out/1", "payload": "7"}},
        {"never": STEPS[1]["expect"], "for": "1s"},
    ]
    with EchoingDevice(site.device()):
        run = judged(site, suite(*steps))
    assert outcomes(run) == {"GH-01": "passed"}, told(run)


def test_a_failing_step_is_named_and_what_came_near(site):
    with EchoingDevice(site.device(), lambda value: b"8"):
        run = judged(site, suite(STEPS[0], {**STEPS[1], "within": "2s"}))
    check = run["checks"][0]
    assert check["outcome"] == "failed", told(run)
    assert "step 2" in check["message"].lower() and "8" in check["message"]
    assert check["hint"] == "Report what is set."


def test_faults_and_the_clock_are_as_before(site):
    device = site.device()
    clock = site.control.ok("GET", f"/_emulator/v1/clock?connector={site.connector}").json()
    steps = [
        {"fault": {"kind": "withhold", "packet": "PUBACK", "times": 2}},
        {"advance": "25h"},
        {"never": {"type": "data_in", "alias": "data_in", "equals": "7"}, "for": "1s"},
        {"clear": True},
        *STEPS,
    ]
    with EchoingDevice(device):
        run = judged(site, suite(*steps))
    assert outcomes(run) == {"GH-01": "passed"}, run
    assert site.control.ok("GET", "/_emulator/v1/faults").json()["faults"] == []
    after = site.control.ok("GET", f"/_emulator/v1/clock?connector={site.connector}").json()
    assert after["offset_us"] == clock["offset_us"]


def test_a_hook_is_asked_for_and_answered(site):
    with EchoingDevice(site.device()):
        body = {
            "connector": site.connector,
            "identity": "12345",
            "suite": suite({"hook": "report"}, *STEPS),
            "hooks": ["report"],
            "parameters": {"look_s": 0, "watch_s": 1},
        }
        run = site.control.ok("POST", "/_emulator/v1/runs", body).json()
        path = f"/_emulator/v1/runs/{run['id']}"
        wait_until(lambda: site.control.ok("GET", path).json().get("hooks_asked") == ["report"], "the hook")
        site.control.ok("POST", f"{path}/hooks/report", {"done": True})
        wait_until(lambda: site.control.ok("GET", path).json()["state"] == "done", "the end of the run")
        assert outcomes(site.control.ok("GET", path).json()) == {"GH-01": "passed"}


@pytest.mark.parametrize(
    "own_suite, said",
    [
        ({"suite": "x", "chekcs": []}, "checks"),
        (suite({"expct": {}}), "expect"),
        (suite(STEPS[0], id="CON-01"), "CON-01"),
    ],
)
def test_mistakes_of_a_suite_are_refused(site, own_suite, said):
    body = {"connector": site.connector, "identity": "12345", "suite": own_suite}
    answer = site.control.request("POST", "/_emulator/v1/runs", body)
    assert answer.status == 400 and said in answer.text


def test_a_suite_file_by_the_command(server, tmp_path):
    file = tmp_path / "own.jsonc"
    file.write_text("// ours\n" + json.dumps(suite({"wait": "1s"}), indent=1))
    assert "GH-01" in CommandLine(server).ok("verify", "--list", "--suite", file)
    code, run, said = verify(tmp_path, device_command(), "--suite", file)
    assert code == 0 and outcomes(run) == {"GH-01": "passed"}, said + told(run)
    file.write_text('{\n "suite": "x",\n "checks": [{"id": "GH-01", "steps": [{"wiat": "2s"}]}]\n}')
    said = CommandLine(server).fails("verify", "--identity", "1", "--suite", file, code=2)
    assert f"{file}:3:" in said and "wait" in said
    said = CommandLine(server).fails("verify", "--identity", "1", "--suite", tmp_path / "none", code=2)
    assert "quick, full, soak, or a file" in said
