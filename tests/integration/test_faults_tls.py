"""Faults of the TLS layer."""

import socket
import ssl

import pytest

from support import packets as mqtt
from support.faults import FAULTS, fault, hits
from support.raw_client import tls_context
from support.waiting import PATIENCE_S


@pytest.fixture(autouse=True)
def no_faults(server):
    yield
    server.control.ok("DELETE", FAULTS, status=(204,))


def refused(site):
    with pytest.raises(ssl.SSLError) as error:
        site.open()
    return str(error.value)


@pytest.mark.parametrize(
    "how, said",
    [
        ("untrusted_ca", "verify failed"),
        ("self_signed", "self-signed|self signed"),
        ("wrong_name", "Hostname mismatch"),
        ("expired", "expired"),
        ("not_yet_valid", "not yet valid"),
    ],
)
def test_a_wrong_certificate_is_refused_by_the_device(site, how, said):
    with fault(site, "tls_certificate", **{"as": how}):
        error = refused(site)
        assert any(one in error for one in said.split("|")), error
        assert hits(site)[-1]["kind"] == "tls_certificate"
    with site.open() as client:
        client.login()


@pytest.mark.parametrize("how", ["large_chain", "rotated"])
def test_an_unusual_certificate_verifies(site, how):
    with site.open() as client:
        usual = client.stream.getpeercert(binary_form=True)
    with fault(site, "tls_certificate", **{"as": how}):
        with site.open() as client:
            client.login()
            certificate = client.stream.getpeercert(binary_form=True)
    assert certificate != usual
    if how == "large_chain":
        assert len(certificate) > 8_000


def test_the_handshake_ends_with_the_alert(site):
    with fault(site, "tls_abort", alert="internal_error", times=1):
        assert "internal error" in refused(site)
        assert site.control.events_so_far(site.connector, type="finding") == []  # the device did nothing wrong
    with site.open() as client:
        client.login()


@pytest.mark.parametrize("after", ["client_hello", "server_hello"])
def test_the_handshake_stalls_and_no_timeout_closes_it(site, after):
    with fault(site, "tls_stall", after=after):
        plain = socket.create_connection(site.server.address, timeout=0.5)
        context = tls_context(site.server.ca)
        context.maximum_version = ssl.TLSVersion.TLSv1_2  # in 1.3 the first flight is all that a client waits for
        with pytest.raises((TimeoutError, socket.timeout)):
            context.wrap_socket(plain, server_hostname=site.server.host(site.connector))
        plain.close()
        site.control.wait_events(site.connector, type="fault")


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_only_that_version_is_offered(site, version):
    with fault(site, "tls_version", max=version, min=version):
        with site.open() as client:
            assert client.stream.version() == f"TLSv{version}"


def test_a_device_that_knows_no_other_version_is_refused(site):
    def old(context):
        context.maximum_version = ssl.TLSVersion.TLSv1_2

    with fault(site, "tls_version", min="1.3"):
        with pytest.raises(ssl.SSLError):
            site.open(tune=old)


def test_records_are_small(site):
    device = site.device("records")
    with fault(site, "tls_records", identity="records", bytes=1):
        with device.connected() as client:
            client.subscribe("a")
            site.control.publish(site.connector, "records", "a", "x" * 100)
            assert client.message() == ("a", b"x" * 100)
            client.stream.settimeout(PATIENCE_S)
            client.send(mqtt.pingreq())
            assert client.stream.recv(100) == b"\xd0"  # a read gives one record


def test_no_session_is_resumed(site):
    context = tls_context(site.server.ca)
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    def connected(session=None):
        plain = socket.create_connection(site.server.address, timeout=PATIENCE_S)
        return context.wrap_socket(plain, server_hostname=site.server.host(site.connector), session=session)

    with connected() as first:
        session = first.session
    with connected(session) as second:
        assert second.session_reused
    with fault(site, "tls_no_resumption"):
        with connected(session) as third:
            assert not third.session_reused
