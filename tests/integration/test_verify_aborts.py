"""A run may end at any moment and in any way: nothing of what it changed stays. [verdict.md 1]"""

import contextlib
import json
import signal
import subprocess

import pytest

from support.command import CommandLine
from support.device import Site
from support.echoing_device import EchoingDevice
from support.server import Server
from support.waiting import PATIENCE_S, wait_until

RUNS = "/_emulator/v1/runs"
SHORT = {"look_s": 0, "watch_s": 1, "wait_s": 5, "patience_s": 1, "max_backoff_s": 0.5}
OWN = {
    "suite": "Own",
    "checks": [
        {
            "id": "GH-01",
            "title": "It goes on and on",
            "timeout_s": 600,
            "steps": [
                {"set": {"data_out": "7"}},
                {"fault": {"kind": "withhold", "packet": "PINGRESP"}},
                {"advance": "25h"},
                {"wait": "600s"},
            ],
        }
    ],
}
# What the run has changed: read of the server; and what to ask for, so that it does.
SCENES = {
    "steps": ({"suite": OWN}, lambda now: now["set"] == "7" and now["faults"] == 1 and now["clock"] > 0),
    "content": ({"only": ["CNT-02"], "hooks": ["update"]}, lambda now: now["content"]),
    "credential": ({"only": ["PRV-06"]}, lambda now: now["credential"] != 200),
}


def seen(site):
    """All that a run may change."""
    control, connector = site.control, site.connector
    return {
        "set": site.state().get("data_out", {}).get("set"),
        "faults": len(control.ok("GET", "/_emulator/v1/faults").json()["faults"]),
        "clock": control.ok("GET", f"/_emulator/v1/clock?connector={connector}").json()["offset_us"],
        "content": control.ok("GET", f"/api:1/service/{connector}/content/item").json(),
        "credential": control.request("GET", f"/_emulator/v1/connectors/{connector}/identities/12345/secret").status,
    }


def own_parameters(scene):
    # Nothing but the end of the test ends it.
    return {**SHORT, "patience_s": 600} if scene != "steps" else SHORT


class Scene:
    """A run in the middle of something."""

    def __init__(self, site, scene):
        body, self._changed = SCENES[scene]
        self.site, self.before = site, seen(site)
        self.body = {"connector": site.connector, "identity": "12345", "parameters": own_parameters(scene), **body}

    def start(self):
        run = self.site.control.ok("POST", RUNS, self.body).json()
        self.path = f"{RUNS}/{run['id']}"
        self.wait_for_change()

    def wait_for_change(self):
        wait_until(lambda: self._changed(seen(self.site)), "what the run changes", PATIENCE_S)

    def run(self):
        return self.site.control.ok("GET", self.path).json()


@contextlib.contextmanager
def running(tmp_path, scene):
    with Server(tmp_path / "server") as server:
        site = Site(server, "lab")
        with EchoingDevice(site.device()):
            told = Scene(site, scene)
            told.start()
            yield server, told


@pytest.mark.parametrize("scene", SCENES)
def test_delete_takes_back_what_the_run_changed(tmp_path, scene):
    with running(tmp_path, scene) as (_, told):
        assert told.site.control.request("DELETE", told.path).status == 204
        assert seen(told.site) == told.before
        assert told.run()["state"] == "aborted"


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("end", ("kill", "stop"))
def test_a_server_that_ends_takes_back_what_the_run_changed(tmp_path, scene, end):
    """Killed, the next start does it; stopped, the server itself."""
    with running(tmp_path, scene) as (server, told):
        getattr(server, end)()
        server.start()
        told.site.control = server.control
        assert seen(told.site) == told.before
        if end == "kill":
            run = told.run()
            assert (run["state"], run["aborted_because"]) == ("aborted", "the server was restarted")


def test_a_device_that_goes_ends_the_run(tmp_path):
    with Server(tmp_path / "server") as server:
        site = Site(server, "lab")
        with EchoingDevice(site.device()):
            told = Scene(site, "credential")
            told.body["parameters"] = SHORT
            told.start()
        wait_until(lambda: told.run()["state"] == "done", "the end of the run", PATIENCE_S)
        assert seen(site) == told.before


@pytest.mark.parametrize("number", (signal.SIGINT, signal.SIGTERM), ids=("SIGINT", "SIGTERM"))
def test_interrupting_the_command_takes_back_what_the_run_changed(tmp_path, server, site, number):
    with EchoingDevice(site.device()):
        told = Scene(site, "steps")
        suite = tmp_path / "own.jsonc"
        suite.write_text(json.dumps(OWN))
        command = CommandLine(server, site.connector)
        settings = [f"--set={key}={value}" for key, value in SHORT.items()]
        process = subprocess.Popen(
            command.command("verify", "--identity", "12345", "--suite", suite, *settings),
            env=command.environment(),
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
        told.wait_for_change()
        process.send_signal(number)
        _, said = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 4, said
        assert seen(site) == told.before
