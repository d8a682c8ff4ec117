"""POST /_emulator/v1/wait: answers the moment that something has happened, or says what came near."""

import threading

from support import packets as mqtt


class Waiting:
    """A wait that goes on while the test does something."""

    def __init__(self, site, body):
        self._answers = []
        self._thread = threading.Thread(target=lambda: self._answers.append(wait(site, body)))
        self._thread.start()

    def answer(self):
        self._thread.join()
        return self._answers[0]


def wait(site, body):
    return site.control.request("POST", "/_emulator/v1/wait", body)


def report(client, alias, value):
    client.publish_and_wait(f"$resource/{alias}", value.encode())


def data_in(site, **more):
    return {"connector": site.connector, "type": "data_in", "alias": "data_in", **more}


def newest(site):
    """The cursor of the last event so far."""
    return wait(site, {"match": {}, "count": {"exactly": 0}, "within_ms": 0}).json()["next"]


def test_a_wait_wakes_with_the_event(site):
    """The device publishes while somebody waits: the answer is that event, at once."""
    device = site.device()
    since = newest(site)
    waiting = Waiting(site, {"match": data_in(site, equals="22"), "since": since})
    with device.connected() as client:
        report(client, "data_in", "21")
        report(client, "data_in", "22")
    answer = waiting.answer()
    assert answer.status == 200
    (event,) = answer.json()["events"]
    assert event["payload"][0]["values"] == {"data_in": "22"}
    assert event["identity"] == "12345"
    assert answer.json()["next"] == event["cursor"]


def test_what_has_happened_before_counts_from_a_cursor(site):
    """`since` 0 finds what the journal holds; the answer's `next` goes on behind it."""
    device = site.device()
    with device.connected() as client:
        for value in ("1", "2", "3"):
            report(client, "data_in", value)
    first = wait(site, {"match": data_in(site), "since": 0, "count": {"at_least": 2}}).json()
    assert [event["payload"][0]["values"]["data_in"] for event in first["events"]] == ["1", "2"]
    rest = wait(site, {"match": data_in(site), "since": first["next"]}).json()
    assert rest["events"][0]["payload"][0]["values"]["data_in"] == "3"


def test_a_sequence_over_several_types(site):
    """Provisioned, connected, reported, gone: in this order."""
    steps = [{"connector": site.connector, "type": kind} for kind in ("provisioned", "connect", "data_in", "disconnect")]
    waiting = Waiting(site, {"sequence": steps, "since": newest(site)})
    with site.device().connected() as client:
        report(client, "data_in", "1")
        client.send(mqtt.disconnect())
    assert [event["type"] for event in waiting.answer().json()["events"]] == [step["type"] for step in steps]


def test_a_miss_tells_the_near_misses(site):
    """The wrong value first; then why each was not it."""
    device = site.device()
    since = newest(site)
    with device.connected() as client:
        report(client, "data_in", '{"channels":{"001":4}}')
        report(client, "datain", "5")
    answer = wait(site, {"match": data_in(site, jsonpath="/channels/001>=5"), "since": since, "within_ms": 0})
    assert answer.status == 408
    whys = [miss["why"] for miss in answer.json()["near_misses"]]
    assert whys[0] == '"data_in": /channels/001 is 4, not >=5'
    assert any("spelled nearly like" in why for why in whys)
    assert answer.json()["error"]["code"] == "timeout"


def test_none_within_a_window(site):
    """exactly 0 is judged when the window ends."""
    device = site.device()
    nothing = {"match": data_in(site), "count": {"exactly": 0}, "within_ms": 30}
    assert wait(site, nothing).status == 200
    since = newest(site)
    with device.connected() as client:
        report(client, "data_in", "1")
    assert wait(site, {**nothing, "since": since}).status == 408


def test_many_wait_at_once(site):
    """Each gets its answer, and their places are free again."""
    device = site.device()
    since = newest(site)
    waiting = [Waiting(site, {"match": data_in(site, equals=str(i)), "since": since}) for i in range(20)]
    with device.connected() as client:
        for i in range(20):
            report(client, "data_in", str(i))
    assert {one.answer().status for one in waiting} == {200}
