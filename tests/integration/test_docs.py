"""The commands of README and docs/ run as they stand, links lead somewhere, and the README stays a first screen."""

import pathlib
import re
import shutil
import subprocess

import pytest

from support.names import wrapped_environment
from support.server import BINARY, Server
from support.waiting import PATIENCE_S

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "clients/README.md", *(ROOT / "docs").rglob("*.md")])
TESTED = "<!-- tested by tests/integration/test_docs.py -->"
BLOCK = re.compile(r"^(<!-- .*? -->\n)?```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
WITH_COMMANDS = [page for page in PAGES if any(TESTED in mark for mark, _ in BLOCK.findall(page.read_text()))]
NEEDS = {"mosquitto_pub": "MOSQUITTO-CLIENTS", "gcc": "GCC", "node": "NODE", "curl": "CURL"}


def named(page):
    return page.relative_to(ROOT).as_posix()


def blocks_to_run(page):
    return [block for mark, block in BLOCK.findall(page.read_text()) if TESTED in mark]


def missing_tools(script):
    return [what for tool, what in NEEDS.items() if re.search(rf"\b{tool}\b", script) and not shutil.which(tool)]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=named)
def test_commands_run(page, tmp_path):
    """All tested blocks of a page, one after the other, beside a running server with the device of the README"""
    script = "\n".join(blocks_to_run(page))
    if missing_tools(script):
        pytest.skip(f"{missing_tools(script)} IS NOT INSTALLED: the commands of {named(page)} were not run")
    work = tmp_path / "work"
    (work / "murano-data/certs").mkdir(parents=True)
    for folder in ("docs", "clients", "config"):
        (work / folder).symlink_to(ROOT / folder)
    with Server(tmp_path / "server", "--ephemeral") as server:
        server.control.put_identity("local", "12345", {"auth": {"type": "token", "key": "0123456789abcdef0123"}})
        shutil.copy(server.ca, work / "murano-data/certs/ca.crt")
        script = script.replace("-p 8883", f"-p {server.address[1]}").replace("http://127.0.0.1:8080", server.ready["api"])
        environment = wrapped_environment(
            tmp_path,
            {"localhost": "127.0.0.1", "x2lmj5npsktbuik9.m2.exosite.io": "127.0.0.1"},
            MURANO_EMULATOR_READY_FILE=str(server.ready_file),
        )
        environment["PATH"] = f"{pathlib.Path(BINARY).parent}:/usr/bin:{environment['PATH']}"  # Debian's own Python
        done = subprocess.run(
            ["bash", "-euc", script], capture_output=True, text=True, timeout=9 * PATIENCE_S, cwd=work, env=environment
        )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_are_run_or_say_why_not(page):
    """Each block of commands is run here, or says by whom, or why by nobody"""
    for mark, block in BLOCK.findall(page.read_text()):
        assert re.match(r"<!-- (tested by tests/integration/test_\w+\.py|not run: .+) -->", mark), block


def anchors(page):
    heads = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page):
    """Files and headings that a page names are there"""
    for link in LINK.findall(page.read_text()):
        if "://" in link or link.startswith("mailto:"):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), link


def test_every_page_is_in_the_index():
    """docs/index.md leads to each page, or to one that does"""
    linked, waiting = set(), [ROOT / "docs/index.md"]
    while waiting:
        page = waiting.pop()
        if page in linked or page.suffix != ".md":
            continue
        linked.add(page)
        links = (link.partition("#")[0] for link in LINK.findall(page.read_text()) if "://" not in link)
        waiting += [(page.parent / link).resolve() for link in links if link]
    assert set((ROOT / "docs").rglob("*.md")) <= linked


def test_the_readme_is_a_first_screen_and_a_map():
    """Its words; what goes beyond lives in docs/"""
    assert len((ROOT / "README.md").read_text().split()) <= 900


def test_examples_of_the_help_are_good_usage(tmp_path):
    """The example in each command's --help is taken: its exit code is not 2"""
    (tmp_path / "ca.crt").write_text("")
    (tmp_path / "settings.jsonc").write_text("{}")
    (tmp_path / "build").mkdir()
    (tmp_path / "build/firmware.bin").write_bytes(b"x")
    with Server(tmp_path / "server", "--ephemeral") as server:
        server.control.put_identity("local", "12345", {"auth": {"type": "token", "key": "0123456789abcdef0123"}})
        shutil.copy(server.ready_file, tmp_path / "ready.json")
        environment = wrapped_environment(tmp_path, {}, MURANO_EMULATOR_READY_FILE=str(server.ready_file))
        environment["PATH"] = f"{pathlib.Path(BINARY).parent}:/usr/bin:{environment['PATH']}"  # Debian's own Python
        helps = subprocess.run([BINARY, "--help"], capture_output=True, text=True, check=True).stdout
        for name in re.findall(r"^  ([a-z][a-z-]+)  ", helps, re.MULTILINE):
            text = subprocess.run([BINARY, name, "--help"], capture_output=True, text=True, check=True).stdout
            example = re.search(r"^Example: (.*)$", text, re.MULTILINE)
            if name == "serve" and not example:
                continue
            typed = example.group(1).replace("--follow ", "").replace("-- pytest -q", "-- true")
            typed = typed.replace("--watch-only", "--watch-only --set wait_s=0.1")  # no device comes
            typed += " --for 1s" if name == "simulate" else ""
            done = subprocess.run(
                ["bash", "-c", typed], capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=3 * PATIENCE_S
            )
            assert done.returncode != 2 and done.returncode < 126, f"{typed}\n{done.stderr}"
