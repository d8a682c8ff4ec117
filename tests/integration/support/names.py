"""Host names of connectors without root and without DNS: Debian's libnss-wrapper answers for the programs under it."""

import itertools
import os
import pathlib
import subprocess

from support.server import clean_environment
from support.waiting import PATIENCE_S

_numbers = itertools.count(2)


def own_address():
    """An address of 127.0.0.0/8 that no other test has, so that port 8883 can be used many times."""
    pid = os.getpid()
    return f"127.{pid >> 8 & 255 or 1}.{pid & 255}.{next(_numbers)}"


def wrapped_environment(folder, names, **extra):
    """An environment in which these names have these addresses. names: {name: address}."""
    hosts = pathlib.Path(folder) / "hosts"
    hosts.write_text("".join(f"{address} {name}\n" for name, address in names.items()))
    return clean_environment(LD_PRELOAD="libnss_wrapper.so", NSS_WRAPPER_HOSTS=str(hosts), **extra)


class Program:
    """A client program whose output is read line by line, with a deadline for all of it."""

    def __init__(self, command, environment, folder):
        options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        limited = ["timeout", str(int(PATIENCE_S)), *map(str, command)]
        self._process = subprocess.Popen(limited, env=environment, cwd=folder, **options)
        self.output = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()  # timeout(1) passes it on
        self._process.communicate()

    def answer(self, *lines):
        """What a person would type at its prompts."""
        self._process.stdin.write("".join(f"{line}\n" for line in lines))
        self._process.stdin.flush()

    def wait_for(self, text):
        """Reads until a line that has this text; returns the line."""
        for line in self._process.stdout:
            self.output += line
            if text in line:
                return line
        raise AssertionError(f"no line with {text!r} came; the output was:\n{self.output}")

    def exit_code(self):
        """Reads to the end."""
        self.output += self._process.stdout.read()
        return self._process.wait()

    def finish(self):
        """Reads to the end; the program must succeed. Returns everything it said."""
        code = self.exit_code()
        assert code == 0, f"exit code {code} (124: it took too long):\n{self.output}"
        return self.output
