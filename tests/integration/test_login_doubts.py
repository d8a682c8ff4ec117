"""[D20] A refused CONNECT says how near it was, and a credential in the wrong field is shown nowhere."""

import pytest

from support import packets as mqtt
from support.device import Site
from support.server import Server

KNOWN = "device-1"


def spoilt(token):
    return {
        "a line end": (dict(username="", password=token + "\n"), "R12.line_end", "line end"),
        "spaces": (dict(username="", password=" " + token), "R12.white_space", "white space"),
        "quotes": (dict(username="", password=f'"{token}"'), "R12.quotes", "in quotes"),
        "cut short": (dict(username="", password=token[:32]), "R12.cut_short", "cut short"),
        "the device id": (dict(username=KNOWN, password=KNOWN), "R12.device_id_as_password", "device id, not a credential"),
        "Username in other case": (dict(username=KNOWN.upper(), password=token), "R14.username_case", "upper and lower case"),
        "Username with a blank": (dict(username=KNOWN + " ", password=token), "R14.username_white_space", "white space"),
        "the token as Username": (dict(username=token, password=""), "R14.token_as_username", "Username is the token of"),
    }


@pytest.mark.parametrize("slip", spoilt("x" * 40))
def test_near_miss(site, slip):
    """[R12, R14] the finding names the slip and whom the device meant; the wire says 4 as ever"""
    device = site.device(KNOWN)
    fields, code, words = spoilt(device.token)[slip]
    with site.open() as client:
        assert client.refused(**fields) == 4
    found = site.events(type="finding", identity=KNOWN)
    assert any(words in each["message"] and each["claimed_identity"] == KNOWN for each in found), found
    assert [each["code"] for each in found] == [code]
    assert device.token not in str(site.events())


def test_token_of_somebody_else(site, server):
    """[R12] another device's token, another connector's, and the one before a revoke"""
    first, second = site.device("first"), site.device("second")
    stranger = Site(server, site.connector + "-other").device("stranger")
    cases = [("first", second.token, "R12.other_device"), ("", stranger.token, "R12.other_connector")]
    for username, password, code in cases:
        with site.open() as client:
            assert client.refused(username=username, password=password) == 4
        assert site.findings(code), site.findings()
    site.control.ok("PATCH", site.control.device2(site.connector, "/identity/first"), {"auth": {"expire": 0}})
    with site.open() as client:
        assert client.refused(username="", password=first.token) == 4
    assert site.findings("R12.old_token")


def test_hidden_everywhere(tmp_path):
    """[R12, R48] a token as Username, ClientID, provisioning id, topic or filter of an anonymous client"""
    settings = {"log": {"packets": True}}
    with Server(tmp_path, "--ephemeral", "--log-level", "trace", "--journal-packets", settings=settings) as server:
        site = Site(server, "local")
        token = site.provision(KNOWN)
        site.patch({"provisioning": {"presenter_identity": False}})
        for fields in (dict(username=token, password=""), dict(username=token, password=token)):
            with site.open() as client:
                assert client.refused(**fields) == 4
        with site.open() as client:
            client.login(client_id=token, username="", password=token)
            assert token not in server.control.ok("GET", "/_emulator/v1/connections").text
        with site.anonymous() as client:
            client.send(mqtt.publish(f"$provision/{token}", "", qos=1, packet_id=1))
            client.until_puback(1)
            client.send(mqtt.publish(f"$resource/{token}", "x", qos=1, packet_id=2))
            client.until_puback(2)
            client.send(mqtt.subscribe(3, (f"a/{token}", 0)))
            client.receive()
        text = server.control.ok("GET", "/_emulator/v1/events?limit=10000").text
        assert text.count('"type":"packet"') > 8
        assert token not in text and token.encode().hex() not in text
        assert token not in server.log()


def test_password_in_a_second_field(site):
    """[R12] a password beside the name of its device, or typed twice, is hidden, whether the CONNECT is refused or not"""
    password = "a password of 24 letters"
    site.patch({"provisioning": {"auth_type": "password"}})
    with site.anonymous() as client:
        client.send(mqtt.publish(f"$provision/{KNOWN}", password, qos=1, packet_id=1))
        client.until_puback(1)
    for fields in (dict(username=password, password="", client_id=KNOWN), dict(username=password, password=password)):
        with site.open() as client:
            assert client.refused(**fields) == 4
    with site.open() as client:
        client.login(client_id=password, username=KNOWN, password=password)
        assert password not in site.control.ok("GET", "/_emulator/v1/connections").text
    assert len(site.findings()) >= 3 and password not in str(site.events())


def test_username_that_is_no_id(site):
    """[R14] a Username longer than any id claims nobody"""
    with site.open() as client:
        assert client.refused(username="x" * 60_000, password="y") == 4
    (finding,) = site.findings()
    assert "claimed_identity" not in finding and len(str(finding)) < 2_000


def test_own_credential(site):
    """[R12] a device that publishes its credential is told once; its own event stays as it is"""
    device = site.device()
    with device.connected() as client:
        for number in (1, 2):
            client.publish_and_wait("$resource/data_in", f"token={device.token}", packet_id=number)
    assert [each["message"] for each in site.findings("R12")] == ["The device publishes its own credential."]
    assert device.token in str(site.events(type="data_in"))


def test_second_try(site):
    """[R4] MQIsdp level 3: the code of the first try where the credentials are wrong, else 1"""
    device = site.device(KNOWN)
    for password, code in (("x" * 40, 4), (device.token, 1)):
        with site.open() as client:
            assert client.refused(name="MQIsdp", level=3, username="", password=password) == code
    assert [each["code"] for each in site.findings()] == ["R12.unknown_token", "R4.mqtt_3_1"]
    assert all("second try" in each["message"] for each in site.findings())


def test_takeover_fight(site):
    """[R22] two clients that displace each other: one finding for the episode, with both addresses"""
    device = site.device()
    clients = []
    for _ in range(7):
        client = site.open()
        clients.append(client.__enter__())
        clients[-1].login(client_id="same", username="", password=device.token)
    fights = site.findings("R22")
    for client in clients:
        client.__exit__(None, None, None)
    assert len(fights) == 1 and fights[0]["message"].count("127.0.0.1") == 2, fights
