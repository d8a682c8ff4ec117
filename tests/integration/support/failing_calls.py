"""Orders for tests/support/failing_calls.c, which a server has preloaded: which system call fails, and how."""

import errno
import mmap
import os
import pathlib
import struct
import subprocess

from support.server import BINARY

LIBRARY = os.environ.get("MURANO_FAILING_CALLS", "")
SHORT = -1  # no error: the call does one byte
CLASSES = ("accept", "socket read", "socket write", "file write", "file sync", "file read", "open", "watch", "folder")

# What these calls may say on a machine in trouble.
FAILURES = {
    "accept": (errno.EMFILE, errno.ECONNABORTED),
    "socket read": (errno.ECONNRESET, errno.EAGAIN, errno.EINTR, SHORT),
    "socket write": (errno.EPIPE, errno.ECONNRESET, errno.EAGAIN, SHORT),
    "file write": (errno.ENOSPC, errno.EIO, SHORT),
    "file sync": (errno.EIO,),
    "file read": (errno.EIO,),
    "open": (errno.EMFILE, errno.EACCES),
    "watch": (errno.ENOSPC,),
    "folder": (errno.EIO,),
}


def name_of(error):
    return "short" if error == SHORT else errno.errorcode[error]


class FailingCalls:
    """The orders of one server. `environment` is what the server must be started with."""

    def __init__(self, file):
        file = pathlib.Path(file)
        file.write_bytes(bytes(16))
        with open(file, "r+b") as opened:
            self._orders = mmap.mmap(opened.fileno(), 16)
        self.environment = {"FAILING_CALLS": str(file), "LD_PRELOAD": ":".join([*sanitizers(), LIBRARY])}

    def fail(self, kind, error, number):
        """The `number`th call from now on, 1 the next one."""
        self.stop()
        struct.pack_into("iiii", self._orders, 0, CLASSES.index(kind) + 1, error, number, 0)

    def stop(self):
        """No more failures; returns how many there were since fail()."""
        struct.pack_into("i", self._orders, 8, 0)
        return struct.unpack_from("i", self._orders, 12)[0]


def sanitizers():
    """The runtimes of the sanitizers that the binary needs: they must be loaded before everything else."""
    told = subprocess.run(["ldd", BINARY], capture_output=True, text=True, check=True).stdout
    paths = [line.split("=>")[1].split()[0] for line in told.splitlines() if "=>" in line]
    return [path for path in paths if pathlib.Path(path).name.startswith(("libasan.", "libtsan."))]
