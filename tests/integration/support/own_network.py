"""A network of the tests' own, in which port 8883 is free whatever else runs on this machine, such as script/server:
the tutorial's programs have that port built in.

As a program (script/test runs it first): exit code 1 and a word about it where the port is taken and no such network
can be had.
"""

import ctypes
import errno
import fcntl
import os
import pathlib
import socket
import struct
import sys

PORT = 8883
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # CLONE_ of sched.h
_SET_FLAGS, _UP = 0x8914, 0x1  # SIOCSIFFLAGS and IFF_UP of Linux


def _unshare():
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    user, group = os.geteuid(), os.getegid()
    if unshare(_NEW_NET) != 0:
        if unshare(_NEW_USER | _NEW_NET) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        # The same user inside: files keep their owner.
        pathlib.Path("/proc/self/setgroups").write_text("deny")
        pathlib.Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        pathlib.Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh22x", b"lo", _UP))


def enter():
    """Moves this process, and what it starts from now on, into a new network with a loopback. False: not permitted."""
    child = os.fork()  # half of it may succeed, and there is no way back: tried by somebody else first
    if child == 0:
        try:
            _unshare()
        except OSError:
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        return False
    _unshare()
    return True


def port_is_taken(host="127.0.0.1"):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, PORT))
            probe.listen()
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def complaint():
    """Enters the network; None, or why the tests that need the port cannot run."""
    if enter() or not port_is_taken():
        return None
    return (
        f"port {PORT} is taken (by script/server?) and a network namespace of our own is not permitted here: "
        f"stop what listens there (ss -ltnp 'sport = :{PORT}'), since the tutorial's programs know no other port"
    )


if __name__ == "__main__":
    why = complaint()
    if why:
        print(f"{sys.argv[0]}: {why}", file=sys.stderr)
    sys.exit(1 if why else 0)
