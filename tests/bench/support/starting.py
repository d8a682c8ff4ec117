"""Start to first CONNACK, and the memory of a server that has nothing to do."""

import socket
import sys
import time

from support import servers

CONNECT = b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x00\x00\x02id"
CONNACK = b"\x20\x02\x00\x00"
DEADLINE_S = 20
SETTLE_S = 0.3


def first_connack(port, process):
    until = time.monotonic() + DEADLINE_S
    while process.poll() is None and time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S) as connection:
                connection.sendall(CONNECT)
                if connection.recv(4, socket.MSG_WAITALL) == CONNACK:
                    return
        except ConnectionError:
            time.sleep(0.0002)
    sys.exit("the server did not answer a CONNECT")


def run(server):
    """Starts and stops the server, which is not running; its plain port is known and stays."""
    began = time.perf_counter()
    server.launch()
    first_connack(server.plain_port, server.process)
    started = (time.perf_counter() - began) * 1000
    time.sleep(SETTLE_S)  # what it does after its first CONNACK is not idle yet
    memory = servers.resident_bytes(server.pid)
    server.stop()
    return {"started_ms": started, "messages": 0, "server_cpu_s": 0, "server_rss": memory}
