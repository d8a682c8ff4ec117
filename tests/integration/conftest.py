"""One server for each file of tests, and for each test a connector of its own on it."""

import itertools

import pytest

from support.device import Site
from support.server import BINARY, Server

_numbers = itertools.count(1)


@pytest.fixture(scope="session", autouse=True)
def binary_is_there():
    assert BINARY, "MURANO_EMULATOR must name the binary (script/test sets it)"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("server"), "--ephemeral") as running:
        yield running


@pytest.fixture
def site(server):
    """A connector that no other test uses, on the server of this file."""
    return Site(server, f"site{next(_numbers)}")
