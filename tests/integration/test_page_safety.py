"""The page and everybody who must not get through it: hostile devices, foreign pages, a missing token, a server that is away."""

import http.server
import socket
import threading
import urllib.parse

from support.browser import Browser
from support.page_devices import busy_device, report
from support.server import Server
from support.waiting import wait_until


def test_a_token(tmp_path, browser):
    """asked for once, kept for the tab, and said where it is wrong"""
    with Server(tmp_path, "--ephemeral", "--api-token", "s3cret") as server:
        browser.driver.get(server.ready["api"])
        browser.wait_text("dialog", "This server has an API token")
        browser.type("Token", "wrong", enter=True)
        browser.wait_text("dialog", "was not accepted")
        browser.type("Token", "s3cret", enter=True)
        browser.wait_text("main", "No device has come yet")
        browser.wait_live()
        browser.driver.refresh()
        browser.wait_text("main", "No device has come yet")
        assert not browser.all("dialog")
    browser.console()  # the 401 answers, and the end of the server


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_a_restart(tmp_path, browser):
    """the page says that the server is away, comes back, and goes on from its cursor"""
    server = Server(tmp_path, api=f"127.0.0.1:{free_port()}")
    with server:
        server.control.put_identity("local", "before")
        browser.open(server)
        browser.wait_text("main", "before")
        server.stop()
        browser.wait_text("#state", "The server is not answering")
        browser.picture("server-away")
        server.start()
        browser.wait_live()
        browser.wait_text("#notices", "The server is back")
        server.control.put_identity("local", "after-the-restart")
        browser.wait_text("main", "after-the-restart")
    browser.console()  # the failed calls meanwhile


# What an id may hold: no slash, plus or number sign.
HOSTILE = ["<script>window.hacked=1", "<img src=x onerror=window.hacked=1>", "\u202eevil\u2066", "x" * 200, "'\"><b>"]
MARKUP = "<script>window.hacked=1</script><iframe src='javascript:window.hacked=1'></iframe>"


def test_hostile_text_is_text(site, browser):
    """ids, topics, values and tags of devices: nothing runs, nothing turns the text, nothing breaks the layout"""
    control = site.control
    control.patch_connector(site.connector, {"journal": {"packets": True}})
    for identity in HOSTILE:
        control.put_identity(site.connector, identity, {"tags": [{"name": identity[:60], "value": identity}]})
    device = site.device("plain")
    with device.connected() as client:
        for text in [*HOSTILE, MARKUP]:
            report(client, "data_in", text)
            report(client, text.replace("/", "")[:100], text)
        report(client, "data_in", '{"<b>": 1, "' + "k" * 3000 + '": 2}')
        report(client, "data_in", "<i>" + "y" * 1_000_000)
        report(client, "data_in", b"\xff\xfe<script>window.hacked=1</script>")
    paths = [f"#/?connector={site.connector}", f"#/device/{site.connector}/plain", f"#/timeline?connector={site.connector}"]
    paths += [f"#/device/{site.connector}/{urllib.parse.quote(identity, safe='')}" for identity in HOSTILE]
    connection = site.events(type="data_in")[0]["connection_id"]
    paths.append(f"#/connection/{site.connector}/{connection}")
    for number, path in enumerate(paths):
        browser.open(site.server, path)
        wait_until(lambda: browser.run("return !document.querySelector('main').textContent.includes('Connecting')"), path)
        wait_until(lambda: len(browser.text()) > 40, path)
        browser.show(f"hostile-{number}")
        assert browser.run("return window.hacked") is None
        assert not browser.run(r"return /[\u202a-\u202e\u2066-\u2069]/.test(document.body.innerText + document.title)"), path
        assert not browser.all("main script, main img, main iframe, main b, main i:not([class])"), path


def test_nothing_that_is_not_a_file_of_the_server_runs(server, browser):
    """the Content-Security-Policy holds: no inline script, no eval, no other server"""
    browser.open(server)
    browser.run("const one = document.createElement('script'); one.textContent = 'window.hacked = 1'; document.body.append(one)")
    assert browser.run("return window.hacked") is None
    browser.run("setTimeout('window.hacked = 1'); return new Promise((done) => setTimeout(done))")  # as eval
    assert browser.run("return window.hacked") is None
    other = "return fetch('http://127.0.0.1:1/').then(() => 'sent', (error) => error.name)"
    assert browser.run(other) == "TypeError"
    assert any("Content Security Policy" in line for line in browser.console())


class ForeignPage(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # noqa: N802
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>foreign</title>")

    def log_message(self, *_):
        pass


def test_a_foreign_page_changes_nothing(site, browser):
    """in the same browser, from another port: neither with the page's header nor without it"""
    site.provision()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), ForeignPage) as foreign:
        threading.Thread(target=foreign.serve_forever, daemon=True).start()
        browser.driver.get(f"http://127.0.0.1:{foreign.server_port}/")
        reset = site.server.ready["api"] + "/_emulator/v1/reset"
        for extra in ("mode: 'no-cors'", "mode: 'cors'", "mode: 'cors', headers: {'X-Murano-Page': '1'}"):
            browser.run(f"return fetch('{reset}', {{method: 'POST', {extra}}}).then(() => 1, () => 0)")
            assert site.control.has_identity(site.connector, "12345"), extra
        foreign.shutdown()
    browser.console()


def test_a_rebound_name(site):
    """a foreign name that leads to this machine reads nothing and changes nothing"""
    site.provision()
    port = urllib.parse.urlsplit(site.server.ready["api"]).port
    foreign = f"http://rebound.example:{port}"
    with Browser("--host-resolver-rules=MAP rebound.example 127.0.0.1") as browser:
        browser.driver.get(foreign + "/")
        browser.wait_text("body", "the Host header must name localhost")  # the page's files are open, and empty
        assert site.connector not in browser.text("body")
        calls = {"/_emulator/v1/connectors": "GET", "/_emulator/v1/events": "GET", "/_emulator/v1/reset": "POST"}
        for path, method in calls.items():
            options = f"{{method: '{method}', headers: {{'X-Murano-Page': '1'}}}}"
            assert browser.run(f"return fetch('{path}', {options}).then((answer) => answer.status)") == 403, path
    assert site.control.has_identity(site.connector, "12345")


def test_the_keyboard_alone(site, browser):
    """Tab reaches the views, arrow keys move in a list, Enter opens"""
    busy_device(site)
    browser.open(site.server, f"#/?connector={site.connector}")
    browser.wait_text("mu-list", "12345")
    browser.run("document.activeElement.blur()")
    reached = []
    for _ in range(30):
        browser.press("\ue004")
        reached.append(browser.run("return document.activeElement.tagName + ' ' + document.activeElement.textContent.slice(0, 20)"))
        if reached[-1].startswith("MU-LIST"):
            break
    assert "A Timeline" in reached and reached[-1].startswith("MU-LIST"), reached
    browser.press("\ue015")
    browser.press("\ue007")
    browser.wait_text("h1", f"12345 of {site.connector}")
    assert browser.run("return document.activeElement.tagName") == "H1", "the focus goes with the view"
    browser.quiet()


def test_calls_of_the_page_as_curl_lines(site, browser):
    """what was clicked can be done by a program"""
    site.provision()
    browser.open(site.server, f"#/device/{site.connector}/12345")
    browser.click("Lock")
    browser.click("The calls of this page, as curl lines", "footer")
    browser.wait_text("footer", "curl -X PATCH -H 'Content-Type: application/json' -d '{\"locked\":true}'")
    browser.quiet()


def test_no_page(tmp_path):
    """--no-page: nothing at the root, the calls are there"""
    with Server(tmp_path, "--ephemeral", "--no-page") as server:
        assert server.control.request("GET", "/", headers={"Accept": "text/html"}).status == 404
        assert server.control.request("GET", "/_emulator/ui/app.js").status == 404
        assert server.control.request("GET", "/healthz").status == 200
