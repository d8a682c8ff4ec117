"""What the fixtures promise. Those named *_fails must fail, all others pass."""

import pytest
from firmware import break_a_rule, connected, report
from murano_emulator import WaitRanOut
from support import packets as mqtt


def test_waits_for_what_the_device_reports(murano):
    device = murano.provisioned()
    with connected(murano, device) as client:
        report(client, 21)
        (event,) = murano.wait_for("data_in", identity=device.identity, alias="data_in", jsonpath=">20")
        assert event["payload"][0]["values"] == {"data_in": "21"}
    steps = ({"type": "connect"}, {"type": "data_in"}, {"type": "disconnect"})
    assert len(murano.wait_for_sequence(*steps)) == 3


def test_sets_what_the_device_gets(murano):
    device = murano.provisioned("named")
    with connected(murano, device) as client:
        murano.set_state("named", config_io="42")
        topic, payload = client.message()
        assert topic.startswith("$resource/config_io/") and payload == b"42"
        murano.publish("named", "a/b", "x")
    assert murano.state("named")["config_io"]["set"] == "42"


def test_a_fault_strikes_and_ends_with_its_statement(murano):
    device = murano.provisioned()
    with murano.fault("ignore", packet="PUBLISH", times=1, name="lost") as fault:
        with connected(murano, device) as client:
            client.send(mqtt.publish("$resource/data_in", b"21"))
            (event,) = murano.wait_for("fault", name="lost", kind="ignore", identity=device.identity)
            assert event["payload"]["packet"] == "PUBLISH"
            assert (fault.hits, fault.now()["state"]) == (1, "spent")
    assert murano.events(type="data_in") == []


def test_a_miss_names_what_came_near(murano):
    with connected(murano, murano.provisioned()) as client:
        report(client, 21)
    with pytest.raises(WaitRanOut, match='"21" is not "22"') as ran_out:
        murano.wait_for("data_in", alias="data_in", equals="22", within=0.02)
    assert ran_out.value.near_misses


def test_a_wait_tells_that_nobody_came(murano):
    where = f"connected to {murano.host} .port {murano.port}. in this test. That name is for SNI.*connect to 127.0.0.1.*murano_connector"
    with pytest.raises(WaitRanOut, match=where):
        murano.wait_for("data_in", within=0.02)
    with connected(murano, murano.provisioned()), pytest.raises(WaitRanOut) as ran_out:
        murano.wait_for("data_in", within=0.02)
    assert "connected to" not in str(ran_out.value)


@pytest.mark.murano_connector("local")
def test_the_host_of_local_is_one_to_connect_to(murano):
    assert murano.host == "localhost"
    with connected(murano, murano.provisioned()) as client:
        report(client, 21)
    murano.wait_for("data_in", alias="data_in")


@pytest.mark.allow_violations
def test_any_violation_is_allowed(murano):
    with connected(murano, murano.provisioned()) as client:
        break_a_rule(client)
    murano.wait_for("finding", rule="R28")
    murano.wait_for("finding", code="R28.dup_with_qos_0")
    assert murano.findings("violation")


def test_what_is_broken_twice_is_one_line_and_fails(murano):
    for _ in range(2):
        with connected(murano, murano.provisioned()) as client:
            break_a_rule(client)


@pytest.mark.allow_violations("R28.dup_with_qos_0")
def test_this_code_is_allowed(murano):
    with connected(murano, murano.provisioned()) as client:
        break_a_rule(client)


@pytest.mark.allow_violations("R28.another_code")
def test_another_code_fails(murano):
    with connected(murano, murano.provisioned()) as client:
        break_a_rule(client)


@pytest.mark.allow_violations("R28")
def test_this_violation_is_allowed(murano):
    with connected(murano, murano.provisioned()) as client:
        break_a_rule(client)


def test_a_violation_fails(murano):
    with connected(murano, murano.provisioned()) as client:
        break_a_rule(client)


@pytest.mark.allow_violations("R46")
def test_another_violation_fails(murano):
    with connected(murano, murano.provisioned()) as client:
        break_a_rule(client)
