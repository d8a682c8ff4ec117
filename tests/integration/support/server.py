"""The server under test as a process: started on free ports, watched, stopped cleanly, or killed."""

import http.client
import json
import os
import pathlib
import signal
import subprocess

from support.control import Control
from support.finding_table import complaints
from support.raw_client import RawClient
from support.waiting import PATIENCE_S, wait_until

BINARY = os.environ.get("MURANO_EMULATOR", "")
REPORTS = ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:", "WARNING: ThreadSanitizer")


def clean_environment(**extra):
    """The environment without settings of the emulator that the developer happens to have."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MURANO_EMULATOR")}
    return {**kept, **extra}


def run(*arguments, **options):
    """Runs the binary to its end: (exit code, standard output, standard error)."""
    done = subprocess.run(
        [BINARY, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE_S,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        **options,
    )
    return done.returncode, done.stdout, done.stderr


class Server:
    """One `murano-emulator serve`. `with Server(folder) as server:` starts it and checks that it stops cleanly."""

    def __init__(
        self, folder, *flags, settings=None, data_dir=None, mqtts="127.0.0.1:0", api="127.0.0.1:0", environment=None
    ):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data_dir = pathlib.Path(data_dir) if data_dir else self.folder / "data"
        self.ready_file = self.folder / "ready.json"
        self.log_file = self.folder / "server.log"
        self.process = None
        self.ready = None
        self._environment = environment or {}
        self._flags = [
            *("--api", api, "--mqtts", mqtts, "--ready-file", str(self.ready_file)),
            *("--log-format", "json", "--log-level", "debug"),
            *map(str, flags),
        ]
        if "--ephemeral" not in flags:
            self._flags += ["--data-dir", str(self.data_dir)]
        if settings is not None:
            (self.folder / "settings.jsonc").write_text(json.dumps(settings))
            self._flags += ["--config", str(self.folder / "settings.jsonc")]

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        if self.process and self.process.poll() is None:
            if kind is None:
                self.check_findings()
            code = self.stop()
            if kind is None:
                assert code == 0, f"the server stopped with {code}:\n{self.log()[-4000:]}"
        if kind is None:
            self.check_reports()

    def start(self):
        """Starts the process and waits until it says that it is ready."""
        self.ready_file.unlink(missing_ok=True)
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [BINARY, "serve", *self._flags],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=clean_environment(**self._environment),
            )
        try:
            wait_until(self._is_ready, lambda: f"a ready server; its log:\n{self.log()[-4000:]}")
        except BaseException:
            self.kill()
            raise
        return self

    def _is_ready(self):
        code = self.process.poll()
        assert code is None, f"the server ended with {code} before it was ready:\n{self.log()[-4000:]}"
        if not self.ready_file.exists():
            return False
        self.ready = json.loads(self.ready_file.read_text())
        return True

    def stop(self):
        """SIGTERM; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)

    def kill(self):
        """SIGKILL, as a crash or a power switch of the process would."""
        self.process.kill()
        self.process.wait(PATIENCE_S)

    def log(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def check_findings(self):
        """Fails when a finding is not as docs/findings.tsv says; a server that answers nobody is not asked."""
        try:
            answer = self.control.request("GET", "/_emulator/v1/events?type=finding&limit=10000")
        except (OSError, http.client.HTTPException):
            return
        if answer.status == 200:
            wrong = complaints(answer.json()["events"])
            assert not wrong, "docs/findings.tsv does not tell what the server says:\n" + "\n".join(wrong)

    def check_reports(self):
        """Fails when a sanitizer wrote a report."""
        log = self.log()
        for report in REPORTS:
            assert report not in log, log[log.index(report) :][:8000]

    # --- how to reach it ---
    @property
    def ca(self):
        return self.ready["ca"]

    @property
    def domain(self):
        return self.ready["domain"]

    @property
    def address(self):
        """(host, port) of the first TLS device port."""
        return split_address(self.ready["mqtts"][0])

    @property
    def plain_address(self):
        return split_address(self.ready["mqtt"][0])

    @property
    def control(self):
        return Control(self.ready["api"])

    def host(self, connector):
        return f"{connector}.{self.domain}"

    def client(self, connector, **options):
        """A raw client with an open TLS connection to that connector; nothing is sent yet."""
        return RawClient.tls(self.address, self.host(connector), self.ca, **options)


def split_address(text):
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)
