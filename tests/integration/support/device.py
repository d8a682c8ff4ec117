"""Short words for what most tests do: a connector ("site"), devices that are provisioned on it, their connections."""

import contextlib
import re

from support import packets as mqtt

TOKEN = re.compile(r"[A-Za-z0-9]{40}")


class Site:
    """One connector on a running server."""

    def __init__(self, server, connector):
        self.server = server
        self.connector = connector
        self.control = server.control

    def open(self, **options):
        """A raw client, nothing sent."""
        return self.server.client(self.connector, **options)

    @contextlib.contextmanager
    def anonymous(self, **fields):
        with self.open() as client:
            client.login(**fields)
            yield client

    def provision(self, identity="12345"):
        """Over MQTT, as the tutorial does; returns the token."""
        with self.anonymous() as client:
            client.send(mqtt.publish(f"$provision/{identity}"))
            topic, payload = client.message()
        assert topic == f"$provision/{identity}"
        assert TOKEN.fullmatch(payload.decode()), payload
        return payload.decode()

    def device(self, identity="12345"):
        return Device(self, identity, self.provision(identity))

    # --- the cloud side, for this connector ---
    def state(self, identity="12345"):
        return self.control.state(self.connector, identity)

    def set_state(self, values, identity="12345"):
        self.control.set_state(self.connector, identity, values)

    def patch(self, change):
        self.control.patch_settings(self.connector, change)

    def quirk(self, **quirks):
        self.control.patch_connector(self.connector, {"quirks": quirks})

    def events(self, **query):
        return self.control.events(self.connector, **query)

    def findings(self, rule=None):
        return self.control.findings(self.connector, rule)

    def resources(self, **definitions):
        """Beside the three that every connector has."""
        self.patch({"resources": {**self.control.settings(self.connector)["resources"], **definitions}})


class Device:
    """A token device of a site."""

    def __init__(self, site, identity, token):
        self.site = site
        self.identity = identity
        self.token = token

    @contextlib.contextmanager
    def connected(self, **fields):
        """A connection that is closed without DISCONNECT at the end."""
        with self.site.open() as client:
            client.login(**{"username": "", "password": self.token, **fields})
            yield client

    def state(self):
        return self.site.state(self.identity)
