"""What devices do beside the test's connector is seen too. Those named *_fails must fail, all others pass."""

import pytest
from firmware import break_a_rule, connect_without_name, connected, connected_to, report
from murano_emulator import WaitRanOut


def test_a_connection_without_a_name_fails(murano):
    connect_without_name(murano)


@pytest.mark.allow_violations("R3")
def test_a_connection_without_a_name_is_allowed(murano):
    connect_without_name(murano)
    (finding,) = murano.findings()
    assert (finding["rule"], finding["code"]) == ("R3", "R3.no_sni") and "connector" not in finding


@pytest.mark.allow_violations
def test_no_findings_means_none_of_nobody_either(murano):
    assert murano.wait_for("finding", count={"exactly": 0}, within=0) == []
    connect_without_name(murano)
    with pytest.raises(WaitRanOut, match="R3"):
        murano.wait_for("finding", count={"exactly": 0}, within=0)
    with pytest.raises(WaitRanOut, match="R3"):
        murano.wait_for("finding", rule="r3", count={"exactly": 0}, within=0)
    with pytest.raises(WaitRanOut, match="R3"):
        murano.wait_for("finding", code="R3.no_sni", count={"exactly": 0}, within=0)
    assert murano.wait_for("finding", code="R3.address_as_sni", count={"exactly": 0}, within=0) == []
    assert murano.wait_for("finding", rule="R28", count={"exactly": 0}, within=0) == []


@pytest.mark.allow_violations
def test_a_miss_tells_of_a_connection_without_a_name(murano):
    connect_without_name(murano)
    with pytest.raises(WaitRanOut, match="a connection that named no connector broke a rule, R3"):
        murano.wait_for("data_in", alias="data_in", within=0)


def test_a_miss_tells_of_another_connector(murano):
    with connected_to(murano, "compiled-in") as client:
        break_a_rule(client)
    with pytest.raises(WaitRanOut, match='a device of the connector "compiled-in" broke a rule, R28'):
        murano.wait_for("data_in", within=0)


def test_another_connector_is_told(murano):
    with connected_to(murano, "strange") as client:
        break_a_rule(client)


def test_a_failure_tells_of_another_connector_fails(murano):
    with connected_to(murano, "stranger") as client:
        break_a_rule(client)
    raise AssertionError("on purpose")


def test_a_device_that_breaks_no_rule_is_no_news(murano):
    with connected(murano, murano.provisioned()) as client:
        report(client, 1)
    assert murano.findings() == []
