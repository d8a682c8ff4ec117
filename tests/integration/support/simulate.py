"""`murano-emulator simulate` as a process: started, looked at, interrupted."""

import json
import signal
import subprocess

from support.server import BINARY, clean_environment
from support.waiting import PATIENCE_S

# Everything is quick, so that a test takes seconds.
QUICK_PROFILE = {
    "report_interval_s": 0.2,
    "keep_alive_s": 2,
    "first_pause_s": 0.1,
    "max_pause_s": 0.5,
    "patience_s": 3,
    "resources": {
        "data_in": {"report": {"members": {"001": {"sine": {"mean": 21}}}}},
        "config_io": {"setting": {"apply_after_s": 0.05}},
    },
}


def quick_profile(folder, **changed):
    file = folder / "profile.json"
    file.write_text(json.dumps({**QUICK_PROFILE, **changed}))
    return file


class Simulation:
    """with Simulation(server, "--count", 5) as devices: …; devices.end() gives the summary."""

    def __init__(self, server, *arguments):
        named = {"MURANO_EMULATOR_URL": server.ready["api"]} if server else {}
        self._command = [BINARY, "simulate", "--json", *map(str, arguments)]
        self._environment = clean_environment(**named)
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, kind, *_):
        if self.process.poll() is None:
            self.process.kill()
        _, said = self.process.communicate()
        if kind is not None:
            print(said)

    def end(self, how=signal.SIGINT):
        """The summary of a clean end."""
        self.process.send_signal(how)
        out, said = self.process.communicate(timeout=PATIENCE_S)
        assert self.process.returncode == 0, said
        assert "ERROR" not in said and "runtime error" not in said, said
        return json.loads(out)
