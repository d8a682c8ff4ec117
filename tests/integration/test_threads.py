"""`--threads`: with TLS handshakes beside the event loop everything is as without."""

import concurrent.futures
import contextlib
import re
import socket
import ssl

import pytest

from support import certificates
from support import packets as mqtt
from support.raw_client import RawClient, tls_context
from support.server import Server, run
from support.waiting import wait_until
import test_tls_findings
import test_transport

CLIENTS = 200
pytestmark = pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")  # the old version is tested

# The same tests again, on the server of this file.
test_alert_of_the_client = test_tls_findings.test_alert_of_the_client
test_no_tls_at_all = test_tls_findings.test_no_tls_at_all
test_refused_handshake = test_tls_findings.test_refused_handshake
test_another_connectors_session = test_transport.test_session_of_one_connector_does_not_resume_in_another
test_tls_1_2_with_both_certificates = test_transport.test_tls_1_2_with_both_certificates
test_tls_policies = test_transport.test_tls_policies


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Instead of the common one: with threads for handshakes, and HTTPS."""
    flags = ["--ephemeral", "--threads", "4", "--api-tls", "127.0.0.1:0"]
    with Server(tmp_path_factory.mktemp("server"), *flags) as running:
        yield running


def test_crowd(site):
    """Hundreds come at once, publish, and go: each is acknowledged, and nothing stays behind"""
    device = site.device()

    def life(number):
        with device.connected(client_id=f"c{number}") as client:
            client.send(mqtt.publish("$resource/temperature", str(number).encode(), qos=1, packet_id=1))
            return client.expect(mqtt.PUBACK)

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        assert len(list(pool.map(life, range(CLIENTS)))) == CLIENTS
    wait_until(lambda: not [row for row in site.control.connections() if row["connector"] == site.connector], "an end")


def test_clients_that_leave_in_the_middle(server, site):
    """A client that sends its ClientHello and goes, at once or by a reset, holds nothing up and leaves nothing open"""
    hello = client_hello(server, site.connector)
    for number in range(CLIENTS):
        with socket.create_connection(server.address) as stream:
            stream.sendall(hello)
            if number % 2:
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    with site.anonymous() as client:
        client.barrier()
    none_open = re.compile(r'^\S*connections_open\{port="mqtts"\} 0$', re.MULTILINE)
    wait_until(lambda: none_open.search(server.control.ok("GET", "/metrics").text), "no connection left")


def client_hello(server, connector):
    """The first bytes of a handshake that would succeed."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = tls_context(server.ca).wrap_bio(incoming, outgoing, server_hostname=server.host(connector))
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()


def test_client_certificate(site, tmp_path):
    """[R58] a device shows its certificate"""
    site.patch({"provisioning": {"auth_type": "certificate"}})
    with site.open(certificate=certificates.self_signed(tmp_path, "cert-device")) as client:
        client.login()
        client.publish_and_wait("$resource/data_in", "x")
    assert site.state("cert-device")["data_in"]["reported"] == "x"


def test_control_port_over_tls(server):
    """HTTPS goes the same way"""
    host, _, port = server.ready["api_tls"][0].rpartition(":")
    with RawClient.tls((host, int(port)), "any.example", server.ca) as client:
        client.send(b"GET /_emulator/v1/health HTTP/1.1\r\nHost: any.example\r\nConnection: close\r\n\r\n")
        assert client.stream.recv(100).startswith(b"HTTP/1.1 200")


def test_stop_amid_handshakes(tmp_path):
    """A stop does not wait for handshakes that nobody finishes, and ends in order"""
    with Server(tmp_path, "--ephemeral", "--threads", "2") as server, contextlib.ExitStack() as opened:
        hello = client_hello(server, "any")
        for _ in range(50):
            opened.enter_context(socket.create_connection(server.address)).sendall(hello)
        assert server.stop() == 0


@pytest.mark.parametrize("wrong", ["0", "65", "two"])
def test_wrong_number(wrong):
    """The number of threads has bounds, which the error tells"""
    code, _, error = run("serve", "--threads", wrong)
    assert code == 2 and "--threads" in error and "1 to 64" in error
