"""TLS, server names and ports: R1 to R3a."""

import os
import socket
import ssl

import pytest

from support import packets as mqtt
from support.device import Site
from support.raw_client import RawClient, tls_context
from support.server import Server
from support.waiting import Deadline

pytestmark = pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")  # the old policy is tested
SETTINGS = {"connectors": {"open": {"protocol": {"devmode": True}}, "shut": {}}, "default_connector": "local"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Instead of the common one: with plain ports, for a connector with devmode and for one without."""
    flags = ["--ephemeral", "--mqtt", "127.0.0.1:0=open", "--mqtt", "127.0.0.1:0=shut"]
    with Server(tmp_path_factory.mktemp("server"), *flags, settings=SETTINGS) as running:
        yield running


def plain(server, index):
    host, _, port = server.ready["mqtt"][index].rpartition(":")
    return RawClient.plain((host, int(port)))


def read_to_end(stream):
    """Everything until the server closes, which it may do with bytes of ours unread."""
    data = b""
    try:
        while part := stream.recv(100):
            data += part
    except ConnectionResetError:
        pass
    return data


def used_connector(server, sni):
    """The connector that a client with this server name ends up in."""
    with RawClient.tls(server.address, sni, server.ca) as client:
        client.login()
        (name,) = [row["connector"] for row in server.control.connections() if row["sni"] == sni.lower()]
        return name


def refusal(server, sni):
    with pytest.raises((ssl.SSLError, ConnectionResetError)) as error:
        RawClient.tls(server.address, sni, server.ca)
    return str(error.value).upper()


def test_device_port_speaks_tls_only(server):
    """[R1] MQTT without TLS on the TLS port is closed"""
    with RawClient.plain(server.address) as client:
        client.send(mqtt.connect())
        answer = read_to_end(client.stream)
        assert answer[:1] in (b"", b"\x15")  # nothing, or a TLS alert
    Site(server, "after").provision()


def test_plain_port_serves_devmode(server):
    """[R1] the plain port serves a connector with devmode, and its identities are marked so"""
    with plain(server, 0) as client:
        client.login()
        client.send(mqtt.publish("$provision/12345"))
        token = client.message()[1]
    with plain(server, 0) as client:
        client.login(username="", password=token)
        client.silent()
    assert server.control.identity("open", "12345")["devmode"] is True


def test_plain_port_refuses_without_devmode(server):
    """[R1] the plain port of a connector without devmode: CONNACK 5, close, finding"""
    with plain(server, 1) as client:
        assert client.refused() == 5
    server.control.wait_events("shut", type="finding", rule="R1")


def test_several_ports(tmp_path):
    """[R2] several device ports may be open at once"""
    with Server(tmp_path, "--ephemeral", "--mqtts", "127.0.0.2:0") as server:
        assert len(server.ready["mqtts"]) == 2
        for place in server.ready["mqtts"]:
            host, _, port = place.rpartition(":")
            with RawClient.tls((host, int(port)), server.host("any"), server.ca) as client:
                client.login()


def test_server_name_selects_the_connector(server):
    """[R3] one label before the domain is the connector, in any case of letters"""
    assert used_connector(server, "abc-1.m2.exosite.io") == "abc-1"
    assert used_connector(server, "XyZ.M2.Exosite.IO") == "xyz"


@pytest.mark.parametrize("sni", ["m2.exosite.io", "localhost", "murano.example"])
def test_other_names_mean_the_default_connector(server, sni):
    """[R3] the domain itself and any other name mean default_connector"""
    assert used_connector(server, sni) == "local"


@pytest.mark.parametrize("sni", ["a.b.m2.exosite.io", "under_score.m2.exosite.io"])
def test_refused_names(server, sni):
    """[R3] more labels, or a label that is no connector id: alert unrecognized_name"""
    assert "UNRECOGNIZED" in refusal(server, sni)


def test_no_server_name(server):
    """[R3] no server name: alert unrecognized_name, and one line that says so"""
    assert "UNRECOGNIZED" in refusal(server, None)
    assert "SNI" in server.log()


def test_unknown_connector_where_none_are_made(tmp_path):
    """[R3] an unknown connector where none are auto-created: alert unrecognized_name"""
    settings = {"auto_create_connectors": False, "connectors": {"known": {}}}
    with Server(tmp_path, "--ephemeral", settings=settings) as server:
        assert "UNRECOGNIZED" in refusal(server, server.host("unknown"))
        Site(server, "known").provision()


def test_server_name_not_required(tmp_path):
    """[R3] tls.require_sni false: no server name means the default connector"""
    with Server(tmp_path, "--ephemeral", settings={"tls": {"require_sni": False}}) as server:
        with RawClient.tls(server.address, None, server.ca) as client:
            client.login()
            assert [row["connector"] for row in server.control.connections()] == ["local"]


@pytest.mark.parametrize("suite", ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "DHE-RSA-AES128-GCM-SHA256"])
def test_tls_1_2_with_both_certificates(server, suite):
    """[R3a] TLS 1.2 with the ECDSA and with the RSA certificate"""

    def tune(context):
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(suite)

    with RawClient.tls(server.address, server.host("suites"), server.ca, tune=tune) as client:
        client.login()
        assert client.stream.cipher()[0] == suite


def legacy(context):
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1


def test_tls_policies(server):
    """[R3a] TLS 1.0 is refused by default, and spoken with the policy TLSv1.0"""
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        RawClient.tls(server.address, server.host("old"), server.ca, tune=legacy)
    server.control.patch_settings("old", {"protocol": {"tls": {"policy": "TLSv1.0"}}})
    with RawClient.tls(server.address, server.host("old"), server.ca, tune=legacy) as client:
        client.login()
        assert client.stream.version() == "TLSv1"


def test_session_of_one_connector_does_not_resume_in_another(server):
    """[R3] a TLS session resumes in its own connector and in no other"""
    context = {}

    def tune(made):
        made.maximum_version = ssl.TLSVersion.TLSv1_2
        context.setdefault("same", made)

    def dial(connector, session=None):
        plain_socket = socket.create_connection(server.address)
        return RawClient(context["same"].wrap_socket(plain_socket, server_hostname=server.host(connector), session=session))

    with RawClient.tls(server.address, server.host("one"), server.ca, tune=tune) as first:
        first.login()
        session = first.stream.session
    with dial("one", session) as again:
        again.login()
        assert again.stream.session_reused
    with dial("two", session) as other:
        other.login()
        assert not other.stream.session_reused


def strict_tls(server):
    """Connected; the end of the stream without a close_notify is an SSLError"""
    context = tls_context(server.ca)
    context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
    plain = socket.create_connection(server.address, timeout=Deadline().left())
    return context.wrap_socket(plain, server_hostname="local.m2.exosite.io", suppress_ragged_eofs=False)


def logged_in(server):
    client = RawClient(strict_tls(server))
    client.login()
    return client


def test_who_stays_after_disconnect_is_told_the_end_in_tls(server):
    """The server closes after DISCONNECT, with a close_notify: what ends without one may have been cut off"""
    with logged_in(server) as client:
        client.send(mqtt.disconnect())
        assert client.stream.recv(1) == b""


def test_who_goes_right_behind_disconnect_gets_no_reset(server):
    """A client that has ended its side and still reads sees the end of the stream, perhaps an alert before it"""
    with logged_in(server) as client, socket.socket(fileno=os.dup(client.stream.fileno())) as raw:
        raw.settimeout(Deadline().left())
        client.send(mqtt.disconnect())
        raw.shutdown(socket.SHUT_WR)
        while raw.recv(100):
            pass


def test_https_answer_is_whole_for_who_has_ended_its_side(server):
    """The close_notify is what tells such a client that its answer was not cut off"""
    request = b"GET /nothing HTTP/1.1\r\nHost: local.m2.exosite.io\r\nConnection: close\r\n\r\n"
    with strict_tls(server) as stream, socket.socket(fileno=os.dup(stream.fileno())) as raw:
        stream.sendall(request)
        raw.shutdown(socket.SHUT_WR)
        answer = b""
        while part := stream.recv(4096):
            answer += part
        assert answer.startswith(b"HTTP/1.1 404 ")
