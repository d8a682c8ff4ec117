"""Simulated devices inside the server: POST, GET, DELETE /_emulator/v1/devices/simulated."""

import pytest

from support.waiting import wait_until

PATH = "/_emulator/v1/devices/simulated"


@pytest.fixture(autouse=True)
def none_left(server):
    yield
    server.control.ok("DELETE", PATH)


def simulated(site):
    return [one for one in site.control.ok("GET", PATH).json()["devices"] if one["connector"] == site.connector]


def test_one_that_needs_no_words(server):
    """an empty body: a device of the tutorial on the default connector"""
    started = server.control.ok("POST", PATH, status=(201,)).json()["devices"]
    assert [(one["connector"], one["identity"], one["profile"]) for one in started] == [
        ("local", "simulated-1", "tutorial")
    ]
    wait_until(lambda: server.control.ok("GET", PATH).json()["devices"][0]["reports"], "a report that is acknowledged")
    assert "001" in server.control.state("local", "simulated-1")["data_in"]["reported"]
    assert server.control.findings("local") == []


def test_devices_report_take_settings_and_stop(site):
    """as any device: over TLS, with SNI"""
    body = {"connector": site.connector, "count": 5, "profile": "thermostat", "rate": 5}
    assert len(site.control.ok("POST", PATH, body, status=(201,)).json()["devices"]) == 5
    wait_until(lambda: all(one["logged_in"] and one["reports"] for one in simulated(site)), "reports of all")
    site.set_state({"setpoint": "21.5"}, "simulated-2")
    wait_until(lambda: site.state("simulated-2")["setpoint"].get("reported") == 21.5, "the setpoint, reported back")
    connections = [one for one in site.control.ok("GET", "/_emulator/v1/connections").json()["connections"]
                   if one["connector"] == site.connector]  # fmt: skip
    assert {one["sni"] for one in connections} == {site.server.host(site.connector)}
    assert {one["tls_version"] for one in connections} == {"TLSv1.3"}
    query = f"?connector={site.connector}"
    site.control.ok("DELETE", f"{PATH}{query}&identity=simulated-2", status=(204,))
    assert len(simulated(site)) == 4
    assert site.control.request("DELETE", f"{PATH}{query}&identity=simulated-2").status == 404
    site.control.ok("DELETE", f"{PATH}{query}", status=(204,))
    assert simulated(site) == [] and site.findings() == []
    assert site.control.has_identity(site.connector, "simulated-1")


def test_a_profile_of_ones_own_and_a_flaw(site):
    profile = {"report_interval_s": 0.1, "resources": {"data_in": {"report": {"constant": "x"}}}}
    body = {"connector": site.connector, "identity": "odd", "profile": profile, "misbehave": "qos2"}
    device = site.control.ok("POST", PATH, body, status=(201,)).json()["devices"][0]
    assert (device["identity"], device["profile"], device["misbehave"]) == ("odd", "own", "qos2")
    wait_until(lambda: site.findings("R26"), "the finding")
    assert site.control.request("POST", PATH, {**body, "profile": "tutorial"}).status == 409


def test_what_is_wrong_is_told(site):
    def refused(body, status=400):
        answer = site.control.request("POST", PATH, body)
        assert answer.status == status, answer.text
        return answer.json()["error"]

    assert refused({"count": 0})["path"] == "$.count"
    assert "from 1 to 100" in refused({"count": 101})["message"]
    assert "did you mean" in refused({"profile": "thermostate"})["message"]
    assert refused({"profile": {"resources": {"t": {"report": {"sinus": {}}}}}})["path"].endswith("report.sinus")
    assert "did you mean comma?" in refused({"misbehave": "coma"})["message"]
    assert refused({"rate": 11})["path"] == "$.rate"
    assert refused({"conector": "x"})["path"] == "$.conector"
    assert refused({"misbehave": "comma", "profile": "tutorial"})["path"] == "$.misbehave"
    assert refused({"identity": "i" * 201})["path"] == "$.identity"
    assert refused({"connector": "no such name!"})["path"] == "$.connector"
    assert refused(["x"])["path"] == "$"
    assert site.control.request("DELETE", f"{PATH}?identity=x").status == 400
    site.patch({"provisioning": {"auth_type": "certificate"}})
    assert "certificates" in refused({"connector": site.connector}, 409)["message"]


def test_their_number_is_bounded(site):
    """a hundred, and not one more"""
    site.control.ok("POST", PATH, {"connector": site.connector, "count": 100}, status=(201,))
    assert site.control.request("POST", PATH, {"connector": site.connector}).status == 409
    wait_until(lambda: all(one["logged_in"] for one in simulated(site)), "that all hundred are logged in")


def test_a_reset_takes_them_away(site):
    """they would make their identities anew"""
    site.control.ok("POST", PATH, {"connector": site.connector, "count": 3}, status=(201,))
    wait_until(lambda: all(one["logged_in"] for one in simulated(site)), "that all are logged in")
    site.control.ok("POST", f"/_emulator/v1/reset?connector={site.connector}", status=(204,))
    assert simulated(site) == []
    assert not site.control.has_identity(site.connector, "simulated-1")


def test_a_name_that_is_taken_is_left_alone(site):
    """a device that somebody else has provisioned, and one whose token the server knows"""
    site.provision("simulated-1")
    site.control.ok("POST", PATH, {"connector": site.connector}, status=(201,))
    assert simulated(site)[0]["identity"] == "simulated-2"
    site.control.ok("POST", PATH, {"connector": site.connector, "identity": "simulated-1"}, status=(201,))
    wait_until(lambda: all(one["logged_in"] for one in simulated(site)), "that both are logged in")
    assert site.findings() == []
