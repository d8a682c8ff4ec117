"""Sessions and Clean Session: R17 to R22."""

import pytest

from support import packets as mqtt


def leave(client):
    client.send(mqtt.disconnect())
    client.expect_closed()


def begin(device, client_id, topic=None):
    """A stored session of that name, subscribed to topic, no longer connected; returns Session Present."""
    with device.site.open() as client:
        fields = {"username": "", "password": device.token}
        present = client.login(client_id=client_id, clean=False, **fields)
        if topic:
            assert client.subscribe(topic) == [0]
        leave(client)
    return present


def session_present(device, client_id, clean=False):
    with device.site.open() as client:
        present = client.login(client_id=client_id, clean=clean, username="", password=device.token)
        leave(client)
    return present


def stored(device):
    rows = device.site.control.sessions(device.site.connector)
    return sorted(row["client_id"] for row in rows if row["identity"] == device.identity)


def test_session_begins_and_is_resumed(site):
    """[R19] Clean Session 0 begins a session, later resumes it with its subscriptions [MQTT-3.2.2-2] [MQTT-3.2.2-3]"""
    device = site.device()
    assert begin(device, "a", "news") == 0
    with site.open() as client:
        assert client.login(client_id="a", clean=False, username="", password=device.token) == 1
        client.send(mqtt.publish("news", "hello"))
        assert client.message() == ("news", b"hello")


def test_clean_session_erases_its_own(site):
    """[R17] Clean Session 1 erases this ClientID's session, Session Present 0 [MQTT-3.1.2-6] [MQTT-3.1.4-3]"""
    device = site.device()
    begin(device, "a", "news")
    assert session_present(device, "a", clean=True) == 0
    assert stored(device) == []
    assert session_present(device, "a") == 0


def test_clean_session_leaves_a_young_one_of_another_name(site):
    """[R18] Clean Session 1 leaves the session of another ClientID that is not older than 24 h"""
    device = site.device()
    begin(device, "a")
    assert session_present(device, "b", clean=True) == 0
    assert session_present(device, "a") == 1


@pytest.mark.parametrize("age, kept", [("86399s", 1), ("86401s", 0)])
def test_clean_session_erases_an_old_one_of_another_name(site, age, kept):
    """[R18, R18a] it is erased when older than 24 h, by the emulator's clock"""
    device = site.device()
    begin(device, "a")
    site.control.ok("POST", f"/_emulator/v1/clock/advance?connector={site.connector}", {"by": age})
    session_present(device, "", clean=True)
    assert session_present(device, "a") == kept


def test_exactly_24_hours_is_not_older(site):
    """[R18a] exactly 24 h is not older, a microsecond more is"""
    device = site.device()
    clock = f"/_emulator/v1/clock?connector={site.connector}"
    site.control.ok("PUT", clock, {"frozen": True})
    begin(device, "a")
    now = site.control.ok("GET", clock).json()["now_us"]
    site.control.ok("PUT", clock, {"now_us": now + 86_400_000_000, "frozen": True})
    session_present(device, "", clean=True)
    assert stored(device) == ["a"]
    site.control.ok("PUT", clock, {"now_us": now + 86_400_000_001, "frozen": True})
    session_present(device, "", clean=True)
    assert stored(device) == []


def test_clean_session_0_erases_another_name(site):
    """[R20] Clean Session 0 erases a stored session under another ClientID, whatever its age"""
    device = site.device()
    begin(device, "a")
    begin(device, "b")
    assert stored(device) == ["b"]


def test_connected_session_of_another_name_is_not_kept(site):
    """[R20] one that is connected under another ClientID lives on, but is not kept when its connection ends"""
    device = site.device()
    fields = {"clean": False, "username": "", "password": device.token}
    with site.open() as first, site.open() as second:
        first.login(client_id="a", **fields)
        assert first.subscribe("news") == [0]
        second.login(client_id="b", **fields)
        first.send(mqtt.publish("news", "still here"))
        assert first.message() == ("news", b"still here")
        leave(first)
        leave(second)
    assert stored(device) == ["b"]


def test_sessions_belong_to_a_device(site):
    """[R21] the same ClientID on another device is another session"""
    one, two = site.device("one"), site.device("two")
    begin(one, "same", "news")
    assert begin(two, "same") == 0
    assert session_present(one, "same") == 1
    assert session_present(two, "same") == 1


def test_nothing_is_queued_for_a_session(site):
    """[R21] messages that were published meanwhile do not wait in the session [MQTT-3.1.2-5]"""
    device = site.device()
    begin(device, "a", "news")
    with device.connected(client_id="b") as other:
        other.publish_and_wait("news", "missed")
    with site.open() as client:
        assert client.login(client_id="a", clean=False, username="", password=device.token) == 1
        client.silent()


def test_same_client_id_closes_the_older_connection(site):
    """[R22] the older connection of the same ClientID is closed, its Will fires [MQTT-3.1.4-2]"""
    device = site.device()
    with device.connected(client_id="same", will=("$resource/data_in", "old one", 0, False)) as old:
        with device.connected(client_id="same") as new:
            old.expect_closed()
            new.silent()
    assert device.state()["data_in"]["reported"] == "old one"


def test_other_client_ids_live_side_by_side(site):
    """[R22] other and empty ClientIDs of one device live side by side, and each gets cloud values"""
    device = site.device()
    with device.connected(client_id="a") as a, device.connected(client_id="b") as b:
        with device.connected() as c, device.connected() as d:
            site.set_state({"config_io": "for all"})
            for client in (a, b, c, d):
                topic, payload = client.message()
                assert topic.startswith("$resource/config_io/") and payload == b"for all"


def test_anonymous_clients_never_displace_each_other(site):
    """[R22] two anonymous clients with the same ClientID live side by side"""
    with site.anonymous(client_id="same") as one, site.anonymous(client_id="same") as two:
        one.silent()
        two.silent()


def test_same_client_id_of_another_device(site):
    """[R22] the same ClientID of another device displaces nobody"""
    one, two = site.device("one"), site.device("two")
    with one.connected(client_id="same") as a, two.connected(client_id="same") as b:
        a.silent()
        b.silent()


def test_empty_client_id_with_clean_session_0(site):
    """CONNACK 2 for an empty ClientID with Clean Session 0 [MQTT-3.1.3-8]"""
    device = site.device()
    with site.open() as client:
        assert client.refused(client_id="", clean=False, username="", password=device.token) == 2
