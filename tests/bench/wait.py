"""wait.py BINARY [ROUNDS]: from a device's PUBACK to the answer of POST /wait for that event, alone and with a hundred
other waits that the event does not concern. Printed, not judged; the goal is a median under 2 ms and a p99 under 20 ms."""

import http.client
import json
import os
import pathlib
import select
import statistics
import sys
import tempfile
import time

from control import DEADLINE_S, connected_device, packet, started, text

ROUNDS = 2000
OTHERS = 100
PATH = "/_emulator/v1/wait"


def send_wait(connection, body):
    connection.request("POST", PATH, json.dumps(body), {"Content-Type": "application/json"})


def newest(connection):
    send_wait(connection, {"match": {}, "count": {"exactly": 0}, "within_ms": 0})
    return json.loads(connection.getresponse().read())["next"]


def one_round(stream, connection, value, since):
    """(seconds from PUBACK to answer, the cursor after it)"""
    match = {"connector": "bench", "type": "data_in", "alias": "data_in", "equals": str(value)}
    send_wait(connection, {"match": match, "since": since})
    stream.sendall(packet(0x32, text("$resource/data_in") + b"\0\1" + str(value).encode()))
    arrived = {}
    while len(arrived) < 2:
        missing = [one for one in (stream, connection.sock) if one not in arrived]
        readable, _, _ = select.select(missing, [], [], DEADLINE_S)
        if not readable:
            sys.exit("neither PUBACK nor answer came")
        now = time.perf_counter()
        arrived.update((one, now) for one in readable)
    stream.recv(4)
    answer = connection.getresponse()
    if answer.status != 200:
        sys.exit(f"the wait was answered {answer.status}")
    return arrived[connection.sock] - arrived[stream], json.loads(answer.read())["next"]


def measure(name, stream, api, rounds, first):
    connection = http.client.HTTPConnection(api)
    since = newest(connection)
    times = []
    for number in range(rounds):
        seconds, since = one_round(stream, connection, first + number, since)
        times.append(max(seconds, 0) * 1000)
    times.sort()
    p99 = times[int(len(times) * 0.99)]
    print(f"{name:34}{statistics.median(times):>9.3f} ms{p99:>9.3f} ms{times[-1]:>9.3f} ms")


def waiting(api):
    connection = http.client.HTTPConnection(api)
    send_wait(connection, {"match": {"connector": "bench", "identity": "nobody"}, "within_ms": 600_000})
    return connection


def main():
    binary = os.path.abspath(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    with tempfile.TemporaryDirectory() as name:
        server, api, place = started(binary, pathlib.Path(name))
        try:
            stream = connected_device(api, place, "lone")
            print(f"{'from PUBACK to the answer':34}{'median':>12}{'p99':>12}{'worst':>12}")
            measure("one wait", stream, api, rounds, 0)
            others = [waiting(api) for _ in range(OTHERS)]
            measure(f"{OTHERS} other waits beside it", stream, api, rounds, rounds)
            del others
        finally:
            server.terminate()
            server.wait(DEADLINE_S)


if __name__ == "__main__":
    main()
