"""The command line as people and scripts type it, against a running server."""

import json
import os
import select
import subprocess

from support.server import BINARY, clean_environment
from support.waiting import PATIENCE_S, Deadline


class CommandLine:
    """Runs commands for one server and connector. `ok` fails the test on another exit code than 0."""

    def __init__(self, server, connector=None):
        self._server = server
        self._tail = ["--connector", connector] if connector else []

    def command(self, *arguments):
        return [BINARY, *map(str, arguments), *self._tail]

    def environment(self):
        return clean_environment(MURANO_EMULATOR_URL=self._server.ready["api"])

    def run(self, *arguments):
        """(exit code, standard output, standard error)"""
        done = subprocess.run(
            self.command(*arguments),
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE_S,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
        )
        return done.returncode, done.stdout, done.stderr

    def ok(self, *arguments):
        code, out, said = self.run(*arguments)
        assert code == 0, f"{arguments}: exit code {code}\n{said}"
        return out

    def json(self, *arguments):
        return json.loads(self.ok(*arguments, "--json"))

    def fails(self, *arguments, code=1):
        found, out, said = self.run(*arguments)
        assert found == code, f"{arguments}: exit code {found}\n{out}{said}"
        return said

    def fails_with_output(self, *arguments, code=1):
        """What it wrote before it failed."""
        found, out, said = self.run(*arguments)
        assert found == code, f"{arguments}: exit code {found}\n{out}{said}"
        return out

    def start(self, *arguments):
        """A command that goes on; a context manager."""
        return Running(self.command(*arguments), self.environment())


class Running:
    def __init__(self, command, environment):
        self._process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self._rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.communicate()

    def line(self):
        """The next line, waited for."""
        deadline = Deadline()
        while b"\n" not in self._rest:
            readable, _, _ = select.select([self._process.stdout], [], [], deadline.left())
            piece = os.read(self._process.stdout.fileno(), 65536) if readable else b""
            assert piece, f"no line came; so far {self._rest!r}"
            self._rest += piece
        line, self._rest = self._rest.split(b"\n", 1)
        return line.decode()
