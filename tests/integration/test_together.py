"""Resets, saves and loads that meet each other, devices at work, and a stop."""

import concurrent.futures
import threading

from support.device import Site
from support.server import Server
from support.waiting import wait_until
from test_reset import reset
from test_snapshots import load, names, save

WORLDS = ("one", "two")
ROUNDS = 5
MOST_REPORTS = 5000  # a query tells no more than 10,000 events


class Talker:
    """A device of a connector that nobody resets, which publishes until it is told to end."""

    def __init__(self, site):
        self.device = site.device()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.acknowledged = 0
        self.failure = None

    def _run(self):
        try:
            with self.device.connected() as client:
                while not self._end.is_set() and self.acknowledged < MOST_REPORTS:
                    client.publish_and_wait("$resource/data_in", str(self.acknowledged + 1))
                    self.acknowledged += 1
        except BaseException as failure:
            self.failure = failure

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()


def test_resets_beside_a_device(server, site):
    """Another connector is reset again and again: the device loses nothing, each reset is whole"""
    other = Site(server, site.connector + "-other")
    with Talker(site) as talker:
        for _ in range(20):
            other.device("someone")
            reset(server, connector=other.connector)
            assert not other.control.has_identity(other.connector, "someone")
    assert not talker.failure and talker.acknowledged
    assert site.state()["data_in"]["reported"] == str(talker.acknowledged)
    values = [event["payload"][0]["values"]["data_in"] for event in site.events(type="data_in")]
    assert values == [str(number + 1) for number in range(talker.acknowledged)]


def test_loads_saves_and_resets_at_once(tmp_path):
    """Every one is answered, and in the end the world is one of those that were asked for, not a mixture"""
    with Server(tmp_path) as server:
        site = Site(server, "any")
        for world in WORLDS:
            for identity in ("a", "b", "c"):
                server.control.put_identity(site.connector, identity)
                server.control.set_state(site.connector, identity, {"data_out": world})
            save(server, world)
        steps = [lambda world=world: load(server, world) for world in WORLDS]
        steps += [lambda: save(server, "copy"), lambda: reset(server)]
        with concurrent.futures.ThreadPoolExecutor(len(steps)) as pool:
            for _ in range(ROUNDS):
                for done in [pool.submit(step) for step in steps]:
                    done.result()
                assert worlds(server, site) in [{world} for world in WORLDS] + [set()]
        assert names(server) == ["copy", *WORLDS]
        load(server, "copy")
        assert worlds(server, site) in [{world} for world in WORLDS] + [set()]
        load(server, "two")
        server.kill()
        server.start()
        assert worlds(server, Site(server, "any")) == {"two"}


def worlds(server, site):
    """What the three identities say of the world that they are in."""
    if not server.control.has_identity(site.connector, "a"):
        return set()
    return {server.control.state(site.connector, name)["data_out"]["set"] for name in ("a", "b", "c")}


def test_stop_amid_a_save(tmp_path):
    """A stop does not wait for a large save: the name either has a whole snapshot or none, and no part is left"""
    with Server(tmp_path) as server:
        for number in range(8):
            server.control.upload("any", f"large{number}", bytes(4_000_000))
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            asked = pool.submit(server.control.request, "POST", "/_emulator/v1/snapshots/amid")
            parts = server.data_dir / "snapshots" / "tmp"
            wait_until(lambda: list(parts.iterdir()) or asked.done(), "a save that has begun")
            assert server.stop() == 0
            asked.exception()  # answered or cut off; what counts is what is left
        server.start()
        assert not list(parts.iterdir())
        for name in names(server):
            load(server, name)
        assert len(server.control.ok("GET", "/api:1/service/any/content/item/").json()) == 8
