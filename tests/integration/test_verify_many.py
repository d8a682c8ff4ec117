"""Devices that are judged side by side on one server: each gets its own verdict, by exact pauses. [verdict.md 5]"""

from support.device import Site
from support.judged_crowd import Crowd, timing_errors_ms, wrong_verdicts
from support.server import Server

SETTINGS = {"connectors": {"plain": {"protocol": {"devmode": True}}}}
COUNT = 10
PATIENCE_S = 120


def test_ten_devices_are_judged_side_by_side(tmp_path):
    """The figures of a hundred are those of `script/bench verify`."""
    flags = ("--ephemeral", "--mqtt", "127.0.0.1:0=plain")
    with Server(tmp_path / "server", *flags, settings=SETTINGS) as server:
        site = Site(server, "plain")
        with Crowd(site.control, "plain", server.plain_address, COUNT) as crowd:
            runs = crowd.judge(PATIENCE_S)
        assert not wrong_verdicts(crowd.devices, runs)
        errors = timing_errors_ms(crowd.devices, runs)
        assert errors[len(errors) // 2] < 10, errors
