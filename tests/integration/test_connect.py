"""Who may connect, and as whom: R4, R5, R10 to R16."""

import pytest

from support import packets as mqtt
from support.faults import fault

PASSWORD = "a1b2c3d4e5f6g7h8i9j0"


def password_site(site):
    site.patch({"provisioning": {"auth_type": "password"}})
    with site.anonymous() as client:
        client.publish_and_wait("$provision/12345", PASSWORD)
    return site


@pytest.mark.parametrize("username", ["", "12345"])
@pytest.mark.parametrize("client_id", ["", "12345"])
def test_token_device(site, username, client_id):
    """[R10, R11] a token device: Username empty or the device id, Password the token"""
    device = site.device()
    with device.connected(username=username, client_id=client_id) as client:
        client.publish_and_wait("$resource/data_in", "x")
    assert device.state()["data_in"]["reported"] == "x"


@pytest.mark.parametrize("client_id", ["", "12345"])
def test_password_device(site, client_id):
    """[R10] a password device: Username the device id, Password the password"""
    password_site(site)
    with site.open() as client:
        client.login(client_id=client_id, username="12345", password=PASSWORD)
        client.publish_and_wait("$resource/data_in", "x")
    assert site.state()["data_in"]["reported"] == "x"


@pytest.mark.parametrize(
    "username, password",
    [
        ("", "A" * 40),  # unknown token
        ("12345", "A" * 40),  # wrong token of a known device
        ("other", None),  # the right token with another device's name
        ("12345", ""),  # no password
        ("somebody", "A" * 40),
    ],
)
def test_wrong_token(site, username, password):
    """[R12, R14] a wrong token, or a Username that is not the token's device: CONNACK 4, close [MQTT-3.2.2-5]"""
    device = site.device()
    with site.open() as client:
        password = device.token if password is None else password
        assert client.refused(username=username, password=password) == 4
    assert site.control.wait_events(site.connector, type="finding")


@pytest.mark.parametrize("username, password", [("12345", "wrong" * 5), ("", PASSWORD), ("other", PASSWORD)])
def test_wrong_password(site, username, password):
    """[R12, R14] a wrong password, or the right one without its name: CONNACK 4"""
    password_site(site)
    with site.open() as client:
        assert client.refused(username=username, password=password) == 4


def test_username_without_password(site):
    """[R14] a Username with no Password: CONNACK 4"""
    site.device()
    with site.open() as client:
        assert client.refused(username="12345") == 4


def test_token_of_another_connector(site):
    """[R11] a token is worth nothing in another connector"""
    token = site.provision()
    with site.server.client(site.connector + "b") as client:
        assert client.refused(username="", password=token) == 4


def test_locked_identity(site):
    """[R12] a right credential of a locked identity: CONNACK 5; a wrong one: 4"""
    device = site.device()
    site.control.patch_identity(site.connector, "12345", {"locked": True})
    with site.open() as client:
        assert client.refused(username="", password=device.token) == 5
    with site.open() as client:
        assert client.refused(username="12345", password="A" * 40) == 4


def test_deleted_identity(site):
    """[R12] the token of a deleted identity: CONNACK 4"""
    device = site.device()
    site.control.delete_identity(site.connector, "12345")
    with site.open() as client:
        assert client.refused(username="", password=device.token) == 4


def test_any_client_id_is_a_finding(site):
    """[R13] another ClientID is accepted, with a finding of severity violation"""
    device = site.device()
    with device.connected(client_id="my gadget"):
        pass
    (finding,) = site.findings("R13")
    assert finding["severity"] == "violation" and finding["hint"]


def test_quirk_client_id_documented(site):
    """[R13] quirk client_id: documented refuses it with CONNACK 2 [MQTT-3.1.3-9]"""
    device = site.device()
    site.quirk(client_id="documented")
    with site.open() as client:
        assert client.refused(client_id="my gadget", username="", password=device.token) == 2
    with device.connected(client_id="12345"), device.connected(client_id=""):
        pass


@pytest.mark.parametrize(
    "fields",
    [{}, {"username": ""}, {"username": "", "password": ""}, {"client_id": "anything"}, {"will": ("a", "b", 0, False)}],
)
def test_anonymous_client(site, fields):
    """[R15] no credential in every shape of real clients: CONNACK 0, and it may provision"""
    with site.anonymous(**fields) as client:
        client.send(mqtt.publish("$provision/12345"))
        assert len(client.message()[1]) == 40


def test_auth_type_of_an_identity_stays(site):
    """[R16] a token device goes on when its connector changes to passwords"""
    device = site.device()
    site.patch({"provisioning": {"auth_type": "password"}})
    with device.connected() as client:
        client.silent()


@pytest.mark.parametrize("level, name", [(3, "MQTT"), (5, "MQTT"), (3, "MQIsdp")])
def test_other_protocol_versions(site, level, name):
    """[R4] other levels, and MQIsdp: CONNACK 1 [MQTT-3.1.2-2]"""
    with site.open() as client:
        assert client.refused(level=level, name=name) == 1


def test_other_protocol_name(site):
    """[R4] any other protocol name is closed without CONNACK [MQTT-3.1.2-1]"""
    with site.open() as client:
        client.send(mqtt.connect(name="HTTP"))
        client.expect_closed()


def test_control_characters_in_strings(site):
    """[R5] control characters are let through with a finding; U+0000 closes [MQTT-1.5.3-2]"""
    device = site.device()
    with device.connected() as client:
        client.publish_and_wait("tab\there", "x")
        assert site.findings("R5")
        client.send(mqtt.publish("nul\0", "x"))
        client.expect_closed()


def test_packets_behind_connect(site):
    """What is sent behind an accepted CONNECT before its CONNACK is processed [MQTT-3.1.4-5] [MQTT-3.2.0-1]"""
    device = site.device()
    with site.open() as client:
        connect = mqtt.connect(username="", password=device.token)
        client.send(connect, mqtt.publish("$resource/data_in", "early", qos=1, packet_id=4), mqtt.pingreq())
        assert client.connack() == (0, 0)
        kinds = {client.receive().kind, client.receive().kind}
        assert kinds == {mqtt.PUBACK, mqtt.PINGRESP}
    assert device.state()["data_in"]["reported"] == "early"


def test_packets_behind_a_refused_connect(site):
    """Nothing behind a refused CONNECT is processed [MQTT-3.1.4-5]"""
    device = site.device()
    with site.open() as client:
        connect = mqtt.connect(username="12345", password="wrong")
        client.send(connect, mqtt.publish("$resource/data_in", "never", qos=1))
        assert client.connack() == (0, 4)
        client.expect_closed()
    assert "reported" not in device.state().get("data_in", {})


def test_nothing_comes_of_what_is_sent_while_a_refusal_stays_open(site):
    """neither of what came before its CONNACK, which a fault delays, nor of what comes behind it [MQTT-3.1.4-5]"""
    device = site.device("7")
    with fault(site, "connack", identity="7", code=3, delay_ms=50, stay_ms=150):
        with site.open() as client:
            early, late = (mqtt.publish("$resource/data_in", value, qos=1, packet_id=1) for value in (b"early", b"late"))
            client.send(mqtt.connect(username="", password=device.token), early)
            assert client.connack() == (0, 3)
            client.send(late)
            client.expect_closed()
    assert "data_in" not in device.state()
    with device.connected() as client:
        client.silent()


def test_keep_alive(site):
    """[R7] silence for 1.5 times the Keep Alive closes, and the Will is processed [MQTT-3.1.2-24]"""
    device = site.device()
    with device.connected(keep_alive=1, will=("$resource/data_in", "silent", 0, False)) as client:
        client.expect_closed()
    assert device.state()["data_in"]["reported"] == "silent"


def test_first_packet_is_connect(site):
    """Anything before CONNECT closes [MQTT-3.1.0-1]"""
    with site.open() as client:
        client.send(b"\x30\x03\x00\x01a")
        client.expect_closed()


def test_second_connect(site):
    """A second CONNECT closes [MQTT-3.1.0-2]"""
    device = site.device()
    with device.connected() as client:
        client.send(mqtt.connect(username="", password=device.token))
        client.expect_closed()
