"""Content for the reference device: fetches the items in the `$content` list into a folder, whole and verified.

What to copy, and the checks of `murano-emulator verify` that test it:

  Beside MQTT  A download runs in a thread of its own: Keep Alive goes on meanwhile. CNT-05
  Resuming     What has come stays in a file `….part`; the next request asks for the rest with Range. CNT-03, CNT-06
  Verifying    Length and SHA-256 decide whether the file is taken, and only then it has its name. CNT-02
  Pausing      After each failure the pause doubles, Retry-After is kept, and the list is asked for again, since its
               links expire. An item that cannot be had waits by itself and keeps no other from being fetched; a server
               that is in trouble is left alone by all. CNT-04
  Once         What is there already, and what is too large, is not fetched. CNT-06

This server's ETag is the SHA-256 of the file. A real device should check a signature within the file.
"""

import collections
import email.utils
import hashlib
import http.client
import json
import os
import pathlib
import random
import socket
import sys
import threading
import time
import urllib.parse

PIECE = 4096  # bytes that are read at once


class Failed(Exception):
    """The item is not there, and may be later. The argument says why."""


class ItemFailed(Failed):
    """This one; the server is well."""


class Content:
    """One thread asks for the list and hands it over; the downloads have their own thread."""

    def __init__(self, folder, most_bytes, interval_s, backoff, connect):
        """Only this object uses `backoff`. `connect` opens an HTTPS connection to a host and a port."""
        self._folder = pathlib.Path(folder)
        self._most_bytes, self._interval_s, self._backoff, self._connect = most_bytes, interval_s, backoff, connect
        self._failures = collections.Counter()
        self._not_before = {}  # name: an item that cannot be had is tried again then
        self._retry_after_s = 0.0
        self._thread = threading.Thread()
        self._next = time.monotonic()

    def is_due(self):
        """Whether to request the list now."""
        if self._thread.is_alive() or time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + self._interval_s
        return True

    def listed(self, payload):
        """The list has come. Invalid lists and items are ignored."""
        try:
            items = [item for item in json.loads(payload) if self._is_wanted(item)]
        except (ValueError, TypeError, KeyError):
            return
        # The item with the fewest failures first: one that cannot be fetched must not block the others.
        items.sort(key=lambda item: self._failures[item["name"]])
        if items and not self._thread.is_alive():
            self._thread = threading.Thread(target=self._fetch_all, args=(items,), daemon=True)
            self._thread.start()

    def _file(self, item):
        return self._folder / urllib.parse.quote(item["name"], safe="")  # a name is not a path

    def _is_wanted(self, item):
        file = self._file(item)
        there = file.exists() and file.stat().st_size == item["length"]
        waits = time.monotonic() < self._not_before.get(item["name"], 0)
        return not there and not waits and 0 <= item["length"] <= self._most_bytes

    def _fetch_all(self, items):
        """Until one of them fails; then it pauses."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for item in items:
            try:
                self._fetch(item, self._file(item))
                self._backoff.reset()
            except (OSError, ValueError, http.client.HTTPException, Failed) as failure:
                print(f"{item['name']}: {failure}", file=sys.stderr, flush=True)
                self._next = time.monotonic() + self._pause_s(item["name"], isinstance(failure, ItemFailed))
                return

    def _pause_s(self, name, is_of_item):
        """Until the list is asked for again."""
        self._failures[name] += 1
        retry_after_s, self._retry_after_s = self._retry_after_s, 0.0
        if not is_of_item:
            return max(self._backoff.pause_s(), retry_after_s)
        pause_s = max(min(2 ** (self._failures[name] - 1), 60) * random.uniform(1, 1.5), retry_after_s)
        self._not_before[name] = time.monotonic() + pause_s
        return min(pause_s, self._interval_s)

    def _fetch(self, item, file):
        part = file.with_name(file.name + ".part")
        there = part.stat().st_size if part.exists() else 0
        url = urllib.parse.urlsplit(item["url"])
        connection = self._connect(url.hostname, url.port or 443)
        try:
            headers = {"Range": f"bytes={there}-"} if there else {}
            connection.request("GET", f"{url.path}?{url.query}", headers=headers)
            answer = connection.getresponse()
            self._look_at(answer, part)
            # A server may send the whole file instead of the requested part.
            with open(part, "ab" if answer.status == 206 else "wb") as out:
                self._read(answer, out, item["length"])
                os.fsync(out.fileno())  # after a power cut the bytes are there, and no name without them
            self._verify(part, item["length"], answer.getheader("ETag", ""))
            part.rename(file)
        finally:
            connection.close()

    def _look_at(self, answer, part):
        """Accepts only the file or its rest."""
        if answer.status in (200, 206):
            return
        after = answer.getheader("Retry-After", "0")  # seconds, or a date
        date = None if after.isdigit() else email.utils.parsedate_to_datetime(after)
        self._retry_after_s = date.timestamp() - time.time() if date else float(after)
        if answer.status == 416:  # there is no such rest: the file has changed
            part.unlink()
        kind = Failed if answer.status == 429 or answer.status >= 500 else ItemFailed
        raise kind(f"the answer was {answer.status} {answer.reason}")

    @staticmethod
    def _read(answer, out, most):
        while out.tell() <= most:
            piece = answer.read1(PIECE)  # as it arrives: bytes read are kept if the connection breaks
            if not piece:
                return
            out.write(piece)
            out.flush()

    @staticmethod
    def _verify(part, length, tag):
        size = part.stat().st_size
        if size < length:
            raise Failed(f"{size} of {length} bytes came")
        digest = tag.strip('"')
        is_right = size == length and (len(digest) != 64 or hashlib.sha256(part.read_bytes()).hexdigest() == digest)
        if not is_right:
            part.unlink()
            raise ItemFailed("what came is not what was announced")


def https(context, address, timeout_s):
    """How Content connects: verified by `context`, to `address` if given, else to the host's own."""

    def connect(host, port):
        connection = http.client.HTTPSConnection(host, port, timeout=timeout_s, context=context)
        if address:
            connection._create_connection = lambda _place, *rest: socket.create_connection((address, port), *rest)
        return connection

    return connect
