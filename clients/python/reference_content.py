"""Content for the reference device: what `$content` lists is fetched into a folder, whole and verified.

What to look at, and which checks of `murano-emulator verify` ask for it:

  Beside MQTT  A download runs in a thread of its own: Keep Alive goes on meanwhile. CNT-05
  Resuming     What has come stays in a file `….part`; the next request asks for the rest with Range. CNT-03, CNT-06
  Verifying    Length and SHA-256 decide whether the file is taken, and only then it has its name. CNT-02
  Pausing      After each failure the pause doubles, Retry-After is kept, and the list is asked for again, since its
               links expire. One item that cannot be had keeps no other from being fetched. CNT-04
  Once         What is there already, and what is too large, is not fetched. CNT-06

This server's ETag is the SHA-256 of the file. A real device carries a signature within the file and checks that.
"""

import collections
import email.utils
import hashlib
import http.client
import json
import os
import pathlib
import socket
import sys
import threading
import time
import urllib.parse

PIECE = 4096  # bytes that are read at once


class Failed(Exception):
    """The item is not there, and may be later. The argument says why."""


class Content:
    """One thread asks for the list and hands it over; the downloads have a thread of their own."""

    def __init__(self, folder, most_bytes, interval_s, backoff, connect):
        """`backoff` is used by nobody else. `connect` opens an HTTPS connection to a host and a port."""
        self._folder = pathlib.Path(folder)
        self._most_bytes, self._interval_s, self._backoff, self._connect = most_bytes, interval_s, backoff, connect
        self._failures = collections.Counter()
        self._retry_after_s = 0.0
        self._thread = threading.Thread()
        self._next = time.monotonic()

    def is_due(self):
        """Whether the list is to be asked for now."""
        if self._thread.is_alive() or time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + self._interval_s
        return True

    def listed(self, payload):
        """The list has come. What is no list is none, and what is no item is left out."""
        try:
            items = [item for item in json.loads(payload) if self._is_wanted(item)]
        except (ValueError, TypeError, KeyError):
            return
        # Who failed least comes first: an item that cannot be had must not be in the way of the others.
        items.sort(key=lambda item: self._failures[item["name"]])
        if items and not self._thread.is_alive():
            self._thread = threading.Thread(target=self._fetch_all, args=(items,), daemon=True)
            self._thread.start()

    def _file(self, item):
        return self._folder / urllib.parse.quote(item["name"], safe="")  # a name is no path

    def _is_wanted(self, item):
        file = self._file(item)
        there = file.exists() and file.stat().st_size == item["length"]
        return not there and 0 <= item["length"] <= self._most_bytes

    def _fetch_all(self, items):
        """Until one of them fails: then there is a pause."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for item in items:
            try:
                self._fetch(item, self._file(item))
                self._backoff.reset()
            except (OSError, ValueError, http.client.HTTPException, Failed) as failure:
                print(f"{item['name']}: {failure}", file=sys.stderr, flush=True)
                self._failures[item["name"]] += 1
                pause_s = max(self._backoff.pause_s(), self._retry_after_s)
                self._retry_after_s = 0.0
                self._next = time.monotonic() + pause_s
                return

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
            # A server may send the whole instead of the part that was asked for.
            with open(part, "ab" if answer.status == 206 else "wb") as out:
                self._read(answer, out, item["length"])
                os.fsync(out.fileno())  # a power cut leaves what was read, and no name without it
            self._verify(part, item["length"], answer.getheader("ETag", ""))
            part.rename(file)
        finally:
            connection.close()

    def _look_at(self, answer, part):
        """Takes nothing but the file, or its rest."""
        if answer.status in (200, 206):
            return
        after = answer.getheader("Retry-After", "0")  # seconds, or a date
        date = None if after.isdigit() else email.utils.parsedate_to_datetime(after)
        self._retry_after_s = date.timestamp() - time.time() if date else float(after)
        if answer.status == 416:  # there is no such rest: the file is another one now
            part.unlink()
        raise Failed(f"the answer was {answer.status} {answer.reason}")

    @staticmethod
    def _read(answer, out, most):
        while out.tell() <= most:
            piece = answer.read1(PIECE)  # as it comes: what was read is kept when the connection breaks
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
            raise Failed("what came is not what was announced")


def https(context, address, timeout_s):
    """How Content connects: verified by `context`, and to `address` where that is given instead of the host's own."""

    def connect(host, port):
        connection = http.client.HTTPSConnection(host, port, timeout=timeout_s, context=context)
        if address:
            connection._create_connection = lambda _place, *rest: socket.create_connection((address, port), *rest)
        return connection

    return connect
