"""What `verify` says of other people's MQTT libraries with their own reconnects: docs/clients.md tells it, this repeats it.
[verdict.md 5]

Each program connects, reports, and leaves the rest to the library. Keep Alive and the timeouts are short (PATIENCE_S), so
that it takes minutes; the pauses between attempts are those of the library, nothing here can make them shorter.
"""

import os
import pathlib
import shlex
import shutil

import pytest

from support.verdict import CLIENTS, SideBySide, outcomes, selected, told, verify

BUILD = pathlib.Path(os.environ.get("MURANO_BUILD_DIR", "."))
DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "clients.md"
PARAMETERS = {"patience_s": 8, "max_backoff_s": 4, "watch_s": 15, "look_s": 5}
LONGER = {"paho-mqtt (Python), own reconnects": {"max_backoff_s": 8}}  # shorter ones do not tell whether chance spreads its pauses
PATIENCE_S = 5
FAILED, WARNED, PASSED = ("failed",), ("warned",), ("passed",)
BY_CHANCE = ("passed", "warned")
FIRST = "TLS-02,TLS-05,CON-01,KA-01,"  # and those about pauses


def quoted(program):
    return shlex.quote(str(program))


# What runs, what is needed for it.
PROGRAMS = {
    "paho-mqtt (Python), own reconnects": (f"exec /usr/bin/python3 {quoted(CLIENTS / 'paho_reconnecting.py')}", "/usr/bin/python3"),
    "Paho C, `automaticReconnect`": (f"exec {quoted(BUILD / 'paho_c_reconnecting')}", BUILD / "paho_c_reconnecting"),
    "MQTT.js, own reconnects": (f"exec node {quoted(CLIENTS / 'mqttjs_reconnecting.js')}", shutil.which("node") or "node"),
    "mosquitto_sub": (
        f"exec mosquitto_sub -h $MURANO_HOST -p $MURANO_PORT --cafile $MURANO_CA -i $MURANO_IDENTITY -k {PATIENCE_S}"
        " -u '' -P $MURANO_TOKEN -t greenhouse/1",
        shutil.which("mosquitto_sub") or "mosquitto_sub",
    ),
    # As docs/firmware has it: one report, then it ends.
    "mbedTLS, started anew after 2 s": (
        f"unset PATIENCE_S; while :; do {quoted(BUILD / 'mbedtls_firmware')}; sleep 2; done",
        BUILD / "mbedtls_firmware",
    ),
}
# The client, which checks, and what they say where they do not pass.
ROWS = [
    ("paho-mqtt (Python), own reconnects", "CON-02,CON-03,CON-05", {"CON-02": FAILED, "CON-03": WARNED, "CON-05": WARNED}),
    ("Paho C, `automaticReconnect`", "CON-02,CON-03,CON-05", {"CON-03": BY_CHANCE, "CON-05": BY_CHANCE}),
    ("MQTT.js, own reconnects", "CON-02,CON-03,CON-05", {"CON-02": FAILED, "CON-03": FAILED, "CON-05": FAILED}),
    ("mosquitto_sub", "CON-02,CON-03", {"TLS-05": FAILED, "CON-02": FAILED, "CON-03": FAILED}),
    ("mbedTLS, started anew after 2 s", "CON-02,CON-03", {"CON-02": FAILED, "CON-03": FAILED}),
]


def name_of(row):
    return row[0]


def skip_unless_there(name):
    program = pathlib.Path(PROGRAMS[name][1])
    if program.exists():
        return
    assert not os.environ.get("MURANO_REQUIRE_CLIENTS"), f"{program} is missing"
    pytest.skip(f"{program} is not here")


@pytest.fixture(scope="module")
def judged(request, tmp_path_factory):
    base = tmp_path_factory.mktemp("libraries")  # in this thread, see test_verify_flaws.py

    def judge(row):
        name, checks, _ = row
        folder = base / str(list(PROGRAMS).index(name))
        folder.mkdir()
        command = f"export PATIENCE_S={PATIENCE_S} NODE_PATH=/usr/share/nodejs; {PROGRAMS[name][0]} # $MURANO_TOKEN"
        return verify(folder, command, "--only", FIRST + checks, timeout_s=800, **{**PARAMETERS, **LONGER.get(name, {})})

    with SideBySide(selected(request, name_of), judge) as runs:
        yield runs


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_a_library_with_its_own_reconnects(judged, row):
    name, _, expected = row
    skip_unless_there(name)
    _, run, said = judged[name]
    assert run, said
    for check, outcome in outcomes(run).items():
        assert outcome in expected.get(check, PASSED), said + told(run)


@pytest.mark.parametrize("client", ROWS, ids=name_of)
def test_the_documentation_tells_it(client):
    name, _, expected = client
    line = next(line for line in DOCS.read_text().splitlines() if line.startswith(f"| {name} |"))
    for check, outcome in expected.items():
        assert f"{check} {' or '.join(reversed(outcome))}" in line, line
