"""What a running server says and its data folder holds, in the terms of the model."""

import hashlib
import sqlite3
import urllib.parse


def digest(data):
    return hashlib.sha256(data).hexdigest()


def extra_resources(control, connector):
    answer = control.request("GET", control.emulator(f"/connectors/{connector}"))
    resources = answer.json()["resources"] if answer.status == 200 else {}
    return tuple(sorted(name for name in resources if name.startswith("extra")))


def download(control, connector, name):
    link = control.ok("GET", f"/api:1/service/{connector}/content/item/{name}/download").json()["url"]
    place = urllib.parse.urlsplit(link)
    return control.ok("GET", f"{place.path}?{place.query}").body


def identity_state(control, connector, identity):
    """Pairs of key and value; the two values of one set call must be the same, or half of it is there."""
    secret = control.ok("GET", control.emulator(f"/connectors/{connector}/identities/{identity}/secret")).json()
    yield ("identity", identity), secret["key"]
    values = control.state(connector, identity)
    yield ("reported", identity), int(values.get("data_in", {}).get("reported", 0))
    pair = [values.get(alias, {}).get("set") for alias in ("config_io", "data_out")]
    assert pair[0] == pair[1], f"half of a set call is there: {connector}/{identity} {values}"
    if pair[0] is not None:
        yield ("set", identity), pair[0]


def connector_state(control, connector):
    """The whole connector as the model writes it."""
    state = {}
    for device in control.ok("GET", control.device2(connector, "/identity/")).json()["devices"]:
        state.update(identity_state(control, connector, device["identity"]))
    for row in control.sessions(connector):
        assert not row["connected"], f"a session is connected after a crash: {row}"
        if row["subscriptions"]:
            state["session", row["identity"]] = tuple(row["subscriptions"])
    for item in control.ok("GET", f"/api:1/service/{connector}/content/item").json():
        name = item["id"] if isinstance(item, dict) else item
        state["content", name] = digest(download(control, connector, name))
    extra = extra_resources(control, connector)
    if extra:
        state["settings",] = extra
    return state


def snapshots(control):
    return {row["name"] for row in control.ok("GET", control.emulator("/snapshots")).json()["snapshots"]}


def newest_cursor(control, after):
    """The cursor of the newest event; those up to `after` are known."""
    while True:
        page = control.ok("GET", control.emulator(f"/events?limit=10000&after={after}")).json()
        if not page["events"]:
            return after
        after = page["events"][-1]["cursor"]


def reported_numbers(control, connector, after):
    """The numbers in the journal behind that cursor, oldest first; checks that cursors rise."""
    numbers = []
    while True:
        events = control.events_so_far(connector, type="data_in", after=after)  # killed before its first device: none
        if not events:
            return numbers
        for event in events:
            assert event["cursor"] > after, f"cursors of {connector} do not rise: {event['cursor']} after {after}"
            after = event["cursor"]
            numbers += [int(entry["values"]["data_in"]) for entry in event["payload"]]


def check_folder(data_dir):
    """The database is whole, content files and rows agree, nothing is left of what was on the way."""
    connection = sqlite3.connect(f"file:{data_dir / 'murano.db'}?mode=ro", uri=True)
    try:
        assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        rows = {row[0] for row in connection.execute("SELECT file FROM content")}
        for table in ("device_values", "sessions"):
            orphans = f"SELECT COUNT(*) FROM {table} WHERE device_id NOT IN (SELECT device_id FROM identities)"
            assert connection.execute(orphans).fetchone() == (0,), f"{table} of identities that are not there"
    finally:
        connection.close()
    files = {file.name for file in (data_dir / "content").iterdir()}
    assert rows == files, f"content rows without a file: {rows - files}; files without a row: {files - rows}"
    left = list((data_dir / "snapshots" / "tmp").iterdir())
    assert not left, f"left in snapshots/tmp: {left}"
