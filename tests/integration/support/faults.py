"""Faults as the tests put them: on one site, taken off at the end."""

import contextlib

from support.waiting import wait_until

FAULTS = "/_emulator/v1/faults"


def add(server, kind, **keys):
    """The fault as stored; 201 is expected."""
    return server.control.ok("POST", FAULTS, {"kind": kind, **keys}, status=(201,)).json()


def show(server, name):
    return server.control.ok("GET", f"{FAULTS}/{name}").json()


def remove(server, name):
    server.control.request("DELETE", f"{FAULTS}/{name}")


def hits(site, **query):
    """What faults did on the site, oldest first: the payloads of their events."""
    return [event["payload"] for event in site.events(type="fault", **query)]


def wait_for_hit(server, name):
    return wait_until(lambda: show(server, name)["hits"] > 0, lambda: f"a hit of {name}: {show(server, name)}")


@contextlib.contextmanager
def fault(site, kind, **keys):
    """A fault on the site's connector; its name."""
    if kind not in ("refuse", "outage"):
        keys.setdefault("connector", site.connector)
    name = add(site.server, kind, **keys)["fault_name"]
    try:
        yield name
    finally:
        remove(site.server, name)
