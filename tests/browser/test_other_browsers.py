"""Firefox and WebKit: the first cutout, a second visit without a network, and without a service worker.

Where a machine has no such browser these tests are skipped and say so.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.other_origin import OtherOrigin
from tests.browser.visit import PHOTOS, default_model
from tools.server import serving

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""The drivers of Firefox and WebKit use modules that Python has deprecated."""

PATIENCE = 180
"""Seconds to wait for anything: these browsers share the processor with whatever else is tested."""

MINIBROWSERS = ("lib/*/webkit2gtk-4.1/MiniBrowser", "libexec/webkit2gtk-4.1/MiniBrowser")
"""Below /usr."""

STATE = """return [document.getElementById("status")?.dataset.state, document.body.dataset.state,
    document.getElementById("notice-text")?.textContent, window.crossOriginIsolated === true,
    document.getElementById("save")?.download];"""


ALL_KEPT = """const done = arguments[0]; (async () => {
    const list = await (await fetch(document.baseURI + "files.json")).json();
    const wanted = list.files.filter(({path, optional, packs}) => path.startsWith("vendor/") && !optional && !packs)
        .map(({path}) => path);
    const found = await Promise.all(wanted.map((path) => caches.match(document.baseURI + path)));
    return found.length > 0 && found.every(Boolean);
})().then(done, () => done(false));"""
"""Whether the whole runtime is on the device."""


class Firefox:
    """Through Marionette, which Firefox has built in."""

    name = "firefox"

    def __init__(self) -> None:
        from marionette_driver.marionette import Marionette

        path = shutil.which("firefox-esr") or shutil.which("firefox")
        if not path:
            pytest.skip("this machine has no Firefox")
        # A file of its own: Marionette removes the one it is given before it writes, and would remove /dev/null too.
        self._logs = tempfile.TemporaryDirectory()
        with socket.create_server(("127.0.0.1", 0)) as free:  # its usual port may be that of another test's Firefox
            port = free.getsockname()[1]
        self._driver = Marionette(
            bin=path, port=port, headless=True, gecko_log=str(Path(self._logs.name) / "gecko.log")
        )
        self._driver.start_session()
        self._driver.timeout.script = PATIENCE

    def go(self, url: str) -> None:
        self._driver.navigate(url)

    def run(self, script: str):
        return self._driver.execute_script(script)

    def run_async(self, script: str):
        return self._driver.execute_async_script(script)

    def choose(self, path: Path) -> None:
        from marionette_driver.by import By

        self._driver.find_element(By.ID, "photo").send_keys(str(path))

    def quit(self) -> None:
        self._driver.quit()


class WebKit:
    """Through WebKitWebDriver and the MiniBrowser of WebKitGTK, on a display of its own."""

    name = "webkit"

    def __init__(self) -> None:
        from selenium import webdriver
        from selenium.webdriver.webkitgtk.service import Service

        driver, display = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
        browser = next((str(path) for pattern in MINIBROWSERS for path in Path("/usr").glob(pattern)), None)
        if not (driver and display and browser):
            pytest.skip("this machine has no WebKitGTK with its driver and Xvfb")
        read, write = os.pipe()
        self._display = subprocess.Popen(
            [display, "-displayfd", str(write), "-screen", "0", "1280x900x24"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        options = webdriver.WebKitGTKOptions()
        options.binary_location = browser
        options.add_argument("--automation")
        environment = os.environ | {"DISPLAY": f":{number}", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
        self._driver = webdriver.WebKitGTK(options=options, service=Service(driver, env=environment))
        self._driver.set_script_timeout(PATIENCE)

    def go(self, url: str) -> None:
        self._driver.get(url)

    def run(self, script: str):
        return self._driver.execute_script(script)

    def run_async(self, script: str):
        return self._driver.execute_async_script(script)

    def choose(self, path: Path) -> None:
        self._driver.find_element("id", "photo").send_keys(str(path))

    def quit(self) -> None:
        self._driver.quit()
        self._display.terminate()
        self._display.wait()


@pytest.fixture(params=[Firefox, WebKit], ids=lambda kind: kind.name)
def start(request) -> Iterator:
    """Starts the browser."""
    running = []

    def begin():
        running.append(request.param())
        return running[-1]

    yield begin
    for browser in running:
        browser.quit()


def until(browser, wanted) -> list:
    """Wait until the page's state is as wanted, or it shows a message; gives the state."""
    state = None
    for _ in range(PATIENCE * 2):
        try:
            state = browser.run(STATE)
        except Exception as error:  # the page is just being reloaded
            state = [None, None, str(error), False, None]
        else:
            # Marionette answers null instead of an error when the page goes while the script runs.
            if state and wanted(state):
                return state
        time.sleep(0.5)
    raise AssertionError(f"it never came to that: {state}")


def arrive(browser, url: str, model: str = "u2netp") -> None:
    """Open the page with a network chosen before: what comes after the first cutout is tested elsewhere."""
    browser.go(url + "licences.html")
    browser.run(f"localStorage.setItem('offcut-model', '{model}');")
    browser.go(url)


def ready(browser) -> list:
    return until(browser, lambda state: state[0] == "ready")


def cut_out(browser, name: str) -> None:
    browser.choose(PHOTOS / f"{name}.png")
    assert until(browser, lambda state: state[1] == "done" or state[2])[4] == f"{name}-cutout.png"


def test_first_cutout_and_a_second_visit_with_the_server_gone_and_no_other_origin_reached(start, tiny):
    browser = start()
    server = serving(tiny, "/elsewhere/")
    arrive(browser, server.url, default_model(tiny))
    assert until(browser, lambda state: state[0] == "ready" and state[3])[3]
    cut_out(browser, "cat")
    reach_nobody(browser)
    for _ in range(PATIENCE):
        if browser.run_async(ALL_KEPT):
            break
        time.sleep(1)
    assert browser.run_async(ALL_KEPT)
    server.stop()
    browser.go("about:blank")
    browser.go(server.url)
    ready(browser)
    cut_out(browser, "astronaut")


def reach_nobody(browser) -> None:
    """Try to reach another origin, which the page's policy forbids."""
    with OtherOrigin() as elsewhere:
        browser.run(f"""const there = {elsewhere.url!r};
            fetch(there + "fetch", {{mode: "no-cors"}}).catch(() => {{}});
            new Image().src = there + "image";
            navigator.sendBeacon(there + "beacon", "photo");""")
        for _ in range(100):
            if browser.run("return (window.wrappedJSObject ?? window).offcut.blocked.length;") >= 3:
                break
            time.sleep(0.1)
        assert browser.run("return (window.wrappedJSObject ?? window).offcut.blocked.length;") >= 3
        assert elsewhere.reached == []


@pytest.mark.nightly
def test_without_a_service_worker_on_plain_http(start, built, monkeypatch):
    """At the machine's own address, which unlike localhost is no secure place without https."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))  # sends nothing; the system only chooses the address it would send from
            address = probe.getsockname()[0]
    except OSError:
        pytest.skip("this machine has no address but its own localhost")
    monkeypatch.setattr("tools.server.HOST", address)
    browser = start()
    with serving(built, "/elsewhere/") as server:
        arrive(browser, server.url)
        assert ready(browser)[3] is False
        assert browser.run("return 'serviceWorker' in navigator || 'caches' in window;") is False
        cut_out(browser, "cat")
