"""Flaws of TLS."""

import socket
import ssl

from flaws.base import Device, KnowsConnected

NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME of OpenSSL
HANDSHAKE, CERTIFICATE = 22, 11  # content type and message type
RECORD_HEADER = 256  # content type, in OpenSSL's words


class NoVerification(Device):
    def client(self, *arguments):
        client = super().client(*arguments)
        client.tls_insecure_set(True)
        return client

    def tls(self):
        context = super().tls()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context


class NoName(Device):
    """Verifies the certificate, and not whose it is."""

    def client(self, *arguments):
        client = super().client(*arguments)
        client.tls_insecure_set(True)
        return client


class NoDates(Device):
    def tls(self):
        context = super().tls()
        context.verify_flags |= NO_CHECK_TIME
        return context


class OldTlsFirst(Device):
    """Tries TLS 1.1 before each connection."""

    def open(self, client):
        name = self.host.encode()
        entry = b"\0" + len(name).to_bytes(2, "big") + name
        sni = b"\0\0" + (len(entry) + 2).to_bytes(2, "big") + len(entry).to_bytes(2, "big") + entry
        suites = b"\xc0\x2b\xc0\x2f"  # ECDHE with AES-GCM
        hello = b"\x03\x02" + bytes(32) + b"\0" + len(suites).to_bytes(2, "big") + suites + b"\x01\0"
        hello += len(sni).to_bytes(2, "big") + sni
        hello = b"\x01" + len(hello).to_bytes(3, "big") + hello
        with socket.create_connection((self.address or self.host, self.port), 5) as raw:
            raw.sendall(b"\x16\x03\x01" + len(hello).to_bytes(2, "big") + hello)
            raw.recv(100)
        return super().open(client)


class OtherName(Device):
    """Asks for a host that it does not connect to."""

    def tls(self):
        context = super().tls()
        wrap = context.wrap_socket
        context.check_hostname = False
        context.wrap_socket = lambda sock, server_hostname, **how: wrap(sock, server_hostname="other.example", **how)
        return context

    def client(self, *arguments):
        client = super().client(*arguments)
        client.tls_insecure_set(True)
        return client


class WeakSuites(Device):
    def tls(self):
        context = super().tls()
        context.set_ciphers("ALL:eNULL:@SECLEVEL=0")
        return context


class SmallBuffers(Device):
    """Has no room for a long chain of certificates."""

    most = 8192

    def tls(self):
        context = super().tls()
        context._msg_callback = self.look
        return context

    def look(self, _connection, direction, _version, content_type, message_type, data):
        if (direction, content_type, message_type) == ("read", HANDSHAKE, CERTIFICATE) and len(data) > self.most:
            raise ssl.SSLError(f"{len(data)} bytes are too many")


class SmallRecords(KnowsConnected):
    """Once it is connected, its buffer has no room for a full record."""

    most = 8192

    def tls(self):
        context = super().tls()
        context._msg_callback = self.look
        return context

    def look(self, _connection, direction, _version, content_type, _message_type, data):
        if self.is_connected and (direction, content_type) == ("read", RECORD_HEADER):
            length = int.from_bytes(data[3:5], "big")
            if length > self.most:
                raise ssl.SSLError(f"a record of {length} bytes is too large")


class Certificate(Device):
    """No flaw: a device of a certificate connector. Its pair is in the folder that it was started in."""

    pair = "cert.pem", "key.pem"

    def __init__(self, options, environment):
        super().__init__(options, environment)
        self.credential.token = "none: its certificate is the credential"

    def tls(self):
        context = super().tls()
        context.load_cert_chain(*self.pair)
        return context

    def client(self, _client_id, clean_session):
        client = super().client("", clean_session)
        client.username_pw_set = lambda *_: None
        return client


class NoCertificateFirst(Certificate):
    """Tries without its certificate before each connection."""

    def open(self, client):
        self.shake_hands(Device.tls(self))
        return super().open(client)

    def shake_hands(self, context):
        with socket.create_connection((self.address or self.host, self.port), 5) as raw:
            context.wrap_socket(raw, server_hostname=self.host).close()


class OtherCertificateFirst(NoCertificateFirst):
    """Shows that of another device before each connection."""

    def shake_hands(self, context):
        context.load_cert_chain("other/cert.pem", "other/key.pem")
        super().shake_hands(context)


class PinnedLeaf(Device):
    """Wants to see the certificate again that it saw first."""

    pin = None

    def open(self, client):
        code = super().open(client)
        shown = client.socket() and client.socket().getpeercert(True)
        self.pin = self.pin or shown
        if shown != self.pin:
            raise ssl.SSLError("another certificate")
        return code


class PatientHandshake(Device):
    """Waits for an answer to its ClientHello without end."""

    class Socket(ssl.SSLSocket):
        def settimeout(self, _timeout):
            super().settimeout(None)

    def tls(self):
        context = super().tls()
        context.sslsocket_class = self.Socket
        return context


FLAWS = {
    "no_verification": NoVerification,
    "no_name": NoName,
    "no_dates": NoDates,
    "old_tls_first": OldTlsFirst,
    "other_name": OtherName,
    "weak_suites": WeakSuites,
    "small_handshakes": SmallBuffers,
    "small_records": SmallRecords,
    "certificate": Certificate,
    "no_certificate_first": NoCertificateFirst,
    "other_certificate_first": OtherCertificateFirst,
    "pinned_leaf": PinnedLeaf,
    "patient_handshake": PatientHandshake,
}

