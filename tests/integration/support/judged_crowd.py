"""Many devices of one process, on the plain port, that know how long they paused: judged side by side. [verdict.md 5]"""

import asyncio
import dataclasses
import threading
import time

from support import packets as mqtt
from support.waiting import wait_until

RUNS = "/_emulator/v1/runs"
CHECK = "CON-02"
REPORTS_EVERY_S = 0.5
FIXED_S, FIRST_S, LONGEST_S = 0.2, 0.15, 1.0
PARAMETERS = {"look_s": 4, "watch_s": 5, "wait_s": 60, "patience_s": 30, "max_backoff_s": LONGEST_S}
FIRST, SECOND = slice(0, 6), slice(7, 15)  # a device's pauses in both sequences; between them it was let in


@dataclasses.dataclass
class Scripted:
    """Doubles its pauses, or has always the same one."""

    identity: str
    token: str
    good: bool
    pauses: list = dataclasses.field(default_factory=list)  # s: after a refusal, as they really were
    failures: int = 0

    def pause_s(self):
        self.failures += 1
        return FIRST_S * 2 ** (self.failures - 1) if self.good else FIXED_S

    async def live(self, place):
        ended = None
        while True:
            reader, writer = await asyncio.open_connection(*place)
            began = time.monotonic()
            if ended:
                self.pauses.append(began - ended)
            ended = None
            writer.write(mqtt.connect(self.identity, username="", password=self.token))
            connack = await reader.readexactly(4)
            if connack[3] == 0:
                await self.report(reader, writer)
            else:
                ended = time.monotonic()
            writer.close()
            await asyncio.sleep(self.pause_s())

    async def report(self, reader, writer):
        """Until the server ends the connection."""
        ends = asyncio.create_task(reader.read())
        count = 0
        try:
            while not ends.done():
                self.failures = 0
                count += 1
                writer.write(mqtt.publish("$resource/data_in", str(count)))
                await asyncio.wait([ends], timeout=REPORTS_EVERY_S)
        finally:
            ends.cancel()


class Crowd:
    """`with Crowd(...)`: half of them pause well. A connector that takes plain connections, with automatic identities."""

    def __init__(self, control, connector, place, count):
        self._control, self._connector, self._place = control, connector, place
        self.devices = [Scripted(f"judged-{number}", f"{number:040}", number % 2 == 0) for number in range(count)]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._live)

    def __enter__(self):
        for device in self.devices:
            auth = {"auth": {"type": "token", "key": device.token}}
            self._control.put_identity(self._connector, device.identity, auth)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stop)
        self._thread.join()

    def _live(self):
        asyncio.set_event_loop(self._loop)
        self._tasks = [self._loop.create_task(self._lives(device)) for device in self.devices]
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        self._loop.close()

    async def _lives(self, device):
        while True:
            try:
                await device.live(self._place)
            except (OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(device.pause_s())

    def _stop(self):
        for task in self._tasks:
            task.cancel()

    def judge(self, patience_s):
        """The run of each device, in their order, once all are over."""
        body = {"connector": self._connector, "only": [CHECK], "parameters": PARAMETERS}
        ids = [self._control.ok("POST", RUNS, {**body, "identity": one.identity}).json()["id"] for one in self.devices]
        wait_until(lambda: self._over() >= len(ids), "the end of all runs", patience_s)
        return [self._control.ok("GET", f"{RUNS}/{one}").json() for one in ids]

    def _over(self):
        runs = self._control.ok("GET", RUNS).json()["runs"]
        return sum(run["connector"] == self._connector and run["state"] == "done" for run in runs)


def wrong_verdicts(devices, runs):
    """One line for each device that was judged wrongly."""
    wrong = []
    for device, run in zip(devices, runs):
        check = run["checks"][0]
        if check["outcome"] != ("passed" if device.good else "failed"):
            wrong.append(f"{device.identity}: {check['outcome']} {check['message']}")
    return wrong


def timing_errors_ms(devices, runs):
    """Between what the judge measured and what the device knows of itself, smallest first."""
    errors = []
    for device, run in zip(devices, runs):
        told = run["checks"][0]["measured"]
        pairs = [(told["first_pause_s"], device.pauses[0])]
        if not device.good:
            both = device.pauses[FIRST] + device.pauses[SECOND]
            pairs += [(told["shortest_pause_s"], min(both)), (told["longest_pause_s"], max(both))]
        errors += [abs(judged - real) * 1000 for judged, real in pairs]
    return sorted(errors)
