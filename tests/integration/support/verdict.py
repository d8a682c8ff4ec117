"""Runs of `murano-emulator verify` against the reference device and those with a flaw."""

import concurrent.futures
import json
import pathlib
import shlex
import subprocess

from support.server import BINARY, clean_environment

CLIENTS = pathlib.Path(__file__).resolve().parents[1] / "clients"
REFERENCE = CLIENTS.parents[2] / "clients" / "python" / "reference_device.py"
# Everything is quick, so that a run takes seconds; the numbers keep their order.
DEVICE = "--interval 0.3 --keep-alive 2 --first-pause 0.15 --max-pause 2.5 --patience 2"
QUICK = {"patience_s": 6, "max_backoff_s": 1.2, "watch_s": 4, "look_s": 3, "wait_s": 20}


def device_command(flaw="none", options="", token=True):
    """`options` behind the quick ones. Without a token it has to provision."""
    program = shlex.quote(str(CLIENTS / "flawed_device.py"))
    return f"exec /usr/bin/python3 -u {program} {flaw} {DEVICE} {options}" + (" # $MURANO_TOKEN" if token else "")


def verify(folder, command, *arguments, server=None, timeout_s=180, **parameters):
    """(exit code, the run as JSON or None, standard error) of a run; without `server` it starts one of its own."""
    named = {"MURANO_EMULATOR_URL": server.ready["api"]} if server else {}
    report = folder / "verdict.json"
    settings = [f"--set={key}={value}" for key, value in {**QUICK, **parameters}.items()]
    done = subprocess.run(
        [BINARY, "verify", "--identity", "12345", "--device-cmd", command, "--output", report, *settings, *arguments],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        env=clean_environment(**named),
        stdin=subprocess.DEVNULL,
        cwd=folder,
    )
    return done.returncode, json.loads(report.read_text()) if report.exists() else None, done.stderr


class SideBySide:
    """Judges rows of a table, some at a time: most of a run is spent waiting. A row's result is asked for by its name."""

    def __init__(self, rows, judge, at_a_time=14):
        self._pool = concurrent.futures.ThreadPoolExecutor(at_a_time)
        self._runs = {name: self._pool.submit(judge, row) for name, row in rows.items()}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._pool.shutdown(cancel_futures=True)

    def __getitem__(self, name):
        return self._runs[name].result()


def selected(request, name_of):
    """The rows of this module's tests that were selected, by name."""
    items = [item for item in request.session.items if item.fspath == request.node.fspath and "row" in item.fixturenames]
    return {name_of(item.callspec.params["row"]): item.callspec.params["row"] for item in items}


def outcomes(run):
    return {check["id"]: check["outcome"] for check in run["checks"]}


def told(run):
    """What a failed test shows."""
    return "\n".join(f"{check['outcome']:8} {check['id']} {check['message']}" for check in run["checks"])
