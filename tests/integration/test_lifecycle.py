"""What the control side does to devices that are connected: R63."""

from support import packets as mqtt


def test_lock_and_unlock(site):
    """[R63] lock closes the device's connections and refuses new ones with 5; unlock allows again"""
    device = site.device()
    with device.connected() as one, device.connected() as two:
        site.control.patch_identity(site.connector, "12345", {"locked": True})
        one.expect_closed()
        two.expect_closed()
    assert site.control.identity(site.connector, "12345")["status"] == "locked"
    with site.open() as client:
        assert client.refused(username="", password=device.token) == 5
    site.control.patch_identity(site.connector, "12345", {"locked": False})
    with device.connected() as client:
        client.silent()


def test_revoke(site):
    """[R63] revoke closes, forgets the credential and sessions, status reprovision; provisioning is accepted again"""
    device = site.device()
    with device.connected(client_id="stored", clean=False) as client:
        client.publish_and_wait("$resource/data_in", "kept")
        site.control.patch_identity(site.connector, "12345", {"auth": {"expire": 0}})
        client.expect_closed()
    assert site.control.identity(site.connector, "12345")["status"] == "reprovision"
    assert site.control.sessions(site.connector) == []
    with site.open() as client:
        assert client.refused(username="", password=device.token) == 4
    again = site.device()
    assert again.token != device.token
    assert again.state()["data_in"]["reported"] == "kept"


def test_delete(site):
    """[R63] delete closes, erases everything of the device, event deleted"""
    device = site.device()
    with device.connected(client_id="stored", clean=False) as client:
        client.publish_and_wait("$resource/data_in", "gone")
        site.control.delete_identity(site.connector, "12345")
        client.expect_closed()
    assert not site.control.has_identity(site.connector, "12345")
    assert len(site.events(type="deleted", identity="12345")) == 1
    with site.open() as client:
        assert client.refused(username="", password=device.token) == 4
    assert site.device().state().get("data_in", {}).get("reported") is None


def test_other_devices_notice_nothing(site):
    """[R63] a lock, a revoke or a delete of one device leaves the others alone"""
    with site.device("other").connected() as other:
        for identity in ("a", "b", "c"):
            site.provision(identity)
        site.control.patch_identity(site.connector, "a", {"locked": True})
        site.control.patch_identity(site.connector, "b", {"auth": {"expire": 0}})
        site.control.delete_identity(site.connector, "c")
        other.silent()


def test_connect_and_disconnect_events(site):
    """[R63] connect and disconnect are journalled, with who closed and why; online follows"""
    device = site.device()
    with device.connected() as client:
        assert site.control.identity(site.connector, "12345")["online"] is True
        client.send(mqtt.disconnect())
        client.expect_closed()
    (event,) = site.control.wait_events(site.connector, type="disconnect", identity="12345")
    assert event["closed_by"] and event["reason"]
    (connected,) = site.events(type="connect", identity="12345")
    assert connected["connection_id"] == event["connection_id"] and connected["protocol"] == "mqtt"
    assert site.control.identity(site.connector, "12345")["online"] is False
