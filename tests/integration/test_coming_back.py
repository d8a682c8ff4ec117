"""A device that was away a moment is still in memory, one that was away longer is read from disk: no device can tell."""

from concurrent.futures import ThreadPoolExecutor

VALUE_BYTES = 50_000  # a hundred of them are more than is kept of devices that are away
DEVICES = 150


def test_more_devices_than_memory_keeps(site):
    """[R41, R42] what was set and reported meanwhile is there for each, in whatever order they come back"""
    tokens = {f"d{number}": site.provision(f"d{number}") for number in range(DEVICES)}
    for identity in tokens:
        site.set_state({"config_io": identity.ljust(VALUE_BYTES, ".")}, identity)

    def come_back(identity):
        with site.open() as client:
            client.login(username="", password=tokens[identity])
            topic, payload = client.message()
            assert topic.startswith("$resource/config_io/") and payload.decode() == identity.ljust(VALUE_BYTES, ".")
            client.publish_and_wait("$resource/data_in", f"{identity} is back")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(come_back, [*reversed(tokens), *tokens]))
    for identity in tokens:
        state = site.state(identity)
        assert state["data_in"]["reported"] == f"{identity} is back"
        assert state["config_io"]["set"] == identity.ljust(VALUE_BYTES, ".")


def test_what_happens_to_a_device_that_is_away(site):
    """[R12, R18] locked, unlocked, deleted and provisioned anew between two connections"""
    device = site.device()
    with device.connected(client_id="c", clean=False) as client:
        client.subscribe("news")
        client.publish_and_wait("$resource/data_in", "1")
    site.control.patch_identity(site.connector, "12345", {"locked": True})
    with site.open() as client:
        assert client.refused(username="", password=device.token) == 5
    site.control.patch_identity(site.connector, "12345", {"locked": False})
    with site.open() as client:
        assert client.login(username="", password=device.token, client_id="c", clean=False)
    site.control.delete_identity(site.connector, "12345")
    with site.open() as client:
        assert client.refused(username="", password=device.token) == 4
    again = site.device()
    assert again.token != device.token
    with site.open() as client:
        assert not client.login(username="", password=again.token, client_id="c", clean=False)
    assert "reported" not in again.state().get("data_in", {})


def test_reset_and_snapshot_replace_what_is_in_memory(server, site):
    """what a reset or a loaded snapshot says about a device that is away counts, not what memory still has of it"""
    device = site.device()
    with device.connected() as client:
        client.publish_and_wait("$resource/data_in", "kept")
    server.control.ok("POST", f"/_emulator/v1/snapshots/{site.connector}", status=(201,))
    with device.connected() as client:
        client.publish_and_wait("$resource/data_in", "later")
    server.control.ok("POST", f"/_emulator/v1/snapshots/{site.connector}/load", status=(204,))
    assert device.state()["data_in"]["reported"] == "kept"
    with device.connected():
        pass
    server.control.ok("POST", f"/_emulator/v1/reset?connector={site.connector}", status=(204,))
    with site.open() as client:
        assert client.refused(username="", password=device.token) == 4
