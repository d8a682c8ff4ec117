"""The fixture judges firmware: what `verify` promises. All pass."""

import pytest
from firmware import living
from murano_emulator import VerdictFailed

SUITE = {"suite": "Own", "checks": ["PUB-01", {"id": "OWN-1", "steps": [{"hook": "report"}, {"wait": "100ms"}]}]}
SOON = {"look_s": 0, "watch_s": 1, "wait_s": 10}


def outcomes(run):
    return {check["id"]: check["outcome"] for check in run["checks"]}


def test_firmware_that_keeps_the_rules(murano):
    device, asked = murano.provisioned(), []
    with living(murano, device):
        run = murano.verify(device.identity, suite=SUITE, hooks={"report": lambda: asked.append(1)}, parameters=SOON)
    assert outcomes(run) == {"PUB-01": "passed", "OWN-1": "passed"} and asked == [1]


@pytest.mark.allow_violations("R46")
def test_firmware_that_breaks_one(murano):
    device = murano.provisioned()
    with living(murano, device, "$resources/data_in"):
        with pytest.raises(VerdictFailed, match="the device failed\n  PUB-01 .*resources/data_in") as failed:
            murano.verify(device.identity, only=["PUB-01", "PUB-02"], watch_only=True, parameters=SOON)
    assert outcomes(failed.value.run)["PUB-01"] == "failed"


def test_a_device_that_never_comes(murano):
    device = murano.provisioned()
    with pytest.raises(VerdictFailed, match="the device never connected: "):
        murano.verify(device.identity, watch_only=True, parameters={"wait_s": 0.1})


def test_a_hook_that_fails_ends_the_run(murano):
    device = murano.provisioned()
    with living(murano, device), pytest.raises(ZeroDivisionError):
        murano.verify(device.identity, suite=SUITE, hooks={"report": lambda: 1 / 0}, parameters=SOON)
    runs = murano.emulator.call("GET", "/_emulator/v1/runs")["runs"]
    assert [run["state"] for run in runs if run["identity"] == device.identity] == ["aborted"]
