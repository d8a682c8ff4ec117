"""For each check a device with one flaw, which fails or warns there and nowhere else. [verdict.md 5]

A row: the flaw, the checks that run, and what they say; whatever is not named passes or is not run. Each row has a server
of its own, and some run side by side: most of the time is spent waiting.
"""

import subprocess

import pytest

from support import certificates
from support.server import BINARY
from support.verdict import SideBySide, device_command, outcomes, selected, told, verify

FAILED, WARNED = "failed", "warned"
WATCH = {"watch": True}
NEW = {"token": False, "device": "--reprovision"}  # it provisions
CALM = {"device": "--first-pause 1 --max-pause 20"}
LATE = {"device": "--patience 5 --keep-alive 6"}  # waits for a CONNACK that is 3 s late
RARE = {"device": "--interval 4", "look_s": 10}  # reports more seldom than its Keep Alive
LOOKS = {"device": "--look 0.5"}
LONG = {"device": "--first-pause 1 --max-pause 8", "max_backoff_s": 5}  # of which 3 % are more than the machine's own
SETS = {"setting_alias": "config_io", "patience_s": 4}

ROWS = [
    ("old_tls_first", "TLS-01,TLS-02,TLS-03", {"TLS-01": FAILED}, WATCH),
    ("other_name", "TLS-01,TLS-02,TLS-03", {"TLS-02": WARNED}, WATCH),
    ("weak_suites", "TLS-01,TLS-02,TLS-03", {"TLS-03": WARNED}, WATCH),
    ("no_verification", "TLS-04,TLS-05,TLS-06,TLS-07", {"TLS-04": FAILED, "TLS-05": FAILED, "TLS-06": FAILED, "TLS-07": FAILED}, {}),
    ("no_name", "TLS-04,TLS-05,TLS-06,TLS-07", {"TLS-05": FAILED}, {}),
    ("no_dates", "TLS-04,TLS-05,TLS-06,TLS-07", {"TLS-06": FAILED, "TLS-07": FAILED}, {}),
    ("small_handshakes", "TLS-08,TLS-09,TLS-10", {"TLS-08": FAILED}, {}),
    ("pinned_leaf", "TLS-08,TLS-09,TLS-10", {"TLS-08": FAILED, "TLS-10": FAILED}, {}),
    ("small_records", "TLS-08,TLS-09,TLS-10", {"TLS-09": FAILED}, {}),
    ("patient_handshake", "TLS-08,TLS-11", {"TLS-11": FAILED}, {}),
    ("anonymous", "PRV-01,PRV-02,PRV-03", {"PRV-01": FAILED}, NEW),
    ("asks_with_payload", "PRV-01,PRV-02,PRV-03", {"PRV-02": FAILED}, NEW),
    ("tells_its_token", "PRV-01,PRV-02,PRV-03", {"PRV-03": FAILED}, NEW),
    # The wait for the reply counts as a part of the pause, so the longest one must be well above both.
    ("fixed_pause", "PRV-03,PRV-04,PRV-06", {"PRV-04": FAILED}, {**NEW, "max_backoff_s": 4}),
    ("forgets_its_token", "PRV-05", {"PRV-05": FAILED}, NEW),
    ("none", "PRV-06", {"PRV-06": FAILED}, {}),
    ("other_client_id", "CON-01,KA-01", {"CON-01": FAILED}, WATCH),
    ("none", "CON-02", {}, {"device": "--reprovision"}),  # refused with 4 or 5, it asks for a new credential
    ("fixed_pause", "CON-02,CON-04,CON-05", {"CON-02": FAILED, "CON-04": FAILED, "CON-05": FAILED}, {}),
    ("carries_on", "CON-02,CON-04,CON-05", {"CON-02": FAILED}, CALM),
    ("no_jitter", "CON-03,CON-05", {"CON-03": WARNED, "CON-05": WARNED}, LONG),
    ("patient_for_connack", "CON-03,CON-07", {"CON-03": FAILED}, LATE),
    ("trusting", "CON-02,CON-04,SES-04", {"CON-04": FAILED, "SES-04": FAILED}, {"device": "--first-pause 0.7 --max-pause 20"}),
    ("gives_up", "CON-06,CON-07", {"CON-06": FAILED}, {**LATE, "outage_s": 4}),
    ("impatient", "CON-07,PUB-10", {"CON-07": FAILED, "PUB-10": FAILED}, {**LATE, "patience_s": 20}),
    ("long_keep_alive", "KA-*", {"KA-01": FAILED}, WATCH),
    ("deaf_to_silence", "KA-*", {"KA-02": FAILED, "KA-03": FAILED}, RARE),
    ("dies_of_a_reset", "KA-*", {"KA-04": FAILED}, {}),
    ("unknown_alias", "PUB-*", {"PUB-01": FAILED}, WATCH),
    ("nested", "PUB-*", {"PUB-04": FAILED}, WATCH),
    ("unquoted", "PUB-*", {"PUB-02": FAILED}, WATCH),
    ("too_large", "PUB-*", {"PUB-02": FAILED}, WATCH),
    ("seconds", "PUB-*", {"PUB-03": FAILED}, WATCH),
    ("unacknowledged", "PUB-05,CON-07", {"PUB-05": WARNED}, LATE),
    ("qos2", "PUB-*", {"PUB-06": WARNED}, WATCH),
    ("dup", "PUB-*", {"PUB-07": WARNED}, WATCH),
    ("retain", "PUB-*", {"PUB-08": WARNED}, WATCH),
    ("stores_nothing", "PUB-05,PUB-09", {"PUB-09": WARNED}, {"device": "--interval 1", "outage_s": 4, "look_s": 6}),
    ("ignores_settings", "RX-*", {"RX-01": FAILED, "RX-02": FAILED, "RX-04": FAILED}, SETS),
    ("ignores_old_settings", "RX-*", {"RX-02": FAILED, "RX-04": FAILED}, SETS),
    ("last_comes_last", "RX-01,RX-02,RX-04", {"RX-04": FAILED}, SETS),
    ("subscribes_in_a_loop", "RX-03,RX-07", {"RX-03": FAILED}, {}),
    ("small_messages", "RX-05,RX-06,RX-07", {"RX-05": FAILED}, {}),
    ("one_at_a_time", "RX-05,RX-06,RX-07", {"RX-06": FAILED}, {}),
    ("knows_all_aliases", "RX-05,RX-06,RX-07", {"RX-07": FAILED}, {}),
    ("subscribes_once", "SES-*", {"SES-01": FAILED, "SES-03": FAILED}, CALM),
    ("new_client_ids", "SES-02,SES-03", {"SES-02": FAILED}, CALM),
    ("subscribes_always", "SES-*", {"SES-05": WARNED}, WATCH),
    ("asks_content_with_payload", "CNT-01,CNT-02", {"CNT-01": FAILED}, LOOKS),
    ("takes_anything", "CNT-01,CNT-02", {"CNT-02": WARNED}, LOOKS),
    ("no_content_pause", "CNT-03,CNT-04", {"CNT-03": FAILED, "CNT-04": FAILED}, LOOKS),
    ("fixed_content_pause", "CNT-03,CNT-04", {"CNT-04": FAILED}, LOOKS),
    ("fetches_in_the_way", "CNT-02,CNT-05", {"CNT-05": FAILED}, LOOKS),
    ("fetches_again", "CNT-02,CNT-06", {"CNT-06": FAILED}, LOOKS),
    ("dies_of_malformed_packets", "ROB-01,ROB-02", {"ROB-01": FAILED, "ROB-02": FAILED}, {}),
    ("dies_of_a_lock", "ROB-03", {"ROB-03": FAILED}, {}),
    ("acknowledges", "PKT-01,DOS-01", {"PKT-01": FAILED}, WATCH),
    ("reuses_ids", "PKT-01,DOS-01", {"PKT-01": FAILED}, WATCH),
    ("repeats", "PKT-01,DOS-01", {"DOS-01": FAILED}, WATCH),
]

# On a certificate connector: what such a device does, and what TLS-12 says of it.
SHOWN = [("certificate", {}), ("no_certificate_first", {"TLS-12": FAILED}), ("other_certificate_first", {"TLS-12": FAILED})]


def name_of(row):
    flaw, _, expected, _ = row
    return f"{flaw}-{'-'.join(expected)}"


def judge(folder, row):
    """(exit code, run, what was said)"""
    folder.mkdir()
    flaw, only, _, with_it = row
    parameters = {key: value for key, value in with_it.items() if key not in ("watch", "token", "device")}
    command = device_command(flaw, with_it.get("device", ""), with_it.get("token", True))
    return verify(folder, command, "--only", only, *(["--watch-only"] if with_it.get("watch") else []), **parameters)


@pytest.fixture(scope="module")
def judged(request, tmp_path_factory):
    # pytest makes its folders in one thread only: it makes this one here, and each row makes its own below it.
    base = tmp_path_factory.mktemp("flaws")
    with SideBySide(selected(request, name_of), lambda row: judge(base / name_of(row), row)) as runs:
        yield runs


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_a_device_with_one_flaw_fails_there_and_nowhere_else(judged, row):
    code, run, said = judged[name_of(row)]
    assert run, said
    bad = {check: outcome for check, outcome in outcomes(run).items() if outcome in (FAILED, WARNED)}
    assert bad == row[2], said + told(run)
    assert code == (1 if FAILED in bad.values() else 0), said
    for check in run["checks"]:
        assert bool(check["hint"]) == (check["outcome"] in (FAILED, WARNED)), check


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown[0])
def test_a_certificate_device(server, site, tmp_path, shown):
    """[R58]"""
    flaw, expected = shown
    site.patch({"provisioning": {"auth_type": "certificate"}})
    certificates.self_signed(tmp_path, "12345")
    certificates.self_signed(tmp_path / "other", "67890")
    only = ("--only", "TLS-01,TLS-02,TLS-12,CON-01", "--watch-only", "--connector", site.connector)
    code, run, said = verify(tmp_path, device_command(flaw, token=False), *only, server=server)
    assert run, said
    assert outcomes(run) == {**dict.fromkeys(outcomes(run), "passed"), **expected}, said + told(run)
    assert code == (1 if expected else 0), said


def test_each_check_has_its_flaw():
    listed = subprocess.run([BINARY, "verify", "--suite", "full", "--list"], capture_output=True, text=True, check=True).stdout
    checks = {line.split()[0] for line in listed.splitlines() if line[:1].isupper() and "-" in line.split()[0]}
    found = {check for *_, expected, _ in ROWS for check in expected} | {check for _, expected in SHOWN for check in expected}
    assert len(checks) > 60 and found == checks
