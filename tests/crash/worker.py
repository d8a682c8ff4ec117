"""One connector under load: does one thing after the other, and knows what the server has confirmed of it."""

import collections
import random

from model import ANY_TOKEN, Possible, differences, without, without_identity
from observe import digest
from support import packets as mqtt
from support.device import TOKEN, Site

IDENTITIES = ("100", "200", "300")
NAMES = ("logo.gif", "firmware.bin", "notes.txt")
AHEAD = 40  # publications on the way at once


class Worker:
    def __init__(self, connector, seed):
        self.connector = connector
        self.random = random.Random(f"{seed}/{connector}")
        self.possible = Possible()
        self.acknowledged = collections.Counter()
        self.number = 0  # the newest that was published, ever
        self.confirmed = 0  # the newest that the server confirmed
        self.first = 1  # the first one that the journal holds behind `cursor`
        self.cursor = 0
        self.journal_known = True  # False: a reset was cut short
        self._client = None
        self._device = None  # of the client

    # --- after a crash ---
    def settle(self, observed, numbers, newest_cursor):
        """Fails when something that was confirmed is not there, or something is half there."""
        expected = self.possible.states
        found = differences(expected[-1], observed)
        assert self.possible.settle(observed), f"{self.connector} is in none of {len(expected)} possible states: {found}"
        if self.journal_known:
            assert numbers == list(range(self.first, self.first + len(numbers))), f"the journal has gaps: {numbers}"
            last = numbers[-1] if numbers else self.first - 1
            assert self.confirmed <= last <= self.number, (self.connector, self.confirmed, last, self.number)
        self.confirmed = self.number
        self.start_journal_at(newest_cursor)

    def start_journal_at(self, cursor):
        self.cursor, self.first, self.journal_known = cursor, self.number + 1, True

    def attach(self, server):
        """A new process to work on."""
        self.site = Site(server, self.connector)
        self.control = server.control
        self.drop()

    def step(self):
        """One operation, until it is confirmed. Raises when the server goes away."""
        chosen = self.random.choices(OPERATIONS, weights=[weight for weight, _ in OPERATIONS])[0][1]
        chosen(self)

    def drop(self):
        if self._client:
            self._client.close()
        self._client = self._device = None

    # --- what it does ---
    def _ask(self, kind, state, call):
        self.possible.begin(state)
        answer = call()
        self.possible.done()
        self.acknowledged[kind] += 1
        return answer

    def _some_identity(self):
        there = [key[1] for key in self.possible.now if key[0] == "identity"]
        return self.random.choice(there) if there else None

    def provision(self):
        free = [i for i in IDENTITIES if ("identity", i) not in self.possible.now]
        if not free:
            return
        identity = self.random.choice(free)
        state = {**self.possible.now, ("identity", identity): ANY_TOKEN, ("reported", identity): 0}
        token = self._ask("tokens", state, lambda: self._token(identity))
        self.possible.become({**state, ("identity", identity): token})

    def _token(self, identity):
        with self.site.anonymous() as client:
            client.send(mqtt.publish(f"$provision/{identity}"))
            payload = client.message()[1].decode()
        assert TOKEN.fullmatch(payload), payload
        return payload

    def _connected(self, identity):
        """A client of that device; its token must be good."""
        if self._device != identity:
            self.drop()
            client = self.site.open()
            self._client, self._device = client, identity
            client.login(username="", password=self.possible.now["identity", identity], client_id="c", clean=False)
        return self._client

    def stream(self):
        """QoS 1 publications, many on the way, each acknowledged in order."""
        identity = self._some_identity()
        if identity is None:
            return
        client, key = self._connected(identity), ("reported", identity)
        old, first, end = {self.possible.now[key]}, self.number + 1, self.number + self.random.randint(1, 150)
        while self.confirmed < end:
            # Every one on the way may be the newest that the server holds; before the first answer so may the old one.
            sent = range(self.number + 1, min(end, self.confirmed + AHEAD) + 1)
            self.number = sent.stop - 1
            newest = {self.confirmed} if self.confirmed >= first else old
            on_the_way = frozenset(newest.union(range(self.confirmed + 1, sent.stop)))
            self.possible.become({**self.possible.now, key: on_the_way})
            self._send(client, sent)
            self._read_acknowledgement(client)
        self.possible.become({**self.possible.now, key: end})

    @staticmethod
    def _packet_id(number):
        return number % 60000 + 1

    def _send(self, client, numbers):
        try:
            client.send(*(mqtt.publish("$resource/data_in", str(n), 1, self._packet_id(n)) for n in numbers))
        except OSError:
            pass  # killed: what was acknowledged before is still to be read, then comes the end

    def _read_acknowledgement(self, client):
        self._until(client, mqtt.PUBACK, self._packet_id(self.confirmed + 1))
        self.confirmed += 1
        self.acknowledged["publications"] += 1

    @staticmethod
    def _until(client, kind, packet_id):
        """Reads up to that answer, past what the cloud sent."""
        while True:
            packet = client.receive()
            assert packet is not None, "the connection was closed"
            if packet.kind != mqtt.PUBLISH:
                break
        assert (packet.kind, packet.packet_id) == (kind, packet_id), f"{packet} where {packet_id} was due"

    def set_values(self):
        identity = self._some_identity()
        if identity is None:
            return
        value = str(self.random.random())
        state = {**self.possible.now, ("set", identity): value}
        values = {"config_io": value, "data_out": value}
        self._ask("sets", state, lambda: self.site.set_state(values, identity))

    def subscribe(self):
        identity = self._some_identity()
        if identity is None:
            return
        client = self._connected(identity)
        filters = tuple(sorted(f"news/{n}" for n in self.random.sample(range(100), 3)))
        now = self.possible.now
        held = now.get(("session", identity), ())
        if held:
            gone = without(now, ("session", identity))
            self._ask("subscriptions", gone, lambda: self._exchange(client, mqtt.unsubscribe(11, *held), mqtt.UNSUBACK, 11))
        state = {**self.possible.now, ("session", identity): filters}
        self._ask("subscriptions", state, lambda: self._exchange(client, mqtt.subscribe(10, *filters), mqtt.SUBACK, 10))

    def _exchange(self, client, packet, kind, packet_id):
        client.send(packet)
        self._until(client, kind, packet_id)

    def upload(self):
        name = self.random.choice(NAMES)
        data = self.random.randbytes(self.random.choice((10, 5000, 200_000)))
        state = {**self.possible.now, ("content", name): digest(data)}
        self._ask("uploads", state, lambda: self.control.upload(self.connector, name, data))

    def delete_content(self):
        there = [key for key in self.possible.now if key[0] == "content"]
        if there:
            key = self.random.choice(there)
            path = f"/api:1/service/{self.connector}/content/item/{key[1]}"
            self._ask("content deleted", without(self.possible.now, key), lambda: self.control.ok("DELETE", path))

    def change_settings(self):
        """Two resources come and the two before go, in one call."""
        old = self.possible.now.get(("settings",), ())
        number = self.random.randrange(10**6)
        new = (f"extra_a_{number}", f"extra_b_{number}")
        change = {**dict.fromkeys(old), **dict.fromkeys(new, {"format": "string", "settable": True})}
        state = {**self.possible.now, ("settings",): new}
        self._ask("settings", state, lambda: self.control.patch_connector(self.connector, {"resources": change}))

    def delete_identity(self):
        identity = self._some_identity()
        if identity is not None:
            state = without_identity(self.possible.now, identity)
            self._ask("identities deleted", state, lambda: self.control.delete_identity(self.connector, identity))
            self.drop()

    def reset_identity(self):
        identity = self._some_identity()
        if identity is not None:
            self._reset(without_identity(self.possible.now, identity), f"connector={self.connector}&identity={identity}")

    def reset_connector(self):
        self._reset({}, f"connector={self.connector}")

    def _reset(self, state, query):
        self.journal_known = False
        self._ask("resets", state, lambda: self.control.ok("POST", self.control.emulator(f"/reset?{query}")))
        self.drop()


OPERATIONS = (  # weight, operation
    (30, Worker.stream),
    (12, Worker.set_values),
    (12, Worker.provision),
    (10, Worker.subscribe),
    (10, Worker.upload),
    (6, Worker.change_settings),
    (4, Worker.delete_content),
    (3, Worker.delete_identity),
    (1, Worker.reset_identity),
    (1, Worker.reset_connector),
)
