"""The 24 hours of a stored session, R18 and R18a: by the emulator's clock, over restarts, with the clock moved about."""

import pytest

from support import packets as mqtt
from support.device import Device, Site
from support.server import Server

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US


class Clock:
    """The clock of one connector, or of all (None). Frozen, so that what a test sets is what the server sees."""

    def __init__(self, server, connector=None):
        self._server = server
        self._path = "/_emulator/v1/clock{}" + (f"?connector={connector}" if connector else "")

    def _ok(self, method, rest="", body=None):
        return self._server.control.ok(method, self._path.format(rest), body).json()

    def now(self):
        return self._ok("GET")["now_us"]

    def put(self, now_us):
        assert self._ok("PUT", body={"now_us": now_us, "frozen": True})["now_us"] == now_us

    def freeze(self):
        return self._ok("PUT", body={"frozen": True})["now_us"]

    def advance(self, by):
        return self._ok("POST", "/advance", {"by": by})["now_us"]


def visit(device, client_id, clean):
    """Connects and leaves with DISCONNECT; Session Present."""
    with device.site.open() as client:
        present = client.login(client_id=client_id, clean=clean, username="", password=device.token)
        client.send(mqtt.disconnect())
        client.expect_closed()
    return present


def stored(device):
    rows = device.site.control.sessions(device.site.connector)
    return sorted(row["client_id"] for row in rows if row["identity"] == device.identity)


def after_restart(device):
    """The device on the server that runs now, which has other ports."""
    return Device(Site(device.site.server, device.site.connector), device.identity, device.token)


# Age when another ClientID connects with Clean Session 1, and whether the session is still there.
AGES = [(DAY_US - SECOND_US, ["a"]), (DAY_US, ["a"]), (DAY_US + SECOND_US, [])]
AGE_NAMES = ["23:59:59", "24:00:00", "24:00:01"]


@pytest.mark.parametrize("age, kept", AGES, ids=AGE_NAMES)
@pytest.mark.parametrize("scope", ["all", "connector"])
def test_age(server, site, scope, age, kept):
    """[R18, R18a] 23:59:59 and 24:00:00 are not older than 24 h, 24:00:01 is; with the clock of all and of one"""
    device = site.device()
    clock = Clock(server, site.connector if scope == "connector" else None)
    begun = clock.freeze()
    visit(device, "a", clean=False)
    clock.put(begun + age)
    visit(device, "b", clean=True)
    assert stored(device) == kept
    server.control.ok("DELETE", "/_emulator/v1/clock")


@pytest.mark.parametrize("by, kept", [("23h59m59s", ["a"]), ("24h", ["a"]), ("86401s", [])])
def test_advance(server, site, by, kept):
    """[R18a] the same with POST /clock/advance"""
    device = site.device()
    clock = Clock(server, site.connector)
    clock.freeze()
    visit(device, "a", clean=False)
    clock.advance(by)
    visit(device, "b", clean=True)
    assert stored(device) == kept


@pytest.mark.parametrize("age, kept", AGES, ids=AGE_NAMES)
@pytest.mark.parametrize("end", ["clean", "kill"])
def test_age_over_a_restart(tmp_path, end, age, kept):
    """[R18a] a session that had ended counts from its end, whether the server was stopped or killed in between"""
    with Server(tmp_path) as server:
        device = Site(server, "any").device()
        begun = Clock(server).freeze()
        visit(device, "a", clean=False)
        server.kill() if end == "kill" else server.stop()
        server.start()
        device, clock = after_restart(device), Clock(server)
        assert clock.now() == begun, "the clock was not kept over the restart"
        clock.put(begun + age)
        visit(device, "b", clean=True)
        assert stored(device) == kept
        assert visit(device, "a", clean=False) == len(kept)


@pytest.mark.parametrize("age, kept", AGES, ids=AGE_NAMES)
@pytest.mark.parametrize("end", ["clean", "kill"])
def test_age_of_a_session_connected_at_the_restart(tmp_path, end, age, kept):
    """[R18a] one that was connected then counts from the stop, after kill -9 from the restart: here the same moment"""
    with Server(tmp_path) as server:
        device = Site(server, "any").device()
        clock = Clock(server)
        begun = clock.freeze()
        with device.connected(client_id="a", clean=False) as client:
            client.subscribe("news")
            clock.put(begun + 3 * DAY_US)  # how long it was connected does not count
            server.kill() if end == "kill" else server.stop()
        server.start()
        device = after_restart(device)
        Clock(server).put(begun + 3 * DAY_US + age)
        visit(device, "b", clean=True)
        assert stored(device) == kept


def test_clock_set_back(server, site):
    """[R18a] a session that ended in what is now the future is not old, and ages again from there"""
    device = site.device()
    clock = Clock(server, site.connector)
    begun = clock.freeze()
    clock.put(begun + 10 * DAY_US)
    visit(device, "a", clean=False)
    clock.put(begun - 10 * DAY_US)
    visit(device, "b", clean=True)
    clock.put(begun + 11 * DAY_US)
    visit(device, "b", clean=True)
    assert stored(device) == ["a"]
    clock.put(begun + 11 * DAY_US + 1)
    visit(device, "b", clean=True)
    assert stored(device) == []


def test_clock_forth_and_back(server, site):
    """[R18a] what counts is the clock at the CONNECT, not where it has been in between"""
    device = site.device()
    clock = Clock(server, site.connector)
    clock.freeze()
    visit(device, "a", clean=False)
    clock.advance("1000h")
    clock.advance("-999h")
    visit(device, "b", clean=True)
    assert stored(device) == ["a"]


def test_connected_session_is_never_old(server, site):
    """[R18a] Clean Session 1 never touches the session of another ClientID that is connected; a resumption makes it young"""
    device = site.device()
    clock = Clock(server, site.connector)
    clock.freeze()
    visit(device, "a", clean=False)
    clock.advance("23h")
    with device.connected(client_id="a", clean=False):
        clock.advance("48h")
        visit(device, "b", clean=True)
        assert stored(device) == ["a"]
    site.control.wait_events(site.connector, count=3, type="disconnect", identity=device.identity)
    clock.advance("24h")
    visit(device, "b", clean=True)
    assert stored(device) == ["a"]


def test_own_session_never_expires(server, site):
    """[R19, R18a] Clean Session 0 resumes its own session however old it is"""
    device = site.device()
    visit(device, "a", clean=False)
    Clock(server, site.connector).advance("10000h")
    assert visit(device, "a", clean=False) == 1


def test_clock_of_one_connector(server, site):
    """[R18a] moving the clock of one connector ages no session of another"""
    here, there = site.device(), Site(server, site.connector + "b").device()
    visit(here, "a", clean=False)
    visit(there, "a", clean=False)
    Clock(server, site.connector).advance("25h")
    visit(here, "b", clean=True)
    visit(there, "b", clean=True)
    assert stored(here) == [] and stored(there) == ["a"]


def test_advancing_disconnects_nobody(server, site):
    """[R18a] network time goes on as it is: a day in the emulator closes no connection"""
    device = site.device()
    with device.connected(keep_alive=2) as client:
        Clock(server, site.connector).advance("24h")
        client.silent()


def test_two_devices_with_the_same_client_id_over_a_restart(tmp_path):
    """[R21] sessions of the same ClientID on two devices, and of one name in two connectors, stay apart over kill -9"""
    with Server(tmp_path) as server:
        here, there = Site(server, "here"), Site(server, "there")
        devices = [here.device("one"), here.device("two"), there.device("one")]
        for number, device in enumerate(devices):
            with device.connected(client_id="same", clean=False) as client:
                client.subscribe(f"topic/{number}")
        server.kill()
        server.start()
        for number, device in enumerate(devices):
            with after_restart(device).site.open() as client:
                assert client.login(client_id="same", clean=False, username="", password=device.token) == 1
                client.send(*(mqtt.publish(f"topic/{n}", str(n)) for n in range(3)))
                assert client.message() == (f"topic/{number}", str(number).encode())
                client.silent()
