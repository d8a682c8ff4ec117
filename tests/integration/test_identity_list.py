"""Pages of a connector's identities (murano-facts 3.2)."""

from support import packets as mqtt


def listed(site, query=""):
    return site.control.ok("GET", site.control.device2(site.connector, f"/identity/?{query}")).json()


def names(page):
    return [device["identity"] for device in page["devices"]]


def test_pages_by_last_seen(site):
    """The last seen first, then by name; `before` goes on where the page before ended; mayLoadMore is exact"""
    for identity in ("c", "a", "b"):
        site.control.put_identity(site.connector, identity)
    site.device("seen")
    first = listed(site, "limit=1")
    assert (names(first), first["mayLoadMore"]) == (["seen"], True)
    rest = listed(site, f"limit=3&before={first['devices'][0]['lastseen']}")
    assert (names(rest), rest["mayLoadMore"]) == (["a", "b", "c"], False)
    assert names(listed(site, "identity=%5E[bc]&limit=1")) == ["b"]


def test_list_shows_what_the_device_shows(site):
    """An entry of the list equals the GET of that identity, state and online included"""
    site.resources(n={"format": "number", "settable": True})
    device = site.device()
    site.set_state({"n": 1.5})
    with device.connected() as client:
        client.send(mqtt.publish("$resource/data_in", b"up"))
        client.send(mqtt.publish("$resource/undefined", b"not shown"))
        client.barrier()
        (entry,) = listed(site)["devices"]
        assert entry == site.control.identity(site.connector, "12345")
    assert entry["online"] and set(entry["state"]) == {"n", "data_in"}
