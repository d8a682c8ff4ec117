"""Certificate devices: R10, R15, R16, R58, R59."""

import pytest

from support import certificates
from support.control import quote

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
