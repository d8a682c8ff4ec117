"""Waiting for conditions, with a deadline: the only place of the integration tests where time passes on purpose."""

import os
import time

# Sanitizer builds and busy machines: CMake sets the factor for the build that is tested.
SLOWDOWN = float(os.environ.get("MURANO_TEST_SLOWDOWN", "1"))
PATIENCE_S = 10 * SLOWDOWN


class Deadline:
    """A point in time after which waiting is a failure."""

    def __init__(self, seconds=None):
        self._end = time.monotonic() + (PATIENCE_S if seconds is None else seconds)

    def left(self):
        """Seconds left, at least a millisecond so that it can be a socket timeout."""
        return max(self._end - time.monotonic(), 0.001)

    def passed(self):
        return time.monotonic() >= self._end


def wait_until(condition, what, seconds=None):
    """Returns the first true value of condition(); fails with `what` when the deadline passes."""
    deadline = Deadline(seconds)
    while True:
        value = condition()
        if value:
            return value
        if deadline.passed():
            raise AssertionError(f"waited in vain: {what() if callable(what) else what}")
        time.sleep(0.005)
