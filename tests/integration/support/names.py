"""Host names of connectors without root and without DNS: Debian's libnss-wrapper answers for the programs under it."""

import itertools
import os
import pathlib
import subprocess

import pytest

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
    # Sanitized programs refuse libraries that are opened with RTLD_DEEPBIND.
    wrapper = {"LD_PRELOAD": "libnss_wrapper.so", "NSS_WRAPPER_HOSTS": str(hosts), "NSS_WRAPPER_DISABLE_DEEPBIND": "1"}
    return clean_environment(**wrapper, **extra)


def need(there, what):
    """Skips loudly where a client is not installed; CI sets MURANO_REQUIRE_CLIENTS so that it must be there."""
    if not there:
        assert not os.environ.get("MURANO_REQUIRE_CLIENTS"), f"{what} is missing"
        pytest.skip(f"{what} IS NOT INSTALLED: nothing was tested with it (script/test installs it)")


class Program:
    """A client program whose output is read line by line, with a deadline for all of it."""

    def __init__(self, command, environment, folder, patience_s=PATIENCE_S):
        options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        # mosquitto_sub's handler of SIGTERM can wait for ever for a lock that the interrupted code holds.
        limited = ["timeout", "--kill-after=2", str(int(patience_s)), *map(str, command)]
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

    def read_line(self):
        """The next line; empty: the program has ended."""
        line = self._process.stdout.readline()
        self.output += line
        return line

    def exit_code(self):
        """Reads to the end."""
        self.output += self._process.stdout.read()
        return self._process.wait()

    def finish(self):
        """Reads to the end; the program must succeed. Returns everything it said."""
        code = self.exit_code()
        assert code == 0, f"exit code {code} (124: it took too long):\n{self.output}"
        return self.output
