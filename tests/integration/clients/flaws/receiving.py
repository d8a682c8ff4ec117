"""Flaws of what the cloud sends: values, and content."""

import json
import time

import reference_content
from flaws.base import Device


def with_content(**methods):
    """A device whose content behaves in another way."""

    class Fetching(Device):
        def __init__(self, options, environment):
            super().__init__(options, environment)
            for name, method in methods.items():
                setattr(self.content, name, method.__get__(self.content))

    return Fetching


class IgnoresSettings(Device):
    def on_message(self, client, userdata, message):
        if message.topic == "$content":
            super().on_message(client, userdata, message)


class IgnoresOldSettings(Device):
    """Takes no value that was set before it connected."""

    connected_at_us = 0

    def open(self, client):
        self.connected_at_us = time.time_ns() // 1000
        return super().open(client)

    def on_message(self, client, userdata, message):
        last = message.topic.rpartition("/")[2]
        if not last.isdigit() or int(last) > self.connected_at_us:
            super().on_message(client, userdata, message)


class LastComesLast(Device):
    """The value that arrives last is in force, whenever it was set."""

    def on_message(self, client, userdata, message):
        self.setting_at = 0
        super().on_message(client, userdata, message)


class SmallMessages(Device):
    """Loses its connection by a large message."""

    def on_message(self, client, userdata, message):
        if len(message.payload) > 100_000:
            raise ValueError("a message that is too large")
        super().on_message(client, userdata, message)


class OneAtATime(Device):
    """Cannot read two packets that come at once."""

    def on_message(self, client, userdata, message):
        if client.socket().pending():
            raise ValueError("two packets at once")
        super().on_message(client, userdata, message)


class KnowsAllAliases(Device):
    def on_message(self, client, userdata, message):
        if message.topic.startswith("$resource/") and message.topic.split("/")[1] != self.options.setting:
            raise KeyError(message.topic)
        super().on_message(client, userdata, message)


class AsksContentWithPayload(Device):
    def client(self, *arguments):
        client = super().client(*arguments)
        publish = client.publish
        client.publish = lambda topic, payload, qos: publish(topic, payload or "please", qos=qos)
        return client


def fetch_here(content, payload):
    """In the only thread that there is."""
    items = [item for item in json.loads(payload) if content._is_wanted(item)]
    content._fetch_all(items)


def ignore_retry_after(_content, answer, _part):
    if answer.status not in (200, 206):
        raise reference_content.Failed(answer.status)


class FixedContentPause(Device):
    """And Retry-After is nothing to it."""

    pause_s = 3.5

    def __init__(self, options, environment):
        super().__init__(options, environment)
        self.content._backoff.pause_s = lambda: self.pause_s
        self.content._look_at = ignore_retry_after.__get__(self.content)


class NoContentPause(FixedContentPause):
    pause_s = 0.0


class TakesAnything(Device):
    """What was fetched is the file, however little of it came and whatever is in it."""

    def __init__(self, options, environment):
        super().__init__(options, environment)
        self.content._verify = lambda _part, _length, _tag: None
        self.content._is_wanted = lambda item: not self.content._file(item).exists()


FLAWS = {
    "ignores_settings": IgnoresSettings,
    "ignores_old_settings": IgnoresOldSettings,
    "last_comes_last": LastComesLast,
    "small_messages": SmallMessages,
    "one_at_a_time": OneAtATime,
    "knows_all_aliases": KnowsAllAliases,
    "asks_content_with_payload": AsksContentWithPayload,
    "fixed_content_pause": FixedContentPause,
    "no_content_pause": NoContentPause,
    "fetches_in_the_way": with_content(listed=fetch_here),
    "takes_anything": TakesAnything,
    "fetches_again": with_content(_is_wanted=lambda _content, _item: True),
}
