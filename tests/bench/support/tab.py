"""A tab of Chromium: loads the page, and tells what it weighs and how long it keeps its one thread busy."""

import os
import pathlib
import shutil

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

FLAGS = ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900")
WATCH_TASKS = """
window.longest_task_ms = 0;
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) window.longest_task_ms = Math.max(window.longest_task_ms, task.duration);
}).observe({type: 'longtask'});
"""
# Of the document and everything that it asked for, as sent: packed, with heads.
LOADED = """
const files = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .filter((one) => one.initiatorType !== 'fetch');
return [performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null,
        files.reduce((sum, one) => sum + one.transferSize, 0), files.length];
"""


def _children(pid):
    """All below it: each thread has its own."""
    found = [file.read_text().split() for file in pathlib.Path(f"/proc/{pid}/task").glob("*/children")]
    return [each for children in found for child in children for each in (child, *_children(child))]


def _is_renderer(pid):
    return b"--type=renderer" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()


class Tab:
    """`with Tab() as tab:`"""

    def __init__(self):
        options = Options()
        options.binary_location = shutil.which("chromium")
        for flag in (*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])):
            options.add_argument(flag)
        self._service = Service(shutil.which("chromedriver"))
        self._driver = webdriver.Chrome(service=self._service, options=options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._driver.quit()

    def _tell(self, command, **parameters):
        return self._driver.execute_cdp_cmd(command, parameters)

    def load(self, address):
        """With nothing cached: (ms to the first picture, bytes, files)."""
        self._driver.get("about:blank")
        self._tell("Network.clearBrowserCache")
        self._driver.get(address)
        while not (found := self._driver.execute_script(LOADED))[0]:
            pass
        return found

    def watch(self, address):
        """Opens it anew and waits until it is live."""
        self._driver.get("about:blank")
        self._driver.get(address)
        self._driver.execute_script(WATCH_TASKS)
        while "Live" not in self._driver.execute_script("return document.querySelector('#state')?.innerText ?? ''"):
            pass

    def longest_task_ms(self):
        """Since it was last asked; 0: none of 50 ms or more."""
        return self._driver.execute_script("const ms = longest_task_ms; longest_task_ms = 0; return ms")

    def heap_mb(self):
        """What its scripts hold, garbage left out."""
        self._tell("HeapProfiler.collectGarbage")
        self._tell("Performance.enable")
        metrics = {each["name"]: each["value"] for each in self._tell("Performance.getMetrics")["metrics"]}
        return metrics["JSHeapUsedSize"] / 1e6

    def resident_mb(self):
        """Of the process that draws it."""
        largest = 0
        for pid in _children(self._service.process.pid):
            try:
                if _is_renderer(pid):
                    status = pathlib.Path(f"/proc/{pid}/status").read_text()
                    largest = max(largest, int(status.split("VmRSS:")[1].split()[0]) / 1000)
            except FileNotFoundError:
                continue  # it has ended meanwhile
        return largest
