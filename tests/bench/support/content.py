"""A content item in ours, for downloads."""

import json
import os
import subprocess
import tempfile
import urllib.parse
import urllib.request

from support.servers import CONNECTOR

SIZE = 64 * 1024 * 1024


def path_of_item(binary, server):
    """Path and signature of a fresh link to an item that is made where it is not there."""
    url = f"http://127.0.0.1:{server.api_port}"
    items = f"{url}/api:1/service/{CONNECTOR}/content/item"
    with urllib.request.urlopen(items) as answer:
        there = "bench" in json.load(answer)
    if not there:
        with tempfile.NamedTemporaryFile() as file:
            file.write(os.urandom(1024) * (SIZE // 1024))
            file.flush()
            subprocess.run([binary, "content", "put", "bench", file.name, "--url", url, "--connector", CONNECTOR],
                           check=True, capture_output=True)  # fmt: skip
    with urllib.request.urlopen(f"{items}/bench/download") as answer:
        link = urllib.parse.urlsplit(json.load(answer)["url"])
    return f"{link.path}?{link.query}"
