"""200 tests that would trip over each other if connectors shared anything: the same identity and aliases everywhere, and
some that reset their connector or move its clock."""

import time

import pytest
from firmware import connected, report

HOUR_US = 3_600_000_000


@pytest.mark.parametrize("number", range(200))
def test_alone_on_its_connector(murano, number):
    device = murano.provisioned("the-device")
    if number % 5 == 1:
        murano.freeze()
        murano.advance("1000h")
    if number % 5 == 2:
        murano.reset()
        assert not murano.events()
        device = murano.provisioned("the-device")
    with connected(murano, device) as client:
        for value in range(3):
            report(client, f"{number}.{value}")
        events = murano.wait_for("data_in", count={"at_least": 3})
        assert [event["payload"][0]["values"]["data_in"] for event in events] == [f"{number}.{i}" for i in range(3)]
        murano.set_state("the-device", config_io=str(number))
        assert client.message()[1] == str(number).encode()
    assert murano.state("the-device")["data_in"]["reported"] == f"{number}.2"
    ahead = murano.clock()["now_us"] - time.time() * 1e6
    assert (ahead > 999 * HOUR_US) == (number % 5 == 1)
    assert len(murano.events(type="data_in")) == 3
