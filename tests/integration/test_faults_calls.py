"""/_emulator/v1/faults: the calls, the command, the settings file, reset, snapshots."""

import pytest

from support import packets as mqtt
from support.command import CommandLine
from support.faults import FAULTS, add, fault, hits, remove, show
from support.server import Server, run


@pytest.fixture(autouse=True)
def no_faults(server):
    yield
    server.control.ok("DELETE", FAULTS, status=(204,))


def test_add_show_list_replace_and_delete(server):
    stored = add(server, "withhold", packet="PUBACK", name="lost", times=3)
    assert stored["name"] == "lost" and stored["times"] == 3 and stored["skip"] == 0 and stored["state"] == "active"
    assert (stored["hits"], stored["chances"], stored["per"], stored["probability"]) == (0, 0, "all", 1)
    assert show(server, "lost") == stored
    second = add(server, "refuse", ip="192.0.2.1")
    names = [one["fault_name"] for one in server.control.ok("GET", FAULTS).json()["faults"]]
    assert names == ["lost", second["fault_name"]]
    server.control.ok("PUT", f"{FAULTS}/lost", {"kind": "ignore", "packet": "PINGREQ"}, status=(200,))
    server.control.ok("PUT", f"{FAULTS}/new", {"kind": "ignore", "packet": "PINGREQ"}, status=(201,))
    assert show(server, "lost")["kind"] == "ignore"
    server.control.ok("DELETE", f"{FAULTS}/lost", status=(204,))
    assert server.control.request("GET", f"{FAULTS}/lost").status == 404
    assert server.control.request("DELETE", f"{FAULTS}/lost").status == 404


def test_health_says_how_many(server):
    add(server, "refuse", ip="192.0.2.1")
    assert server.control.ok("GET", "/_emulator/v1/health").json()["faults"] == 1


def test_errors_name_path_what_stands_there_and_what_may(server):
    answer = server.control.request("POST", FAULTS, {"kind": "withold", "packet": "PUBACK"})
    assert answer.status == 400
    error = answer.json()["error"]
    assert error["path"] == "$.kind" and 'did you mean "withhold"?' in error["message"]
    answer = server.control.request("POST", FAULTS, {"kind": "withhold", "packet": "PUBACK", "tims": 3})
    assert answer.json()["error"]["path"] == "$.tims"
    add(server, "refuse", name="taken", ip="192.0.2.1")
    assert server.control.request("POST", FAULTS, {"kind": "refuse", "name": "taken"}).status == 409
    assert server.control.request("POST", FAULTS, {"kind": "refuse", "after": "nobody"}).status == 400
    assert server.control.request("POST", FAULTS, b"{").status == 400


def test_the_whole_list_is_replaced(server):
    add(server, "refuse", ip="192.0.2.1")
    body = {"faults": [{"kind": "refuse", "ip": "192.0.2.2", "name": "a"}, {"kind": "outage", "after": "a"}]}
    stored = server.control.ok("PUT", FAULTS, body).json()["faults"]
    assert [one["state"] for one in stored] == ["active", "waiting"]
    assert len(server.control.ok("GET", FAULTS).json()["faults"]) == 2


def names_of_all(server):
    return [one["fault_name"] for one in server.control.ok("GET", FAULTS).json()["faults"]]


def test_a_list_that_is_refused_changes_nothing(tmp_path):
    with Server(tmp_path, "--ephemeral", settings={"limits": {"max_faults": 2}}) as server:
        add(server, "refuse", name="before", ip="192.0.2.1")
        three = {"faults": [{"kind": "refuse", "ip": f"192.0.2.{n}", "name": f"n{n}"} for n in range(3)]}
        answer = server.control.request("PUT", FAULTS, three)
        assert answer.status == 409 and "limits.max_faults" in answer.json()["error"]["message"]
        assert names_of_all(server) == ["before"]
        server.control.ok("PUT", FAULTS, {"faults": three["faults"][:2]})
        assert names_of_all(server) == ["n0", "n1"]


def test_a_made_up_name_of_a_list_is_none_that_the_list_names(server):
    body = {"faults": [{"kind": "refuse", "ip": "192.0.2.1"}, {"kind": "refuse", "ip": "192.0.2.2", "name": "fault-1"}]}
    server.control.ok("PUT", FAULTS, body)
    first, second = names_of_all(server)
    assert second == "fault-1" and first != second


def test_only_those_of_a_connector_are_listed_and_deleted(server):
    add(server, "withhold", packet="PUBACK", connector="one")
    add(server, "withhold", packet="PUBACK", connector="two")
    assert len(server.control.ok("GET", f"{FAULTS}?connector=one").json()["faults"]) == 1
    server.control.ok("DELETE", f"{FAULTS}?connector=one", status=(204,))
    assert [one["connector"] for one in server.control.ok("GET", FAULTS).json()["faults"]] == ["two"]


def test_kinds_are_told(server):
    kinds = server.control.ok("GET", f"{FAULTS}/kinds").json()["kinds"]
    withhold = next(one for one in kinds if one["kind"] == "withhold")
    assert withhold["layer"] == "mqtt" and "PUBACK" in withhold["keys"][0]["choices"]


def test_a_hit_is_an_event_with_its_filters_and_counts(site):
    with fault(site, "withhold", packet="PINGRESP", name="quiet", times=1) as name:
        with site.device().connected() as client:
            client.send(mqtt.pingreq())
            client.silent()
        assert hits(site) == hits(site, name=name) == hits(site, kind="withhold")
        assert hits(site, name="other") == []
        (hit,) = hits(site)
        assert hit == {"name": "quiet", "kind": "withhold", "hit": 1, "packet": "PINGRESP",
                       "detail": "PINGRESP was withheld"}
        stored = show(site.server, name)
        assert (stored["hits"], stored["state"]) == (1, "spent")
    assert 'murano_emulator_fault_hits_total{kind="withhold"}' in site.control.ok("GET", "/metrics").text


def test_reset_takes_them_within_its_scope(site):
    add(site.server, "withhold", packet="PUBACK", connector=site.connector, name="mine")
    add(site.server, "withhold", packet="PUBACK", connector="another", name="others")
    site.control.ok("POST", f"/_emulator/v1/reset?connector={site.connector}", status=(204,))
    assert [one["name"] for one in site.control.ok("GET", FAULTS).json()["faults"]] == ["others"]


def test_a_snapshot_holds_definitions_without_counters(server):
    add(server, "withhold", packet="PUBACK", name="kept", times=2)
    server.control.ok("POST", "/_emulator/v1/snapshots/with-faults", status=(201,))
    remove(server, "kept")
    add(server, "refuse", name="gone", ip="192.0.2.1")
    server.control.ok("POST", "/_emulator/v1/snapshots/with-faults/load", status=(204,))
    (stored,) = server.control.ok("GET", FAULTS).json()["faults"]
    assert (stored["name"], stored["times"], stored["hits"]) == ("kept", 2, 0)


def test_the_settings_file_has_faults_at_the_top_and_inside_a_connector(tmp_path):
    settings = {
        "faults": [{"kind": "refuse", "ip": "192.0.2.1"}],
        "connectors": {"lab": {"faults": [{"kind": "withhold", "packet": "PUBACK", "name": "inside"}]}},
    }
    with Server(tmp_path / "server", "--ephemeral", settings=settings) as server:
        stored = server.control.ok("GET", FAULTS).json()["faults"]
        assert [(one["name"], one["connector"]) for one in stored] == [("fault-1", None), ("inside", "lab")]
        remove(server, "inside")
        add(server, "refuse", name="by-call", ip="192.0.2.9")
        server.control.ok("POST", "/_emulator/v1/reset", status=(204,))
        names = [one["name"] for one in server.control.ok("GET", FAULTS).json()["faults"]]
        assert names == ["fault-1", "inside"]


def test_a_bad_fault_of_the_settings_file_is_told_with_its_place(tmp_path):
    settings = tmp_path / "settings.jsonc"
    settings.write_text('{\n  "faults": [{"kind": "withold"}]\n}\n')
    code, _, said = run("config", "check", str(settings))
    assert code == 2
    assert "settings.jsonc:2:" in said and "faults[0].kind" in said and "withhold" in said


def test_the_command(server, site):
    command = CommandLine(server)
    command.ok("fault", "add", "withhold", "packet=PUBACK", "--connector", site.connector, "--times", "3", "--for", "30s",
               "--name", "by-command")
    stored = show(server, "by-command")
    assert (stored["times"], stored["for_ms"], stored["connector"]) == (3, 30000, site.connector)
    listed = command.ok("fault", "ls")
    assert "by-command" in listed and "withhold" in listed
    wrong = command.fails("fault", "add", "withhold", "paket=PUBACK", code=2)
    assert "$.paket" in wrong and "packet" in wrong
    command.ok("fault", "rm", "by-command")
    command.ok("fault", "clear")
    kinds = command.ok("fault", "kinds")
    assert "tls_certificate" in kinds and "untrusted_ca" in kinds


def test_the_token_of_another_is_not_lost(site):
    with fault(site, "withhold", packet="PUBLISH", topic="$provision/#", identity="8"), site.anonymous() as client:
        client.send(mqtt.publish("$provision/9"))
        assert client.message()[0] == "$provision/9"
