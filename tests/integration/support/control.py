"""The control API as the tests use it: Murano's own calls and the emulator's, over plain http.client."""

import dataclasses
import http.client
import json
import urllib.parse

from support.waiting import PATIENCE_S, wait_until


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode()


def quote(text):
    return urllib.parse.quote(text, safe="")


class Control:
    """Every call opens its own connection. `ok` calls fail the test on another status than the expected one."""

    def __init__(self, url, token=None):
        self.url = url
        self._place = urllib.parse.urlsplit(url).netloc
        self._headers = {"Authorization": f"token {token}"} if token else {}

    def request(self, method, path, body=None, headers=None):
        """body: bytes as they are, anything else as JSON."""
        sent = {**self._headers, **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(self._place, timeout=PATIENCE_S)
        try:
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def ok(self, method, path, body=None, status=(200, 201, 204, 205), headers=None):
        answer = self.request(method, path, body, headers)
        assert answer.status in status, f"{method} {path}: {answer.status} {answer.body[:500]!r}"
        return answer

    # --- Murano's own ---
    def device2(self, connector, rest=""):
        return f"/api:1/service/{connector}/device2{rest}"

    def settings(self, connector):
        return self.ok("GET", self.device2(connector)).json()

    def patch_settings(self, connector, change):
        self.ok("PATCH", self.device2(connector), change, status=(204,))

    def put_identity(self, connector, identity, body=None):
        self.ok("PUT", self.device2(connector, f"/identity/{quote(identity)}"), body or {}, status=(204,))

    def patch_identity(self, connector, identity, body):
        self.ok("PATCH", self.device2(connector, f"/identity/{quote(identity)}"), body, status=(204,))

    def delete_identity(self, connector, identity):
        self.ok("DELETE", self.device2(connector, f"/identity/{quote(identity)}"), status=(205,))

    def identity(self, connector, identity):
        return self.ok("GET", self.device2(connector, f"/identity/{quote(identity)}")).json()

    def has_identity(self, connector, identity):
        answer = self.request("GET", self.device2(connector, f"/identity/{quote(identity)}"))
        assert answer.status in (200, 404), answer
        return answer.status == 200

    def state(self, connector, identity):
        return self.ok("GET", self.device2(connector, f"/identity/{quote(identity)}/state")).json()

    def set_state(self, connector, identity, values):
        self.ok("PATCH", self.device2(connector, f"/identity/{quote(identity)}/state"), values)

    def upload(self, connector, name, data, mime="application/octet-stream"):
        """Both steps of Murano's upload: ask for the form, then post it."""
        path = f"/api:1/service/{connector}/content/item/{quote(name)}/upload?type={quote(mime)}"
        self.post_form(self.ok("GET", path).json(), name, data, mime)

    def post_form(self, form, name, data, mime):
        boundary = "boundary-of-a-test"
        parts = b""
        for field, value in form["inputs"].items():
            parts += f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        head = f'Content-Disposition: form-data; name="{form["field"]}"; filename="{name}"\r\nContent-Type: {mime}'
        parts += f"--{boundary}\r\n{head}\r\n\r\n".encode() + data + f"\r\n--{boundary}--\r\n".encode()
        url = urllib.parse.urlsplit(form["url"])
        target = url.path + (f"?{url.query}" if url.query else "")
        self.ok(form["method"], target, parts, headers={"Content-Type": f"{form['enctype']}; boundary={boundary}"})

    # --- the emulator's own ---
    def emulator(self, rest):
        return f"/_emulator/v1{rest}"

    def patch_connector(self, connector, change):
        """Settings in the shape of the settings file, quirks included."""
        headers = {"Content-Type": "application/merge-patch+json"}
        self.ok("PATCH", self.emulator(f"/connectors/{connector}"), json.dumps(change).encode(), headers=headers)

    def secret(self, connector, identity):
        return self.ok("GET", self.emulator(f"/connectors/{connector}/identities/{quote(identity)}/secret")).json()

    def history(self, connector, identity, **query):
        path = self.emulator(f"/connectors/{connector}/identities/{quote(identity)}/history")
        return self.ok("GET", f"{path}?{urllib.parse.urlencode(query)}").json()["values"]

    def events(self, connector, **query):
        """All events of the connector that fit the filters, oldest first."""
        query = urllib.parse.urlencode({"connector": connector, "limit": 10000, **query})
        return self.ok("GET", self.emulator(f"/events?{query}")).json()["events"]

    def findings(self, connector, rule=None, **query):
        if rule:
            query["rule"] = rule
        return self.events(connector, type="finding", **query)

    def events_so_far(self, connector, **query):
        """As events(); none while the connector has not come into being."""
        query = urllib.parse.urlencode({"connector": connector, "limit": 10000, **query})
        answer = self.request("GET", self.emulator(f"/events?{query}"))
        assert answer.status in (200, 404), f"{answer.status} {answer.body[:500]!r}"
        return answer.json()["events"] if answer.status == 200 else []

    def wait_events(self, connector, count=1, **query):
        """At least `count` events of that kind, waited for; the connector may come into being meanwhile."""
        last = []

        def enough():
            last[:] = self.events_so_far(connector, **query)
            return last if len(last) >= count else None

        return wait_until(enough, lambda: f"{count} events {query} in {connector}; there are {last}")

    def publish(self, connector, identity, topic, payload):
        path = self.emulator(f"/connectors/{connector}/identities/{quote(identity)}/publish")
        self.ok("POST", path, {"topic": topic, "payload": payload})

    def advance(self, by):
        self.ok("POST", self.emulator("/clock/advance"), {"by": by})

    def connections(self):
        return self.ok("GET", self.emulator("/connections")).json()["connections"]

    def sessions(self, connector):
        rows = self.ok("GET", self.emulator("/sessions")).json()["sessions"]
        return [row for row in rows if row["connector"] == connector]
