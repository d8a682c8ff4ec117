"""The commands of docs/recipes/verdict.md and of the guide as they stand there; the reference device is the firmware."""

import pathlib
import re
import subprocess

import pytest

from support.server import BINARY, clean_environment
from support.verdict import DEVICE, QUICK, REFERENCE

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
FIRMWARE = f"""#!/bin/sh
# What the page calls ./firmware: --host H --port P --ca CA --token T
export MURANO_HOST="$2" MURANO_PORT="$4" MURANO_CA="$6" MURANO_TOKEN="$8"
exec /usr/bin/python3 {REFERENCE} {DEVICE}
"""


@pytest.mark.parametrize("page", ["recipes/verdict.md", "guide.md"])
def test_the_command_of_the_page(tmp_path, page):
    text = (DOCS / page).read_text()
    block = re.search(r"test_verify_recipe.py -->\n```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[1]
    firmware = tmp_path / "firmware"
    firmware.write_text(FIRMWARE)
    firmware.chmod(0o755)
    quick = " ".join(f"--set {key}={value}" for key, value in QUICK.items())
    environment = clean_environment(PATH=f"{pathlib.Path(BINARY).parent}:/usr/bin:/bin")
    done = subprocess.run(
        ["bash", "-euc", block.replace("--identity 12345", f"--identity 12345 {quick}")],
        capture_output=True,
        text=True,
        timeout=250,
        env=environment,
        cwd=tmp_path,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    if "verdict.xml" in block:
        assert "<testsuites" in (tmp_path / "verdict.xml").read_text()
    assert "<svg" in (tmp_path / "verdict.html").read_text()
