"""Whether what the server says of a device is what docs/findings.tsv, and so docs/findings.md, says of it."""

import functools
import pathlib
import re

TABLE = pathlib.Path(__file__).resolve().parents[3] / "docs" / "findings.tsv"
SECOND_TRY = " This was the second try of the client, as MQTT 3.1 (MQIsdp)."  # behind any refusal [D21]


def pattern(sentence):
    """{words} stand for any text."""
    parts = re.split(r"\{[A-Za-z][A-Za-z ]*\}", sentence)
    return re.compile(".*".join(map(re.escape, parts)), re.DOTALL)


@functools.cache
def table():
    """Code to its (severity, message, hint)."""
    rows = {}
    for line in TABLE.read_text().splitlines():
        if not line.startswith("#"):
            code, severity, message, *hint = line.split("\t")
            rows.setdefault(code, []).append((severity, pattern(message), pattern(hint[0] if hint else "")))
    return rows


def complaint(finding):
    """What is wrong with it; None: it is as the table says."""
    code, message, hint = finding.get("code", ""), finding["message"].removesuffix(SECOND_TRY), finding.get("hint", "")
    if code not in table():
        return f"no such code: {finding}"
    if not code.startswith(finding["rule"] + "."):
        return f"its rule is not that of its code: {finding}"
    fits = [finding["severity"] == row[0] and row[1].fullmatch(message) and row[2].fullmatch(hint) for row in table()[code]]
    return None if any(fits) else f"no line of its code says so: {finding}"


def complaints(findings):
    return [why for why in map(complaint, findings) if why]
