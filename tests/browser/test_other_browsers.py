"""Firefox and WebKit: the first cutout, a second visit without a network, and without a service worker.

Where a machine has no such browser these tests are skipped and say so.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from tests.browser.other_browsers import KINDS, arrive, cut_out, ready, until, until_kept
from tests.browser.other_origin import OtherOrigin
from tests.browser.visit import default_model
from tools.server import serving

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""The drivers of Firefox and WebKit use modules that Python has deprecated."""


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def start(request) -> Iterator:
    """Starts the browser."""
    running = []

    def begin():
        running.append(request.param())
        return running[-1]

    yield begin
    for browser in running:
        browser.quit()


def test_first_cutout_and_a_second_visit_with_the_server_gone_and_no_other_origin_reached(start, tiny):
    browser = start()
    server = serving(tiny, "/elsewhere/")
    arrive(browser, server.url, default_model(tiny))
    assert until(browser, lambda state: state[0] == "ready" and state[3])[3]
    cut_out(browser, "cat")
    reach_nobody(browser)
    until_kept(browser)
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
