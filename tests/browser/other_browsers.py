"""Firefox and WebKit, each through its own driver, and what a visitor does there."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.visit import PHOTOS

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


class Browser:
    """What both drivers have the same names for."""

    name: str

    def run(self, script: str):
        return self._driver.execute_script(script)

    def run_async(self, script: str):
        return self._driver.execute_async_script(script)

    def choose(self, path: Path) -> None:
        self._driver.find_element("id", "photo").send_keys(str(path))


class Firefox(Browser):
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

    def drag(self, *points: tuple[int, int]) -> None:
        from marionette_driver.marionette import ActionSequence

        hand = ActionSequence(self._driver, "pointer", "hand", {"pointerType": "mouse"})
        hand.pointer_move(*points[0]).pointer_down()
        for point in points[1:]:
            hand.pointer_move(*point, duration=100)
        hand.pointer_up().perform()

    def quit(self) -> None:
        self._driver.quit()


class WebKit(Browser):
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

    def drag(self, *points: tuple[int, int]) -> None:
        from selenium.webdriver.common.actions.action_builder import ActionBuilder
        from selenium.webdriver.common.actions.mouse_button import MouseButton

        hand = ActionBuilder(self._driver, duration=100)
        hand.pointer_action.move_to_location(*points[0]).pointer_down(MouseButton.LEFT)
        for point in points[1:]:
            hand.pointer_action.move_to_location(*point)
        hand.pointer_action.pointer_up(MouseButton.LEFT)
        hand.perform()

    def quit(self) -> None:
        self._driver.quit()
        self._display.terminate()
        self._display.wait()


KINDS = (Firefox, WebKit)


def in_page(browser: Browser, script: str):
    """Evaluate JavaScript as the page's own: drivers run theirs in a world of its own, which sees no properties of the
    page's objects in Firefox."""
    return browser.run(f"return (window.wrappedJSObject ?? window).eval({json.dumps(script)});")


def eventually(question: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Ask until the answer is true. `what` says what never was."""
    end = time.monotonic() + seconds
    while True:
        try:
            if question():
                return
            problem = ""
        except Exception as error:  # the page is just being reloaded
            problem = f": {error}"
        assert time.monotonic() < end, f"never came true: {what}{problem}"
        time.sleep(0.3)


def until(browser: Browser, wanted: Callable[[list], object]) -> list:
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


def remember(browser: Browser, url: str, model: str) -> None:
    """Have a network be chosen before: what comes after the first cutout is tested elsewhere."""
    browser.go(url + "licences.html")
    browser.run(f"localStorage.setItem('offcut-model', '{model}');")


def arrive(browser: Browser, url: str, model: str = "u2netp") -> None:
    """Open the page with a network chosen before."""
    remember(browser, url, model)
    browser.go(url)


def ready(browser: Browser) -> list:
    return until(browser, lambda state: state[0] == "ready")


def cut_out(browser: Browser, name: str) -> None:
    browser.choose(PHOTOS / f"{name}.png")
    assert until(browser, lambda state: state[1] == "done" or state[2])[4] == f"{name}-cutout.png"


def until_kept(browser: Browser) -> None:
    """Wait until the whole runtime is on the device."""
    eventually(lambda: browser.run_async(ALL_KEPT), "the runtime is kept")
