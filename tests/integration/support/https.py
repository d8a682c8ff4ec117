"""HTTPS on the device port, as a device speaks it: by address, with the connector's name in SNI."""

import http.client
import urllib.parse

from support.control import Answer
from support.raw_client import tls_context
from support.waiting import PATIENCE_S


class DeviceHttps(http.client.HTTPSConnection):
    """Connects to an address and asks for another name."""

    def __init__(self, address, name, ca, certificate=None):
        super().__init__(*address, timeout=PATIENCE_S, context=tls_context(ca, certificate))
        self._name = name

    def connect(self):
        http.client.HTTPConnection.connect(self)
        self.sock = self._context.wrap_socket(self.sock, server_hostname=self._name)


def device_request(site, method, target, body=None, headers=None, host=None, name=None, certificate=None):
    """host: the Host header; name: SNI; both are the connector's name where not given."""
    server = site.server
    name = name or server.host(site.connector)
    connection = DeviceHttps(server.address, name, server.ca, certificate)
    try:
        connection.request(method, target, body=body, headers={"Host": host or name, **(headers or {})})
        response = connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    finally:
        connection.close()


def download(site, url, method="GET", headers=None, name=None):
    """Follows the url of a content item, with its own host name unless another is given."""
    parts = urllib.parse.urlsplit(url)
    assert parts.scheme == "https"
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    return device_request(site, method, target, headers=headers, name=name or parts.hostname, host=parts.netloc)
