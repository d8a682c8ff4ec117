"""Runs bench_load, the load generator, and reads its numbers."""

import json
import pathlib
import subprocess


def arguments(server, options):
    """`options` by bench_load's names; tls is a key type or empty."""
    tls = options.get("tls", "")
    port = server.tls_ports[tls] if tls else server.plain_port
    words = ["--port", str(port), "--server-pid", str(server.pid)]
    for name, value in options.items():
        if isinstance(value, bool):
            words += [f"--{name}"] if value else []
        elif value != "":
            words += [f"--{name}", str(value)]
    return words


def command(binary, mode, server, options):
    return [str(pathlib.Path(binary).with_name("bench_load")), mode, *arguments(server, options)]


class Failed(SystemExit):
    """The server did not do what the workload needs; the text says which, and how to see it again."""


def run(binary, mode, server, options):
    """The last line of its output as a dict. Raises Failed."""
    line = command(binary, mode, server, options)
    done = subprocess.run(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Failed(f"{server.name}: {' '.join(line)}\n{done.stderr.strip()}")
    return json.loads(done.stdout.splitlines()[-1])
