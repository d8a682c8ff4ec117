"""What a connector must hold after a crash: a plain dictionary, and where an answer is still due, several of them.

Keys are ("identity", i), ("reported", i), ("set", i), ("session", i), ("content", name) and ("settings",); what is not
there has no key. A value may be ANY_TOKEN, or a frozenset: one of it.
"""

import contextlib
import threading

ANY_TOKEN = object()


def fits(expected, observed):
    """Whether the connector that was observed is the one that was expected."""
    return expected.keys() == observed.keys() and all(value_fits(expected[key], observed[key]) for key in expected)


def value_fits(expected, observed):
    if expected is ANY_TOKEN:
        return len(observed) == 40
    return observed in expected if isinstance(expected, frozenset) else observed == expected


def differences(expected, observed):
    """For the message of a failed check."""
    keys = sorted({*expected, *observed}, key=str)
    bad = [k for k in keys if k not in expected or k not in observed or not value_fits(expected[k], observed[k])]
    return "; ".join(f"{k}: expected {expected.get(k)!r}, found {observed.get(k)!r}" for k in bad)


def without_identity(state, identity):
    return {key: value for key, value in state.items() if key[0] == "content" or key[1:] != (identity,)}


def without(state, key):
    return {k: v for k, v in state.items() if k != key}


class Possible:
    """The states that one connector may be in. Its worker changes it; somebody else may record meanwhile."""

    def __init__(self):
        self._lock = threading.Lock()
        self._states = [{}]
        self._recorded = None  # while a snapshot is taken: all states that it may catch

    @property
    def states(self):
        return self._states

    @states.setter
    def states(self, states):
        with self._lock:
            self._states = states
            if self._recorded is not None:
                self._recorded = self._recorded + states

    @property
    def now(self):
        """The one state that is certain."""
        assert len(self._states) == 1, "not settled since the last crash"
        return self._states[0]

    def begin(self, state):
        """It may become this one: the server was asked."""
        self.states = [self.now, state]

    def done(self):
        """The server has confirmed."""
        self.states = [self._states[-1]]

    def become(self, state):
        """Without an alternative: what is uncertain is inside the state, as a set."""
        self.states = [state]

    def settle(self, observed):
        """After a crash: False when what was found is none of the possible states."""
        if not any(fits(state, observed) for state in self._states):
            return False
        self.states = [observed]
        return True

    def record(self):
        with self._lock:
            self._recorded = list(self._states)

    def take_record(self):
        with self._lock:
            recorded, self._recorded = self._recorded, None
        return recorded


class Turnstile:
    """Many at once, or one alone: loads and resets of everything happen to nobody by surprise."""

    def __init__(self):
        self._condition = threading.Condition()
        self._inside = 0
        self._alone = False

    @contextlib.contextmanager
    def shared(self):
        with self._condition:
            self._condition.wait_for(lambda: not self._alone)
            self._inside += 1
        try:
            yield
        finally:
            with self._condition:
                self._inside -= 1
                self._condition.notify_all()

    @contextlib.contextmanager
    def alone(self):
        with self._condition:
            self._condition.wait_for(lambda: not self._alone)
            self._alone = True
            self._condition.wait_for(lambda: self._inside == 0)
        try:
            yield
        finally:
            with self._condition:
                self._alone = False
                self._condition.notify_all()
