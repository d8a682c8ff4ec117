"""memcheck.py BINARY: the server under valgrind from its start to its stop, with one device's life in between."""

import os
import pathlib
import re
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(1, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))

VALGRIND = """#!/bin/sh
exec valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite "{binary}" "$@"
"""


def live(server):
    """Provisioning, a value in each direction, content, a snapshot."""
    from support.device import Site

    site = Site(server, "memcheck")
    device = site.device()
    with device.connected(client_id="a", clean=False) as client:
        client.subscribe("news")
        client.publish_and_wait("$resource/data_in", b"1")
        site.set_state({"config_io": "on"})
        assert client.message()[1] == b"on"
        site.control.upload(site.connector, "logo.gif", bytes(100_000))
        site.control.ok("POST", site.control.emulator("/snapshots/one"))
    assert site.state()["data_in"]["reported"] == "1"


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    os.environ["MURANO_TEST_SLOWDOWN"] = "12"
    from support import server

    with tempfile.TemporaryDirectory(prefix="murano-memcheck-") as folder:
        wrapper = pathlib.Path(folder) / "murano-emulator"
        wrapper.write_text(VALGRIND.format(binary=binary))
        wrapper.chmod(0o700)
        work = pathlib.Path(folder) / "server"
        server.BINARY = binary
        with server.Server(work):
            pass  # it makes the keys: their primes would take minutes under valgrind
        (work / "server.log").unlink()
        server.BINARY = wrapper
        with server.Server(work) as watched:
            live(watched)
            assert watched.stop() == 0, f"valgrind has found something:\n{watched.log()[-8000:]}"
        assert not re.search("^==[0-9]+==", watched.log(), re.MULTILINE), watched.log()[-8000:]
    print("valgrind: no error, no definite leak")


if __name__ == "__main__":
    main()
