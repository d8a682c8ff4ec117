"""verify.py BINARY [DEVICES]: so many devices (100) are judged side by side on one server, half of them good. Ends with 1
where one is judged wrongly. Printed beside it: how far the judge's pauses are from the devices' own; the goal is a p99
under 10 ms."""

import pathlib
import statistics
import sys
import tempfile
import time

from control import resident_mb, started

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from support.control import Control  # noqa: E402
from support.judged_crowd import Crowd, timing_errors_ms, wrong_verdicts  # noqa: E402

CONNECTOR = "bench"
PATIENCE_S = 600


def main(binary, count=100):
    with tempfile.TemporaryDirectory() as folder:
        server, api, plain = started(binary, pathlib.Path(folder))
        try:
            control = Control(f"http://{api}")
            control.patch_connector(CONNECTOR, {"protocol": {"devmode": True}})
            host, _, port = plain.rpartition(":")
            began = time.perf_counter()
            with Crowd(control, CONNECTOR, (host, int(port)), count) as crowd:
                runs = crowd.judge(PATIENCE_S)
            took_s = time.perf_counter() - began
            errors = timing_errors_ms(crowd.devices, runs)
            wrong = wrong_verdicts(crowd.devices, runs)
            p99 = errors[int(len(errors) * 0.99)]
            print(f"{count} devices in {took_s:.0f} s, {resident_mb(server.pid):.0f} MB, {len(wrong)} judged wrongly")
            print(f"timing error: median {statistics.median(errors):.2f} ms, p99 {p99:.2f} ms, most {errors[-1]:.2f} ms")
            return "\n".join(wrong) or 0
        finally:
            server.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
