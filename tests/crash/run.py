"""run.py BINARY [--crashes N] [--seed N]: kills a busy server at random moments and looks for what it lost.

Workers with a connector each (QoS 1 publications, provisioning, cloud sets, sessions, content, settings, resets) and one
that saves and loads snapshots and resets everything. After each kill -9 the server must start without a warning; what it
confirmed must be there, and of what it did not confirm all or nothing.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(1, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))

WORKERS = 4
CRASHES_PER_FOLDER = 25
LONGEST_S = 1.2  # between a start and its crash
SETTINGS = {"limits": {"max_connections": 200}, "storage": {"durability": "normal"}}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--crashes", type=int, default=100, metavar="N")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--folder", help="keep everything there, to look at after a failure")
    return parser.parse_args()


OPTIONS = arguments()
os.environ["MURANO_EMULATOR"] = str(pathlib.Path(OPTIONS.binary).resolve())

from keeper import Keeper  # noqa: E402  (they need the two lines above)
from model import Turnstile  # noqa: E402
from observe import check_folder  # noqa: E402
from support.server import Server  # noqa: E402
from worker import Worker  # noqa: E402


class World:
    """One data folder over many crashes."""

    def __init__(self, folder, seed):
        self.server = Server(folder, settings=SETTINGS)
        self._turnstile = Turnstile()
        self.workers = [Worker(f"w{number}", seed) for number in range(WORKERS)]
        self.keeper = Keeper(self.workers, self._turnstile, seed)
        self._everybody = [*self.workers, self.keeper]
        self._killed = threading.Event()
        self._errors = []

    def start(self):
        before = len(self.server.log())
        self.server.start()
        for line in self.server.log()[before:].splitlines():
            level = json.loads(line).get("level") if line.startswith("{") else None
            assert level not in ("warn", "error"), f"the start after a crash complains: {line}"
        for one in self._everybody:
            one.attach(self.server)

    def check(self):
        self.keeper.settle()
        check_folder(self.server.data_dir)

    def run_until_killed(self, seconds):
        self._killed.clear()
        threads = [threading.Thread(target=self._work, args=(one,)) for one in self._everybody]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        self._killed.set()
        self.server.kill()
        for thread in threads:
            thread.join()
        if self._errors:
            raise self._errors[0]

    def _work(self, one):
        try:
            while not self._killed.is_set():
                if one is self.keeper:
                    one.step()
                    self._killed.wait(one.random.uniform(0, 0.3))
                else:
                    with self._turnstile.shared():
                        one.step()
        except Exception as error:  # pylint: disable=broad-except
            if not self._killed.is_set():  # before the kill everything must work
                self._errors.append(error)
        finally:
            one.drop()

    def acknowledged(self):
        return sum((one.acknowledged for one in self._everybody), collections.Counter())


def crash(world, chance, crashes):
    for number in range(crashes):
        world.start()
        world.check()
        world.run_until_killed(chance.uniform(0.02, LONGEST_S))
        yield number
    world.start()
    world.check()
    assert world.server.stop() == 0
    world.server.check_reports()


def run(folder):
    chance = random.Random(OPTIONS.seed)
    done, total = 0, collections.Counter()
    while done < OPTIONS.crashes:
        world = World(folder / f"from-crash-{done}", f"{OPTIONS.seed}/{done}")
        try:
            for _ in crash(world, chance, min(CRASHES_PER_FOLDER, OPTIONS.crashes - done)):
                done += 1
        except BaseException:
            print(f"failed after {done} crashes, seed {OPTIONS.seed}; the server's log ends with:", file=sys.stderr)
            print("\n".join(world.server.log().splitlines()[-20:]), file=sys.stderr)
            if world.server.process and world.server.process.poll() is None:
                world.server.kill()
            raise
        total += world.acknowledged()
    return done, total


def main():
    began = time.monotonic()
    print(f"seed {OPTIONS.seed}", flush=True)
    if OPTIONS.folder:
        done, total = run(pathlib.Path(OPTIONS.folder))
    else:
        with tempfile.TemporaryDirectory(prefix="murano-crash-") as folder:
            done, total = run(pathlib.Path(folder))
    print(f"{done} crashes survived in {time.monotonic() - began:.0f} s; confirmed and found again:")
    for kind, count in total.most_common():
        print(f"{count:>9} {kind}")


if __name__ == "__main__":
    main()
