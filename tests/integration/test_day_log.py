"""The log for a day's work: what a person reads on a terminal at level info."""

import os
import pty
import re
import subprocess
import threading

import pytest

from support.device import Site
from support.server import BINARY, Server, clean_environment

LINE = re.compile(r"\d\d:\d\d:\d\d (warn  |error )?")


class OnATerminal(Server):
    """A server whose log goes to a terminal."""

    def start(self):
        self._terminal, end = pty.openpty()
        flags = [flag for flag in self._flags if flag not in ("--log-format", "json", "--log-level", "debug")]
        environment = clean_environment(**{"TERM": "xterm", **self._environment})
        self.process = subprocess.Popen([BINARY, "serve", *flags], stdin=end, stdout=subprocess.DEVNULL, stderr=end, env=environment)
        os.close(end)
        self._text = b""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        while not self._is_ready():
            self._reader.join(0.01)
        return self

    def _read(self):
        try:
            while piece := os.read(self._terminal, 65536):
                self._text += piece
        except OSError:
            pass  # the other end was closed

    def stop(self):
        code = super().stop()
        self._reader.join()
        os.close(self._terminal)
        return code

    def log(self):
        return self._text.decode().replace("\r\n", "\n")


def a_day(folder, **environment):
    """A device that reports once as it should and 40 times under a name that is not defined; what the log said."""
    server = OnATerminal(folder, "--ephemeral", environment=environment)
    with server:
        with Site(server, "local").device("dev1").connected() as client:
            client.publish_and_wait("$resource/data_in", b"21")
            for number in range(40):
                client.publish_and_wait("$resource/temprature", str(number).encode())
    return server.log()


@pytest.fixture(scope="module")
def plain_log(tmp_path_factory):
    return a_day(tmp_path_factory.mktemp("plain"), NO_COLOR="1")


def test_a_value_that_arrives_is_a_line(plain_log):
    assert re.search(r"^\d\d:\d\d:\d\d dev1 data_in data_in=21 connector=local$", plain_log, re.MULTILINE), plain_log


def test_a_finding_that_repeats_is_folded(plain_log):
    """[R37] Once in full, then how often again"""
    assert len(re.findall("is defined: the value was recorded", plain_log)) == 1, plain_log
    assert sum(int(n) for n in re.findall(r"warn  dev1 R37 again, (\d+) times", plain_log)) == 39, plain_log


def test_lines_are_short_and_without_ids(plain_log):
    """40 reports made 123 lines once; at most 20 values a second have a line now"""
    lines = plain_log.splitlines()
    assert len(lines) < 60 and all(LINE.match(line) for line in lines), plain_log
    assert "connection=" not in plain_log and "client_id=" not in plain_log
    assert "\x1b" not in plain_log


def test_colours_on_a_terminal(tmp_path):
    log = a_day(tmp_path)
    assert "\x1b[33m warn  dev1 R37 again" in log and "\x1b[2m" in log, log
