"""Chromium as a person in front of the page: looks, clicks, types, and hears what the console says."""

import os
import pathlib
import shutil

import pytest

from support import page_checks
from support.waiting import PATIENCE_S, wait_until

try:
    from selenium import webdriver
    from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
except ImportError:
    webdriver = None

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
SHOTS = pathlib.Path(os.environ.get("MURANO_BUILD_DIR", ".")) / "page"
WIDE, NARROW = (1280, 900), (360, 740)
ZOOMED = (640, 450)  # a window of WIDE at 200 %
# The one call that is a question: whether this server judges devices.
ASKED = "/_emulator/v1/checks"


def need_browser():
    """Skips loudly where it is not installed; CI sets MURANO_REQUIRE_CLIENTS so that it must be there."""
    if webdriver and CHROMIUM and DRIVER:
        return
    assert not os.environ.get("MURANO_REQUIRE_CLIENTS"), "chromium, chromium-driver or python3-selenium is missing"
    pytest.skip("chromium, chromium-driver or python3-selenium is not installed")


def options(flags=()):
    chosen = Options()
    chosen.binary_location = CHROMIUM
    for flag in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--force-prefers-reduced-motion", *flags):
        chosen.add_argument(flag)
    if os.geteuid() == 0:
        chosen.add_argument("--no-sandbox")  # it refuses to run as root otherwise
    chosen.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return chosen


class Browser:
    """One window. `with Browser() as browser:`"""

    def __init__(self, *flags):
        """`flags`: further ones of Chromium."""
        need_browser()
        self.driver = webdriver.Chrome(service=Service(DRIVER), options=options(flags))
        self.driver.set_page_load_timeout(PATIENCE_S)
        self.driver.set_script_timeout(PATIENCE_S)
        self.site = None
        self.resize(WIDE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    # --- the window ---
    def resize(self, size, scale=1):
        metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": scale, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def dark(self, on):
        feature = {"name": "prefers-color-scheme", "value": "dark" if on else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})

    def open(self, server, address="#/"):
        """A fresh page at this address, live."""
        self.site = server.ready["api"]
        self.driver.get("about:blank")
        self.console()  # of the page before, whose server may be gone
        self.driver.get(f"{self.site}/{address}")
        self.wait_live()

    def go(self, address):
        """Another view of the same page."""
        self.run("location.hash = arguments[0]", address)
        self.wait_live()

    def wait_live(self):
        self.wait_text("#state", "Live")

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    # --- what is to be seen ---
    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css):
        return wait_until(lambda: next(iter(self.all(css)), None), f"an element {css}")

    def text(self, css="main"):
        """As a person reads it; empty where there is no such element."""
        return self.run("return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText).join('\\n')", css)

    def attribute(self, css, name):
        """Of the first one; None: there is none."""
        return self.run("return document.querySelector(arguments[0])?.getAttribute(arguments[1])", css, name)

    def wait_text(self, css, text):
        wait_until(lambda: text in self.text(css), lambda: f"{text!r} in {css}: {self.text(css)[-3000:]!r}")

    def wait_gone(self, css, text):
        wait_until(lambda: text not in self.text(css), lambda: f"{text!r} to leave {css}: {self.text(css)[-3000:]!r}")

    # --- what a person does ---
    def click(self, name, within="body"):
        """The button or link of this name."""

        def clicked():
            for element in self.all(f"{within} button, {within} a, {within} summary"):
                try:
                    if element.is_displayed() and name in (element.accessible_name, element.text):
                        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
                        element.click()
                        return True
                except WebDriverException:
                    continue  # drawn anew meanwhile, or something lies above it for a moment
            return False

        wait_until(clicked, lambda: f"a button or link {name!r} in {within}: {self.text(within)[-2000:]!r}")

    def field(self, label):
        """The input, select or textarea with this label."""

        def found():
            for element in self.all("input, select, textarea"):
                try:
                    if element.accessible_name == label:
                        return element
                except StaleElementReferenceException:
                    continue
            return None

        return wait_until(found, f"a field {label!r}")

    def type(self, label, text, enter=False):
        field = self.field(label)
        field.clear()
        field.send_keys(text)
        if enter:
            field.send_keys(Keys.ENTER)

    def choose(self, label, value):
        self.run(
            "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', {bubbles: true}))",
            self.field(label),
            value,
        )

    def press(self, *keys):
        self.driver.switch_to.active_element.send_keys(*keys)

    # --- what holds for each view ---
    def picture(self, name):
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(SHOTS / f"{name}.png"))

    def show(self, name):
        """A picture of the view in light, in dark, on a telephone and at 200 %; each with names, contrast, a whole layout."""
        looks = (("", False, WIDE, 1), ("-dark", True, WIDE, 1), ("-narrow", False, NARROW, 1), ("-zoomed", False, ZOOMED, 2))
        for suffix, dark, size, scale in looks:
            self.dark(dark)
            self.resize(size, scale)
            self.run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            self.picture(name + suffix)
            problems = self.run(page_checks.SCRIPT)
            assert not problems, f"{name}{suffix}: {problems}"
        self.dark(False)
        self.resize(WIDE)
        self.quiet()

    def console(self):
        """Errors and warnings since the last look."""
        lines = self.driver.get_log("browser")
        return [line["message"] for line in lines if line["level"] in ("SEVERE", "WARNING") and ASKED not in line["message"]]

    def quiet(self):
        said = self.console()
        assert not said, said
