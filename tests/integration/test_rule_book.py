"""The table of rules: every rule has a test, and the table is complete."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BOOK = ROOT.parent / "shared" / "spec"


def rows_of(page):
    """The first cells of the tables of a page of the rule book."""
    cells = re.findall(r"^\|([^|]+)\|", page.read_text(), re.MULTILINE)
    return [part.strip() for cell in cells for part in cell.split(",")]


def expand(cells, pattern, prefix):
    """Ids of cells such as `R7-R9`, `3.2.2-1 .. 3.2.2-4`, `R3a`."""
    ids = set()
    for cell in cells:
        found = re.findall(pattern, cell)
        if len(found) == 2:
            stem, first = re.fullmatch(r"(.*?)(\d+)", found[0]).groups()
            last = int(re.fullmatch(r".*?(\d+)", found[1]).group(1))
            found = [f"{stem}{number}" for number in range(int(first), last + 1)]
        ids.update(prefix + name for name in found)
    return ids


def known():
    lines = (ROOT / "docs" / "rules.tsv").read_text().splitlines()
    return {line.split("\t")[0] for line in lines if line and not line.startswith("#")}


def test_every_rule_has_a_test():
    """script/rules --check: every rule is named by a test, and docs/rules.md is up to date"""
    done = subprocess.run([ROOT / "script" / "rules", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_table_is_complete():
    """docs/rules.tsv has exactly the ids of the rule book"""
    if not (BOOK / "murano.md").is_file():
        pytest.skip("THE RULE BOOK IS NOT HERE: whether docs/rules.tsv is complete was not tested")
    murano = expand(rows_of(BOOK / "murano.md"), r"\bR\d+[a-z]?", "")
    standard = expand(rows_of(BOOK / "mqtt-3.1.1.md"), r"\d+\.\d+\.\d+(?:-\d+)?", "MQTT-")
    assert known() == murano | standard
