"""What concerns all connectors at once: snapshots are saved while everybody works, loads and resets come alone."""

import collections
import random

import observe
from model import fits


class Keeper:
    def __init__(self, workers, turnstile, seed):
        self.workers = workers
        self.random = random.Random(f"{seed}/keeper")
        self.acknowledged = collections.Counter()
        self._turnstile = turnstile
        self._cursor = 0  # of the newest event at the last check
        self._snapshots = {}  # name -> for each worker the states that the snapshot may hold
        self._uncertain = None  # the name of the snapshot that may be there or not
        self._instead = None  # for each worker the states that a load or reset on the way may bring

    def attach(self, server):
        self.control = server.control

    def step(self):
        chosen = self.random.choices((self.save, self.load, self.remove, self.reset), weights=(6, 3, 1, 1))[0]
        chosen()

    def drop(self):
        """Nothing is held open."""

    # --- what it does ---
    def save(self):
        """While the others go on: it may catch each of them in any state between the request and its answer."""
        name = self.random.choice(("one", "two"))
        old = self._snapshots.get(name)
        self._uncertain = None if old else name
        for worker in self.workers:
            worker.possible.record()
        try:
            self._ask("POST", f"/snapshots/{name}")
        except BaseException:  # the server was killed: the old one or the new one
            new = [worker.possible.take_record() for worker in self.workers]
            self._snapshots[name] = [was + now for was, now in zip(old, new)] if old else new
            raise
        self._snapshots[name] = [worker.possible.take_record() for worker in self.workers]
        self._done("snapshots saved")

    def load(self):
        if self._snapshots:
            name = self.random.choice(sorted(self._snapshots))
            self._replace(self._snapshots[name], "snapshots loaded", f"/snapshots/{name}/load")

    def reset(self):
        self._replace([[{}] for _ in self.workers], "resets of everything", "/reset")

    def _replace(self, states, kind, path):
        with self._turnstile.alone():
            self._instead = states
            for worker in self.workers:
                worker.drop()
                worker.journal_known = False
            self._ask("POST", path)
            for worker, possible in zip(self.workers, states):
                worker.possible.states = possible
            self._done(kind)
            self.settle()

    def remove(self):
        if self._snapshots:
            self._uncertain = self.random.choice(sorted(self._snapshots))
            self._ask("DELETE", f"/snapshots/{self._uncertain}")
            del self._snapshots[self._uncertain]
            self._done("snapshots removed")

    def _ask(self, method, path):
        self.control.ok(method, self.control.emulator(path))

    def _done(self, kind):
        self._uncertain = self._instead = None
        self.acknowledged[kind] += 1

    # --- after a crash ---
    def settle(self):
        """Compares everything with what was confirmed; afterwards nothing is uncertain."""
        self._settle_snapshots()
        observed = [observe.connector_state(self.control, worker.connector) for worker in self.workers]
        if self._instead and not self._all_fit(observed):
            for worker, states in zip(self.workers, self._instead):  # all of them or none
                worker.possible.states = states
        self._instead = None
        self._cursor = observe.newest_cursor(self.control, self._cursor)
        for worker, state in zip(self.workers, observed):
            numbers = observe.reported_numbers(self.control, worker.connector, worker.cursor)
            worker.settle(state, numbers, self._cursor)

    def _all_fit(self, observed):
        pairs = zip(self.workers, observed)
        return all(any(fits(state, found) for state in worker.possible.states) for worker, found in pairs)

    def _settle_snapshots(self):
        there = observe.snapshots(self.control)
        assert there <= self._snapshots.keys(), f"snapshots that nobody saved: {there - self._snapshots.keys()}"
        missing = self._snapshots.keys() - there
        assert missing <= {self._uncertain}, f"saved snapshots are not there: {missing}"
        for name in missing:
            del self._snapshots[name]
        self._uncertain = None
