"""Certificate devices: R10, R15, R16, R58, R59."""

import socket
import ssl

import pytest

from support import certificates
from support.control import quote
from support.raw_client import RawClient, tls_context
from support.waiting import Deadline

DAY_US = 86_400_000_000


@pytest.fixture
def site(site):
    site.patch({"provisioning": {"auth_type": "certificate"}})
    return site


def report(site, pair, value="x", **fields):
    """Connects with the certificate and reports; the values that were waiting for the device."""
    with site.open(certificate=pair) as client:
        client.login(**fields)
        return client.publish_and_wait("$resource/data_in", value)


def refused(site, pair, **fields):
    with site.open(certificate=pair) as client:
        assert client.refused(**fields) == 4
    assert site.control.wait_events(site.connector, type="finding")


@pytest.mark.parametrize("key", ["ec", "rsa"])
def test_first_connection_provisions(site, tmp_path, key):
    """[R58, R10] the first connection provisions identity = CN, and is authenticated at once; self-signed is fine"""
    pair = certificates.self_signed(tmp_path, "cert-device", key=key)
    report(site, pair, "first")
    assert site.state("cert-device")["data_in"]["reported"] == "first"
    assert site.control.identity(site.connector, "cert-device")["status"] == "provisioned"
    kinds = [event["type"] for event in site.events(identity="cert-device")]
    assert kinds.index("provisioned") < kinds.index("data_in")
    report(site, pair, "second")
    assert len(site.events(type="provisioned")) == 1


@pytest.mark.parametrize("fields", [{"username": ""}, {"username": "", "password": ""}, {"username": "cert-device"}])
def test_shapes_of_connect(site, tmp_path, fields):
    """[R15] empty credentials, or the own id as Username, beside a certificate are the certificate device"""
    pair = certificates.self_signed(tmp_path, "cert-device")
    report(site, pair, **fields)
    assert site.state("cert-device")["data_in"]["reported"] == "x"


def test_another_certificate_of_the_same_name(site, tmp_path):
    """[R58] another certificate of a known CN: CONNACK 4"""
    report(site, certificates.self_signed(tmp_path / "one", "cert-device"))
    refused(site, certificates.self_signed(tmp_path / "two", "cert-device"))


def test_no_common_name(site, tmp_path):
    """[R58] no CN: CONNACK 4"""
    refused(site, certificates.self_signed(tmp_path, None))


def test_bad_format(site, tmp_path):
    """[R58] a CN that does not fit the identity format: CONNACK 4"""
    site.patch({"identity_format": {"type": "base10"}})
    refused(site, certificates.self_signed(tmp_path, "cert-device"))


def test_not_whitelisted(site, tmp_path):
    """[R58] presenter_identity false and not whitelisted: CONNACK 4; whitelisted: provisioned"""
    site.patch({"provisioning": {"presenter_identity": False}})
    pair = certificates.self_signed(tmp_path, "cert-device")
    refused(site, pair)
    site.control.put_identity(site.connector, "cert-device")
    report(site, pair)


def test_validity_by_the_emulators_clock(site, tmp_path):
    """[R58] not yet valid or expired by the emulator's clock: CONNACK 4"""
    pair = certificates.self_signed(tmp_path, "cert-device")
    report(site, pair)
    clock = f"/_emulator/v1/clock?connector={site.connector}"
    for days in (-2, 1600):
        site.control.ok("PUT", clock, {"offset_us": days * DAY_US})
        refused(site, pair)
    site.control.ok("PUT", clock, {"offset_us": 0})
    report(site, pair)


def test_pki(site, tmp_path):
    """[R58] with pki.enabled the chain must end in client_ca, and a renewed certificate of the same CN is accepted"""
    ca = certificates.authority(tmp_path / "ca")
    site.patch({"pki": {"enabled": True, "client_ca": ca[0].read_text()}})
    refused(site, certificates.self_signed(tmp_path / "self", "cert-device"))
    report(site, certificates.signed(tmp_path / "one", "cert-device", ca))
    report(site, certificates.signed(tmp_path / "two", "cert-device", ca), "renewed")
    assert site.state("cert-device")["data_in"]["reported"] == "renewed"


def test_pki_with_an_intermediate(site, tmp_path):
    """[R58] client_ca is a root, and the device sends its own certificate and the intermediate behind it"""
    root = certificates.authority(tmp_path / "root")
    middle = certificates.intermediate(tmp_path / "middle", root)
    site.patch({"pki": {"enabled": True, "client_ca": root[0].read_text()}})
    pair = certificates.signed(tmp_path / "device", "cert-device", middle)
    refused(site, pair)  # the leaf alone leads nowhere
    report(site, certificates.with_chain(tmp_path / "chain", pair, middle))
    assert site.state("cert-device")["data_in"]["reported"] == "x"


@pytest.mark.parametrize("version, tickets", [("TLSv1_2", True), ("TLSv1_2", False), ("TLSv1_3", True)])
def test_pki_with_an_intermediate_on_a_resumed_session(site, tmp_path, version, tickets):
    """[R58] the chain that was sent is there on a resumed session too, with tickets and without"""
    root = certificates.authority(tmp_path / "root")
    middle = certificates.intermediate(tmp_path / "middle", root)
    site.patch({"pki": {"enabled": True, "client_ca": root[0].read_text()}})
    pair = certificates.with_chain(
        tmp_path / "chain", certificates.signed(tmp_path / "device", "cert-device", middle), middle
    )

    context = tls_context(site.server.ca, pair)
    context.maximum_version = getattr(ssl.TLSVersion, version)
    if not tickets:
        context.options |= ssl.OP_NO_TICKET
    session = None
    for resumed in (False, True, True):
        plain = socket.create_connection(site.server.address, timeout=Deadline().left())
        stream = context.wrap_socket(plain, server_hostname=site.server.host(site.connector), session=session)
        with RawClient(stream) as client:
            assert client.stream.session_reused == resumed
            client.login()
            assert client.publish_and_wait("$resource/data_in", "x") == []
            session = client.stream.session


def test_common_name_with_a_zero(site, tmp_path):
    """[R58] a CN with U+0000 is told as that, not as a missing one"""
    pair = certificates.self_signed(tmp_path, "victim?attacker")
    der = ssl.PEM_cert_to_DER_cert(pair[0].read_text()).replace(b"victim?attacker", b"victim\0attacker")
    pair[0].write_text(ssl.DER_cert_to_PEM_cert(der))
    refused(site, pair)
    (finding,) = site.findings("R58")
    assert "contains the character U+0000" in finding["message"], finding


def test_two_common_names(site, tmp_path):
    """[R58] of two CNs the last one counts, and a finding says so"""
    pair = certificates.self_signed(tmp_path, "first/CN=cert-device")
    report(site, pair)
    assert site.state("cert-device")["data_in"]["reported"] == "x"
    (finding,) = site.findings("R58")
    assert finding["severity"] == "warning" and finding["identity"] == "cert-device"
    assert "2 common names" in finding["message"] and "'cert-device'" in finding["message"]


def test_message_of_an_unknown_certificate(site, tmp_path):
    """[R46, R58] in a token connector nobody knows the certificate: the dropped message's finding names it"""
    site.patch({"provisioning": {"auth_type": "token"}})
    pair = certificates.self_signed(tmp_path, "gadget")
    assert report(site, pair) == []
    (finding,) = site.findings("R46")
    assert finding["severity"] == "violation" and "'gadget' belongs to no device" in finding["message"]
    assert "identity add <CN> --cert FILE" in finding["hint"]
    auth = {"auth": {"type": "certificate", "key": pair[0].read_text()}}
    site.control.ok(
        "PUT", site.control.device2(site.connector, f"/identity/{quote('gadget')}"), auth, status=(204,)
    )
    report(site, pair, "known")
    assert site.state("gadget")["data_in"]["reported"] == "known"


def test_certificate_in_a_token_connector(site, tmp_path):
    """[R58, R16] ignored there, unless it belongs to a known certificate identity"""
    known = certificates.self_signed(tmp_path / "known", "known")
    report(site, known)
    site.patch({"provisioning": {"auth_type": "token"}})
    report(site, known, "still")
    assert site.state("known")["data_in"]["reported"] == "still"
    with site.open(certificate=certificates.self_signed(tmp_path / "new", "new")) as client:
        client.login()
        assert client.subscribe("#") == [0x80]  # anonymous
    assert not site.control.has_identity(site.connector, "new")


def test_password_decides(site, tmp_path):
    """[R10] a non-empty Password decides, whatever certificate is shown"""
    refused(site, certificates.self_signed(tmp_path, "cert-device"), username="", password="A" * 40)


def test_rotation(site, tmp_path):
    """[R59] a new certificate published to $provision/<own id> replaces the kept one from the next connection on"""
    old = certificates.self_signed(tmp_path / "old", "cert-device")
    new = certificates.self_signed(tmp_path / "new", "cert-device")
    with site.open(certificate=old) as client:
        client.login()
        assert client.publish_and_wait("$provision/cert-device", new[0].read_bytes()) == []
    report(site, new, "new one")
    refused(site, old)


def test_rotation_refused(site, tmp_path):
    """[R59] anything else there is refused, with a finding"""
    pair = certificates.self_signed(tmp_path / "own", "cert-device")
    other = certificates.self_signed(tmp_path / "other", "other")
    with site.open(certificate=pair) as client:
        client.login()
        for payload in (other[0].read_bytes(), b"not a certificate", b""):
            assert client.publish_and_wait("$provision/cert-device", payload) == []
    assert len(site.findings("R59")) == 3
    report(site, pair)


def test_preregistered_certificate(site, tmp_path):
    """[R58] an identity whose certificate was registered before connects even with provisioning disabled"""
    pair = certificates.self_signed(tmp_path / "own", "cert-device")
    auth = {"auth": {"type": "certificate", "key": pair[0].read_text()}}
    path = site.control.device2(site.connector, f"/identity/{quote('cert-device')}")
    site.control.ok("PUT", path, auth, status=(204,))
    site.patch({"provisioning": {"enabled": False}})
    report(site, pair)
    refused(site, certificates.self_signed(tmp_path / "other", "cert-device"))
