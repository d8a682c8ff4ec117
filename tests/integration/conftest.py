"""One server for each file of tests, and for each test a connector of its own on it."""

import itertools

import pytest

from support import own_network as network
from support.browser import Browser, need_browser
from support.device import Site
from support.server import BINARY, Server

_numbers = itertools.count(1)


@pytest.fixture(scope="session", autouse=True)
def binary_is_there():
    assert BINARY, "MURANO_EMULATOR must name the binary (script/test sets it)"


@pytest.fixture(scope="session")
def own_network():
    """Port 8883 is free: whoever else has it, these tests and their servers are in a network of their own."""
    why = network.complaint()
    if why:
        pytest.fail(why, pytrace=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("server"), "--ephemeral") as running:
        yield running


@pytest.fixture
def site(server):
    """A connector that no other test uses, on the server of this file."""
    return Site(server, f"site{next(_numbers)}")


@pytest.fixture(scope="module")
def browser():
    """One window of Chromium for the tests of a file."""
    need_browser()
    with Browser() as window:
        yield window
