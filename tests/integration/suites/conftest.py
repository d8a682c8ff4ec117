"""Suites as users of clients/pytest write them; run by test_client_helpers.py."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "clients" / "pytest"))

pytest_plugins = ["murano_emulator"]
