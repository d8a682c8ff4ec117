"""Firmware whose host name is compiled in: the suite names the connector. NAMED says which one is expected."""

import os

import pytest


def test_a_variable_or_the_ini_file_names_it(murano):
    assert murano.connector == os.environ["NAMED"]
    assert murano.host == f"{os.environ['NAMED']}.{murano.emulator.domain}"
    murano.provisioned("kept")
    murano.set_state("kept", config_io="1")


def test_it_is_not_deleted(murano):
    assert murano.connector == os.environ["NAMED"]
    assert murano.state("kept")["config_io"]["set"] == "1"
    assert murano.events() == []  # of this test
    murano.remove()
    assert "kept" in str(murano.emulator.call("GET", f"/api:1/service/{murano.connector}/device2/identity/"))


@pytest.mark.murano_connector("by-marker.m2.exosite.io")
def test_a_marker_wins(murano):
    assert murano.connector == "by-marker"
    assert murano.findings() == []
    murano.reset()
    assert murano.events() == []
