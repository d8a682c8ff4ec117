"""The emulator's clock: a test moves it for its own connector, and nothing else moves."""

import urllib.parse

import pytest

from support.device import Device, Site
from support.server import run

DAY_US = 24 * 3600 * 1_000_000


def clock(site, method="GET", rest="", body=None):
    return site.control.ok(method, f"/_emulator/v1/clock{rest}?connector={site.connector}", body).json()


def whitelist(site, identity, hours):
    now_us = clock(site)["now_us"]
    site.control.put_identity(site.connector, identity, {"auth": {"expire": now_us + hours * 3600 * 1_000_000}})


def session_is_there(device):
    """Whether the session of the ClientID `a` survived a look of somebody else, who clears what is too old. [R18]"""
    with device.connected(client_id="b"):
        pass
    return any(row["client_id"] == "a" for row in device.site.control.sessions(device.site.connector))


def with_session(site):
    device = site.device()
    with device.connected(client_id="a", clean=False):
        pass
    site.control.wait_events(site.connector, type="disconnect", count=2)  # the anonymous one before it
    return device


def status(site, identity):
    return site.control.identity(site.connector, identity)["status"]


def link(site):
    url = site.control.ok("GET", f"/api:1/service/{site.connector}/content/item/logo.gif/download").json()["url"]
    place = urllib.parse.urlsplit(url)
    return f"{place.path}?{place.query}"


def test_one_connector_moves_alone(server, site):
    """[R18, R55] a day passes for one connector: its sessions, activation windows and links end, those of others do not"""
    other = Site(server, site.connector + "-other")
    places = (site, other)
    devices = [with_session(place) for place in places]
    for place in places:
        whitelist(place, "late", 20)
        place.control.upload(place.connector, "logo.gif", b"GIF89a")
    links = [link(place) for place in places]
    global_before = server.control.ok("GET", "/_emulator/v1/clock").json()
    with devices[0].connected(client_id="c") as here, devices[1].connected(client_id="c") as there:
        clock(site, "POST", "/advance", {"by": "25h"})
        here.barrier(), there.barrier()  # nobody was disconnected
    assert status(site, "late") == "expired" and status(other, "late") != "expired"
    assert [server.control.request("GET", where).status for where in links] == [403, 200]
    assert [session_is_there(device) for device in devices] == [False, True]
    stamps = [place.events(type="disconnect")[-1] for place in places]
    assert abs(stamps[0]["timestamp"] - stamps[0]["real_timestamp"] - 25 * DAY_US / 24) < 60_000_000
    assert abs(stamps[1]["timestamp"] - stamps[1]["real_timestamp"]) < 60_000_000
    global_after = server.control.ok("GET", "/_emulator/v1/clock").json()
    assert global_after["offset_us"] == global_before["offset_us"] == 0


def test_freezing_one_connector(server, site):
    """[D3] a frozen connector's values and events carry the moment, those of its neighbour go on"""
    other = Site(server, site.connector + "-other")
    device, neighbour = site.device(), other.device()
    frozen = clock(site, "PUT", body={"now_us": 2_000_000_000_000_000, "frozen": True})
    assert frozen == {"now_us": 2_000_000_000_000_000, "offset_us": frozen["offset_us"], "frozen": True}
    for one in (device, neighbour):
        with one.connected() as client:
            client.publish_and_wait("$resource/data_in", b"1")
    assert site.state()["data_in"]["timestamp"] == 2_000_000_000_000_000
    assert other.state()["data_in"]["timestamp"] != 2_000_000_000_000_000
    assert not clock(other)["frozen"]
    assert not clock(site, "DELETE")["frozen"]
    assert abs(clock(site)["offset_us"]) < 60_000_000


def test_going_back_makes_nothing_older(server, site):
    """[R18a] a clock that goes back ends no session, and a device stays"""
    device = with_session(site)
    clock(site, "POST", "/advance", {"by": "-48h"})
    assert session_is_there(device)
    with Device(site, "12345", device.token).connected() as client:
        client.silent()


@pytest.mark.parametrize("number, unit", [("1767225600", "seconds"), ("1767225600000", "milliseconds")])
def test_clock_in_another_unit(server, site, number, unit):
    """a time in seconds or milliseconds is refused with the same in microseconds, by command and API; no clock moves"""
    before = site.control.ok("GET", "/_emulator/v1/clock").json()["offset_us"]
    code, _, said = run("clock", "set", number, "--url", server.ready["api"])
    assert code == 2 and f"looks like {unit} since 1970, expected microseconds: 1767225600000000" in said
    answer = site.control.request("PUT", "/_emulator/v1/clock", {"now_us": int(number)})
    assert answer.status == 400 and answer.json()["error"]["path"] == "$.now_us"
    assert f"looks like {unit}" in answer.json()["error"]["message"]
    assert site.control.ok("GET", "/_emulator/v1/clock").json()["offset_us"] == before


def test_clock_on_a_day_that_is_none(server, site):
    """the 30th of February is refused, not taken for the 2nd of March"""
    code, _, said = run("clock", "set", "2026-02-30T00:00:00Z", "--url", server.ready["api"])
    assert code == 2 and "that month has fewer days" in said
